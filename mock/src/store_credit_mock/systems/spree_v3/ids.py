"""Ids of records: a prefix for the kind of record, and the number of its row as Sqids writes it.

The alphabet is the library's own on every server that was recorded, so the row 1 is `UkLWZg9DAJ` in every table, and
numbers of API v2 become ids of v3 without asking anybody.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final

from sqids import Sqids

from store_credit_mock.systems.call import Call
from store_credit_mock.systems.spree_v3.profiles import Profile, profile_of

__all__ = ["PREFIXES", "decoded", "encode", "number", "number_of", "prefix_of", "shown"]

PREFIXES: Final = {
    "address": "addr",
    "api_key": "key",
    "cart": "cart",
    "category": "sccat",
    "channel": "ch",
    "credit": "credit",
    "delivery": "whd",
    "delivery_rate": "dr",
    "endpoint": "whe",
    "event": "scevt",
    "fulfillment": "ful",
    "gift_card": "gc",
    "line_item": "li",
    "order": "or",
    "payment": "py",
    "payment_method": "pm",
    "product": "prod",
    "refund": "re",
    "role": "role",
    "store": "store",
    "variant": "variant",
}
"""By kind of record; those of customers and staff are the version's."""

_SQIDS: Final = Sqids(min_length=10)
_ID: Final = re.compile(r"[a-z]+_[a-zA-Z0-9]+")
_LARGEST: Final = 2**63 - 1
_LONGEST: Final = 30
"""Letters; the largest number there is has fewer."""


def prefix_of(profile: Profile, kind: str) -> str:
    """The prefix of a kind of record: one of `PREFIXES`, `customer` or `staff`."""
    if kind == "customer":
        return profile.customer_prefix
    return profile.staff_prefix if kind == "staff" else PREFIXES[kind]


@lru_cache(maxsize=65536)
def encode(number: int) -> str:
    """The number of a row as Sqids writes it: `UkLWZg9DAJ` for 1."""
    return _SQIDS.encode([number])


def shown(call: Call, kind: str, number: int | None) -> str | None:
    """The id of a record; None stays None."""
    return None if number is None else f"{prefix_of(profile_of(call), kind)}_{encode(number)}"


def number(text: str) -> int | None:
    """The number behind any prefix; None where there is none. Letters that encode no number decode to nothing."""
    _, underscore, letters = text.partition("_")
    good = underscore and letters.isascii() and letters.isalnum() and len(letters) <= _LONGEST
    return _decoded(letters) if good else None


@lru_cache(maxsize=65536)
def _decoded(letters: str) -> int | None:
    numbers = _SQIDS.decode(letters)
    return numbers[0] if numbers and numbers[0] <= _LARGEST else None


def number_of(call: Call, kind: str, text: str) -> int | None:
    """The number of the record that an id in a path names; None for an id that names none.

    5.x passes the prefix over, so that `credit_UkLWZg9DAJ` finds customer 1 (recorded:
    v3.admin.store_credits.create_wrong_prefix).
    """
    profile = profile_of(call)
    if profile.checks_prefixes and not text.startswith(prefix_of(profile, kind) + "_"):
        return None
    return number(text)


def decoded(value: Any) -> Any:
    """A value of a filter on ids: the number of one that has a prefix, anything else as it is."""
    if isinstance(value, str) and _ID.fullmatch(value):
        found = number(value)
        return value if found is None else found
    return value
