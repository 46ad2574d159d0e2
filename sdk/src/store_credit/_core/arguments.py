"""Arguments of a call, checked and written in their wire form.

Each function takes a value and the argument's name, and returns what goes into the body (JSON values) or the query
(text). All raise InvalidArgumentError naming the argument, what it was given and what to pass instead.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, TypeAlias, TypeVar, cast
from urllib.parse import quote

from store_credit._core import codec
from store_credit._core.credentials import Secret
from store_credit._core.decimal_text import plain
from store_credit._core.errors import InvalidArgumentError, kind_of
from store_credit._core.money import decimal_argument

__all__: list[str] = []

Writer: TypeAlias = Callable[[object, str], str]
"""Writes one value as text."""

Collected = TypeVar("Collected", list[str], list[tuple[str, str]])

_MOST_BITS: Final = 10_000
"""Of an int: Python refuses to write one of more than 4,300 digits, and no server reads one of so many."""
_LONGEST_REFERENCE: Final = 255
"""Characters: as long as an idempotency key may be."""


def _wrong(value: object, name: str, wanted: str) -> InvalidArgumentError:
    return InvalidArgumentError(f"{name} is {kind_of(value)}; pass {wanted}")


def _is_record(value: object) -> bool:
    # Imported late: models bring attrs along, and whoever passes a record has it already.
    from store_credit._core.model import Model

    return isinstance(value, Model)


def text(value: object, name: str) -> str:
    """A string."""
    if isinstance(value, str):
        return value
    raise _wrong(value, name, "a str")


def _bounded(value: int, name: str) -> int:
    if value.bit_length() > _MOST_BITS:
        raise InvalidArgumentError(f"{name} is an int with thousands of digits; pass a smaller int")
    return value


def integer(value: object, name: str) -> int:
    """A whole number; a float or a numeric string is refused."""
    if isinstance(value, int) and not isinstance(value, bool):
        return _bounded(value, name)
    raise _wrong(value, name, "an int")


def number(value: object, name: str) -> int | float | Decimal:
    """Any number."""
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return _bounded(value, name) if isinstance(value, int) else value
    raise _wrong(value, name, "a number")


def boolean(value: object, name: str) -> bool:
    """True or False."""
    if isinstance(value, bool):
        return value
    raise _wrong(value, name, "True or False")


def identifier(value: object, name: str) -> str:
    """A record's id, given as its text, as an int, or as the record itself."""
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(_bounded(value, name))
    if _is_record(value):
        return identifier(getattr(value, "id", None), name)
    raise _wrong(value, name, "the record's id as a str")


def decimal(value: object, name: str) -> Decimal:
    """An amount with at most two decimals, as int, str or Decimal; a float is refused."""
    return decimal_argument(value, name)


def unix_time(value: object, name: str) -> int:
    """Unix seconds, given as an int or as an aware datetime; a fraction of a second is dropped."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise InvalidArgumentError(
                f"{name} is a datetime without a time zone; pass an aware datetime, such as datetime(..., tzinfo=UTC)"
            )
        return int(value.timestamp() // 1)
    if isinstance(value, int) and not isinstance(value, bool):
        return _bounded(value, name)
    raise _wrong(value, name, "an aware datetime, or Unix seconds as an int")


def date_time(value: object, name: str) -> str:
    """A moment as ISO 8601 text, given as that or as an aware datetime."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise InvalidArgumentError(f"{name} is a datetime without a time zone; pass an aware datetime")
        return value.isoformat()
    return text(value, name)


def date_text(value: object, name: str) -> str:
    """A day as ISO 8601 text, given as that or as a date."""
    if isinstance(value, datetime):
        raise InvalidArgumentError(f"{name} is a datetime; pass a date, such as datetime(...).date()")
    return value.isoformat() if isinstance(value, date) else text(value, name)


def mapping(value: object, name: str) -> Mapping[str, Any]:
    """A JSON object."""
    if isinstance(value, Mapping):
        return cast("Mapping[str, Any]", value)
    raise _wrong(value, name, "a dict")


def sequence(value: object, name: str) -> list[Any]:
    """A JSON array."""
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return list(cast("Sequence[Any]", value))
    raise _wrong(value, name, "a list")


def anything(value: object, name: str) -> Any:
    """A value the document does not restrict."""
    del name
    return value


def path_segment(value: object, name: str) -> str:
    """An id as one segment of a path, percent-encoded.

    An empty id would address the whole collection, and `.` or `..` another resource, so these are refused.
    """
    segment = identifier(value, name)
    if segment in ("", ".", ".."):
        raise InvalidArgumentError(f"{name} is {segment!r}; pass the id of a record")
    try:
        return quote(segment, safe="")
    except UnicodeEncodeError:
        raise InvalidArgumentError(f"{name} contains text that is not valid Unicode") from None


