"""What POSTs a webhook delivery, each on a connection of its own: a thousand cost no more than a thousand times one.

A general client such as httpx looks through all its connections whenever one of them begins or ends: beside a thousand
others that takes it milliseconds. Deliveries share none, and all that is wanted of a response is its status.
"""

from __future__ import annotations

import asyncio
import base64
import ssl
from functools import lru_cache
from typing import Final, NamedTuple
from urllib.parse import quote, unquote_to_bytes

from httptools import HttpParserInvalidURLError, HttpResponseParser, parse_url

from store_credit_mock.systems.outbox import Delivery

__all__ = ["WebhookClient"]

_SAFE: Final = "%/:?#[]@!$&'()*+,;=~"
"""What a URL may hold besides letters and digits: what is escaped stays so, the rest is escaped here."""


class _Address(NamedTuple):
    host: str
    port: int
    tls: bool
    head: bytes
    """Of every request that goes there."""


@lru_cache(maxsize=4096)
def _address(url: str) -> _Address:
    """Read where a URL leads.

    Raises:
        ValueError: It leads nowhere.
    """
    try:
        parts = parse_url(quote(url if url.isascii() else _in_ascii(url), safe=_SAFE).encode())
        if parts.schema not in {b"http", b"https"}:
            raise ValueError(parts.schema)
    except (HttpParserInvalidURLError, ValueError):
        # Not quoted here: it may hold a password.
        raise ValueError("the endpoint's URL is not a valid http or https address") from None
    host = parts.host.decode()
    shown = f"[{host}]" if ":" in host else host
    target = (parts.path or b"/") + (b"?" + parts.query if parts.query else b"")
    lines = [
        f"POST {target.decode()} HTTP/1.1",
        f"Host: {shown}:{parts.port}" if parts.port else f"Host: {shown}",
        "Accept: */*",
        "Connection: close",
    ]
    if parts.userinfo:
        user = unquote_to_bytes(parts.userinfo)
        lines.append(f"Authorization: Basic {base64.b64encode(user if b':' in user else user + b':').decode()}")
    tls = parts.schema == b"https"
    return _Address(host, parts.port or (443 if tls else 80), tls, "\r\n".join(lines).encode())


def _in_ascii(url: str) -> str:
    """Write a URL with the name of its host as the DNS has it, and the rest escaped."""
    from store_credit_mock.http_libraries import httpx

    try:
        return str(httpx.URL(url))
    except httpx.InvalidURL as error:
        raise ValueError from error


class _Exchange(asyncio.Protocol):
    """The status of one response."""

    def __init__(self, status: asyncio.Future[int]) -> None:
        self._status = status
        self._parser = HttpResponseParser(self)

    def data_received(self, data: bytes) -> None:
        if not self._status.done():
            try:
                self._parser.feed_data(data)
            except Exception as error:  # noqa: BLE001 - told as the outcome
                self._fail(error)

    def on_headers_complete(self) -> None:
        """Take the status, unless it only announces another (called by the parser)."""
        status = self._parser.get_status_code()
        if status >= 200 and not self._status.done():
            self._status.set_result(status)

    def connection_lost(self, exc: Exception | None) -> None:
        self._fail(exc or ConnectionError("the connection was closed without a response"))

    def _fail(self, error: Exception) -> None:
        if not self._status.done():
            self._status.set_exception(error)


class WebhookClient:
    """Sends deliveries over HTTP/1.1.

    Trusted are the usual certificates, or those that SSL_CERT_FILE or SSL_CERT_DIR names, and one's own. They are read
    when the first delivery needs them. Proxies of the environment are passed by: receivers are near.

    Args:
        certificates: A file of certificates (PEM) to trust besides; None if there is none.
    """

    def __init__(self, certificates: str | None) -> None:
        self._own = certificates
        self._tls: ssl.SSLContext | None = None

    async def send(self, delivery: Delivery) -> int:
        """POST a delivery; returns the status, which is all that counts: a body is not waited for.

        Raises:
            OSError: The receiver cannot be reached, or hung up.
            ValueError: The URL leads nowhere, or certificates that it needs cannot be read.
        """
        to = _address(delivery.url)
        own = "".join(f"\r\n{name}: {value}" for name, value in delivery.headers.items())
        request = b"%b%b\r\ncontent-length: %d\r\n\r\n%b" % (to.head, own.encode(), len(delivery.body), delivery.body)
        loop = asyncio.get_running_loop()
        status: asyncio.Future[int] = loop.create_future()
        tls = self._context() if to.tls else None
        transport, _ = await loop.create_connection(lambda: _Exchange(status), to.host, to.port, ssl=tls)
        transport.write(request)
        try:
            return await status
        finally:
            if status.cancelled():
                transport.abort()
            else:
                transport.close()

    def _context(self) -> ssl.SSLContext:
        if self._tls is None:
            from store_credit_mock.http_libraries import httpx

            try:
                context = httpx.create_ssl_context()
                if self._own is not None:
                    context.load_verify_locations(cafile=self._own)
            except OSError as error:
                raise ValueError(
                    f"the certificates in SSL_CERT_FILE, SSL_CERT_DIR or --webhook-ca cannot be read: {error}"
                ) from error
            self._tls = context
        return self._tls
