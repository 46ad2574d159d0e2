"""An audit of an earlier time: from the ledgers of credits, or from an older snapshot, and what neither can tell."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs_support.audit_reports import AT, DAY, reported, snapshot_of
from jobs_support.listed_account import SPREE, ListedAccount, credit
from store_credit import from_minor_units
from store_credit_jobs.audit.database import Database
from store_credit_jobs.audit.ledger import past
from store_credit_jobs.audit.report import Figures
from store_credit_jobs.credit import Credit
from store_credit_jobs.errors import JobsError
from store_credit_jobs.snapshots.export import Reading, export


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
        (
            {"events": ({"action": "capture", "amount": "1.005", "created_at": 1.0},)},
            1_700_040_000.0,
            "more than 2 decimals, the maximum",
        ),
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


def test_as_of_from_the_ledger(tmp_path: Path, audit_engine: Callable[[], Database]) -> None:
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
    report = reported(snapshot, audit_engine, as_of=float(AT - 20 * DAY), earlier=earlier)
    assert report.basis == "ledger"
    assert [(line.currency, line.figures) for line in report.currencies] == [("USD", Figures(1, 1000, 0, 0, 0))]
    assert [note.code for note in report.notes] == ["from_ledger", "gone_since"]
    assert "1 credits" in report.notes[1].text
    assert "2.00 USD" in report.notes[1].text
    at_authorized = reported(snapshot, audit_engine, as_of=float(AT - 11 * DAY))
    assert at_authorized.currencies[0].figures == Figures(1, 1000, 0, 400, 0)
    now = reported(snapshot, audit_engine)
    assert (now.basis, now.currencies[0].figures) == ("snapshot", Figures(2, 2000, 400, 0, 0))


def test_as_of_without_a_ledger_takes_an_older_snapshot_and_says_how_old(
    tmp_path: Path, audit_engine: Callable[[], Database]
) -> None:
    snapshot = snapshot_of(tmp_path, [credit(1, expires=AT + DAY), credit(2)])
    report = reported(snapshot, audit_engine, as_of=float(AT + 2 * DAY + 3600))
    assert (report.basis, report.currencies[0].figures) == ("snapshot", Figures(2, 2000, 0, 0, 1000))
    assert "2 days 1 h earlier" in report.notes[0].text
    with pytest.raises(JobsError, match="contains no ledger") as caught:
        reported(snapshot, audit_engine, as_of=float(AT - 1))
    assert caught.value.code == "no_ledger"
