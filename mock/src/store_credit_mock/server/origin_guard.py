"""Keeps web pages away from a mock that runs on a developer's machine.

A page of any site can have a browser send requests to `127.0.0.1`, and with a name of its own that it points there
(DNS rebinding) it can even read the responses. So the `Host` must be one this mock goes by, and `Origin`, which only
browsers add, must be its own wherever that matters: below `/_mock/` always, elsewhere on every method that may change
something. Clients that are not browsers send no `Origin` and notice nothing.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from typing import Final

import orjson

from store_credit_mock.control.sessions import PAGE, own_origin
from store_credit_mock.http import Request, Response

__all__ = ["CONTROL", "OriginGuard"]

CONTROL: Final = "/_mock/"
"""What is never open to another origin, whatever the options say."""

_HOST: Final = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:[0-9]{1,5})?", re.IGNORECASE)
_ORIGIN: Final = re.compile(r"https?://[^/?#\s@]+", re.IGNORECASE)
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class OriginGuard:
    """Says which requests a mock refuses because a web page may have sent them.

    Args:
        host: The address or name it listens on. Loopback is always taken as well. Where it listens on every address, so
            is each address, and each name without a dot (a container's): nobody can make such a name lead here.
        allow_hosts: Further names it goes by, without a port.
        allow_origins: Origins of pages that may use the mocked systems, such as `http://localhost:3000`, or `null`.
            They get CORS headers. The control plane stays closed to them.

    Raises:
        ValueError: One of them is not a host, or no origin.
    """

    def __init__(
        self, host: str = "127.0.0.1", *, allow_hosts: Iterable[str] = (), allow_origins: Iterable[str] = ()
    ) -> None:
        self._host = host.lower()
        self._anywhere = host in {"", "0.0.0.0", "::"}  # noqa: S104 - recognised, not bound
        self._hosts = frozenset(_host(name) for name in allow_hosts)
        self._origins = frozenset(_origin(origin) for origin in allow_origins)

    def refusal(self, request: Request) -> Response | None:
        """The 403 a request gets; None if it may go on."""
        sent = request.first_headers.get(b"host")
        if sent is not None and not self._ours(text := sent.decode("latin-1")):
            return _refused(
                f"this mock does not go by the name {text[:200]!r}; if it should, start it with --allow-host and that"
                " name"
            )
        control = request.path.startswith(CONTROL)
        if control:
            if own_origin(request) is False and not _opens_the_page(request):
                return _refused("the control plane takes no requests of pages of another origin")
        elif request.method not in _SAFE and not self._open_to(request):
            return _refused(
                f"pages of {(request.header('origin') or '')[:200]!r} may not use this mock; if they should, start it"
                " with --allow-origin and that origin"
            )
        return None

    def allowed_origin(self, request: Request) -> str | None:
        """The foreign origin that was allowed to use the mocked systems, if this request comes from one."""
        origin = request.header("origin")
        foreign = origin is not None and not request.path.startswith(CONTROL) and origin.lower() in self._origins
        return origin if foreign else None

    def _open_to(self, request: Request) -> bool:
        origin = request.header("origin")
        return origin is None or origin.lower() in self._origins or own_origin(request) is True

    def _ours(self, sent: str) -> bool:
        fit = _HOST.fullmatch(sent)
        if fit is None:
            return False
        name = fit[1].lower().rstrip(".")
        if name in self._hosts or name in {self._host, "localhost", "127.0.0.1"} or name.endswith(".localhost"):
            return True
        try:
            address = ipaddress.ip_address(name.strip("[]"))
        except ValueError:
            return self._anywhere and "." not in name
        return self._anywhere or address.is_loopback or str(address) == self._host


def _opens_the_page(request: Request) -> bool:
    """Whether somebody follows a link to the inspector; its cookie is not sent along, so that it shows nothing."""
    fits = request.method == "GET" and request.path == PAGE and request.header("origin") is None
    return fits and request.header("sec-fetch-mode") == "navigate"


def _host(name: str) -> str:
    fit = _HOST.fullmatch(name)
    if fit is None or fit[2]:
        raise ValueError(f"{name[:200]!r} is not a valid host; use a name or an address without a port")
    return name.lower().rstrip(".")


def _origin(origin: str) -> str:
    if origin != "null" and _ORIGIN.fullmatch(origin) is None:
        raise ValueError(f"{origin[:200]!r} is not a valid origin; use one like http://localhost:3000")
    return origin.lower()


def _refused(text: str) -> Response:
    headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
    return Response(403, headers, orjson.dumps({"error": text}))
