"""Keywords of the document that JSON Schema does not know."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jsonschema_rs import KeywordValidator

__all__ = ["KEYWORDS", "DecimalPlaces"]


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
            raise ValueError(f"{number:f} has more than {self._places} decimals")


KEYWORDS: Mapping[str, type[KeywordValidator]] = {"x-decimal-places": DecimalPlaces}
