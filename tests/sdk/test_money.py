"""Money: conversion between decimals and minor units, and what is refused."""

import decimal
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from iso4217 import Currency

from store_credit import InvalidArgumentError, MoneyError, from_minor_units, to_minor_units
from together import together

EXPONENTS = {currency.code: currency.exponent for currency in Currency}
WITH_MINOR_UNIT = sorted(code for code, exponent in EXPONENTS.items() if exponent is not None)
codes = st.sampled_from(WITH_MINOR_UNIT)
huge = st.integers(-(10**60), 10**60)


@given(amount=huge, code=codes)
def test_minor_units_come_back_from_a_decimal_as_they_went(amount: int, code: str) -> None:
    """For every currency of ISO 4217 and far beyond the 28 digits of decimal arithmetic."""
    assert to_minor_units(from_minor_units(amount, code), code) == amount


@given(amount=huge, code=codes)
def test_a_decimal_has_as_many_decimals_as_its_currency(amount: int, code: str) -> None:
    """500 yen is 500, 500 cents is 5.00, 500 fils is 0.500."""
    number = from_minor_units(amount, code)

    assert number.as_tuple().exponent == -(EXPONENTS[code] or 0)
    assert number.scaleb(EXPONENTS[code] or 0, decimal.Context(prec=200)) == amount


@given(digits=st.integers(1, 10**50), places=st.integers(0, 12), code=codes, negative=st.booleans())
def test_what_has_more_decimals_than_the_currency_is_refused(
    digits: int, places: int, code: str, negative: bool
) -> None:
    """Nothing is rounded and nothing is cut off: it fits exactly, or it is an error."""
    exponent = EXPONENTS[code] or 0
    text = f"{'-' * negative}{digits}E-{places}"
    fits = digits % 10 ** max(0, places - exponent) == 0
    if fits:
        expected = (-digits if negative else digits) * 10**exponent // 10**places
        assert to_minor_units(Decimal(text), code) == expected
    else:
        with pytest.raises(MoneyError, match=code):
            to_minor_units(Decimal(text), code)


@given(amount=huge, code=codes)
def test_text_int_and_decimal_mean_the_same(amount: int, code: str) -> None:
    """Whole major units, in each of the three types taken."""
    expected = amount * 10 ** (EXPONENTS[code] or 0)

    assert to_minor_units(amount, code) == expected
    assert to_minor_units(str(amount), code) == expected
    assert to_minor_units(Decimal(amount), code) == expected


@given(amount=huge)
def test_the_context_of_the_caller_changes_nothing(amount: int) -> None:
    """A program that works with 5 digits, or traps inexact results, gets the same."""
    with decimal.localcontext(decimal.Context(prec=5, traps=[decimal.Inexact, decimal.Rounded])):
        assert to_minor_units(from_minor_units(amount, "USD"), "USD") == amount


@together(
    ("amount", "code", "minor"),
    [
        ("12.34", "USD", 1234),
        (500, "JPY", 500),
        ("1.234", "BHD", 1234),
        ("0.0001", "UYW", 1),
        ("-0.01", "EUR", -1),
        (Decimal("2.5E+1"), "USD", 2500),
        (Decimal("25.100000"), "USD", 2510),
        (Decimal("-0"), "USD", 0),
        (Decimal("0E-9"), "JPY", 0),
        ("00012.30", "USD", 1230),
        ("12345678901234567890123456789.99", "USD", 1234567890123456789012345678999),
        (Decimal("1E+40"), "JPY", 10**40),
        ("12.34", "usd", 1234),
    ],
)
def test_examples_to_minor_units(amount: Any, code: str, minor: int) -> None:
    """The exponent is that of ISO 4217: 2 for most, 0 for JPY, 3 for BHD, 4 for UYW."""
    assert to_minor_units(amount, code) == minor


