"""Amounts that are sent as text: one spelling for each value, and none that a server would store as another.

A canonical string has a point, no exponent, no sign of its currency, and as many decimals as the currency has (two
where the request names none), so that `25`, `"25.0"` and `Decimal("25.00")` are the same bytes under one idempotency
key.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from store_credit._core.decimal_text import brief, plain
from store_credit._core.errors import InvalidArgumentError, MoneyError, kind_of
from store_credit._core.money import decimal_argument, decimals, exponent_of

__all__ = ["canonical", "check_currency"]

_UNNAMED = 2
"""Decimals that are written where the request does not say in which currency the amount is."""


def check_currency(value: Any, name: str) -> int:
    """Check that a currency is written as ISO 4217 has it, and return its number of decimals.

    Raises:
        InvalidArgumentError: It is no code of ISO 4217 in capitals.
    """
    if not isinstance(value, str):
        raise InvalidArgumentError(f"{name} is {kind_of(value)}; pass an ISO 4217 code such as 'USD'")
    shown = repr(value[:40])
    if len(value) == 3 and value.isascii() and value.isalpha():
        if not value.isupper():
            raise InvalidArgumentError(f"{name} is {shown}; write it in uppercase: {value.upper()!r}")
        try:
            return exponent_of(value)
        except MoneyError:
            pass
    raise InvalidArgumentError(f"{name} is {shown}, which is not an ISO 4217 currency code; pass a code such as 'USD'")


def canonical(
    value: Any,
    name: str,
    exponent: int | None,
    stored: int | None,
    why: str,
    largest: Decimal | None = None,
    too_large: str = "",
) -> str:
    """Write an amount in the one spelling of its value.

    Args:
        value: An int, str or Decimal.
        name: The argument's name.
        exponent: Decimals of its currency; None where the request names none.
        stored: Decimals that the server keeps at most; None for as many as the currency has.
        why: What to do about an amount with more than the server keeps.
        largest: The largest amount that the server keeps; None where it need not keep this one.
        too_large: What to do about a larger one.

    Raises:
        InvalidArgumentError: It is a float, a bool, no finite number or below zero, has more decimals than its
            currency has or the server keeps, or is more than it keeps.
    """
    number = decimal_argument(value, name, places=None)
    if number < 0:
        raise InvalidArgumentError(f"{name} is {brief(number)}; pass zero or a positive amount")
    if largest is not None and number > largest:
        raise InvalidArgumentError(f"{name} is {brief(number)}, which is more than {largest}: {too_large}")
    most = stored if exponent is None else exponent
    found = decimals(number) if number else 0
    if most is not None and found > most:
        whose = "the maximum for its currency" if exponent is not None else "the most that the server stores"
        raise InvalidArgumentError(
            f"{name} is {brief(number)}, which has more than {most} decimals, {whose}; round it first"
        )
    if stored is not None and found > stored:
        raise InvalidArgumentError(f"{name} is {brief(number)}, which has more than {stored} decimals: {why}")
    width = _UNNAMED if exponent is None else exponent
    # Not abs(): it would round to the precision of the caller's decimal context.
    whole, _, rest = plain(number.copy_abs()).partition(".")
    rest = rest.rstrip("0").ljust(width, "0")
    return f"{whole}.{rest}" if rest else whole
