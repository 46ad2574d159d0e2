"""What sends webhook deliveries while a mock is served, to each endpoint on its own: one that hangs delays no other.

A delivery may take as long as its system's timeout. What is under way is limited all the same, by sockets that the
process may open. When all places are taken, an endpoint that may be quick gets the place of the one that has kept its
own for longest; what is put off that way is sent again later. An endpoint that hung before is a *suspect* until it
responds: it waits for one of a few places of their own, and is served after the others.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import Final

from store_credit_mock.core.engine import BaseEngine
from store_credit_mock.server.open_files import allowed
from store_credit_mock.server.webhook_client import WebhookClient
from store_credit_mock.systems.outbox import Delivery, Outbox, Outcome

__all__ = ["WebhookSender", "deliver_forever"]

POLL_SECONDS: Final = 1.0
"""How often the outbox is looked at without a reason; any write or control call is one."""

PLACES: Final = 2_048
"""Deliveries under way at once, unless the process may open fewer than twice as many files: each takes one."""
SUSPECTS: Final = 64
"""How many of them may be to endpoints that hung."""
PATIENCE: Final = 0.25
"""Seconds after which a delivery makes room where all places are taken."""
_IN_A_ROW: Final = 100
"""Deliveries to one endpoint before it is another's turn."""


class _Sending:
    """What goes to one endpoint: one delivery after the other.

    Attributes:
        delivery: What has been taken out of the outbox and not settled; None in between.
        since: When that was begun; never, while it waits for its first turn of the loop.
        suspect: Whether the endpoint hung before.
        task: Sends.
    """

    __slots__ = ("delivery", "since", "suspect", "task")

    def __init__(self, delivery: Delivery, *, suspect: bool) -> None:
        self.delivery: Delivery | None = delivery
        self.since = math.inf
        self.suspect = suspect
        self.task: asyncio.Task[None] | None = None


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
        self._suspects: set[str] = self._known_suspects()
        self._left_waiting = False
        self._outcomes: list[tuple[Delivery, Outcome]] = []
        self._noted: asyncio.Future[None] | None = None

    def __len__(self) -> int:
        return len(self._under_way)

    def start(self) -> bool:
        """Start sending what is due, as far as there are places; returns whether something waits for one."""
        self._begin_anew_after_reset()
        waiting = [one for one in self._outbox.waiting(self._engine) if one not in self._under_way]
        self._left_waiting = False
        busy = sum(sending.suspect for sending in self._under_way.values())
        chosen: list[str] = []
        old, put_off = self._old(), list[_Sending]()
        for endpoint in sorted(waiting, key=self._suspects.__contains__):
            suspect = endpoint in self._suspects
            full = len(self._under_way) + len(chosen) >= self._places
            hindering = next(old, None) if full and not suspect else None
            if (full and hindering is None) or (suspect and busy >= self._most_suspects):
                self._left_waiting = True
                break
            if hindering is not None:
                self._suspects.add(hindering)
                put_off.append(self._under_way.pop(hindering))
            busy += suspect
            chosen.append(endpoint)
        self._put_off(put_off)
        if chosen:
            for delivery in self._outbox.take_each(self._engine, chosen):
                endpoint = delivery.endpoint
                sending = self._under_way[endpoint] = _Sending(delivery, suspect=endpoint in self._suspects)
                sending.task = asyncio.create_task(self._drain(endpoint, sending))
        return self._left_waiting

    def _known_suspects(self) -> set[str]:
        """Kept where a reset removes them: the next endpoints have the same ids."""
        return self._engine.sandbox.process_cache.setdefault("webhooks.suspects", set())

    def _begin_anew_after_reset(self) -> None:
        known = self._known_suspects()
        if known is not self._suspects:
            self._suspects = known
            before = list(self._under_way.values())
            self._under_way.clear()
            self._put_off(before)

    def _old(self) -> Iterator[str]:
        """Tell which deliveries have been under way for long, the longest first."""
        now = self._clock()
        for endpoint, sending in sorted(self._under_way.items(), key=lambda one: one[1].since):
            if now - sending.since < self._patience:
                return
            if sending.delivery is not None:
                yield endpoint

    def _put_off(self, sendings: Iterable[_Sending]) -> None:
        """Stop sending; another may send it then, without waiting for the lease."""
        deliveries: list[tuple[Delivery, Outcome]] = []
        for sending in sendings:
            if sending.task is not None:
                sending.task.cancel()
            if sending.delivery is not None:
                deliveries.append((sending.delivery, None))
                sending.delivery = None
        if deliveries:
            self._outbox.settle_each(self._engine, deliveries)

    async def _drain(self, endpoint: str, sending: _Sending) -> None:
        more = True
        try:
            for _ in range(_IN_A_ROW):
                delivery = sending.delivery or self._outbox.take(self._engine, endpoint)
                if delivery is None:
                    more = False
                    break
                sending.delivery, sending.since = delivery, self._clock()
                if await self._deliver(sending, delivery):
                    break
        except Exception:  # noqa: BLE001 - a storage that fails now may do so only now; deliveries stay there
            self._leave(endpoint, sending)
        else:
            self._leave(endpoint, sending)
            if more or self._left_waiting:
                self._done()

    def _leave(self, endpoint: str, sending: _Sending) -> None:
        if self._under_way.get(endpoint) is sending:
            del self._under_way[endpoint]

    async def _deliver(self, sending: _Sending, delivery: Delivery) -> bool:
        """Send one delivery; returns whether the receiver hung."""
        hung = False
        try:
            async with asyncio.timeout(self._outbox.timeout):
                outcome: Outcome = await self._send(delivery)
        except TimeoutError:
            outcome = f"no response within {self._outbox.timeout:g} s"
            hung = True
        except Exception as error:  # noqa: BLE001 - whatever went wrong, the receiver has not taken the event
            outcome = f"{type(error).__name__}: {error}"
        (self._suspects.add if hung else self._suspects.discard)(delivery.endpoint)
        # From here on it can no longer be put off.
        sending.delivery = None
        await self._settle(delivery, outcome)
        return hung

    async def _settle(self, delivery: Delivery, outcome: Outcome) -> None:
        """Settle a delivery, in one transaction with all others of this turn of the loop: many may time out at once."""
        if self._noted is None:
            loop = asyncio.get_running_loop()
            self._noted = loop.create_future()
            loop.call_soon(self._note)
        self._outcomes.append((delivery, outcome))
        await asyncio.shield(self._noted)

    def _note(self) -> None:
        outcomes, noted = self._outcomes, self._noted
        self._outcomes, self._noted = [], None
        if noted is None:
            return
        try:
            self._outbox.settle_each(self._engine, outcomes)
        except Exception as error:  # noqa: BLE001 - raised where it is waited for
            noted.set_exception(error)
        else:
            noted.set_result(None)

    async def close(self) -> None:
        """Put off what is under way."""
        sendings = list(self._under_way.values())
        self._under_way.clear()
        self._note()
        self._put_off(sendings)
        await asyncio.gather(*(one.task for one in sendings if one.task is not None), return_exceptions=True)


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
                    client = WebhookClient(outbox.certificates(engine.sandbox))
                    senders[number] = WebhookSender(
                        engine, outbox, client.send, changed.set, places=max(8, min(PLACES, allowed() // 2))
                    )
                    opened.push_async_callback(senders[number].close)
                try:
                    if senders[number].start():
                        pause = PATIENCE
                except Exception:  # noqa: BLE001 - as in `WebhookSender`
                    await asyncio.sleep(POLL_SECONDS)
