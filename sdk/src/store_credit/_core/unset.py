"""The value of an argument or attribute that is not there, as opposed to one that is null."""

from __future__ import annotations

import enum
from typing import Final, TypeAlias, TypeVar

from store_credit._core.public import public

__all__ = ["UNSET", "Maybe", "Unset"]

T = TypeVar("T")


@public
class Unset(enum.Enum):
    """Type of `UNSET`. It has one member, is false, and stays the same object after copying and pickling.

    As a string it is `UNSET`, also in an f-string; use `value or "-"` to write something else instead.
    """

    UNSET = "unset"

    @property
    def value(self) -> Unset:
        """The member itself: code that writes an enum's value, such as cattrs, must not write a string here."""
        return self

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "UNSET"

    def __str__(self) -> str:
        return "UNSET"


UNSET: Final = Unset.UNSET
"""Not sent, or not in the response. `None` is JSON's null, which is something different."""

Maybe: TypeAlias = T | Unset
"""`Maybe[T]` is `T`, or `UNSET` if there is no value."""
