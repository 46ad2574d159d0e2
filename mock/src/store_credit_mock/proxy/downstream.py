"""The client's side of an exchange: reading its request, writing its response, and seeing that it has gone."""

from __future__ import annotations

from typing import Final

from aiohttp import ClientError, web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.http import HttpProcessingError
from aiohttp.streams import StreamReader

from store_credit_mock.host_names import HostNames, host_of
from store_credit_mock.proxy.headers import Head

__all__ = ["CLOSE", "KEEP", "BrokenRequestError", "Client", "ClientGoneError", "next_piece", "reject_reason"]


class _Passed(web.StreamResponse):
    """Tells aiohttp's server that the response has been written already."""

    def __init__(self, *, keep: bool) -> None:
        super().__init__()
        self._keeps = keep

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:  # noqa: ARG002
        """Nothing is left to prepare."""
        return None

    async def write_eof(self, data: bytes = b"") -> None:
        """Nothing is left to write."""

    @property
    def keep_alive(self) -> bool | None:
        """Whether the connection stays open."""
        return self._keeps


KEEP: Final = _Passed(keep=True)
CLOSE: Final = _Passed(keep=False)


class ClientGoneError(Exception):
    """The client does not wait for its response any more."""


class BrokenRequestError(Exception):
    """The request cannot be read to its end; the text says why."""


class Client:
    """Who asked.

    Args:
        request: What aiohttp's server made of the request.

    Attributes:
        begun: Whether anything was written to it.
    """

    def __init__(self, request: web.BaseRequest) -> None:
        self.request = request
        self.content = request.content
        self.begun = False

    def write(self, data: bytes) -> None:
        """Write without waiting.

        Raises:
            ClientGoneError: The client has gone.
        """
        transport = self.request.transport
        if transport is None or transport.is_closing():
            raise ClientGoneError
        self.begun = True
        transport.write(data)

    def abort(self) -> None:
        """End the connection at once."""
        transport = self.request.transport
        if transport is not None:
            transport.abort()

    async def drain(self) -> None:
        """Wait until the client takes more.

        Raises:
            ClientGoneError: The client has gone.
        """
        try:
            await self.request.writer.drain()
        except (ClientError, OSError) as error:
            raise ClientGoneError from error

    async def read(self) -> bytes:
        """The next piece of the request's body, empty at its end.

        Raises:
            ClientGoneError: The client has gone.
            BrokenRequestError: The body is not what its headers say.
        """
        try:
            return await next_piece(self.content)
        except (ClientError, HttpProcessingError, web.RequestPayloadError, OSError) as error:
            transport = self.request.transport
            if transport is None or transport.is_closing():
                raise ClientGoneError from error
            raise BrokenRequestError("the request body does not match the request headers") from error


async def next_piece(stream: StreamReader) -> bytes:
    """Read the next piece of a body, no further than to the end of a chunk; empty at the end of the body."""
    while True:
        piece, ends = await stream.readchunk()
        if piece or not ends:
            return piece


def reject_reason(target: str, head: Head, hosts: HostNames | None) -> tuple[int, str] | None:
    """Why a request cannot be passed on at all, as status and text; None if it can.

    Args:
        target: What the request line names.
        head: Its headers.
        hosts: What `Host` may name; None takes any.
    """
    if not target.startswith("/") or "#" in target:
        return 400, "the proxy accepts only paths that begin with a slash, for the upstream that it was started with"
    if hosts is not None:
        sent = host_of(head.first.get(b"host", b"").decode("latin-1"))
        if sent is None or sent not in hosts:
            return 421, "the proxy does not have this host name; see --allow-host"
    return None
