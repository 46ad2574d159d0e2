"""Methods of the SDK: the tool's endpoints, with what the document says beyond them."""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.parser.properties import EnumProperty, ModelProperty
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.protocol import PropertyProtocol
from openapi_python_client.parser.responses import Response
from openapi_python_client.schema import Response as ResponseObject
from openapi_python_client.strings import pascal_case

from store_credit_tools.generate.echoes import Echo, EchoReader
from store_credit_tools.generate.models import ModelReader
from store_credit_tools.generate.parsed import Node, Parsed, is_nullable, json_types, text
from store_credit_tools.generate.security import read_security
from store_credit_tools.generate.serializing import read_serialize_by

__all__ = ["Argument", "Method", "Operation"]

_NOT_ARGUMENTS = frozenset({"accept", "authorization", "content-type", "idempotency-key"})
"""Headers that the document describes elsewhere (OpenAPI 3.1, 4.8.12.2.1), and one that is an option of the call."""

_TAKEN = frozenset(
    "api_key deadline extra_body extra_headers extra_query idempotency_key max_retries options self timeout "  # noqa: SIM905
    "token".split()
)
"""What every method takes beside its own arguments."""

_LOCATIONS = ("path", "body", "query", "header")

_INPUTS = {
    "str": ("str", "text"),
    "int": ("int", "integer"),
    "bool": ("bool", "boolean"),
    "float": ("int | float | Decimal", "number"),
    "dict": ("Mapping[str, Any]", "mapping"),
    "list": ("Sequence[Any]", "sequence"),
    "str int": ("str | int", "identifier"),
    "int str": ("str | int", "identifier"),
    "decimal": ("int | str | Decimal", "decimal"),
    "unix-time": ("datetime | int", "unix_time"),
    "date-time": ("datetime | str", "date_time"),
}
"""By the format or the types of a member of the body: its annotation, and the function that validates and writes it."""

_OBJECTS = {
    "fields": "Mapping[str, Sequence[str] | str]",
    "object": "Mapping[str, FilterValue]",
    "spread": "Mapping[str, FilterValue]",
}
"""Annotations of objects in a query, by their style."""


@dataclass(frozen=True)
class Argument:
    """One argument of a method.

    `location` is `path`, `query`, `header` or `body`; `encoder` names the function of `_core.arguments` that validates
    and writes it; `style` says how a query parameter is laid out: `text`, `list`, `repeated`, `object`, `spread` or
    `fields`.
    """

    name: str
    wire: str
    location: str
    annotation: str
    encoder: str
    required: bool
    nullable: bool
    description: str
    style: str = "text"


class Operation(NamedTuple):
    """An operation as the document has it: its path, the path's item, its verb and itself."""

    path: str
    item: Node
    verb: str
    node: Node

    @property
    def tag(self) -> str:
        """Its tag, or what its operationId names as such."""
        return str((self.node.get("tags") or ["(none)"])[0])

    @property
    def name(self) -> str:
        """The last part of its operationId."""
        return str(self.node["operationId"]).rpartition(".")[2]


class Result(NamedTuple):
    """How a response is read: by which of `_core.readers`, into which model, of which document, in which style."""

    reader: str = "nothing"
    model: str | None = None
    document: str | None = None
    page: str | None = None
    accept: str = "application/json"


