"""VINR's books, broken on purpose: the live check names each promise that no longer holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from benches import Bench
from ledger_assertions import FINE, broken_rules, plant
from store_credit_mock import StorageError
from store_credit_mock.systems.ledger_store import read_entries, write_entry


@pytest.fixture
def books(bench: Bench) -> Bench:
    """A credit of 100, of which 40 were spent in time and 10 of those given back."""
    bench.issue(100, expires_at=bench.seconds() + 60)
    bought = bench.control.vinr.buy("cust_8aZ2", 40, "USD")
    bench.control.vinr.refund(bought.id, 10)
    assert bench.control.invariants() == FINE
    return bench


def spend_again(call: Any, after: int = 0) -> None:
    """Spend 5 more for the purchase there is, if `after` is given so many milliseconds after the expiry in force."""
    db, sandbox = call.db, call.sandbox
    last = list(read_entries(db, sandbox.name))[1]
    assert last.action == "spend"
    at = last.until + after if after and last.until is not None else last.at
    write_entry(db, sandbox.name, last._replace(number=sandbox.next(), amount=5, at=at))
    db.run("UPDATE vinr_credit SET remaining = remaining - 5 WHERE sandbox = ?", (sandbox.name,))


def spend_late(call: Any) -> None:
    """The same after the expiry in force, with a purchase that agrees."""
    spend_again(call, after=1)
    for sql in (
        "UPDATE vinr_purchase SET due = due + 5, paid_by_credit = paid_by_credit + 5 WHERE sandbox = ?",
        "UPDATE vinr_purchase_part SET amount = amount + 5 WHERE sandbox = ?",
    ):
        call.db.run(sql, (call.sandbox.name,))


@pytest.mark.parametrize(
    ("break_it", "rules"),
    [
        (["UPDATE vinr_credit SET remaining = remaining - 1"], {"sum_of_entries_is_balance"}),
        (["UPDATE vinr_credit SET amount = amount + 1"], {"sum_of_entries_is_balance"}),
        (
            ["PRAGMA ignore_check_constraints = ON", "UPDATE vinr_credit SET remaining = -1"],
            {"remaining_within_amount", "sum_of_entries_is_balance"},
        ),
        (spend_again, {"spent_is_purchases"}),
        (spend_late, {"nothing_spent_after_expiry"}),
        (["UPDATE vinr_purchase SET paid_by_credit = 80, due = 80"], {"purchase_parts_add_up"}),
        (
            ["DELETE FROM ledger_entry WHERE action = 'spend'"],
            {"sum_of_entries_is_balance", "never_below_zero", "spent_is_purchases"},
        ),
        (
            # What is left adds up again.
            [
                "DELETE FROM ledger_entry WHERE action <> 'issue'",
                "UPDATE vinr_credit SET remaining = amount",
            ],
            {"spent_is_purchases"},
        ),
        (["DELETE FROM vinr_purchase", "DELETE FROM vinr_purchase_part"], {"spent_is_purchases"}),
        (["DELETE FROM vinr_credit"], {"entries_have_credits", "totals_count_credits"}),
        (["UPDATE vinr_total SET credits = 2"], {"totals_count_credits"}),
    ],
)
def test_a_breach_is_found_by_name(books: Bench, break_it: list[str] | Callable[[Any], None], rules: set[str]) -> None:
    """Each promise that is broken behind the mock's back is named by the live check, and nothing else is."""
    plant(books.engine, break_it)

    assert broken_rules(books.control.invariants()) == rules


def test_a_balance_below_zero_cannot_be_written(books: Bench) -> None:
    """The storage itself refuses it, whatever the rules above it do."""
    for amount in (-1, 101):
        with pytest.raises(StorageError):
            plant(books.engine, [f"UPDATE vinr_credit SET remaining = {amount}"])
    assert books.control.invariants() == FINE


@pytest.mark.parametrize(
    "change",
    [
        "amount = 39",
        "at = at - 1",
        "until = until + 1",
        "until = NULL",
        "currency = 'EUR'",
        "reference = ''",
        "action = 'lost'",
        "source = 'outside'",
        "target = 'outside'",
        "unit = 'hundredth'",
        "number = 99",
        "account = 'sc_other'",
    ],
)
def test_an_entry_that_was_rewritten_is_found(books: Bench, change: str) -> None:
    """Entries are only ever added: whatever is changed in one of them is noticed, sums or no sums."""
    plant(books.engine, [f"UPDATE ledger_entry SET {change} WHERE action = 'spend'"])

    assert "entries_never_change" in broken_rules(books.control.invariants())
