"""Spree's amounts: hundredths inside, decimals in JSON, money text for people."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Final

__all__ = ["column", "decimal_text", "hundredths", "known", "money_text", "plain_text"]

# Sign, whether it stands in front, decimals. Codes are looked up in capitals, as Spree's money library does.
_CURRENCIES: Final[dict[str, tuple[str, bool, int]]] = {
    "AED": ("د.إ", False, 2),
    "ARS": ("$", True, 2),
    "AUD": ("$", True, 2),
    "BGN": ("лв.", False, 2),
    "BRL": ("R$", True, 2),
    "CAD": ("$", True, 2),
    "CHF": ("CHF", True, 2),
    "CLP": ("$", True, 0),
    "CNY": ("¥", True, 2),
    "COP": ("$", True, 2),
    "CZK": ("Kč", False, 2),
    "DKK": ("kr.", False, 2),
    "EGP": ("ج.م", True, 2),
    "EUR": ("€", True, 2),
    "GBP": ("£", True, 2),
    "HKD": ("$", True, 2),
    "HUF": ("Ft", False, 0),
    "IDR": ("Rp", True, 2),
    "ILS": ("₪", True, 2),
    "INR": ("₹", True, 2),
    "ISK": ("kr.", False, 0),
    "JPY": ("¥", True, 0),
    "KRW": ("₩", True, 0),
    "MXN": ("$", True, 2),
    "MYR": ("RM", True, 2),
    "NOK": ("kr", False, 2),
    "NZD": ("$", True, 2),
    "PEN": ("S/", True, 2),
    "PHP": ("₱", True, 2),
    "PLN": ("zł", False, 2),
    "RON": ("Lei", True, 2),
    "RUB": ("₽", False, 2),
    "SAR": ("ر.س", True, 2),
    "SEK": ("kr", False, 2),
    "SGD": ("$", True, 2),
    "THB": ("฿", True, 2),
    "TRY": ("₺", True, 2),
    "TWD": ("$", True, 2),
    "UAH": ("₴", False, 2),
    "USD": ("$", True, 2),
    "VND": ("₫", True, 0),
    "ZAR": ("R", True, 2),
}


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
    return currency is not None and currency.upper() in _CURRENCIES


@lru_cache(maxsize=65536)
def money_text(amount: int, currency: str | None, separator: str = ".", delimiter: str = ",") -> str | None:
    """Hundredths as text for people, `$1,500.50`; None where the currency is not known.

    Args:
        amount: Hundredths, whatever the currency.
        currency: ISO 4217 in any case.
        separator: What stands before the decimals.
        delimiter: What stands between thousands.
    """
    found = _CURRENCIES.get(currency.upper()) if currency is not None else None
    if found is None:
        return None
    sign, in_front, decimals = found
    whole, rest = _parts(abs(amount), decimals)
    number = f"{whole:,}".replace(",", delimiter) + (f"{separator}{rest:02d}" if decimals else "")
    minus = "-" if amount < 0 and (whole or rest) else ""
    return f"{minus}{sign}{number}" if in_front else f"{minus}{number} {sign}"


def plain_text(amount: int, currency: str) -> str:
    """Hundredths with the currency's own decimals and nothing else: `1866.51`, `1501` (spree.md section 3, user)."""
    found = _CURRENCIES.get(currency.upper())
    decimals = 2 if found is None else found[2]
    whole, rest = _parts(abs(amount), decimals)
    return ("-" if amount < 0 else "") + f"{whole}" + (f".{rest:02d}" if decimals else "")


def _parts(amount: int, decimals: int) -> tuple[int, int]:
    if decimals:
        return divmod(amount, 100)
    return (amount + 50) // 100, 0
