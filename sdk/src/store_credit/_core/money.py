"""Amounts: decimals on the way to Spree, and conversion between decimals and minor units."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from store_credit._core.decimal_text import brief
from store_credit._core.errors import InvalidArgumentError, MoneyError, kind_of
from store_credit._core.logs import cut

__all__ = ["from_minor_units", "to_minor_units"]

_MOST_DIGITS = 100_000

_PLAIN = re.compile(r"-?\d+(\.\d+)?\Z", re.ASCII)


def decimal_argument(value: Any, name: str, places: int | None = 2) -> Decimal:
    """Check an amount given as int, str or Decimal and return it as a finite Decimal of at most `places` decimals.

    Floats are refused: 0.1 + 0.2 is not 0.3, and money must not depend on that.

    Raises:
        InvalidArgumentError: The value is a float or another type, is not a number, or has too many decimals.

    Source: contract decision D26.
    """
    if isinstance(value, float):
        raise InvalidArgumentError(
            f'{name} is the float {value!r}; pass an exact value: Decimal("{value!r}"), "{value!r}" or an int'
        )
    if isinstance(value, str):
        if not _PLAIN.match(value):
            raise InvalidArgumentError(
                f'{name} is {cut(repr(value), 80)}; write a plain number such as "25.00", without symbols or separators'
            )
        number = Decimal(value)
    elif isinstance(value, Decimal):
        number = value
        if not number.is_finite():
            raise InvalidArgumentError(f"{name} is {value}; pass a finite number")
    elif isinstance(value, int) and not isinstance(value, bool):
        number = Decimal(value)
    else:
        raise InvalidArgumentError(f"{name} is {kind_of(value)}; pass an int, a str or a Decimal")
    if number.adjusted() > _MOST_DIGITS or len(number.as_tuple().digits) > 2 * _MOST_DIGITS:
        raise InvalidArgumentError(
            f"{name} has more than {_MOST_DIGITS} digits before the decimal point, so it is not a valid amount"
        )
    if places is not None and number != 0 and decimals(number) > places:
        raise InvalidArgumentError(f"{name} is {brief(number)}, which has more than {places} decimals; round it first")
    return number


def decimals(number: Decimal) -> int:
    """Count the decimals that carry value: 25.100 has one."""
    # From the digits: arithmetic, normalize() included, would round to the context's precision.
    _, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)
    zeros = next((count for count, digit in enumerate(reversed(digits)) if digit), 0)
    return max(0, -exponent - zeros)


def to_minor_units(amount: int | str | Decimal, currency: str) -> int:
    """Convert a decimal amount to an integer in the currency's minor unit.

    `to_minor_units("12.34", "USD")` is 1234, `to_minor_units(500, "JPY")` is 500, `to_minor_units("1.234", "BHD")` is
    1234. The exponent is that of ISO 4217.

    Raises:
        MoneyError: The amount has more decimals than the currency, or the currency is unknown.
        InvalidArgumentError: The amount is a float or not a number.
    """
    number = decimal_argument(amount, "amount", places=None)
    exponent = exponent_of(currency)
    if number != 0 and decimals(number) > exponent:
        raise MoneyError(
            f"{brief(number)} {currency} has more than {exponent} decimals, the maximum for {currency}; round it first"
        )
    sign, digits, power = number.as_tuple()
    assert isinstance(power, int)
    value = int(Decimal((0, digits, 0)))
    shift = power + exponent
    value = value * 10**shift if shift >= 0 else value // 10**-shift
    return -value if sign else value


def from_minor_units(amount: int, currency: str) -> Decimal:
    """Convert an integer in the currency's minor unit to a Decimal with the currency's number of decimals.

    `from_minor_units(1234, "USD")` is `Decimal("12.34")`, `from_minor_units(500, "JPY")` is `Decimal("500")`.

    Raises:
        MoneyError: The currency is unknown.
        InvalidArgumentError: The amount is not an int.
    """
    if not isinstance(amount, int) or isinstance(amount, bool):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise InvalidArgumentError(f"amount is {kind_of(amount)}; pass an int in minor units")
    sign, digits, _ = Decimal(amount).as_tuple()
    return Decimal((sign, digits, -exponent_of(currency)))


def exponent_of(currency: str) -> int:
    """Decimals of a currency, as ISO 4217 has them.

    Raises:
        MoneyError: The currency is unknown, or has no minor unit.
    """
    # Imported here because the table takes 20 ms to load and most programs never convert.
    from iso4217 import Currency

    try:
        exponent = Currency(currency.upper()).exponent
    except (ValueError, AttributeError):
        raise MoneyError(f"{currency!r} is not an ISO 4217 currency code; pass a code such as USD") from None
    if exponent is None:
        raise MoneyError(f"{currency.upper()} has no minor unit in ISO 4217")
    return exponent
