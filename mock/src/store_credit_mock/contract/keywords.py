"""Keywords of the document that JSON Schema does not know."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from jsonschema_rs import KeywordValidator

__all__ = ["KEYWORDS", "PATTERN", "DecimalPlaces", "PythonPattern"]

PATTERN: Final = "x-store-credit-pattern"
"""What `pattern` is called in the copies of the document where Python reads it."""


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
        if not isinstance(exponent, int) or -exponent > self._places:
            raise ValueError(f"{number:f} has more than {self._places} decimal places")


class PythonPattern:
    """A `pattern` that the validator cannot read, and Python can."""

    def __init__(self, parent_schema: dict[str, Any], value: Any, schema_path: list[str | int]) -> None:
        del parent_schema, schema_path
        self._pattern = re.compile(value)

    def validate(self, instance: Any) -> None:
        """Refuse a text that does not match.

        Raises:
            ValueError: It does not.
        """
        if isinstance(instance, str) and not self._pattern.search(instance):
            raise ValueError(f"{json.dumps(instance)} does not match {json.dumps(self._pattern.pattern)}")


KEYWORDS: Mapping[str, type[KeywordValidator]] = {"x-decimal-places": DecimalPlaces, PATTERN: PythonPattern}
