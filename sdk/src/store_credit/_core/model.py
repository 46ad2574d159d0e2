"""The base of every model: an attrs class with slots over the JSON object it came as.

The JSON object is kept, so that a member this version does not know survives a round trip. A field is read from it by
its codec, at the latest when the attribute is first asked for: until then its slot is empty, and Python calls
`__getattr__` below. The generated `_decode` fills the slots of a complete record at once, by the same codecs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from copy import copy
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self, cast

from attrs import define, field, setters

from store_credit._core import codec as json_codec
from store_credit._core.attributes import AttrsName, Related, converted, prepare
from store_credit._core.errors import MissingFieldError
from store_credit._core.fields import READ_ERRORS, Codec
from store_credit._core.json_values import copied, described, equal, is_object
from store_credit._core.public import public
from store_credit._core.response import Response
from store_credit._core.unset import UNSET

__all__ = ["ABSENT", "Model", "new"]

new: Final = object.__new__

ABSENT: Final = object()
"""In place of a member that a JSON object does not have."""


class _Unknown(dict[str, Any]):
    """The `additional_properties` that `attrs.evolve` hands to the new record, with the record they are from."""

    __slots__ = ("record",)
    record: Model


class _Slots:
    """What a record has besides its attributes. Not attributes of attrs: those go into `attrs.asdict`."""

    __slots__ = ("__weakref__", "_document", "_raw", "_related", "_response")

    if TYPE_CHECKING:
        _document: Any
        _raw: dict[str, Any]
        _related: dict[str, Any] | None
        _response: Response | None


@public
@define(
    eq=False,
    repr=False,
    kw_only=True,
    getstate_setstate=False,
    weakref_slot=False,
    on_setattr=setters.NO_OP,
    field_transformer=prepare,
)
class Model(_Slots):
    """A record in a response. Its attributes are typed; `to_dict()` returns the JSON object that it was read from.

    Two records are equal if they have the same class and equal JSON. The hash depends only on type and id, so it stays
    the same when another attribute changes.
    """

    additional_properties: Mapping[str, Any] = field(factory=dict[str, Any])
    """A copy of the members that this version has no attribute for, by name. They can also be read as attributes."""

    _fields: ClassVar[dict[str, Codec]] = {}
    """Every declared field by name, with how it is read and written."""
    _optional: ClassVar[frozenset[str]] = frozenset()
    """Fields a response may leave out at any time: they read as UNSET then. Reading another absent one raises."""
    _sparse: ClassVar[frozenset[str]] = frozenset()
    """Fields that a response holds unless it was asked for less."""
    _wire: ClassVar[dict[str, str]] = {}
    """The JSON member of each field whose own name cannot be an attribute's."""

    _is_resource: ClassVar[bool] = False
    """Whether the record is a JSON:API resource, whose fields are members of its `attributes`."""

    if TYPE_CHECKING:
        __attrs_attrs__: ClassVar[Any]

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Create a record from its JSON object. Unknown members are kept. The record shares no data with your object.

        Raises:
            TypeError: The argument is not a JSON object.
            ValueError: The object contains itself.
        """
        if not isinstance(data, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(f"a {cls.__name__} must be created from a JSON object, not from {described(data)}")
        return cls._decode(copied(data))

    @classmethod
    def _decode(cls, data: Any, strict: bool = False, document: Any = None) -> Self:
        """Make a record over its JSON value, which is not copied.

        Args:
            data: The JSON object.
            strict: Refuse a record whose money, id or currency is not valid, rather than when they are asked for.
            document: What a JSON:API record's relationships lead to.

        Raises:
            ValueError: The record is not valid, where `strict`.
        """
        del document
        self = new(cls)
        self._raw = data
        if strict:
            self._validate()
        return self

    def _validate(self) -> None:
        """Check what must be right of a record that an operation returns.

        Raises:
            ValueError: The first member that is not valid, with its name.
        """
        if not is_object(self._raw):
            raise ValueError(f"a {type(self).__name__} is {described(self._raw)}, not an object")
        for name, codec in self._fields.items():
            if codec.strict:
                value = self._member(name)
                if value is ABSENT:
                    if self._is_required(name):
                        raise ValueError(f"{type(self).__name__}.{name} is missing")
                    continue
                try:
                    codec.read(value)
                except READ_ERRORS:
                    raise ValueError(self._why_invalid(name, value)) from None

    def _is_required(self, name: str) -> bool:
        # Of those that are always there, `fields` may have asked for less.
        return name not in self._optional and name not in self._sparse

    def _source(self) -> Mapping[str, Any]:
        """The object the declared fields are members of."""
        return self._raw

    def _member(self, name: str) -> Any:
        return self._source().get(self._wire.get(name, name), ABSENT)

    if not TYPE_CHECKING:  # A checker that saw this would accept any misspelt attribute.

        def __getattr__(self, name: str) -> Any:
            if name not in self._fields:
                return self._undeclared(name)
            if type(name) is AttrsName and self._member(name) is ABSENT:
                return UNSET
            value = self._read(name)
            setattr(self, name, value)
            return value

    def _read(self, name: str) -> Any:
        """Read one field. An odd value must not cost the caller the record; what is not money is not given as money."""
        value, codec = self._member(name), self._fields[name]
        if value is ABSENT:
            if name in self._optional:
                return UNSET
            raise MissingFieldError(self._why_missing(name))
        try:
            return codec.read(value)
        except READ_ERRORS:
            if codec.strict:
                raise MissingFieldError(self._why_invalid(name, value)) from None
            return value

    def _undeclared(self, name: str) -> Any:
        kind = type(self).__name__
        if name == "last_response":
            # The property's own error, an AttributeError too, has led here.
            raise MissingFieldError(
                f"this {kind} has no response of its own; use the page or the record that contains it"
            )
        if name == "additional_properties":
            return self._unknown(handed_on=type(name) is AttrsName)
        if not name.startswith("_") and name in self._source():
            return self._source()[name]
        raise AttributeError(f"{kind!r} object has no attribute {name!r}")

    def _unknown(self, *, handed_on: bool) -> dict[str, Any]:
        known = self._known()
        members = copied({key: value for key, value in self._source().items() if key not in known})
        if not handed_on:
            return members
        unknown = _Unknown(members)
        unknown.record = self
        return unknown

    def _known(self) -> set[str]:
        return {self._wire.get(name, name) for name in self._fields}

    def _why_missing(self, name: str) -> str:
        why = (
            "`fields` left it out"
            if name in self._sparse
            else "although the OpenAPI document says that it is always sent"
        )
        return f"{type(self).__name__}.{name} is not in this response, {why}"

    def _why_invalid(self, name: str, value: Any) -> str:
        return f"{type(self).__name__}.{name} is {described(value)}, not {self._fields[name].wanted}"

    def __attrs_post_init__(self) -> None:
        given = self.additional_properties
        # Read from the JSON object again when they are asked for.
        del self.additional_properties
        record = given.record if type(given) is _Unknown else None
        self._made_from(record)
        self._raw = self._enclosed(copied(given)) if record is None else record.to_dict()
        for name, value in self._assigned():
            if value is UNSET and self._member(name) is ABSENT:
                # Absent where it was taken from: asked for, it says so again.
                delattr(self, name)

    def _made_from(self, record: Model | None) -> None:
        """Take over from another record what is not in its JSON object."""

    def _enclosed(self, unknown: dict[str, Any]) -> dict[str, Any]:
        """Put unknown members where they are in this record's JSON object."""
        return unknown

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        """Say to pydantic how a record is validated and written."""
        from store_credit._core.pydantic_support import core_schema

        return core_schema(cls)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> dict[str, Any]:
        """Say to pydantic, and so to FastAPI, what a record is in JSON."""
        from store_credit._core.pydantic_support import json_schema

        return json_schema(cls)

    @property
    def last_response(self) -> Response:
        """The response that this record came in, with request id, idempotency key and headers.

        Raises:
            MissingFieldError: The record is not a result by itself: it is part of another, was made by hand, or is one
                of a list, whose page has the response.
        """
        # Where it is not set, _undeclared() says why.
        return cast("Response", self._response)

    @property
    def request_id(self) -> str | None:
        """The server's id of the request that returned this record; None if the record is only part of the result."""
        response: Response | None = getattr(self, "_response", None)
        return None if response is None else response.request_id

    @property
    def idempotency_key(self) -> str | None:
        """The key that the request was sent with, either yours or the automatic one; None if there was none."""
        response: Response | None = getattr(self, "_response", None)
        return None if response is None else response.idempotency_key

    def _json(self) -> dict[str, Any]:
        """The JSON object this record came as: for a JSON:API record its resource object. It is not a copy."""
        return self._raw

    def to_dict(self) -> dict[str, Any]:
        """Return the record as the JSON object that it was read from, with any attributes that you have changed.

        The result is a copy: changing it does not change the record.
        """
        result: dict[str, Any] = copied(self._raw)
        with suppress(AttributeError):
            unknown = object.__getattribute__(self, "additional_properties")
            place = self._place(result, "additional_properties")
            for member in place.keys() - self._known():
                del place[member]
            place.update(copied(unknown))
        for name, value in self._assigned():
            if not self._differs(name, value):
                continue
            member = self._wire.get(name, name)
            if value is UNSET:
                self._place(result, name).pop(member, None)
                continue
            try:
                written = self._fields[name].write(value)
            except READ_ERRORS:
                written = value
            self._place(result, name)[member] = copied(written)
        return result

    def _place(self, result: dict[str, Any], name: str) -> dict[str, Any]:
        """Give the object within the record's JSON object that a field is a member of."""
        del name
        return result

    def to_json(self) -> str:
        """Return `to_dict()` as JSON text, in which every number keeps its original digits.

        Raises:
            TypeError: An attribute was set to a value that JSON cannot represent.
        """
        return json_codec.encode(self.to_dict())

    def replace(self, **changes: Any) -> Self:
        """Return a copy with some attributes changed; unknown members are kept. The copy has no `last_response`.

        Raises:
            TypeError: The record has no such attribute.
            ValueError: An amount, id or currency is not valid.
        """
        other = copy(self)
        with suppress(AttributeError):
            del other._response
        for name, value in changes.items():
            codec = self._fields.get(name)
            if codec is not None:
                setattr(other, name, converted(f"{type(self).__name__}.{name}", codec, value))
            elif name == "additional_properties" or isinstance(getattr(type(self), name, None), Related):
                setattr(other, name, value)
            else:
                raise TypeError(f"a {type(self).__name__} has no attribute {name!r}")
        return other

    def _assigned(self) -> Iterator[tuple[str, Any]]:
        """The fields whose slots are filled: read before, or set."""
        for name in self._fields:
            try:
                yield name, object.__getattribute__(self, name)
            except AttributeError:
                continue

    def _differs(self, name: str, value: Any) -> bool:
        """Whether an attribute is no longer what was read."""
        member = self._member(name)
        if member is ABSENT or value is UNSET:
            return member is not ABSENT or value is not UNSET
        try:
            return bool(self._fields[name].read(member) != value)
        except READ_ERRORS:
            return not equal(member, value)

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return equal(self.to_dict(), other.to_dict())

    def __hash__(self) -> int:
        return hash((self._kind(), getattr(self, "id", None)))

    def _kind(self) -> str:
        return type(self).__name__

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(self._shown())})"

    def _shown(self) -> Iterator[str]:
        for name, codec in self._fields.items():
            try:
                value = getattr(self, name)
            except MissingFieldError:
                value = self._member(name)
                if value is not ABSENT:
                    yield f"{name}=<{described(value)}>"
                continue
            if value is not UNSET:
                try:
                    yield f"{name}={'***' if codec.secret and value is not None else repr(value)}"
                except RecursionError:
                    yield f"{name}=..."

    def _beside_json(self) -> Iterator[tuple[str, Any]]:
        """What a copy needs besides the JSON object."""
        for name, value in self._assigned():
            if self._differs(name, value):
                yield name, value
        for name in ("_document", "_related", "_response", "additional_properties"):
            with suppress(AttributeError):
                yield name, object.__getattribute__(self, name)

    def __copy__(self) -> Self:
        other = new(type(self))
        other._raw = copied(self._raw)
        for name, value in self._beside_json():
            setattr(other, name, value)
        return other

    def __getstate__(self) -> dict[str, Any]:
        # The JSON object as text, which has no depth at which pickle or deepcopy would give up.
        return {"_raw": json_codec.encode(self._raw), **dict(self._beside_json())}

    def __setstate__(self, state: dict[str, Any]) -> None:
        for name, value in state.items():
            setattr(self, name, json_codec.decode(value.encode()) if name == "_raw" else value)
