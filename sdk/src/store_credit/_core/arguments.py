"""Arguments of a call, checked and written in their wire form.

Each function takes a value and the argument's name, and returns what goes into the body (JSON values) or the query
(text). All raise InvalidArgumentError naming the argument, what it was given and what to pass instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, TypeVar, cast
from urllib.parse import quote

from store_credit._core.credentials import Secret
from store_credit._core.decimal_text import plain
from store_credit._core.errors import InvalidArgumentError, kind_of
from store_credit._core.money import decimal_argument

__all__: list[str] = []

Collected = TypeVar("Collected", list[str], list[tuple[str, str]])

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


def integer(value: object, name: str) -> int:
    """A whole number; a float or a numeric string is refused."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise _wrong(value, name, "an int")


def number(value: object, name: str) -> int | float | Decimal:
    """Any number."""
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return value
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
        return str(value)
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
                f"{name} is a datetime without a time zone; pass an aware one, such as datetime(..., tzinfo=UTC)"
            )
        return int(value.timestamp() // 1)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise _wrong(value, name, "an aware datetime, or Unix seconds as an int")


def date_time(value: object, name: str) -> str:
    """A moment as ISO 8601 text, given as that or as an aware datetime."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise InvalidArgumentError(f"{name} is a datetime without a time zone; pass an aware one")
        return value.isoformat()
    return text(value, name)


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
        raise InvalidArgumentError(f"{name} holds text that is not Unicode") from None


def query_text(value: object, name: str) -> str:
    """A scalar as the text of a query parameter."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
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


def query_list(value: object, name: str) -> str:
    """A comma list: a string as it is, or a sequence of names."""
    if isinstance(value, str):
        return value
    return ",".join([query_text(item, name) for item in sequence(value, name)])


def query_repeated(value: object, name: str) -> list[str]:
    """One query parameter for each value; a single string is one value."""
    if isinstance(value, str):
        return [value]
    return [query_text(item, name) for item in sequence(value, name)]


def query_object(value: object, name: str) -> list[tuple[str, str]]:
    """A mapping as `name[key]=value`; a sequence of values as `name[key][]=value` each, as Rails reads them."""
    pairs: list[tuple[str, str]] = []
    for key, item in mapping(value, name).items():
        label = f"{name}[{text(key, name)}]"
        if isinstance(item, Sequence | Set) and not isinstance(item, str | bytes):
            pairs += [(f"{label}[]", query_text(one, label)) for one in cast("Iterable[object]", item)]
        else:
            pairs.append((label, query_text(item, label)))
    return pairs


def query_fields(value: object, name: str) -> list[tuple[str, str]]:
    """A mapping as `name[type]=a,b`, each value a comma list or a sequence of names."""
    labels = [(f"{name}[{text(kind, name)}]", names) for kind, names in mapping(value, name).items()]
    return [(label, query_list(names, label)) for label, names in labels]


def query_spread(value: object, name: str) -> list[tuple[str, str]]:
    """A mapping whose members are query parameters of their own."""
    return [(text(key, name), query_text(item, f"{name}[{key}]")) for key, item in mapping(value, name).items()]


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
        raise InvalidArgumentError(f"reference has {len(reference)} characters; pass 1 to {_LONGEST_REFERENCE}")
    if not reference.isprintable():
        raise InvalidArgumentError("reference holds a line break or another character that cannot be printed")
    members = dict(metadata or {})
    if members.setdefault(member, reference) != reference:
        raise InvalidArgumentError(f"reference is not the {member!r} that {name} holds; pass one of the two")
    return members


def credential(value: object, name: str) -> bytes:
    """A token passed with a call, sealed; its value is shown neither in the error nor in this frame.

    Raises:
        InvalidArgumentError: It is not a str, or cannot stand in a header.
    """
    if not isinstance(value, Secret):
        return text(value, name).encode()
    if not _fits_header(value):
        raise InvalidArgumentError(f"{name} is empty or holds a space, a line break or a character outside ASCII")
    return value.reveal().encode()


def _fits_header(secret: Secret) -> bool:
    token = secret.reveal()
    return token != "" and token.isascii() and token.isprintable() and " " not in token
