"""Schemas of responses as model classes."""

from __future__ import annotations

import json
import keyword
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, NamedTuple

from store_credit_tools.generate.ir import Field, ModelPlan, Relationship
from store_credit_tools.generate.schemas import Node, Schemas, pascal, snake, types_of

__all__ = ["ModelReader"]

_TAKEN = frozenset(
    {
        # What every model has.
        "additional_properties",
        "from_dict",
        "idempotency_key",
        "included",
        "last_response",
        "replace",
        "request_id",
        "to_dict",
        "to_json",
        # What its class's own code uses.
        "UNSET",
        "Related",
        "classmethod",
        "cls",
        "self",
        "_decode",
        "_document",
        "_fields",
        "_optional",
        "_raw",
        "_related",
        "_response",
        "_types",
        "_wire",
    }
)


class Kind(NamedTuple):
    """What a schema is in Python: its annotation, and the codec of `_core.fields` that reads and writes it."""

    annotation: str
    codec: str


_FORMATS = {
    "unix-time": Kind("datetime", "UNIX_TIME"),
    "date-time": Kind("datetime", "DATE_TIME"),
    "decimal": Kind("Decimal", "DECIMAL"),
    "password": Kind("str", "SECRET"),
}

_SHORTCUTS = {
    "ID": ("type({}) is str and value", "value"),
    "CURRENCY": ("type({}) is str", "value"),
    "INTEGER": ("type({}) is int", "value"),
    "MINOR_UNITS": ("type({}) is int", "value"),
    "DECIMAL": ("type({}) is str and is_plain(value)", "Decimal(value)"),
    "UNIX_TIME": ("type({}) is int", "from_unix(value, UTC)"),
}
"""What most values are, and what they are read as then: a call of the codec would take as long as all the rest."""


