"""Amounts for people, made of integers of minor units by integer arithmetic alone."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from store_credit import MoneyError, from_minor_units

__all__ = ["exponent", "grouped", "minor_of", "plain"]

_CODE: Final = re.compile(r"[A-Z]{3}", re.ASCII)
_AMOUNT: Final = re.compile(r"(?P<sign>-?)(?P<whole>[0-9]{1,16})(?:\.(?P<part>[0-9]{1,4}))?", re.ASCII)


@cache
def exponent(currency: str) -> int | None:
    """Give how many decimals a currency has, None where ISO 4217 does not have it, or not in this spelling."""
    if not _CODE.fullmatch(currency):
        return None
    try:
        places = from_minor_units(0, currency).as_tuple().exponent
    except MoneyError:
        return None
    return -places if isinstance(places, int) else None


def plain(minor: int, currency: str) -> str:
    """Write an amount with the decimals of its currency, such as `-1234.50`; in minor units if nobody knows them."""
    places = exponent(currency)
    if not places:
        return str(minor)
    whole, part = divmod(abs(minor), 10**places)
    return f"{'-' if minor < 0 else ''}{whole}.{part:0{places}d}"


def grouped(minor: int, currency: str) -> str:
    """Write an amount as `plain`, with commas between thousands, such as `-1,234.50`."""
    whole, point, part = plain(minor, currency).partition(".")
    return f"{int(whole):,}{point}{part}" if whole != "-0" else f"-0{point}{part}"


def minor_of(text: str, currency: str) -> int:
    """Read an amount such as `-1234.50`, in digits of ASCII with a point.

    Raises:
        ValueError: It is not such an amount, or has more decimals than its currency; the text says which.
    """
    places = exponent(currency)
    if places is None:
        raise ValueError(f"currency {currency!r} is not an uppercase ISO 4217 code")
    found = _AMOUNT.fullmatch(text)
    if found is None:
        raise ValueError(f"amount {text!r} is not a valid amount; write digits and a decimal point, as in 1234.50")
    part = found["part"] or ""
    if len(part.rstrip("0")) > places:
        raise ValueError(f"amount {text!r} has {len(part)} decimals, but {currency} has {places}")
    minor = int(found["whole"]) * 10**places + int(part[:places].ljust(places, "0") or "0")
    return -minor if found["sign"] else minor
