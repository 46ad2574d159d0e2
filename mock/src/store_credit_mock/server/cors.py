"""Lets pages of allowed origins use the mocked systems, and tells a developer of the others what to do (CORS)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from copy import copy
from typing import Final

from store_credit_mock.http import Header, Request, Response

__all__ = ["ORIGIN", "AllowedOrigins", "is_preflight", "readable_by"]

ORIGIN: Final = re.compile(r"https?://(?:\[[0-9a-f:.]+\]|[a-z0-9._-]{1,255})(?::[0-9]{1,5})?", re.IGNORECASE)
_PATTERN: Final = re.compile(
    r"(https?://)((?:\*\.)?(?:\[[0-9a-f:.]+\]|[a-z0-9_-]+(?:\.[a-z0-9_-]+)*))(:(?:[0-9]{1,5}|\*))?", re.IGNORECASE
)
_METHODS: Final = b"GET, POST, PUT, PATCH, DELETE"
_VARY: Final = (b"vary", b"Origin")


class AllowedOrigins:
    """Origins of pages that may use the mocked systems.

    Args:
        allowed: Origins such as `http://localhost:3000`, or `null`; in the place of a port `*` stands for any port and
            for none (`http://localhost:*`), as the first label for every name below (`https://*.shop.test`).

    Raises:
        ValueError: One of them is neither an origin nor a pattern of origins.
    """

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        allowed = [origin.lower() for origin in allowed]
        self._exact = frozenset(origin for origin in allowed if "*" not in origin)
        for origin in self._exact:
            if origin != "null" and ORIGIN.fullmatch(origin) is None:
                raise _invalid(origin)
        self._patterns = [_compiled(origin) for origin in allowed if "*" in origin]
        self._any = bool(allowed)

    def __bool__(self) -> bool:
        return self._any

    def __contains__(self, origin: object) -> bool:
        if not isinstance(origin, str):
            return False
        lower = origin.lower()
        return lower in self._exact or any(pattern.fullmatch(lower) for pattern in self._patterns)

    def preflight(self, request: Request, origin: str) -> Response:
        """What a browser is told that asks whether a page of an allowed origin may send a request."""
        headers = [*_open_to(origin), (b"access-control-allow-methods", _METHODS)]
        asked = request.header("access-control-request-headers")
        if asked is not None:
            headers.append((b"access-control-allow-headers", asked.encode("latin-1")))
        if request.header("access-control-request-private-network") == "true":
            headers.append((b"access-control-allow-private-network", b"true"))
        return Response(204, headers, b"")

    def share(self, response: Response, origin: str | None) -> Response:
        """A response as a page of an allowed origin may read it, with all of its headers.

        Args:
            response: What is answered, errors too.
            origin: The origin of the page, if it is an allowed one.
        """
        if origin is None:
            # A cache must not give a page what was answered to a request without an origin.
            return _with(response, _VARY)
        # A `*` would name no header where credentials are sent.
        names = dict.fromkeys([*(name for name, _ in response.headers), b"date"])
        return _with(response, *_open_to(origin), (b"access-control-expose-headers", b", ".join(names)))


def is_preflight(request: Request) -> bool:
    """Whether a browser asks with this if a page may send another request."""
    return request.method == "OPTIONS" and request.header("access-control-request-method") is not None


def readable_by(response: Response, origin: str) -> Response:
    """A refusal that the refused page may read, so that a developer sees it in the browser: it holds nothing else."""
    return _with(response, (b"access-control-allow-origin", origin.encode("latin-1")), _VARY)


def _open_to(origin: str) -> list[Header]:
    headers = [(b"access-control-allow-origin", origin.encode("latin-1")), _VARY]
    # Any page can make itself the origin `null`, by a sandboxed frame.
    return headers if origin == "null" else [*headers, (b"access-control-allow-credentials", b"true")]


def _with(response: Response, *headers: Header) -> Response:
    # The exchange keeps the other one.
    shared = copy(response)
    shared.headers = [*response.headers, *headers]
    return shared


def _compiled(origin: str) -> re.Pattern[str]:
    fit = _PATTERN.fullmatch(origin)
    if fit is None:
        raise _invalid(origin)
    scheme, host, port = fit.groups()
    below = r"(?:[a-z0-9_-]+\.)+" if host.startswith("*.") else ""
    ending = r"(?::[0-9]{1,5})?" if port == ":*" else re.escape(port or "")
    return re.compile(re.escape(scheme) + below + re.escape(host.removeprefix("*.")) + ending)


def _invalid(origin: str) -> ValueError:
    return ValueError(
        f"{origin[:200]!r} is not a valid origin; use one like http://localhost:3000, http://localhost:* or"
        " https://*.shop.test"
    )
