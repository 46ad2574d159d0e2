"""Keeps web pages away from a mock that runs on a developer's machine.

A page of any site can have a browser send requests to `127.0.0.1`, and with a name of its own that it points there
(DNS rebinding) it can even read the responses. So the `Host` must be one this mock goes by, and `Origin`, which only
browsers add, must be its own wherever that matters: below `/_mock/` always, elsewhere on every method that may change
something. Clients that are not browsers send no `Origin` and notice nothing.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final

import orjson

from store_credit_mock.control.sessions import PAGE, own_origin
from store_credit_mock.host_names import HostNames, host_of
from store_credit_mock.http import Request, Response
from store_credit_mock.server.cors import ORIGIN, AllowedOrigins, is_preflight, readable_by

__all__ = ["CONTROL", "OriginGuard"]

CONTROL: Final = "/_mock/"
"""What is never open to another origin, whatever the options say."""
TOLD: Final = 100
"""How many refused origins are told of, each once; a page could make up more of them without end."""

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class OriginGuard:
    """Says which requests a mock refuses because a web page may have sent them.

    Args:
        host: The address or name it listens on. Where it listens on every address, each address is taken, and each name
            without a dot (a container's): nobody can make such a name lead here.
        allow_hosts: Further names it goes by, see `HostNames`.
        allow_origins: Origins of pages that may use the mocked systems, see `AllowedOrigins`. They get CORS headers.
            The control plane stays closed to them.
        tell: Gets one line for each origin whose pages could not use the mock.

    Raises:
        ValueError: One of them is not a host, or no origin.
    """

    def __init__(
        self,
        host: str = "127.0.0.1",
        *,
        allow_hosts: Iterable[str] = (),
        allow_origins: Iterable[str] = (),
        tell: Callable[[str], None] | None = None,
    ) -> None:
        self._host = host.lower()
        self._anywhere = host in {"", "0.0.0.0", "::"}  # noqa: S104 - recognised, not bound
        self._names = HostNames(allow_hosts)
        # A client sends the same Host with every request.
        self._ours = lru_cache(maxsize=128)(self._is_ours)
        self.origins = AllowedOrigins(allow_origins)
        self._tell = tell
        self._told: set[str] = set()

    def refusal(self, request: Request) -> Response | None:
        """The 403 a request gets; None if it may go on."""
        sent = request.first_headers.get(b"host")
        if sent is not None and not self._ours(text := sent.decode("latin-1")):
            return _refused(
                f"this mock does not have the host name {text[:200]!r}; to allow this name, start the mock with "
                "--allow-host"
            )
        if request.path.startswith(CONTROL):
            if own_origin(request) is False and not _opens_the_page(request):
                return _refused("the control plane accepts no requests from pages of another origin")
            return None
        origin = request.header("origin")
        if origin is None or origin in self.origins or own_origin(request) is True:
            return None
        self._note(origin)
        if request.method in _SAFE and not is_preflight(request):
            return None
        text = (
            f"pages from {origin[:200]!r} may not use this mock; to allow this origin, start the mock with "
            "--allow-origin"
        )
        return readable_by(_refused(text), origin)

    def allowed_origin(self, request: Request) -> str | None:
        """The foreign origin that was allowed to use the mocked systems, if this request comes from one."""
        origin = request.header("origin")
        foreign = origin is not None and not request.path.startswith(CONTROL) and origin in self.origins
        return origin if foreign else None

    def _note(self, origin: str) -> None:
        start = origin[:200]
        if self._tell is None or start in self._told or len(self._told) >= TOLD:
            return
        self._told.add(start)
        shown = origin if origin == "null" or ORIGIN.fullmatch(origin) else repr(start)
        self._tell(f"a page from {shown} cannot use this mock; to allow it, start the mock with --allow-origin {shown}")

    def _is_ours(self, sent: str) -> bool:
        name = host_of(sent)
        if not name:
            return False
        if name in self._names or name == self._host:
            return True
        try:
            address = ipaddress.ip_address(name)
        except ValueError:
            return self._anywhere and "." not in name
        return self._anywhere or str(address) == self._host


def _opens_the_page(request: Request) -> bool:
    """Whether somebody follows a link to the inspector; its cookie is not sent along, so that it shows nothing."""
    fits = request.method == "GET" and request.path == PAGE and request.header("origin") is None
    return fits and request.header("sec-fetch-mode") == "navigate"


def _refused(text: str) -> Response:
    headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
    return Response(403, headers, orjson.dumps({"error": text}))
