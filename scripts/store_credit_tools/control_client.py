"""The control plane's typed client, generated from its OpenAPI document; its results are the routes' own classes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, is_dataclass
from pathlib import Path
from typing import Any, Final, cast, get_args

from bootstrap import ROOT
from store_credit_mock.factory import Engine
from store_credit_tools.generate.build import generate

__all__ = ["GENERATED", "generate_control_client"]

GENERATED: Final = ("__init__.py", "client.py")
"""What is generated inside `store_credit_mock.control.generated`."""

_TEMPLATES: Final = ROOT / "mock" / "templates"
_TYPES: Final = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}

Node = Mapping[str, Any]


@dataclass(frozen=True)
class Argument:
    """An argument of a method: where it goes (`path`, `query`, `body` or, as one of its members, `members`)."""

    name: str
    annotation: str
    place: str
    required: bool
    default: str
    description: str


@dataclass(frozen=True)
class Method:
    """One operation as a method."""

    name: str
    verb: str
    path: str
    summary: str
    description: str
    arguments: list[Argument]
    result: str

    @property
    def described(self) -> list[Argument]:
        """The arguments that the document says something of."""
        return [argument for argument in self.arguments if argument.description]

    def at(self, place: str) -> list[str]:
        """The names of the arguments that go into one part of the request."""
        return [argument.name for argument in self.arguments if argument.place == place]


class _Reader:
    """Reads methods from the document, and notes which classes their annotations name.

    Args:
        document: The control plane's.
        modules: The module of each class that is one of its schemas.
    """

    def __init__(self, document: Node, modules: Mapping[str, str]) -> None:
        self._document = document
        self._modules = modules

    def groups(self) -> dict[str, list[Method]]:
        """The methods by system; those of the sandbox itself under an empty name."""
        found: dict[str, list[Method]] = {"": []}
        for path, item in self._document["paths"].items():
            for verb, operation in item.items():
                system, _, rest = operation["operationId"].partition(".")
                method = self._method(path, verb.upper(), operation)
                found.setdefault(system if "." in rest and path.startswith(f"/_mock/{system}/") else "", []).append(
                    method
                )
        return found

    def _method(self, path: str, verb: str, operation: Node) -> Method:
        arguments = [
            self._argument(one["name"], one["schema"], one["in"], one.get("description", ""), required=one["required"])
            for one in operation.get("parameters", [])
        ]
        if "requestBody" in operation:
            arguments += self._body(operation)
        arguments.sort(key=lambda one: (one.place != "path", not one.required))
        status, response = next(iter(operation["responses"].items()))
        return Method(
            operation["x-method"],
            verb,
            path,
            operation["summary"],
            operation.get("description", ""),
            arguments,
            "None" if status == "204" else self._annotation(response["content"]["application/json"]["schema"]),
        )

    def _body(self, operation: Node) -> Iterator[Argument]:
        schema: Node = operation["requestBody"]["content"]["application/json"]["schema"]
        name = operation["x-codegen-request-body-name"]
        target: Node = self._document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        if name != "body":
            yield self._argument(name, schema, "body", target["description"].partition("\n")[0], required=True)
            return
        for member, inner in target["properties"].items():
            said = inner.get("description", "")
            yield self._argument(member, inner, "members", said, required=member in target["required"])

    def _argument(self, name: str, schema: Node, place: str, said: str, *, required: bool) -> Argument:
        return Argument(name, self._annotation(schema), place, required, repr(schema.get("default")), said)

    def _annotation(self, schema: Node) -> str:
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            return name if name in self._modules else "dict[str, Any]"
        if "anyOf" in schema:
            return " | ".join(self._annotation(one) for one in schema["anyOf"])
        kinds = cast("list[str]", schema["type"] if isinstance(schema["type"], list) else [schema["type"]])
        if "enum" in schema:
            return f"Literal[{', '.join(repr(value) for value in schema['enum'])}]"
        texts = [self._one(kind, schema) for kind in kinds]
        # What is an amount in JSON may be a decimal in Python.
        return " | ".join(["Decimal", *texts] if len(texts) > 1 and schema.get("format") == "decimal" else texts)

    def _one(self, kind: str, schema: Node) -> str:
        match kind:
            case "array":
                return f"list[{self._annotation(schema['items'])}]"
            case "object":
                return f"dict[str, {self._annotation(schema['additionalProperties'])}]"
            case _:
                return _TYPES[kind]


def _modules(kind: Any) -> Iterator[tuple[str, str]]:
    if is_dataclass(kind) and isinstance(kind, type):
        yield kind.__name__, kind.__module__
    for argument in get_args(kind):
        yield from _modules(argument)


def generate_control_client(output: Path) -> str:
    """Write the client into an empty folder; returns how much it is.

    Raises:
        GenerationError: The document cannot be turned into code.
    """
    # The routes are there before the handler of a new operation is.
    engine = Engine(partial=True)
    routes, document = engine.control.routes, engine.control.document
    engine.close()
    kinds = [kind for route in routes for kind in (route.result, *route.arguments.values())]
    modules: dict[str, str] = {}
    for kind in kinds:
        for name, module in _modules(kind):
            if modules.setdefault(name, module) != module:
                raise ValueError(f"{name} is a class of {module} and of {modules[name]}; give one another name")
    by_module: dict[str, list[str]] = {}
    for name, module in modules.items():
        by_module.setdefault(module, []).append(name)
    groups = _Reader(document, modules).groups()
    generate(document, output, _TEMPLATES, lambda _: {"groups": groups, "modules": by_module})
    return f"{sum(map(len, groups.values()))} methods of the control plane"
