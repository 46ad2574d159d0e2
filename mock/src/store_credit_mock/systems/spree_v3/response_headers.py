"""What v3's responses carry besides their body: request id, caching, security and limits.

Which of them are there tells how far a request got. An action sets them all; what a filter refused or an exception
answered has Rails' own defaults; Rails' own bodies have next to none.
"""

from __future__ import annotations

import re
from hashlib import md5
from typing import Final

from store_credit_mock.http import Header
from store_credit_mock.systems.call import Call, SystemResponse
from store_credit_mock.systems.spree_v3 import rate_limiting
from store_credit_mock.systems.spree_v3.errors import BARE, RAILS
from store_credit_mock.systems.spree_v3.state import State

__all__ = ["finish"]

_REQUEST_ID: Final = re.compile(r"[^\w\-@]", re.ASCII)
_RUNTIME: Final[Header] = (b"x-runtime", b"0.010000")
_SECURITY: Final[tuple[Header, ...]] = (
    (b"x-xss-protection", b"0"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-permitted-cross-domain-policies", b"none"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
)
_FINISHED: Final[tuple[Header, ...]] = (
    (b"x-frame-options", b"DENY"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
    *_SECURITY,
)
_STOPPED: Final[tuple[Header, ...]] = ((b"x-frame-options", b"SAMEORIGIN"), *_SECURITY)
_CACHED: Final = b"max-age=0, private, must-revalidate"
_UNCACHED: Final = b"no-cache"
_NOT_STORED: Final = b"private, no-store"


def finish(call: Call, answer: SystemResponse) -> None:
    """Add the headers; a GET whose ETag is known already is answered 304."""
    request = call.request
    state = call.extra if isinstance(call.extra, State) else None
    if answer.media_type != BARE:
        answer.raw += ((b"x-request-id", _request_id(call)), _RUNTIME)
        if answer.media_type != RAILS:
            _of_controller(call, answer, state)
    if request.method == "HEAD" and answer.body is not None:
        answer.body = b""


def _of_controller(call: Call, answer: SystemResponse, state: State | None) -> None:
    finished = state is not None and state.finished
    answer.raw += _FINISHED if finished else _STOPPED
    if state is not None and finished:
        answer.headers += rate_limiting.headers(call, state)
    tag = None
    if answer.status in {200, 201} and answer.body is not None:
        tag = f'W/"{answer.digest()}"'
        answer.raw.append((b"etag", tag.encode()))
    own = any(name == "cache-control" for name, _ in answer.headers)
    if not own:
        answer.raw.append((b"cache-control", _caching(state, tag)))
    reading = call.request.method in {"GET", "HEAD"}
    if tag is not None and reading and _matches(call.request.header("if-none-match"), tag):
        answer.status, answer.body = 304, None


def _caching(state: State | None, tag: str | None) -> bytes:
    acted = state is not None and state.finished and state.acted
    if acted and state is not None and state.action.side == "admin":
        return _NOT_STORED
    return _UNCACHED if tag is None else _CACHED


def _request_id(call: Call) -> bytes:
    sent = call.request.header("x-request-id")
    wanted = _REQUEST_ID.sub("", sent)[:255] if sent else ""
    if wanted:
        return wanted.encode()
    long = md5(call.request_id.encode(), usedforsecurity=False).hexdigest()
    return f"{long[:8]}-{long[8:12]}-4{long[13:16]}-8{long[17:20]}-{long[20:]}".encode()


def _matches(header: str | None, tag: str) -> bool:
    if header is None:
        return False
    return header.strip() == "*" or tag in {part.strip() for part in header.split(",")}
