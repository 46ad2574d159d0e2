"""What an audit gives out: notices of what expires soon, CSV, text and JSON, safe whatever credits are called."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from jobs_support.audit_reports import AT, DAY, reported, snapshot_of
from jobs_support.listed_account import credit
from store_credit_jobs.audit.database import Database
from store_credit_jobs.audit.machine_outputs import as_csv, as_json
from store_credit_jobs.audit.notices import Window, notices
from store_credit_jobs.audit.report import Figures, Line
from store_credit_jobs.audit.texts import markdown, on_terminal, plain_text

# -- what expires soon -------------------------------------------------------------------------------------------------


def test_a_notice_for_each_credit_that_expires_soon(tmp_path: Path, audit_engine: Callable[[], Database]) -> None:
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
    report = reported(snapshot, audit_engine, window=window)
    assert report.expiring is not None
    assert report.expiring.lines == (Line("USD", None, Figures(2, 2000, 100, 50, 0)),)
    database = audit_engine()
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
