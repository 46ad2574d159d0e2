"""What sends webhook deliveries while a mock is served, to each endpoint on its own: one that hangs delays no other.

A delivery may take as long as its system's timeout. What is under way is limited all the same, by sockets that the
process may open. When all places are taken, an endpoint that may be quick gets the place of the one that has kept its
own for longest; what is put off that way is sent again later. An endpoint that hung before is a *suspect* until it
responds: it waits for one of a few places of their own, and is served after the others.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final

from store_credit_mock.core.engine import BaseEngine
from store_credit_mock.sandbox import Sandbox
from store_credit_mock.systems.outbox import Delivery, Outbox, Outcome

__all__ = ["WebhookSender", "deliver_forever"]

POLL_SECONDS: Final = 1.0
"""How often the outbox is looked at without a reason; any write or control call is one."""

PLACES: Final = 512
"""Deliveries under way at once, unless the process may open fewer than twice as many files."""
SUSPECTS: Final = 64
"""How many of them may be to endpoints that hung."""
PATIENCE: Final = 0.25
"""Seconds after which a delivery makes room where all places are taken."""
_IN_A_ROW: Final = 100
"""Deliveries to one endpoint before it is another's turn."""


class _Sending:
    """What goes to one endpoint: one delivery after the other."""

    __slots__ = ("since", "suspect", "task")

    def __init__(self, task: asyncio.Task[None], since: float, *, suspect: bool) -> None:
        self.task = task
        self.since = since
        self.suspect = suspect


