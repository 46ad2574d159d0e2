"""Idempotency keys (V47, V51 to V54): the first response is kept and given again."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b
from typing import Any, Final

import orjson

from store_credit_mock.systems.call import Abort, Call, SystemResponse
from store_credit_mock.systems.vinr.errors import error, refuse

__all__ = ["HEADER", "LIFETIME_MS", "once"]

HEADER: Final = "idempotency-key"
LIFETIME_MS: Final = 24 * 3600 * 1000
_SENT: Final = HEADER.encode()
MAXIMUM: Final = 255
_STORED: Final = frozenset({404, 422})

_FIND = "SELECT fingerprint, status, body, at_ms FROM vinr_idempotency WHERE sandbox = ? AND scope = ? AND key = ?"
_STORE = (
    "INSERT INTO vinr_idempotency (sandbox, scope, key, fingerprint, status, body, at_ms) VALUES (?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (sandbox, scope, key) DO UPDATE SET fingerprint = excluded.fingerprint, status = excluded.status,"
    " body = excluded.body, at_ms = excluded.at_ms"
)


def once(call: Call, body: dict[str, Any], handler: Callable[[Call, dict[str, Any]], SystemResponse]) -> SystemResponse:
    """Run a handler unless its response is known already.

    The scope is the account (all test keys are one) and the operation; what must be the same is the path, the query and
    the body as read, so that a form and a JSON body that say the same are the same. Kept are 2xx, 404 and 422.

    Raises:
        Abort: The key is malformed, was used with other content, or its first request still waits.
    """
    sent = call.request.first_headers.get(_SENT)
    if sent is None:
        return handler(call, body)
    key = sent.decode("latin-1")
    if not 1 <= len(key) <= MAXIMUM:
        text = f"Idempotency-Key has 1 to {MAXIMUM} characters, this one has {len(key)}"
        raise refuse("parameter_invalid", text, call.request_id, "Idempotency-Key")
    assert call.operation is not None
    scope = call.operation.id
    if (scope, key) in call.sandbox.in_flight:
        text = "the first request with this Idempotency-Key is still running; send it again in a moment"
        answer = error("idempotency_in_progress", text, call.request_id, headers=(("retry-after", "1"),))
        raise Abort(answer)
    fingerprint = _fingerprint(call, body)
    known = call.db.one(_FIND, (call.sandbox.name, scope, key))
    if known is not None and call.now - known[3] < LIFETIME_MS:
        if known[0] != fingerprint:
            text = "this Idempotency-Key was used with other content; use a new key for a new action"
            raise refuse("idempotency_conflict", text, call.request_id)
        return _replayed(call, known[1], orjson.loads(known[2]))
    try:
        answer = handler(call, body)
    except Abort as refusal:
        # Rules refuse before they write, so there is nothing to take back and the response can be kept.
        if refusal.answer.status not in _STORED:
            raise
        answer = refusal.answer
    if answer.status < 300 or answer.status in _STORED:
        text = answer.bytes().decode()
        call.db.run(_STORE, (call.sandbox.name, scope, key, fingerprint, answer.status, text, call.now))
    return answer


def _replayed(call: Call, status: int, body: Any) -> SystemResponse:
    # A stored refusal names the request it was made for; header and body must name the same one.
    first = body.get("error", {}).get("request_id") if status >= 400 else None
    if first is not None:
        call.request_id = first.removeprefix("req_")
    return SystemResponse(status, body, headers=(("idempotent-replayed", "true"),))


def _fingerprint(call: Call, body: dict[str, Any]) -> str:
    assert call.operation is not None
    parts = (call.operation.method, call.request.path, sorted(call.query_pairs), body)
    return blake2b(orjson.dumps(parts, option=orjson.OPT_SORT_KEYS), digest_size=16).hexdigest()
