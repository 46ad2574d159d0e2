"""How a locale writes numbers, which decides what an amount sent as text means (core/lib/spree/localized_number.rb)."""

from __future__ import annotations

from decimal import Decimal
from typing import Final, NamedTuple

from store_credit_mock.systems.rails.parameters import to_decimal

__all__ = ["ENGLISH", "NUMBERS", "Numbers", "localized"]


class Numbers(NamedTuple):
    """What stands before the decimals of an amount, and between its thousands."""

    separator: str = "."
    delimiter: str = ","


ENGLISH: Final = Numbers()
_COMMA: Final = Numbers(",", ".")
NUMBERS: Final = {
    "en": ENGLISH,
    **dict.fromkeys(("da", "de", "es", "it", "nl", "pt-BR"), _COMMA),
    "fr": Numbers(",", "\u202f"),
}
"""Formats by locale, as the library rails-i18n has them."""


def localized(text: str, numbers: Numbers) -> Decimal:
    """Read an amount sent as text: all but digits, hyphens and the separator is dropped, and nothing left is 0.

    "$12.50" is 12.50 in English, "12.50" is 1250 in German, "1e2" is 12 and "1.234,50" is 1.2345 in English.
    """
    kept = "".join(letter for letter in text if letter in f"0123456789-{numbers.separator}")
    return to_decimal(kept.replace(numbers.separator, "."))[0] or Decimal(0)
