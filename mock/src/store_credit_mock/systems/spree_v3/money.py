"""Amounts: ten-thousandths inside, decimal strings in JSON, money text for people.

Text is read by the locale of the request until 6.0 ("25.50" is 2550 in German), and rounded half up to the decimals
that are kept. 6.0 keeps four and takes canonical text alone (`strict_money`); it shows each currency's own decimals.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any, Final

from store_credit_mock.systems.call import Call
from store_credit_mock.systems.rails.money import decimals_of, money_text
from store_credit_mock.systems.rails.numbers import ENGLISH, localized
from store_credit_mock.systems.rails.parameters import to_decimal
from store_credit_mock.systems.spree_v3 import errors
from store_credit_mock.systems.spree_v3.profiles import profile_of
from store_credit_mock.systems.spree_v3.state import state_of

__all__ = ["SCALE", "amount_sent", "amount_shown", "check_columns", "display", "plain", "total_shown", "units"]

SCALE: Final = 10_000
"""Parts of a unit that amounts are counted in."""
_LARGEST: Final = Decimal(10**14)


def units(value: Decimal, places: int = 2) -> int:
    """Round half up to some decimals, and count ten-thousandths.

    Raises:
        Abort: 500, as no column holds so much.
    """
    if abs(value) >= _LARGEST:
        raise errors.crash("the amount is more than the database's column holds")
    return int(value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) * SCALE)


@lru_cache(maxsize=65536)
def plain(amount: int) -> str:
    """The shortest form with at least one decimal: `150.0`, `15.5`, `100.55`."""
    whole, rest = divmod(abs(amount), SCALE)
    return f"{'-' if amount < 0 else ''}{whole}.{f'{rest:04d}'.rstrip('0') or '0'}"


def amount_shown(call: Call, amount: int, currency: str) -> str:
    """An amount as the version shows it: `25.0`, or `25.00` padded to the decimals of its currency."""
    return _padded(amount, currency) if profile_of(call).padded else plain(amount)


def total_shown(call: Call, credits_: int, amount: int, currency: str) -> str:
    """What some credits hold together; a sum of none is `0`, as Ruby's is a whole number."""
    return "0" if not credits_ and not profile_of(call).padded else amount_shown(call, amount, currency)


def display(call: Call, amount: int, currency: str) -> str | None:
    """An amount for people, in the locale of the request: `$1,500.50`; None where nobody knows the currency."""
    return money_text(amount, currency, *state_of(call).numbers(call), SCALE)


def amount_sent(call: Call, value: Any) -> tuple[int | None, bool]:
    """What was sent for an amount, and whether it counts as a number.

    Text is cleaned up by the locale of the request and always counts; null is None, `true` is 0 and no number.
    """
    places = profile_of(call).places
    if isinstance(value, str):
        numbers = ENGLISH if profile_of(call).strict_money else state_of(call).numbers(call)
        return units(localized(value[:400], numbers), places), True
    number, is_number = to_decimal(value)
    if number is None and isinstance(value, float):
        raise errors.crash("the amount is no finite number")
    return (None if number is None else units(number, places)), is_number


def check_columns(call: Call, *amounts: int) -> None:
    """Fail as the database does where an amount has too many digits: above 999999.99 until 6.0.

    Raises:
        Abort: 500.
    """
    largest = profile_of(call).largest
    if max(amounts) >= largest * SCALE or min(amounts) <= -largest * SCALE:
        raise errors.crash(f"the database's column holds no amount of {largest} or more, of one credit or all together")


def _padded(amount: int, currency: str) -> str:
    decimals = decimals_of(currency)
    return f"{Decimal(amount).scaleb(-4).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):f}"
