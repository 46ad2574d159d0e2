"""An audit's figures are those of a plain sum in Python, on both databases and at any size; broken rules are found."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs_support.audit_reports import AMOUNTS, AT, DAY, ENGINES, reported, snapshot_of
from jobs_support.listed_account import credit
from store_credit_jobs.audit.database import Database
from store_credit_jobs.audit.duckdb_database import DuckDatabase
from store_credit_jobs.audit.machine_outputs import as_json
from store_credit_jobs.audit.notices import Window
from store_credit_jobs.audit.report import Figures, Line
from store_credit_jobs.audit.texts import plain_text
from store_credit_jobs.credit import Credit
from store_credit_jobs.errors import JobsError
from store_credit_jobs.exit_codes import ExitCode
from store_credit_jobs.snapshots.credit_line import LARGEST
from store_credit_jobs.snapshots.snapshot_file import Snapshot

# -- against a plain sum -----------------------------------------------------------------------------------------------

names = st.none() | st.sampled_from(["", "a", "b", "=1+1", "ש", "\ud800", "n\0l", "10", "#"])


@st.composite
def any_credits(draw: st.DrawFn) -> Credit:
    minor = draw(AMOUNTS | st.just(LARGEST) | st.just(-5))
    used = draw(st.integers(0, max(minor, 0)))
    authorized = draw(st.integers(0, max(minor, 0) - used) | st.just(0))
    return Credit(
        id=draw(st.uuids().map(str)),
        customer=draw(names),
        minor=minor,
        used=used,
        authorized=authorized,
        currency=draw(st.sampled_from(["USD", "JPY", "BHD", "EUR", "usd", "XYZ"])),
        expires=draw(st.none() | st.integers(AT - 2, AT + 2)),
        created=draw(
            st.floats(AT - 1000 * DAY, AT) | st.sampled_from([float(AT - 31 * DAY), float(AT - 31 * DAY + 1)])
        ),
        memo=draw(names),
        category=draw(names),
        mark=draw(st.none() | st.sampled_from(["sc1.spring.aaaa.1", "sc1.autumn.aaaa.1", "odd"])),
    )


def summed(held: Sequence[Credit], key: Callable[[Credit], Any]) -> dict[Any, Figures]:
    """Add up by a key, one credit after the other, in Python's integers."""
    found: dict[Any, list[Credit]] = defaultdict(list)
    for one in held:
        found[key(one)].append(one)
    return {
        key: Figures(
            len(some),
            sum(one.minor for one in some),
            sum(one.used for one in some),
            sum(one.authorized for one in some),
            sum(one.remaining for one in some if one.expires is not None and one.expires <= AT),
        )
        for key, some in found.items()
    }