@together(
    ("minor", "code", "text"),
    [(1234, "USD", "12.34"), (500, "JPY", "500"), (1234, "BHD", "1.234"), (0, "USD", "0.00"), (-5, "EUR", "-0.05")],
)
def test_examples_from_minor_units(minor: int, code: str, text: str) -> None:
    """The text of the result is what a person would write."""
    assert str(from_minor_units(minor, code)) == text


@together(
    ("amount", "code"),
    [
        ("0.5", "JPY"),
        ("12.345", "USD"),
        ("1.2345", "BHD"),
        ("12345678901234567890123456789.999", "USD"),
        (Decimal("1E-300"), "USD"),
    ],
)
def test_an_amount_that_does_not_fit_says_so(amount: Any, code: str) -> None:
    """The error names the currency and what to do."""
    with pytest.raises(MoneyError, match=f"decimals.*{code}.*round it first"):
        to_minor_units(amount, code)


@pytest.mark.parametrize("code", ["XXX", "XAU", "XTS"])
def test_a_currency_without_a_minor_unit_says_so(code: str) -> None:
    """Gold and the codes for tests have none in ISO 4217."""
    assert EXPONENTS[code] is None
    with pytest.raises(MoneyError, match=f"{code} has no minor unit"):
        from_minor_units(1, code)


@together("code", ["", "US", "ABC", "USD ", "dollar", None, 840])
@together("convert", [lambda code: to_minor_units(1, code), lambda code: from_minor_units(1, code)])
def test_an_unknown_currency_is_named(convert: Any, code: Any) -> None:
    """Whatever is given, the error says what a code looks like."""
    with pytest.raises(MoneyError, match="not an ISO 4217 currency code"):
        convert(code)


@together("amount", [12.34, 0.1 + 0.2, 1.0, float("nan")])
def test_a_float_is_refused_with_the_fix(amount: float) -> None:
    """The text shows the Decimal to pass in its place."""
    with pytest.raises(InvalidArgumentError) as raised:
        to_minor_units(amount, "USD")  # type: ignore[arg-type]

    assert f'Decimal("{amount!r}")' in str(raised.value)


@together("amount", ["", " ", "1,50", "1.", ".5", "+5", "1e3", "$5", "٣", "1_000", "NaN", "-"])
def test_text_that_is_no_plain_number_is_refused(amount: str) -> None:
    """Neither signs nor separators, nor the digits of another script: each is a slip somewhere else."""
    with pytest.raises(InvalidArgumentError, match="plain number"):
        to_minor_units(amount, "USD")


@together(
    "amount", [None, True, b"5", [5], Decimal("NaN"), Decimal("-Infinity"), Decimal("sNaN"), Decimal("1E+99999999")]
)
def test_what_is_no_number_is_refused(amount: Any) -> None:
    """The error names the argument."""
    with pytest.raises(InvalidArgumentError, match="amount"):
        to_minor_units(amount, "USD")


@together("amount", [1.0, "1", Decimal(1), True, None])
def test_minor_units_are_an_int(amount: Any) -> None:
    """Anything else would hide which of the two units is meant."""
    with pytest.raises(InvalidArgumentError, match="int in minor units"):
        from_minor_units(amount, "USD")


@pytest.mark.parametrize("digits", [4301, 10_000])
def test_numbers_longer_than_python_converts_at_once_are_exact_too(digits: int) -> None:
    """Python refuses to turn a text of more than 4300 digits into an int; an amount is not at fault for that."""
    assert to_minor_units("1" * digits, "JPY") % 10**9 == 111_111_111
    assert from_minor_units(10**digits, "USD").adjusted() == digits - 2


@given(text=st.text(alphabet="0123456789.-+eE_ ,", max_size=12))
def test_text_is_either_exact_or_refused(text: str) -> None:
    """There is no third way."""
    try:
        minor = to_minor_units(text, "USD")
    except (InvalidArgumentError, MoneyError):
        return
    assume(text)

    assert Decimal(text) * 100 == minor
