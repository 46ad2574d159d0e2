"""A server that answers VINR's GET and POST with constants that fit the document; it reads no more than it must."""

from __future__ import annotations

import asyncio
from typing import cast

from uvloop import run

__all__ = ["main"]

BODY = (
    b'{"id":"sc_0123456789abcdef0123","customer":"cust_8aZ2","amount":1000,"currency":"USD","balance_remaining":1000,'
    b'"expires_at":null,"created":1795305600}'
)
_HEADERS = (
    b"content-type: application/json\r\nx-vinr-request-id: req_b5d9f42fa274767d\r\nvinr-version: 2026-04-01\r\n"
    b"x-ratelimit-limit: 50\r\nx-ratelimit-remaining: 49\r\nx-ratelimit-reset: 1795330656\r\n"
)
_ANSWERS = {
    method: b"HTTP/1.1 %b\r\n%bcontent-length: %d\r\n\r\n%b" % (status, _HEADERS, len(BODY), BODY)
    for method, status in ((b"GET", b"200 OK"), (b"POST", b"201 Created"))
}


class _Connection(asyncio.Protocol):
    def __init__(self) -> None:
        self._waiting = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's own class is not an asyncio.WriteTransport by inheritance.
        self._transport = cast("asyncio.WriteTransport", transport)

    def data_received(self, data: bytes) -> None:
        waiting = self._waiting + data
        while (end := waiting.find(b"\r\n\r\n")) >= 0:
            head = waiting[:end]
            place = head.lower().find(b"\r\ncontent-length:")
            length = int(head[place + 17 :].partition(b"\r\n")[0]) if place >= 0 else 0
            if len(waiting) < end + 4 + length:
                break
            waiting = waiting[end + 4 + length :]
            self._transport.write(_ANSWERS[head.partition(b" ")[0]])
        self._waiting = waiting


def main() -> None:
    """Serve until ended."""

    async def serve() -> None:
        server = await asyncio.get_running_loop().create_server(_Connection, "127.0.0.1", 0)
        print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]} ready", flush=True)
        await server.serve_forever()

    run(serve())
