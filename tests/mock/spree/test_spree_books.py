"""A state machine that tries to break Spree's books."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from spreebench import ADMIN, CREDITS, SpreeBench
from store_credit_mock import Contract, Engine, Options
from store_credit_mock.control.route import ControlError

USERS = (2, 2, 2, 3)
# Few values, so that credits and orders meet often.
CURRENCIES = ("USD", "USD", "USD", "EUR")
AMOUNTS = st.sampled_from(["0.01", "5.00", "10.00", "19.99", "24.99", "60.00"])


class SpreeMachine(RuleBasedStateMachine):
    """Credits are given, edited, applied, spent, refunded and deleted in any order, on the server's own terms."""

    contract: ClassVar[Contract]
    repair: ClassVar[bool] = False

    given = Bundle("given")
    carts = Bundle("carts")
    orders = Bundle("orders")

    @initialize(target=given, captures=st.booleans(), amounts=st.lists(AMOUNTS, min_size=1, max_size=3))
    def start(self, captures: bool, amounts: list[str]) -> Any:
        """A fresh Spree that captures at once or not, where one user has some credit."""
        self.bench = SpreeBench(Engine(self.contract, None, Options(seed=7, spree_token=ADMIN)))
        self.bench.spree.set_payment_method(3, auto_capture=captures)
        self.bench.spree.repair_leaks(self.repair)
        return multiple(*(self.bench.give(user_id=2, amount=amount) for amount in amounts))

    def teardown(self) -> None:
        """Let go of the engine."""
        if hasattr(self, "bench"):
            self.bench.engine.close()

    @rule(
        target=given,
        user=st.sampled_from(USERS),
        amount=AMOUNTS,
        currency=st.sampled_from(CURRENCIES),
        kind=st.sampled_from(["1", "2"]),
    )
    def give(self, user: int, amount: str, currency: str, kind: str) -> str:
        """Give a credit."""
        return self.bench.give(user_id=user, amount=amount, currency=currency, type_id=kind)

    @rule(
        credit=given,
        change=st.fixed_dictionaries(
            {},
            optional={
                "amount": AMOUNTS,
                "amount_used": AMOUNTS,
                "amount_authorized": AMOUNTS,
                "currency": st.sampled_from(CURRENCIES),
                "user_id": st.sampled_from(USERS),
                "memo": st.sampled_from(["a", None]),
            },
        ).filter(bool),
    )
    def edit(self, credit: str, change: dict[str, Any]) -> None:
        """Change a credit by hand, as far as the server lets one."""
        assert self.bench.send("PATCH", f"{CREDITS}/{credit}", {"store_credit": change}).status in {200, 404, 422}

    @rule(credit=given)
    def delete(self, credit: str) -> None:
        """Delete a credit, unless some of it is used."""
        assert self.bench.send("DELETE", f"{CREDITS}/{credit}").status in {204, 404, 422}

    @rule(target=carts, user=st.sampled_from(USERS), price=AMOUNTS, currency=st.sampled_from(CURRENCIES))
    def open(self, user: int, price: str, currency: str) -> tuple[str, str, str]:
        """Fill a cart."""
        return (*self.bench.cart(price, user, currency), currency)

    @rule(cart=carts, amount=st.none() | AMOUNTS)
    def apply(self, cart: tuple[str, str, str], amount: str | None) -> None:
        """Apply store credit."""
        body = {} if amount is None else {"amount": amount}
        assert self.bench.apply(cart[1], body, currency=cart[2]).status in {200, 404, 422}

    @rule(cart=carts)
    def take_off(self, cart: tuple[str, str, str]) -> None:
        """Take it off again."""
        assert self.bench.take_off(cart[1]).status in {200, 404}

    @rule(target=orders, cart=carts)
    def complete(self, cart: tuple[str, str, str]) -> str:
        """Complete a cart, if its credit still covers it."""
        self.tried(lambda: self.bench.spree.complete(cart[0]))
        return cart[0]

    @rule(target=orders, user=st.sampled_from(USERS), price=AMOUNTS)
    def buy(self, user: int, price: str) -> Any:
        """Buy with store credit in one go."""
        number, token = self.bench.cart(price, user)
        self.bench.apply(token)
        return self.complete((number, token, "USD"))

    @rule(user=st.sampled_from(USERS), price=AMOUNTS)
    def fight(self, user: int, price: str) -> None:
        """Two carts that count on the same credit, both completed."""
        carts = [self.bench.cart(price, user) for _ in range(2)]
        for _, token in carts:
            self.bench.apply(token)
        for number, token in carts:
            self.complete((number, token, "USD"))

    @rule(order=orders, amount=st.none() | AMOUNTS)
    def capture(self, order: str, amount: str | None) -> None:
        """Capture what an order authorised, or a part of it."""
        self.tried(lambda: self.bench.spree.capture(order, amount))

    @rule(order=orders)
    def void(self, order: str) -> None:
        """Void what an order authorised."""
        self.tried(lambda: self.bench.spree.void(order))

    @rule(order=orders, amount=st.none() | AMOUNTS)
    def refund(self, order: str, amount: str | None) -> None:
        """Refund what an order took, or a part of it, or too much."""
        self.tried(lambda: self.bench.spree.refund(order, amount))

    @rule(order=orders)
    def cancel(self, order: str) -> None:
        """Cancel an order."""
        self.tried(lambda: self.bench.spree.cancel(order))

    def tried(self, step: Callable[[], object]) -> None:
        """Do what the order's state may or may not allow."""
        try:
            step()
        except ControlError as error:
            assert error.status in {404, 409, 422}  # noqa: PT017 - anything else is a defect

    @invariant()
    def books_are_right(self) -> None:
        """The live check finds nothing but what the real server allows."""
        if hasattr(self, "bench"):
            found = self.bench.control.invariants()
            assert found["broken"] == []
            if self.repair:
                known = {finding["rule"] for finding in found["allowed"]}
                assert not known & {"partial_capture_authorizes_again", "cancelled_order_keeps_authorization"}


def run_machine(contract: Contract, examples: int, *, repair: bool) -> None:
    SpreeMachine.contract, SpreeMachine.repair = contract, repair
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large]
    chosen = settings(
        max_examples=examples, stateful_step_count=50, deadline=None, suppress_health_check=checks, database=None
    )
    run_state_machine_as_test(SpreeMachine, settings=chosen)  # pyright: ignore[reportUnknownMemberType]


@pytest.mark.slow
@pytest.mark.parametrize("repair", [False, True])
def test_no_way_is_found_to_break_the_books(
    store_credit_mock_contract: Contract, request: pytest.FixtureRequest, repair: bool
) -> None:
    """At least 200 examples of 50 steps; `--hypothesis-profile=long` takes 5,000."""
    examples = 5000 if request.config.getoption("--hypothesis-profile") == "long" else 200
    run_machine(store_credit_mock_contract, examples, repair=repair)
