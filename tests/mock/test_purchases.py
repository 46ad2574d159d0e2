"""Purchases and refunds at VINR: V28 to V35."""

from __future__ import annotations

import pytest

from benches import Bench
from store_credit_mock.control import ControlError


def balances(bench: Bench, *credits: dict[str, object]) -> list[int]:
    return [bench.credit(str(credit["id"]))["balance_remaining"] for credit in credits]


def test_the_credit_that_ends_soonest_is_spent_first(bench: Bench) -> None:
    """V31: soonest expiry, then those that never end, then the oldest."""
    now = bench.seconds()
    old = bench.issue(100)
    bench.control.advance(5)
    late = bench.issue(100, expires_at=now + 2000)
    soon = bench.issue(100, expires_at=now + 1000)
    young = bench.issue(100)

    bought = bench.control.vinr.buy("cust_8aZ2", 330, "USD")

    assert [part.credit for part in bought.parts] == [soon["id"], late["id"], old["id"], young["id"]]
    assert balances(bench, soon, late, old, young) == [0, 0, 0, 70]


def test_the_oldest_of_equals_is_spent_first(bench: Bench) -> None:
    """V31: with the same expiry the oldest goes first."""
    end = bench.seconds() + 1000
    first = bench.issue(100, expires_at=end)
    bench.control.advance(5)
    second = bench.issue(100, expires_at=end)

    bench.control.vinr.buy("cust_8aZ2", 150, "USD")

    assert balances(bench, first, second) == [0, 50]


def test_other_currencies_and_customers_are_passed_over(bench: Bench) -> None:
    """V32: nothing is converted; the rest is for the payment method (V33)."""
    bench.control.vinr.add_customer("cust_other")
    euro, other = bench.issue(100, currency="EUR"), bench.issue(100, customer="cust_other")
    dollar = bench.issue(100)

    bought = bench.control.vinr.buy("cust_8aZ2", 250, "usd")

    assert (bought.paid_by_credit, bought.charged) == (100, 150)
    assert balances(bench, euro, other, dollar) == [100, 100, 0]


def test_nothing_is_spent_at_the_moment_of_expiry(bench: Bench) -> None:
    """V29: one second before it can be spent, at the second itself it cannot."""
    bench.control.freeze(1_900_000_000)
    credit = bench.issue(100, expires_at=1_900_000_010)
    bench.control.freeze(1_900_000_009.999)
    assert bench.control.vinr.buy("cust_8aZ2", 1, "USD").paid_by_credit == 1
    bench.control.freeze(1_900_000_010)
    assert bench.control.vinr.buy("cust_8aZ2", 1, "USD").paid_by_credit == 0

    bench.send("POST", f"/v1/store-credit/{credit['id']}", {"expires_at": None})
    assert bench.control.vinr.buy("cust_8aZ2", 1, "USD").paid_by_credit == 1
    assert bench.control.invariants().holds


def test_a_refund_goes_back_where_it_came_from(bench: Bench) -> None:
    """V34: to the same records, even expired ones, and never above what was issued."""
    soon = bench.issue(100, expires_at=bench.seconds() + 100)
    never = bench.issue(100)
    bought = bench.control.vinr.buy("cust_8aZ2", 250, "USD")
    bench.control.advance(1000)

    part = bench.control.vinr.refund(bought.id, 130)
    assert balances(bench, soon, never) == [30, 100]
    rest = bench.control.vinr.refund(bought.id)
    assert balances(bench, soon, never) == [100, 100]
    assert (part.refunded, part.returned, rest.refunded, rest.returned) == (130, 0, 200, 50)
    assert bench.credit(soon["id"])["expires_at"] == soon["expires_at"]
    with pytest.raises(ControlError, match="amount_too_large"):
        bench.control.vinr.refund(bought.id, 1)
    assert bench.control.invariants().holds


def test_purchases_of_nobody_are_refused(bench: Bench) -> None:
    """An unknown customer or purchase is a 404 of the control plane."""
    with pytest.raises(ControlError, match="customer") as customer:
        bench.control.vinr.buy("cust_none", 1, "USD")
    with pytest.raises(ControlError) as purchase:
        bench.control.vinr.refund("pur_none")

    assert (customer.value.status, purchase.value.status) == (404, 404)


def test_a_broken_balance_is_found(bench: Bench) -> None:
    """The live check tells what is wrong by name, once a balance no longer follows from its entries."""
    credit = bench.issue(100)
    bench.engine.transaction(
        lambda call: call.db.run("UPDATE vinr_credit SET remaining = 40 WHERE sandbox = ?", (call.sandbox.name,))
    )

    found = bench.control.invariants()

    assert not found.holds
    assert [(finding.rule, finding.subject) for finding in found.broken] == [
        ("sum_of_entries_is_balance", credit["id"])
    ]