def age(one: Credit) -> str:
    days = (AT - int(one.created // 1)) // DAY
    bounds = {
        30: "up to 30 days",
        90: "31 to 90 days",
        180: "91 to 180 days",
        365: "181 to 365 days",
        730: "1 to 2 years",
    }
    return next((name for bound, name in bounds.items() if days <= bound), "over 2 years")


def cleaned(text: str | None) -> str | None:
    return None if text is None else text.replace("\ud800", "?")


@pytest.mark.parametrize("make", ENGINES, ids=lambda engine: engine.name)
@settings(max_examples=15, deadline=None)
@given(held=st.lists(any_credits(), max_size=40))
def test_every_figure_is_that_of_a_plain_sum(
    make: Callable[[], Database], held: list[Credit], tmp_path_factory: pytest.TempPathFactory
) -> None:
    if make is DuckDatabase:
        pytest.importorskip("duckdb")
    report = reported(snapshot_of(tmp_path_factory.mktemp("audit"), held), make)

    def lines(some: Sequence[Line]) -> dict[Any, Figures]:
        return {(line.currency, line.name): line.figures for line in some if not line.rest}

    assert {line.currency: line.figures for line in report.currencies} == summed(held, lambda one: one.currency)
    assert lines(report.ages) == summed(held, lambda one: (one.currency, age(one)))
    assert lines(report.categories) == summed(held, lambda one: (one.currency, cleaned(one.category)))
    assert lines(report.memos) == summed(held, lambda one: (one.currency, cleaned(one.memo)))
    campaigns = {None: None, "sc1.spring.aaaa.1": "spring", "sc1.autumn.aaaa.1": "autumn", "odd": "odd"}
    assert lines(report.campaigns) == summed(held, lambda one: (one.currency, campaigns[one.mark]))
    for parts in (report.ages, report.months, report.categories, report.campaigns, report.memos):
        for whole in report.currencies:
            assert whole.figures.less([part.figures for part in parts if part.currency == whole.currency]) == Figures()
    for line in report.currencies:
        assert line.figures.issued == line.figures.used + line.figures.expired + line.figures.outstanding

    def owed(one: Credit) -> int:
        return one.minor - one.used - (one.remaining if one.expires is not None and one.expires <= AT else 0)

    for currency in {one.currency for one in held}:
        mine = sorted((owed(one) for one in held if one.currency == currency and owed(one) > 0), reverse=True)
        told = [one.figures.outstanding for one in report.largest_credits if one.currency == currency]
        assert told == mine[:10]
        by_customer = summed(
            [one for one in held if one.currency == currency and one.customer], lambda one: cleaned(one.customer)
        )
        wanted = sorted(
            (figures.outstanding for figures in by_customer.values() if figures.outstanding > 0), reverse=True
        )
        found = [
            one.figures.outstanding for one in report.largest_customers if one.currency == currency and one.customer
        ]
        assert found == wanted[:10]
    rules = {one.rule for one in report.violations}
    assert ("negative" in rules) == any(one.minor < 0 for one in held)
    assert ("used_beyond_amount" in rules) == any(one.minor < 0 for one in held)
    assert ("currency_unknown" in rules) == any(one.currency in ("usd", "XYZ") for one in held)
    marks = [one.mark for one in held if one.mark is not None]
    assert ("mark_twice" in rules) == (len(set(marks)) < len(marks))


def test_sums_beyond_64_bits_are_exact(tmp_path: Path, audit_engine: Callable[[], Database]) -> None:
    held = [credit(number, minor=LARGEST, used=number % 2, customer="c") for number in range(40)]
    report = reported(snapshot_of(tmp_path, held), audit_engine)
    assert report.currencies[0].figures == Figures(40, 40 * LARGEST, 20, 0, 0)
    assert report.largest_customers[0].figures.outstanding == 40 * LARGEST - 20
    assert json.loads(as_json(report))["currencies"][0]["figures"]["issued"] == 40 * LARGEST


def test_more_parts_than_are_shown_are_one_line_of_all_others(
    tmp_path: Path, audit_engine: Callable[[], Database]
) -> None:
    held = [credit(number, minor=number, memo=f"m{number}") for number in range(1, 31)]
    memos = reported(snapshot_of(tmp_path, held), audit_engine).memos
    assert [line.name for line in memos[:-1]] == [f"m{number}" for number in range(30, 10, -1)]
    assert (memos[-1].rest, memos[-1].figures) == (True, Figures(10, sum(range(1, 11))))


def test_an_account_without_credits_is_told_as_such(tmp_path: Path, audit_engine: Callable[[], Database]) -> None:
    report = reported(snapshot_of(tmp_path, []), audit_engine, window=Window.read("30d"))
    assert report.sound
    assert "There are no credits." in plain_text(report)


def forgets_credits(database: Database, _: Snapshot, at: int) -> None:
    database.load_credits([], at)


def forgets_expiry(database: Database, snapshot: Snapshot, _: int) -> None:
    database.load_snapshot(snapshot, 0)


@pytest.mark.parametrize("load", [forgets_credits, forgets_expiry])
def test_the_head_and_the_database_must_have_the_same_sums(
    tmp_path: Path, audit_engine: Callable[[], Database], load: Callable[[Database, Snapshot, int], None]
) -> None:
    snapshot = snapshot_of(tmp_path, [credit(1, expires=AT)])

    class Forgetful:
        def __init__(self) -> None:
            self.database = audit_engine()

        def load_snapshot(self, snapshot: Snapshot, at: int) -> None:
            load(self.database, snapshot, at)

        def __getattr__(self, name: str) -> Any:
            return getattr(self.database, name)

    with pytest.raises(JobsError, match="do not add up to the totals") as caught:
        reported(snapshot, cast("Callable[[], Database]", Forgetful))
    assert caught.value.exit_code is ExitCode.BROKEN


# -- rules -------------------------------------------------------------------------------------------------------------


def test_each_broken_rule_is_found(tmp_path: Path, audit_engine: Callable[[], Database]) -> None:
    held = [
        credit(1, used=600, authorized=500),
        credit(2, used=-1),
        credit(3),
        credit(3),
        credit(4, mark="sc1.spring.aaaa.1"),
        credit(5, mark="sc1.spring.aaaa.1"),
        credit(6, mark="sc1.spring.aaaa.2"),
        credit(7, created=AT + 301.0),
        credit(8, created=AT + 299.0),
        credit(9, currency="usd"),
    ]
    report = reported(snapshot_of(tmp_path, held), audit_engine)
    assert [(one.rule, one.credit) for one in report.violations] == [
        ("used_beyond_amount", "sc_1"),
        ("negative", "sc_2"),
        ("listed_twice", "sc_3"),
        ("listed_twice", "sc_3"),
        ("mark_twice", "sc_4"),
        ("mark_twice", "sc_5"),
        ("created_later", "sc_7"),
        ("currency_unknown", "sc_9"),
    ]
    assert (report.violation_count, report.sound) == (8, False)
    assert "NOT SOUND: 8 credits break a rule" in plain_text(report)


def test_a_rule_that_thousands_break_lists_some_and_counts_all(tmp_path: Path) -> None:
    report = reported(snapshot_of(tmp_path, [credit(number, used=1001) for number in range(150)]))
    assert (len(report.violations), report.violation_count) == (100, 150)
    assert "150 in all" in plain_text(report)
