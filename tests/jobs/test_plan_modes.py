"""The modes set and reduce: what is created or taken away so that a customer has what the file says."""

from __future__ import annotations

from typing import Any

import pytest

from jobs_support.planning import (
    NOW,
    SPREE_V2,
    SPREE_V3,
    VINR,
    Desk,
    ReadSystem,
    UsedKeys,
    account,
    csv,
    used,
)
from store_credit import NotFoundError
from store_credit_jobs.credit import Credit
from store_credit_jobs.journal.steps import State
from store_credit_jobs.planning.plan_file import (
    PlanRow,
)
from store_credit_jobs.wire_key import wire_key


def credit(name: str, minor: int, used: int = 0, authorized: int = 0, *, created: float = 1.0, **more: Any) -> Credit:
    return Credit(
        id=name, customer=more.pop("customer", "11"), minor=minor, used=used, authorized=authorized,
        currency=more.pop("currency", "USD"), expires=more.pop("expires", None), created=created, **more,
    )  # fmt: skip


HELD = [
    credit("9", 1000, created=1.0),
    credit("10", 2000, 500, created=3.0, memo="old", category="4"),
    credit("11", 1000, 0, 400, created=2.0),
    credit("12", 9000, customer="12"),
    credit("13", 7000, currency="EUR"),
    credit("14", 700, 700, created=4.0),
]
"""Of customer 11 in USD 1000, 1500 and 600 minor units are outstanding, and 400 authorized."""


def steps(row: PlanRow) -> list[tuple[str, str | None, int]]:
    return [(step.action, step.target, step.minor) for step in row.steps]


@pytest.mark.parametrize(
    ("mode", "amount", "do", "minor", "wanted"),
    [
        ("set", "31.00", "nothing", 0, []),
        ("set", "40.00", "create", 900, [("create", None, 900)]),
        ("set", "25.00", "reduce", 600, [("update", "10", 1400)]),
        ("reduce", "15.00", "reduce", 1500, [("update", "10", 500)]),
        ("reduce", "15.01", "reduce", 1501, [("update", "10", 500), ("update", "11", 999)]),
        ("reduce", "21.00", "reduce", 2100, [("update", "10", 500), ("update", "11", 400)]),
        ("reduce", "31.00", "reduce", 3100, [("update", "10", 500), ("update", "11", 400), ("delete", "9", 0)]),
        ("set", "0", "reduce", 3100, [("update", "10", 500), ("update", "11", 400), ("delete", "9", 0)]),
    ],
)
def test_the_latest_credit_is_lowered_first(
    mode: str, amount: str, do: str, minor: int, wanted: list[tuple[str, str | None, int]], desk: Desk
) -> None:
    """Never below what is used and authorized; others' credits and other currencies stay."""
    planned = desk.plan(csv(f"a,11,{amount},USD"), system=ReadSystem(SPREE_V2, HELD), mode=mode)
    (row,) = planned.rows
    assert (row.do, row.minor, steps(row)) == (do, minor, wanted)
    assert row.was == {"outstanding": 3100}
    after = 3100 + minor if do == "create" else 3100 - minor
    assert row.then == {"outstanding": after}
    assert [step.wire for step in row.steps] == [
        wire_key(account("spree-v2").identity, "nov", "a", step=s) for s in range(1, len(wanted) + 1)
    ]
    for step in row.steps:
        if step.target is not None:
            found = next(one for one in HELD if one.id == step.target)
            assert step.before == {
                "minor": found.minor, "used": found.used, "authorized": found.authorized, "expires": None,
                "memo": found.memo, "category": found.category,
            }  # fmt: skip
            assert step.after == (None if step.action == "delete" else {"minor": step.minor})
    changes = sum(step.action != "create" for step in row.steps)
    assert planned.made.requests == 2 * changes + len(row.steps) - changes


def test_what_cannot_be_taken_away(desk: Desk) -> None:
    spree_v2, spree_v3 = ReadSystem(SPREE_V2, HELD), ReadSystem(SPREE_V3, HELD)

    def problem(amount: str, system: ReadSystem, mode: str = "reduce") -> tuple[str, str]:
        (found,) = desk.refused(csv(f"a,11,{amount},USD"), system=system, mode=mode).problems
        assert (found.line, found.key) == (2, "a")
        return found.code, found.text

    assert problem("31.01", spree_v2)[0] == "authorized_open"
    assert problem("35.01", spree_v2) == (
        "row_limit",
        "the row takes 3501 minor units, but only 3100 are outstanding in USD",
    )
    # A credit that was used can be neither lowered nor deleted on v3.
    code, text = problem("16.01", spree_v3)
    assert code == "mode_unsupported"
    assert "1500 of the 3100 outstanding" in text
    lowered = desk.plan(csv("a,11,16.00,USD"), system=spree_v3, mode="reduce")
    assert steps(lowered.rows[0]) == [("update", "11", 400), ("delete", "9", 0)]
    # VINR has no way at all, but up.
    vinr = ReadSystem(VINR, HELD)
    assert desk.refused(csv("a,11,1,USD"), system=vinr, mode="reduce").code == "mode_unsupported"
    assert problem("1.00", vinr, "set")[0] == "mode_unsupported"
    assert steps(desk.plan(csv("a,11,32.00,USD"), system=vinr, mode="set").rows[0]) == [("create", None, 100)]


def test_expired_credit_is_not_outstanding(desk: Desk) -> None:
    held = [credit("1", 500, expires=int(NOW) - 1), credit("2", 300, expires=int(NOW) + 99)]
    planned = desk.plan(csv("a,11,5,USD"), system=ReadSystem(VINR, held), mode="set")
    assert (planned.rows[0].was, planned.rows[0].minor) == ({"outstanding": 300}, 200)


def test_one_row_for_what_a_customer_has(desk: Desk) -> None:
    """Two would be planned from the same state, and the second would find another."""
    content = csv("a,11,1,USD", "b,11,1,EUR", "c,11,2,USD")
    for mode in ("set", "reduce"):
        assert desk.problems(content, system=ReadSystem(SPREE_V2, HELD), mode=mode) == [("row_identical", 4)]


def test_set_and_reduce_read_nothing_where_the_file_is_wrong(desk: Desk) -> None:
    system = ReadSystem(SPREE_V2, HELD)
    desk.refused(csv("a,11,1,USD", "b,12,x,USD"), system=system, mode="set")
    assert system.asked == []
    journal = UsedKeys({}, account("spree-v2").identity)
    first = desk.plan(csv("a,11,1,USD"), system=system, mode="set", journal=journal).rows[0]
    journal.uses["a"] = used(first, State.DONE, "set")
    system.asked.clear()
    again = desk.plan(csv("a,11,1,USD"), system=system, mode="set", journal=journal)
    assert again.rows[0].why == "already_done"
    assert system.asked == []


def test_a_customer_without_an_account(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    system = ReadSystem(SPREE_V2)
    error = NotFoundError.__new__(NotFoundError)

    def missing(**_: Any) -> Any:
        raise error

    monkeypatch.setattr(system, "credits", missing)
    assert desk.problems(csv("a,11,1,USD"), system=system, mode="set") == [("customer_unknown", 2)]


def test_a_set_row_says_what_its_credit_is_on_top_of(desk: Desk) -> None:
    """What is created is the difference, which is only right while the customer has what was read."""
    (row,) = desk.plan(csv("a,cust_1,5.00,USD"), mode="set").rows
    assert row.steps[0].before == {"outstanding": 0}
