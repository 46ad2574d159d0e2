"""Makes a report of a snapshot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import attrs

from store_credit_jobs.audit.amounts import grouped
from store_credit_jobs.audit.books import compare, read_books
from store_credit_jobs.audit.database import Database
from store_credit_jobs.audit.figures import ages, by_currency, expiring, largest, months, parts
from store_credit_jobs.audit.invariants import MOST_LISTED, violations
from store_credit_jobs.audit.ledger import past
from store_credit_jobs.audit.notices import Window
from store_credit_jobs.audit.report import Basis, Drift, Expiring, Figures, Line, Note, Report, Violation
from store_credit_jobs.credit import Credit
from store_credit_jobs.errors import JobsError
from store_credit_jobs.exit_codes import ExitCode
from store_credit_jobs.snapshots.snapshot_file import Snapshot, SnapshotHead, seconds_of, time_text

__all__ = ["Question", "make_report"]

_TOP: Final = 10
_MOST_PARTS: Final = 20
_DOUBT: Final = "possibly_edited"


@attrs.frozen(slots=True)
class Question:
    """What an audit is asked.

    Attributes:
        as_of: The time that the figures are to be about, in seconds since 1970, or None for when the snapshot was made.
        books: A CSV file to compare with, or None.
        window: Within what time credits expire soon, or None.
        history: Heads of earlier snapshots, the oldest first.
        earlier: The last snapshot from before `as_of`, to tell which credits are gone since, or None.
        notes: What is known beforehand.
    """

    as_of: float | None = None
    books: Path | None = None
    window: Window | None = None
    history: Sequence[SnapshotHead] = ()
    earlier: Snapshot | None = None
    notes: tuple[Note, ...] = ()


def make_report(snapshot: Snapshot, database: Database, question: Question) -> Report:
    """Add up a snapshot's credits and look at each of them.

    Where the figures are to be about a time before the snapshot was made, they are worked out from the ledgers of the
    credits; where it is after that, they are those of the snapshot, with what has expired until then.

    Raises:
        JobsError: `no_ledger`: the snapshot is from after `as_of` and has no ledgers; `snapshot_damaged`,
            `books_invalid`, `disk_full`.
    """
    head = snapshot.head
    started, ended = seconds_of(head.started), seconds_of(head.ended)
    when = started if question.as_of is None else question.as_of
    at = int(when // 1)
    notes = list(question.notes)
    doubts = _Doubts(when)
    basis: Basis = "snapshot"
    if question.as_of is not None and when < started:
        if not head.ledger:
            text = (
                f"{snapshot.path} was created at {head.started} and contains no ledger, so it does not show what was "
                f"owed at {time_text(when)}; pass a snapshot from before that time"
            )
            raise JobsError("no_ledger", text)
        basis = "ledger"
        database.load_credits(doubts.watch(snapshot.credits()), at)
        notes.append(_from_ledger(snapshot, when))
        if question.earlier is not None:
            notes.extend(_gone_since(question.earlier, database))
    else:
        database.load_snapshot(snapshot, at)
        if question.as_of is not None:
            notes.append(_from_snapshot(ended, when))
    currencies = by_currency(database)
    if basis == "snapshot":
        _check_sums(currencies, snapshot, at == int(started // 1))
    found, count = violations(database, max(at, int(ended // 1)) if basis == "snapshot" else at)
    largest_credits, largest_customers = largest(database, _TOP)
    if doubts.count:
        notes.append(
            Note(
                _DOUBT, f"{doubts.count} credits may have been edited since then: their amounts may have been different"
            )
        )
    return Report(
        account=head.account,
        system=head.system,
        host=head.host,
        at=time_text(when),
        started=head.started,
        ended=head.ended,
        sha256=snapshot.sha256,
        basis=basis,
        notes=tuple(notes),
        currencies=currencies,
        ages=ages(database, at),
        months=months(database),
        categories=parts(database, "category", currencies, _MOST_PARTS),
        campaigns=parts(database, "campaign", currencies, _MOST_PARTS),
        memos=parts(database, "memo", currencies, _MOST_PARTS),
        history=_history(question.history, when),
        largest_credits=largest_credits,
        largest_customers=largest_customers,
        violations=found,
        violation_count=count,
        possibly_edited=tuple(doubts.listed),
        possibly_edited_count=doubts.count,
        drift=None if question.books is None else _against(question.books, database),
        expiring=None if question.window is None else _expiring(question.window, database, at),
        engine=database.name,
    )


class _Doubts:
    """Takes credits back to a time, and keeps those about which the ledger leaves a doubt."""

    def __init__(self, at: float) -> None:
        self._at = at
        self.count = 0
        self.listed: list[Violation] = []

    def watch(self, credits: Iterable[Credit]) -> Iterator[Credit]:
        for credit in credits:
            found = past(credit, self._at)
            if found.credit is None:
                continue
            yield found.credit
            if found.doubt is not None:
                self.count += 1
                if self.count <= MOST_LISTED:
                    one = found.credit
                    figures = (one.currency, one.minor, one.used, one.authorized)
                    self.listed.append(Violation(_DOUBT, one.id, one.customer, *figures, found.doubt))


def _check_sums(lines: Sequence[Line], snapshot: Snapshot, expired_too: bool) -> None:
    """Compare what the database added up with what was added up when the snapshot was made: two ways, one sum."""
    added = {line.currency: line.figures for line in lines}
    told = snapshot.head.totals
    for currency in added.keys() | told.keys():
        one, other = added.get(currency), told.get(currency)
        if (
            one is None
            or other is None
            or (one.credits, one.issued, one.used, one.authorized)
            != (other.credits, other.minor, other.used, other.authorized)
            or (expired_too and one.expired != other.expired)
        ):
            text = f"{snapshot.path}: its credits in {currency} do not add up to the totals in its header"
            raise JobsError("sum_differs", text, exit_code=ExitCode.BROKEN)


def _from_ledger(snapshot: Snapshot, when: float) -> Note:
    text = (
        f"Calculated for {time_text(when)} from the ledgers of the credits, which were read at "
        f"{snapshot.head.started}. Credits deleted since then are not included"
    )
    return Note("from_ledger", text)


def _from_snapshot(ended: float, when: float) -> Note:
    minutes = max(0, int((when - ended) // 60))
    days, rest = divmod(minutes, 1440)
    age = f"{days} days {rest // 60} h" if days else f"{rest // 60} h {rest % 60} min"
    text = (
        f"The credits are as they were read until {time_text(ended)}, {age} earlier. Amounts spent since then "
        "are not included"
    )
    return Note("from_snapshot", text)


def _gone_since(earlier: Snapshot, database: Database) -> Iterator[Note]:
    # A lone surrogate in an id would not be found again; ids are ASCII on every system.
    database.load_rows("gone", ((one.id, one.currency, one.minor - one.used) for one in earlier.credits()))
    query = f"""
        select currency, count(*), {database.sums("minor")} from gone
        where id not in (select id from credit) group by 1 order by 1"""  # noqa: S608
    for row in database.rows(query):
        (owed,) = database.combine(row[2:])
        text = (
            f"{row[1]} credits of the snapshot of {earlier.head.ended} no longer exist: {grouped(owed, row[0])} "
            f"{row[0]} was owed on them at that time, and is not included in these figures"
        )
        yield Note("gone_since", text)


def _history(heads: Sequence[SnapshotHead], when: float) -> tuple[Line, ...]:
    last: dict[str, SnapshotHead] = {}
    for head in heads:
        if seconds_of(head.started) <= when:
            last[head.started[:7]] = head
    return tuple(
        Line(currency, month, Figures(sums.credits, sums.minor, sums.used, sums.authorized, sums.expired))
        for month, head in sorted(last.items())
        for currency, sums in sorted(head.totals.items())
    )


def _against(books: Path, database: Database) -> Drift:
    database.load_rows("books", read_books(books))
    return compare(database, books.name)


def _expiring(window: Window, database: Database, at: int) -> Expiring:
    return Expiring(window.text, expiring(database, at, at + window.seconds))
