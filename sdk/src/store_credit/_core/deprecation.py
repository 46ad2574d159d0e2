"""What the document advises against: type checkers see it in the code, programs hear of it when they use it."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

__all__ = ["deprecated", "warn"]

if TYPE_CHECKING:
    # Checkers know it without the package being there.
    from typing_extensions import deprecated
else:
    T = TypeVar("T")

    def deprecated(message: str) -> Callable[[T], T]:
        """Mark a method for type checkers; it emits a warning when it is called."""

        def mark(method: T) -> T:
            method.__deprecated__ = message
            return method

        return mark


def warn(what: str) -> None:
    """Warn whoever called the method that calls this."""
    warnings.warn(what, DeprecationWarning, stacklevel=3)
