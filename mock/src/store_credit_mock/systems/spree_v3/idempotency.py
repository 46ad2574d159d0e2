"""Idempotency keys, with the holes that the real servers have.

A response is kept for 24 hours under the key and a namespace: the API key as sent (whoever holds it), or else who is
signed in, or else the address. Kept is whatever an action or a filter rendered below 500, so a refused scope, a revoked
or an unknown key and a validation too; what an exception answers is not: 404, 409 of a lock, 400, 500. Nothing locks
the key: of two requests that are under way at once both run. 6.0 takes a digest of the secret key or the token, with
the store, and keeps nothing for callers with a publishable key alone (read, not recorded).
"""

from __future__ import annotations

from hashlib import sha256
from typing import Final

import orjson

from store_credit_mock.systems.call import Call, SystemResponse
from store_credit_mock.systems.spree_v3 import api_keys, errors, web_tokens
from store_credit_mock.systems.spree_v3.profiles import profile_of
from store_credit_mock.systems.spree_v3.remote_addresses import remote_address
from store_credit_mock.systems.spree_v3.state import State

__all__ = ["HEADER", "LIFETIME_MS", "REPLAYED", "begin", "keep"]

HEADER: Final = "idempotency-key"
REPLAYED: Final = "idempotent-replayed"
LIFETIME_MS: Final = 24 * 3600 * 1000
MAXIMUM: Final = 255
_READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_FIND: Final = (
    "SELECT fingerprint, status, body, at_ms, ordinal FROM spree_v3_idempotency WHERE sandbox = ? AND key = ?"
)
_KEEP: Final = (
    "INSERT INTO spree_v3_idempotency (sandbox, key, fingerprint, status, body, at_ms, ordinal)"
    " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (sandbox, key) DO UPDATE SET fingerprint = excluded.fingerprint,"
    " status = excluded.status, body = excluded.body, at_ms = excluded.at_ms, ordinal = excluded.ordinal"
)


def begin(call: Call, state: State) -> SystemResponse | None:
    """Look the key of a request up: a refusal of the key, or None; `state.replayed` has what was kept under it."""
    key = call.request.header(HEADER)
    if call.request.method in _READING or key is None or not key.strip():
        return None
    if len(key) > MAXIMUM:
        state.finished = True
        return errors.error("invalid_request", f"Idempotency-Key must be {MAXIMUM} characters or less.")
    namespace = _namespace(call, state)
    if namespace is None:
        return None
    state.idempotency = sha256(f"{sha256(namespace.encode()).hexdigest()}:{key}".encode()).hexdigest()
    request = call.request
    state.fingerprint = sha256(f"{request.method}:{request.path}:".encode() + request.body).hexdigest()
    known = call.db.one(_FIND, (call.sandbox.name, state.idempotency))
    if known is None or call.now - known[3] >= LIFETIME_MS:
        return None
    if request.arrived is not None and known[4] > request.arrived:
        # Its twin was still under way when this request was looked up: nothing was there yet.
        return None
    state.finished = True
    if known[0] != state.fingerprint:
        text = "This Idempotency-Key has already been used with different request parameters."
        return errors.error("idempotency_key_reused", text)
    body = None if known[2] is None else orjson.loads(known[2])
    state.replayed = SystemResponse(known[1], body, headers=((REPLAYED, "true"),))
    return None


def keep(call: Call, state: State, answer: SystemResponse) -> None:
    """Keep a response that an action or a filter rendered."""
    if state.idempotency is None or answer.status >= 500 or state.replayed is not None:
        return
    body = None if answer.body is None else answer.bytes().decode()
    values = (state.fingerprint, answer.status, body, call.now, call.sandbox.ordinal)
    call.db.run(_KEEP, (call.sandbox.name, state.idempotency, *values))


def _namespace(call: Call, state: State) -> str | None:
    """Whose key it is; None keeps nothing."""
    key, bearer = api_keys.sent(call), web_tokens.sent(call)
    if profile_of(call).own_keys:
        secret = key if key is not None and key.startswith(api_keys.SECRET) else None
        owner = secret or bearer or call.request.header("x-spree-token")
        return None if not owner else f"{owner}:{state.store.id}"
    if key is not None:
        return key
    staff = web_tokens.read(call, bearer, "admin_api")
    customer = web_tokens.read(call, bearer, "store_api")
    own = staff if state.action.side == "admin" else customer
    return remote_address(call.request) if own is None else str(own)
