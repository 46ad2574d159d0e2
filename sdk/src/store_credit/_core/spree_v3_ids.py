"""Ids of Spree's API v3: a prefix for each kind of record, then Sqids of the database number.

The encoder is Sqids with its default alphabet and at least ten characters, the same on every installation and version
that ran (contract/spree-v3.md section 2, recorded), so that a number of API v2 becomes an id without asking a server.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Final

from store_credit._core.errors import InvalidArgumentError, kind_of
from store_credit._core.spree_v3_versions import FAMILIES, version_label

__all__ = ["spree_id"]

_LENGTH: Final = 10
_LARGEST: Final = 2**63 - 1
"""A database's numbers end here."""

_PREFIXES: Final[Mapping[str, str | Mapping[str, str]]] = {
    "api_key": "key_",
    "cart": "cart_",
    "category": "sccat_",
    "customer": {"5.x": "cus_", "6.x": "cust_"},
    "event": "scevt_",
    "gift_card": "gc_",
    "order": "or_",
    "payment": "py_",
    "payment_method": "pm_",
    "product": "prod_",
    "refund": "re_",
    "role": "role_",
    "staff": {"5.x": "admin_", "6.x": "adm_"},
    "store": "store_",
    "store_credit": "credit_",
    "variant": "variant_",
    "webhook_delivery": "whd_",
    "webhook_endpoint": "whe_",
}
"""By kind; where versions differ, by their family."""

_ALSO: Final[Mapping[str, str]] = {
    "admin": "staff",
    "credit": "store_credit",
    "store_credit_category": "category",
    "store_credit_event": "event",
    "user": "customer",
}
"""Other names for a kind, as API v2 and the document have them."""


def spree_id(kind: str, number: int | str, *, server: str | None = None) -> str:
    """Convert a database number, as Spree's API v2 shows it, to an id of its API v3, without asking the server.

    `spree_id("customer", 42, server="5.6")` is `cus_JgaEBgznCp`, on a server of version 6.0 `cust_JgaEBgznCp`.

    Args:
        kind: What the number belongs to: `customer`, `store_credit`, `order`, `cart`, `payment`, `category`, `event`,
            `staff`, `variant`, `product`, `gift_card`, `refund`, `store`, `payment_method`, `role`, `api_key`,
            `webhook_endpoint` or `webhook_delivery`.
        number: The number, 1 or more; also as a str, as in the documents of v2.
        server: The version of the server, such as `5.6`. Needed only for `customer` and `staff`, whose prefixes differ
            between versions.

    Raises:
        InvalidArgumentError: There is no such kind, the number is not valid, or the version is needed but not given.
        ConfigurationError: `server` is not a known version.
    """
    prefix = _prefix(kind, server)
    # Imported here: few programs convert ids.
    from sqids import Sqids

    return prefix + Sqids(min_length=_LENGTH).encode([_number(number)])


def _prefix(kind: str, server: str | None) -> str:
    name = _ALSO.get(kind, kind)
    found = _PREFIXES.get(name)
    if found is None:
        near = difflib.get_close_matches(str(kind), [*_PREFIXES, *_ALSO], 1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise InvalidArgumentError(f"kind is {kind!r}; pass one of {', '.join(_PREFIXES)}{hint}")
    label = None if server is None else version_label(server)
    if isinstance(found, str):
        return found
    if label is None:
        both = " and ".join(f"{prefix!r} on Spree {family}" for family, prefix in found.items())
        raise InvalidArgumentError(f"the prefix of a {name} is {both}; pass server=, for example server='5.6'")
    return next(found[family] for family, versions in FAMILIES.items() if label in versions)


def _number(value: int | str) -> int:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        shown = repr(value[:80]) if isinstance(value, str) else kind_of(value)
        raise InvalidArgumentError(f"number is {shown}; pass the database number, such as 42")
    if not 0 < value <= _LARGEST:
        shown = value if value.bit_length() < 100 else "an int of many digits"
        raise InvalidArgumentError(f"number is {shown}; pass the record's database id, from 1 to {_LARGEST}")
    return value
