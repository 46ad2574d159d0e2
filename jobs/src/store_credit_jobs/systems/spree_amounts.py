"""Amounts of a Spree's credits in minor units. It takes any text for a currency, and more decimals than one has."""

from __future__ import annotations

from decimal import Decimal
from typing import Final, NamedTuple

from store_credit import MoneyError, to_minor_units

__all__ = ["Amounts", "amounts_of"]

_UNKNOWN_CURRENCY: Final = 2
"""Decimals of what is no currency of ISO 4217."""


class Amounts(NamedTuple):
    """What a credit says of its money, in minor units; all 0 where `invalid`, as in `Credit`, says what it is."""

    minor: int
    used: int
    authorized: int
    invalid: str | None = None


def amounts_of(currency: str, amount: Decimal, used: Decimal, authorized: Decimal) -> Amounts:
    """Count a credit's amounts in minor units."""
    try:
        return Amounts(_minor(amount, currency), _minor(used, currency), _minor(authorized, currency))
    except MoneyError:
        parts = [f"{amount} {currency}"]
        parts += [f"{part} {what}" for part, what in ((used, "used"), (authorized, "authorized")) if part]
        return Amounts(0, 0, 0, ", ".join(parts))


def _minor(amount: Decimal, currency: str) -> int:
    try:
        return to_minor_units(amount, currency)
    except MoneyError:
        exact = amount.scaleb(_UNKNOWN_CURRENCY)
        if _exists(currency) or exact != exact.to_integral_value():
            raise
        return int(exact)


def _exists(currency: str) -> bool:
    try:
        to_minor_units(0, currency)
    except MoneyError:
        return False
    return True
