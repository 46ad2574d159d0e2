"""JSON in and out, exact for amounts.

Reading uses msgspec where the `fast` extra is installed, and the standard library otherwise. Numbers with a fraction
keep the text they came as, so that a Decimal can be made from it without passing through a binary float.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, TypeGuard, cast

from store_credit._core.money import plain

__all__ = ["ExactFloat", "decode", "encode", "exact", "is_array", "is_object"]

_text: Callable[[str], str] = json.encoder.encode_basestring_ascii


def is_object(value: object) -> TypeGuard[dict[str, Any]]:
    """Whether a decoded value is a JSON object."""
    return isinstance(value, dict)


def is_array(value: object) -> TypeGuard[list[Any]]:
    """Whether a decoded value is a JSON array."""
    return isinstance(value, list)


class ExactFloat(float):
    """A JSON number with a fraction whose float would not be written the way it came; it remembers how that was."""

    __slots__ = ("text",)
    text: str

    def __new__(cls, text: str) -> ExactFloat:
        number = super().__new__(cls, text)
        number.text = text
        return number

    def __reduce__(self) -> tuple[Any, ...]:
        return ExactFloat, (self.text,)


def exact(text: str) -> float:
    """Read a number with a fraction so that `repr`, or else its `text`, is exactly what was written."""
    number = float(text)
    return number if repr(number) == text else ExactFloat(text)


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")


_standard = json.JSONDecoder(parse_float=exact, parse_constant=_refuse)


def _decode_standard(content: bytes) -> Any:
    return _standard.decode(content.decode())


def _choose() -> Callable[[bytes], Any]:
    # When the first answer is read: importing msgspec takes a tenth of the time of importing httpx.
    try:
        from msgspec.json import Decoder
    except ImportError:
        return _decode_standard
    return cast("Callable[[bytes], Any]", Decoder(float_hook=exact).decode)


_decode: Callable[[bytes], Any] | None = None


def decode(content: bytes) -> Any:
    """Read JSON; numbers with a fraction keep the digits they came with.

    Raises:
        ValueError: The content is not JSON in UTF-8, or nests deeper than Python can follow.
    """
    global _decode  # noqa: PLW0603 - chosen once
    if _decode is None:
        _decode = _choose()
    try:
        return _decode(content)
    except RecursionError:
        raise ValueError("the JSON nests too deeply") from None


def encode(value: Any) -> str:
    """Write JSON. A Decimal becomes a number with exactly its own digits, which no JSON library of Python's own offers.

    Raises:
        TypeError: The value holds something JSON has no form for.
        ValueError: The value holds a float that is not finite.
        RecursionError: The value holds itself.
    """
    if value is None:
        return "null"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return int.__repr__(value)
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, ExactFloat):
        return value.text
    if isinstance(value, Mapping):
        members = cast("Mapping[Any, Any]", value)
        return "{" + ",".join([f"{_text(_key(key))}:{encode(item)}" for key, item in members.items()]) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join([encode(item) for item in cast("list[Any]", value)]) + "]"
    return json.dumps(value, allow_nan=False)


def _key(key: Any) -> str:
    if not isinstance(key, str):
        raise TypeError(f"JSON keys are strings, not {type(key).__name__}")
    return key
