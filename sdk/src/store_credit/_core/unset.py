"""The value of an argument or attribute that is not there, as opposed to one that is null."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

from store_credit._core.public import public

__all__ = ["UNSET", "Maybe", "Unset"]

T = TypeVar("T")


@public
class Unset(enum.Enum):
    """Type of `UNSET`. It has one member, is false, and stays the same object after copying and pickling."""

    UNSET = "unset"

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "UNSET"


UNSET: Final = Unset.UNSET
"""Not sent, or not in the answer. `None` is JSON's null, which is something else."""

if TYPE_CHECKING:
    Maybe: TypeAlias = T | Unset
else:

    class Maybe:
        """`Maybe[T]` is `T | Unset` to a type checker, and plain `T` to a library that decodes by annotation."""

        __module__ = "store_credit"

        def __class_getitem__(cls, item: Any) -> Any:
            return item
