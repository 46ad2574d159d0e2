"""What a check found: where, what is wrong, and what to do about it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Finding", "UnusableError", "meant", "shown"]


class UnusableError(Exception):
    """There is nothing to check: no file, no text, or no OpenAPI document; the text says what and what to do."""


@dataclass(frozen=True, order=True)
class Finding:
    """One mistake.

    Attributes:
        file: As people name it.
        line: From 1.
        what: What is wrong.
        remedy: What to do about it.
    """

    file: str
    line: int
    what: str
    remedy: str

    def __str__(self) -> str:
        """The line that is printed."""
        return " ".join(f"{self.file}:{self.line}: {self.what}; {self.remedy}".split())


def meant(name: str, known: Iterable[str], otherwise: str, cutoff: float = 0.7) -> str:
    """Say which of the known names was meant by one that is not known, or what else to do."""
    listed = [str(one) for one in known]
    lower = {one.lower(): one for one in reversed(listed)}
    near = difflib.get_close_matches(name.lower(), lower, 1, cutoff)
    return f"did you mean {lower[near[0]]}?" if near else otherwise


def shown(path: Path) -> str:
    """A file as people name it: from the current folder where it is below that."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
