"""What a value of a response is in Python: its annotation, and the codec that reads and writes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol, cast

from openapi_python_client.parser.properties import ModelProperty
from openapi_python_client.parser.properties.any import AnyProperty
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.protocol import PropertyProtocol

from store_credit_tools.generate.errors import GenerationError
from store_credit_tools.generate.formatting import quoted
from store_credit_tools.generate.parsed import Parsed, is_nullable, json_types, options, text
from store_credit_tools.generate.places import pointer, steps

__all__ = ["Kind", "KindReader"]


class Kind(NamedTuple):
    """A value that is not null.

    `codec` is the expression of `_core.fields` and `_core.nested` that reads it, `models` are the classes that it
    names, and `later` those that the annotation alone names, since they lead back to it.
    """

    annotation: str
    codec: str = "AS_IS"
    models: frozenset[str] = frozenset()
    later: frozenset[str] = frozenset()


_FORMATS = {
    "unix-time": (Kind("datetime", "UNIX_TIME"), {"int"}),
    "date-time": (Kind("datetime", "DATE_TIME"), {"str"}),
    "date": (Kind("date", "DATE"), {"str"}),
    "decimal": (Kind("Decimal", "DECIMAL"), {"str", "float", "int"}),
    "password": (Kind("str", "SECRET"), {"str"}),
}
"""Formats that are read as more than their JSON type, and of which types; every other is a note to the reader."""


class Models(Protocol):
    """Makes the models of classes."""

    def is_open(self, name: str) -> bool:
        """Whether the model of a class is being made just now: what leads to it leads back."""
        ...

    def add(self, name: str) -> object:
        """Make the model of a class, unless it is there."""
        ...


class KindReader:
    """Finds what values are. `models`: makes the model of each class that is met."""

    def __init__(self, parsed: Parsed, models: Models) -> None:
        self._parsed = parsed
        self._models = models
        self._open_maps: list[str] = []

    def read(self, where: str, parsed: PropertyProtocol, *, literal: bool = True) -> Kind:
        """What a value is.

        Args:
            where: The property, for messages.
            parsed: What the tool made of its schema.
            literal: A constant is annotated as such.

        Raises:
            GenerationError: It may be one of several objects, and nothing says which.
        """
        schema, choice = self._parsed.schema(parsed), options(parsed)
        lists = [one for one in choice if isinstance(one, ListProperty)]
        others = [one for one in choice if one not in lists]
        objects = [one for one in others if self._parsed.properties(one)]
        if lists and others:
            return _either(self._several(where, parsed, others, objects), self._lists(where, lists))
        if objects and len(choice) > 1:
            return self._several(where, parsed, others, objects)
        formatted = self._formatted(parsed, others)
        if formatted is not None:
            return formatted
        if len(choice) == 1 and choice[0] is not parsed:
            return self.read(where, choice[0], literal=literal)
        if lists:
            return self._lists(where, lists)
        if isinstance(parsed, ModelProperty):
            return self._object(parsed) if objects else self._map(where, parsed)
        return self._scalar(parsed, schema, literal=literal)

    def _formatted(self, parsed: PropertyProtocol, choice: list[PropertyProtocol]) -> Kind | None:
        """What the format makes of a value of the types it is for."""
        kind, types = _FORMATS.get(self._parsed.format(parsed), (None, set[str]()))
        found = {name for one in choice for name in json_types(one)}
        return kind if found and types >= found else None

    def _scalar(self, parsed: PropertyProtocol, schema: Mapping[str, Any], *, literal: bool) -> Kind:
        types = json_types(parsed)
        constant: Any = schema.get("const")
        if literal and types in (["str"], ["bool"], ["int"]) and isinstance(constant, str | int):
            return Kind(f"Literal[{_written(constant)}]")
        if types == ["int"]:
            return Kind("int", "INTEGER")
        annotations = {"dict": "dict[str, Any]", "list": "list[Any]"}
        return Kind(" | ".join(annotations.get(name, name) for name in types) or "Any")

    def _lists(self, where: str, lists: list[ListProperty]) -> Kind:
        """A list of what its items are; one of several lists is told by nothing, and stays as it came."""
        (only, *more) = lists
        if more:
            return Kind("list[Any]")
        item = self._item(where, only.inner_property)
        codec = item.codec if item.codec == "AS_IS" else f"list_of({item.codec})"
        return item._replace(annotation=f"list[{item.annotation}]", codec=codec)

    def _item(self, where: str, parsed: PropertyProtocol) -> Kind:
        item = self.read(where, parsed)
        if not is_nullable(parsed) or item.annotation == "Any":
            return item
        codec = item.codec if item.codec in ("AS_IS", "SECRET") else f"nullable({item.codec})"
        return item._replace(annotation=f"{item.annotation} | None", codec=codec)

    def _map(self, where: str, parsed: ModelProperty) -> Kind:
        name = str(parsed.class_info.name)
        values = self._parsed.models[name].additional_properties
        if values is None or isinstance(values, AnyProperty) or name in self._open_maps:
            return Kind("dict[str, Any]")
        self._open_maps.append(name)
        item = self._item(where, values)
        self._open_maps.pop()
        codec = item.codec if item.codec == "AS_IS" else f"map_of({item.codec})"
        return item._replace(annotation=f"dict[str, {item.annotation}]", codec=codec)

    def _model(self, parsed: PropertyProtocol) -> Kind:
        """The class of an object, and how generated code names it where it can already be imported, or not yet."""
        assert isinstance(parsed, ModelProperty)
        name = str(parsed.class_info.name)
        if not self._models.is_open(name):
            self._models.add(name)
            return Kind(name, name, frozenset({name}))
        module = str(parsed.class_info.module_name)
        package = self._parsed.config.package_name_override
        return Kind(name, f'later("{package}.models.{module}", "{name}")', frozenset(), frozenset({name}))

    def _object(self, parsed: PropertyProtocol) -> Kind:
        model = self._model(parsed)
        return model._replace(codec=f"one_of({model.codec})")

    def _several(
        self, where: str, parsed: PropertyProtocol, choice: list[PropertyProtocol], objects: list[PropertyProtocol]
    ) -> Kind:
        """An object, or one of several, or a plain value in their place."""
        plain = [one for one in choice if one not in objects]
        if not objects:
            kinds = {self.read(where, one) for one in plain}
            only = kinds.pop() if len(kinds) == 1 else self._formatted(parsed, plain)
            return only or Kind(_joined(self._raw(where, one) for one in plain))
        if len(objects) == 1 and not any(isinstance(one, ModelProperty) for one in plain):
            found = self._object(objects[0])
            kinds = [found if one is objects[0] else Kind(self._raw(where, one)) for one in choice]
            return found._replace(annotation=_joined(kind.annotation for kind in kinds))
        return self._tagged(where, parsed, plain, objects)

    def _raw(self, where: str, parsed: PropertyProtocol) -> str:
        """The annotation of a value that is not read but given as it came."""
        kind = self.read(where, parsed)
        return (
            kind.annotation
            if kind.codec in ("AS_IS", "INTEGER")
            else self._scalar(parsed, {}, literal=False).annotation
        )

    def _tagged(
        self, where: str, parsed: PropertyProtocol, plain: list[PropertyProtocol], objects: list[PropertyProtocol]
    ) -> Kind:
        models = [self._model(one) for one in objects]
        others = [self._raw(where, one) for one in plain if not isinstance(one, ModelProperty)]
        annotations = [*others, *(model.annotation for model in models)]
        found = self._tags(parsed, objects)
        if found is not None:
            member, tags = found
            pairs = [(tag, model.codec) for model, each in zip(models, tags, strict=True) for tag in each]
            base = text(objects[-1].example) == text(parsed.example)
            # An object of a kind that this version does not know is the base of all, or a plain record.
            annotations += [] if base else ["Model"]
            codec = f"tagged({_written(member)}, {{{_mapping(pairs)}}}{f', {models[-1].codec}' if base else ''})"
        else:
            marks = self._marks(where, parsed, objects, plain)
            pairs = [(mark, model.codec) for mark, model in zip(marks, models, strict=True) if mark is not None]
            rest = [model.codec for mark, model in zip(marks, models, strict=True) if mark is None]
            annotations += [] if rest else ["Model"]
            codec = f"marked({{{_mapping(pairs)}}}{''.join(f', {one}' for one in rest)})"
        return Kind(
            _joined(annotations),
            codec,
            frozenset[str]().union(*(model.models for model in models)),
            frozenset[str]().union(*(model.later for model in models)),
        )

    def _tags(self, parsed: PropertyProtocol, objects: list[PropertyProtocol]) -> tuple[str, list[list[Any]]] | None:
        """The member whose value says which of several objects one is, and its values for each; None without one."""
        said: Any = self._parsed.schema(parsed).get("discriminator")
        if isinstance(said, Mapping) and isinstance(cast("Mapping[str, Any]", said).get("propertyName"), str):
            member = str(cast("Mapping[str, Any]", said)["propertyName"])
            named = self._mapped(parsed, cast("Mapping[str, Any]", said).get("mapping") or {})
            return member, [
                named.get(text(one.example)) or self._constants(one, member) or [steps(text(one.example))[-1]]
                for one in objects
            ]
        members = [self._parsed.properties(one) for one in objects]
        for member in members[0]:
            if all(member in one for one in members):
                found = [self._constants(one, member) for one in objects]
                values = [repr(value) for each in found for value in each]
                if all(found) and len(set(values)) == len(values):
                    return member, found
        return None

    def _marks(
        self,
        where: str,
        parsed: PropertyProtocol,
        objects: list[PropertyProtocol],
        plain: list[PropertyProtocol],
    ) -> list[str | None]:
        """For each of several objects the member that it must have, and that no other has; one may do without."""
        members = [self._parsed.properties(one) for one in objects]
        marks: list[str | None] = []
        for own in members:
            others = {name for each in members if each is not own for name in each}
            marks.append(next((name for name, one in own.items() if one.required and name not in others), None))
        free = [one for one in plain if isinstance(one, ModelProperty)]
        if marks.count(None) > 1 or free:
            names = " or ".join(str(one.class_info.name) for one in [*objects, *free] if isinstance(one, ModelProperty))
            raise GenerationError(
                f"{where} may be one of several objects, {names}, and nothing says which; give it a discriminator, or"
                " each of them a property with a const of its own",
                *steps(text(parsed.example)),
            )
        return marks

    def _constants(self, parsed: PropertyProtocol, member: str) -> list[Any]:
        one = self._parsed.properties(parsed).get(member)
        return [] if one is None else self._parsed.constants(one)

    def _mapped(self, parsed: PropertyProtocol, mapping: Mapping[str, Any]) -> dict[str, list[Any]]:
        found: dict[str, list[Any]] = {}
        where = (*steps(text(parsed.example)), "discriminator")
        if not isinstance(mapping, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise GenerationError("the mapping of a discriminator is not a mapping", *where)
        for tag, name in mapping.items():
            place = self._parsed.named(str(name), where)
            found.setdefault(pointer(place), []).append(str(tag))
        return found


def _written(value: Any) -> str:
    return quoted(value) if isinstance(value, str) else repr(value)


def _mapping(pairs: list[tuple[Any, str]]) -> str:
    return ", ".join(f"{_written(tag)}: {codec}" for tag, codec in pairs)


def _either(single: Kind, several: Kind) -> Kind:
    """A value, or a list in its place."""
    plain = single.codec == several.codec == "AS_IS"
    return Kind(
        f"{single.annotation} | {several.annotation}",
        "AS_IS" if plain else f"either({single.codec}, {several.codec})",
        single.models | several.models,
        single.later | several.later,
    )


def _joined(annotations: Any) -> str:
    found = list(dict.fromkeys(annotations))
    return "Any" if "Any" in found else " | ".join(found)
