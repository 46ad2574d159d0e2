"""A state machine that tries to break VINR's books."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from threading import Thread
from typing import Any, ClassVar

import orjson
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from benches import Bench, error
from ledger_assertions import FINE, Journal, search
from store_credit_mock import Contract, Engine, Fault, Options, Request
from store_credit_mock.control import ControlError
from store_credit_mock.systems.vinr.purchases import Purchase

PATH = "/v1/store-credit"
# One of each is met often, so that purchases are paid with several credits.
CUSTOMERS = ("cust_8aZ2", "cust_8aZ2", "cust_8aZ2", "cust_b")
CURRENCIES = ("USD", "USD", "USD", "EUR")
DAY = 24 * 3600

# What happens to the first attempt, and whether it was carried out all the same.
TROUBLE: dict[str, tuple[dict[str, Any], bool]] = {
    "cut before": ({"drop": True}, False),
    "cut after": ({"drop": True, "when": "after"}, True),
    "500 before": ({"status": 500}, False),
    "500 after": ({"status": 500, "when": "after"}, True),
    "429": ({"status": 429}, False),
    "503": ({"status": 503}, False),
    "cut short": ({"truncate": 7}, True),
    "malformed": ({"malformed": True}, True),
    "violates the OpenAPI document": ({"breaks_document": True}, True),
    "late": ({"delay": 3.0}, True),
}
TROUBLES = st.none() | st.sampled_from(sorted(TROUBLE))


@dataclass
class Credit:
    """What the model knows of a credit."""

    customer: str
    currency: str
    remaining: int
    expires_at: int | None

    def usable(self, now: int) -> bool:
        """Whether it can be spent at a time, in Unix milliseconds: never at or after its end."""
        return self.expires_at is None or self.expires_at * 1000 > now


@dataclass
class State:
    """The model: plain numbers, with nothing of the mock's in them."""

    credits: dict[str, Credit]
    open: dict[str, int]
    """By purchase: what can still be refunded."""
    keys: dict[str, tuple[dict[str, Any], int, str]]
    """By idempotency key: the body, when it was carried out in Unix milliseconds, the credit."""


