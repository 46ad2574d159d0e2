"""A small server on loopback for the benchmarks; it answers from memory and stops when its parent does.

Run as a program it prints its port, serves until its standard input closes, and does no more for a request than find
its end: what is measured is the client. It checks nothing.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

from benchmarks import bodies

__all__ = ["PAGES", "PER_PAGE", "main"]

PER_PAGE = 100
PAGES = 1000

Answer = Callable[[bytes, bytes, bytes], bytes]

_HEADERS = (
    b"Content-Type: application/json; charset=utf-8\r\n"
    b"Date: Sun, 22 Nov 2026 03:00:00 GMT\r\n"
    b"X-Vinr-Request-Id: req_01JD8Q2Z6M\r\n"
    b"RateLimit-Limit: 100\r\n"
    b"RateLimit-Remaining: 99\r\n"
    b"Cache-Control: no-store\r\n"
    b"Vary: Accept\r\n"
)


def response(body: bytes, status: bytes = b"200 OK") -> bytes:
    """A whole answer with as many headers as a real one."""
    return b"HTTP/1.1 " + status + b"\r\n" + _HEADERS + b"Content-Length: %d\r\n\r\n" % len(body) + body


def _number(target: bytes, name: bytes) -> int:
    """The digits in a query parameter's value; 0 without any."""
    value = dict(parse_qsl(target.partition(b"?")[2])).get(name, b"")
    digits = bytes(byte for byte in value if byte in b"0123456789")
    return int(digits) if digits else 0


def _answers() -> Answer:
    record: dict[str, Any] = json.loads(bodies.vinr_record())
    credit: dict[str, Any] = json.loads(bodies.spree_record())

    def answer(method: bytes, target: bytes, body: bytes) -> bytes:
        if method == b"POST":
            # As a server does it: what was sent comes back. Somebody else's SDK sends a form.
            sent: dict[str, Any] = json.loads(body) if body.startswith(b"{") else {}
            return response(_written({**record, **sent, "balance_remaining": sent.get("amount", 1)}), b"201 Created")
        if target.startswith(b"/api/v2/platform/store_credits?"):
            # By page number, or by what comes after an id, which is the last of a page here.
            number = max(_number(target, b"page"), 1) + _number(target, b"filter[id_gt]") // PER_PAGE
            return response(bodies.spree_page(number, PER_PAGE, PAGES))
        if target.startswith(b"/v1/store-credit?"):
            return response(bodies.vinr_page(_number(target, b"starting_after"), PER_PAGE, PAGES))
        name = target.partition(b"?")[0].rpartition(b"/")[2].decode()
        if target.startswith(b"/api/"):
            return response(_written({**credit, "data": {**credit["data"], "id": name}}))
        return response(_written({**record, "id": name}))

    return answer


def _written(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


class _Connection(asyncio.Protocol):
    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._waiting = b""
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        waiting = self._waiting + data
        while (end := waiting.find(b"\r\n\r\n")) >= 0:
            head = waiting[:end]
            place = head.lower().find(b"\r\ncontent-length:")
            length = int(head[place + 17 :].partition(b"\r\n")[0]) if place >= 0 else 0
            if len(waiting) < end + 4 + length:
                break
            body = waiting[end + 4 : end + 4 + length]
            waiting = waiting[end + 4 + length :]
            assert self._transport is not None
            method, target, _ = head.split(b" ", 2)
            self._transport.write(self._answer(method, target, body))
        self._waiting = waiting


async def _serve() -> None:
    loop = asyncio.get_running_loop()
    answer = _answers()
    server = await loop.create_server(lambda: _Connection(answer), "127.0.0.1", 0)
    async with server:
        print(server.sockets[0].getsockname()[1], flush=True)
        # The parent's end of the pipe closes however the parent ends.
        await loop.run_in_executor(None, sys.stdin.buffer.read)


def main() -> None:
    """Serve until standard input closes."""
    asyncio.run(_serve())
