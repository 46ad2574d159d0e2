"""The server of one exchange: it notes the bytes of a request and gives the recorded response."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

import httpx

from store_credit_mock.recording import ExchangeFile, body_bytes
from store_credit_mock.recording.recorded_exchange import TRANSFER_HEADERS

__all__ = ["WHOLE", "Sent", "Server", "is_kept"]

WHOLE = re.compile(r"-?[0-9]{1,18}")
"""A whole number in a query."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as it went over the wire."""

    method: str
    path: str
    """Still percent-encoded."""
    query: list[tuple[str, str]]
    headers: list[tuple[str, str]] = field(repr=False)
    """Names in lower case."""
    body: bytes

    def header(self, name: str) -> list[str]:
        """Every value of a header."""
        return [value for known, value in self.headers if known == name.lower()]


class Server:
    """Gives the same recorded answer to every request, and keeps the requests."""

    def __init__(self, exchange: ExchangeFile) -> None:
        self.sent: list[Sent] = []
        self._status = exchange.status
        self._headers = [
            (name.encode("ascii"), value.encode("latin-1"))
            for name, value in exchange.response_headers.items()
            if is_kept(name)
        ]
        self._content = body_bytes(exchange.response_body)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer a request of a sync client."""
        return self._answer(request, request.read())

    async def asynchronously(self, request: httpx.Request) -> httpx.Response:
        """Answer a request of an async client."""
        return self._answer(request, await request.aread())

    def _answer(self, request: httpx.Request, body: bytes) -> httpx.Response:
        path, _, query = request.url.raw_path.decode("ascii").partition("?")
        headers = [(name.decode("ascii").lower(), value.decode("latin-1")) for name, value in request.headers.raw]
        self.sent.append(Sent(request.method, path, parse_qsl(query, keep_blank_values=True), headers, body))
        return httpx.Response(self._status, headers=self._headers, content=self._content)


def is_kept(name: str) -> bool:
    """Whether a recorded header of the response is given back; not one about how its bytes were sent."""
    return name.lower() not in TRANSFER_HEADERS
