"""How far an operation of the document is verified: for each version of its system how, and when (`x-verified`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Verified", "verified"]


@dataclass(frozen=True, slots=True)
class Verified:
    """One version of a system.

    Attributes:
        version: Such as `5.3`.
        how: `recorded` from a server, `read from code`, `documented` by its vendor, or `decided`.
        date: The day, `2026-11-28`.
    """

    version: str
    how: str
    date: str

    def __str__(self) -> str:
        return f"{self.how} {self.date}"


def verified(definition: Mapping[str, Any]) -> tuple[Verified, ...]:
    """Read `x-verified` of an operation's definition, in the document's order; empty without one."""
    entries: Iterable[Mapping[str, Any]] = definition.get("x-verified", ())
    return tuple(Verified(str(one["version"]), str(one["how"]), str(one["date"])) for one in entries)
