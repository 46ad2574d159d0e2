"""Plans: the same from every format, exact in their totals, sealed to the last byte, and all or nothing."""

from __future__ import annotations

import json
import os
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jobs_support.planning import (
    ABILITIES,
    NOW,
    SPREE_V2,
    SPREE_V3,
    VINR,
    Desk,
    ReadSystem,
    UsedKeys,
    account,
    csv,
    jsonl,
)
from store_credit import NotFoundError
from store_credit_jobs.credit import Credit
from store_credit_jobs.engine.taking_up import take_up
from store_credit_jobs.errors import JobsError, Problem
from store_credit_jobs.journal.journal import KeyUse
from store_credit_jobs.journal.keys import payload_sha
from store_credit_jobs.journal.sqlite_journal import SqliteJournal
from store_credit_jobs.journal.steps import State
from store_credit_jobs.planning.plan_file import (
    PlanHead,
    PlanRow,
    PlanStep,
    PlanWriter,
    check_head,
    check_seal,
    line_of,
    read_head,
    read_lines,
    read_rows,
    write_plan,
)
from store_credit_jobs.systems.system import AccountCheck
from store_credit_jobs.wire_key import WireKeys, wire_key

HEADER = "key,customer,amount,currency"
IDENTITY = "vinr|sandbox.api.vinr.com|shop"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


# What a plan says


def test_a_plan_of_two_rows(desk: Desk) -> None:
    planned = desk.plan(
        csv(
            "ord-1001,cust_8aZ2,12.50,USD,2027-12-31T23:59:59Z,Goodwill Nov,add",
            "ord-1002,cust_9,500,JPY,,,",
            header="key,customer,amount,currency,expires_at,memo,mode",
        )
    )
    head, made = planned.made.head, planned.made
    assert head == read_head(desk.output)
    assert (head.plan, head.campaign, head.account, head.identity, head.system, head.mode, head.kind) == (
        1, "nov", "shop", IDENTITY, "vinr", "add", "issue",
    )  # fmt: skip
    assert head.host == "https://sandbox.api.vinr.com"
    assert head.made == "2026-11-30T00:53:20Z"
    assert head.source["name"] == "a.csv"
    assert planned.rows[0] == PlanRow(
        1, "ord-1001", "create", "cust_8aZ2", 1250, "USD", line=2, expires=1_830_297_599, memo="Goodwill Nov",
        steps=(PlanStep("create", wire_key(IDENTITY, "nov", "ord-1001"), 1250),),
    )  # fmt: skip
    assert made.seal.totals == {"JPY": {"rows": 1, "minor": 500}, "USD": {"rows": 1, "minor": 1250}}
    assert (made.requests, made.limit, made.minutes) == (2, 300, 2 / 300)
    assert desk.output.stat().st_mode & 0o077 == 0


def test_lines_are_written_as_they_are_read(desk: Desk) -> None:
    """The fast way to a line gives what the plain one gives, byte for byte."""
    odd = 'a"b\\c é ☃,17,1,USD,"say ""hi"" \u2028 \\ ✓\nend"'
    planned = desk.plan(csv("k,17,1,USD,", odd, header=f"{HEADER},memo"), system="spree-v2")
    lines = desk.output.read_bytes().splitlines(keepends=True)
    assert lines[1:-1] == [line_of(row) for row in planned.rows]
    assert lines[0] == line_of(planned.made.head)
    assert lines[-1] == line_of(planned.made.seal)
    assert desk.output.read_bytes().isascii()
    assert [row["n"] for row in read_lines(desk.output)] == [1, 2]


@given(st.lists(st.text(min_size=1, max_size=30), min_size=1), st.text("abc-_9", min_size=1, max_size=100))
def test_wire_keys_of_many_rows_are_those_of_one(keys: list[str], campaign: str) -> None:
    assert WireKeys(IDENTITY, campaign).first(keys) == [wire_key(IDENTITY, campaign, key) for key in keys]


CURRENCIES = {"USD": 2, "EUR": 2, "JPY": 0, "BHD": 3}
DATES = ("", "2027-12-31T23:59:59Z", "2028-02-29T00:00:00+01:00")


