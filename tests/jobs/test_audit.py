"""An audit's figures are those of a plain sum in Python, on both databases, at any size, and at any earlier time."""

from __future__ import annotations

import ast
import csv
import io
import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import store_credit_jobs.audit
from jobs_support.listed_account import SPREE, VINR, ListedAccount, credit
from store_credit import from_minor_units
from store_credit_jobs.audit.amounts import grouped, minor_of, plain
from store_credit_jobs.audit.books import read_books
from store_credit_jobs.audit.database import Database
from store_credit_jobs.audit.duckdb_database import DuckDatabase
from store_credit_jobs.audit.ledger import past
from store_credit_jobs.audit.machine_outputs import as_csv, as_json
from store_credit_jobs.audit.notices import Window, notices
from store_credit_jobs.audit.report import Figures, Line, Report
from store_credit_jobs.audit.run import Question, make_report
from store_credit_jobs.audit.sqlite_database import SqliteDatabase
from store_credit_jobs.audit.texts import markdown, on_terminal, plain_text
from store_credit_jobs.config import Account
from store_credit_jobs.credit import Credit
from store_credit_jobs.errors import JobsError
from store_credit_jobs.exit_codes import ExitCode
from store_credit_jobs.snapshots.credit_line import LARGEST
from store_credit_jobs.snapshots.export import Reading, export
from store_credit_jobs.snapshots.snapshot_file import Snapshot

AT = 1_790_000_000
DAY = 86_400
ENGINES: tuple[Callable[[], Database], ...] = (SqliteDatabase, DuckDatabase)


def snapshot_of(folder: Path, held: Sequence[Credit], account: Account = VINR, when: float = AT) -> Snapshot:
    return export(ListedAccount(held), account, folder / "s.jsonl", Reading(clock=lambda: when))


def reported(snapshot: Snapshot, engine: Callable[[], Database] = SqliteDatabase, **asked: Any) -> Report:
    database = engine()
    try:
        return make_report(snapshot, database, Question(**asked))
    finally:
        database.close()


@pytest.fixture(params=ENGINES, ids=lambda engine: engine.name)
def engine(request: pytest.FixtureRequest) -> Callable[[], Database]:
    if request.param is DuckDatabase:
        pytest.importorskip("duckdb")
    return request.param


# -- against a plain sum -----------------------------------------------------------------------------------------------

names = st.none() | st.sampled_from(["", "a", "b", "=1+1", "ש", "\ud800", "n\0l", "10", "#"])
some = st.integers(0, 2000) | st.integers(0, LARGEST)


@st.composite
def any_credits(draw: st.DrawFn) -> Credit:
    minor = draw(some | st.just(LARGEST) | st.just(-5))
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


def test_sums_beyond_64_bits_are_exact(tmp_path: Path, engine: Callable[[], Database]) -> None:
    held = [credit(number, minor=LARGEST, used=number % 2, customer="c") for number in range(40)]
    report = reported(snapshot_of(tmp_path, held), engine)
    assert report.currencies[0].figures == Figures(40, 40 * LARGEST, 20, 0, 0)
    assert report.largest_customers[0].figures.outstanding == 40 * LARGEST - 20
    assert json.loads(as_json(report))["currencies"][0]["figures"]["issued"] == 40 * LARGEST


def test_more_parts_than_are_shown_are_one_line_of_all_others(tmp_path: Path, engine: Callable[[], Database]) -> None:
    held = [credit(number, minor=number, memo=f"m{number}") for number in range(1, 31)]
    memos = reported(snapshot_of(tmp_path, held), engine).memos
    assert [line.name for line in memos[:-1]] == [f"m{number}" for number in range(30, 10, -1)]
    assert (memos[-1].rest, memos[-1].figures) == (True, Figures(10, sum(range(1, 11))))


def test_an_account_without_credits_is_told_as_such(tmp_path: Path, engine: Callable[[], Database]) -> None:
    report = reported(snapshot_of(tmp_path, []), engine, window=Window.read("30d"))
    assert report.sound
    assert "There are no credits." in plain_text(report)


