"""Fields of models: how each kind of value is read from JSON, and written to it again.

A strict field is money, an id or a currency. Its value is of its type or reading it raises ValueError; nothing is
guessed. Any other value that cannot be read is left to the caller as it came, see `Model`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

from store_credit._core.codec import ExactFloat
from store_credit._core.decimal_text import plain
from store_credit._core.json_values import is_array, is_object

__all__ = [
    "AS_IS",
    "CURRENCY",
    "DATE",
    "DATE_TIME",
    "DECIMAL",
    "ID",
    "INTEGER",
    "MINOR_UNITS",
    "READ_ERRORS",
    "SECRET",
    "UNIX_TIME",
    "Codec",
    "constant",
    "either",
    "from_text",
    "from_unix",
    "in_utc",
    "is_plain",
    "list_of",
    "map_of",
    "nullable",
]

READ_ERRORS: Final = (ArithmeticError, AttributeError, LookupError, OSError, RecursionError, TypeError, ValueError)
"""What reading an unexpected value can raise. OSError is what a time far out of range gives on some platforms."""

_DIGITS = re.compile(r"-?\d{1,18}\Z", re.ASCII)

is_plain: Final = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII).fullmatch
"""Match a decimal as Spree writes one: ASCII digits, and no exponent, blank, plus sign or underscore."""

from_unix: Final = datetime.fromtimestamp
from_text: Final = datetime.fromisoformat
"""What generated models read times with, without a look-up in the class."""

_MOST_DIGITS = 300
"""Digits before or after the point beyond which a number with an exponent is not an amount: a float has no more."""


class Codec:
    """How one field is read from and written to JSON.

    Attributes:
        read: Gives the Python value of a JSON value; raises one of `READ_ERRORS` for one that is not valid.
        write: Gives the JSON value of a Python value.
        given: As `read`, for a value that is passed to a constructor: also for what `attrs.asdict` makes of a record.
        wanted: What is valid, for an error's text: "an integer".
        strict: A value that is not valid is refused, and never handed out as it came.
        secret: The value is not shown.
        schema: The JSON Schema of valid values.
    """

    __slots__ = ("given", "read", "schema", "secret", "strict", "wanted", "write")

    def __init__(
        self,
        read: Callable[[Any], Any],
        write: Callable[[Any], Any],
        wanted: str = "a value",
        *,
        strict: bool = False,
        secret: bool = False,
        schema: Mapping[str, Any] | None = None,
        given: Callable[[Any], Any] | None = None,
    ) -> None:
        self.read = read
        self.write = write
        self.wanted = wanted
        self.strict = strict
        self.secret = secret
        self.schema: Mapping[str, Any] = schema or {}
        self.given = given or read


def as_is(value: Any) -> Any:
    """Give the JSON value itself."""
    return value


def read_text(value: Any) -> str:
    """Read text."""
    if isinstance(value, str):
        return value
    raise ValueError("not a text")


def read_id(value: Any) -> str:
    """Read text that is not empty."""
    if isinstance(value, str) and value:
        return value
    raise ValueError("not an id")


def read_minor_units(value: Any) -> int:
    """Read a whole number, also one written `1000.0` or `1e3`: JSON has one kind of number."""
    if isinstance(value, float):
        number = _exact(value)
        whole = int(number)
        if whole == number:
            return whole
    elif isinstance(value, int) and not isinstance(value, bool):
        return value
    raise ValueError("not an integer")


def read_integer(value: Any) -> int:
    """Read a whole number, also one written as text."""
    if isinstance(value, str) and _DIGITS.match(value):
        return int(value)
    return read_minor_units(value)


def read_unix_time(value: Any) -> datetime:
    """Read Unix seconds as an aware datetime in UTC, also written as text; ISO 8601 text is understood as well."""
    if isinstance(value, str) and not _DIGITS.match(value):
        return read_date_time(value)
    return datetime.fromtimestamp(value if isinstance(value, float) else read_integer(value), UTC)


def write_unix_time(value: datetime) -> int:
    """Write an aware datetime as Unix seconds."""
    return int(value.timestamp())


def read_decimal(value: Any) -> Decimal:
    """Read a plain decimal text, or a JSON number from the text it was written as."""
    if isinstance(value, str):
        if is_plain(value):
            return Decimal(value)
    elif isinstance(value, float):
        return _exact(value)
    elif isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    raise ValueError("not a decimal")


def _exact(value: float) -> Decimal:
    number = Decimal(value.text if isinstance(value, ExactFloat) else repr(value))
    _, digits, exponent = number.as_tuple()
    # 1e999999999 is JSON of eleven bytes. As an int, or written out, it would take a gigabyte.
    if not isinstance(exponent, int) or len(digits) + abs(exponent) > _MOST_DIGITS:
        raise ValueError("not an amount")
    return number


def in_utc(moment: datetime) -> datetime:
    """Convert to UTC; a time without a zone is in UTC already."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def read_date_time(value: str) -> datetime:
    """Read ISO 8601 text as an aware datetime in UTC."""
    return in_utc(datetime.fromisoformat(value))


