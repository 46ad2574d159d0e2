"""JSON Web Tokens of staff and customers: HS256, signed with the sandbox's own secret, ending by its clock."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from hashlib import sha256
from hmac import compare_digest, digest
from typing import Any, Final, Literal, cast

import orjson

from store_credit_mock.sandbox import Sandbox
from store_credit_mock.systems.call import Call

__all__ = [
    "CUSTOMER_LIFE",
    "STAFF_LIFE",
    "Audience",
    "issue",
    "issue_lasting",
    "make_secret",
    "read",
    "sandbox_of",
    "sent",
]

Audience = Literal["store_api", "admin_api"]
STAFF_LIFE: Final = 300
"""Seconds a staff token lives."""
CUSTOMER_LIFE: Final = 3600
"""Seconds a customer's token lives."""

_FAR: Final = 4_102_444_800
"""The first second of the year 2100."""
_SECRET: Final = "spree_v3.jwt_secret"  # noqa: S105 - the name of a setting
_HEAD: Final = b'{"alg":"HS256"}'
_PREFIX: Final = "sandbox_"


def make_secret(call: Call) -> None:
    """Make up what a fresh sandbox signs with.

    One that holds the samples signs alike after a reset, so that the token given to whoever reads them stays good.
    Nobody else can make one: the secret follows from the key that opens everything anyway.
    """
    sandbox = call.sandbox
    secret = sandbox.random_id("jwt-secret", length=64)
    if sandbox.options.samples:
        secret = sha256(f"samples:{sandbox.of_systems['spree_v3_secret_key']}".encode()).hexdigest()
    sandbox.set_setting(_SECRET, secret)


def issue_lasting(sandbox: Sandbox, user_id: int) -> str:
    """Make a customer's token that stays good for years, the same each time."""
    return _token(sandbox, user_id, "store_api", jti="samples", ends=_FAR)


def issue(call: Call, user_id: int, audience: Audience) -> str:
    """Make a token for a customer (`store_api`) or a member of the staff (`admin_api`)."""
    life = STAFF_LIFE if audience == "admin_api" else CUSTOMER_LIFE
    jti = call.sandbox.random_id("jti", length=32)
    return _token(call.sandbox, user_id, audience, jti=jti, ends=call.now // 1000 + life)


def _token(sandbox: Sandbox, user_id: int, audience: Audience, *, jti: str, ends: int) -> str:
    claims = {
        "user_id": user_id,
        "user_type": "admin" if audience == "admin_api" else "customer",
        # Unlike Spree's it leads to the sandbox, where that has a name.
        "jti": sandbox.key_prefix + jti,
        "iss": "spree",
        "aud": audience,
        "exp": ends,
    }
    signed = f"{_encoded(_HEAD)}.{_encoded(orjson.dumps(claims))}"
    return f"{signed}.{_encoded(_signature(sandbox, signed))}"


def sent(call: Call) -> str | None:
    """The bearer of a request: the last word of `Authorization: Bearer ...`."""
    header = call.request.header("authorization") or ""
    return header.split()[-1] if header.startswith("Bearer ") and len(header.split()) > 1 else None


def read(call: Call, token: str | None, audience: Audience) -> int | None:
    """The number of whom a token stands for; None if it is not ours, is for another side, or has ended."""
    if not token:
        return None
    signed, point, signature = token.rpartition(".")
    sent_signature, claims = _decoded(signature), _claims(token)
    if not point or sent_signature is None or not compare_digest(sent_signature, _signature(call.sandbox, signed)):
        return None
    ends, user_id = claims.get("exp"), claims.get("user_id")
    good = claims.get("aud") == audience and isinstance(ends, int) and call.now < ends * 1000
    return user_id if good and isinstance(user_id, int) else None


def sandbox_of(headers: Mapping[bytes, bytes]) -> str | None:
    """The sandbox that a token names; None if by none."""
    header = headers.get(b"authorization")
    if header is None or not header.startswith(b"Bearer ey"):
        return None
    name = str(_claims(header.split()[-1].decode("latin-1")).get("jti"))
    parts = name.removeprefix(_PREFIX).split("_")
    return parts[0] if name.startswith(_PREFIX) and len(parts) == 2 else None


def _claims(token: str | None) -> Mapping[str, Any]:
    """What a token says, whoever signed it; nothing if it cannot be read."""
    parts = (token or "").split(".")
    content = _decoded(parts[1]) if len(parts) == 3 else None
    try:
        claims = None if content is None else orjson.loads(content)
    except orjson.JSONDecodeError:
        return {}
    return cast("Mapping[str, Any]", claims) if isinstance(claims, dict) else {}


def _signature(sandbox: Sandbox, signed: str) -> bytes:
    return digest(str(sandbox.setting(_SECRET)).encode(), signed.encode("utf-8", "replace"), sha256)


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _decoded(text: str) -> bytes | None:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
