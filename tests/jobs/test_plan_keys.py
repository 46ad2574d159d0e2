"""The keys of a plan: each stands in it once, and what was done under one is not planned again."""

from __future__ import annotations

from pathlib import Path

import attrs

from jobs_support.planning import (
    HEADER,
    IDENTITY,
    NOW,
    Desk,
    ReadSystem,
    UsedKeys,
    account,
    csv,
    used,
)
from store_credit_jobs.engine.taking_up import take_up
from store_credit_jobs.journal.sqlite_journal import SqliteJournal
from store_credit_jobs.journal.steps import State
from store_credit_jobs.planning.plan_file import (
    check_seal,
    read_head,
)


def test_a_key_stands_once(desk: Desk) -> None:
    found = desk.refused(csv("a,11,1,USD", "b,12,1,USD", "a,13,1,USD"))
    assert [str(problem) for problem in found.problems] == [
        f"{desk.folder}/a.csv:4 key a: the key occurs twice, first in line 2; each row needs its own key"
    ]
    assert found.code == "key_double"
    # What looks the same is the same: composed and decomposed.
    assert desk.problems(csv("caf\u00e9,11,1,USD", "cafe\u0301,12,1,USD")) == [("key_double", 3)]


def test_rows_without_keys_get_some_that_stay(desk: Desk) -> None:
    header = "customer,amount,currency"
    content = csv("11,1,USD", "12,1,USD", "11,1.00,USD", header=header)
    assert desk.problems(content) == [("row_identical", 4)]
    planned = desk.plan(content, allow_identical=True)
    keys = [row.key for row in planned.rows]
    assert keys[0].endswith("-1")
    assert keys[2] == f"{keys[0][:-1]}2"
    assert any("rows have no key" in one for one in planned.made.warnings)
    # Neither the order of rows nor others beside them change a key.
    moved = desk.plan(csv("13,1,USD", "12,1,USD", "11,1,USD", "11,1,USD", header=header), allow_identical=True)
    assert {*keys} < {row.key for row in moved.rows}
    # Keys are for all rows or for none.
    assert desk.problems(csv("a,11,1,USD", ",12,1,USD")) == [("key_missing", 3)]
    assert desk.problems(csv(",11,1,USD", "b,12,1,USD")) == [("key_missing", 3)]


def test_an_edited_file_is_planned_again(desk: Desk) -> None:
    """What was done is done; what was changed since is in conflict; what the server refused may be corrected."""
    content = csv("a,11,1,USD,x", "b,12,2,USD,x", "c,13,3,USD,x", "d,14,4,USD,x", header=f"{HEADER},memo")
    first = desk.plan(content, system="spree-v2").rows
    identity = account("spree-v2").identity
    done, refused = State.DONE, State.REFUSED
    journal = UsedKeys({"a": used(first[0], done), "b": used(first[1], refused, minor=1)}, identity)
    again = desk.plan(content, system="spree-v2", journal=journal)
    assert [(row.do, row.why, row.job, row.made) for row in again.rows] == [
        ("nothing", "already_done", "jb_1", "sc_7"), ("create", None, None, None),
        ("create", None, None, None), ("create", None, None, None),
    ]  # fmt: skip
    assert again.made.seal.nothing == 1
    assert journal.asked == 1, "keys are looked up together"
    assert again.made.seal.totals == {"USD": {"rows": 3, "minor": 900}}
    # The wire keys are those of the first plan: a row that did not change keeps its own.
    assert [row.steps for row in again.rows[1:]] == [row.steps for row in first[1:]]
    uses = {
        "a": used(first[0], done, minor=7),
        "b": used(first[1], done, memo="y"),
        "c": used(first[2], State.UNKNOWN),
        "d": used(first[3], State.HELD, customer="19"),
    }
    found = desk.refused(content, system="spree-v2", journal=UsedKeys(uses, identity))
    assert [(problem.code, problem.line, problem.key) for problem in found.problems] == [
        ("key_conflict", 2, "a"), ("key_conflict", 3, "b"), ("key_used", 4, "c"), ("key_conflict", 5, "d"),
    ]  # fmt: skip


def test_a_new_campaign_asks_for_no_key(desk: Desk) -> None:
    journal = UsedKeys({}, IDENTITY, campaign="oct")
    desk.plan(csv("a,11,1,USD"), journal=journal)
    assert journal.asked == 0
    desk.plan(csv("a,11,1,USD"), journal=UsedKeys({}, "vinr|other|shop"))


def test_a_campaign_of_an_account_that_was_renamed_is_not_planned(desk: Desk, tmp_path: Path) -> None:
    """What the journal remembers is of the old name: all of it would be planned again."""
    journal = SqliteJournal(tmp_path / "workspace", write=True)
    desk.make(csv("a,cust_1,1.00,USD"), journal=journal)
    job = take_up(desk.output, read_head(desk.output), check_seal(desk.output), journal, account(), now=NOW)
    renamed = attrs.evolve(account(), name="store")
    asked = {"journal": journal, "account": renamed}
    assert desk.make(csv("a,cust_1,1.00,USD"), **asked).seal.rows == 1, "of the other one nothing was sent"
    journal.advance(job.id, (), 1, owner="me", credential=ReadSystem.credential)
    assert desk.refused(csv("a,cust_1,1.00,USD"), **asked).code == "account_renamed"
    assert desk.make(csv("a,cust_1,1.00,USD"), campaign="dec", **asked).seal.rows == 1
    journal.close()


def test_a_campaign_is_not_issued_again_under_other_capitals(desk: Desk, tmp_path: Path) -> None:
    """Inside another campaign all keys are free."""
    journal = SqliteJournal(tmp_path / "workspace", write=True)
    desk.make(csv("a,cust_1,1.00,USD"), journal=journal)
    take_up(desk.output, read_head(desk.output), check_seal(desk.output), journal, account(), now=NOW)
    assert desk.refused(csv("a,cust_1,1.00,USD"), journal=journal, campaign="Nov").code == "campaign"
    assert desk.make(csv("a,cust_1,1.00,USD"), journal=journal, campaign="nov-2").seal.rows == 1
    journal.close()
