"""A small server on loopback for the benchmarks; it answers from memory and stops when its parent does.

Run as a program it prints its port, serves until its standard input closes, and does no more for a request than find
its end: what is measured is the client. It checks nothing.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Callable
from email.utils import formatdate
from itertools import count
from math import ceil
from typing import Any
from urllib.parse import parse_qsl

from store_credit_tools.bench import payloads

__all__ = ["PAGES", "PER_PAGE", "main"]

PER_PAGE = 100
PAGES = 1000
LIMITED = b"/limited/"
"""Below it creates are counted and refused."""

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
    """A whole response with as many headers as a real one."""
    return b"HTTP/1.1 " + status + b"\r\n" + _HEADERS + b"Content-Length: %d\r\n\r\n" % len(body) + body


def _number(target: bytes, name: bytes) -> int:
    """The digits in a query parameter's value; 0 without any."""
    value = dict(parse_qsl(target.partition(b"?")[2])).get(name, b"")
    digits = bytes(byte for byte in value if byte in b"0123456789")
    return int(digits) if digits else 0


class Limit:
    """A bucket of 50 requests that fills by 25 a second, told as VINR's sandbox tells it."""

    RATE, SIZE = 25.0, 50

    def __init__(self) -> None:
        self._tokens = float(self.SIZE)
        self._filled = time.monotonic()

    def response(self, body: bytes) -> bytes:
        """The response to a create, or its refusal."""
        now, today = time.monotonic(), time.time()
        self._tokens = min(self._tokens + (now - self._filled) * self.RATE, self.SIZE)
        self._filled = now
        refused = self._tokens < 1
        if refused:
            body = b'{"error":{"type":"rate_limit_error","code":"rate_limited","message":"slow down"}}'
        else:
            self._tokens -= 1
        headers = {
            "Content-Type": "application/json",
            "Date": formatdate(today, usegmt=True),
            "X-RateLimit-Limit": self.SIZE,
            "X-RateLimit-Remaining": int(self._tokens),
            "X-RateLimit-Reset": ceil(today + (self.SIZE - self._tokens) / self.RATE),
            "Content-Length": len(body),
        }
        if refused:
            headers["Retry-After"] = ceil((1 - self._tokens) / self.RATE)
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return b"HTTP/1.1 " + (b"429 Too Many" if refused else b"201 Created") + f"\r\n{head}\r\n".encode() + body


def _answers() -> Answer:
    record: dict[str, Any] = json.loads(payloads.vinr_record())
    credit: dict[str, Any] = json.loads(payloads.spree_record())

    numbers = count(1)
    limit = Limit()

    def answer(method: bytes, target: bytes, body: bytes) -> bytes:
        if method == b"POST":
            # As a server does it: what was sent comes back, under an id of its own. Others than ours send forms.
            sent: dict[str, Any] = json.loads(body) if body.startswith(b"{") else {}
            made: dict[str, Any] = {**record, **sent, "id": f"sc_{next(numbers):08}"}
            if sent:
                made["balance_remaining"] = sent.get("amount")
            if target.startswith(LIMITED):
                return limit.response(_written(made))
            return response(_written(made), b"201 Created")
        if target.startswith(b"/api/v2/platform/store_credits?"):
            # By page number, or by what comes after an id, which is the last of a page here.
            number = max(_number(target, b"page"), 1) + _number(target, b"filter[id_gt]") // PER_PAGE
            return response(payloads.spree_page(number, PER_PAGE, PAGES))
        if target.startswith(b"/api/v3/admin/customers/"):
            return response(payloads.spree_v3_page(max(_number(target, b"page"), 1), PER_PAGE, PAGES))
        if target.startswith(b"/v1/store-credit?"):
            return response(payloads.vinr_page(_number(target, b"starting_after"), PER_PAGE, PAGES))
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