def write_date_time(value: datetime) -> str:
    """Write an aware datetime as ISO 8601 text with milliseconds, as Spree does."""
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def write_date(value: date) -> str:
    """Write a day as ISO 8601 text."""
    return value.isoformat()


AS_IS: Final = Codec(as_is, as_is)
SECRET: Final = Codec(as_is, as_is, secret=True)
ID: Final = Codec(read_id, as_is, "an id", strict=True, schema={"type": "string"})
CURRENCY: Final = Codec(read_text, as_is, "a currency code", strict=True, schema={"type": "string"})
INTEGER: Final = Codec(read_integer, as_is, "an integer", schema={"type": "integer"})
MINOR_UNITS: Final = Codec(read_minor_units, as_is, "an integer", strict=True, schema={"type": "integer"})
UNIX_TIME: Final = Codec(read_unix_time, write_unix_time, "Unix seconds", schema={"type": "integer"})
DATE_TIME: Final = Codec(
    read_date_time, write_date_time, "an ISO 8601 time", schema={"type": "string", "format": "date-time"}
)
DATE: Final = Codec(date.fromisoformat, write_date, "an ISO 8601 day", schema={"type": "string", "format": "date"})
DECIMAL: Final = Codec(
    read_decimal, plain, "a plain decimal such as '25.00'", strict=True, schema={"type": "string", "format": "decimal"}
)


def constant(name: str) -> Codec:
    """Make a codec for a field that is the same whatever the JSON value is."""
    return Codec(lambda _: name, as_is, repr(name), schema={"type": "string"})


def nullable(codec: Codec, *, text: bool = False) -> Codec:
    """Make a codec whose null is None.

    The text "null" is taken for null as well, unless the field is strict or `text` says that it may hold any text, as
    where an object is expected: a text in its place stays as it came.
    """
    exact = codec.strict or text

    def unless_null(convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
        return lambda value: None if value is None or (value == "null" and not exact) else convert(value)

    return Codec(
        unless_null(codec.read),
        lambda value: None if value is None else codec.write(value),
        f"{codec.wanted} or null",
        strict=codec.strict,
        secret=codec.secret,
        schema={"anyOf": [codec.schema, {"type": "null"}]},
        given=unless_null(codec.given),
    )


def either(single: Codec, several: Codec) -> Codec:
    """Make a codec for a value that one codec reads, or a list in its place, which the other reads."""

    def by_value(convert: Callable[[Any], Any], convert_list: Callable[[Any], Any]) -> Callable[[Any], Any]:
        return lambda value: (convert_list if is_array(value) else convert)(value)

    return Codec(
        by_value(single.read, several.read),
        by_value(single.write, several.write),
        f"{single.wanted} or {several.wanted}",
        strict=single.strict,
        schema={"anyOf": [single.schema, several.schema]},
        given=by_value(single.given, several.given),
    )


def list_of(codec: Codec) -> Codec:
    """Make a codec for a list of what another codec reads, item by item: one odd item does not cost the others."""

    def each(convert: Callable[[Any], Any]) -> Callable[[Any], list[Any]]:
        inner = _leniently(codec, convert)

        def convert_all(value: Any) -> list[Any]:
            if not is_array(value):
                raise ValueError("not a list")
            return [inner(item) for item in value]

        return convert_all

    return Codec(
        each(codec.read),
        each(codec.write),
        "a list",
        strict=codec.strict,
        schema={"type": "array", "items": codec.schema},
        given=each(codec.given),
    )


def map_of(codec: Codec) -> Codec:
    """Make a codec for an object whose members another codec reads, whatever they are called; as `list_of`."""

    def each(convert: Callable[[Any], Any]) -> Callable[[Any], dict[str, Any]]:
        inner = _leniently(codec, convert)

        def convert_all(value: Any) -> dict[str, Any]:
            if not is_object(value):
                raise ValueError("not an object")
            return {name: inner(item) for name, item in value.items()}

        return convert_all

    return Codec(
        each(codec.read),
        each(codec.write),
        "an object",
        strict=codec.strict,
        schema={"type": "object", "additionalProperties": codec.schema},
        given=each(codec.given),
    )


def _leniently(codec: Codec, convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Give what cannot be read as it came, unless it is money, an id or a currency."""

    def lenient(item: Any) -> Any:
        try:
            return convert(item)
        except READ_ERRORS:
            if codec.strict:
                raise
            return item

    return lenient
