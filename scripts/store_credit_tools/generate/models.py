"""Models of responses: the tool's classes and properties, with what the SDK reads each value as."""

from __future__ import annotations

import json
import keyword
import re
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from openapi_python_client.parser.properties import EnumProperty, ModelProperty
from openapi_python_client.parser.properties.const import ConstProperty
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.protocol import PropertyProtocol

from store_credit_tools.generate.parsed import Parsed, is_nullable, json_types, options, text

__all__ = ["Field", "ModelPlan", "ModelReader", "Relationship"]

_TAKEN = frozenset(
    "additional_properties from_dict idempotency_key included last_response replace request_id to_dict to_json "  # noqa: SIM905
    "UNSET Related classmethod cls self _decode _document _fields _optional _raw _related _response _types "
    "_wire".split()
)
"""What every model has, and what its class's own code uses."""


@dataclass(frozen=True)
class Field:
    """One attribute of a model.

    `wire` is the JSON member it is read from, `codec` the function of `_core.fields` that reads and writes it where it
    is not null.
    """

    name: str
    wire: str
    annotation: str
    codec: str
    nullable: bool
    optional: bool
    description: str


@dataclass(frozen=True)
class Relationship:
    """One JSON:API relationship of a resource model, `wire` being the member it is read from."""

    name: str
    wire: str
    annotation: str
    description: str


@dataclass(frozen=True)
class ModelPlan:
    """One schema as a model class. `document`: the JSON:API document in which records of it come."""

    name: str
    module: str
    resource: bool
    description: str
    sources: list[str]
    document: str | None
    fields: list[Field] = field(default_factory=list[Field])
    relationships: list[Relationship] = field(default_factory=list[Relationship])
    imports: set[str] = field(default_factory=set[str])
    lazy_imports: set[str] = field(default_factory=set[str])

    @property
    def renamed(self) -> list[Field]:
        """The fields whose attribute has another name than their JSON member."""
        return [one for one in self.fields if one.name != one.wire]


class Kind(NamedTuple):
    """What a value is in Python: its annotation, and the codec of `_core.fields` that reads and writes it."""

    annotation: str
    codec: str


_FORMATS = {
    "unix-time": Kind("datetime", "UNIX_TIME"),
    "date-time": Kind("datetime", "DATE_TIME"),
    "decimal": Kind("Decimal", "DECIMAL"),
    "password": Kind("str", "SECRET"),
}
"""Formats that the tool does not know, or reads as something else."""