def amounts(currency: str) -> st.SearchStrategy[str]:
    places = CURRENCIES[currency]
    exact = st.decimals(min_value=Decimal(1).scaleb(-places), max_value=10**9, places=places)
    return exact.map(lambda number: f"{number:f}")


def plain_text(most: int) -> st.SearchStrategy[str]:
    letters = st.characters(codec="utf-8", exclude_categories=["C", "Z"], include_characters=" ")
    return st.text(letters, max_size=most).map(str.strip)


@st.composite
def files(draw: st.DrawFn) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = []
    for n in range(draw(st.integers(1, 12))):
        currency = draw(st.sampled_from(sorted(CURRENCIES)))
        rows.append(
            {
                "key": f"{n}{draw(plain_text(8))}",
                "customer": f"c{draw(st.text('abcXYZ019_-', max_size=6))}",
                "amount": draw(amounts(currency)),
                "currency": currency,
                "expires_at": draw(st.sampled_from(DATES)),
                "memo": draw(plain_text(12)),
            }
        )
    return rows


@given(files(), st.sampled_from([",", ";", "\t"]), st.sampled_from(["\n", "\r\n"]))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_format_gives_the_plan_that_decimals_give(rows: list[dict[str, str]], delimiter: str, end: str) -> None:
    """Random files: totals are those of exact decimals, and CSV, JSON lines and Parquet say the same."""
    import csv as writing

    import duckdb

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        desk = Desk(folder)
        with (folder / "a.csv").open("w", encoding="utf-8", newline="") as file:
            table = writing.DictWriter(file, [*rows[0]], delimiter=delimiter, lineterminator=end)
            table.writeheader()
            table.writerows(rows)
        from_csv = desk.plan(folder / "a.csv")
        from_json = desk.plan(jsonl(*rows), name="a.jsonl")
        columns = ", ".join(f"'{name}': 'VARCHAR'" for name in rows[0])
        read = f"read_json('{folder}/a.jsonl', format = 'newline_delimited', columns = {{{columns}}})"
        duckdb.execute(f"copy (select * from {read}) to '{folder}/a.parquet' (format parquet)")
        from_parquet = desk.plan(folder / "a.parquet")
    assert from_csv.told == from_json.told == from_parquet.told
    assert [row.steps for row in from_csv.rows] == [row.steps for row in from_json.rows]
    totals: dict[str, dict[str, int]] = {}
    for row in rows:
        total = totals.setdefault(row["currency"], {"rows": 0, "minor": 0})
        total["rows"] += 1
        total["minor"] += int(Decimal(row["amount"]).scaleb(CURRENCIES[row["currency"]]))
    assert from_csv.made.seal.totals == dict(sorted(totals.items()))
    assert from_csv.made.seal.totals == from_parquet.made.seal.totals


# Keys


