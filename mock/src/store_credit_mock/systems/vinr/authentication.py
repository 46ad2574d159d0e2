"""Who calls VINR (V1, V58): any `sk_test_` key opens everything, an `rk_test_` key what it was given."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from store_credit_mock.http import Request
from store_credit_mock.systems.call import Call, SystemResponse
from store_credit_mock.systems.vinr.errors import error
from store_credit_mock.systems.vinr.rate_limiting import Bucket

__all__ = ["READ", "WRITE", "Caller", "caller", "keep_key", "sandbox_of"]

READ: Final = "store_credit:read"
WRITE: Final = "store_credit:write"
_FULL: Final = frozenset({READ, WRITE})
_NAMED: Final = re.compile(rb"(?:bearer\s+)?[rs]k_test_sandbox_([^_]+)_.+", re.IGNORECASE)
_READ_ONLY: Final = frozenset({READ})


class Caller:
    """The key a request came with, and what it may do."""

    __slots__ = ("bucket", "key", "scopes")

    def __init__(self, key: str, scopes: frozenset[str]) -> None:
        self.key = key
        self.scopes = scopes
        self.bucket: Bucket

    def __repr__(self) -> str:
        return f"<Caller {self.key[:8]}..., {', '.join(sorted(self.scopes))}>"


def caller(call: Call) -> Caller | SystemResponse:
    """Say who is calling, or why not: the answer 401."""
    key = _sent(call.request)
    if key is None:
        text = "no API key was sent: send X-Api-Key, or Authorization: Bearer"
        return error("invalid_api_key", text, call.request_id)
    known = None
    if call.sandbox.setting("vinr.keys"):
        known = call.db.one(
            "SELECT scopes, expires_ms, revoked FROM vinr_key WHERE sandbox = ? AND key = ?", (call.sandbox.name, key)
        )
    if known is not None:
        if known[2]:
            return error("invalid_api_key", "this API key was revoked", call.request_id)
        if known[1] is not None and call.now >= known[1]:
            return error("expired_api_key", "this API key has expired", call.request_id)
        return Caller(key, frozenset(known[0].split()))
    if key.startswith("sk_test_") and len(key) > len("sk_test_"):
        return Caller(key, _FULL)
    if key.startswith("rk_test_") and len(key) > len("rk_test_"):
        # A restricted key nobody described may read; the control plane gives it more or less.
        return Caller(key, _READ_ONLY)
    return error("invalid_api_key", f"this API key {_why(key)}", call.request_id)


def keep_key(call: Call, key: str, scopes: Iterable[str], expires_ms: int | None, *, revoked: bool) -> None:
    """Say what a key may do, and until when, in Unix milliseconds."""
    call.db.run(
        "INSERT INTO vinr_key (sandbox, key, scopes, expires_ms, revoked) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (sandbox, key) DO UPDATE SET scopes = excluded.scopes, expires_ms = excluded.expires_ms,"
        " revoked = excluded.revoked",
        (call.sandbox.name, key, " ".join(scopes), expires_ms, int(revoked)),
    )
    call.sandbox.set_setting("vinr.keys", True)


def sandbox_of(headers: Mapping[bytes, bytes]) -> str | None:
    """The sandbox that a key names: `sk_test_sandbox_NAME_...`, up to the next underscore."""
    sent = headers.get(b"x-api-key") or headers.get(b"authorization")
    if sent is None or b"k_test_sandbox_" not in sent:
        return None
    found = _NAMED.fullmatch(sent.strip())
    return None if found is None else found[1].decode("latin-1")


def _sent(request: Request) -> str | None:
    sent = request.first_headers.get(b"x-api-key")
    if sent is not None:
        return sent.decode("latin-1").strip() or None
    scheme, _, token = (request.header("authorization") or "").strip().partition(" ")
    return (token.strip() or None) if scheme.lower() == "bearer" else None


def _why(key: str) -> str:
    if key.startswith(("sk_live_", "rk_live_")):
        return "is a live key, and this is a sandbox: use one that begins with sk_test_ or rk_test_"
    if key.startswith("pk_"):
        return "is a publishable key: use a secret one, on a server"
    return "is not valid: any key that begins with sk_test_ opens this sandbox"
