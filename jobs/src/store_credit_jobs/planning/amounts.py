"""Amounts, currencies and dates of a row, by the rules of the system that the row is for; each mistake with its reason.

Amounts are read by a regular expression and as integers: no float holds one, and a plan of a million rows is read three
times as fast as with Decimal. The exponents are those of ISO 4217, from the SDK.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from decimal import Decimal
from typing import Final

import attrs

from store_credit_jobs.quoting import quoted
from store_credit_jobs.systems.system import Abilities

__all__ = ["MOST_MINOR", "SYSTEM_NAMES", "AmountRules", "CellError", "CurrencyRule", "expiry"]

MOST_MINOR: Final = 2**63 - 1
"""The most minor units that a database's integer holds."""

SYSTEM_NAMES: Final = {"vinr": "VINR", "spree-v2": "Spree v2", "spree-v3": "Spree v3"}
"""What people call the systems."""


class CellError(Exception):
    """What is wrong with a cell, as code and text."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


@attrs.frozen(slots=True, eq=False)
class CurrencyRule:
    """How amounts of one currency are read.

    Attributes:
        code: Three capitals.
        exponent: How many decimals a minor unit is behind the point.
        decimals: How many an amount may have: the exponent, or what the system stores if that is less.
        most: The most minor units of one row, by what the system holds for one customer.
        most_of_customer: The most minor units that the system holds for one customer, or None.
        system: What people call the system.
    """

    code: str
    exponent: int
    decimals: int
    most: int
    most_of_customer: int | None
    system: str
    _match: Callable[[str], re.Match[str] | None]

    def minor(self, text: str, column: str = "amount") -> int:
        """Read an amount; returns minor units.

        Args:
            text: Digits, and behind a point at most the currency's decimals and the system's.
            column: What it is called in errors.

        Raises:
            CellError: It is not a valid amount.
        """
        found = self._match(text)
        if found is None:
            raise CellError(*self._why_not(text, column))
        whole, part = found.groups()
        value = int(whole + (part or "").ljust(self.exponent, "0"))
        if value > self.most:
            raise CellError(*self._why_too_much(text, column))
        return value

    def _why_too_much(self, text: str, column: str) -> tuple[str, str]:
        if self.most == MOST_MINOR:
            return "amount_format", f"{column} {quoted(text)} is more than any system can store"
        return "row_limit", f"{column} {quoted(text)} is more {self.code} than {self.system} allows for one customer"

    def _why_not(self, text: str, column: str) -> tuple[str, str]:
        said = f"{column} {quoted(text)}"
        many = re.fullmatch(r"[0-9]+\.([0-9]+)", text)
        if many is not None and len(many[1]) > self.decimals:
            had = f"{said} has {len(many[1])} decimal{'s' * (len(many[1]) != 1)}"
            if self.decimals < self.exponent:
                return "amount_decimals", f"{had}, but {self.system} stores {self.decimals or 'none'}"
            return "amount_decimals", f"{had}, but {self.code} has {self.decimals or 'none'}"
        return "amount_format", f"{said} {_why(text)}"


def _why(text: str) -> str:
    """Say why a text is not a plain number, as the end of a sentence."""
    example = "write digits, with a decimal point before the decimals, as in 12.50"
    if not text.strip():
        return f"is empty; {example}"
    if text != text.strip():
        return f"has a leading or trailing space; {example}"
    strange = next((sign for sign in text if not sign.isascii()), None)
    if strange is not None:
        name = unicodedata.name(strange, f"U+{ord(strange):04X}")
        return f"contains the character {quoted(strange)} ({name}); use only the digits 0 to 9 and a decimal point"
    if re.fullmatch(r"[0-9]+", text) or re.fullmatch(r"[0-9]+\.[0-9]+", text):
        return "is more than any system can store"
    if re.fullmatch(r"[0-9]+,[0-9]{1,2}", text):
        return f"has a decimal comma; write {text.replace(',', '.')}"
    for pattern, reason in _REASONS:
        if re.fullmatch(pattern, text):
            return f"{reason}; {example}"
    return f"is not a plain number; {example}"


_REASONS: Final = (
    (r"-.*", "is negative; to reduce credit, use --mode reduce"),
    (r"\+.*", "has a plus sign"),
    (r"[0-9.]+[eE][-+]?[0-9]+", "is in scientific notation, which loses digits"),
    (r"[0-9][0-9,.']*[,'][0-9,.']*", "has a thousands separator"),
    (r"[0-9.]* [0-9. ]*", "contains a space"),
    (r"\.[0-9]+", "has no digit before the decimal point"),
    (r"[0-9]+\.", "has no digit after the decimal point"),
    (r"[^0-9]*[$].*|.*[A-Z]{3}.*", "contains the currency, which belongs in its own column"),
)


class AmountRules:
    """The rules of one system, by currency.

    Args:
        abilities: What the system allows.
        system: `vinr`, `spree-v2` or `spree-v3`.
        currency: The currency that `Abilities.most` is about, or None for each.
    """

    def __init__(self, abilities: Abilities, system: str, currency: str | None = None) -> None:
        self._abilities = abilities
        self._system = SYSTEM_NAMES.get(system, system)
        self._currency = currency
        self.known: dict[str, CurrencyRule] = {}

    def rule(self, code: str) -> CurrencyRule:
        """Give the rule of a currency.

        Raises:
            CellError: `currency_unknown`, it is not one of ISO 4217 in capitals.
        """
        found = self.known.get(code)
        if found is None:
            found = self.known[code] = self._made(code)
        return found

    def _made(self, code: str) -> CurrencyRule:
        exponent = _exponent(code)
        stored = self._abilities.decimals
        decimals = exponent if stored is None else min(stored, exponent)
        held: int | None = None
        if self._abilities.most is not None and self._currency in (None, code):
            held = int(Decimal(self._abilities.most).scaleb(exponent))
        digits = rf"([0-9]{{1,19}})(?:\.([0-9]{{1,{decimals}}}))?" if decimals else r"([0-9]{1,19})()"
        most = MOST_MINOR if held is None else min(held, MOST_MINOR)
        return CurrencyRule(code, exponent, decimals, most, held, self._system, re.compile(digits).fullmatch)


def _exponent(code: str) -> int:
    if re.fullmatch(r"[A-Z]{3}", code):
        from store_credit import MoneyError, from_minor_units

        try:
            power = from_minor_units(1, code).as_tuple().exponent
        except MoneyError:
            raise CellError(
                "currency_unknown", f"currency {quoted(code)} is not a valid ISO 4217 currency for an amount"
            ) from None
        assert isinstance(power, int)
        return -power
    if not code:
        raise CellError("currency_unknown", "currency is empty; write an ISO 4217 code such as USD")
    if re.fullmatch(r"[A-Z]{3}", code.strip().upper()):
        raise CellError(
            "currency_unknown", f"currency {quoted(code)} is not in uppercase; write {code.strip().upper()}"
        )
    raise CellError("currency_unknown", f"currency {quoted(code)} is not an ISO 4217 code such as USD")


_MOMENT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.0{1,9})?)?(?P<zone>Z|[+-][0-9]{2}:?[0-9]{2})?"
)


def expiry(text: str, now: float) -> int:
    """Read when a credit expires; returns seconds since 1970, UTC.

    Args:
        text: ISO 8601 with a zone, in whole seconds, such as `2027-12-31T23:59:59Z`.
        now: The server's time, seconds since 1970.

    Raises:
        CellError: `date_zone`, it is not; `date_past`, it is not later than now.
    """
    found = _MOMENT.fullmatch(text)
    if found is not None and found["zone"] is not None:
        with suppress(ValueError, OverflowError):
            moment = int(datetime.fromisoformat(text).timestamp())
            if moment > now:
                return moment
            raise CellError(
                "date_past", f"expires_at {quoted(text)} is in the past; a credit must expire in the future"
            )
    raise CellError("date_zone", f"expires_at {quoted(text)} {_why_no_date(text, found)}")


def _why_no_date(text: str, found: re.Match[str] | None) -> str:
    """Say why a text is not a date, as the end of a sentence."""
    if found is None and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return f"has no time and time zone; for the end of the day in UTC, write {text}T23:59:59Z"
    if found is None:
        return "is not an ISO 8601 date in whole seconds; write it as in 2027-12-31T23:59:59Z"
    if found["zone"] is None:
        return "has no time zone; append Z or an offset such as +01:00"
    return "is not a date in the calendar; write it as in 2027-12-31T23:59:59Z"
