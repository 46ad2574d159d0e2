"""The ledger keeps its bounds by itself, and finds what breaks them."""

from __future__ import annotations

import pytest

from store_credit_mock.ledger import EXTERNAL, Account, Entry, LedgerError, balances, check_account


def test_a_movement_that_breaks_a_bound_is_refused_and_moves_nothing() -> None:
    """A bounded pocket never falls below 0, and amounts are 1 or more."""
    account = Account("a", "minor", "USD", bounded=frozenset({"remaining"}))
    account.move(1, "issue", EXTERNAL, "remaining", 10, 0)

    for amount, named in ((11, "pocket_covers_movement"), (0, "amount_positive"), (-1, "amount_positive")):
        with pytest.raises(LedgerError) as refused:
            account.move(2, "spend", "remaining", "spent", amount, 0)
        assert refused.value.rule == named
    assert (account.balance("remaining"), account.balance("spent")) == (10, 0)


def test_entries_add_up_to_balances() -> None:
    """Every movement leaves one pocket and enters another of the same account."""
    account = Account("a", "hundredth", "USD")
    entries = [
        account.move(1, "issue", EXTERNAL, "remaining", 10, 0),
        account.move(2, "authorize", "remaining", "authorized", 7, 0),
        account.move(3, "capture", "authorized", "used", 7, 0),
    ]

    assert balances(entries) == {("a", "USD", "remaining"): 3, ("a", "USD", "used"): 7}


def entry(number: int, source: str, target: str, amount: int, action: str = "spend", **more: int) -> Entry:
    at, until = more.get("at", 0), more.get("until")
    return Entry(number, "a", action, source, target, amount, "minor", "USD", at, "", until)


@pytest.mark.parametrize(
    ("entries", "kept", "rules"),
    [
        ([entry(1, EXTERNAL, "remaining", 5, "issue")], {"remaining": 5}, []),
        ([entry(1, EXTERNAL, "remaining", 5, "issue")], {"remaining": 4}, ["sum_of_entries_is_balance"]),
        (
            [
                entry(1, EXTERNAL, "remaining", 5, "issue"),
                entry(2, "remaining", "spent", 6),
                entry(3, "spent", "remaining", 6),
            ],
            {"remaining": 5},
            ["never_below_zero"],
        ),
        (
            [entry(2, EXTERNAL, "remaining", 5, "issue"), entry(1, EXTERNAL, "remaining", 1, "issue")],
            {"remaining": 6},
            ["entries_in_order"],
        ),
        (
            [entry(1, EXTERNAL, "remaining", 5, "spend", at=10, until=10)],
            {"remaining": 5},
            ["nothing_spent_after_expiry"],
        ),
        ([entry(1, EXTERNAL, "remaining", 5, "spend", at=9, until=10)], {"remaining": 5}, []),
    ],
)
def test_broken_books_are_found_by_name(entries: list[Entry], kept: dict[str, int], rules: list[str]) -> None:
    """The check reads entries only, so it cannot be fooled by what wrote them."""
    found = check_account("a", entries, kept, "USD", ("remaining",), ("spend",))

    assert [finding.rule for finding in found] == rules