class VinrMachine(RuleBasedStateMachine):
    """Issues, changes, spends, refunds and goes back in time, in any order and with lost responses between."""

    contract: ClassVar[Contract]
    issued = Bundle("issued")
    bought = Bundle("bought")
    keys = Bundle("keys")
    snapshots = Bundle("snapshots")

    @initialize()
    def start(self) -> None:
        """An empty VINR with two customers."""
        self.bench = Bench(Engine(self.contract, options=Options(seed=1), sleep=lambda _: None))
        self.bench.control.vinr.add_customer("cust_b")
        self.journal = Journal(self.bench.engine)
        self.model = State({}, {}, {})
        self.made = 0

    def teardown(self) -> None:
        """Let go of the engine."""
        if hasattr(self, "bench"):
            self.bench.engine.close()

    # Issuing and changing

    @rule(
        target=issued,
        customer=st.sampled_from(CUSTOMERS),
        amount=st.integers(1, 500),
        currency=st.sampled_from(CURRENCIES),
        ends=st.none() | st.integers(2, 300),
        trouble=TROUBLES,
    )
    def issue(self, customer: str, amount: int, currency: str, ends: int | None, trouble: str | None) -> str:
        """Issue under a key; the first response may be lost, and the retry must not issue again."""
        body = self.body(customer, amount, currency, ends)
        key = self.key()
        made = self.twice("POST", PATH, body, key, trouble, 201)
        return self.keep(made["id"], body, key)

    @rule(target=issued, amount=st.integers(1, 500), ends=st.none() | st.integers(2, 300))
    def twin(self, amount: int, ends: int | None) -> str:
        """A twin that comes while the first request waits is told to wait, and does not issue."""
        body, key = self.body("cust_b", amount, "USD", ends), self.key()
        self.bench.engine.faults.add(Fault("vinr.*.create", nth=1, delay=1.0))
        headers = {"X-Api-Key": self.bench.key, "Idempotency-Key": key, "Content-Type": "application/json"}
        steps = self.bench.engine.handle_steps(Request.build("POST", PATH, headers, orjson.dumps(body)))
        next(steps)
        refused = self.bench.send("POST", PATH, body, {"Idempotency-Key": key})
        assert error(refused)["code"] == "idempotency_in_progress"
        with pytest.raises(StopIteration) as stop:
            next(steps)
        self.bench.engine.faults.clear()
        assert stop.value.value.status == 201
        return self.keep(orjson.loads(stop.value.value.body)["id"], body, key)

    @rule(target=keys)
    def remember(self) -> str:
        """Remember the last key, to be used again later."""
        return f"key-{self.made}"

    @rule(target=issued, key=keys)
    def use_again(self, key: str) -> Any:
        """A known key gives the first response again, until it is a day old; then it issues anew."""
        if key not in self.model.keys:
            return multiple()
        body, at, identity = self.model.keys[key]
        age = self.now() - at
        if abs(age - DAY * 1000) < 10:
            return multiple()
        answer = self.bench.send("POST", PATH, body, {"Idempotency-Key": key})
        if age < DAY * 1000:
            assert (answer.status, orjson.loads(answer.body)["id"]) == (201, identity)
            return multiple()
        if body["expires_at"] is not None and body["expires_at"] * 1000 <= self.now():
            assert answer.status == 400
            return multiple()
        made = orjson.loads(answer.body)["id"]
        assert made != identity
        return self.keep(made, body, key)

    @rule(credit=issued, ends=st.none() | st.integers(2, 300), trouble=TROUBLES)
    def change(self, credit: str, ends: int | None, trouble: str | None) -> None:
        """Give a credit another end."""
        expires_at = None if ends is None else self.bench.seconds() + ends
        if credit not in self.model.credits:
            assert self.bench.send("POST", f"{PATH}/{credit}", {"expires_at": expires_at}).status == 404
            return
        self.twice("POST", f"{PATH}/{credit}", {"expires_at": expires_at}, self.key(), trouble, 200)
        self.model.credits[credit].expires_at = expires_at

    # Time

    @rule(seconds=st.integers(0, 200) | st.just(DAY))
    def wait(self, seconds: int) -> None:
        """Let time pass: credits end, keys are forgotten."""
        self.bench.control.advance(seconds)

    @rule(stop=st.booleans())
    def clock(self, stop: bool) -> None:
        """Stop the clock, or let it run."""
        if stop:
            self.bench.control.freeze()
        else:
            self.bench.control.resume()

    @rule(target=snapshots)
    def save(self) -> Any:
        """Take a snapshot."""
        return self.bench.control.snapshot(), deepcopy(self.model)

    @rule(saved=snapshots)
    def restore(self, saved: tuple[Any, State]) -> None:
        """Go back to one."""
        self.bench.control.restore(saved[0])
        self.model = deepcopy(saved[1])
        self.journal.forget()

    # Spending

    @rule(
        target=bought,
        customer=st.sampled_from(CUSTOMERS),
        amount=st.integers(1, 800),
        currency=st.sampled_from(CURRENCIES),
    )
    def buy(self, customer: str, amount: int, currency: str) -> Any:
        """Buy something: what credit pays is what the model has to spend, and not more."""
        return self.spend(customer, [amount], currency)

    @rule(target=bought, credit=issued, early=st.sampled_from([1, 0, -1]), amount=st.integers(1, 800))
    def buy_at_the_end(self, credit: str, early: int, amount: int) -> Any:
        """Buy in the last millisecond of a credit, at its end, and right after it."""
        known = self.model.credits.get(credit)
        if known is None or known.expires_at is None or known.expires_at * 1000 - early < self.now():
            return multiple()
        moment = known.expires_at * 1000 - early
        self.bench.control.advance((moment - self.now()) / 1000)
        assert self.now() == moment
        return self.spend(known.customer, [amount], known.currency)

    @rule(
        target=bought,
        customer=st.sampled_from(CUSTOMERS),
        amounts=st.lists(st.integers(1, 400), min_size=2, max_size=3),
        currency=st.sampled_from(CURRENCIES),
    )
    def fight(self, customer: str, amounts: list[int], currency: str) -> Any:
        """Buy several things at the same time: together they spend what there is."""
        return self.spend(customer, amounts, currency)

    @rule(purchase=bought | st.just("pur_none"))
    def look(self, purchase: str) -> None:
        """Look at a purchase, or at one that was never made: looking changes nothing."""
        if purchase in self.model.open:
            self.bench.control.vinr.purchase(purchase)
            return
        with pytest.raises(ControlError):
            self.bench.control.vinr.purchase(purchase)

    @rule(target=bought, amounts=st.lists(st.integers(1, 60), min_size=2, max_size=3), less=st.integers(0, 20))
    def buy_with_several(self, amounts: list[int], less: int) -> Any:
        """Buy something that several credits are needed for."""
        for amount in amounts:
            self.issue("cust_8aZ2", amount, "EUR", None, None)
        return self.spend("cust_8aZ2", [max(sum(amounts) - less, 1)], "EUR")

    @rule(purchase=bought, pieces=st.lists(st.integers(1, 40), min_size=2, max_size=4))
    def refund_in_pieces(self, purchase: str, pieces: list[int]) -> None:
        """Take a purchase back bit by bit."""
        for piece in pieces:
            self.refund(purchase, piece)

    @rule(purchase=bought, amount=st.none() | st.integers(1, 800))
    def refund(self, purchase: str, amount: int | None) -> None:
        """Take back all or part of a purchase, or too much of it, or one that was never made."""
        open_amount = self.model.open.get(purchase)
        if open_amount is None or (amount is not None and amount > open_amount):
            with pytest.raises(ControlError):
                self.bench.control.vinr.refund(purchase, amount)
            return
        before = self.bench.control.vinr.purchase(purchase)
        after = self.bench.control.vinr.refund(purchase, amount)
        self.model.open[purchase] -= open_amount if amount is None else amount
        self.given_back(before, after)

    @rule(purchase=bought, amounts=st.lists(st.integers(1, 500), min_size=2, max_size=3))
    def refund_at_once(self, purchase: str, amounts: list[int]) -> None:
        """Take several parts back at the same time: never more than was bought."""
        if purchase not in self.model.open:
            return
        before = self.bench.control.vinr.purchase(purchase)
        taken: list[int] = []

        def refund(amount: int) -> None:
            try:
                self.bench.control.vinr.refund(purchase, amount)
            except ControlError as refusal:
                assert refusal.status == 422  # noqa: PT017 - some of them are carried out
            else:
                taken.append(amount)

        at_once(refund, amounts)
        after = self.bench.control.vinr.purchase(purchase)
        self.model.open[purchase] -= sum(taken)
        assert self.model.open[purchase] == after.due - after.refunded - after.returned >= 0
        self.given_back(before, after)

    # What must hold

    @invariant()
    def books_are_right(self) -> None:
        """Every balance is the model's, the live check finds nothing, and no entry was touched."""
        if not hasattr(self, "bench"):
            return
        assert self.bench.control.invariants() == FINE
        self.journal.check()
        rows = self.bench.engine.transaction(
            lambda call: call.db.all("SELECT id, remaining, expires_at FROM vinr_credit WHERE sandbox = 'default'"),
            write=False,
        )
        expected = {name: (credit.remaining, credit.expires_at) for name, credit in self.model.credits.items()}
        assert {row[0]: row[1:] for row in rows} == expected

    # Steps of the rules

    def now(self) -> int:
        return self.bench.control.clock().now

    def key(self) -> str:
        self.made += 1
        return f"key-{self.made}"

    def body(self, customer: str, amount: int, currency: str, ends: int | None) -> dict[str, Any]:
        expires_at = None if ends is None else self.bench.seconds() + ends
        return {"customer": customer, "amount": amount, "currency": currency, "expires_at": expires_at}

    def keep(self, identity: str, body: dict[str, Any], key: str) -> str:
        self.model.credits[identity] = Credit(body["customer"], body["currency"], body["amount"], body["expires_at"])
        self.model.keys[key] = (body, self.now(), identity)
        return identity

    def twice(
        self, method: str, path: str, body: dict[str, Any], key: str, trouble: str | None, status: int
    ) -> dict[str, Any]:
        """Send under a key, again if there is trouble; returns the response that arrived."""
        headers = {"Idempotency-Key": key}
        carried_out = False
        if trouble is not None:
            fault, carried_out = TROUBLE[trouble]
            self.bench.engine.faults.add(Fault("vinr.*", nth=1, **fault))
            self.bench.send(method, path, body, headers)
            self.bench.engine.faults.clear()
        answer = self.bench.send(method, path, body, headers)
        assert answer.status == status
        assert (answer.header("idempotent-replayed") == "true") is carried_out
        return orjson.loads(answer.body)

    def spend(self, customer: str, amounts: list[int], currency: str) -> Any:
        """Buy at these prices at once; credit pays what there is to spend, each of it once."""
        now = self.now()
        usable = {
            name: credit.remaining
            for name, credit in self.model.credits.items()
            if credit.customer == customer and credit.currency == currency and credit.usable(now)
        }
        made: list[Purchase] = []
        at_once(lambda amount: made.append(self.bench.control.vinr.buy(customer, amount, currency)), amounts)
        assert sum(one.paid_by_credit for one in made) == min(sum(amounts), sum(usable.values()))
        for one in made:
            self.model.open[one.id] = one.due
            for part in one.parts:
                assert part.credit in usable
                self.model.credits[part.credit].remaining -= part.amount
        return multiple(*(one.id for one in sorted(made, key=lambda one: one.due)))

    def given_back(self, before: Purchase, after: Purchase) -> None:
        for old, new in zip(before.parts, after.parts, strict=True):
            self.model.credits[new.credit].remaining += new.refunded - old.refunded


def at_once(work: Callable[[int], object], amounts: list[int]) -> None:
    """Do something with each amount, on a thread of its own if there are several."""
    if len(amounts) == 1:
        work(amounts[0])
        return
    failures: list[BaseException] = []

    def guarded(amount: int) -> None:
        try:
            work(amount)
        except BaseException as failure:  # noqa: BLE001 - raised below, where the machine sees it
            failures.append(failure)

    threads = [Thread(target=guarded, args=(amount,)) for amount in amounts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


@pytest.mark.slow
def test_no_way_is_found_to_break_the_books(
    store_credit_mock_contract: Contract, request: pytest.FixtureRequest
) -> None:
    """80 examples of 50 steps; `--hypothesis-profile=long` takes 20,000 others."""
    VinrMachine.contract = store_credit_mock_contract
    search(VinrMachine, request, short=80)