def forgets_credits(database: Database, _: Snapshot, at: int) -> None:
    database.load_credits([], at)


def forgets_expiry(database: Database, snapshot: Snapshot, _: int) -> None:
    database.load_snapshot(snapshot, 0)


@pytest.mark.parametrize("load", [forgets_credits, forgets_expiry])
def test_the_head_and_the_database_must_have_the_same_sums(
    tmp_path: Path, engine: Callable[[], Database], load: Callable[[Database, Snapshot, int], None]
) -> None:
    snapshot = snapshot_of(tmp_path, [credit(1, expires=AT)])

    class Forgetful:
        def __init__(self) -> None:
            self.database = engine()

        def load_snapshot(self, snapshot: Snapshot, at: int) -> None:
            load(self.database, snapshot, at)

        def __getattr__(self, name: str) -> Any:
            return getattr(self.database, name)

    with pytest.raises(JobsError, match="do not add up to the totals") as caught:
        reported(snapshot, cast("Callable[[], Database]", Forgetful))
    assert caught.value.exit_code is ExitCode.BROKEN


# -- no floats ---------------------------------------------------------------------------------------------------------

SOURCES = sorted(Path(store_credit_jobs.audit.__path__[0]).glob("*.py"))


def floating(source: str) -> Iterator[str]:
    """Where a module could make a float: division, `float`, a module of mathematics, or a function of SQL."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div) and not path_like(node):
            yield f"line {node.lineno}: /"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("float", "round"):
            yield f"line {node.lineno}: {node.func.id}()"
        elif isinstance(node, ast.Import | ast.ImportFrom):
            module = node.module if isinstance(node, ast.ImportFrom) else node.names[0].name
            if str(module).partition(".")[0] in ("math", "statistics", "numpy", "pandas"):
                yield f"line {node.lineno}: {module}"
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            for match in re.finditer(
                r"\b(avg|total|round|stddev|median)\(|\b(real|numeric)\b| / |\bdouble\b", node.value, re.IGNORECASE
            ):
                if not is_prose(node.value) and "created" not in node.value:
                    yield f"line {node.lineno}: {match[0]}"


def path_like(node: ast.BinOp | ast.AugAssign) -> bool:
    """Whether what is divided is a path."""
    return isinstance(node, ast.BinOp) and isinstance(node.left, ast.Call) and "Path" in ast.dump(node.left.func)


def is_prose(text: str) -> bool:
    return not re.search(r"\b(select|sum|order by|from|cast)\b", text)


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_no_module_of_the_audit_can_make_a_float(source: Path) -> None:
    assert list(floating(source.read_text("utf-8"))) == []


def test_the_search_for_floats_finds_them() -> None:
    planted = [
        "x = 1 / 2",
        "x = float(1)",
        "import math",
        "q = 'select avg(minor) from credit'",
        "q = 'select minor / 100'",
    ]
    assert all(list(floating(line)) for line in planted)


def test_a_column_of_amounts_takes_integers_alone() -> None:
    database = SqliteDatabase()
    for value in (10.5, "ten"):
        with pytest.raises(sqlite3.IntegrityError):
            database.load_rows("gone", [("a", "USD", value)])
    database.close()


# -- amounts -----------------------------------------------------------------------------------------------------------


@given(st.integers(-(10**15), 10**15), st.sampled_from(["USD", "JPY", "BHD", "CLF"]))
def test_an_amount_is_written_as_the_sdk_writes_it_and_read_again(minor: int, currency: str) -> None:
    written = plain(minor, currency)
    assert Decimal(written) == from_minor_units(minor, currency)
    assert minor_of(written, currency) == minor
    assert grouped(minor, currency).replace(",", "") == written


def test_amounts_for_people() -> None:
    assert grouped(123456789, "USD") == "1,234,567.89"
    assert grouped(-50, "USD") == "-0.50"
    assert grouped(1234567, "JPY") == "1,234,567"
    assert grouped(1234567, "BHD") == "1,234.567"
    # Nobody knows how many decimals these have.
    assert (grouped(1234567, "XYZ"), grouped(1234567, "usd")) == ("1,234,567", "1,234,567")


@pytest.mark.parametrize(
    "text", ["1,234.50", "12,50", "1e3", "+5", "٣", "12.", ".5", " 5", "", "1.505", "0x10", "--5", "\uff15"]
)
def test_an_amount_in_another_spelling_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="amount"):
        minor_of(text, "USD")


# -- rules -------------------------------------------------------------------------------------------------------------


def test_each_broken_rule_is_found(tmp_path: Path, engine: Callable[[], Database]) -> None:
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
    report = reported(snapshot_of(tmp_path, held), engine)
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


# -- an earlier time ---------------------------------------------------------------------------------------------------


@st.composite
def histories(draw: st.DrawFn) -> tuple[Credit, list[tuple[float, Credit]]]:
    """A credit with its ledger, and what it was like after each event."""
    minor = draw(st.integers(1, 10_000))
    used = authorized = 0
    at = AT - 100 * DAY
    states: list[tuple[float, Credit]] = []
    events: list[dict[str, Any]] = []

    def happened(action: str, amount: int) -> None:
        when = f"2026-{1 + len(events) // 28:02d}-{1 + len(events) % 28:02d}T12:00:00.{draw(st.integers(0, 999)):03d}Z"
        attributes = {
            "action": action,
            "amount": str(from_minor_units(amount, "USD")),
            "created_at": when,
            "updated_at": when,
        }
        events.append({"id": str(len(events)), "type": "store_credit_event", "attributes": attributes})
        moment = past_seconds(when)
        states.append((moment, credit(1, minor=minor, used=used, authorized=authorized, created=past_seconds(first))))

    first = "2026-01-01T12:00:00.000Z"
    happened("allocation", minor)
    for _ in range(draw(st.integers(0, 12))):
        what = draw(st.sampled_from(["eligible", "authorize", "capture", "void", "credit"]))
        most = {
            "authorize": minor - used - authorized,
            "capture": authorized,
            "void": authorized,
            "credit": used,
            "eligible": minor,
        }
        if most[what] == 0:
            continue
        amount = draw(st.integers(1, most[what]))
        used += {"capture": amount, "credit": -amount}.get(what, 0)
        authorized += {"authorize": amount, "capture": -amount, "void": -amount}.get(what, 0)
        happened(what, amount)
    assert at < AT
    now = attrs.evolve(states[-1][1], events=tuple(events), updated=states[-1][0])
    return now, states


def past_seconds(text: str) -> float:
    from store_credit_jobs.snapshots.snapshot_file import seconds_of

    return seconds_of(text)


@given(histories())
def test_a_credit_is_taken_back_to_what_it_was_at_any_time(history: tuple[Credit, list[tuple[float, Credit]]]) -> None:
    now, states = history
    for moment, state in states:
        found = past(now, moment)
        assert found.credit is not None
        assert (found.credit.minor, found.credit.used, found.credit.authorized) == (
            state.minor,
            state.used,
            state.authorized,
        )
        assert found.doubt is None
    assert past(now, states[0][0] - 86_400).credit is None


def allocation(minor: int, changed: float, created: float = 1_700_000_000.0) -> dict[str, Any]:
    return {"action": "allocation", "minor": minor, "created_at": created, "updated_at": changed}


@pytest.mark.parametrize(
    ("changes", "at", "doubt"),
    [
        # Edited before the time: what it was since is what it is.
        ({"updated": 1_700_050_000.0, "events": (allocation(1000, 1_700_050_000.0),)}, 1_700_060_000.0, None),
        # Edited after it.
        (
            {"updated": 1_700_050_000.0, "events": (allocation(1000, 1_700_050_000.0),)},
            1_700_040_000.0,
            "it was changed after",
        ),
        # Changed after its last event, without a trace in the ledger.
        (
            {"updated": 1_700_050_000.0, "events": (allocation(1000, 1_700_000_000.0),)},
            1_700_040_000.0,
            "it was changed after",
        ),
        ({"updated": 1_700_000_004.0, "events": (allocation(1000, 1_700_000_004.0),)}, 1_700_000_001.0, None),
        ({"events": ()}, 1_700_040_000.0, "it has no ledger"),
        (
            {"events": ({"action": "adjust", "minor": 1, "created_at": 1.0},)},
            1_700_040_000.0,
            "'adjust' is not a known ledger action",
        ),
        ({"events": ({"action": "capture", "created_at": 1.0},)}, 1_700_040_000.0, "an event has no amount"),
        ({"events": ({"action": "capture", "amount": "1.005", "created_at": 1.0},)}, 1_700_040_000.0, "more decimals"),
        ({"events": ("odd",)}, 1_700_040_000.0, "an event is not an object"),
        (
            {
                "events": (
                    allocation(1000, 1_700_000_000.0),
                    {"action": "capture", "minor": 5, "created_at": 1_700_050_000.0},
                )
            },
            1_700_040_000.0,
            "does not add up",
        ),
    ],
)
def test_what_the_ledger_cannot_tell_is_said(changes: dict[str, Any], at: float, doubt: str | None) -> None:
    found = past(credit(1, **changes), at)
    assert found.credit is not None
    assert (found.doubt is None) if doubt is None else (doubt in str(found.doubt))


def test_as_of_from_the_ledger(tmp_path: Path, engine: Callable[[], Database]) -> None:
    spent = {"action": "capture", "amount": "4.0", "created_at": AT - 10 * DAY}
    held_back = {"action": "authorize", "amount": "4.0", "created_at": AT - 11 * DAY}
    first = allocation(1000, AT - 30 * DAY, AT - 30 * DAY)
    held = [
        credit(1, used=400, created=float(AT - 30 * DAY), events=(first, held_back, spent)),
        credit(2, created=float(AT - 5 * DAY), events=(allocation(1000, AT - 5 * DAY, AT - 5 * DAY),)),
    ]
    snapshot = snapshot_of(tmp_path, held, SPREE)
    earlier = export(
        ListedAccount([credit(1), credit(77, minor=250, used=50)]),
        SPREE,
        tmp_path / "e.jsonl",
        Reading(clock=lambda: AT - 20 * DAY),
    )
    report = reported(snapshot, engine, as_of=float(AT - 20 * DAY), earlier=earlier)
    assert report.basis == "ledger"
    assert [(line.currency, line.figures) for line in report.currencies] == [("USD", Figures(1, 1000, 0, 0, 0))]
    assert [note.code for note in report.notes] == ["from_ledger", "gone_since"]
    assert "1 credits" in report.notes[1].text
    assert "2.00 USD" in report.notes[1].text
    at_authorized = reported(snapshot, engine, as_of=float(AT - 11 * DAY))
    assert at_authorized.currencies[0].figures == Figures(1, 1000, 0, 400, 0)
    now = reported(snapshot, engine)
    assert (now.basis, now.currencies[0].figures) == ("snapshot", Figures(2, 2000, 400, 0, 0))


def test_as_of_without_a_ledger_takes_an_older_snapshot_and_says_how_old(
    tmp_path: Path, engine: Callable[[], Database]
) -> None:
    snapshot = snapshot_of(tmp_path, [credit(1, expires=AT + DAY), credit(2)])
    report = reported(snapshot, engine, as_of=float(AT + 2 * DAY + 3600))
    assert (report.basis, report.currencies[0].figures) == ("snapshot", Figures(2, 2000, 0, 0, 1000))
    assert "2 days 1 h before" in report.notes[0].text
    with pytest.raises(JobsError, match="holds no ledger") as caught:
        reported(snapshot, engine, as_of=float(AT - 1))
    assert caught.value.code == "no_ledger"


# -- the books ---------------------------------------------------------------------------------------------------------


def test_books_that_say_something_else_are_listed(tmp_path: Path, engine: Callable[[], Database]) -> None:
    held = [
        credit(1, customer="a", minor=1000, used=100),
        credit(2, customer="a", minor=500),
        credit(3, customer="b", minor=700, currency="JPY"),
        credit(4, customer="c", minor=300, expires=AT),
        credit(5, customer=None, minor=50),
        credit(6, customer="e", minor=1),
    ]
    books = tmp_path / "books.csv"
    books.write_text(
        "\ufeffnote,customer,currency,amount\r\n"
        'x,a,USD,10.00\r\n,a,USD,4\r\n"two\nlines",b,JPY,699\r\n\r\n,c,USD,0.00\r\n,d,USD,-2.50\r\n,,USD,0.5\r\n',
        encoding="utf-8",
        newline="",
    )
    drift = reported(snapshot_of(tmp_path, held), engine, books=books).drift
    assert drift is not None
    assert [(one.customer, one.currency, one.books, one.server) for one in drift.differences] == [
        ("b", "JPY", 699, 700),
        ("d", "USD", -250, 0),
        ("e", "USD", 0, 1),
    ]
    assert [(one.currency, one.books, one.server, one.difference) for one in drift.totals] == [
        ("JPY", 699, 700, 1),
        ("USD", 1200, 1451, 251),
    ]
    assert (drift.rows, drift.count) == (6, 3)


@settings(deadline=None, max_examples=50)
@given(
    ours=st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from(["USD", "JPY"]), st.integers(0, 5) | some), max_size=20
    ),
    theirs=st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from(["USD", "JPY"]), st.integers(-5, 5)), max_size=20
    ),
)
def test_differences_are_those_of_two_plain_sums(
    ours: list[tuple[str, str, int]], theirs: list[tuple[str, str, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("books")
    rows = "".join(f"{customer},{currency},{plain(minor, currency)}\n" for customer, currency, minor in theirs)
    (folder / "books.csv").write_text(f"customer,currency,amount\n{rows}")
    held = [
        credit(place, customer=who, currency=currency, minor=minor) for place, (who, currency, minor) in enumerate(ours)
    ]
    drift = reported(snapshot_of(folder, held), books=folder / "books.csv").drift
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for place, rows_of in enumerate((theirs, ours)):
        for customer, currency, minor in rows_of:
            sums[customer, currency][place] += minor
    assert drift is not None
    found = {(one.customer, one.currency): [one.books, one.server] for one in drift.differences}
    assert found == {key: both for key, both in sums.items() if both[0] != both[1]}


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("customer,amount\na,5\n", 1, "each once: see currency"),
        ("customer,currency,amount,amount\n", 1, "each once: see amount"),
        ("", 1, "each once"),
        ("customer,currency,amount\na,USD,5\na,USD,1.005\n", 3, "has 3 decimals, but USD has 2"),
        ("customer,currency,amount\na,JPY,10.50\n", 2, "has 2 decimals, but JPY has 0"),
        ("customer,currency,amount\na,usd,5\n", 2, "'usd' is not an uppercase ISO 4217 code"),
        ("customer,currency,amount\na,USD,1e3\n", 2, "'1e3' is not a valid amount"),
        ("customer,currency,amount\na,USD\n", 2, "2 cells"),
        ('customer,currency,amount\na,USD,"5\n', 2, "it is not CSV"),
        ("customer,currency,amount\na,USD,99999999999999999999\n", 2, "is not a valid amount"),
        ("customer,currency,amount\na,BHD,9999999999999999\n", 2, "is too large"),
    ],
)
def test_books_that_cannot_be_read_are_refused_with_file_and_line(
    tmp_path: Path, text: str, line: int, why: str
) -> None:
    books = tmp_path / "books.csv"
    books.write_text(text)
    with pytest.raises(JobsError) as caught:
        list(read_books(books))
    said = str(caught.value.problems[0]) if caught.value.problems else caught.value.message
    assert said.startswith(f"{books}:{line}")
    assert why in said


# -- what expires soon -------------------------------------------------------------------------------------------------


def test_a_notice_for_each_credit_that_expires_soon(tmp_path: Path, engine: Callable[[], Database]) -> None:
    held = [
        credit(1, expires=AT + 30 * DAY, used=100, authorized=50, email="a@example.com"),
        credit(2, expires=AT + 30 * DAY + 1),
        credit(3, expires=AT),
        credit(4, expires=AT + 1),
        credit(5, expires=AT + 5, used=1000),
        credit(6),
    ]
    window = Window.read("30d")
    snapshot = snapshot_of(tmp_path, held)
    report = reported(snapshot, engine, window=window)
    assert report.expiring is not None
    assert report.expiring.lines == (Line("USD", None, Figures(2, 2000, 100, 50, 0)),)
    database = engine()
    database.load_snapshot(snapshot, AT)
    first, second = (json.loads(line) for line in notices(database, AT, window))
    database.close()
    assert first["credit"] == "sc_4"
    assert second == {
        "notice_key": f"sc_1:30d:{AT + 30 * DAY}",
        "credit": "sc_1",
        "customer": "cust_1",
        "email": "a@example.com",
        "minor": 850,
        "currency": "USD",
        "expires_at": "2026-10-21T14:13:20Z",
    }


@pytest.mark.parametrize("text", ["30", "d", "0d", "-1d", "1.5d", "30 d", "٣d", "999999d"])
def test_a_window_in_another_spelling_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="such as 30d"):
        Window.read(text)


# -- outputs -----------------------------------------------------------------------------------------------------------

HOSTILE = [
    credit(1, memo='=HYPERLINK("http://x","y")', customer="@cust", category="-1+1"),
    credit(2, memo="a|b\n\x1b[31mred\u202e</td><script>alert(1)</script>", customer="+1"),
    credit(3, memo="[bold]markup[/bold]", customer="-5", currency="JPY"),
    credit(4, memo="\ud800", customer="שלום"),
]


def test_csv_holds_no_formula(tmp_path: Path) -> None:
    report = reported(snapshot_of(tmp_path, HOSTILE))
    rows = list(csv.DictReader(io.StringIO(as_csv(report), newline="")))
    for row in rows:
        for cell in row.values():
            assert not cell.startswith(("=", "+", "@", "\t", "\r")), cell
            assert not cell.startswith("-") or re.fullmatch(r"-[0-9]+(\.[0-9]+)?", cell), cell
    currencies = {row["currency"]: row["outstanding"] for row in rows if row["section"] == "currency"}
    assert currencies == {"USD": "30.00", "JPY": "1000"}
    assert as_csv(report).encode("utf-8")


def test_text_outputs_hold_nothing_that_steers_a_terminal_or_is_markup(tmp_path: Path) -> None:
    from rich.console import Console

    report = reported(snapshot_of(tmp_path, HOSTILE))
    drawn = io.StringIO()
    on_terminal(report, Console(file=drawn, force_terminal=False, width=200))
    for text in (plain_text(report), markdown(report), drawn.getvalue()):
        assert all(character.isprintable() for character in text.replace("\n", ""))
    assert "[bold]markup[/bold]" in drawn.getvalue()
    assert "[bold]markup[/bold]" in plain_text(report)
    written = markdown(report)
    assert "<script>" not in written.replace("\\<", "")
    assert "a\\|b" in written


def test_json_holds_integers_of_minor_units(tmp_path: Path) -> None:
    report = reported(snapshot_of(tmp_path, [credit(1, used=1)]), window=Window.read("1d"))

    def no_float(text: str) -> None:
        raise AssertionError(f"{text} is a float")

    read = json.loads(as_json(report), parse_float=no_float)
    assert read["report"] == 1
    assert read["sound"] is True
    assert read["currencies"][0]["figures"] == {
        "credits": 1,
        "issued": 1000,
        "used": 1,
        "authorized": 0,
        "expired": 0,
        "outstanding": 999,
    }
