"""The only way to a server: reads pass, a write only where one was announced, and each announcement is good for one.

Planning, settling and audits must not be able to change anything, whatever mistake is made in them. So it is not left
to them: the HTTP client that is given to the SDK refuses every other request before a byte leaves. It also tells, of
the announced write, whether any byte can have left at all, which is what decides between "not sent" and "unknown".
"""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any, Final
from urllib.request import getproxies

import attrs

from store_credit import default_http_client
from store_credit_jobs.systems.clock import Clock

__all__ = ["Http", "UnannouncedWriteError", "Write", "number", "retry_after", "server_time"]

_READS: Final = frozenset({"GET", "HEAD"})
_NOTHING_SENT: Final = frozenset({"ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError"})
"""Errors of httpx and httpx2 that come before the first byte of a request."""
_SECONDS: Final = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")
_NUMBER: Final = re.compile(r"[0-9]{1,9}")


class UnannouncedWriteError(AssertionError):
    """This package is about to send a write where only reads are allowed: a mistake in it. Nothing was sent."""


@attrs.define(slots=True, eq=False)
class Write:
    """One write that was announced, and what became of it on the wire.

    Attributes:
        left: Whether a byte of it may have left.
        tried: Whether it was handed to the HTTP library.
        status: The status of the response, or None where none came.
        headers: The response's headers by their names in lower case.
    """

    left: bool = False
    tried: bool = False
    status: int | None = None
    headers: Mapping[str, str] = attrs.field(factory=dict[str, str])


class Http:
    """The HTTP client of one account, to be given to the SDK as `http_client`.

    Args:
        url: The server's base URL.
        client: A client of httpx or httpx2 that is to send the requests, which its owner closes; None for one that goes
            straight to the library's transport, or through the proxies of the environment.
        clock: What the time is.
        connections: Most connections at one time.

    Attributes:
        client: What the SDK is given.
        clock: What the time is.
        wrote: When this process last sent a write, by the clock's monotonic seconds; None where it has sent none.
    """

    def __init__(self, url: str, *, client: Any = None, clock: Clock, connections: int = 100) -> None:
        self.clock = clock
        self.wrote: float | None = None
        self._announced = threading.local()
        self._date: tuple[bytes, float] | None = None
        proxied = client is None and bool(getproxies())
        self._proxied: Any = default_http_client(max_connections=connections) if proxied else None
        given = self._proxied if client is None else client
        if given is None:
            self._forward, self.client = _straight(url, connections, self._send)
        else:
            self._forward, self.client = _through(given, self._send)

    def _send(self, request: Any) -> Any:
        write: Write | None = getattr(self._announced, "write", None)
        if request.method in _READS:
            response = self._forward(request)
            self._note(response)
            return response
        if write is None or write.tried:
            why = "a second write instead of one" if write is not None else "a write where only reads are allowed"
            raise UnannouncedWriteError(f"{request.method} {request.url.path}: {why}; nothing was sent")
        write.tried = write.left = True
        self.wrote = self.clock.monotonic()
        try:
            response = self._forward(request)
        except Exception as error:
            write.left = not any(kind.__name__ in _NOTHING_SENT for kind in type(error).__mro__)
            raise
        # Read once: each look into a library's headers takes as long as a look at all of them.
        write.status, write.headers = response.status_code, _headers(response)
        self._note(response)
        return response

    def _note(self, response: Any) -> None:
        for name, value in response.headers.raw:
            if len(name) == 4 and name.lower() == b"date":
                self._date = value, self.clock.now()
                return

    @contextmanager
    def writing(self) -> Generator[Write]:
        """Announce one write of this thread; the SDK must send it in the thread itself, so without a `deadline`."""
        write = Write()
        self._announced.write = write
        try:
            yield write
        finally:
            self._announced.write = None

    @property
    def skew(self) -> float | None:
        """Seconds by which the server's clock is ahead of ours, by its last `Date`; None where no response told it.

        A `Date` has whole seconds and is read when its response has arrived, so that it is right to a second or two.
        """
        if self._date is None:
            return None
        date, arrived = self._date
        said = _time(date)
        return None if said is None else said - arrived

    def server_now(self) -> float | None:
        """Give the server's time, in seconds since 1970, or None where no response told it."""
        skew = self.skew
        return None if skew is None else self.clock.now() + skew

    def close(self) -> None:
        """Close what was opened here."""
        self.client.close()
        if self._proxied is not None:
            self._proxied.close()


def _headers(response: Any) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers.raw}


def server_time(headers: Mapping[str, str]) -> float | None:
    """Give a response's `Date` in seconds since 1970, or None."""
    date = headers.get("date")
    return None if date is None else _time(date.encode("latin-1"))


def number(headers: Mapping[str, str], name: str) -> int | None:
    """Give a header that is a whole number, such as `x-ratelimit-limit`, or None where it is not."""
    value = headers.get(name, "").strip()
    return int(value) if _NUMBER.fullmatch(value) else None


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Give the seconds that a response asks to wait (RFC 9110, 10.2.3), or None where it does not say.

    Args:
        headers: The response's.
        now: The server's time where it is known, else ours, in seconds since 1970: a date is meant by that.
    """
    value = headers.get("retry-after", "").strip()
    if _SECONDS.fullmatch(value):
        return float(value)
    moment = _time(value.encode("latin-1", "replace")) if value else None
    return None if moment is None else max(0.0, moment - now)


@lru_cache(maxsize=8)
def _time(date: bytes) -> float | None:
    try:
        return parsedate_to_datetime(date.decode("latin-1")).timestamp()
    except (IndexError, OverflowError, TypeError, ValueError):
        return None


class _Unused:
    """Stands where a client must have a transport that it is never to use."""

    def close(self) -> None:
        """Close nothing."""


def _guarded(kind: Any, send: Callable[[Any], Any], **settings: Any) -> Any:
    """Make a client that is of the library's own class, as the SDK wants it, and has every request sent by `send`."""

    class Guarded(kind):
        def send(self, request: Any, **_: Any) -> Any:
            return send(request)

    return Guarded(trust_env=False, **settings)


def _straight(url: str, connections: int, send: Callable[[Any], Any]) -> tuple[Callable[[Any], Any], Any]:
    """Send by the library's transport alone: a client's other layers take longer than all else in a call."""
    kind: Any = type(default_http_client(transport=_Unused()))
    library: Any = sys.modules[kind.__module__.partition(".")[0]]
    limits = library.Limits(max_connections=connections, max_keepalive_connections=connections, keepalive_expiry=5.0)
    # Loading the trusted certificates takes a while, and over http there is nothing to trust.
    transport = library.HTTPTransport(verify=url.startswith("https:"), limits=limits)
    return transport.handle_request, _guarded(kind, send, transport=transport)


def _through(given: Any, send: Callable[[Any], Any]) -> tuple[Callable[[Any], Any], Any]:
    """Send by a client as it is, with what it adds to every request."""

    def forward(request: Any) -> Any:
        return given.send(request, stream=True, auth=None, follow_redirects=False)

    settings = {"headers": given.headers, "params": given.params, "timeout": given.timeout, "base_url": given.base_url}
    return forward, _guarded(type(given), send, transport=_Unused(), auth=given.auth, cookies=given.cookies, **settings)