class WebhookSender:
    """Sends what is due of one outbox.

    Args:
        engine: Whose outbox.
        outbox: The outbox.
        send: Delivers one and returns the receiver's status; an exception counts as no response.
        done: Called when a place is free that something waits for.
        places: How many deliveries may be under way at once.
        suspects: How many of them may be to endpoints that hung.
        patience: Seconds after which a delivery makes room where all places are taken.
        clock: Tells seconds.
    """

    def __init__(
        self,
        engine: BaseEngine,
        outbox: Outbox,
        send: Callable[[Delivery], Awaitable[int]],
        done: Callable[[], object],
        *,
        places: int = PLACES,
        suspects: int = SUSPECTS,
        patience: float = PATIENCE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine = engine
        self._outbox = outbox
        self._send = send
        self._done = done
        self._places, self._most_suspects, self._patience, self._clock = places, suspects, patience, clock
        self._under_way: dict[str, _Sending] = {}
        self._suspects: set[str] = set()
        self._left_waiting = False

    def __len__(self) -> int:
        return len(self._under_way)

    def start(self) -> bool:
        """Start sending what is due, as far as there are places; returns whether something waits for one."""
        waiting = [one for one in self._outbox.waiting(self._engine) if one not in self._under_way]
        self._left_waiting = False
        busy = sum(sending.suspect for sending in self._under_way.values())
        for endpoint in sorted(waiting, key=self._suspects.__contains__):
            suspect = endpoint in self._suspects
            full = len(self._under_way) >= self._places
            if (suspect and (full or busy >= self._most_suspects)) or (full and not self._make_room()):
                self._left_waiting = True
                break
            busy += suspect
            task = asyncio.create_task(self._drain(endpoint))
            self._under_way[endpoint] = _Sending(task, self._clock(), suspect=suspect)
        return self._left_waiting

    def _make_room(self) -> bool:
        """Put off the delivery that has been under way for longest, if that is long."""
        endpoint = min(self._under_way, key=lambda one: self._under_way[one].since)
        sending = self._under_way[endpoint]
        if self._clock() - sending.since < self._patience:
            return False
        sending.task.cancel()
        self._suspects.add(endpoint)
        del self._under_way[endpoint]
        return True

    async def _drain(self, endpoint: str) -> None:
        sending, more = self._under_way[endpoint], True
        try:
            for _ in range(_IN_A_ROW):
                delivery = self._outbox.take(self._engine, endpoint)
                if delivery is None:
                    more = False
                    break
                sending.since = self._clock()
                if await self._deliver(delivery):
                    self._suspects.add(endpoint)
                    break
                self._suspects.discard(endpoint)
        except Exception:  # noqa: BLE001 - a storage that fails now may do so only now; deliveries stay there
            self._leave(endpoint, sending)
        else:
            self._leave(endpoint, sending)
            if more or self._left_waiting:
                self._done()

    def _leave(self, endpoint: str, sending: _Sending) -> None:
        if self._under_way.get(endpoint) is sending:
            del self._under_way[endpoint]

    async def _deliver(self, delivery: Delivery) -> bool:
        """Send one delivery; returns whether the receiver hung."""
        outcome: Outcome = None
        try:
            async with asyncio.timeout(self._outbox.timeout):
                outcome = await self._send(delivery)
        except TimeoutError:
            outcome = f"no response within {self._outbox.timeout:g} s"
            return True
        except Exception as error:  # noqa: BLE001 - whatever went wrong, the receiver has not taken the event
            outcome = f"{type(error).__name__}: {error}"
        finally:
            # Also when it is put off or the server ends: another may send it then, without waiting for the lease.
            self._outbox.settle(self._engine, delivery, outcome)
        return False

    async def close(self) -> None:
        """Put off what is under way."""
        tasks = [sending.task for sending in self._under_way.values()]
        self._under_way.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def deliver_forever(engine: BaseEngine, changed: asyncio.Event) -> None:
    """Deliver what is due, for as long as the server runs."""
    outboxes = [system.outbox for system in engine.systems.values() if system.outbox is not None]
    senders: dict[int, WebhookSender] = {}
    pause = POLL_SECONDS
    async with contextlib.AsyncExitStack() as opened:
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(changed.wait(), pause)
            changed.clear()
            pause = POLL_SECONDS
            for number, outbox in enumerate(outboxes):
                if not outbox.has_endpoints(engine.sandbox):
                    continue
                if number not in senders:
                    client = await opened.enter_async_context(_Client(outbox, engine.sandbox))
                    senders[number] = WebhookSender(engine, outbox, client.send, changed.set, places=_places())
                    opened.push_async_callback(senders[number].close)
                try:
                    if senders[number].start():
                        pause = PATIENCE
                except Exception:  # noqa: BLE001 - as in `WebhookSender`
                    await asyncio.sleep(POLL_SECONDS)


class _Client:
    """Sends deliveries over HTTP.

    Trusted are the usual certificates, or those that SSL_CERT_FILE or SSL_CERT_DIR names, and the outbox's own.
    Proxies of the environment are passed by: receivers are near.
    """

    def __init__(self, outbox: Outbox, sandbox: Sandbox) -> None:
        self._own = outbox.certificates(sandbox)
        self._client: Any = None
        self._problem = ""

    async def __aenter__(self) -> _Client:
        from store_credit_mock.http_libraries import httpx

        context: ssl.SSLContext | bool = True
        try:
            context = httpx.create_ssl_context()
            if self._own is not None:
                context.load_verify_locations(cafile=self._own)
        except OSError as error:
            # Told by every delivery over https: only they are concerned.
            self._problem = f"the certificates of SSL_CERT_FILE, SSL_CERT_DIR or --webhook-ca cannot be read: {error}"
        # How many there are is the sender's business, and each delivery has a timeout of its own.
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=20)
        self._client = httpx.AsyncClient(trust_env=False, timeout=None, limits=limits, verify=context)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def send(self, delivery: Delivery) -> int:
        """POST a delivery; returns the status, which is all that counts: a body is not waited for."""
        if self._problem and delivery.url.lower().startswith("https:"):
            raise ValueError(self._problem)
        sent = self._client.stream("POST", delivery.url, content=delivery.body, headers=delivery.headers)
        async with sent as answer:
            return answer.status_code


def _places() -> int:
    """How many deliveries may be under way, as each takes a file of those that the process may open."""
    try:
        import resource
    except ImportError:
        return PLACES // 2
    return max(8, min(PLACES, resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 2))
