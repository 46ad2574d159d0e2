"""How currencies are written for people, as Spree's money library has it."""

from __future__ import annotations

from typing import Final

__all__ = ["CURRENCIES"]

CURRENCIES: Final[dict[str, tuple[str, bool, int]]] = {
    "AED": ("د.إ", False, 2),
    "ARS": ("$", True, 2),
    "AUD": ("$", True, 2),
    "BGN": ("лв.", False, 2),
    "BRL": ("R$", True, 2),
    "CAD": ("$", True, 2),
    "CHF": ("CHF ", True, 2),
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
    "KWD": ("د.ك", True, 3),
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
"""Sign, whether it stands in front, decimals. Codes are looked up in capitals, as Spree's money library does."""
