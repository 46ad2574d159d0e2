"""Spree's amounts: hundredths inside, decimals in JSON, money text for people."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from store_credit_mock.systems.rails.currencies import CURRENCIES

__all__ = ["column", "decimal_text", "decimals_of", "hundredths", "known", "money_text", "plain_text"]


def hundredths(value: Decimal) -> int:
    """Round half up to two decimals and count hundredths (spree.md section 5)."""
    return int((value * 100).to_integral_value(ROUND_HALF_UP))


def column(amount: int) -> int:
    """What comes back from a column of eight significant digits: above 999999.99 the hundredths round away.

    Recorded on SQLite (platform.store_credits.create_user_total_other_currency); PostgreSQL refuses them (13.5).
    """
    size = abs(amount)
    if size < 10**8:
        return amount
    unit = 10 ** (len(str(size)) - 8)
    rounded = (size + unit // 2) // unit * unit
    return rounded if amount >= 0 else -rounded


@lru_cache(maxsize=65536)
def decimal_text(amount: int) -> str:
    """Hundredths in the shortest form with at least one decimal: `150.0`, `15.5`, `100.55` (spree.md section 3)."""
    whole, rest = divmod(abs(amount), 100)
    sign = "-" if amount < 0 else ""
    if rest % 10:
        return f"{sign}{whole}.{rest:02d}"
    return f"{sign}{whole}.{rest // 10}"


def known(currency: str | None) -> bool:
    """Whether a text is a currency this mock can write amounts in; others are shown as null (spree.md 13.9)."""
    return currency is not None and currency.upper() in CURRENCIES


@lru_cache(maxsize=65536)
def money_text(
    amount: int, currency: str | None, separator: str = ".", delimiter: str = ",", scale: int = 100
) -> str | None:
    """An amount as text for people, `$1,500.50`; None where the currency is not known.

    Args:
        amount: Hundredths, whatever the currency; or other parts of a unit.
        currency: ISO 4217 in any case.
        separator: What stands before the decimals.
        delimiter: What stands between thousands.
        scale: How many of these parts a unit has.
    """
    found = CURRENCIES.get(currency.upper()) if currency is not None else None
    if found is None:
        return None
    sign, in_front, decimals = found
    whole, rest = _parts(abs(amount), decimals, scale)
    number = f"{whole:,}".replace(",", delimiter) + (f"{separator}{rest:0{decimals}d}" if decimals else "")
    minus = "-" if amount < 0 and (whole or rest) else ""
    return f"{minus}{sign}{number}" if in_front else f"{minus}{number} {sign}"


def plain_text(amount: int, currency: str) -> str:
    """Hundredths with the currency's own decimals and nothing else: `1866.51`, `1501` (spree.md section 3, user)."""
    decimals = decimals_of(currency)
    whole, rest = _parts(abs(amount), decimals)
    return ("-" if amount < 0 else "") + f"{whole}" + (f".{rest:0{decimals}d}" if decimals else "")


def decimals_of(currency: str) -> int:
    """How many decimals a currency has; 2 where it is not known."""
    found = CURRENCIES.get(currency.upper())
    return 2 if found is None else found[2]


def _parts(amount: int, decimals: int, scale: int = 100) -> tuple[int, int]:
    """The whole units and the decimals that are shown, rounded half up."""
    shown = 10**decimals
    return divmod((2 * amount * shown + scale) // (2 * scale), shown)
