"""The base of every model: an attrs class with slots over the JSON object it came as.

Decoding writes declared fields into slots and keeps the object itself, so that a field this version does not know
survives a round trip. A slot the answer gave no value for stays empty, and reading it ends in `__getattr__` below,
which says why: the fast path pays nothing for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from copy import deepcopy
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Self, cast

from store_credit._core.codec import ExactFloat, is_array, is_object
from store_credit._core.errors import MissingFieldError
from store_credit._core.money import plain
from store_credit._core.public import public
from store_credit._core.response import Response
from store_credit._core.unset import UNSET

__all__ = ["Codec", "Model"]

READ_ERRORS: Final = (ArithmeticError, AttributeError, LookupError, OSError, TypeError, ValueError)
"""What reading an unexpected value can raise. OSError is what a time far out of range gives on some platforms."""


_DIGITS = re.compile(r"-?\d{1,18}\Z", re.ASCII)


class NotUTCError(ValueError):
    """A time in another zone: the fast path of a model leaves it to the patient one, which converts it."""


class Codec:
    """How one field is read from and written to JSON."""

    __slots__ = ("read", "secret", "write")

    def __init__(self, read: Callable[[Any], Any], write: Callable[[Any], Any], *, secret: bool = False) -> None:
        self.read = read
        self.write = write
        self.secret = secret


def as_is(value: Any) -> Any:
    """The JSON value itself."""
    return value


def read_integer(value: Any) -> int:
    """A whole number, also one written as text."""
    if isinstance(value, str) and _DIGITS.match(value):
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise ValueError("not an integer")


def read_unix_time(value: Any) -> datetime:
    """Unix seconds as an aware datetime in UTC, also written as text; ISO 8601 text is understood as well."""
    if isinstance(value, str) and not _DIGITS.match(value):
        return read_date_time(value)
    return datetime.fromtimestamp(value if isinstance(value, float) else read_integer(value), UTC)


def write_unix_time(value: datetime) -> int:
    """An aware datetime as Unix seconds."""
    return int(value.timestamp())


def read_decimal(value: Any) -> Decimal:
    """A decimal text, or a JSON number from the text it was written as."""
    if isinstance(value, float):
        return Decimal(value.text if isinstance(value, ExactFloat) else repr(value))
    if isinstance(value, str | int) and not isinstance(value, bool):
        number = Decimal(value)
        if number.is_finite():
            return number
    raise ValueError("not a decimal")


def read_date_time(value: str) -> datetime:
    """ISO 8601 text as an aware datetime in UTC."""
    moment = datetime.fromisoformat(value)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def write_date_time(value: datetime) -> str:
    """An aware datetime as ISO 8601 text with milliseconds, as Spree writes it."""
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def write_any(value: Any) -> Any:
    """A JSON value in which models may stand."""
    if isinstance(value, Model):
        return value.to_dict()
    return value


AS_IS: Final = Codec(as_is, as_is)
SECRET: Final = Codec(as_is, as_is, secret=True)
INTEGER: Final = Codec(read_integer, as_is)
UNIX_TIME: Final = Codec(read_unix_time, write_unix_time)
DATE_TIME: Final = Codec(read_date_time, write_date_time)
DECIMAL: Final = Codec(read_decimal, plain)


def nullable(codec: Codec) -> Codec:
    """A codec whose null stays None. Nothing it is used for can be the text "null", which is taken for null as well."""
    read, write = codec.read, codec.write
    return Codec(
        lambda value: None if value is None or value == "null" else read(value),
        lambda value: None if value is None else write(value),
        secret=codec.secret,
    )


def one_of(*models: type[Model]) -> Codec:
    """A codec for an object of one of several models, or a plain value such as an id in its place."""
    model = models[0]
    return Codec(lambda value: model.from_dict(value) if is_object(value) else value, write_any)


def list_of(codec: Codec) -> Codec:
    """A codec for a list of what another codec reads."""

    def read(value: Any) -> list[Any]:
        if not is_array(value):
            raise ValueError("not a list")
        return [codec.read(item) for item in value]

    return Codec(read, lambda value: [codec.write(item) for item in value])


@public
class Model:
    """A record of an answer. Attributes are typed; `to_dict()` gives back the JSON object it came as."""

    __slots__ = ("__weakref__", "_raw", "_response")

    # Without annotations at run time: a library that decodes by annotation would look for them.
    _fields = cast("dict[str, Codec]", {})
    """Every declared field by name, with how it is read and written."""
    _optional = cast("frozenset[str]", frozenset())
    """Fields an answer may leave out at any time: they read as UNSET then. Reading another absent one raises."""

    if TYPE_CHECKING:
        _raw: Any
        _response: Response | None

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Make a record from its JSON object. Unknown fields are kept, and what cannot be read stays as it came."""
        self = cls.__new__(cls)
        self._raw = data
        self._read_each(data)
        return self

    def _read_each(self, data: Any) -> None:
        """Read field by field, without giving up on one that is absent or odd."""
        source: Mapping[str, Any] = self._source(data)
        for name, codec in self._fields.items():
            if name not in source:
                if name in self._optional:
                    setattr(self, name, UNSET)
                continue
            value = source[name]
            # One odd value must not cost the caller the record, nor the list it stands in.
            with suppress(*READ_ERRORS):
                value = codec.read(value)
            setattr(self, name, value)

    @classmethod
    def _source(cls, data: Any) -> Mapping[str, Any]:
        """The object the declared fields stand in."""
        return data if is_object(data) else {}

    if not TYPE_CHECKING:  # A checker that saw this would accept any misspelt attribute.

        def __getattr__(self, name: str) -> Any:
            if name == "last_response":
                # The property's own error, an AttributeError too, has led here.
                kind = type(self).__name__
                raise MissingFieldError(f"this {kind} is not a result by itself: ask the page or the record it came in")
            if name.startswith("_"):
                raise AttributeError(name)
            return self._absent(name)

    def _absent(self, name: str) -> Any:
        """Answer for an empty slot: the value of a field newer than this version, or an error that says why."""
        source = self._source(self._json())
        if name in source and name not in self._fields:
            return source[name]
        if name in self._fields:
            raise MissingFieldError(self._why_missing(name))
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def _json(self) -> Any:
        """The JSON value this record came as, or None where it was made by hand."""
        raw = getattr(self, "_raw", None)
        if type(raw) is tuple:
            value, *steps = cast("tuple[Any, ...]", raw)
            for step in steps:
                value = value[step]
            raw = self._raw = value
        return raw

    def _why_missing(self, name: str) -> str:
        return f"{type(self).__name__}.{name} is not in this answer, though the API's document promises it"

    @property
    def last_response(self) -> Response:
        """The answer this record came in, with request id, idempotency key and headers.

        Raises:
            MissingFieldError: The record is not a result by itself: it stands inside another, was made by hand, or is
                one of a list, whose page has the answer.
        """
        # Where it is not set, _absent() says why.
        return cast("Response", self._response)

    @property
    def request_id(self) -> str | None:
        """The server's id of the request that this record answers; None where it is no result by itself."""
        response: Response | None = getattr(self, "_response", None)
        return None if response is None else response.request_id

    @property
    def idempotency_key(self) -> str | None:
        """The key the request was sent with, yours or the automatic one; None where there was none."""
        response: Response | None = getattr(self, "_response", None)
        return None if response is None else response.idempotency_key

    def to_dict(self) -> dict[str, Any]:
        """Return the record as the JSON object it came as, with any attribute you changed since in its place."""
        raw = self._json()
        result: Any = {} if raw is None else deepcopy(raw)
        if not is_object(result):
            # Something that is no record stood in a record's place: it is given back as it came.
            return result
        self._write_changes(result, self._source(result))
        return result

    def _write_changes(self, result: dict[str, Any], target: Any) -> None:
        del result
        for name, codec in self._fields.items():
            try:
                value = object.__getattribute__(self, name)
            except AttributeError:
                continue
            if value is UNSET:
                target.pop(name, None)
            elif name not in target or not _same(codec, target[name], value):
                target[name] = _written(codec, value)

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self.to_dict() == other.to_dict()

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        shown: list[str] = []
        for name, codec in self._fields.items():
            try:
                value = object.__getattribute__(self, name)
            except AttributeError:
                continue
            if value is not UNSET:
                shown.append(f"{name}={'***' if codec.secret and value is not None else repr(value)}")
        return f"{type(self).__name__}({', '.join(shown)})"

    def __getstate__(self) -> dict[str, Any]:
        # Of a page's record its own JSON goes along, not the whole page.
        self._json()
        state: dict[str, Any] = {}
        for name in (*self._slots(), "_raw", "_response"):
            try:
                state[name] = object.__getattribute__(self, name)
            except AttributeError:
                continue
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        for name, value in state.items():
            setattr(self, name, value)

    def _slots(self) -> tuple[str, ...]:
        return tuple(self._fields)


def _same(codec: Codec, wire: Any, value: Any) -> bool:
    try:
        return bool(codec.read(wire) == value)
    except READ_ERRORS:
        return bool(wire == value)


def _written(codec: Codec, value: Any) -> Any:
    try:
        return deepcopy(codec.write(value))
    except READ_ERRORS:
        return deepcopy(value)
