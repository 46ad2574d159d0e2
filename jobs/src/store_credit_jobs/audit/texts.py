"""A report in text: tables for the terminal, plain and in colour, and Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from store_credit_jobs.audit.report import Report
from store_credit_jobs.audit.tables import Table, breaking, differing, tables, visible

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["markdown", "on_terminal", "plain_text"]

_MARKDOWN: Final = re.compile(r"([\\`*_{}\[\]()#+.!|<>~-])")


def plain_text(report: Report) -> str:
    """Write a report as tables in columns, for a file or a pipe."""
    return "\n".join(_plain_lines(report)) + "\n"


def on_terminal(report: Report, console: Console) -> None:
    """Show a report on a terminal."""
    from rich import box
    from rich import table as rich_table
    from rich.text import Text

    for line in _summary(report):
        console.print(Text(line))
    for table in tables(report):
        drawn = rich_table.Table(title=Text(table.title), title_justify="left", box=box.SIMPLE_HEAD)
        for place, column in enumerate(table.columns):
            justify = "left" if place < table.texts else "right"
            drawn.add_column(Text(column), justify=justify, overflow="fold")
        for row in table.rows:
            # As Text: square brackets in a memo are no markup.
            drawn.add_row(*(Text(cell or "-") for cell in row))
        console.print(drawn)
        if table.note is not None:
            console.print(Text(table.note))


def markdown(report: Report) -> str:
    """Write a report as Markdown."""
    return "\n".join(_markdown_lines(report)) + "\n"


def _summary(report: Report) -> Iterator[str]:
    yield f"Store credit of {visible(report.account)} ({report.system}, {visible(report.host)}) at {report.at}"
    yield f"read from {report.started} until {report.ended}, seal {report.sha256}"
    if not report.currencies:
        yield "There are no credits."
    for note in report.notes:
        yield f"{visible(note.text)}."
    yield _verdict(report)


def _verdict(report: Report) -> str:
    if report.sound:
        return "No credit breaks a rule" + (", and the books agree." if report.drift is not None else ".")
    said = [breaking(report.violation_count)] if report.violation_count else []
    if report.drift is not None and report.drift.count:
        said.append(f"{differing(report.drift.count)} from the books")
    return "NOT SOUND: " + "; ".join(said) + "."


def _plain_lines(report: Report) -> Iterator[str]:
    yield from _summary(report)
    for table in tables(report):
        yield ""
        yield table.title
        yield from _columns(table)
        if table.note is not None:
            yield table.note


def _columns(table: Table) -> Iterator[str]:
    rows = [table.columns, *(tuple(cell or "-" for cell in row) for row in table.rows)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (
            cell.ljust(width) if place < table.texts else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield "  ".join(cells).rstrip()


def _markdown_lines(report: Report) -> Iterator[str]:
    first, *rest = _summary(report)
    yield f"# {_escaped(first)}"
    for line in rest:
        yield ""
        yield _escaped(line)
    for table in tables(report):
        yield ""
        yield f"## {_escaped(table.title)}"
        yield ""
        yield f"| {' | '.join(map(_escaped, table.columns))} |"
        marks = ["---"] * table.texts + ["---:"] * (len(table.columns) - table.texts)
        yield f"| {' | '.join(marks)} |"
        for row in table.rows:
            cells = (_escaped(cell or "") if place < table.texts else cell or "" for place, cell in enumerate(row))
            yield f"| {' | '.join(cells)} |"
        if table.note is not None:
            yield ""
            yield _escaped(table.note)


def _escaped(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", text).replace("&", "&amp;")
