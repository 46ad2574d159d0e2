"""Parameters as Rails reads them: nested names, and the casts of columns (R24)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final, cast
from urllib.parse import unquote_to_bytes

from store_credit_mock.systems.call import Call

__all__ = [
    "is_broken",
    "mapping",
    "nested",
    "to_decimal",
    "to_float",
    "to_integer",
    "to_text",
    "without_nulls",
]

_SPLIT: Final = re.compile(r"\[([^\[\]]*)\]")
_INTEGER: Final = re.compile(r"\s*([+-]?\d+(?:_\d+)*)", re.ASCII)
_NUMBER: Final = re.compile(r"\s*([+-]?(?:\d+(?:_\d+)*)?(?:\.\d+(?:_\d+)*)?(?:[eE][+-]?\d+)?)", re.ASCII)
_WHOLE_NUMBER: Final = re.compile(r"\s*[+-]?\d+(?:_\d+)*(?:\.\d+(?:_\d+)*)?(?:[eE][+-]?\d+)?\s*", re.ASCII)
_LARGEST: Final = 2**63 - 1
_DIGITS: Final = 400


def nested(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Put `a[b]=c` and `a[]=c` together. Where two spellings disagree the earlier one stays."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        _put(found, _keys(name), value)
    return found


def is_broken(call: Call) -> bool:
    """Whether Rack refuses the query: it is not UTF-8, or takes one name for a text, a list and an object by turns."""
    try:
        unquote_to_bytes(call.request.query).decode()
    except UnicodeDecodeError:
        return True
    found: dict[str, Any] = {}
    # Every pair is put in its place, so that none hides another.
    fits = [_put(found, _keys(name), value) for name, value in call.query_pairs]
    return not all(fits)


def _keys(name: str) -> list[str]:
    head, bracket, _ = name.partition("[")
    return [head, *_SPLIT.findall(name[len(head) :])][:20] if bracket else [name]


def _put(target: dict[str, Any], keys: list[str], value: str) -> bool:
    """Put one value in its place; False where something of another kind is there."""
    key, rest = keys[0], keys[1:]
    if not rest:
        target[key] = value
        return True
    inner = target.setdefault(key, [] if rest[0] == "" else {})
    if rest[0] == "" and isinstance(inner, list):
        cast("list[Any]", inner).append(value)
        return True
    return rest[0] != "" and isinstance(inner, dict) and _put(cast("dict[str, Any]", inner), rest, value)


def without_nulls(value: Any) -> Any:
    """Nulls inside arrays vanish (spree.md 13.9)."""
    if isinstance(value, list):
        return [without_nulls(item) for item in cast("list[Any]", value) if item is not None]
    if isinstance(value, dict):
        return {name: without_nulls(item) for name, item in cast("dict[str, Any]", value).items()}
    return value


def to_integer(value: Any) -> int | None:
    """Cast for an integer column: leading digits, `true` is 1, nothing readable is 0, blank is null."""
    if isinstance(value, str) and len(value) < 19 and value.isdecimal() and value.isascii():
        # Most ids are sent so; the rules below take twice as long.
        return int(value)
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int | float):
        number = int(value) if value == value and abs(value) < 1e30 else 0
    else:
        fit = _INTEGER.match(str(value))
        number = int(fit[1][:_DIGITS]) if fit else 0
    return number if abs(number) <= _LARGEST else 0


def to_text(value: Any) -> str | None:
    """Cast for a text column."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "t" if value else "f"
    return str(value)


def to_decimal(value: Any) -> tuple[Decimal | None, bool]:
    """Cast for a decimal column: the value, and whether the validation takes what was sent for a number.

    Text that is not a number is cast by its leading digits, so `$10` counts as 0 in the checks that follow.
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        return None, False
    if isinstance(value, bool):
        return Decimal(0), False
    if isinstance(value, int | float):
        number = Decimal(repr(value))
        return (number, True) if number.is_finite() else (None, False)
    text = str(value)[:_DIGITS]
    is_number = _WHOLE_NUMBER.fullmatch(text) is not None
    fit = None if is_number else _NUMBER.match(text)
    try:
        # `Decimal` passes over blanks around a number and underscores in it, as Ruby does.
        return Decimal(text if fit is None else fit[1] or 0), is_number
    except InvalidOperation:
        return Decimal(0), is_number


def to_float(value: Any) -> Decimal | None:
    """What `to_f` makes of an amount to apply: null where it does not exist, leading digits otherwise (spree.md 7)."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    number, _ = to_decimal(value)
    return Decimal(0) if number is None else number


def mapping(value: Any) -> Mapping[str, Any]:
    """The value if it is an object, else an empty one."""
    return cast("Mapping[str, Any]", value) if isinstance(value, dict) else {}
