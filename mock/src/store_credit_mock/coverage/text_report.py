"""Coverage as text for a terminal."""

from __future__ import annotations

import shutil
import textwrap
from typing import Final

from store_credit_mock.coverage.coverage import Coverage
from store_credit_mock.coverage.labels import grouped
from store_credit_mock.coverage.points import KINDS, Kind

__all__ = ["TITLES", "table"]

TITLES: Final[dict[Kind, str]] = {
    "operations": "operations",
    "statuses": "statuses",
    "parameters": "parameters",
    "media_types": "media types",
    "fields": "fields",
    "values": "enum values",
}


def table(coverage: Coverage, *, missing: bool = True, width: int | None = None) -> str:
    """A line for each operation, and then what is missing of each.

    Args:
        coverage: What to show.
        missing: Whether to list what is missing.
        width: Columns; those of the terminal if None.
    """
    columns = max(width or shutil.get_terminal_size((120, 24)).columns, 60)
    kinds: list[Kind] = [kind for kind in KINDS if kind != "operations"]
    rows = [["operation", *(TITLES[kind] for kind in kinds), "%"]]
    for name in coverage.operations:
        counts = [_count(coverage, kind, name) for kind in kinds]
        mark = "" if coverage.total("operations", name)["seen"] else " (no success)"
        rows.append([name + mark, *counts, f"{coverage.total(operation=name)['percent']:.2f}"])
    operations = coverage.total("operations")
    rows.append(
        [
            f"total ({operations['seen']}/{operations['all']} operations)",
            *(_count(coverage, kind, None) for kind in kinds),
            f"{coverage.percent:.2f}",
        ]
    )
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = [
        "  ".join(
            text.ljust(size) if place == 0 else text.rjust(size)
            for place, (text, size) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    lines.insert(1, "-" * max(map(len, lines)))
    lines.insert(-1, lines[1])
    if missing:
        for name in coverage.operations:
            lines += _missing(coverage, name, columns)
    return "\n".join(lines)


def _count(coverage: Coverage, kind: Kind, operation: str | None) -> str:
    total = coverage.total(kind, operation)
    return f"{total['seen']}/{total['all']}" if total["all"] else "-"


def _missing(coverage: Coverage, name: str, columns: int) -> list[str]:
    parts = coverage.parts(name)
    lines: list[str] = []
    for kind in KINDS:
        if kind == "operations":
            continue
        for head, texts in grouped(kind, parts[kind]["missing"]).items():
            label = f"  {TITLES[kind]}: " + (f"{head}: " if head else "")
            # A name such as `query limit` is kept on one line.
            kept = [text.replace(" ", "\u00a0") for text in texts]
            wrapped = textwrap.fill(
                label + ", ".join(kept), columns, subsequent_indent="      ", break_on_hyphens=False
            )
            lines += wrapped.replace("\u00a0", " ").split("\n")
    if not lines:
        return []
    return ["", f"missing of {name}", *lines]