class ModelReader:
    """Turns the schemas reachable from the responses into models, each once."""

    def __init__(self, schemas: Schemas, documents: dict[str, dict[str, str]]) -> None:
        self.schemas = schemas
        self.models: dict[str, ModelPlan] = {}
        self._documents = documents
        self._open: list[str] = []

    def is_resource(self, node: Node) -> bool:
        """Whether a schema is a JSON:API resource object of a known type."""
        properties = self.schemas.properties(node)
        return {"id", "type"} <= properties.keys() and ("attributes" in properties or "relationships" in properties)

    def is_typed_resource(self, node: Node) -> bool:
        """Whether a resource schema says which `type` it is."""
        return self.is_resource(node) and bool(self.schemas.constants(self.schemas.properties(node)["type"]))

    def add(self, name: str, node: Node) -> None:
        """Make the model of a schema, and of those it leads to."""
        if name in self.models:
            return
        schema = self.schemas.merged(node)
        resource = self.is_typed_resource(node)
        # Registered before its fields are read, so that a cycle of schemas ends here.
        model = ModelPlan(
            name=name,
            module=snake(name),
            resource=resource,
            description=str(schema.get("description", "")),
            sources=[str(one) for one in schema.get("x-source", [])],
            fields=[],
            relationships=[],
            imports=[],
            lazy_imports=[],
            document=next((key for key, types in self._documents.items() if name in types.values()), None),
        )
        self.models[name] = model
        imports: set[str] = set()
        self._open.append(name)
        if resource:
            properties = schema["properties"]
            attributes = properties.get("attributes", {})
            self._fields(model, attributes, set(self._always(attributes)), imports)
            model.relationships.extend(self._relationships(properties.get("relationships", {})))
            related = {one for item in model.relationships for one in _names(item.annotation)}
            model.lazy_imports.extend(sorted(related - {name}))
        else:
            self._fields(model, schema, set(schema.get("required", [])), imports)
        self._open.pop()
        model.imports.extend(sorted(imports - {name}))

    def add_fallback(self, name: str, node: Node, discriminator: str = "type") -> None:
        """Make the model of an object whose discriminator has a value that this version does not know.

        The discriminator reads as `unknown`, so that a type checker tells the model from the others; its value in JSON
        is the attribute `raw_<discriminator>`.
        """
        if name in self.models:
            return
        self.add(name, node)
        fields = self.models[name].fields
        place = next(index for index, one in enumerate(fields) if one.wire == discriminator)
        raw = fields[place]
        fields[place : place + 1] = [
            replace(
                raw,
                annotation='Literal["unknown"]',
                codec='constant("unknown")',
                reading=f'cls._fields["{raw.name}"].read(data[{json.dumps(discriminator)}])',
                description=f"Always `unknown`; `raw_{discriminator}` is what came.",
            ),
            replace(raw, name=f"raw_{discriminator}"),
        ]

    def _always(self, node: Node) -> Iterable[str]:
        schema = self.schemas.merged(node)
        return [*schema.get("x-always-present", []), *schema.get("required", [])]

    def _fields(self, model: ModelPlan, node: Node, always: set[str], imports: set[str]) -> None:
        properties = self.schemas.properties(node)
        for wire, schema in properties.items():
            name = _attribute(wire)
            if any(name == one.name for one in model.fields) or (name != wire and name in properties):
                raise ValueError(f"{model.name}.{wire} cannot be the attribute {name!r}, which another property is")
            kind = self._kind(model.name, wire, schema, imports)
            codec = kind.codec
            if codec == "INTEGER" and not model.resource and "currency" in properties:
                # Beside a currency, an integer that is not a time is an amount in its minor unit.
                codec = "MINOR_UNITS"
            if kind.annotation == "str" and wire in ("id", "currency"):
                codec = wire.upper()
            model.fields.append(self._field(name, wire, schema, kind._replace(codec=codec), wire not in always))

    def _field(self, name: str, wire: str, node: Node, kind: Kind, optional: bool) -> Field:
        nullable = self._is_nullable(node) and not kind.annotation.endswith("Any")
        codec = f"nullable({kind.codec})" if nullable and kind.codec not in ("AS_IS", "SECRET") else kind.codec
        annotation = f"{kind.annotation} | None" if nullable else kind.annotation
        reading = _reading(wire, kind.codec, nullable, optional)
        return Field(
            name, wire, annotation, codec, reading, optional, str(self.schemas.merged(node).get("description", ""))
        )

    def _is_nullable(self, node: Node) -> bool:
        options = [node, *self.schemas.alternatives(node)]
        return any("null" in types_of(self.schemas.merged(one)) for one in options)

    def _kind(self, owner: str, name: str, node: Node, imports: set[str]) -> Kind:
        """Annotation and codec of a value that is not null."""
        schema = self.schemas.merged(node)
        form = schema.get("format")
        kinds = [kind for kind in types_of(schema) if kind != "null"]
        options = [one for one in self.schemas.alternatives(node) if types_of(self.schemas.merged(one)) != ["null"]]
        if len(options) > 1 and any("properties" in self.schemas.merged(one) for one in options):
            return self._union(owner, name, options, imports)
        if len(options) == 1 and options[0] is not node and (schema.get("oneOf") or schema.get("anyOf")):
            return self._kind(owner, name, options[0], imports)
        if form in _FORMATS:
            return _FORMATS[form]
        if kinds == ["array"]:
            return self._array(owner, name, schema, imports)
        if "properties" in schema:
            model = self.schemas.name_of(node) or owner + pascal(name)
            if model in self._open:
                raise ValueError(
                    f"{owner}.{name} leads back to {model}; records that hold themselves are not supported"
                )
            self.add(model, node)
            imports.add(model)
            return Kind(model, f"one_of({model})")
        if kinds == ["integer"]:
            return Kind("int", "INTEGER")
        if isinstance(schema.get("const"), str) and not self.models[owner].resource:
            return Kind(f"Literal[{json.dumps(schema['const'])}]", "AS_IS")
        simple = {"string": "str", "integer": "int", "boolean": "bool", "number": "float"}
        if kinds and all(kind in simple for kind in kinds):
            return Kind(" | ".join(simple[kind] for kind in kinds), "AS_IS")
        return Kind("dict[str, Any]" if kinds == ["object"] else "Any", "AS_IS")

    def _union(self, owner: str, name: str, options: list[Node], imports: set[str]) -> Kind:
        annotations = [self._kind(owner, name, option, imports).annotation for option in options]
        models = [
            annotation
            for annotation, option in zip(annotations, options, strict=True)
            if "properties" in self.schemas.merged(option)
        ]
        if len(models) > 1:
            raise ValueError(f"{owner}.{name} may be one of several objects; teach the generator to tell them apart")
        return Kind(" | ".join(annotations), f"one_of({models[0]})")

    def _array(self, owner: str, name: str, schema: Node, imports: set[str]) -> Kind:
        items: Any = schema.get("items", {})
        kind = self._kind(owner, f"{name}_item", items, imports)
        nullable = self._is_nullable(items) and not kind.annotation.endswith("Any")
        annotation = f"list[{kind.annotation}{' | None' if nullable else ''}]"
        if kind.codec == "AS_IS":
            return Kind(annotation, "AS_IS")
        return Kind(annotation, f"list_of({f'nullable({kind.codec})' if nullable else kind.codec})")

    def _relationships(self, node: Node) -> list[Relationship]:
        found: list[Relationship] = []
        for name, property_node in self.schemas.properties(node).items():
            schema = self.schemas.merged(property_node)
            targets = property_node.get("x-resource", schema.get("x-resource", []))
            names = [targets] if isinstance(targets, str) else list(targets)
            names = [one if self._is_typed(one) else "Resource" for one in names]
            annotation = " | ".join(names) or "Resource"
            many = "array" in types_of(self.schemas.merged(schema["properties"]["data"]))
            described = _described(property_node, schema) or ("Related records." if many else "The related record.")
            typed = f"list[{annotation}]" if many else f"{annotation} | None"
            found.append(Relationship(_attribute(name), name, typed, described))
        return found

    def _is_typed(self, name: str) -> bool:
        return self.is_typed_resource(self.schemas.document["components"]["schemas"][name])


