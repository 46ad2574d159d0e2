"""A report as tables of text, which every output shows: the terminal, Markdown and the page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import attrs

from store_credit_jobs.audit.amounts import grouped
from store_credit_jobs.audit.report import Figures, Holding, Line, Report, Violation

__all__ = ["Table", "breaking", "differing", "tables", "visible"]

_FIGURES = ("Credits", "Issued", "Used", "Expired", "Outstanding", "of which authorized")
_SHOWN = 20


@attrs.frozen(slots=True)
class Table:
    """A table of text.

    Attributes:
        id: Its name for links and programs.
        title: Its title.
        columns: The heads of its columns.
        texts: How many of them, from the left, hold text; the others hold numbers.
        rows: Its rows; a cell of None stands for nothing.
        note: What is to be known about it, or None.
    """

    id: str
    title: str
    columns: tuple[str, ...]
    texts: int
    rows: tuple[tuple[str | None, ...], ...]
    note: str | None = None


def tables(report: Report) -> tuple[Table, ...]:
    """Make all tables of a report that have rows."""
    found = [
        _figures("currencies", "By currency", None, report.currencies),
        _figures("ages", "By age", "Time since issued", report.ages),
        _figures("months", "By month of issue", "Month (UTC)", report.months),
        _figures("history", "Owed at the last snapshot of each month", "Month (UTC)", report.history),
        _figures("campaigns", "By campaign", "Campaign", _told(report.campaigns), none="without a mark"),
        _figures("categories", "By category", "Category", _told(report.categories), none="without one"),
        _figures("memos", "By memo", "Memo", _told(report.memos), none="without one"),
        _holdings("largest-credits", "The ten largest credits", report.largest_credits),
        _holdings("largest-customers", "The ten largest customers", report.largest_customers),
        *_drift(report),
        *_expiring(report),
        _violations("violations", "Credits that break a rule", report.violations, report.violation_count),
        _violations("edited", "Possibly edited since then", report.possibly_edited, report.possibly_edited_count),
    ]
    return tuple(one for one in found if one.rows)


def breaking(count: int) -> str:
    """Say how many credits break a rule."""
    return "1 credit breaks a rule" if count == 1 else f"{count} credits break a rule"


def differing(count: int) -> str:
    """Say how many balances differ: sums of a customer in a currency."""
    return "1 balance differs" if count == 1 else f"{count} balances differ"


def visible(text: str) -> str:
    """Write text so that it cannot steer a terminal, break a line or turn the direction of what follows."""
    return "".join(character if character.isprintable() else ascii(character)[1:-1] for character in text)


def _told(lines: Sequence[Line]) -> Sequence[Line]:
    # A system without categories or memos has one line for each currency, which says nothing.
    return lines if any(line.name is not None for line in lines) else ()


def _figures(key: str, title: str, head: str | None, lines: Iterable[Line], none: str = "none") -> Table:
    def named(line: Line) -> tuple[str | None, ...]:
        name = "all others" if line.rest else none if line.name is None else visible(line.name)
        return (line.currency,) if head is None else (line.currency, name)

    columns = ("Currency",) if head is None else ("Currency", head)
    rows = tuple((*map(_visible, named(line)), *_amounts(line.figures, line.currency)) for line in lines)
    return Table(key, title, (*columns, *_FIGURES), len(columns), rows)


def _holdings(key: str, title: str, holdings: Sequence[Holding]) -> Table:
    of_credits = any(one.credit is not None for one in holdings)
    rows = tuple(
        (
            _visible(one.currency),
            _visible(one.customer),
            *((_visible(one.credit),) if of_credits else ()),
            *_amounts(one.figures, one.currency)[1 if of_credits else 0 :],
        )
        for one in holdings
    )
    texts = ("Currency", "Customer", "Credit") if of_credits else ("Currency", "Customer")
    return Table(key, title, (*texts, *_FIGURES[1 if of_credits else 0 :]), len(texts), rows)


def _drift(report: Report) -> Iterable[Table]:
    drift = report.drift
    if drift is None:
        return
    amounts = ("Books", "Server", "Server minus books")

    def cells(one: tuple[str, int, int]) -> tuple[str, ...]:
        currency, books, server = one
        return tuple(grouped(amount, currency) for amount in (books, server, server - books))

    totals = tuple((_visible(one.currency), *cells((one.currency, one.books, one.server))) for one in drift.totals)
    note = f"{drift.rows} {'row' if drift.rows == 1 else 'rows'} of {visible(drift.books)}; {differing(drift.count)}"
    yield Table("drift", "Books compared with the server", ("Currency", *amounts), 1, totals, note)
    rows = tuple(
        (_visible(one.customer), _visible(one.currency), *cells((one.currency, one.books, one.server)))
        for one in drift.differences[:_SHOWN]
    )
    more = None if drift.count <= len(rows) else f"{drift.count - len(rows)} more are in the CSV and JSON outputs"
    yield Table("differences", "What differs", ("Customer", "Currency", *amounts), 2, rows, more)


def _expiring(report: Report) -> Iterable[Table]:
    if report.expiring is None:
        return
    rows = tuple(
        (
            _visible(line.currency),
            f"{line.figures.credits:,}",
            grouped(line.figures.outstanding - line.figures.authorized, line.currency),
        )
        for line in report.expiring.lines
    )
    columns = ("Currency", "Credits", "What is left")
    yield Table("expiring", f"What expires within {report.expiring.window}", columns, 1, rows)


def _violations(key: str, title: str, violations: Sequence[Violation], count: int) -> Table:
    rows = tuple(
        (
            one.rule.replace("_", " "),
            _visible(one.credit),
            _visible(one.customer),
            _visible(one.currency),
            visible(one.text),
            *(grouped(amount, one.currency) for amount in (one.minor, one.used, one.authorized)),
        )
        for one in violations[:_SHOWN]
    )
    columns = ("Rule", "Credit", "Customer", "Currency", "What is wrong", "Amount", "Used", "Authorized")
    more = None if count <= len(rows) else f"{count} in all"
    return Table(key, title, columns, 5, rows, more)


def _amounts(figures: Figures, currency: str) -> tuple[str, ...]:
    amounts = (figures.issued, figures.used, figures.expired, figures.outstanding, figures.authorized)
    return (f"{figures.credits:,}", *(grouped(amount, currency) for amount in amounts))


def _visible(text: str | None) -> str | None:
    return None if text is None else visible(text)
