"""The wire as an ASGI app: schemathesis talks to it in this process, and all its requests go through the wire."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

from store_credit_mock.http_libraries import httpx

__all__ = ["Bridge"]

_OWN: Final = {
    b"host",
    b"accept-encoding",
    b"connection",
    b"content-length",
    b"user-agent",
    b"x-schemathesis-testcaseid",
}

Message = MutableMapping[str, Any]


class Bridge:
    """Sends what comes in through a transport to a server.

    Args:
        wire: The transport.
        address: The server's address.
        agent: What the requests say they come from.
    """

    def __init__(self, wire: httpx.BaseTransport, address: str, agent: str) -> None:
        self._wire = wire
        self.address = httpx.URL(address)
        self._agent = agent

    async def __call__(
        self,
        scope: MutableMapping[str, Any],
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        """Pass one request on."""
        if scope["type"] != "http":
            return
        body = bytearray()
        more = True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        target: bytes = scope.get("raw_path") or scope["path"].encode()
        if scope["query_string"]:
            target += b"?" + scope["query_string"]
        sent: list[tuple[bytes, bytes]] = scope["headers"]
        headers = [header for header in sent if header[0].lower() not in _OWN]
        request = self.request(scope["method"], target, headers, bytes(body))
        # One request at a time, and nothing else runs in this loop.
        answer = self._wire.handle_request(request)
        await send({"type": "http.response.start", "status": answer.status_code, "headers": answer.headers.raw})
        await send({"type": "http.response.body", "body": b"" if request.method == "HEAD" else answer.content})

    def request(self, method: str, target: bytes, headers: list[tuple[bytes, bytes]], body: bytes) -> httpx.Request:
        """A request to the server, for a target as the document has it."""
        prefix = self.address.raw_path.rstrip(b"/")
        url = self.address.copy_with(raw_path=prefix + target)
        own = [(b"user-agent", self._agent.encode()), (b"accept-encoding", b"identity")]
        return httpx.Request(method, url, headers=[*headers, *own], content=body)
