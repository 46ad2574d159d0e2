"""Attempts that brought no usable response: what went wrong, and whether the server can have acted on the request."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from typing import Any, Final, Literal, NamedTuple

from store_credit._core import httplib
from store_credit._core.errors import ConfigurationError, InvalidArgumentError

__all__ = [
    "DeadlineError",
    "Fault",
    "PoolFullError",
    "ResponseTooLargeError",
    "UnexpectedStatusError",
    "chain",
    "fault_of",
]

_NOTHING_SENT: Final = ("ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError")


class DeadlineError(TimeoutError):
    """The call's deadline passed during an attempt."""


class PoolFullError(TimeoutError):
    """All connections were in use for as long as `Timeout.pool` allows."""


class ResponseTooLargeError(ValueError):
    """A response's body is larger than `max_response_bytes`."""


class UnexpectedStatusError(ValueError):
    """A success status that does not say that a call which must not run twice was done."""


class Fault(NamedTuple):
    """No response, or none that can be used.

    Attributes:
        kind: `connect`: nothing was sent. `timeout`, `broken`: the server may have acted.
        cause: What was raised.
        final: Sending again would end the same way, or must not happen.
    """

    kind: Literal["connect", "timeout", "broken"]
    cause: BaseException
    final: bool = False


def fault_of(error: Exception) -> Fault:
    """Say of an error whether the server can have acted on the request.

    Errors of any kind count: an injected client, a custom transport or instrumentation may raise anything, and whatever
    it is, the request may have arrived.

    Raises:
        ConfigurationError: The request cannot be sent with these settings.
    """
    if isinstance(error, ConfigurationError | InvalidArgumentError):
        raise error
    if isinstance(error, AssertionError):
        # A mock of the caller's tests that expected something else; no server was asked.
        raise error
    for library in httplib.loaded():
        module = library.module
        if isinstance(error, module.RequestError):
            _remove_requests(error)
            if isinstance(error, module.UnsupportedProtocol | module.LocalProtocolError):
                raise ConfigurationError(f"the request cannot be sent with these settings: {error}") from error
            if isinstance(error, tuple(getattr(module, name) for name in _NOTHING_SENT)):
                return Fault("connect", error, final=certificate_error(error) is not None)
            return Fault("timeout" if isinstance(error, module.TimeoutException) else "broken", error)
    if isinstance(error, PoolFullError):
        return Fault("connect", error, final=True)
    if isinstance(error, DeadlineError):
        return Fault("timeout", error, final=True)
    # An error of the program's own (a TypeError in a custom transport) would only be raised again.
    own = not isinstance(error, OSError | EOFError | ValueError)
    return Fault("broken", error, final=own or isinstance(error, ResponseTooLargeError))


def chain(error: BaseException) -> Iterator[BaseException]:
    """An error and everything it was raised from, each once."""
    seen: set[int] = set()
    left: BaseException | None = error
    while left is not None and id(left) not in seen:
        seen.add(id(left))
        yield left
        left = left.__cause__ or left.__context__


def certificate_error(error: BaseException) -> ssl.SSLCertVerificationError | None:
    """The failed check of the server's certificate behind an error, or None."""
    return next((one for one in chain(error) if isinstance(one, ssl.SSLCertVerificationError)), None)


def _remove_requests(error: BaseException) -> None:
    """Take the request, and with it the credential, out of an error and of those behind it.

    The frames of the libraries underneath hold the headers as well, as locals that crash reporters send along.
    """
    for one in chain(error):
        one.__traceback__ = None
        for library in httplib.loaded():
            if isinstance(one, library.module.RequestError):
                request_error: Any = one
                request_error.request = library.module.Request("GET", "http://removed.invalid/")
