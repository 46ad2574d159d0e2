"""Amounts, currencies and dates of a row, as each system has them; every refusal says why."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs_support.planning import ABILITIES, NOW
from store_credit import to_minor_units
from store_credit_jobs.planning.amounts import MOST_MINOR, AmountRules, CellError, expiry

RULES = {system: AmountRules(abilities, system) for system, abilities in ABILITIES.items()}


def refused(amount: str, currency: str = "USD", system: str = "vinr") -> tuple[str, str]:
    with pytest.raises(CellError) as caught:
        RULES[system].rule(currency).minor(amount)
    return caught.value.code, caught.value.text


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("12.50", "USD", 1250),
        ("12.5", "USD", 1250),
        ("12", "USD", 1200),
        ("012.05", "USD", 1205),
        ("0.01", "USD", 1),
        ("500", "JPY", 500),
        ("1.234", "BHD", 1234),
        ("1.2345", "CLF", 12345),
        ("92233720368547758.07", "USD", MOST_MINOR),
        ("9223372036854775807", "JPY", MOST_MINOR),
    ],
)
def test_amounts_of_vinr(amount: str, currency: str, minor: int) -> None:
    assert RULES["vinr"].rule(currency).minor(amount) == minor


@pytest.mark.parametrize(
    ("amount", "code", "said"),
    [
        ("1,234.50", "amount_format", "thousands separator"),
        ("1'234.50", "amount_format", "thousands separator"),
        ("12,50", "amount_format", "decimal comma; write 12.50"),
        ("1e3", "amount_format", "scientific notation"),
        ("1.2E-3", "amount_format", "scientific notation"),
        ("+5", "amount_format", "plus sign"),
        ("-5", "amount_format", "negative; to reduce credit, use --mode reduce"),
        ("\u22125", "amount_format", "MINUS SIGN"),
        ("٣", "amount_format", "ARABIC-INDIC DIGIT THREE"),
        ("\uff11\uff12.50", "amount_format", "FULLWIDTH DIGIT ONE"),
        ("12\u00a0000", "amount_format", "NO-BREAK SPACE"),
        ("", "amount_format", "is empty"),
        (" 12", "amount_format", "leading or trailing space"),
        ("12\n", "amount_format", "leading or trailing space"),
        ("1 000", "amount_format", "contains a space"),
        ("$5", "amount_format", "contains the currency"),
        ("5 USD", "amount_format", "contains the currency"),
        (".5", "amount_format", "no digit before the decimal point"),
        ("5.", "amount_format", "no digit after the decimal point"),
        ("1_000", "amount_format", "not a plain number"),
        ("0x10", "amount_format", "not a plain number"),
        ("NaN", "amount_format", "not a plain number"),
        ("1.2.3", "amount_format", "not a plain number"),
        ("12.505", "amount_decimals", 'amount "12.505" has 3 decimals, but USD has 2'),
        ("12.500", "amount_decimals", "3 decimals"),
        ("92233720368547758.08", "amount_format", "more than any system can store"),
        ("9" * 60, "amount_format", "more than any system can store"),
        ("9" * 5000 + ".00", "amount_format", "more than any system can store"),
    ],
)
def test_what_is_not_an_amount_and_why(amount: str, code: str, said: str) -> None:
    found = refused(amount)
    assert found[0] == code
    assert said in found[1]
    assert len(found[1]) < 300


def test_what_a_system_cannot_store() -> None:
    """Spree rounds to two decimals in silence, and fails at a million; 10.50 yen are an accident everywhere."""
    assert refused("1.234", "BHD", "spree-v2") == (
        "amount_decimals",
        'amount "1.234" has 3 decimals, but Spree v2 stores 2',
    )
    assert RULES["spree-v2"].rule("BHD").minor("1.23") == 1230
    assert refused("10.50", "JPY", "spree-v2") == ("amount_decimals", 'amount "10.50" has 2 decimals, but JPY has none')
    assert RULES["spree-v3"].rule("USD").minor("999999.99") == 99_999_999
    assert refused("1000000", "USD", "spree-v3")[0] == "row_limit"
    assert refused("1000000", "JPY", "spree-v2")[0] == "row_limit"
    # The limit may be that of one currency.
    rules = AmountRules(ABILITIES["spree-v3"], "spree-v3", "EUR")
    assert rules.rule("USD").minor("1000000") == 100_000_000
    with pytest.raises(CellError):
        rules.rule("EUR").minor("1000000")


@pytest.mark.parametrize(
    ("currency", "said"),
    [
        ("", "is empty"),
        ("usd", "write USD"),
        (" USD", "write USD"),
        ("XXX", "not a valid ISO 4217 currency"),
        ("EUX", "not a valid ISO 4217 currency"),
        ("US$", "not an ISO 4217 code"),
    ],
)
def test_what_is_not_a_currency(currency: str, said: str) -> None:
    code, text = refused("5", currency)
    assert code == "currency_unknown"
    assert said in text


@given(
    st.decimals(min_value=0, max_value=Decimal("9e14"), allow_nan=False, allow_infinity=False),
    st.sampled_from(["USD", "EUR", "JPY", "BHD", "CLF"]),
)
def test_amounts_are_those_of_the_sdk(value: Decimal, currency: str) -> None:
    """Whatever is taken is what exact decimals say; whatever has more decimals than its currency is refused."""
    text = f"{value:f}"
    rule = RULES["vinr"].rule(currency)
    written = len(text.partition(".")[2])
    if written > rule.exponent:
        assert refused(text, currency)[0] == "amount_decimals"
    else:
        assert rule.minor(text) == to_minor_units(value, currency) == int(value.scaleb(rule.exponent))


@given(st.text(max_size=12) | st.from_regex(r"[-+ 0-9.,eE_'xX]{1,12}"))
def test_any_other_text_is_refused_in_a_line(text: str) -> None:
    try:
        minor = RULES["vinr"].rule("USD").minor(text)
    except CellError as error:
        said = error.text
    else:
        assert text.isascii()
        assert Decimal(text) * 100 == minor
        return
    assert said.isprintable()


def test_dates() -> None:
    assert expiry("2027-12-31T23:59:59Z", NOW) == 1_830_297_599
    assert expiry("2027-12-31 23:59:59.000+01:00", NOW) == 1_830_297_599 - 3600
    assert expiry("2027-12-31T23:59+0100", NOW) == 1_830_297_599 - 3659


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("2027-12-31", "date_zone", "write 2027-12-31T23:59:59Z"),
        ("2027-12-31T23:59:59", "date_zone", "has no time zone"),
        ("2027-02-30T00:00:00Z", "date_zone", "not a date in the calendar"),
        ("2027-12-31T24:00:00Z", "date_zone", "not a date in the calendar"),
        ("31.12.2027", "date_zone", "not an ISO 8601 date"),
        ("20271231T235959Z", "date_zone", "not an ISO 8601 date"),
        ("2027-12-31T23:59:59.5Z", "date_zone", "whole seconds"),
        ("\uff12\uff10\uff12\uff17-12-31T23:59:59Z", "date_zone", "not an ISO 8601 date"),
        ("1830297599", "date_zone", "not an ISO 8601 date"),
        ("2026-11-29T00:00:00Z", "date_past", "is in the past"),
        ("0001-01-01T00:00:00+23:59", "date_past", "is in the past"),
    ],
)
def test_what_is_not_a_date_and_why(text: str, code: str, said: str) -> None:
    with pytest.raises(CellError) as caught:
        expiry(text, NOW)
    assert caught.value.code == code
    assert said in caught.value.text
