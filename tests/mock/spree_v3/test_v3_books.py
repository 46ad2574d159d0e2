"""A state machine that tries to break the books of Spree v3, on the versions that were recorded and on 6.0."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import orjson
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from ledger_assertions import Journal, search
from store_credit_mock import Contract, Engine, Fault, Options
from v3_shopping import Shopping
from v3bench import V3Bench

# Few values, so that credits and carts meet often; a T-shirt comes to 24.99, a mug to 15.00.
AMOUNTS = st.sampled_from(["0.01", "5.00", "15.00", "24.99", "60.00"])
WHO = ("alice", "alice", "bob")
VARIANTS = st.sampled_from([1, 2])
LOST: tuple[tuple[dict[str, Any], bool], ...] = (
    ({"drop": True}, False),
    ({"status": 503}, False),
    ({"drop": True, "when": "after"}, True),
    ({"truncate": 9}, True),
)
ROWS = "SELECT id, amount, used, authorized FROM spree_v3_credit WHERE sandbox = ? AND deleted_at IS NULL"
EVENTS = "SELECT credit_id, action, amount FROM spree_v3_event WHERE sandbox = ?"


class SpreeV3Machine(RuleBasedStateMachine):
    """Credits are given, edited, put on carts, captured, voided, cancelled and deleted in any order."""

    contract: ClassVar[Contract]

    given = Bundle("given")
    carts = Bundle("carts")
    orders = Bundle("orders")
    snapshots = Bundle("snapshots")

    @initialize(
        target=given,
        profile=st.sampled_from(["5.6", "6.0-alpha", "6.0-alpha+ledger", "6.0"]),
        at_once=st.booleans(),
        amounts=st.lists(AMOUNTS, min_size=1, max_size=3),
    )
    def start(self, profile: str, at_once: bool, amounts: list[str]) -> Any:
        """A fresh shop of a version that captures at once or not, where one customer has some credit."""
        options = Options(seed=7, strict=False, spree_v3_profile=profile)
        self.v3 = V3Bench(Engine(self.contract, None, options, sleep=lambda _: None))
        self.shop = Shopping(self.v3)
        self.journal = Journal(self.v3.engine)
        self.shop.capture(at_completion=at_once)
        # Signed in once: 6.0 lets an address do it five times a minute.
        for who in set(WHO):
            self.shop.send("GET", "customers/me", who=who)
        return multiple(*((1, self.v3.give(amount)["id"]) for amount in amounts))

    def teardown(self) -> None:
        """Let go of the engine."""
        if hasattr(self, "v3"):
            self.v3.engine.close()

    @rule(target=given, customer=st.sampled_from([1, 1, 2]), amount=AMOUNTS)
    def give(self, customer: int, amount: str) -> tuple[int, str]:
        """Give a credit."""
        return customer, self.v3.give(amount, customer=customer)["id"]

    @rule(credit=given, amount=AMOUNTS)
    def edit(self, credit: tuple[int, str], amount: str) -> None:
        """Change an amount, which only an unused credit allows."""
        assert self.v3.send("PATCH", self.v3.credits(*credit), {"amount": amount}).status in {200, 404, 422}

    @rule(credit=given)
    def delete(self, credit: tuple[int, str]) -> None:
        """Delete a credit, unless some of it is used."""
        assert self.v3.send("DELETE", self.v3.credits(*credit)).status in {204, 404, 422}

    @rule(target=carts, who=st.sampled_from(WHO), variant=VARIANTS)
    def open(self, who: str, variant: int) -> tuple[str, str]:
        """Fill a cart."""
        return who, self.shop.cart(who, variant)["id"]

    @rule(cart=carts, amount=st.none() | AMOUNTS)
    def apply(self, cart: tuple[str, str], amount: str | None) -> None:
        """Put credit on a cart."""
        body = {} if amount is None else {"amount": amount}
        assert self.shop.apply({"id": cart[1]}, cart[0], **body).status in {200, 404, 409, 422}

    @rule(cart=carts)
    def take_off(self, cart: tuple[str, str]) -> None:
        """Take it off again."""
        assert self.shop.remove({"id": cart[1]}, cart[0]).status in {200, 404, 409, 422}

    @rule(target=orders, cart=carts)
    def complete(self, cart: tuple[str, str]) -> Any:
        """Complete a cart, covered or not."""
        response = self.shop.complete({"id": cart[1]}, cart[0])
        assert response.status in {200, 404, 409, 422}
        return orjson.loads(response.body)["id"] if response.status == 200 else multiple()

    @rule(target=orders, who=st.sampled_from(WHO), variant=VARIANTS)
    def buy(self, who: str, variant: int) -> Any:
        """Buy with store credit in one go, if there is enough."""
        cart = self.shop.cart(who, variant)
        self.shop.apply(cart, who)
        return self.complete((who, cart["id"]))

    @rule(order=orders, act=st.sampled_from(["capture", "void"]))
    def settle(self, order: str, act: str) -> None:
        """Capture or void what an order has authorized."""
        for payment in self.shop.payments({"id": order}):
            response = self.shop.office("PATCH", f"/{order}/payments/{payment['id']}/{act}")
            assert response.status in {200, 404, 422}

    @rule(order=orders, amount=AMOUNTS)
    def refund(self, order: str, amount: str) -> None:
        """Refund a part of what an order has paid, or too much."""
        for payment in self.shop.payments({"id": order})[:1]:
            body = {"payment_id": payment["id"], "amount": amount}
            assert self.shop.office("POST", f"/{order}/refunds", body).status in {201, 404, 422}

    @rule(order=orders)
    def cancel(self, order: str) -> None:
        """Cancel an order."""
        assert self.shop.office("PATCH", f"/{order}/cancel").status in {200, 404, 422}

    @rule(cart=carts, amount=AMOUNTS, what=st.sampled_from(["give", "apply", "complete"]), lost=st.sampled_from(LOST))
    def lose(self, cart: tuple[str, str], amount: str, what: str, lost: tuple[dict[str, Any], bool]) -> None:
        """Lose a response: before the commit nothing has changed, after it all that an answered request would have."""
        do: dict[str, Callable[[], object]] = {
            "give": lambda: self.v3.send("POST", self.v3.credits(1), {"amount": amount, "currency": "USD"}),
            "apply": lambda: self.shop.apply({"id": cart[1]}, cart[0]),
            "complete": lambda: self.shop.complete({"id": cart[1]}, cart[0]),
        }
        fault, happens = lost
        start = self.v3.control.snapshot()
        expected = start
        if happens:
            do[what]()
            expected = self.v3.control.snapshot()
            self.v3.control.restore(start)
        self.v3.engine.faults.add(Fault("spree_v3.*", nth=1, **fault))
        do[what]()
        self.v3.engine.faults.clear()
        assert self.v3.control.snapshot()["rows"] == expected["rows"]
        self.journal.forget()

    @rule(target=snapshots)
    def save(self) -> Any:
        """Take a snapshot."""
        return self.v3.control.snapshot()

    @rule(saved=snapshots)
    def restore(self, saved: Any) -> None:
        """Go back to one."""
        self.v3.control.restore(saved)
        self.journal.forget()

    @invariant()
    def books_are_right(self) -> None:
        """Nothing is spent that was not given, and what is used is what was captured and not given back."""
        if not hasattr(self, "v3"):
            return
        assert self.v3.control.invariants().broken == []
        self.journal.check()
        name = (self.v3.engine.sandbox.name,)
        rows, events = self.v3.engine.transaction(
            lambda call: (call.db.all(ROWS, name), call.db.all(EVENTS, name)), write=False
        )
        for identity, amount, used, authorized in rows:
            assert 0 <= used <= amount, (identity, amount, used)
            assert used + authorized <= amount, (identity, amount, used, authorized)
            own = [(action, moved) for credit, action, moved in events if credit == identity]
            captured = sum(moved for action, moved in own if action == "capture")
            returned = sum(moved for action, moved in own if action == "credit")
            assert used == captured - returned, (identity, used, own)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_no_way_is_found_to_break_the_books(
    store_credit_mock_contract: Contract, request: pytest.FixtureRequest
) -> None:
    """15 examples of 50 steps; `--hypothesis-profile=long` takes 20,000 others."""
    SpreeV3Machine.contract = store_credit_mock_contract
    search(SpreeV3Machine, request, short=15)
