"""JSON:API documents: resources whose relationships lead to the included records by name.

Source: JSON:API 1.0, and the member order and types recorded from Spree (contract, section 3).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Self, TypeVar, cast

from attrs import define, field

from store_credit._core.codec import is_array, is_object
from store_credit._core.errors import MissingFieldError
from store_credit._core.model import Model
from store_credit._core.public import public

__all__ = ["Document", "Resource", "Types"]


R = TypeVar("R", bound="Resource")

_new = object.__new__


class Document:
    """One answer: what its relationships can lead to.

    Attributes:
        body: The whole JSON document.
        types: The model of each JSON:API `type` that can appear in this API.
        kind: The type of the records under `data`, for a body that is given without them.
        known: The records made so far, by type, then by id.
        primary: The records under `data`, which relationships may lead back to.
        bare: Nothing is included, so that relationships lead to records of which only id and type are known.
    """

    __slots__ = ("_kind", "_wire", "bare", "body", "known", "primary", "types")

    def __init__(self, body: Mapping[str, Any], types: Types, kind: str | None = None) -> None:
        self.body = body
        self.types = types
        self.bare = "included" not in body
        data = body.get("data")
        first = data[0] if is_array(data) and data else data
        self._kind = first.get("type") if is_object(first) else kind
        self.primary: list[Resource] = []
        self.known: defaultdict[str, dict[Any, Any]] = defaultdict(dict)
        self._wire: dict[tuple[str, Any], Mapping[str, Any]] | None = None

    def find(self, reference: Any) -> Any:
        """Follow a resource identifier: to the included record, or to one of which only id and type are known.

        What is no identifier is given back as it came.
        """
        key = _key(reference)
        if key is None:
            return reference
        if self._wire is None:
            self._wire = self._index()
        found = self.known[key[0]].get(key[1])
        if found is None:
            data = self._wire.get(key)
            kind = self.types[key[0]]
            found = kind.reference(reference, self) if data is None else kind.from_resource(data, self)
            self.known[key[0]][key[1]] = found
        return found

    def refer(self, reference: dict[str, Any]) -> Any:
        """Follow a resource identifier of a bare document, without a look at what is not there.

        Raises:
            KeyError, TypeError: It is no identifier.
            ValueError: It may lead to a record under `data`.
        """
        kind, name = reference["type"], reference["id"]
        if kind == self._kind:
            # It may lead to a record of this very list, most of which are not made yet: left for when it is read.
            raise ValueError("a relationship within the list")
        record = self.known[kind][name] = _new(self.types[kind])
        record._raw = reference  # pyright: ignore[reportPrivateUsage]
        record._document = self  # pyright: ignore[reportPrivateUsage]
        record.id = name
        record.type = kind
        return record

    def refer_struct(self, reference: Any, raw: tuple[Any, ...], name: str, *place: int) -> Any:
        """Follow a resource identifier that was read as a struct of a bare document.

        Args:
            reference: The identifier.
            raw: Where the JSON object of the record that refers is found again.
            name: Its relationship.
            place: Where in a relationship to several.

        Raises:
            ValueError: It may lead to another record of this page.
        """
        kind = reference.type
        if kind == self._kind:
            raise ValueError("a relationship within the list")
        record = self.known[kind][reference.id] = _new(self.types[kind])
        record._raw = (*raw, "relationships", name, "data", *place)  # pyright: ignore[reportPrivateUsage]
        record._document = self  # pyright: ignore[reportPrivateUsage]
        record.id = reference.id
        record.type = kind
        return record

    def _index(self) -> dict[tuple[str, Any], Mapping[str, Any]]:
        for record in self.primary:
            key = _key(record._json())  # pyright: ignore[reportPrivateUsage]
            if key is not None:
                self.known[key[0]][key[1]] = record
        included = self.body.get("included")
        records: list[Any] = included if is_array(included) else []
        return {key: record for record in records if (key := _key(record)) is not None}

    @property
    def included(self) -> list[Resource]:
        """Every included record, in the order of the answer."""
        records = self.body.get("included")
        return [self.find(record) for record in records if is_object(record)] if is_array(records) else []


def _unknown(name: str) -> type[Resource]:
    raise KeyError(name)


class Types(dict[str, "type[Resource]"]):
    """The model of each JSON:API `type` that one kind of document can hold, imported when it is first met.

    A type that is not known is read as a plain Resource.

    Args:
        names: The model's name for each type.
        load: Gives a model by its name.
    """

    __slots__ = ("_load", "_names")

    def __init__(self, names: dict[str, str], load: Callable[[str], type[Resource]]) -> None:
        super().__init__()
        self._names = names
        self._load = load

    def __missing__(self, kind: str) -> type[Resource]:
        name = self._names.get(kind)
        if name is None:
            return Resource
        self[kind] = found = self._load(name)
        return found

    def __reduce__(self) -> tuple[Any, ...]:
        return Types, (self._names, self._load)


def _key(record: Any) -> tuple[str, Any] | None:
    if not is_object(record):
        return None
    kind, name = record.get("type"), record.get("id")
    return (kind, name) if isinstance(kind, str) and isinstance(name, str | int) else None


@public
@define(eq=False, repr=False, kw_only=True, getstate_setstate=False, weakref_slot=False)
class Resource(Model):
    """A JSON:API resource: attributes and related records are read by name.

    A related record that was not included knows only its `id` and `type`; reading more of it raises MissingFieldError.
    A resource of a type this version does not know has its attributes in `to_dict()`.
    """

    id: str
    """Id of the record, unique among those of its type."""
    type: str
    """JSON:API type of the record."""
    _document: Document | None = field(default=None, init=False)

    _relationships: ClassVar[tuple[str, ...]] = ()
    """Names of the relationships. They are followed when first read: most are not."""
    _linked: ClassVar[dict[str, bool]] = {}
    """Those that every full answer has, with whether they lead to several records; filled in for listed resources."""

    @classmethod
    def from_resource(cls, data: Mapping[str, Any], document: Document | None = None) -> Self:
        """Make a record from its resource object; `document` is what its relationships lead to."""
        self = cls.__new__(cls)
        self._raw = data
        self._document = document
        self._read_each(data)
        return self

    @classmethod
    def from_struct(cls, data: Any, raw: tuple[Any, ...], document: Document) -> Self:
        """Make a record as `from_resource` does, from a struct of a page on which nothing is included.

        Raises:
            LookupError: This resource is not listed, so that there is no quick way to read it.
        """
        del data, raw, document
        raise LookupError(cls.__name__)

    @classmethod
    def reference(cls, identifier: Mapping[str, Any], document: Document) -> Self:
        """Make a record of which only id and type are known."""
        self = cls.__new__(cls)
        self._raw = identifier
        self._document = document
        self.id = cast("str", identifier.get("id"))
        self.type = cast("str", identifier.get("type"))
        return self

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Make a record from a resource object, or from a whole document with `data` and perhaps `included`."""
        inner = data.get("data")
        if is_object(inner) and "attributes" not in data:
            return cls.from_resource(inner, Document(data, cls._types()))
        return cls.from_resource(data)

    @classmethod
    def _types(cls) -> Types:
        return Types({}, _unknown)

    @property
    def included(self) -> list[Resource]:
        """Every record included in the answer this one came in."""
        return [] if self._document is None else self._document.included

    def _read_each(self, data: Any) -> None:
        if is_object(data):
            for name in ("id", "type"):
                if name in data:
                    setattr(self, name, data[name])
        super()._read_each(data)

    @classmethod
    def _source(cls, data: Any) -> Mapping[str, Any]:
        attributes = data.get("attributes") if is_object(data) else None
        return attributes if is_object(attributes) else {}

    def _absent(self, name: str) -> Any:
        if name not in self._relationships:
            return super()._absent(name)
        try:
            linkage = self._json()["relationships"][name]["data"]
        except (KeyError, TypeError):
            raise MissingFieldError(self._why_missing(name)) from None
        document = self._document
        if document is None:
            document = self._document = Document({"data": self._json()}, self._types())
        related: Any
        related = [document.find(one) for one in linkage] if is_array(linkage) else document.find(linkage)
        setattr(self, name, related)
        return related

    def _why_missing(self, name: str) -> str:
        label = f"{type(self).__name__}.{name}"
        json = self._json()
        raw = json if is_object(json) else {}
        if "attributes" not in raw and "relationships" not in raw:
            return (
                f"{label} is not known: this answer holds only the record's id and type. "
                f"Ask for the record itself, or name the relationship in include="
            )
        kind = getattr(self, "type", "...")
        return f"{label} was left out of this answer. Add {name!r} to fields={{{kind!r}: ...}}, or drop fields"

    def _write_changes(self, result: dict[str, Any], target: Any) -> None:
        for name in ("id", "type"):
            value = getattr(self, name, None)
            if value is not None and result.get(name) != value:
                result[name] = value
        if target is not result.get("attributes"):
            target = {}
        super()._write_changes(result, target)
        if target and "attributes" not in result:
            result["attributes"] = target

    def __repr__(self) -> str:
        inner = super().__repr__()
        start = len(type(self).__name__) + 1
        separator = ", " if inner[start:-1] else ""
        return f"{type(self).__name__}(id={getattr(self, 'id', None)!r}{separator}{inner[start:]}"

    def _slots(self) -> tuple[str, ...]:
        return (*self._fields, *self._relationships, "id", "type", "_document")
