"""A value that came back from a server other than it was sent."""

from __future__ import annotations

import enum
from typing import Any, Final, NamedTuple

from store_credit._core.logs import cut
from store_credit._core.public import public

__all__ = ["MISSING", "Mismatch"]


class _Missing(enum.Enum):
    """Type of `MISSING`."""

    MISSING = "nothing"

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "nothing"

    __str__ = __repr__


MISSING: Final = _Missing.MISSING
"""What was received where the response has no such member; shown as `nothing`."""


@public
class Mismatch(NamedTuple):
    """A value in a response that differs from the value that was sent.

    Attributes:
        name: The argument's name.
        sent: What the request contains.
        received: What the response contains instead, or `MISSING`.
    """

    name: str
    sent: Any
    received: Any

    def __str__(self) -> str:
        return f"{self.name} was sent as {cut(repr(self.sent), 80)} and came back as {cut(repr(self.received), 80)}"