def test_a_key_stands_once(desk: Desk) -> None:
    found = desk.refused(csv("a,11,1,USD", "b,12,1,USD", "a,13,1,USD"))
    assert [str(problem) for problem in found.problems] == [
        f"{desk.folder}/a.csv:4 key a: the key occurs twice, first in line 2; each row needs one of its own"
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


def used(row: PlanRow, state: State, mode: str = "add", **changes: Any) -> KeyUse:
    asked = attrs.asdict(attrs.evolve(row, **changes))
    return KeyUse("jb_1", row.n, payload_sha(asked, mode), state, "sc_7" if state is State.DONE else None)


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


# Limits and what is for all rows


def test_limits_of_a_row_and_of_all(desk: Desk) -> None:
    content = csv("a,11,10.00,USD", "b,12,10.01,USD", "c,13,500,JPY")
    assert desk.problems(content, max_row={"USD": "10.00"}) == [("row_limit", 3)]
    assert desk.problems(content, max_total={"USD": "20.00"}) == [("total_limit", None)]
    planned = desk.plan(content, max_row={"USD": "10.01"}, max_total={"USD": "20.01"})
    assert planned.made.head.settings == {"max_row": {"USD": "10.01"}, "max_total": {"USD": "20.01"}}
    assert [one for one in planned.made.warnings if "JPY" in one] == [
        "--max-row says nothing of JPY, which is in the file", "--max-total says nothing of JPY, which is in the file",
    ]  # fmt: skip
    with pytest.raises(JobsError, match="--max-row"):
        desk.plan(content, max_row={"USD": "10,00"})
    # A sum that no database's integer holds.
    half = "46116860184273879.04"
    assert desk.problems(csv(f"a,11,{half},USD", f"b,12,{half},USD")) == [("total_limit", None)]


def test_a_customer_holds_only_so_much_on_spree(desk: Desk) -> None:
    content = csv("a,11,600000,USD", "b,12,999999.99,USD", "c,11,400000,USD", "d,11,900000,EUR")
    for system in ("spree-v2", "spree-v3"):
        found = desk.refused(content, system=system)
        assert [(problem.code, problem.line) for problem in found.problems] == [("total_limit", 2)]
        assert "100000000 minor units of USD" in found.problems[0].text
        # Where the limit is that of one currency.
        desk.plan(content, system=system, account_more={"currency": "EUR"})
    desk.plan(content)


def test_what_customers_hold_already_counts(desk: Desk) -> None:
    """Their totals are listed with them; whose credits are of another currency is found out by reading them."""
    content = csv("a,c1,300000,USD", "b,c2,300000,USD", "c,c3,300000,USD", "d,c1,1,EUR")

    def shop() -> ReadSystem:
        held = [
            Credit("1", "c1", 80_000_000, 5_000_000, 5_000_000, "USD", None, 1.0),
            Credit("2", "c2", 99_000_000, 0, 0, "EUR", None, 1.0),
        ]
        system = ReadSystem(SPREE_V3, held)
        system.totals = {"c1": Decimal(700_000), "c2": Decimal(990_000)}
        return system

    system = shop()
    found = desk.refused(content, system=system)
    assert [(problem.code, problem.line) for problem in found.problems] == [("total_limit", 2)]
    assert "has 70000000 minor units of USD and would get 30000000 more" in found.problems[0].text
    # c3 has nothing, so that nobody asks what of.
    assert sorted(system.asked) == ["c1", "c1", "c2", "c2", "c3"]
    # Where the limit is that of one currency.
    desk.plan(content, system=shop(), account_more={"currency": "EUR"})
    # Up to the last cent.
    desk.plan(csv("a,c1,299999.99,USD"), system=shop())
    # What an earlier job has issued of this file is in the total.
    used = KeyUse("jb_1", 1, payload_sha(attrs.asdict(desk.plan(content).rows[0]), "add"), State.DONE, "cr_1")
    journal = UsedKeys({"a": used}, "spree-v3|shop.example.com|shop")
    planned = desk.plan(content, system=shop(), journal=journal)
    assert [row.do for row in planned.rows] == ["nothing", "create", "create", "create"]


def test_only_vinr_lets_credit_expire(desk: Desk) -> None:
    content = csv("a,11,1,USD,2027-12-31T23:59:59Z", "b,12,1,USD,", header=f"{HEADER},expires_at")
    planned = desk.plan(content, expires=1_900_000_000)
    assert [row.expires for row in planned.rows] == [1_830_297_599, 1_900_000_000]
    assert desk.problems(content, system="spree-v2") == [("mode_unsupported", 2)]
    with pytest.raises(JobsError, match="leave out --expires"):
        desk.plan(csv("a,11,1,USD"), system="spree-v3", expires=1_900_000_000)
    # What is past is past by the server's clock, not by ours.
    ahead = ReadSystem(VINR, found=AccountCheck(live=False, skew=40_000_000.0, limit=None))
    assert desk.problems(content, system=ahead) == [("date_past", 2)]


def test_memos(desk: Desk) -> None:
    content = csv("a,11,1,USD,hello", f"b,12,1,USD,{'x' * 181}", header=f"{HEADER},memo")
    assert desk.problems(content, system="spree-v3") == [("memo_limit", 3)]
    kept = desk.plan(content)
    assert [row.memo for row in kept.rows] == ["hello", "x" * 181]
    assert any("VINR has no memos" in one for one in kept.made.warnings)


def test_unusual_rows_among_many(desk: Desk) -> None:
    """They are found wherever they stand, and keep their place."""
    rows = [f"k{n},c{n},1.00,USD" for n in range(300)]
    rows[7], rows[150], rows[299] = "kü,17,1.00,USD", "k150,c150,1,EUR", "k 299,c299,1.00,USD"
    planned = desk.plan(csv(*rows))
    assert [row.key for row in planned.rows] == [row.split(",")[0] for row in rows]
    assert [row.n for row in planned.rows] == list(range(1, 301))
    assert [row.line for row in planned.rows] == list(range(2, 302))
    rows[3], rows[100], rows[200] = "k3,13,0,JPY", "k100,c100,0.00,USD", "k200,c200,1.00,USd"
    assert desk.problems(csv(*rows)) == [("amount_format", 5), ("amount_format", 102), ("currency_unknown", 202)]


def test_a_plan_has_one_mode(desk: Desk) -> None:
    content = csv("a,11,1,USD,add", "b,11,1,USD,set", "c,12,1,USD,", header=f"{HEADER},mode")
    assert desk.problems(content) == [("mode_unsupported", 3)]


@pytest.mark.parametrize("campaign", ["", "a b", "é", "x" * 101, "a/b", "a\n"])
def test_names_of_campaigns(campaign: str, desk: Desk) -> None:
    with pytest.raises(JobsError) as caught:
        desk.plan(csv("a,11,1,USD"), campaign=campaign)
    assert caught.value.code == "campaign"


def test_an_account_with_a_problem_is_not_planned_for(desk: Desk) -> None:
    problem = Problem("clock_skew", "the clock is wrong")
    system = ReadSystem(VINR, found=AccountCheck(live=True, skew=3600.0, limit=None, problems=(problem,)))
    found = desk.refused(csv("a,11,1,USD"), system=system)
    assert found.code == "clock_skew"
    assert found.problems == (problem,)


# Refunds


def test_refunds(desk: Desk) -> None:
    header = "refund,order,paid,customer,amount,currency"
    content = csv("r1,o1,20,11,5,USD", "r2,o1,20.00,11,15,USD", header=header)
    planned = desk.plan(content, system="spree-v2", mode="refunds")
    assert [(row.key, row.order, row.minor) for row in planned.rows] == [("r1", "o1", 500), ("r2", "o1", 1500)]
    rows = (
        "r1,o1,20,11,5,USD", "r2,o1,20,11,15.01,USD", "r3,o2,20,11,1,USD", "r4,o2,20,11,1,EUR",
        "r5,o3,20,11,1,USD", "r6,o3,20,12,1,USD", "r7,o4,20,11,1,USD", "r8,o4,30,11,1,USD", "r1,o5,9,11,1,USD",
    )  # fmt: skip
    assert desk.problems(csv(*rows, header=header), system="spree-v2", mode="refunds") == [
        ("order_limit", 2), ("order_currency", 4), ("customer_ambiguous", 6), ("order_limit", 8), ("key_double", 10),
    ]  # fmt: skip
    broken = csv("r1,,20,11,5,USD", ",o1,20,11,5,USD", "r3,o1,2x,11,5,USD", "r4,o1,20,11,0,USD", header=header)
    assert desk.problems(broken, mode="refunds") == [
        ("order_missing", 2), ("refund_missing", 3), ("amount_format", 4), ("amount_format", 5),
    ]  # fmt: skip
    assert desk.problems(csv("a,11,1,USD"), mode="refunds")[0] == ("column_unknown", 1)


def test_an_order_is_refunded_once_whatever_the_file(desk: Desk, tmp_path: Path) -> None:
    """What was paid can be given back once: earlier files of any campaign count, a row that is there again does not."""
    header = "refund,order,paid,customer,amount,currency"
    first = csv("r1,o1,20,11,15,USD", header=header)
    journal = SqliteJournal(tmp_path / "workspace", write=True)
    desk.make(first, system="spree-v2", mode="refunds", journal=journal)
    take_up(desk.output, read_head(desk.output), check_seal(desk.output), journal, account("spree-v2"), now=NOW)
    asked = {"system": "spree-v2", "mode": "refunds", "journal": journal, "name": "b.csv"}
    for campaign in ("nov", "dec"):
        second = csv("r2,o1,20,11,5.01,USD", header=header)
        (problem,) = desk.refused(second, campaign=campaign, **asked).problems
        assert (problem.code, "1500 of them are of earlier jobs" in problem.text) == ("order_limit", True)
        assert desk.problems(csv("r2,o1,20,11,1,EUR", header=header), campaign=campaign, **asked) == [
            ("order_currency", 2)
        ]
        assert desk.make(csv("r2,o1,20,11,5,USD", header=header), campaign=campaign, **asked).seal.rows == 1
    again = csv("r1,o1,20,11,15,USD", "r2,o1,20,11,5,USD", header=header)
    assert desk.make(again, **asked).seal.rows == 2
    journal.close()


# Set and reduce


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
        "3501 minor units are to be taken, but only 3100 are outstanding in USD",
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


# Customers


@pytest.mark.parametrize("customer", ["017", "17abc", "+17", "1_7", "17.0", "0", "cust_17", "1" * 20, "\u0661\u0667"])
@pytest.mark.parametrize("many", [1, 40])
def test_a_user_of_the_platform_api_is_written_in_one_way(customer: str, many: int, desk: Desk) -> None:
    """Rails reads most of these as user 17 or as somebody else: found alone, and among many that are right."""
    rows = [f"k{n},{n},1,USD" for n in range(1, many)]
    content = csv(*rows, f"a,{customer},1,USD")
    assert desk.problems(content, system="spree-v2") == [("customer_unknown", many + 1)]


@pytest.mark.parametrize("system", ["vinr", "spree-v3"])
@pytest.mark.parametrize("customer", ["cust_8aZ2/..", "cust 8aZ2", "cust_8aZ2?x=1", "c\u00fcst", "-17"])
def test_ids_of_customers_are_letters_and_digits(system: str, customer: str, desk: Desk) -> None:
    assert desk.problems(csv(f"a,{customer},1,USD"), system=system) == [("customer_unknown", 2)]
    desk.plan(csv("a,cust_8aZ2,1,USD"), system=system)


# The file


def head(**more: Any) -> PlanHead:
    given = {"id": "pl_1", "campaign": "nov", "account": "shop", "identity": IDENTITY, "system": "vinr",
             "host": "https://sandbox.api.vinr.com", "made": "2026-11-30T00:53:20Z", "source": {}, "mode": "add",
             "kind": "issue", "tool": "0"}  # fmt: skip
    return PlanHead(**(given | more))


def test_one_changed_byte_anywhere_is_noticed(desk: Desk) -> None:
    desk.plan(csv("a,11,1,USD", "b,12,2,USD"))
    whole = desk.output.read_bytes()
    for place in range(len(whole)):
        for bit in (1, 32)[place % 2 :: 2]:
            changed = bytearray(whole)
            changed[place] ^= bit
            desk.output.write_bytes(changed)
            with pytest.raises(JobsError) as caught:
                check_seal(desk.output)
            assert caught.value.code in ("plan_changed", "plan_version"), place
            assert caught.value.exit_code == 2
    lines = whole.splitlines(keepends=True)
    first, second, third, seal = lines
    for cut in (
        b"", whole[:-1], whole + b"\n", whole + seal, first + second + third, first + third + seal,
        first + third + second + seal, first, b"\xff\xfe", b"[" * 100_000,
    ):  # fmt: skip
        desk.output.write_bytes(cut)
        with pytest.raises(JobsError):
            check_seal(desk.output)
    desk.output.unlink()
    with pytest.raises(JobsError, match="cannot be read"):
        check_seal(desk.output)


def test_a_plan_that_changes_while_it_is_read_ends_in_an_error(desk: Desk) -> None:
    desk.plan(csv("a,11,1,USD", "b,12,2,USD"))
    whole = desk.output.read_bytes()
    desk.output.write_bytes(whole.replace(b'"minor":200', b'"minor":900'))
    rows = read_rows(desk.output)
    assert next(rows).minor == 100
    assert next(rows).minor == 900
    with pytest.raises(JobsError, match="the seal does not match"):
        next(rows)


def test_a_plan_is_for_its_account_and_its_day() -> None:
    shop = account()
    check_head(head(), shop, now=NOW)
    check_head(head(), shop, now=NOW + 86_400)
    check_head(head(), shop, now=NOW - 59)
    check_head(head(), shop, now=NOW + 86_401, max_age=90_000)
    for now, code in ((NOW + 86_401, "plan_old"), (NOW - 61, "clock_skew")):
        with pytest.raises(JobsError) as caught:
            check_head(head(), shop, now=now)
        assert caught.value.code == code
    for other in (
        attrs.evolve(shop, name="outlet"),
        attrs.evolve(shop, url="https://api.vinr.com"),
        attrs.evolve(shop, url="http://sandbox.api.vinr.com"),
        attrs.evolve(shop, system="spree-v2"),
    ):
        with pytest.raises(JobsError) as caught:
            check_head(head(), other, now=NOW)
        assert caught.value.code == "other_host"


def test_a_plan_goes_nowhere_but_in_its_place(desk: Desk) -> None:
    """It replaces a plan, never another file; and is there whole or not at all."""
    content = csv("a,11,1,USD")
    own = desk.file(content, "own.csv")
    for place in (own, desk.folder, desk.folder / "absent" / "plan.jsonl"):
        with pytest.raises(JobsError) as caught:
            desk.make(content, output=place)
        assert caught.value.code == "output"
    assert own.read_text() == content
    desk.plan(content)
    before = desk.output.read_bytes()
    writer = PlanWriter(desk.output, head())
    with pytest.raises(KeyError), writer:
        raise KeyError
    assert desk.output.read_bytes() == before
    assert {path.name for path in desk.folder.iterdir()} == {"own.csv", "a.csv", "plan.jsonl"}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full fills a disk without a disk")
def test_a_full_disk_is_said(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = os.fdopen

    def full(handle: int, *more: Any, **named: Any) -> Any:
        os.close(handle)
        return opened(os.open("/dev/full", os.O_WRONLY), *more, **named)

    monkeypatch.setattr("os.fdopen", full)
    with pytest.raises(JobsError, match="No space left") as caught:
        write_plan(desk.output, head(), [PlanRow(1, "a", "nothing", "c", 1, "USD")])
    assert caught.value.code == "output"
    assert list(desk.folder.iterdir()) == []


def test_settings_of_a_plan_are_kept(desk: Desk) -> None:
    planned = desk.plan(csv("a,11,1,USD"), system="spree-v2", settings={"category": "4", "created_by": "17"})
    assert planned.made.head.settings == {"category": "4", "created_by": "17"}
    assert json.loads(desk.output.read_bytes().splitlines()[0])["settings"] == {"category": "4", "created_by": "17"}


def test_the_pace_that_is_expected(desk: Desk) -> None:
    """A rate of ours counts before the server's; without a list over customers the check at the end asks for each."""
    rows = csv("a,11,1,USD", "b,12,1,USD", "c,11,1,USD")
    made = desk.make(rows, system=ReadSystem(SPREE_V3), account_more={"rate": 0.5})
    assert (made.requests, made.limit, made.minutes) == (5, 30, 5 / 30)
    unknown = ReadSystem(ABILITIES["vinr"], found=AccountCheck(live=False, skew=None, limit=None))
    assert desk.make(rows, system=unknown).minutes is None


def test_who_issues_is_decided_in_the_plan(desk: Desk) -> None:
    """A configuration that is changed while a job is open must not hide what was sent for the user of before."""
    made = desk.make(csv("a,2,1.00,USD"), system="spree-v2", account_more={"created_by": "17", "category": "4"})
    assert {name: made.head.settings[name] for name in ("created_by", "category")} == {
        "created_by": "17",
        "category": "4",
    }


def test_a_set_row_says_what_its_credit_is_on_top_of(desk: Desk) -> None:
    """What is created is the difference, which is only right while the customer has what was read."""
    (row,) = desk.plan(csv("a,cust_1,5.00,USD"), mode="set").rows
    assert row.steps[0].before == {"outstanding": 0}


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
