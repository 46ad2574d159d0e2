"""Plans: the same from every format, exact in their totals, and with what is true of all rows said once."""

from __future__ import annotations

import json
import tempfile
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jobs_support.planning import (
    ABILITIES,
    HEADER,
    IDENTITY,
    SPREE_V3,
    VINR,
    Desk,
    ReadSystem,
    csv,
    jsonl,
)
from store_credit_jobs.errors import JobsError, Problem
from store_credit_jobs.planning.plan_file import (
    PlanRow,
    PlanStep,
    line_of,
    read_head,
    read_lines,
)
from store_credit_jobs.systems.system import AccountCheck
from store_credit_jobs.wire_key import WireKeys, wire_key


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
