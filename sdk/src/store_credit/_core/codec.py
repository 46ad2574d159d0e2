"""JSON in and out, exact for amounts.

Reading uses msgspec where the `fast` extra is installed, and the standard library otherwise: the values and the errors
are the same. Numbers with a fraction keep the text they came as, so that a Decimal can be made from it without passing
through a binary float.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from decimal import Decimal
from typing import Any, Final, cast

from store_credit._core.decimal_text import plain
from store_credit._core.json_values import MAX_DEPTH, is_array, is_object

__all__ = ["ExactFloat", "decode", "encode", "exact", "is_array", "is_object"]

_text: Callable[[str], str] = json.encoder.encode_basestring_ascii


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
    # When the first response is read: importing msgspec takes a tenth of the time of importing httpx.
    try:
        from msgspec.json import Decoder
    except ImportError:
        return _decode_standard
    parse = cast("Callable[[bytes], Any]", Decoder(float_hook=exact).decode)

    def decode(content: bytes) -> Any:
        with suppress(RecursionError, ValueError):
            return parse(content)
        # msgspec refuses a little that the standard library reads, such as half a surrogate pair. What is valid is
        # decided here, so that values and errors are the same with and without the extra.
        return _decode_standard(content)

    return decode


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
        raise ValueError("the JSON is nested too deeply") from None


def encode(value: Any) -> str:
    """Write JSON. A Decimal becomes a number with exactly its own digits, which no JSON library of Python's own offers.

    Raises:
        TypeError: The value holds something JSON has no form for.
        ValueError: The value holds a float that is not finite, or contains itself.
    """
    if _is_flat(value):
        return _write_flat(value)
    # Without recursion: what could be read must not be too deep to be written.
    pieces: list[str] = []
    write = pieces.append
    levels: list[Iterator[tuple[str, Any]]] = [iter((("", value),))]
    ends = [""]
    while levels:
        for before, item in levels[-1]:
            if isinstance(item, Mapping):
                write(before + "{")
                levels.append(_members(cast("Mapping[Any, Any]", item)))
                ends.append("}")
                break
            if isinstance(item, list | tuple):
                write(before + "[")
                levels.append(_items(cast("Iterable[Any]", item)))
                ends.append("]")
                break
            write(before + _scalar(item))
        else:
            levels.pop()
            write(ends.pop())
        if len(levels) > MAX_DEPTH:
            raise ValueError("the value contains itself or is nested too deeply")
    return "".join(pieces)


_FLAT: Final = frozenset({str, int, bool, type(None)})
_write_flat: Callable[[Any], str] = json.JSONEncoder(separators=(",", ":")).encode


def _is_flat(value: Any) -> bool:
    """Whether a value is an object of texts and whole numbers, which the standard library writes just as we do."""
    if type(value) is not dict:
        return False
    members = cast("dict[Any, Any]", value)
    return _FLAT.issuperset(map(type, members.values())) and all(type(name) is str for name in members)


def _members(value: Mapping[Any, Any]) -> Iterator[tuple[str, Any]]:
    comma = ""
    for key, item in value.items():
        if not isinstance(key, str):
            raise TypeError(f"JSON keys must be strings, not {type(key).__name__}")
        yield f"{comma}{_text(key)}:", item
        comma = ","


def _items(value: Iterable[Any]) -> Iterator[tuple[str, Any]]:
    comma = ""
    for item in value:
        yield comma, item
        comma = ","


def _scalar(value: Any) -> str:
    if isinstance(value, str):
        return _text(value)
    if value is None:
        return "null"
    if isinstance(value, int) and not isinstance(value, bool):
        return int.__repr__(value)
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, ExactFloat):
        return value.text
    return json.dumps(value, allow_nan=False)
