"""Rows that are measured together, because they share contenders."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from store_credit_tools.bench.results import Comparison, Row, judge

__all__ = ["Effort", "Group", "SkippedError", "selected"]


class SkippedError(Exception):
    """This machine lacks what a group needs; the text says what."""


class Effort(NamedTuple):
    """How much is measured. `rounds` is a factor of a group's own number; `seconds` is the CPU time of one sample."""

    rounds: float
    seconds: float

    def times(self, rounds: int) -> int:
        """Rounds for a group that takes this many by default; three at least, so that a median means something."""
        return max(3, round(self.rounds * rounds))


FULL = Effort(1.0, 0.02)
QUICK = Effort(0.25, 0.005)


@dataclass(frozen=True)
class Group:
    """Comparisons and the way to measure what they need.

    Attributes:
        title: What a reader is told while it runs.
        comparisons: The rows, in the order they are printed.
        measure: Measures the named contenders.
    """

    title: str
    comparisons: Sequence[Comparison]
    measure: Callable[[Sequence[str], Effort], Mapping[str, Sequence[float]]]

    def rows(self, effort: Effort) -> list[Row]:
        """Measure what the comparisons need, each contender once, and judge; nothing where the machine lacks a tool."""
        needed = list(dict.fromkeys(name for one in self.comparisons for name in one.contenders()))
        try:
            samples = self.measure(needed, effort)
        except SkippedError as reason:
            print(f" SKIPPED: {reason}", end="", file=sys.stderr, flush=True)
            return []
        return [judge(one, samples) for one in self.comparisons]


def selected(groups: Iterable[Group], only: Sequence[str]) -> list[Group]:
    """The groups with the rows whose name holds one of the given texts, in any case of letters; all without texts."""
    wanted = [text.lower() for text in only]
    kept: list[Group] = []
    for group in groups:
        rows = [row for row in group.comparisons if not wanted or any(text in row.name.lower() for text in wanted)]
        if rows:
            kept.append(Group(group.title, rows, group.measure))
    return kept