def _described(node: Node, schema: Node) -> str:
    """A description beside a reference is about this use of the schema, and goes before the schema's own."""
    return str(node.get("description") or schema.get("description", ""))


def _attribute(wire: str) -> str:
    """Name the attribute of a JSON member: its own name where that can be one."""
    name = re.sub(r"\W", "_", wire, flags=re.ASCII)
    if name[:1].isdigit() or name.startswith("__"):
        name = f"field_{name.lstrip('_')}"
    return f"{name}_" if keyword.iskeyword(name) or name in _TAKEN else name


def _reading(wire: str, codec: str, nullable: bool, optional: bool) -> str:
    """The Python that reads one member of a complete record, by the same rules as its codec."""
    member = json.dumps(wire, ensure_ascii=False)
    found = f"data.get({member}, UNSET)" if optional else f"data[{member}]"
    if codec in ("AS_IS", "SECRET"):
        return found
    absent = ["value is UNSET"] * optional + ["value is None"] * nullable
    value = "value" if absent else f"(value := {found})"
    if codec.startswith("one_of("):
        model = codec.removeprefix("one_of(").removesuffix(")")
        reading = f"{model}._decode(value) if type({value}) is dict else value"
    elif codec == "DATE_TIME":
        reading = f"moment if (moment := from_text({'value' if absent else found})).tzinfo is UTC else in_utc(moment)"
    elif codec in _SHORTCUTS:
        guard, shortcut = _SHORTCUTS[codec]
        reading = f"{shortcut} if {guard.format(value)} else {codec}.read(value)"
    else:
        reading = f'cls._fields["{_attribute(wire)}"].read({"value" if absent else found})'
    if not absent:
        return reading
    literal = "value" if optional else "None"
    return f"{literal} if {' or '.join(absent).replace('value', f'(value := {found})', 1)} else {reading}"


def _names(annotation: str) -> list[str]:
    words = annotation.replace("list[", " ").replace("]", " ").replace("|", " ").split()
    return [word for word in words if word not in ("None", "Resource")]
