"""What there is to exercise in one operation: its points, each a bit of a number."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal

__all__ = ["KINDS", "Kind", "Points"]

Kind = Literal["operations", "statuses", "parameters", "media_types", "fields", "values"]

KINDS: Final[tuple[Kind, ...]] = ("operations", "statuses", "parameters", "media_types", "fields", "values")
"""In the order of reports."""


class Points:
    """The points of one operation and which of them were seen.

    Attributes:
        seen: The bits of those seen.
        version: Grows whenever `seen` does.
    """

    __slots__ = ("_bits", "_names", "_places", "masks", "seen", "version")

    def __init__(self) -> None:
        self._bits: dict[tuple[Kind, str], int] = {}
        self._names: list[tuple[Kind, str]] = []
        self._places: list[str] = []
        self.masks: dict[Kind, int] = dict.fromkeys(KINDS, 0)
        self.seen = 0
        self.version = 0

    def bit(self, kind: Kind, name: str, pointer: str) -> int:
        """The bit of a point, which is made if it is new; `pointer` is where the document speaks of it."""
        bit = self._bits.get((kind, name))
        if bit is None:
            bit = self._bits[kind, name] = 1 << len(self._names)
            self._names.append((kind, name))
            self._places.append(pointer)
            self.masks[kind] |= bit
        return bit

    def known(self, kind: Kind, name: str) -> int:
        """The bit of a point; 0 if there is none."""
        return self._bits.get((kind, name), 0)

    def mark(self, bits: int) -> None:
        """Take note that these were seen."""
        if bits & ~self.seen:
            self.seen |= bits
            self.version += 1

    def forget(self) -> None:
        """Take it that nothing was seen."""
        self.seen = 0
        self.version += 1

    def names(self, kind: Kind, bits: int) -> list[str]:
        """The names of those points of a kind whose bits are set, in the order of the document."""
        return [name for (other, name), bit in self._bits.items() if other == kind and bits & bit]

    def places(self, kind: Kind, names: Iterable[str]) -> list[str]:
        """Where the document speaks of points: a JSON pointer for each name."""
        return [self._places[self._bits[kind, name].bit_length() - 1] for name in names]

    def count(self, kind: Kind) -> tuple[int, int]:
        """How many points of a kind were seen, and how many there are."""
        mask = self.masks[kind]
        return (mask & self.seen).bit_count(), mask.bit_count()