def query_text(value: object, name: str) -> str:
    """A scalar as the text of a query parameter."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(_bounded(value, name))
    if isinstance(value, Decimal):
        return plain(decimal_argument(value, name, places=None))
    if isinstance(value, datetime):
        return date_time(value, name)
    if _is_record(value):
        return identifier(value, name)
    raise _wrong(value, name, "a str, an int, a Decimal, a bool or a datetime")


def query_integer(value: object, name: str) -> str:
    """A whole number as the text of a query parameter."""
    return str(integer(value, name))


def query_number(value: object, name: str) -> str:
    """Any finite number as the text of a parameter."""
    if isinstance(value, Decimal):
        return query_text(value, name)
    given = number(value, name)
    if not math.isfinite(given):
        raise InvalidArgumentError(f"{name} is {given}; pass a finite number")
    # A float without its exponent: what reads the text may not know how to.
    return plain(Decimal(repr(given))) if isinstance(given, float) else str(given)


def query_any(value: object, name: str) -> str:
    """A number, or another scalar, as the text of a parameter."""
    return query_number(value, name) if isinstance(value, float) else query_text(value, name)


def query_unix_time(value: object, name: str) -> str:
    """A moment as Unix seconds."""
    return str(unix_time(value, name))


def query_date(value: object, name: str) -> str:
    """A day as the text of a parameter."""
    return date_text(value, name)


def json_text(value: object, name: str) -> str:
    """Any value as JSON text, for a parameter or a form."""
    try:
        return codec.encode(value)
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidArgumentError(f"{name} cannot be written as JSON: {error}") from error


class Encoded(str):
    """The text of a query parameter that is percent-encoded already, with the signs between its parts as they are."""

    __slots__ = ()


def _encode(value: str, name: str, safe: str = "") -> str:
    try:
        return quote(value, safe=safe)
    except UnicodeEncodeError:
        raise InvalidArgumentError(f"{name} contains text that is not valid Unicode") from None


def _texts(value: object, name: str, write: Writer) -> list[str]:
    """The items of a list as texts; a single string is one item."""
    return [write(item, name) for item in ([value] if isinstance(value, str) else sequence(value, name))]


def _separated(value: object, name: str, write: Writer, sign: str) -> str:
    return Encoded(sign.join(_encode(item, name) for item in _texts(value, name, write)))


def query_list(value: object, name: str, write: Writer = query_text) -> str:
    """A comma list: a string as it is, or a sequence of names."""
    if isinstance(value, str):
        return value
    items = _texts(value, name, write)
    # A comma inside an item is none of those between them.
    return _separated(value, name, write, ",") if any("," in item for item in items) else ",".join(items)


def query_spaced(value: object, name: str, write: Writer = query_text) -> str:
    """A list with `%20` between its items."""
    return _separated(value, name, write, "%20")


def query_piped(value: object, name: str, write: Writer = query_text) -> str:
    """A list with `|` between its items."""
    return _separated(value, name, write, "|")


def query_repeated(value: object, name: str, write: Writer = query_text) -> list[str]:
    """One query parameter for each value; a single string is one value."""
    return _texts(value, name, write)


def reserved(value: object, name: str, write: Writer = query_text) -> str:
    """A value in which reserved characters stay as they are, but for those that would end it."""
    return Encoded(_encode(write(value, name), name, "/:?@!$'()*,;"))


def flat_object(value: object, name: str, sign: str) -> str:
    """A mapping as a list of its names and values, in turn."""
    return Encoded({" ": "%20"}.get(sign, sign).join(_members(value, name, "%20" if sign == " " else sign)))


def _members(value: object, name: str, between: str) -> list[str]:
    """The members of a mapping, each with its name and `between` before the value, percent-encoded."""
    return [
        f"{_encode(text(key, name), name)}{between}{_encode(query_any(item, f'{name}[{key}]'), name)}"
        for key, item in mapping(value, name).items()
    ]


def path_value(value: object, name: str, write: Writer) -> str:
    """A value as a segment of a path."""
    return path_segment(write(value, name), name)


def path_list(value: object, name: str, write: Writer = query_text) -> str:
    """A list with commas as a segment of a path."""
    return _segment(",".join(_encode(item, name) for item in _texts(value, name, write)), name)


def path_object(value: object, name: str, *, equals: bool = False) -> str:
    """A mapping as a segment of a path: `a,1,b,2`, or `a=1,b=2`."""
    return _segment(",".join(_members(value, name, "=" if equals else ",")), name)


def path_prefixed(value: object, name: str, write: Writer, start: str, between: str) -> str:
    """A value, or a list with `between` between its items, behind what a segment starts with."""
    items = _texts(value, name, write) if between else [write(value, name)]
    inner = between.join(_encode(item, name) for item in items)
    _segment(inner, name)
    return start + inner


def _segment(segment: str, name: str) -> str:
    if segment in ("", ".", ".."):
        raise InvalidArgumentError(f"{name} is empty, '.' or '..', which is not a valid path segment")
    return segment


def header_list(value: object, name: str, write: Writer = query_text) -> str:
    """A list with commas as the value of a header."""
    items = _texts(value, name, write)
    if any("," in item for item in items) and not isinstance(value, str):
        raise InvalidArgumentError(f"{name} contains an item with a comma, but commas separate the items of a header")
    return ",".join(items)


def header_object(value: object, name: str, *, equals: bool = False) -> str:
    """A mapping as the value of a header: `a,1,b,2`, or `a=1,b=2`."""
    between = "=" if equals else ","
    pairs = [(text(key, name), query_any(item, f"{name}[{key}]")) for key, item in mapping(value, name).items()]
    if any("," in part or "=" in part for pair in pairs for part in pair):
        raise InvalidArgumentError(f"{name} contains a comma or an equals sign, which separate its members")
    return ",".join(f"{key}{between}{item}" for key, item in pairs)


_IN_COOKIE: Final = "!#$&'()*+-./:<=>?@[]^_`{|}~"


def cookie_value(value: object, name: str, write: Writer) -> str:
    """A value of a cookie, percent-encoded where a cookie may not hold its characters."""
    return _encode(write(value, name), name, _IN_COOKIE)


def cookie_list(value: object, name: str, write: Writer = query_text) -> str:
    """A list with commas as the value of a cookie."""
    return ",".join(_encode(item, name, _IN_COOKIE) for item in _texts(value, name, write))


def query_object(value: object, name: str, write: Writer = query_text) -> list[tuple[str, str]]:
    """A mapping as `name[key]=value`; a sequence of values as `name[key][]=value` each, as Rails reads them."""
    pairs: list[tuple[str, str]] = []
    for key, item in mapping(value, name).items():
        label = f"{name}[{text(key, name)}]"
        if isinstance(item, Sequence | Set) and not isinstance(item, str | bytes):
            pairs += [(f"{label}[]", write(one, label)) for one in cast("Iterable[object]", item)]
        else:
            pairs.append((label, write(item, label)))
    return pairs


def query_fields(value: object, name: str) -> list[tuple[str, str]]:
    """A mapping as `name[type]=a,b`, each value a comma list or a sequence of names."""
    labels = [(f"{name}[{text(kind, name)}]", names) for kind, names in mapping(value, name).items()]
    return [(label, query_list(names, label)) for label, names in labels]


def query_spread(value: object, name: str, write: Writer = query_text) -> list[tuple[str, str]]:
    """A mapping whose members are query parameters of their own."""
    return [(text(key, name), write(item, f"{name}[{key}]")) for key, item in mapping(value, name).items()]


def not_empty(values: Collected, name: str) -> Collected:
    """What an argument that must be sent was written as."""
    if not values:
        raise InvalidArgumentError(f"{name} is empty; pass at least one value")
    return values


def with_reference(metadata: Mapping[str, Any] | None, value: object, name: str, member: str) -> dict[str, Any]:
    """The caller's own reference beside the other members of the object that carries it.

    One that a server may change or refuse would not be found again.
    """
    reference = text(value, "reference")
    if not 0 < len(reference) <= _LONGEST_REFERENCE:
        raise InvalidArgumentError(f"reference has {len(reference)} characters; it must have 1 to {_LONGEST_REFERENCE}")
    if not reference.isprintable():
        raise InvalidArgumentError("reference contains a line break or another character that cannot be printed")
    members = dict(metadata or {})
    if members.setdefault(member, reference) != reference:
        raise InvalidArgumentError(f"reference differs from {member!r} in {name}; pass only one of the two")
    return members


def credential(value: object, name: str) -> bytes:
    """A token passed with a call, sealed; its value is shown neither in the error nor in this frame.

    Raises:
        InvalidArgumentError: It is not a str, or cannot stand in a header.
    """
    if not isinstance(value, Secret):
        return text(value, name).encode()
    if not _fits_header(value):
        raise InvalidArgumentError(f"{name} is empty or contains a space, a line break or a character outside ASCII")
    return value.reveal().encode()


def _fits_header(secret: Secret) -> bool:
    token = secret.reveal()
    return token != "" and token.isascii() and token.isprintable() and " " not in token
