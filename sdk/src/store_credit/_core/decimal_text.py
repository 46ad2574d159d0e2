"""Decimals as text."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

__all__ = ["brief", "plain"]

_READABLE: Final = 40
"""Characters of an amount in a message."""


def plain(number: Decimal) -> str:
    """Write a finite Decimal from its own digits, without an exponent: `Decimal("2.5E+1")` is `25`."""
    return format(number, "f")


def brief(number: Decimal) -> str:
    """Write a finite Decimal for a message, as its first digits and its size where all of them would fill pages."""
    text = str(number)
    if len(text) <= _READABLE:
        return text
    sign, digits, _ = number.as_tuple()
    first, *rest = "".join(map(str, digits[:6]))
    return f"{'-' * sign}{first}.{''.join(rest)}...E{number.adjusted():+d}"
