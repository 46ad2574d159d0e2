"""Connections to the server behind the proxy: aiohttp's pool, TLS and parser, with heads written as they came."""

from __future__ import annotations

import asyncio
import ssl
from functools import partial
from pathlib import Path
from typing import Final
from weakref import WeakSet

from aiohttp import (
    ClientConnectionError,
    ClientConnectorCertificateError,
    ClientConnectorDNSError,
    ClientConnectorError,
    ClientConnectorSSLError,
    ClientRequest,
    ClientResponse,
    ClientTimeout,
    ServerDisconnectedError,
    ServerTimeoutError,
    TCPConnector,
)
from aiohttp.client_proto import ResponseHandler
from aiohttp.connector import Connection
from aiohttp.http import HttpProcessingError, RawResponseMessage, StreamWriter
from aiohttp.streams import StreamReader
from yarl import URL

from store_credit_mock.proxy.trailers import TrailerReader

__all__ = ["LINE", "TrustError", "Upstream", "UpstreamConnection", "UpstreamError", "UpstreamURLError"]

LINE: Final = 65_536
"""Bytes a status line or one header of the server may have."""

_FAILURES: Final = (ClientConnectionError, HttpProcessingError, ServerTimeoutError, TimeoutError, OSError)


class UpstreamURLError(ValueError):
    """The address cannot be used; the text says why."""


class TrustError(ValueError):
    """The certificates to trust cannot be read; the text says why."""


class UpstreamError(Exception):
    """The server gave no response.

    Attributes:
        status: What the client is told: 502, or 504 when time ran out.
        stale: Whether a connection that had been used before was closed before it brought a byte: the server may never
            have seen the request.
        unsent: Whether not one byte of the request was sent.
    """

    def __init__(self, status: int, text: str, *, stale: bool = False, unsent: bool = False) -> None:
        super().__init__(text)
        self.status = status
        self.stale = stale
        self.unsent = unsent


class _Handler(ResponseHandler):
    """aiohttp's side of a connection, whose bytes are looked at for trailers first."""

    trailers: TrailerReader | None = None

    def data_received(self, data: bytes) -> None:
        """Take in what the server sent."""
        if self.trailers is not None:
            self.trailers.feed(data)
        super().data_received(data)


class UpstreamConnection:
    """One connection, for one exchange.

    Attributes:
        used: Whether it has carried an exchange before, so that the server may have closed it meanwhile.
    """

    __slots__ = ("_begun", "_connection", "protocol", "upstream", "used", "writer")

    def __init__(self, upstream: Upstream, connection: Connection, protocol: ResponseHandler, *, used: bool) -> None:
        self.upstream = upstream
        self.protocol = protocol
        self._connection = connection
        self.used = used
        self._begun = False
        self.writer = StreamWriter(protocol, upstream.loop)

    def send(self, data: bytes) -> None:
        """Write without waiting.

        Raises:
            UpstreamError: The connection is gone.
        """
        transport = self.protocol.transport
        if transport is None or transport.is_closing():
            unsent = self.used and not self._begun
            raise UpstreamError(502, "the upstream closed the connection", stale=self.used, unsent=unsent)
        self._begun = True
        transport.write(data)

    async def drain(self) -> None:
        """Wait until the server takes more.

        Raises:
            UpstreamError: It does not, for as long as a response may take.
        """
        if not self.protocol.writing_paused:
            return
        try:
            async with asyncio.timeout(self.upstream.timeout):
                await self.writer.drain()
        except _FAILURES as error:
            raise self.upstream.told(error) from error

    def wait(self) -> None:
        """Let the time for the response begin."""
        self.protocol.start_timeout()

    async def answer(self) -> tuple[RawResponseMessage, StreamReader]:
        """Read the head of the next response, 1xx among them, and the stream of its body.

        Raises:
            UpstreamError: There is none, or it is not HTTP.
        """
        try:
            return await self.protocol.read()
        except ServerDisconnectedError as error:
            text = "the upstream closed the connection without a response"
            raise UpstreamError(502, text, stale=self.used) from error
        except _FAILURES as error:
            stale = self.used and isinstance(error, OSError) and not isinstance(error, TimeoutError)
            told = self.upstream.told(error)
            raise UpstreamError(told.status, str(told), stale=stale) from error

    def trailers(self) -> bytes:
        """Give the trailer lines of the response, once its body has been read."""
        reader = self.protocol.trailers if isinstance(self.protocol, _Handler) else None
        return b"" if reader is None else reader.of(1)

    def release(self) -> None:
        """Give the connection back, to be used again if it can."""
        self._connection.release()

    def close(self) -> None:
        """Close it."""
        self._connection.close()


