"""What is wrong with a file, and what is to be known about it: collected, so that one run tells all."""

from __future__ import annotations

from typing import Final

from store_credit_jobs.errors import JobsError, Problem

__all__ = ["Problems", "Warnings"]

_KEPT: Final = 100
"""How many problems are told; a file of a million rows in the wrong format must not fill the memory."""


class Problems:
    """Problems of a file, the first hundred of them in full."""

    def __init__(self) -> None:
        self.count = 0
        self._first: list[Problem] = []

    def report(self, problem: Problem) -> None:
        """Take a problem."""
        self.count += 1
        if len(self._first) < _KEPT:
            self._first.append(problem)

    def check(self, what: str) -> None:
        """End the plan where there is a problem.

        Args:
            what: What is planned, for people.

        Raises:
            JobsError: `file_problems`, or the code that all of them have.
        """
        if self.count == 0:
            return
        codes = {problem.code for problem in self._first}
        counted = f"{self.count:,} problem{'s' * (self.count != 1)}"
        shown = f"; these are the first {_KEPT}" if self.count > _KEPT else ""
        raise JobsError(
            codes.pop() if len(codes) == 1 else "file_problems",
            f"{what} has {counted}{shown}. No plan was written, and nothing was sent",
            problems=sorted(self._first, key=lambda problem: problem.line or 0),
        )


class Warnings:
    """What does not stop a plan but is to be known: each kind once, with how often and where first."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[int, int | None]] = {}

    def add(self, text: str, line: int | None = None) -> None:
        """Take a warning, about a row or about all."""
        count, first = self._found.get(text, (0, line))
        self._found[text] = (count + 1, first)

    def told(self) -> tuple[str, ...]:
        """Give them as sentences, without a full stop."""
        return tuple(_told(text, count, line) for text, (count, line) in self._found.items())


def _told(text: str, count: int, line: int | None) -> str:
    if line is None:
        return text
    return f"{text} (line {line})" if count == 1 else f"{text} ({count:,} rows, first in line {line})"