class Method:
    """One operation as a method of its resource. `siblings`: the endpoints of the same tag, by method name.

    Attributes:
        result: By which of `_core.readers` its response is read, into `model`, in `page` style, as part of `document`.
        responses: The statuses the document has responses for, such as `200`, `4XX` and `default`.
        statuses: The success statuses; none where a range or `default` takes in any.
        serialize_by: Where the request names what no other call may change at the same time, in order of preference.
        echoes: What the response repeats of the request.
        reference: The path of the body's member that carries the caller's own reference. With a `reference_description`
            it stands inside another member, and is an argument of its own.
        root: The body's only member, in which the arguments stand.
        lookup: Where a record is looked for whose create has no response.
        walk: Of a list that can be gone through by id: what to sort by, and the filter for what comes after an id.

    Raises:
        ValueError: Something in the document has no place in the SDK as it stands.
    """

    def __init__(
        self,
        parsed: Parsed,
        models: ModelReader,
        endpoint: Endpoint,
        operation: Operation,
        siblings: Mapping[str, Endpoint],
    ) -> None:
        node = operation.node
        self._parsed = parsed
        self._models = models
        self.endpoint = endpoint
        self.operation_id = str(node["operationId"])
        self.name = operation.name
        self.verb = operation.verb.upper()
        self.path = operation.path
        self.summary = text(endpoint.summary) or self.name
        self.description = text(endpoint.description)
        self.sources = [str(one) for one in node.get("x-source", [])]
        if self.operation_id != f"{operation.tag}.{self.name}" or len(node["tags"]) != 1:
            raise ValueError(f"its tag must be {self.operation_id.rpartition('.')[0]!r}, as its operationId begins")
        self.credential, self.call_credentials, self.needs_call_credential = read_security(parsed, node)
        self.keyed = any(text(one.name).lower() == "idempotency-key" for one in endpoint.header_parameters)
        self.idempotent, self.creates = _flag(node, "x-idempotent"), _flag(node, "x-creates")
        if self.creates and self.idempotent:
            raise ValueError(
                "x-creates and x-idempotent exclude each other: a repeat of a create makes a second record"
            )
        repeatable = self.idempotent or self.keyed or endpoint.method in ("get", "put", "delete")
        self.unknown_if_lost = self.creates or not repeatable
        self.if_lost = _if_lost(node, allowed=self.unknown_if_lost and not self.keyed)
        self.responses = [one.status_code.pattern for one in endpoint.responses]
        exact = [one.status_code.pattern for one in _successes(endpoint)]
        self.statuses = sorted(map(int, exact)) if all(map(str.isdecimal, exact)) else []
        read, response = self._result()
        self.result, self.model, self.document, self.page, self.accept = read
        body = self._body()
        self.has_body = body is not None
        self.root, fields = self._root(body)
        self.arguments = self._fields(fields)
        marks = EchoReader(parsed, body, self.root, self.result, response)
        self.reference, self.reference_description = marks.reference([one.name for one in self.arguments])
        self.echoes = self._parameters(operation, marks) + marks.in_body()
        self.arguments.sort(key=lambda one: (_LOCATIONS.index(one.location), not one.required))
        self._check_names()
        self.serialize_by = read_serialize_by(node, self.path, self._inputs(operation))
        known = self._known(endpoint)
        stem = pascal_case(operation.tag.rpartition(".")[2]) + ("" if self.name == "list" else pascal_case(self.name))
        self.filter_class = f"{stem}Filter" if known else None
        self.filter = {key: self._filter_value(one) for key, one in known.items()}
        by_id = self.page == "number" and "id_gt" in known
        self.walk = ("id", "filter[id_gt]") if by_id and _query(endpoint, "sort") else None
        self.lookup = None
        if self.creates and not self.keyed and "list" in siblings:
            filters = self._known(siblings["list"])
            sent = [one.name for one in self.arguments if f"{one.name}_eq" in filters]
            since = "created_at_gteq" if "created_at_gteq" in filters else None
            self.lookup = (f"{operation.tag}.list", sent, since)

    def at(self, location: str) -> list[Argument]:
        """The arguments that go into one part of the request."""
        return [argument for argument in self.arguments if argument.location == location]

    def _inputs(self, operation: Operation) -> dict[tuple[str, str], str]:
        """The arguments by where they are sent; parameters that the method does not send have an empty name."""
        given = [*operation.item.get("parameters", []), *operation.node.get("parameters", [])]
        found = dict.fromkeys([(str(one["in"]), str(one["name"])) for one in map(self._parsed.resolve, given)], "")
        found |= {(one.location, one.wire): one.name for one in self.arguments if one.location != "body"}
        found |= {("header", one.header): one.argument for one in self.call_credentials}
        return {(place, name.lower() if place == "header" else name): one for (place, name), one in found.items()}

    def _check_names(self) -> None:
        names = [one.name for one in self.arguments] + [one.argument for one in self.call_credentials]
        if self.reference is not None and self.reference_description is not None:
            if not self.creates:
                raise ValueError(f"{self.reference[-1]}: x-reference belongs to an operation that is marked x-creates")
            names.append("reference")
        for name in names:
            if name in _TAKEN or not name.isidentifier() or keyword.iskeyword(name):
                raise ValueError(f"{name!r} cannot be the name of an argument")
            if names.count(name) > 1:
                raise ValueError(f"two inputs become the argument {name!r}")

    def _parameters(self, operation: Operation, marks: EchoReader) -> list[Echo]:
        """Add the parameters to the arguments; of `style`, `description` and marks the tool keeps nothing."""
        given = [*operation.item.get("parameters", []), *operation.node.get("parameters", [])]
        nodes = {(str(one["in"]), str(one["name"])): one for one in map(self._parsed.resolve, given)}
        members, echoes = [one.name for one in self.arguments], list[Echo]()
        for location, one in self.endpoint.iter_all_parameters():
            node = nodes.pop((location.value, text(one.name)))
            header = location == "header" and text(one.name).lower() in _NOT_ARGUMENTS
            if header or "x-alternative" in node:
                continue
            argument = self._parameter(one, node)
            if argument.name in members:
                # The body's member keeps the plain name: it is what the call is about.
                argument = replace(argument, name=f"{argument.location}_{argument.name}")
            self.arguments.append(argument)
            echoes += marks.in_path(node, self.path, argument.name)
        for _, wire in nodes:
            raise ValueError(f"the parameter {wire} has no schema; give it one instead of `content`")
        return echoes

    def _parameter(self, one: PropertyProtocol, node: Node) -> Argument:
        wire, location = text(one.name), str(node["in"])
        if location not in _LOCATIONS:
            raise ValueError(f"the parameter {wire} stands in a {location}; the SDK sends path, query, header")
        described = str(node.get("description", ""))
        # The tool's python_name makes filter_ of filter, and keeps the X- of a header.
        name = re.sub(r"[^A-Za-z0-9]+", "_", wire.removeprefix("X-")).strip("_").lower()
        if location == "path":
            return Argument(name, wire, location, "str | int", "path_segment", True, False, described)
        types, style = json_types(one), _style(name, one, node)
        if isinstance(one, ListProperty):
            annotation = f"{self._sequence(one.inner_property)} | str"
        else:
            annotation = _OBJECTS.get(style) or _scalar(types)
        encoder = "query_integer" if style == "text" and types == ["int"] else f"query_{style}"
        if location == "header" and annotation == "str":
            # Its own function validates a text; others are written as text first.
            encoder = ""
        annotation += "" if one.required else " | None"
        return Argument(name, wire, location, annotation, encoder, one.required, False, described, style)

    def _body(self) -> PropertyProtocol | None:
        bodies = {text(one.content_type): one.prop for one in self.endpoint.bodies}
        if bodies and "application/json" not in bodies:
            raise ValueError("the SDK sends application/json, which its request body does not list")
        body = bodies.get("application/json")
        if body is not None and not isinstance(body, ModelProperty):
            raise ValueError("its request body is not an object, whose members would become arguments")
        return body

    def _root(self, body: PropertyProtocol | None) -> tuple[str | None, PropertyProtocol | None]:
        """The only member of a body that holds all the others, where it has one, and the object they stand in."""
        (name, only), *more = [*self._parsed.properties(body).items()] or [(None, None)]
        return (name, only) if not more and self._parsed.properties(only) else (None, body)

    def _fields(self, body: PropertyProtocol | None) -> list[Argument]:
        found: list[Argument] = []
        for name, one in self._parsed.properties(body).items():
            if self._parsed.mark(body, name, "x-alternative") is None:
                usual = _INPUTS.get(" ".join(json_types(one)), ("Any", "anything"))
                annotation, encoder = _INPUTS.get(self._parsed.format(one), usual)
                nullable = is_nullable(one)
                annotation += " | None" * nullable + " | Unset" * (not one.required)
                described = str(self._parsed.mark(body, name, "description") or "")
                found.append(Argument(name, name, "body", annotation, encoder, one.required, nullable, described))
        return found

    def _known(self, endpoint: Endpoint) -> dict[str, PropertyProtocol]:
        return self._parsed.properties(_query(endpoint, "filter"))

    def _filter_value(self, one: PropertyProtocol) -> str:
        types, form = json_types(one), self._parsed.format(one)
        if form == "date-time":
            return "datetime | str"
        if form == "decimal" or "float" in types:
            return "int | str | Decimal"
        if types == ["list"]:
            return "Sequence[str | int]"
        return "str | int" if "int" in types else _scalar(types)

    def _sequence(self, items: PropertyProtocol) -> str:
        schema = self._parsed.schema(items)
        closed: list[Any] = schema.get("enum", []) if isinstance(items, EnumProperty) else []
        known = [f'"{value}"' for value in schema.get("x-extensible-enum", closed)]
        if not known:
            return f"Sequence[{_scalar(json_types(items))}]"
        return f"Sequence[Literal[{', '.join(known)}]{' | str' if 'x-extensible-enum' in schema else ''}]"

    def _result(self) -> tuple[Result, PropertyProtocol | None]:
        """How the response is read, and what the tool made of its schema. Every success must be read the same way."""
        found: dict[Result, PropertyProtocol | None] = {}
        for response in _successes(self.endpoint):
            pattern, source = response.status_code.pattern, response.source["attribute"]
            if source not in ("None", "response.json()"):
                raise ValueError(f"its response {pattern} is not JSON; the SDK reads application/json and */*+json")
            content = response.data.content if isinstance(response.data, ResponseObject) else None
            if content and source != "None":
                found.setdefault(self._read(response.prop, text(next(iter(content)))), response.prop)
            else:
                found.setdefault(Result(), None)
        if len(found) > 1:
            several = " and ".join(one.model or one.reader for one in found)
            raise ValueError(f"its successes are of several kinds: {several}; give them one schema")
        return next(iter(found.items()), (Result(), None))

    def _read(self, one: PropertyProtocol, accept: str) -> Result:
        if isinstance(one, ListProperty):
            return Result("records", self._model(one.inner_property), accept=accept)
        properties = self._parsed.properties(one)
        data, whole = properties.get("data"), str(one.class_info.name) if isinstance(one, ModelProperty) else None
        if isinstance(data, ListProperty):
            page = "cursor" if "page" in properties else "number" if "meta" in properties else None
            if page is None:
                raise ValueError("a list has either page (cursors) or meta (page numbers)")
            model = self._model(data.inner_property)
            if self._models.is_resource(data.inner_property):
                return Result("page_of_resources", model, whole, page, accept)
            return Result("page", model, None, page, accept)
        if data is not None and self._models.is_resource(data):
            return Result("document", self._model(data), whole, None, accept)
        return Result("record", self._model(one), accept=accept)

    def _model(self, one: PropertyProtocol) -> str:
        if not isinstance(one, ModelProperty) or not self._parsed.is_named(one):
            raise ValueError("its response must be an object, or a list of them, with a name under components/schemas")
        return self._models.add(str(one.class_info.name)).name


