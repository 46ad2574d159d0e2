"""Coverage as text for a terminal."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterator

from store_credit_mock.coverage.coverage import Coverage
from store_credit_mock.coverage.labels import grouped
from store_credit_mock.coverage.points import PARTS, TITLES

__all__ = ["table"]


def table(coverage: Coverage, *, missing: bool = True, width: int | None = None) -> str:
    """Write a line for each operation, and then what is missing of each.

    Args:
        coverage: What to show.
        missing: Whether to list what is missing.
        width: Columns; those of the terminal if None.
    """
    done = coverage.total("operations")
    rows = [["operation", *(TITLES[kind] for kind in PARTS), "%"]]
    for name in coverage.operations:
        success = coverage.total("operations", name)["seen"]
        rows.append(_row(coverage, name if success else f"{name} (no success)", name))
    rows.append(_row(coverage, f"total ({done['seen']}/{done['all']} operations)", None))
    first, *others = (max(map(len, column)) for column in zip(*rows, strict=True))
    lines = [
        "  ".join(
            [row[0].ljust(first), *(text.rjust(size) for text, size in zip(row[1:], others, strict=True))]
        ).rstrip()
        for row in rows
    ]
    rule = "-" * max(map(len, lines))
    lines = [lines[0], rule, *lines[1:-1], rule, lines[-1]]
    if missing:
        columns = max(width or shutil.get_terminal_size((120, 24)).columns, 60)
        for name in coverage.operations:
            if found := list(_missing(coverage, name, columns)):
                lines += ["", f"missing of {name}", *found]
    return "\n".join(lines)


def _row(coverage: Coverage, label: str, operation: str | None) -> list[str]:
    totals = [coverage.total(kind, operation) for kind in PARTS]
    counts = [f"{total['seen']}/{total['all']}" if total["all"] else "-" for total in totals]
    return [label, *counts, f"{coverage.total(operation=operation)['percent']:.2f}"]


def _missing(coverage: Coverage, name: str, columns: int) -> Iterator[str]:
    parts = coverage.parts(name)
    for kind in PARTS:
        for head, points in grouped(kind, parts[kind]["missing"]).items():
            # A name such as `query limit` is kept on one line.
            text = ", ".join(text.replace(" ", "\u00a0") for text, _ in points)
            label = f"  {TITLES[kind]}: " + (f"{head}: " if head else "")
            filled = textwrap.fill(label + text, columns, subsequent_indent="      ", break_on_hyphens=False)
            yield from filled.replace("\u00a0", " ").split("\n")
