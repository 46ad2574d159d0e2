"""The server of one exchange: it notes the bytes of a request and gives the recorded response."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, cast
from urllib.parse import parse_qsl

import httpx

from store_credit_tools.contract import Exchange

__all__ = ["WHOLE", "Sent", "Server", "content_of", "is_kept", "query_pairs"]

WHOLE = re.compile(r"-?[0-9]{1,18}")
"""A whole number in a query."""

_ABOUT_BYTES = {"connection", "content-encoding", "content-length", "keep-alive", "transfer-encoding"}
"""Headers about how the recorded bytes were sent. The file holds the body decoded, so they would be untrue here."""


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

    def __init__(self, exchange: Exchange) -> None:
        self.sent: list[Sent] = []
        self._status = exchange.status
        self._headers = [
            (name.encode("ascii"), value.encode("latin-1"))
            for name, value in exchange.response_headers.items()
            if is_kept(name)
        ]
        self._content = content_of(exchange.response_body)

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
    """Whether a recorded header of the response is given back."""
    return name.lower() not in _ABOUT_BYTES


def query_pairs(exchange: Exchange) -> list[tuple[str, str]]:
    """The recorded query as pairs; a repeated parameter has one for each value."""
    return [
        (name, text)
        for name, value in exchange.query.items()
        for text in ([value] if isinstance(value, str) else value)
    ]


def content_of(body: Any) -> bytes:
    """The bytes of a recorded body: text as it is, anything else as JSON."""
    if body is None:
        return b""
    return (body if isinstance(body, str) else json_text(body)).encode("utf-8", "surrogatepass")


def json_text(value: Any) -> str:
    """Write JSON with every Decimal's own digits, which `json` cannot."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        members = cast("Mapping[str, Any]", value)
        return "{" + ",".join(f"{_scalar(name)}:{json_text(item)}" for name, item in members.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(json_text(item) for item in cast("list[Any]", value)) + "]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    return json.dumps(value)
