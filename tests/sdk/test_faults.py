"""What an error on the way says: whether the server can have acted, and whether sending again can help."""

import ssl
from typing import Any

import pytest

from http_library import httpx
from store_credit import APIConnectionError, ConfigurationError, InvalidArgumentError, OutcomeUnknownError, SpreeClient
from store_credit._core import httplib
from store_credit._core.faults import (
    DeadlineError,
    Fault,
    PoolFullError,
    ResponseTooLargeError,
    certificate_error,
    chain,
    fault_of,
)
from together import together

NOTHING_SENT = {"ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError"}
NOT_SENDABLE = {"LocalProtocolError", "UnsupportedProtocol"}
TOO_LATE = {"ReadTimeout", "WriteTimeout", "TimeoutException"}


def errors_of(module: Any) -> list[type[Exception]]:
    """Every error about a request that a library has, those without a name of their own in its documentation too."""
    found: list[type[Exception]] = []
    kinds: list[Any] = [module.RequestError]
    while kinds:
        kind = kinds.pop()
        found.append(kind)
        kinds += kind.__subclasses__()
    return [kind for kind in found if kind.__module__ == module.RequestError.__module__]


@pytest.mark.parametrize("library", httplib.loaded(), ids=lambda library: library.name)
def test_every_error_of_a_library_is_sorted(library: Any) -> None:
    """One that a later version adds is taken for the worst: the server may have acted."""
    kinds = errors_of(library.module)
    assert len(kinds) >= 15
    for kind in kinds:
        error = kind("what it says")
        if kind.__name__ in NOT_SENDABLE:
            with pytest.raises(ConfigurationError, match="what it says"):
                fault_of(error)
            continue
        expected = "broken"
        if kind.__name__ in NOTHING_SENT:
            expected = "connect"
        elif kind.__name__ in TOO_LATE:
            expected = "timeout"

        assert fault_of(error) == Fault(expected, error, final=False), kind  # type: ignore[arg-type]


@together(
    ("error", "kind", "final"),
    [
        (OSError("no route"), "broken", False),
        (ConnectionResetError("reset"), "broken", False),
        (EOFError(), "broken", False),
        (ValueError("not gzip"), "broken", False),
        (ResponseTooLargeError("too large"), "broken", True),
        (PoolFullError("full"), "connect", True),
        (DeadlineError("late"), "timeout", True),
        (TypeError("own transport"), "broken", True),
        (KeyError("own transport"), "broken", True),
        (RuntimeError("own transport"), "broken", True),
    ],
)
def test_an_error_of_no_library(error: Exception, kind: Any, final: bool) -> None:
    """A network's may pass; one of the program's own would only come again."""
    assert fault_of(error) == Fault(kind, error, final)


@pytest.mark.parametrize("error", [ConfigurationError("closed"), InvalidArgumentError("not a path")], ids=repr)
def test_an_error_of_ours_goes_through(error: Exception) -> None:
    """It says that nothing was sent, and why."""
    with pytest.raises(type(error)) as raised:
        fault_of(error)

    assert raised.value is error


def certificate() -> ssl.SSLCertVerificationError:
    """What a failed check of a certificate looks like."""
    error = ssl.SSLCertVerificationError(1, "certificate verify failed: self-signed certificate")
    error.verify_message = "self-signed certificate"
    return error


def behind(outer: Exception, *inner: BaseException) -> Exception:
    """An error that was raised from others, the way the HTTP library does it: by cause or by context."""
    found: BaseException = outer
    for place, one in enumerate(inner):
        if place % 2:
            found.__context__ = one
        else:
            found.__cause__ = one
        found = one
    return outer


@pytest.mark.parametrize("depth", [0, 1, 2])
def test_a_certificate_that_is_not_trusted_is_final(depth: int) -> None:
    """However deep in the chain: asking again would meet the same certificate."""
    error = behind(
        httpx.ConnectError("TLS"), *[OSError("between")] * (depth > 0), *[OSError("b")] * (depth > 1), certificate()
    )
    fault = fault_of(error)

    assert fault == Fault("connect", error, final=True)
    assert certificate_error(error) is not None


def test_another_tls_error_is_not_final() -> None:
    """A connection that broke during the handshake may work the next time."""
    error = behind(httpx.ConnectError("TLS"), ssl.SSLError(1, "record layer failure"))

    assert fault_of(error) == Fault("connect", error, final=False)
    assert certificate_error(error) is None


def test_a_chain_that_goes_round_ends() -> None:
    """Exceptions can refer to each other."""
    first, second = ValueError("a"), ValueError("b")
    first.__cause__, second.__context__ = second, first

    assert list(chain(first)) == [first, second]


# Through a client


def test_an_error_of_the_callers_own_transport_is_not_resent(waits: list[float]) -> None:
    """It is named, with its cause, and no advice about addresses; a create may have failed on its response."""
    asked: list[Any] = []

    def sending(error: Exception) -> SpreeClient:
        def handle(request: Any) -> Any:
            asked.append(request)
            raise error

        return SpreeClient("http://spree.test", "t", http_client=httpx.Client(transport=httpx.MockTransport(handle)))

    with pytest.raises(APIConnectionError, match="this program's own transport or hooks") as raised:
        sending(TypeError("handle() takes 2 arguments")).store_credits.retrieve("7")
    with pytest.raises(OutcomeUnknownError):
        sending(TypeError("on the way back")).store_credit_types.create(name="x", priority=1)
    # A mock that expected something else says so at once, and in its own words.
    with pytest.raises(AssertionError, match="unexpected request"):
        sending(AssertionError("unexpected request")).store_credits.retrieve("7")
    for name in NOT_SENDABLE:
        with pytest.raises(ConfigurationError, match="what it says"):
            sending(getattr(httpx, name)("what it says")).store_credits.retrieve("7")

    assert (len(asked), waits) == (5, [])
    assert "right address" not in str(raised.value)
    assert isinstance(raised.value.__cause__, TypeError)