class ModelReader:
    """Makes the models that responses lead to, each once.

    Attributes:
        models: Those made so far, by class name.
        documents: For each JSON:API document schema the model of every `type` it can hold.
    """

    def __init__(self, parsed: Parsed) -> None:
        self.models: dict[str, ModelPlan] = {}
        self._parsed = parsed
        self._open: list[str] = []
        found = {name: self._types(model) for name, model in parsed.models.items()}
        self.documents = {name: types for name, types in found.items() if types}

    def is_resource(self, parsed: PropertyProtocol) -> bool:
        """Whether a property is a JSON:API resource object."""
        names = self._parsed.properties(parsed).keys()
        return {"id", "type"} <= names and bool(names & {"attributes", "relationships"})

    def add(self, name: str) -> ModelPlan:
        """Make the model of a class, and of those it leads to."""
        if name in self.models:
            return self.models[name]
        parsed, properties = self._parsed, self._parsed.properties(self._parsed.models[name])
        whole = parsed.models[name]
        sources = [str(one) for one in parsed.schema(whole).get("x-source", [])]
        document = next((key for key, types in self.documents.items() if name in types.values()), None)
        module, resource = str(whole.class_info.module_name), bool(self._resource_types(whole))
        # Registered before its fields are read, so that a cycle of schemas ends here.
        model = ModelPlan(name, module, resource, text(whole.description), sources, document)
        self.models[name] = model
        self._open.append(name)
        if resource:
            self._fields(model, properties.get("attributes"))
            self._relationships(model, properties.get("relationships"))
        else:
            self._fields(model, whole)
        self._open.pop()
        model.imports.discard(name)
        model.lazy_imports.difference_update({name, "Resource"})
        return model

    def add_fallback(self, name: str, discriminator: str = "type") -> None:
        """Make the model of an object whose discriminator has a value that this version does not know.

        The discriminator reads as `unknown`, so that a type checker tells the model from the others; its value in JSON
        is the attribute `raw_<discriminator>`.
        """
        if name in self.models:
            return
        fields = self.add(name).fields
        place = next(index for index, one in enumerate(fields) if one.wire == discriminator)
        raw = fields[place]
        fields[place : place + 1] = [
            replace(
                raw,
                annotation='Literal["unknown"]',
                codec='constant("unknown")',
                description=f"Always `unknown`; `raw_{discriminator}` is what came.",
            ),
            replace(raw, name=f"raw_{discriminator}"),
        ]

    def constants(self, parsed: PropertyProtocol) -> list[str]:
        """The values that a constant or an enumeration allows."""
        if isinstance(parsed, ConstProperty):
            return [str(parsed.value.raw_value)]
        return [str(one) for one in self._parsed.schema(parsed)["enum"]] if isinstance(parsed, EnumProperty) else []

    def _resource_types(self, parsed: PropertyProtocol) -> list[str]:
        """The `type`s of a JSON:API resource that says which it has."""
        return self.constants(self._parsed.properties(parsed)["type"]) if self.is_resource(parsed) else []

    def _types(self, document: ModelProperty) -> dict[str, str]:
        members = self._parsed.properties(document)
        found: dict[str, str] = {}
        for member in [members[name] for name in ("data", "included") if "data" in members and name in members]:
            for one in options(member.inner_property if isinstance(member, ListProperty) else member):
                for kind in self._resource_types(one):
                    found.setdefault(kind, text(one.get_type_string(no_optional=True)))
        return found

    def _fields(self, model: ModelPlan, whole: PropertyProtocol | None) -> None:
        properties = self._parsed.properties(whole)
        always: list[str] = [] if whole is None else self._parsed.schema(whole).get("x-always-present", [])
        for wire, one in properties.items():
            name = _attribute(wire)
            if any(name == other.name for other in model.fields) or (name != wire and name in properties):
                raise ValueError(f"{model.name}.{wire} cannot be the attribute {name!r}, which another property is")
            annotation, codec = self._kind(model, wire, one)
            if codec == "INTEGER" and not model.resource and "currency" in properties:
                # Beside a currency, an integer that is not a time is an amount in its minor unit.
                codec = "MINOR_UNITS"
            if annotation == "str" and wire in ("id", "currency"):
                codec = wire.upper()
            nullable, optional = is_nullable(one) and annotation != "Any", not one.required and wire not in always
            annotation += " | None" * nullable
            described = str(self._parsed.mark(whole, wire, "description") or "")
            model.fields.append(Field(name, wire, annotation, codec, nullable, optional, described))

    def _kind(self, model: ModelPlan, wire: str, parsed: PropertyProtocol) -> Kind:
        """Annotation and codec of a value that is not null."""
        choice, form = options(parsed), self._parsed.format(parsed)
        objects = [one for one in choice if self._parsed.properties(one)]
        if len(choice) > 1 and objects:
            if len(objects) > 1:
                where = f"{model.name}.{wire}"
                raise ValueError(f"{where} may be one of several objects; teach the generator to tell them apart")
            annotation = " | ".join(self._kind(model, wire, one).annotation for one in choice)
            return Kind(annotation, self._kind(model, wire, objects[0]).codec)
        lists = [one for one in choice if isinstance(one, ListProperty)]
        single = {self._kind(model, wire, one) for one in choice if one not in lists} if lists else set[Kind]()
        if len(lists) == len(single) == 1:
            (plain,), several = single, self._kind(model, wire, lists[0])
            return Kind(f"{plain.annotation} | {several.annotation}", f"either({plain.codec}, {several.codec})")
        if form in _FORMATS:
            return _FORMATS[form]
        if len(choice) == 1 and choice[0] is not parsed:
            return self._kind(model, wire, choice[0])
        if isinstance(parsed, ListProperty):
            item = self._kind(model, wire, parsed.inner_property)
            if is_nullable(parsed.inner_property) and item.annotation != "Any":
                codec = item.codec if item.codec in ("AS_IS", "SECRET") else f"nullable({item.codec})"
                item = Kind(f"{item.annotation} | None", codec)
            return Kind(f"list[{item.annotation}]", item.codec if item.codec == "AS_IS" else f"list_of({item.codec})")
        if isinstance(parsed, ModelProperty) and objects:
            name = str(parsed.class_info.name)
            if name in self._open:
                where = f"{model.name}.{wire}"
                raise ValueError(f"{where} leads back to {name}; records that hold themselves are not supported")
            model.imports.add(self.add(name).name)
            return Kind(name, f"one_of({name})")
        types = json_types(parsed)
        if types == ["int"]:
            return Kind("int", "INTEGER")
        if isinstance(parsed, ConstProperty) and types == ["str"] and not model.resource:
            return Kind(f"Literal[{json.dumps(parsed.value.raw_value)}]", "AS_IS")
        annotations = {"dict": "dict[str, Any]", "list": "list[Any]"}
        return Kind(" | ".join(annotations.get(name, name) for name in types) or "Any", "AS_IS")

    def _relationships(self, model: ModelPlan, whole: PropertyProtocol | None) -> None:
        for wire, one in self._parsed.properties(whole).items():
            targets: str | list[str] = self._parsed.mark(whole, wire, "x-resource") or []
            names = [targets] if isinstance(targets, str) else targets
            names = [name if self._resource_types(self._parsed.models[name]) else "Resource" for name in names]
            many = any(isinstance(data, ListProperty) for data in options(self._parsed.properties(one)["data"]))
            described = self._parsed.mark(whole, wire, "description")
            annotation = " | ".join(names) or "Resource"
            typed = f"list[{annotation}]" if many else f"{annotation} | None"
            said = described or ("Related records." if many else "The related record.")
            model.relationships.append(Relationship(_attribute(wire), wire, typed, str(said)))
            model.lazy_imports.update(names)


def _attribute(wire: str) -> str:
    """Name the attribute of a JSON member: its own name where that can be one.

    The tool's `python_name` is not used: it makes `type_` of `type`, `object_` of `object`, and loses the last `_`.
    """
    name = re.sub(r"\W", "_", wire, flags=re.ASCII)
    if name[:1].isdigit() or name.startswith("__"):
        name = f"field_{name.lstrip('_')}"
    return f"{name}_" if keyword.iskeyword(name) or name in _TAKEN else name
