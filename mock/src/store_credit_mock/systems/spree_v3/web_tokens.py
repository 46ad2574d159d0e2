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

__all__ = ["CUSTOMER_LIFE", "STAFF_LIFE", "Audience", "issue", "make_secret", "read", "sandbox_of", "sent"]

Audience = Literal["store_api", "admin_api"]
STAFF_LIFE: Final = 300
"""Seconds a staff token lives."""
CUSTOMER_LIFE: Final = 3600
"""Seconds a customer's token lives."""

_SECRET: Final = "spree_v3.jwt_secret"  # noqa: S105 - the name of a setting
_HEAD: Final = b'{"alg":"HS256"}'
_PREFIX: Final = "sandbox_"


def make_secret(call: Call) -> None:
    """Make up what a fresh sandbox signs with."""
    call.sandbox.set_setting(_SECRET, call.sandbox.random_id("jwt-secret", length=64))


def issue(call: Call, user_id: int, audience: Audience) -> str:
    """Make a token for a customer (`store_api`) or a member of the staff (`admin_api`)."""
    staff = audience == "admin_api"
    claims = {
        "user_id": user_id,
        "user_type": "admin" if staff else "customer",
        # Unlike Spree's it leads to the sandbox, where that has a name.
        "jti": call.sandbox.key_prefix + call.sandbox.random_id("jti", length=32),
        "iss": "spree",
        "aud": audience,
        "exp": call.now // 1000 + (STAFF_LIFE if staff else CUSTOMER_LIFE),
    }
    signed = f"{_encoded(_HEAD)}.{_encoded(orjson.dumps(claims))}"
    return f"{signed}.{_encoded(_signature(call.sandbox, signed))}"


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
