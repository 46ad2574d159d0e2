"""A Spree shop in this process that counts how many requests are under way at one time."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import anyio.lowlevel

from http_library import httpx
from store_credit import AsyncSpreeClient, SpreeClient

__all__ = ["Shop"]


class Shop:
    """A shop that counts how many requests are under way at one time, of all and by what they change.

    Attributes:
        hold: What a request waits for while it is under way; it is given the request's number, from 1 on.
        seen: The requests, by path and order token.
        statuses: The statuses of the first responses; 200 from then on.
    """

    def __init__(self, hold: Callable[[int], Any] = lambda number: None, statuses: tuple[int, ...] = ()) -> None:
        self.hold = hold
        self.statuses = list(statuses)
        self.seen: list[tuple[str, str]] = []
        self.under_way = self.most = 0
        self._lock = threading.Lock()

    @contextmanager
    def _counted(self, request: Any) -> Iterator[int]:
        with self._lock:
            self.seen.append((request.url.path.rpartition("/")[2], request.headers.get("x-spree-order-token", "")))
            number = len(self.seen)
            self.under_way += 1
            self.most = max(self.most, self.under_way)
        try:
            yield number
        finally:
            with self._lock:
                self.under_way -= 1

    def _response(self, request: Any) -> Any:
        status = self.statuses.pop(0) if self.statuses else 200
        if status != 200:
            return httpx.Response(status, json={"error": "no"})
        kind = "order" if "platform" in request.url.path else "cart"
        return httpx.Response(200, json={"data": {"id": "1", "type": kind, "attributes": {}, "relationships": {}}})

    def handle(self, request: Any) -> Any:
        """Answer a request of a sync client."""
        with self._counted(request) as number:
            self.hold(number)
            return self._response(request)

    async def handle_async(self, request: Any) -> Any:
        """Answer a request of an async client."""
        with self._counted(request) as number:
            held = self.hold(number)
            if held is not None:
                await held
            for _ in range(5):
                await anyio.lowlevel.checkpoint()
            return self._response(request)

    def client(self, **options: Any) -> SpreeClient:
        """A client of the shop."""
        http_client = httpx.Client(transport=httpx.MockTransport(self.handle))
        return SpreeClient("http://shop.test", "admin-token", http_client=http_client, **options)

    def async_client(self, **options: Any) -> AsyncSpreeClient:
        """An async client of the shop."""
        http_client = httpx.AsyncClient(transport=httpx.MockTransport(self.handle_async))
        return AsyncSpreeClient("http://shop.test", "admin-token", http_client=http_client, **options)
