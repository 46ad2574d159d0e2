"""Exactly once: whatever is lost on the way, no credit is doubled, none is lost, and what is unknown is called so.

`scripts/test tests/soak --soak 20000` goes on for as long as it is let.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import store_credit
from ledger_assertions import FINE
from served_mock import SPREE_TOKEN, Served, start
from spree_v3_issuer import SpreeV3Issuer
from store_credit_mock import Contract, Fault, Options
from store_credit_mock.control import ControlError
from store_credit_mock.mock import VINR_KEY, Mock
from store_credit_mock.systems.spree_v3.options import SECRET_KEY
from strategies import (
    Intent,
    SpreeIssuer,
    Tally,
    Verdict,
    VinrIssuer,
    ask,
    impatient,
    plan,
    trouble,
)


def said(intents: list[Intent]) -> Counter[str]:
    """What the SDK said of them."""
    return Counter(intent.outcome for intent in intents)


async def in_turn(issuer: Any, client: Any, intents: Iterator[Intent], done: Callable[[], None] | None = None) -> None:
    """One worker: take the next intention until there is none."""
    for intent in intents:
        await issuer(client, intent)
        if done is not None:
            done()


def share(intents: list[Intent]) -> Iterator[Intent]:
    """Let several workers take intentions from one place."""
    lock, rest = threading.Lock(), iter(intents)

    def take() -> Intent | None:
        with lock:
            return next(rest, None)

    return iter(take, None)


def on_threads(*works: Callable[[], Any]) -> Callable[[], None]:
    """Start each on a thread; returns what waits for them and raises what the first one raised that failed."""
    failures: list[BaseException] = []

    def guarded(work: Callable[[], Any]) -> None:
        try:
            work()
        except BaseException as failure:  # noqa: BLE001 - raised where the test sees it
            failures.append(failure)

    threads = [threading.Thread(target=guarded, args=(work,), daemon=True) for work in works]
    for thread in threads:
        thread.start()

    def wait() -> None:
        for thread in threads:
            thread.join()
        if failures:
            raise failures[0]

    return wait


@pytest.mark.parametrize("system", [VinrIssuer, SpreeIssuer], ids=["VINR", "Spree"])
@pytest.mark.parametrize("workers", ["one", "many", "one async", "many async"])
def test_lost_answers_never_double_a_credit(
    store_credit_mock_contract: Contract,
    number: int,
    note: Callable[[Tally], None],
    system: type[VinrIssuer | SpreeIssuer],
    workers: str,
) -> None:
    """In process, sync and async, one worker and several that share a client."""
    issuer: Any = system()
    intents = plan(number)
    rest = share(intents)
    several = 4 if "many" in workers else 1
    with Mock(store_credit_mock_contract, options=Options(seed=5)) as mock:
        # The client's read timeout is 30 s; delays take no time here, and a late response is one that never comes.
        for fault in trouble("*", 1.0, late=60.0):
            mock.engine.faults.add(fault)
        patient, awaited = (mock.spree, mock.async_spree) if system is SpreeIssuer else (mock.vinr, mock.async_vinr)
        client: Any = awaited if "async" in workers else patient
        pauses = impatient(client, mock.control.clock().now)
        if "async" in workers:

            async def work() -> None:
                await asyncio.gather(*(in_turn(issuer, client, rest) for _ in range(several)))

            asyncio.run(work())
        else:
            on_threads(*[lambda: asyncio.run(in_turn(issuer, client, rest))] * several)()
        struck = sum(fault["struck"] for fault in mock.engine.faults.as_dicts())
        mock.engine.faults.clear()
        verdict = issuer.check(patient, intents)
        note(Tally(f"{system.name}, {workers}", said(intents), verdict, issuer.calls, struck, sum(pauses)))
        assert verdict.right, verdict
        assert mock.control.invariants() == FINE


class Lives:
    """A served mock on a file that is killed again and again, always at the same address."""

    def __init__(self, database: Path, faults: list[Fault]) -> None:
        self._options = ["--db", str(database)]
        self._faults = faults
        self._alive = threading.Event()
        self._lives = 0
        self.struck: Counter[str] = Counter()
        self.mock = self._start()
        self._options += ["--port", self.mock.url.rpartition(":")[2]]

    def _start(self) -> Served:
        self._lives += 1
        mock = start(*self._options, "--seed", str(self._lives))
        for fault in self._faults:
            mock.control.add_fault(fault)
        self._alive.set()
        return mock

    def _count(self) -> None:
        for fault in self.mock.control.faults():
            self.struck[fault.operation] += fault.struck

    def kill(self) -> None:
        """SIGKILL in the middle of whatever it does, and start again."""
        # What strikes between this look and the kill is not counted.
        self._count()
        self._alive.clear()
        self.mock.kill()
        self.mock = self._start()

    def settle(self) -> None:
        """End it in peace, so that what still waits in it is done or gone, and start it again without any trouble."""
        self._count()
        self._faults = []
        self.mock.process.terminate()
        self.mock.end()
        self.mock = self._start()

    def wait(self) -> None:
        """Wait until it lives."""
        assert self._alive.wait(60), "the mock did not come back"

    async def ready(self) -> None:
        """The same in async code."""
        if not self._alive.is_set():
            await asyncio.to_thread(self.wait)

    def close(self) -> None:
        """End the last one."""
        if self.mock.process.poll() is None:
            self.mock.process.terminate()
        self.mock.end()


def clients(url: str) -> dict[str, tuple[Callable[[], Any], Callable[[], Any]]]:
    """How to make a client of each system, sync and async, that waits 0.3 s for a response."""
    timeout = store_credit.Timeout(read=0.3, connect=5, write=5, pool=5)
    vinr = {"api_key": VINR_KEY, "base_url": url, "timeout": timeout}
    spree = {"token": SPREE_TOKEN, "base_url": url, "timeout": timeout}
    v3 = {"secret_key": SECRET_KEY, "base_url": url, "timeout": timeout}
    return {
        "spree_v3.*": (lambda: store_credit.SpreeAdminClient(**v3), lambda: store_credit.AsyncSpreeAdminClient(**v3)),
        "vinr.*": (lambda: store_credit.VinrClient(**vinr), lambda: store_credit.AsyncVinrClient(**vinr)),
        "spree.*": (lambda: store_credit.SpreeClient(**spree), lambda: store_credit.AsyncSpreeClient(**spree)),
    }


@pytest.mark.slow
def test_a_mock_that_is_killed_and_started_again(tmp_path: Path, number: int, note: Callable[[Tally], None]) -> None:
    """Sync and async workers on all systems, while the process is killed on its file again and again."""
    pytest.importorskip("uvicorn", reason="the extra `server` is not installed")
    systems = {"vinr.*": VinrIssuer, "spree.*": SpreeIssuer, "spree_v3.*": SpreeV3Issuer}
    lives = Lives(tmp_path / "mock.db", [fault for name in systems for fault in trouble(name, 0.002, late=0.4)])
    made = clients(lives.mock.url)
    today = lives.mock.control.clock().now
    issuers: dict[str, Any] = {name: system(lives.ready) for name, system in systems.items()}
    plans = {name: plan(number) for name in systems}
    pauses: dict[str, list[list[float]]] = {name: [] for name in systems}
    kills = 2 + number // 200
    counted = threading.Condition()
    finished = 0

    def done() -> None:
        nonlocal finished
        with counted:
            finished += 1
            counted.notify()

    def work(name: str, rest: Iterator[Intent]) -> None:
        with made[name][0]() as client:
            pauses[name].append(impatient(client, today))
            asyncio.run(in_turn(issuers[name], client, rest, done))

    async def work_async(name: str, rest: Iterator[Intent]) -> None:
        async with made[name][1]() as client:
            pauses[name].append(impatient(client, today))
            await asyncio.gather(*(in_turn(issuers[name], client, rest, done) for _ in range(4)))

    try:
        works: list[Callable[[], Any]] = []
        for name, intents in plans.items():
            rest = share(intents)
            works += [partial(work, name, rest)] * 2
            works.append(partial(lambda name, rest: asyncio.run(work_async(name, rest)), name, rest))
        wait = on_threads(*works)
        for kill in range(1, kills + 1):
            until = len(systems) * number * kill // (kills + 1)
            with counted:
                counted.wait_for(lambda until=until: finished >= until, 600)
            lives.kill()
        wait()
        lives.settle()
        for name, intents in plans.items():
            with made[name][0]() as client:
                if name == "spree_v3.*":
                    impatient(client, today)
                    issuers[name].finish(client)
                verdict = issuers[name].check(client, intents)
            slept = sum(map(sum, pauses[name]))
            called = f"{systems[name].name}, served and killed"
            note(Tally(called, said(intents), verdict, issuers[name].calls, lives.struck[name], slept, kills))
            assert verdict.right, verdict
        assert lives.mock.control.invariants() == FINE
    finally:
        lives.close()


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_lost_answers_never_spend_credit_twice(
    store_credit_mock_contract: Contract, number: int, note: Callable[[Tally], None], kind: str
) -> None:
    """Credit is applied to carts, taken off and applied again, with answers lost: what is spent is what was paid."""
    # All of one user, so that each of them looks at all of the credits.
    carts = min(max(number // 4, 4), 200)
    with Mock(store_credit_mock_contract, options=Options(seed=8)) as mock:
        control = mock.control.spree
        client: Any = mock.spree if kind == "sync" else mock.async_spree
        pauses = impatient(client, mock.control.clock().now)
        user = control.add_user("soak@example.com").id
        token = control.issue_token(user_id=user).token
        given = [
            mock.spree.store_credits.create(
                user_id=user, category_id="1", created_by_id="1", amount=Decimal("30.00"), currency="USD"
            )
            for _ in range(max(carts // 8, 1))
        ]
        for fault in trouble("spree.*", 1.0, late=60.0):
            mock.engine.faults.add(fault)
        steps: Counter[str] = Counter()

        async def spend(place: int) -> str:
            """Pay a cart with credit as far as it goes; returns its number."""
            cart = control.create_cart(user_id=user)
            order = cart.number
            control.add_item(order, price="7.00")

            def apply() -> Any:
                if place % 3 == 0:
                    return client.orders.use_store_credit(order)
                return client.checkout.add_store_credit(order_token=cart.token)

            def take_off() -> Any:
                return client.checkout.remove_store_credit(order_token=cart.token)

            for step in (apply, take_off, apply, apply):
                for _ in range(1000):
                    try:
                        await ask(step)
                    except store_credit.ValidationError:
                        # There is no credit left.
                        steps["refused"] += 1
                        break
                    except store_credit.StoreCreditError:
                        steps["unknown"] += 1
                    else:
                        steps["created"] += 1
                        break
            with contextlib.suppress(ControlError):
                control.complete(order)
            return order

        async def spend_all() -> list[str]:
            if kind == "sync":
                return [await spend(place) for place in range(carts)]
            return list(await asyncio.gather(*(spend(place) for place in range(carts))))

        orders = asyncio.run(spend_all())
        struck = sum(fault["struck"] for fault in mock.engine.faults.as_dicts())
        mock.engine.faults.clear()
        paid = {credit.id: Decimal(0) for credit in given}
        for order in orders:
            for payment in control.cart(order).payments:
                if payment.state == "completed":
                    paid[str(payment.store_credit_id)] += Decimal(payment.amount)
        used = {credit.id: credit.amount_used for credit in mock.spree.store_credits.list(filter={"user_id_eq": user})}
        left = Decimal(str(mock.spree.account.retrieve(customer_token=token).store_credits))
        verdict = Verdict(lost=[] if used == paid else [(used, paid)])
        note(Tally(f"Spree, spending, {kind}", steps, verdict, steps.total(), struck, sum(pauses)))
        assert used == paid
        assert left == 30 * len(given) - sum(paid.values())
        assert sum(paid.values()) == min(30 * len(given), 7 * carts)
        found = mock.control.invariants()
        assert found.broken == []
        assert {finding.rule for finding in found.allowed} <= {"applied_within_remaining"}
