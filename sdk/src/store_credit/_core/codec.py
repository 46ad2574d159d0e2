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

__all__ = ["ExactFloat", "decode", "encode", "is_array", "is_object"]

_text: Callable[[str], str] = json.encoder.encode_basestring_ascii


def is_object(value: object) -> TypeGuard[dict[str, Any]]:
    """Whether a decoded value is a JSON object."""
    return isinstance(value, dict)


def is_array(value: object) -> TypeGuard[list[Any]]:
    """Whether a decoded value is a JSON array."""
    return isinstance(value, list)


class ExactFloat(float):
    """A JSON number with a fraction, as a float that remembers how it was written."""

    __slots__ = ("text",)
    text: str

    def __new__(cls, text: str) -> ExactFloat:
        number = super().__new__(cls, text)
        number.text = text
        return number

    def __reduce__(self) -> tuple[Any, ...]:
        return ExactFloat, (self.text,)


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")


_standard = json.JSONDecoder(parse_float=ExactFloat, parse_constant=_refuse)


def _decode_standard(content: bytes) -> Any:
    return _standard.decode(content.decode())


try:
    from msgspec.json import Decoder as _Decoder
except ImportError:
    _decode: Callable[[bytes], Any] = _decode_standard
else:
    _decode = cast("Callable[[bytes], Any]", _Decoder(float_hook=ExactFloat).decode)


def decode(content: bytes) -> Any:
    """Read JSON; numbers with a fraction come back as `ExactFloat`.

    Raises:
        ValueError: The content is not JSON in UTF-8, or nests deeper than Python can follow.
    """
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
