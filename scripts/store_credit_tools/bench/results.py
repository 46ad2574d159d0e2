"""Figures with their targets: what a comparison is, what is printed of it, and whether the promise holds."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

__all__ = ["Comparison", "Floor", "Row", "as_json", "as_markdown", "as_text", "judge", "passed"]

ROOM = 1.05
"""A floor times this must stay below a target that can be reached: the twentieth is what a real implementation adds at
least, and about what one run differs from the next."""

Samples = Mapping[str, Sequence[float]]
"""For each contender its figures, one for each round; the rounds stand in the same order for all."""


@dataclass(frozen=True)
class Floor:
    """Something that every implementation must do at least, measured beside the others.

    Attributes:
        contender: Its name among the contenders.
        reason: Why nothing can be faster, as the end of the sentence "0.95 is the least: ...".
    """

    contender: str
    reason: str


@dataclass(frozen=True)
class Comparison:
    """One row to be measured.

    Attributes:
        name: What is measured, against whom.
        unit: Unit of both figures.
        ours: Name of our contender.
        rival: Name of the rival's, or None where the figure itself is compared with the target.
        target: The largest ratio that keeps the promise (without a rival: the largest figure), or None where nothing is
            promised.
        floor: What excuses a miss, if it leaves less than a twentieth of room to reach the target.
        at_least: More is better: `target` is the smallest ratio that keeps the promise.
    """

    name: str
    unit: str
    ours: str
    rival: str | None
    target: float | None = None
    floor: Floor | None = None
    at_least: bool = False

    def contenders(self) -> list[str]:
        """Everything that has to be measured for this row."""
        names = [self.ours, self.rival, self.floor and self.floor.contender]
        return [name for name in names if name is not None]


@dataclass(frozen=True)
class Row:
    """A comparison's outcome.

    Attributes:
        name: What was measured, against whom, in which unit.
        ours: Median of our figures.
        rival: Median of the rival's, or None without one.
        ratio: Median of the rounds' ratios, since what slows a round down slows both sides. Without a rival our figure.
        target: The largest ratio that keeps the promise, with `at_least` the smallest, or None.
        limit: The measured bound and its reason where the target cannot be reached, else None.
    """

    name: str
    ours: float
    rival: float | None
    ratio: float
    target: float | None
    limit: str | None = None
    at_least: bool = False

    @property
    def holds(self) -> bool | None:
        """Whether the promise is kept; None where nothing is promised."""
        return None if self.target is None else _keeps(self.ratio, self.target, at_least=self.at_least)


def _keeps(ratio: float, target: float, *, at_least: bool) -> bool:
    return ratio >= target if at_least else ratio <= target


def judge(comparison: Comparison, samples: Samples) -> Row:
    """Make a row of what was measured."""
    ours = samples[comparison.ours]
    rival = None if comparison.rival is None else samples[comparison.rival]
    ratio = _ratio(ours, rival)
    target = comparison.target
    limit: str | None = None
    more = comparison.at_least
    if comparison.floor is not None and target is not None and not _keeps(ratio, target, at_least=more):
        bound = _ratio(samples[comparison.floor.contender], rival)
        # A floor well beyond the target leaves room to get there, so that it excuses nothing.
        if not _keeps(bound / ROOM if more else bound * ROOM, target, at_least=more):
            limit = f"{bound:.2f} is the {'most' if more else 'least'}: {comparison.floor.reason}"
    return Row(
        f"{comparison.name} [{comparison.unit}]",
        median(ours),
        None if rival is None else median(rival),
        ratio,
        target,
        limit,
        more,
    )


def _ratio(ours: Sequence[float], rival: Sequence[float] | None) -> float:
    if rival is None:
        return median(ours)
    return median(mine / theirs for mine, theirs in zip(ours, rival, strict=True))


def passed(rows: Iterable[Row]) -> bool:
    """Whether every promise holds or is known to be out of reach."""
    return all(row.holds is not False or row.limit is not None for row in rows)


def as_json(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """The rows as JSON values, rounded to four digits."""
    return [
        {
            "name": row.name,
            "ours": _rounded(row.ours),
            "rival": _rounded(row.rival),
            "ratio": _rounded(row.ratio),
            "target": row.target,
            "holds": row.holds,
            "limit": row.limit,
        }
        for row in rows
    ]


def _rounded(figure: float | None) -> float | None:
    if figure is None or figure == 0:
        return figure
    return round(figure, 3 - math.floor(math.log10(abs(figure))))


def _cells(row: Row) -> list[str]:
    holds = {True: "yes", False: "NO" if row.limit is None else "limit", None: ""}[row.holds]
    return [
        row.name,
        _figure(row.ours),
        "" if row.rival is None else _figure(row.rival),
        f"{row.ratio:.2f}",
        "" if row.target is None else f"{'>= ' if row.at_least else ''}{row.target:.2f}",
        holds,
    ]


def _figure(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.1f}"


_HEAD = ["what, against whom", "ours", "rival", "ratio", "target", "holds"]


def as_text(rows: Sequence[Row]) -> str:
    """A table for a terminal, with the limits below it."""
    lines = [_HEAD, *map(_cells, rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(_HEAD))]
    text = [
        "  ".join(
            [line[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True))]
        ).rstrip()
        for line in lines
    ]
    text.insert(1, "  ".join("-" * width for width in widths))
    text += [f"\nlimit: {row.name}\n       {row.limit}" for row in rows if row.limit is not None]
    return "\n".join(text)


def as_markdown(rows: Sequence[Row]) -> str:
    """The same table for a page."""
    lines = [f"| {' | '.join(cells)} |" for cells in [_HEAD, *map(_cells, rows)]]
    lines.insert(1, "|---|" + "---:|" * 4 + "---|")
    limits = [f"- {row.name}: {row.limit}" for row in rows if row.limit is not None]
    return "\n".join(lines + (["", "Limits:", "", *limits] if limits else [])) + "\n"
