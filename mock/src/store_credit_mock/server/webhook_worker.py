"""The workers that send webhook deliveries while a mock is served."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any, Final

from store_credit_mock.core.engine import BaseEngine
from store_credit_mock.systems.outbox import Attempt, Outbox

__all__ = ["WEBHOOK_WORKERS", "deliver_forever"]

POLL_SECONDS: Final = 1.0
"""How often the outbox is looked at without a reason; any write or control call is one."""

WEBHOOK_WORKERS: Final = 4
"""Deliveries under way at once, each to another endpoint: one that hangs does not hold up the others."""


async def deliver_forever(engine: BaseEngine, changed: asyncio.Event) -> None:
    """Deliver what is due, for as long as the server runs."""
    outboxes = [system.outbox for system in engine.systems.values() if system.outbox is not None]
    client: Any = None
    try:
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(changed.wait(), POLL_SECONDS)
            changed.clear()
            for outbox in outboxes:
                if not outbox.has_endpoints(engine.sandbox):
                    continue
                if client is None:
                    from store_credit_mock.http_libraries import httpx

                    client = httpx.AsyncClient(trust_env=False, timeout=None)  # each delivery has its own
                try:
                    await _deliver(engine, outbox, client)
                except Exception:  # noqa: BLE001 - a storage that fails now may do so only now; deliveries stay there
                    await asyncio.sleep(POLL_SECONDS)
    finally:
        if client is not None:
            await client.aclose()


async def _deliver(engine: BaseEngine, outbox: Outbox, client: Any) -> list[Attempt]:
    steps = outbox.attempts(engine)
    try:
        delivery = next(steps)
        while True:
            try:
                # The status is all that counts; a body is not waited for, however long it is.
                async with asyncio.timeout(outbox.timeout):
                    sent = client.stream("POST", delivery.url, content=delivery.body, headers=delivery.headers)
                    async with sent as answer:
                        outcome: int | str = answer.status_code
            except TimeoutError:
                outcome = f"no response within {outbox.timeout:g} s"
            except Exception as error:  # noqa: BLE001 - whatever went wrong, the receiver has not taken the event
                outcome = f"{type(error).__name__}: {error}"
            delivery = steps.send(outcome)
    except StopIteration as stop:
        return stop.value