def _query(endpoint: Endpoint, name: str) -> PropertyProtocol | None:
    return next((one for one in endpoint.query_parameters if one.name == name), None)


def _successes(endpoint: Endpoint) -> list[Response]:
    """The responses of 2xx, exact ones first; where there is none, `default`."""
    found = [one for one in endpoint.responses.patterns if one.status_code.pattern.startswith("2")]
    return found or [one for one in [endpoint.responses.default] if one is not None]


def _flag(node: Node, name: str) -> bool:
    value = node.get(name, False)
    if not isinstance(value, bool):
        raise ValueError(f"{name} is {value!r}; write true, or leave it out")
    return value


def _if_lost(node: Node, *, allowed: bool) -> str | None:
    """What the document says to do about a call whose response was lost."""
    said = node.get("x-if-lost")
    if said is not None and not (isinstance(said, str) and allowed):
        raise ValueError("x-if-lost is a text, on an operation that must not be sent twice")
    return None if said is None else " ".join(str(said).split())


def _style(name: str, one: PropertyProtocol, node: Node) -> str:
    """How a parameter is laid out."""
    kind = "list" if isinstance(one, ListProperty) else "dict" if json_types(one) == ["dict"] else "text"
    match kind, node["in"], node.get("style", "form"), node.get("explode", True):
        case "text", _, _, _:
            return "text"
        case "list", "query", "form", explode:
            return "repeated" if explode else "list"
        case "dict", "query", "deepObject", _:
            return "fields" if name == "fields" else "object"
        case "dict", "query", "form", True:
            return "spread"
        case _, place, style, _:
            what = "a list" if kind == "list" else "an object"
            raise ValueError(
                f"the parameter {node['name']} is {what} in the {place}, in the style {style}; the SDK writes lists in"
                " a query in the style form, objects in the style deepObject or in the exploded style form"
            )


def _scalar(types: list[str]) -> str:
    return " | ".join({"float": "int | Decimal"}.get(one, one if one in _INPUTS else "str") for one in types) or "str"
