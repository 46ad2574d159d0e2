"""A transport that waits only so long and reads only so much, however a server behaves."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from typing import Any, Final

import anyio
from anyio.from_thread import start_blocking_portal

from store_credit_mock.http_libraries import httpx

__all__ = ["LARGEST", "DeadlineTransport", "NoAnswerError", "UnsendableError"]

LARGEST: Final = 8 * 1024 * 1024
"""Bytes of a response's body, as it comes and decoded; no response of the document comes near."""
_PIECE: Final = 4096
_TOO_LONG: Final = f"the body has more than {LARGEST} bytes; the rest was not read"


class NoAnswerError(httpx.TransportError):
    """There was no response, or none that can be read to its end; the text says why.

    Attributes:
        unsent: Whether the request certainly never left, as there was no connection.
    """

    unsent: bool = False


class UnsendableError(httpx.TransportError):
    """The HTTP client here takes no such request: nothing was sent, and the server has done nothing wrong."""


class DeadlineTransport(httpx.BaseTransport):
    """Sends requests one at a time. Follows nothing, and uses no proxy.

    Args:
        seconds: How long one request may take from its beginning to the last byte of its response.
        ca: PEM file of the authorities to trust instead of the machine's.

    Raises:
        OSError: The file cannot be read, or holds no certificate.
    """

    def __init__(self, seconds: float, ca: str | None = None) -> None:
        self._seconds = seconds
        try:
            context = httpx.create_ssl_context() if ca is None else ssl.create_default_context(cafile=ca)
        except OSError as error:
            # Neither the system nor the TLS library says which file.
            raise OSError(f"no certificates can be read from {ca}: {error.strerror or error}") from error
        self._inner = httpx.AsyncHTTPTransport(
            verify=context, limits=httpx.Limits(max_connections=1, keepalive_expiry=2.0)
        )
        # Only what is awaited can be ended at a moment: a timeout of each read begins anew with every byte.
        self._stack = ExitStack()
        self._portal = self._stack.enter_context(start_blocking_portal())
        self._stack.callback(self._portal.call, self._inner.aclose)

    def close(self) -> None:
        """Close the connection. May be called again."""
        self._stack.close()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and read all of its response.

        Raises:
            NoAnswerError: See there.
            UnsendableError: See there.
        """
        request.read()
        future = self._portal.start_task_soon(self._send, request)
        try:
            return future.result()
        finally:
            # Where this thread was interrupted; otherwise it is over.
            future.cancel()

    async def _send(self, request: httpx.Request) -> httpx.Response:
        sent = False

        async def trace(event: str, _: Mapping[str, Any]) -> None:
            nonlocal sent
            sent = sent or event.endswith("send_request_headers.started")

        request.extensions = {**request.extensions, "trace": trace, "timeout": {}}
        try:
            with anyio.fail_after(self._seconds):
                answer = await self._inner.handle_async_request(request)
                try:
                    body = await _read(answer, request)
                finally:
                    await answer.aclose()
        except httpx.LocalProtocolError as error:
            raise UnsendableError(str(error), request=request) from error
        except (TimeoutError, httpx.TransportError) as error:
            if isinstance(error, NoAnswerError):
                raise
            missing = NoAnswerError(self._reason(error), request=request)
            missing.unsent = not sent
            raise missing from error
        return _decoded(answer.status_code, answer.headers.raw, body, request)

    def _reason(self, error: BaseException) -> str:
        if isinstance(error, TimeoutError):
            return f"no complete response within {self._seconds:g} s"
        cause: BaseException | None = error
        while cause is not None:
            if isinstance(cause, ssl.SSLCertVerificationError):
                return (
                    f"the certificate is not trusted: {cause.verify_message or 'unknown'}; to trust another "
                    "authority, use --ca"
                )
            if isinstance(cause, ssl.SSLError):
                return f"no TLS connection: {cause.reason or cause}"
            cause = cause.__cause__ or cause.__context__
        return str(error) or type(error).__name__


async def _read(answer: httpx.Response, request: httpx.Request) -> bytes:
    body = bytearray()
    async for piece in answer.aiter_raw():
        body += piece
        if len(body) > LARGEST:
            raise NoAnswerError(_TOO_LONG, request=request)
    return bytes(body)


class _Pieces(httpx.SyncByteStream):
    def __init__(self, body: bytes) -> None:
        self._body = body

    def __iter__(self) -> Iterator[bytes]:
        for start in range(0, len(self._body), _PIECE):
            yield self._body[start : start + _PIECE]


def _decoded(status: int, headers: list[tuple[bytes, bytes]], body: bytes, request: httpx.Request) -> httpx.Response:
    """Return the response with its Content-Encoding undone, in pieces: a small body cannot become a huge one."""
    coded = httpx.Response(status, headers=headers, stream=_Pieces(body), request=request)
    whole = bytearray()
    try:
        for piece in coded.iter_bytes():
            whole += piece
            if len(whole) > LARGEST:
                raise NoAnswerError(_TOO_LONG, request=request)
    except httpx.DecodingError as error:
        text = f"the body does not match its Content-Encoding: {error}"
        raise NoAnswerError(text, request=request) from error
    dropped = {b"content-encoding", b"transfer-encoding", b"content-length"}
    kept = [header for header in headers if header[0].lower() not in dropped]
    answer = httpx.Response(status, headers=kept, content=bytes(whole), request=request)
    answer.headers.pop("content-length", None)
    return answer
