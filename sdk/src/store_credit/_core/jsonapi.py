"""JSON:API documents: resources whose relationships lead to the included records by name.

Source: JSON:API 1.0, and the member order and types recorded from Spree (contract, section 3).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar, Self, cast

from attrs import define, setters

from store_credit._core import codec as json_codec
from store_credit._core.attributes import Related, prepare
from store_credit._core.errors import MissingFieldError
from store_credit._core.fields import ID, Codec
from store_credit._core.json_values import copied, described, is_array, is_object
from store_credit._core.model import ABSENT, Model, new
from store_credit._core.public import public

__all__ = ["Document", "Resource", "Types"]

_IDENTIFIER = ("id", "type")
"""Fields that are members of the resource object itself, beside its attributes."""


class Document:
    """What the relationships of one response's records can lead to.

    Attributes:
        types: The model of each JSON:API `type` that can appear in this API.
        primary: The records under `data`, which relationships may lead back to.
    """

    __slots__ = ("_included", "_index", "_known", "primary", "types")

    def __init__(self, included: Any, types: Types) -> None:
        self.types = types
        self.primary: list[Resource] = []
        self._included: list[Any] = included if is_array(included) else []
        # The included objects by type and id, once a relationship leads out of the records under `data`.
        self._index: dict[tuple[str, Any], dict[str, Any]] | None = None
        # The records made so far, by type, then by id.
        self._known: defaultdict[str, dict[Any, Resource]] = defaultdict(dict)

    def find(self, reference: Any) -> Any:
        """Follow a resource identifier: to the included record, or to one of which only id and type are known.

        What is not an identifier is given back as it came.
        """
        try:
            kind, name = reference["type"], reference["id"]
            found = self._known[kind].get(name)
        except (LookupError, TypeError):
            return reference
        return self._meet(kind, name, reference) if found is None else found

    def _meet(self, kind: Any, name: Any, reference: Any) -> Any:
        if not isinstance(kind, str) or not isinstance(name, str | int):
            return reference
        if self._index is None:
            self._index = {key: one for one in self._included if (key := _key(one)) is not None}
            for record in self.primary:
                if (key := _key(record._raw)) is not None:  # pyright: ignore[reportPrivateUsage]
                    self._known[key[0]][key[1]] = record
            if name in self._known[kind]:
                return self._known[kind][name]
        data = self._index.get((kind, name))
        if data is None and (other := self._other_type(self._index, kind, name)) is not None:
            found = self._known[kind][name] = self.find({"type": other, "id": name})
            return found
        found = self._known[kind][name] = self.types[kind]._related_record(kind, name, reference, data, self)  # pyright: ignore[reportPrivateUsage]
        return found

    def _other_type(self, index: Mapping[tuple[str, Any], Any], kind: str, name: Any) -> str | None:
        """Another type of the same model, where it is the one under which the server included what is meant.

        Everything that is included is referred to (JSON:API 1.0, "full linkage"): what no relationship leads to by its
        own type is meant by the one that has another word for it. One that is referred to may be somebody else.
        """
        for other in self.types.alike(kind):
            if (other, name) in index and not any(_leads_to(one, (other, name)) for one in self._everything()):
                return other
        return None

    def _everything(self) -> Iterator[Any]:
        yield from (one._raw for one in self.primary)  # pyright: ignore[reportPrivateUsage]
        yield from self._included

    @property
    def included(self) -> list[Resource]:
        """Every included record, in the order of the response."""
        return [
            Resource._decode(one, document=self) if _key(one) is None else self.find(one)  # pyright: ignore[reportPrivateUsage]
            for one in self._included
            if is_object(one)
        ]

    def __getstate__(self) -> dict[str, Any]:
        # As text, for what is too deep to be pickled as objects; see Model.
        return {
            "types": self.types,
            "primary": self.primary,
            "_included": json_codec.encode(self._included),
            "_index": None,
            "_known": self._known,
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        for name, value in state.items():
            setattr(self, name, json_codec.decode(value.encode()) if name == "_included" else value)


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

    def alike(self, kind: str) -> list[str]:
        """The other types of the model that a type has: a server may write one for the other."""
        model = self._names.get(kind)
        return [other for other, name in self._names.items() if name == model and other != kind]

    def __reduce__(self) -> tuple[Any, ...]:
        return Types, (self._names, self._load)


def _no_model(name: str) -> type[Resource]:
    raise KeyError(name)


def _key(record: Any) -> tuple[str, Any] | None:
    """Type and id of a resource or resource identifier; None for anything else."""
    if not is_object(record):
        return None
    kind, name = record.get("type"), record.get("id")
    return (kind, name) if isinstance(kind, str) and isinstance(name, str | int) else None


def _leads_to(record: Any, key: tuple[str, Any]) -> bool:
    """Whether a relationship of a resource refers to the one with this type and id."""
    relationships = record.get("relationships") if is_object(record) else None
    for relationship in relationships.values() if is_object(relationships) else ():
        linkage = relationship.get("data") if is_object(relationship) else None
        if any(_key(one) == key for one in (linkage if is_array(linkage) else [linkage])):
            return True
    return False


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
class Resource(Model):
    """A JSON:API resource, whose attributes and related records are read by name.

    A related record that was not included has only its `id` and `type`; reading anything else raises MissingFieldError.
    Reading an amount, id or currency that is not valid, in an included record, raises it as well. If this version
    does not know a resource's type, `to_dict()` contains its attributes.
    """

    id: str
    """Id of the record, unique among those of its type."""
    type: str
    """JSON:API type of the record."""

    _fields: ClassVar[dict[str, Codec]] = {"id": ID, "type": ID}
    _is_resource: ClassVar[bool] = True

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Create a record from a resource object, or from a whole document with `data` and, optionally, `included`.

        Raises:
            TypeError: The argument is not a JSON object.
            ValueError: The object contains itself.
        """
        if not isinstance(data, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(f"a {cls.__name__} must be created from a JSON object, not from {described(data)}")
        body: dict[str, Any] = copied(data)
        inner = body.get("data")
        if not is_object(inner) or "attributes" in body:
            return cls._decode(body)
        document = Document(body.get("included"), cls._types())
        record = cls._decode(inner, document=document)
        document.primary.append(record)
        return record

    @classmethod
    def _decode(cls, data: Any, strict: bool = False, document: Document | None = None) -> Self:
        self = super()._decode(data, strict)
        self._document = document
        self._related = None
        return self

    @classmethod
    def _related_record(cls, kind: str, name: Any, identifier: Any, data: Any, document: Document) -> Self:
        """Make the record of a resource identifier: of its included object, or of id and type where there is none."""
        if data is not None:
            # Leniently: what is included may be of another serializer, which real servers mix up in their cache.
            return cls._decode(data, document=document)
        self = new(cls)
        self._raw = identifier
        self._document = document
        self._related = None
        self.type = kind
        if type(name) is str and name:
            self.id = name
        return self

    @classmethod
    def _types(cls) -> Types:
        return Types({}, _no_model)

    def _made_from(self, record: Model | None) -> None:
        self._document = None if record is None else record._document
        self._related = None

    def _alone(self) -> Document:
        """The document of a record that came without one."""
        self._document = document = Document(None, self._types())
        document.primary.append(self)
        return document

    @property
    def included(self) -> list[Resource]:
        """Every record that is included in the same response as this record."""
        return [] if self._document is None else self._document.included

    def _validate(self) -> None:
        super()._validate()
        attributes = self._raw.get("attributes", {})
        if not is_object(attributes):
            raise ValueError(f"{type(self).__name__}.attributes is {described(attributes)}, not an object")

    def _is_required(self, name: str) -> bool:
        # Of the attributes, `fields` may have asked for less.
        return name in _IDENTIFIER

    def _source(self) -> Mapping[str, Any]:
        attributes = self._raw.get("attributes")
        return attributes if is_object(attributes) else {}

    def _member(self, name: str) -> Any:
        return self._raw.get(name, ABSENT) if name in _IDENTIFIER else super()._member(name)

    def _place(self, result: dict[str, Any], name: str) -> dict[str, Any]:
        if name in _IDENTIFIER:
            return result
        if not is_object(result.get("attributes")):
            result["attributes"] = {}
        return cast("dict[str, Any]", result["attributes"])

    def _enclosed(self, unknown: dict[str, Any]) -> dict[str, Any]:
        return {"attributes": unknown} if unknown else {}

    def _undeclared(self, name: str) -> Any:
        if isinstance(getattr(type(self), name, None), Related):
            raise MissingFieldError(self._why_missing(name))
        return super()._undeclared(name)

    def _why_missing(self, name: str) -> str:
        label = f"{type(self).__name__}.{name}"
        if name in _IDENTIFIER:
            return f"{label} is not in this response, though every JSON:API resource has one"
        if "attributes" not in self._raw and "relationships" not in self._raw:
            return (
                f"{label} is not known: this response contains only the record's id and type. Retrieve the record "
                "itself, or name the relationship in include="
            )
        kind = getattr(self, "type", "...")
        return f"{label} was left out of this response. Add {name!r} to fields={{{kind!r}: ...}}, or drop fields"

    def _kind(self) -> str:
        return str(getattr(self, "type", None))

    def _shown(self) -> Iterator[str]:
        return (one for one in super()._shown() if not one.startswith("type="))
