"""JSON:API documents: resources whose relationships lead to the included records by name.

Source: JSON:API 1.0, and the member order and types recorded from Spree (contract, section 3).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self, TypeVar, cast

from attrs import define, field

from store_credit._core.codec import is_array, is_object
from store_credit._core.errors import MissingFieldError
from store_credit._core.model import Model

__all__ = ["Document", "Resource"]


R = TypeVar("R", bound="Resource")


class Document:
    """One answer: what its relationships can lead to.

    Attributes:
        body: The whole JSON document.
        types: The model of each JSON:API `type` that can appear in this API.
    """

    __slots__ = ("_found", "_wire", "body", "types")

    def __init__(self, body: Mapping[str, Any], types: Mapping[str, type[Resource]]) -> None:
        self.body = body
        self.types = types
        self._found: dict[tuple[str, Any], Resource] = {}
        self._wire: dict[tuple[str, Any], Mapping[str, Any]] | None = None

    def primary(self, model: type[R], data: Mapping[str, Any]) -> R:
        """Make the record of a resource object under `data`, which relationships may lead back to."""
        record = model.from_resource(data, self)
        if is_object(data) and (key := _key(data)) is not None:
            self._found[key] = record
        return record

    def find(self, reference: Any) -> Any:
        """Follow a resource identifier: to the included record, or to one of which only id and type are known.

        What is no identifier is given back as it came.
        """
        if not is_object(reference) or (key := _key(reference)) is None:
            return reference
        found = self._found.get(key)
        if found is None:
            if self._wire is None:
                self._wire = self._index()
            data = self._wire.get(key)
            kind = self.types.get(key[0], Resource)
            found = kind.reference(reference, self) if data is None else kind.from_resource(data, self)
            self._found[key] = found
        return found

    def _index(self) -> dict[tuple[str, Any], Mapping[str, Any]]:
        body = self.body
        data = body.get("data")
        records: list[Any] = list(data) if is_array(data) else [data]
        included = body.get("included")
        if is_array(included):
            records += included
        return {key: record for record in records if is_object(record) and (key := _key(record)) is not None}

    @property
    def included(self) -> list[Resource]:
        """Every included record, in the order of the answer."""
        records = self.body.get("included")
        return [self.find(record) for record in records if is_object(record)] if is_array(records) else []


def _key(record: dict[str, Any]) -> tuple[str, Any] | None:
    kind, name = record.get("type"), record.get("id")
    return (kind, name) if isinstance(kind, str) and isinstance(name, str | int) else None


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

    @classmethod
    def from_resource(cls, data: Mapping[str, Any], document: Document | None = None) -> Self:
        """Make a record from its resource object; `document` is what its relationships lead to."""
        self = cls.__new__(cls)
        self._raw = data
        self._document = document
        self._read_each(data)
        return self

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
    def _types(cls) -> Mapping[str, type[Resource]]:
        return {}

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
            linkage = self._raw["relationships"][name]["data"]
        except (KeyError, TypeError):
            raise MissingFieldError(self._why_missing(name)) from None
        document = self._document
        if document is None:
            document = self._document = Document({"data": self._raw}, self._types())
        related: Any
        related = [document.find(one) for one in linkage] if is_array(linkage) else document.find(linkage)
        setattr(self, name, related)
        return related

    def _why_missing(self, name: str) -> str:
        label = f"{type(self).__name__}.{name}"
        raw = self._raw if is_object(self._raw) else {}
        if "attributes" not in raw and "relationships" not in raw:
            return (
                f"{label} is not known: this answer holds only the record's id and type. "
                f"Ask for the record itself, or name the relationship in include="
            )
        return f"{label} was left out of this answer. Add {name!r} to fields={{{self.type!r}: ...}}, or drop fields"

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
