"""Models of responses: the tool's classes and properties, with what the SDK reads each value as."""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from openapi_python_client.parser.properties import ModelProperty
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.protocol import PropertyProtocol

from store_credit_tools.generate.attribute_names import attribute
from store_credit_tools.generate.errors import GenerationError
from store_credit_tools.generate.kinds import KindReader
from store_credit_tools.generate.parsed import Parsed, is_nullable, options, text
from store_credit_tools.generate.places import steps

__all__ = ["Field", "ModelPlan", "ModelReader", "Relationship"]


_HOMES = {
    "Any": "typing",
    "Decimal": "decimal",
    "Model": "store_credit._core.model",
    "Resource": "store_credit._core.jsonapi",
    "date": "datetime",
    "datetime": "datetime",
}


@dataclass(frozen=True)
class Field:
    """One attribute of a model.

    `wire` is the JSON member it is read from, `codec` the function of `_core.fields` that reads and writes it where it
    is not null. It is `optional` where not every response has it, and `sparse` where one may have asked for less.
    """

    name: str
    wire: str
    annotation: str
    codec: str
    nullable: bool
    optional: bool
    description: str
    sparse: bool = False


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
    hidden: set[str] = field(default_factory=set[str])
    """Types whose names are those of attributes too; annotations name them with an underscore in front."""

    @property
    def has_constants(self) -> bool:
        """Whether an attribute is called as constants are, which type checkers let nobody set."""
        return any(one.name == one.name.upper() for one in self.fields)

    def home(self, name: str, models: Mapping[str, ModelPlan], package: str) -> str:
        """The module of a type that an annotation names."""
        return f"{package}.models.{models[name].module}" if name in models else _HOMES.get(name, "builtins")

    @property
    def renamed(self) -> list[Field]:
        """The fields whose attribute has another name than their JSON member."""
        return [one for one in self.fields if one.name != one.wire]


class ModelReader:
    """Makes the models that responses lead to, each once.

    Attributes:
        models: Those made so far, by class name.
        documents: For each JSON:API document schema the model of every `type` it can hold.
    """

    def __init__(self, parsed: Parsed) -> None:
        self.models: dict[str, ModelPlan] = {}
        self._parsed = parsed
        self.kinds = KindReader(parsed, self)
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
                description=f"Always `unknown`; `raw_{discriminator}` is the received value.",
            ),
            replace(raw, name=f"raw_{discriminator}"),
        ]

    def is_open(self, name: str) -> bool:
        """Whether the model of a class is being made just now: what leads to it leads back."""
        return name in self._open

    def _resource_types(self, parsed: PropertyProtocol) -> list[str]:
        """The `type`s of a JSON:API resource that says which it has."""
        if not self.is_resource(parsed):
            return []
        return [str(one) for one in self._parsed.constants(self._parsed.properties(parsed)["type"])]

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
            if self._parsed.mark(whole, wire, "writeOnly") is True:
                # Only sent, never returned.
                continue
            name = attribute(wire, resource=model.resource)
            twin = next((other.wire for other in model.fields if name == other.name), None)
            if twin is not None:
                said = f"{model.name}.{wire} and {model.name}.{twin} would both be the attribute {name!r}; rename one"
                raise GenerationError(said, *steps(text(one.example)))
            annotation, codec, models, later = self.kinds.read(f"{model.name}.{wire}", one, literal=not model.resource)
            model.imports.update(models)
            model.lazy_imports.update(later)
            if codec == "INTEGER" and not model.resource and "currency" in properties:
                # Beside a currency, an integer that is not a time is an amount in its minor unit.
                codec = "MINOR_UNITS"
            if annotation == "str" and wire in ("id", "currency"):
                codec = wire.upper()
            by_version = self._parsed.mark(whole, wire, "x-versions") is not None
            nullable = is_nullable(one) and annotation != "Any"
            optional = by_version or (not one.required and wire not in always)
            annotation += " | None" * nullable
            described, sparse = self._described(whole, wire), not (one.required or optional or model.resource)
            model.fields.append(Field(name, wire, annotation, codec, nullable, optional, described, sparse))
        names = {one.name for one in model.fields}
        words = {word for one in model.fields for word in re.findall(r"\w+", re.sub(r'"[^"]*"', "", one.annotation))}
        model.hidden.update((words & names) - set(keyword.kwlist))
        if model.hidden:
            pattern = re.compile(rf"(?<![\w\"'])({'|'.join(sorted(model.hidden))})(?![\w\"'])")
            model.fields[:] = [replace(one, annotation=pattern.sub(r"_\1", one.annotation)) for one in model.fields]

    def _described(self, whole: PropertyProtocol | None, wire: str) -> str:
        said = str(self._parsed.mark(whole, wire, "description") or "")
        versions = self._parsed.mark(whole, wire, "x-versions")
        if versions:
            said = f"{said.rstrip()} Available only in {', '.join(map(str, versions))}.".strip()
        return f"Deprecated. {said}".strip() if self._parsed.mark(whole, wire, "deprecated") is True else said

    def _relationships(self, model: ModelPlan, whole: PropertyProtocol | None) -> None:
        for wire, one in self._parsed.properties(whole).items():
            targets: str | list[str] = self._parsed.mark(whole, wire, "x-resource") or []
            names = [targets] if isinstance(targets, str) else targets
            names = [self._parsed.class_named(name) for name in names]
            names = [name if self._resource_types(self._parsed.models[name]) else "Resource" for name in names]
            many = any(isinstance(data, ListProperty) for data in options(self._parsed.properties(one)["data"]))
            described = self._parsed.mark(whole, wire, "description")
            annotation = " | ".join(names) or "Resource"
            typed = f"list[{annotation}]" if many else f"{annotation} | None"
            said = described or ("Related records." if many else "The related record.")
            model.relationships.append(Relationship(attribute(wire, resource=True), wire, typed, str(said)))
            model.lazy_imports.update(names)
