"""Where a public class says it lives."""

from __future__ import annotations

from typing import TypeVar

__all__ = ["public"]

T = TypeVar("T")


def public(kind: type[T]) -> type[T]:
    """Let a class show the module it is imported from in tracebacks, reprs and pickles: `store_credit`."""
    kind.__module__ = "store_credit"
    return kind
