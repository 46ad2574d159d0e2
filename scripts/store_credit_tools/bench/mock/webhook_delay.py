"""How long an event is under way to an endpoint that responds, alone and beside a thousand that hang."""

from __future__ import annotations

import asyncio
import queue
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from statistics import median
from threading import Thread
from typing import cast

import httpx
import orjson

from store_credit_tools.bench.groups import Effort, Group
from store_credit_tools.bench.mock import traffic
from store_credit_tools.bench.mock.servers import CONTROL_TOKEN, mock
from store_credit_tools.bench.processes import BenchmarkError
from store_credit_tools.bench.results import Comparison

__all__ = ["GROUPS", "Receivers"]

HANGING = 1_000
EVENTS = 5
"""How many events make one figure."""
ROUNDS = 5
SECONDS = 30
"""How long an event may be under way at most."""


class _Receiver(asyncio.Protocol):
    """One connection to a receiver. A stream would cost more than the mock takes to send the event."""

    def __init__(self, came: queue.Queue[tuple[str, float]]) -> None:
        self._came = came
        self._unread = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._unread += data
        head, end, rest = self._unread.partition(b"\r\n\r\n")
        head = head.lower()
        length = int(head.partition(b"content-length:")[2].split(b"\r\n")[0] or 0)
        if not end or len(rest) < length or self._transport is None:
            return
        self._unread = rest[length:]
        if head.startswith(b"post /good "):
            self._came.put((orjson.loads(rest[:length])["data"]["object"]["id"], time.perf_counter()))
        if not head.startswith(b"post /hang/"):
            self._transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")


class Receivers:
    """All receivers, at one address: those below `/hang/` take the event and never respond.

    Attributes:
        url: Where they listen.
        came: The credit of each event at `/good`, with the time (`time.perf_counter`) at which it was there.
    """

    def __init__(self) -> None:
        self.url = ""
        self.came: queue.Queue[tuple[str, float]] = queue.Queue()

    @contextmanager
    def listening(self) -> Generator[None]:
        """Listen in a thread of their own."""
        started: queue.Queue[Callable[[], object]] = queue.Queue()

        async def listen() -> None:
            ended, loop = asyncio.Event(), asyncio.get_running_loop()
            server = await loop.create_server(lambda: _Receiver(self.came), "127.0.0.1", 0, backlog=2 * HANGING)
            self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            started.put(lambda: loop.call_soon_threadsafe(ended.set))
            await ended.wait()
            server.close()

        thread = Thread(target=asyncio.run, args=(listen(),), daemon=True)
        thread.start()
        end = started.get(timeout=SECONDS)
        try:
            yield
        finally:
            end()
            thread.join(SECONDS)


def _delay(client: httpx.Client, receivers: Receivers, amount: int) -> float:
    """Milliseconds from sending the request that issues a credit until its event is at `/good`."""
    asked = traffic.VINR_OK
    began = time.perf_counter()
    sent = client.post(asked.targets[0], content=asked.numbered(amount), headers=dict(asked.headers))
    sent.raise_for_status()
    try:
        credit, there = receivers.came.get(timeout=SECONDS)
    except queue.Empty:
        raise BenchmarkError(f"an event was not at its endpoint within {SECONDS} s") from None
    if credit != sent.json()["id"]:
        raise BenchmarkError("events came in another order than that of their credits")
    return 1000 * (there - began)


def _register(client: httpx.Client, urls: Sequence[str]) -> None:
    """Empty the mock, and register endpoints in this order."""
    control = {"Authorization": f"Bearer {CONTROL_TOKEN}"}
    client.post("/_mock/reset", headers=control).raise_for_status()
    fixtures = {"vinr": {"webhook_endpoints": [{"url": url} for url in urls]}}
    client.post("/_mock/seed", json=fixtures, headers=control).raise_for_status()


def _round(receivers: Receivers) -> dict[str, float]:
    """One server's life: the good endpoint alone, then registered behind others that respond, then that hang."""
    good = f"{receivers.url}/good"

    def behind(kind: str) -> list[str]:
        return [*(f"{receivers.url}/{kind}/{number}" for number in range(HANGING)), good]

    with mock() as server, httpx.Client(base_url=server.url, trust_env=False, timeout=60) as client:
        _register(client, [good])
        _delay(client, receivers, 1)  # the first one of all makes the client that sends them
        alone = median(_delay(client, receivers, 2 + number) for number in range(EVENTS))
        _register(client, behind("responding"))
        responding = _delay(client, receivers, 100)
        _register(client, behind("hang"))
        first = _delay(client, receivers, 101)
        later = median(_delay(client, receivers, 102 + number) for number in range(EVENTS))
    return {
        "alone": alone,
        "responding": responding,
        "first": first,
        "later": later,
        "first more": first - alone,
        "later more": later - alone,
    }


def _measure(names: Sequence[str], effort: Effort) -> dict[str, list[float]]:
    receivers = Receivers()
    with receivers.listening():
        rounds = [_round(receivers) for _ in range(effort.times(ROUNDS))]
    return {name: [one[name] for one in rounds] for name in names}


_PLACE = f"at a good endpoint behind {HANGING:,} that hang"


def _rows(which: str, event: str) -> list[Comparison]:
    return [
        Comparison(f"{event} {_PLACE}, against the endpoint alone", "ms", which, "alone"),
        Comparison(f"{event} {_PLACE}, more than alone", "ms", f"{which} more", None, 100),
    ]


GROUPS = [
    Group(
        "webhooks",
        [
            *_rows("first", "the first event"),
            Comparison(
                f"the first event {_PLACE}, against behind {HANGING:,} that respond", "ms", "first", "responding"
            ),
            *_rows("later", f"each of the next {EVENTS} events"),
        ],
        _measure,
    )
]
