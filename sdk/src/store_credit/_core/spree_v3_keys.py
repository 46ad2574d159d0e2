"""Idempotency keys of Spree's API v3, as they are sent, and whose they are.

The server keeps a key's response under the key header of the API, else the user, else the address. All shoppers of one
publishable key share theirs, so that one would be given another's cart (contract/spree-v3.md section 7, recorded): on
the Store API a caller's own key is mixed with the token that it goes with.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from hashlib import sha256
from typing import Any, Final, cast
from urllib.parse import unquote

from store_credit._core.call_options import FreshKey
from store_credit._core.credentials import Secret
from store_credit._core.errors import InvalidArgumentError
from store_credit._core.operation import Call
from store_credit._core.options import as_read

__all__ = ["account", "is_shared", "key_on_wire"]

_SHARED: Final = "/api/v3/store/"
_TOKENS: Final = ("authorization", "x-spree-token")
_PASSING: Final = frozenset({"exp", "iat", "nbf", "jti"})
"""Claims of a token that change each time it is renewed."""


def is_shared(route: str) -> bool:
    """Whether a path is of the API where all shoppers of a publishable key share their keys."""
    return unquote(route).startswith(_SHARED)


def key_on_wire(call: Call, headers: list[tuple[bytes, bytes]]) -> str:
    """Write an attempt's key, given all of its headers.

    Raises:
        InvalidArgumentError: It is the caller's own, and goes with no token.
    """
    assert call.key is not None
    key = str(call.key)
    if isinstance(call.key, FreshKey):
        return key
    if call.refusals:
        # Derived and not made anew: whoever repeats the action under the same key comes to the same.
        key = sha256(f"{key}\0{call.refusals}".encode()).hexdigest()
    if not is_shared(call.operation.route):
        return key
    read = [(as_read(name.decode()), value.removeprefix(b"Bearer ")) for name, value in headers]
    tokens = [value for name in _TOKENS for header, value in read if header == name]
    if not tokens:
        raise InvalidArgumentError(
            f"{call.operation.id} was called with an idempotency_key but without a customer token or cart token: all "
            "shoppers who use one publishable key share their idempotency keys, so one shopper could receive the "
            "response to another shopper's request. Leave out idempotency_key"
        )
    return sha256(b"\0".join([key.encode(), *tokens])).hexdigest()


def account(secret: Secret) -> str:
    """What tells the accounts of credentials apart: for a token its user, however often it is renewed."""
    return sha256("\0".join(sorted(map(_holder, secret.parts))).encode()).hexdigest()[:16]


def _holder(credential: str) -> str:
    """Who a token is of, without what passes; any other credential stands for itself."""
    parts = credential.split(".")
    if len(parts) != 3:
        return credential
    try:
        claims: Any = json.loads(urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except ValueError:
        return credential
    if not isinstance(claims, dict):
        return credential
    lasting = {name: one for name, one in cast("dict[str, Any]", claims).items() if name not in _PASSING}
    return json.dumps(lasting, sort_keys=True) if lasting else credential
