"""What JSON Schema leaves to us: our own formats and keywords."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jsonschema_rs import KeywordValidator

__all__ = ["FORMATS", "KEYWORDS", "NUMERIC_FORMATS"]


def _is_decimal(text: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?", text, re.ASCII) is not None


def _never(_: str) -> bool:
    return False


FORMATS: Mapping[str, Callable[[str], bool]] = {
    "decimal": _is_decimal,
    # Says that the value is a secret, not how it is written.
    "password": lambda _: True,
    "unix-time": _never,
}
"""Checks of strings. A time in Unix seconds is none; that it is a whole number within range, the schema says itself."""

NUMERIC_FORMATS = {"unix-time"}
"""Formats of numbers. Only strings are checked for a format, so each use states `minimum` and `maximum` beside it."""


class DecimalPlaces:
    """`x-decimal-places: n`: a number has at most n decimals. Strings are left to `pattern`."""

    def __init__(self, parent_schema: dict[str, Any], value: Any, schema_path: list[str | int]) -> None:
        del parent_schema, schema_path  # part of how jsonschema_rs makes a keyword; the number is enough here
        self._places = int(value)

    def validate(self, instance: Any) -> None:
        """Refuse a number with more decimals.

        Raises:
            ValueError: It has more.
        """
        if isinstance(instance, bool) or not isinstance(instance, int | float | Decimal):
            return
        number = Decimal(str(instance)).normalize()
        exponent = number.as_tuple().exponent
        if isinstance(exponent, int) and -exponent > self._places:
            raise ValueError(f"{number:f} has more than {self._places} decimals")


KEYWORDS: Mapping[str, type[KeywordValidator]] = {"x-decimal-places": DecimalPlaces}
"""Keywords of the document that are checked although JSON Schema does not know them."""