class Upstream:
    """The server behind the proxy.

    Args:
        address: `https://sandbox.api.vinr.com` or any other; a path in it comes before every path.
        timeout: Seconds to wait for a connection, for the head of a response and between two pieces of its body.
        ca: A file with certificates to trust in the place of the system's.
        insecure: Whether any certificate will do.

    Raises:
        UpstreamURLError: The address is none.
        TrustError: The certificates cannot be read.
    """

    def __init__(self, address: str, timeout: float, *, ca: Path | None = None, insecure: bool = False) -> None:
        # What stands before an @ may be a password.
        shown = address if "@" not in address else f"...{address[address.rindex('@') :]}"
        try:
            url = URL(address)
            port = url.port
        except ValueError as error:
            reason = "" if "@" in address else f": {error}"
            raise UpstreamURLError(f"--upstream {shown} is not a valid address{reason}") from None
        if url.scheme not in {"http", "https"} or not url.raw_host or port is None:
            raise UpstreamURLError(
                f"--upstream {shown}: the address must begin with http:// or https://, followed by a host"
            )
        if url.user or url.password or url.query_string or url.fragment:
            raise UpstreamURLError("--upstream: the address must not contain a user, password, query or fragment")
        self.url = url
        self.timeout = timeout
        self.origin = str(url.origin())
        self.prefix = url.raw_path.rstrip("/").encode("ascii")
        host = url.host_port_subcomponent
        assert host is not None
        self.host = host.encode("ascii")
        self._ssl = _trust(url, ca, insecure=insecure)
        self._used: WeakSet[ResponseHandler] = WeakSet()
        self._timeout = ClientTimeout(total=None, connect=timeout, sock_connect=timeout)

    async def open(self) -> None:
        """Make the pool; in the loop that will use it."""
        self.loop = asyncio.get_running_loop()
        # Shorter than what servers commonly keep a quiet connection for, so that ours is rarely the closed one.
        self._connector = TCPConnector(limit=0, keepalive_timeout=4.0, ttl_dns_cache=30)
        # What makes the protocol of each connection; aiohttp has no public way to name another.
        self._connector._factory = partial(_Handler, loop=self.loop)  # pyright: ignore[reportPrivateUsage, reportAttributeAccessIssue]
        # What the pool asks a request for is the same for all of ours.
        self._template = ClientRequest(
            "GET", self.url, loop=self.loop, response_class=ClientResponse, ssl=self._ssl, session=None
        )

    async def close(self) -> None:
        """Close every connection."""
        await self._connector.close()

    async def connect(self, *, bodiless: bool) -> UpstreamConnection:
        """Take a connection.

        Args:
            bodiless: Whether the response will have no body (HEAD).

        Raises:
            UpstreamError: There is none to be had.
        """
        try:
            connection = await self._connector.connect(self._template, [], self._timeout)
        except (*_FAILURES, ssl.SSLError) as error:
            raise self.told(error) from error
        protocol = connection.protocol
        assert protocol is not None
        used = protocol in self._used
        if not used:
            self._used.add(protocol)
        protocol.set_response_params(
            skip_payload=bodiless,
            read_until_eof=True,
            auto_decompress=False,
            read_timeout=self.timeout,
            max_line_size=LINE,
            max_field_size=LINE,
            max_headers=256,
        )
        if isinstance(protocol, _Handler):
            protocol.trailers = TrailerReader()
        return UpstreamConnection(self, connection, protocol, used=used)

    def told(self, error: BaseException) -> UpstreamError:
        """What went wrong, in words that say what to do."""
        name = self.origin
        if isinstance(error, UpstreamError):
            return error
        if isinstance(error, ClientConnectorCertificateError):
            reason = getattr(error.certificate_error, "verify_message", "") or type(error.certificate_error).__name__
            text = f"the certificate of {name} is not trusted: {reason}; pass the issuer's certificate with --ca FILE"
            return UpstreamError(502, text)
        if isinstance(error, ClientConnectorSSLError):
            cause = getattr(error, "os_error", error)
            reason = getattr(cause, "reason", None) or type(cause).__name__
            return UpstreamError(502, f"{name} could not establish a TLS connection: {reason}")
        if isinstance(error, (ServerTimeoutError, TimeoutError)):
            return UpstreamError(504, f"{name} took longer than {self.timeout:g} seconds (--timeout)")
        if isinstance(error, ClientConnectorDNSError):
            return UpstreamError(502, f"{name}: the host does not exist")
        if isinstance(error, ClientConnectorError):
            return UpstreamError(502, f"{name} cannot be reached: {error.os_error.strerror or error.os_error}")
        if isinstance(error, HttpProcessingError):
            return UpstreamError(502, f"{name} sent something that is not HTTP: {type(error).__name__}")
        return UpstreamError(502, f"{name} closed the connection unexpectedly: {type(error).__name__}")


def _trust(url: URL, ca: Path | None, *, insecure: bool) -> ssl.SSLContext | bool:
    if url.scheme == "http":
        return True
    if insecure:
        return False
    if ca is None:
        return True
    try:
        return ssl.create_default_context(cafile=str(ca))
    except (OSError, ssl.SSLError) as error:
        raise TrustError(f"--ca {ca} cannot be read: {error.strerror or error}") from error
