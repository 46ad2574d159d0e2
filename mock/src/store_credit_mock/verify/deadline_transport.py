"""A transport that waits only so long and reads only so much, however a server behaves."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable, Iterator
from typing import Any, Final

from store_credit_mock.http_libraries import httpcore, httpx

__all__ = ["LARGEST", "NoAnswerError", "PatientTransport"]

LARGEST: Final = 8 * 1024 * 1024
"""Bytes of a response's body, as it comes and decoded; no response of the document comes near."""
_PIECE: Final = 4096
_FAILURES = (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, httpcore.UnsupportedProtocol)


class NoAnswerError(httpx.TransportError):
    """There was no response, or none that can be read to its end; the text says why.

    Attributes:
        unsent: Whether the request certainly never left, as there was no connection.
    """

    unsent: bool = False


class PatientTransport(httpx.BaseTransport):
    """Sends requests one at a time. Follows nothing, and uses no proxy.

    Args:
        seconds: How long one request may take from its beginning to the last byte of its response.
        ca: PEM file of the authorities to trust instead of the machine's.

    Raises:
        OSError: The file cannot be read, or holds no certificate.
    """

    def __init__(self, seconds: float, ca: str | None = None) -> None:
        self._seconds = seconds
        self._clock = _Deadline()
        try:
            context = httpx.create_ssl_context() if ca is None else ssl.create_default_context(cafile=ca)
        except OSError as error:
            # Neither the system nor the TLS library says which file.
            raise OSError(f"{ca}: no certificates can be read from it: {error.strerror or error}") from error
        self._pool = httpcore.ConnectionPool(
            ssl_context=context, max_connections=1, keepalive_expiry=2.0, network_backend=_Backend(self._clock)
        )

    def close(self) -> None:
        """Close the connection."""
        self._pool.close()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and read all of its response.

        Raises:
            NoAnswerError: See there.
        """
        self._clock.start(self._seconds)
        url = request.url
        asked = httpcore.Request(
            request.method,
            httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=request.headers.raw,
            content=request.read(),
            extensions={"timeout": dict.fromkeys(("connect", "read", "write", "pool"), self._seconds)},
        )
        try:
            answer = self._pool.handle_request(asked)
            try:
                body = _limited(answer.iter_stream())
            finally:
                answer.close()
        except _FAILURES as error:
            missing = NoAnswerError(self._said(error), request=request)
            missing.unsent = isinstance(error, httpcore.ConnectError | httpcore.ConnectTimeout)
            raise missing from error
        return _decoded(answer.status, answer.headers, body, request)

    def _said(self, error: BaseException) -> str:
        if isinstance(error, httpcore.TimeoutException):
            return f"no whole response within {self._seconds:g} s"
        cause: BaseException | None = error
        while cause is not None:
            if isinstance(cause, ssl.SSLCertVerificationError):
                return (
                    f"the certificate is not trusted: {cause.verify_message or 'unknown'}; --ca names another authority"
                )
            if isinstance(cause, ssl.SSLError):
                return f"no TLS connection: {cause.reason or cause}"
            cause = cause.__cause__ or cause.__context__
        return str(error) or type(error).__name__


class _Deadline:
    """When the request under way must have ended."""

    def __init__(self) -> None:
        self._end = 0.0

    def start(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self, error: type[Exception]) -> float:
        seconds = self._end - time.monotonic()
        if seconds <= 0:
            raise error("the time is up")
        return seconds


class _Stream(httpcore.NetworkStream):
    """A stream whose every step has only the time that is left: a byte now and then does not keep it open."""

    def __init__(self, stream: httpcore.NetworkStream, clock: _Deadline) -> None:
        self._stream = stream
        self._clock = clock

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._clock.left(httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._clock.left(httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = self._clock.left(httpcore.ConnectTimeout)
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, left), self._clock)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _Backend(httpcore.NetworkBackend):
    def __init__(self, clock: _Deadline) -> None:
        self._backend = httpcore.SyncBackend()
        self._clock = clock

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        left = self._clock.left(httpcore.ConnectTimeout)
        return _Stream(self._backend.connect_tcp(host, port, left, local_address, socket_options), self._clock)


def _limited(pieces: Iterable[bytes]) -> bytes:
    body = bytearray()
    for piece in pieces:
        body += piece
        if len(body) > LARGEST:
            raise httpcore.ReadError(f"the body has more than {LARGEST} bytes; the rest was not read")
    return bytes(body)


class _Pieces(httpx.SyncByteStream):
    def __init__(self, body: bytes) -> None:
        self._body = body

    def __iter__(self) -> Iterator[bytes]:
        for start in range(0, len(self._body), _PIECE):
            yield self._body[start : start + _PIECE]


def _decoded(status: int, headers: list[tuple[bytes, bytes]], body: bytes, request: httpx.Request) -> httpx.Response:
    """The answer with its Content-Encoding undone, piece by piece, so that a small body cannot become a huge one."""
    coded = httpx.Response(status, headers=headers, stream=_Pieces(body), request=request)
    try:
        whole = _limited(coded.iter_bytes())
    except httpx.DecodingError as error:
        text = f"the body is not what its Content-Encoding says: {error}"
        raise NoAnswerError(text, request=request) from error
    except httpcore.ReadError as error:
        raise NoAnswerError(str(error), request=request) from error
    dropped = {b"content-encoding", b"transfer-encoding", b"content-length"}
    kept = [header for header in headers if header[0].lower() not in dropped]
    answer = httpx.Response(status, headers=kept, content=whole, request=request)
    answer.headers.pop("content-length", None)
    return answer
