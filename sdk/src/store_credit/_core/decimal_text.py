"""Decimals as text."""

from __future__ import annotations

from decimal import Decimal

__all__ = ["plain"]


def plain(number: Decimal) -> str:
    """Write a finite Decimal from its own digits, without an exponent: `Decimal("2.5E+1")` is `25`."""
    return format(number, "f")
