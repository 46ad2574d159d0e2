"""Schemas of answers as model classes."""

from __future__ import annotations

import keyword
from collections.abc import Iterable
from typing import Any

from sdk_generator.plan import Field, ModelPlan, Relationship
from sdk_generator.schemas import Node, Schemas, pascal, snake, types_of

__all__ = ["ModelReader"]

_TAKEN = frozenset(
    {
        "from_dict",
        "from_resource",
        "idempotency_key",
        "included",
        "last_response",
        "reference",
        "request_id",
        "to_dict",
    }
)


class ModelReader:
    """Turns the schemas reachable from the answers into models, each once."""

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

    def _always(self, node: Node) -> Iterable[str]:
        schema = self.schemas.merged(node)
        return [*schema.get("x-always-present", []), *schema.get("required", [])]

    def _fields(self, model: ModelPlan, node: Node, always: set[str], imports: set[str]) -> None:
        for wire, schema in self.schemas.properties(node).items():
            name = f"{wire}_" if keyword.iskeyword(wire) or wire in _TAKEN else wire
            if name != wire or not wire.isidentifier():
                raise ValueError(f"{model.name}.{wire} cannot be an attribute; rename it or teach the generator")
            model.fields.append(self._field(model.name, wire, schema, wire not in always, imports))

    def _field(self, owner: str, name: str, node: Node, optional: bool, imports: set[str]) -> Field:
        schema = self.schemas.merged(node)
        annotation, codec, quick = self._kind(owner, name, node, imports)
        kinds = types_of(schema)
        nullable = "null" in kinds or any(
            "null" in types_of(self.schemas.merged(one)) for one in self.schemas.alternatives(node)
        )
        plain = quick == "{}"
        if nullable and not annotation.endswith("Any"):
            annotation += " | None"
        if optional:
            expression = f'data.get("{name}", UNSET)'
            if not plain:
                guard = "value is UNSET or value is None" if nullable else "value is UNSET"
                expression = f"value if {_walrus(guard, expression)} else {quick.format('value')}"
        else:
            expression = f'data["{name}"]'
            if not plain and nullable:
                expression = f"None if (value := {expression}) is None else {quick.format('value')}"
            elif not plain:
                again = quick.count("value") > 0
                expression = quick.replace("{}", f"(value := {expression})" if again else expression)
        codec = f"nullable({codec})" if nullable and codec not in ("AS_IS", "SECRET") else codec
        return Field(name, annotation, codec, expression, optional, nullable, _described(node, schema))

    def _kind(self, owner: str, name: str, node: Node, imports: set[str]) -> tuple[str, str, str]:
        """Annotation, codec and the expression of the fast path (`{}` stands for the JSON value)."""
        schema = self.schemas.merged(node)
        form = schema.get("format")
        kinds = [kind for kind in types_of(schema) if kind != "null"]
        options = [one for one in self.schemas.alternatives(node) if types_of(self.schemas.merged(one)) != ["null"]]
        if len(options) > 1 and any("properties" in self.schemas.merged(one) for one in options):
            return self._union(owner, name, options, imports)
        if len(options) == 1 and options[0] is not node and (schema.get("oneOf") or schema.get("anyOf")):
            return self._kind(owner, name, options[0], imports)
        if form == "unix-time":
            return "datetime", "UNIX_TIME", "from_unix({}, UTC)"
        if form == "date-time":
            return "datetime", "DATE_TIME", "from_text({})"
        if form == "decimal":
            return (
                "Decimal",
                "DECIMAL",
                'Decimal(value) if type({}) is str and value[-1:] <= "9" else read_decimal(value)',
            )
        if form == "password":
            return "str", "SECRET", "{}"
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
            return model, f"one_of({model})", f"{model}.from_dict({{}})"
        if kinds == ["integer"]:
            return "int", "INTEGER", "value if type({}) is int else read_integer(value)"
        simple = {"string": "str", "integer": "int", "boolean": "bool", "number": "float"}
        if kinds and all(kind in simple for kind in kinds):
            return " | ".join(simple[kind] for kind in kinds), "AS_IS", "{}"
        return ("dict[str, Any]" if kinds == ["object"] else "Any"), "AS_IS", "{}"

    def _union(self, owner: str, name: str, options: list[Node], imports: set[str]) -> tuple[str, str, str]:
        annotations: list[str] = []
        models: list[str] = []
        for option in options:
            annotation, _, _ = self._kind(owner, name, option, imports)
            annotations.append(annotation)
            if "properties" in self.schemas.merged(option):
                models.append(annotation)
        if len(models) > 1:
            raise ValueError(f"{owner}.{name} may be one of several objects; teach the generator to tell them apart")
        model = models[0]
        return " | ".join(annotations), f"one_of({model})", f"{model}.from_dict(value) if is_object({{}}) else value"

    def _array(self, owner: str, name: str, schema: Node, imports: set[str]) -> tuple[str, str, str]:
        items: Any = schema.get("items", {})
        annotation, codec, quick = self._kind(owner, f"{name}_item", items, imports)
        if quick == "{}":
            return f"list[{annotation}]", "AS_IS", "{}"
        return f"list[{annotation}]", f"list_of({codec})", f"list_of({codec}).read({{}})"

    def _relationships(self, node: Node) -> list[Relationship]:
        found: list[Relationship] = []
        always = set(self._always(node))
        for name, property_node in self.schemas.properties(node).items():
            schema = self.schemas.merged(property_node)
            targets = property_node.get("x-resource", schema.get("x-resource", []))
            names = [targets] if isinstance(targets, str) else list(targets)
            names = [one if self._is_typed(one) else "Resource" for one in names]
            annotation = " | ".join(names) or "Resource"
            data = self.schemas.merged(schema["properties"]["data"])
            many = "array" in types_of(data)
            found.append(
                Relationship(
                    name,
                    f"list[{annotation}]" if many else f"{annotation} | None",
                    many,
                    name in always,
                    _described(property_node, schema),
                )
            )
        return found

    def _is_typed(self, name: str) -> bool:
        return self.is_typed_resource(self.schemas.document["components"]["schemas"][name])


def _described(node: Node, schema: Node) -> str:
    """A description beside a reference is about this use of the schema, and goes before the schema's own."""
    return str(node.get("description") or schema.get("description", ""))


def _walrus(guard: str, expression: str) -> str:
    return guard.replace("value", f"(value := {expression})", 1)


def _names(annotation: str) -> list[str]:
    words = annotation.replace("list[", " ").replace("]", " ").replace("|", " ").split()
    return [word for word in words if word not in ("None", "Resource")]
