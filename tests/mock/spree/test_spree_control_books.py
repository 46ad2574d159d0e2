"""What the control plane shows of Spree's store credit: every credit, and the movements its amounts are the sum of."""

from __future__ import annotations

import pytest

from spreebench import SpreeBench
from store_credit_mock.control import ControlError


def test_credits_and_what_moved_them(spree: SpreeBench) -> None:
    """Newest first, decimals; the entries are in hundredths and add up to what remains."""
    first, second = spree.give(amount="25.00"), spree.give(amount="3.5", user_id="1")

    shown = spree.spree.credits()
    assert [one.id for one in shown] == [int(second), int(first)]
    assert [one.amount_remaining for one in shown] == ["3.5", "25.0"]
    assert [one.id for one in spree.spree.credits(user_id=2)] == [int(first)]
    assert len(spree.spree.credits(limit=1)) == 1
    entries = spree.spree.entries(int(second))
    assert [(one.action, one.source, one.target, one.amount) for one in entries] == [
        ("allocation", "outside", "remaining", 350)
    ]
    assert entries[0].unit == "hundredth"


def test_a_ledger_outlives_its_credit(spree: SpreeBench) -> None:
    """What was deleted for good is in no list, and its entries end at nothing."""
    credit = int(spree.give(amount="25.00"))
    spree.spree.destroy_store_credits(id=credit)

    assert spree.spree.credits() == []
    entries = spree.spree.entries(credit)
    assert sum(one.amount if one.target == "remaining" else -one.amount for one in entries) == 0
    assert len(entries) == 2


def test_what_is_not_there_is_told(spree: SpreeBench) -> None:
    """An unknown id, and one that is not a number."""
    for path, reason in (
        ("99", "there is no store credit 99"),
        ("x", "'x' is not a valid id"),
        ("1" * 30, "not a valid"),
    ):
        with pytest.raises(ControlError, match=reason) as refused:
            spree.control.call("GET", f"/_mock/spree/store_credits/{path}/entries")
        assert refused.value.status == 404
    with pytest.raises(ControlError, match="/user_id: "):
        spree.control.call("GET", "/_mock/spree/store_credits", query={"user_id": "x"})
