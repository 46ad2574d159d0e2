"""Spree's books, broken on purpose, and what the real server breaks itself: the live check names both, apart."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ledger_assertions import FINE, broken_rules, plant
from spreebench import CREDITS, SpreeBench

CREDIT_METHOD = 3


@pytest.fixture
def books(spree: SpreeBench) -> SpreeBench:
    """A credit of 25.00, of which an order took 14.00 and gave 4.00 back, and another order locks 3.00."""
    spree.give(amount="25.00")
    for price, captures in (("14.00", True), ("3.00", False)):
        spree.spree.set_payment_method(CREDIT_METHOD, auto_capture=captures)
        number, token = spree.cart(price)
        spree.apply(token)
        spree.spree.complete(number)
        if captures:
            spree.spree.refund(number, "4.00")
    assert spree.control.invariants() == FINE
    return spree


SAME = "sandbox, credit_id, user_total, originator_type, originator_id, created_at, updated_at"
TAKEN_AGAIN = (
    f"INSERT INTO spree_event (id, action, amount, code, {SAME}) SELECT 900 + id, action, amount, code, {SAME}"
    " FROM spree_event WHERE action = 'capture'"
)


@pytest.mark.parametrize(
    ("break_it", "rules"),
    [
        (["UPDATE spree_credit SET used = used + 1"], {"sum_of_entries_is_balance", "holdings_add_up"}),
        (["UPDATE spree_credit SET memo = 'a', currency = 'EUR'"], {"sum_of_entries_is_balance", "holdings_add_up"}),
        (
            ["UPDATE spree_credit SET amount = 900"],
            {
                "sum_of_entries_is_balance",
                "holdings_add_up",
                "used_within_amount",
                "used_and_authorized_within_amount",
            },
        ),
        (
            ["UPDATE spree_credit SET used = -1"],
            {"sum_of_entries_is_balance", "holdings_add_up", "used_within_amount"},
        ),
        (
            # Taken twice under one code.
            [TAKEN_AGAIN],
            {"captured_within_authorized"},
        ),
        (
            ["UPDATE spree_payment SET code = (SELECT MIN(code) FROM spree_payment)"],
            {"codes_pay_once"},
        ),
        (["UPDATE spree_event SET amount = 1500 WHERE action = 'credit'"], {"credited_within_captured"}),
        (["DELETE FROM ledger_entry WHERE action = 'capture'"], {"sum_of_entries_is_balance", "never_below_zero"}),
        (["UPDATE ledger_entry SET at = at + 1 WHERE action = 'capture'"], {"entries_never_change"}),
        (["UPDATE ledger_entry SET reference = '' WHERE action = 'capture'"], {"entries_never_change"}),
        (["UPDATE spree_counter SET value = 7 WHERE name = 'live store credits'"], {"live_credits_counted"}),
        (["UPDATE spree_holding SET remaining = remaining + 1"], {"holdings_add_up"}),
        (["DELETE FROM spree_credit"], {"sum_of_entries_is_balance", "holdings_add_up", "live_credits_counted"}),
    ],
)
def test_a_breach_is_found_by_name(books: SpreeBench, break_it: list[str], rules: set[str]) -> None:
    """Each promise that is broken behind the mock's back is named by the live check."""
    plant(books.engine, break_it)

    assert broken_rules(books.control.invariants()) == rules


def locked(bench: SpreeBench) -> str:
    """An order that has locked 14.99 of credit and taken none."""
    bench.spree.set_payment_method(CREDIT_METHOD, auto_capture=False)
    number, token = bench.cart("14.99")
    bench.apply(token)
    bench.spree.complete(number)
    return number


def negative(bench: SpreeBench) -> None:
    bench.give(amount_authorized="-5.00")


def captured_in_part(bench: SpreeBench) -> None:
    bench.give(amount="60.00")
    bench.spree.capture(locked(bench), "5.00")


def cancelled(bench: SpreeBench) -> None:
    bench.give(amount="60.00")
    bench.spree.cancel(locked(bench))


def shrunk(bench: SpreeBench) -> None:
    credit = bench.give(amount="60.00")
    bench.apply(bench.cart("50.00")[1])
    bench.ask("PATCH", f"{CREDITS}/{credit}", {"store_credit": {"amount": "10.00"}})


@pytest.mark.parametrize(
    ("step", "rule"),
    [
        (negative, "authorized_not_negative"),
        (captured_in_part, "partial_capture_authorizes_again"),
        (cancelled, "cancelled_order_keeps_authorization"),
        (shrunk, "applied_within_remaining"),
    ],
)
def test_a_bound_the_server_breaks_itself_is_listed_by_name(
    spree_of: Callable[..., SpreeBench], step: Callable[[SpreeBench], None], rule: str
) -> None:
    """Negative authorisations and the leaks of section 13.14 are reported as allowed, with their source."""
    bench = spree_of(strict=False)
    step(bench)

    found = bench.control.invariants()
    assert found.broken == []
    assert [finding.rule for finding in found.allowed] == [rule]
    assert "spree.md" in found.allowed[0].allowed
