"""Operations of the document as methods."""

from __future__ import annotations

import keyword
import re
from dataclasses import replace
from typing import Any

from store_credit_tools.generate.echoes import EchoReader
from store_credit_tools.generate.ir import Argument, Echo, Filter, Method
from store_credit_tools.generate.models import ModelReader
from store_credit_tools.generate.schemas import Node, Schemas, pascal, types_of
from store_credit_tools.generate.security import read_security

__all__ = ["MethodReader"]

_PLACES = ("path", "query", "header")
_IGNORED_HEADERS = frozenset({"accept", "authorization", "content-type"})
"""Parameters of these names have no meaning (OpenAPI 3.1, 4.8.12.2.1): other parts of the document describe them."""

_TAKEN = frozenset(
    {
        "api_key",
        "deadline",
        "extra_body",
        "extra_headers",
        "extra_query",
        "idempotency_key",
        "max_retries",
        "options",
        "self",
        "timeout",
        "token",
    }
)
"""What every method takes beside its own arguments."""

_ERRORS = {
    "304": ("NotModifiedError", "What you hold under the ETag you sent is still current (304)."),
    "400": ("ValidationError", "The server refuses the request as it is (400, 422)."),
    "401": ("AuthenticationError", "The credential is missing, unknown, expired, or does not reach this far (401)."),
    "403": ("PermissionDeniedError", "The credential may not do this (403)."),
    "404": ("NotFoundError", "There is no such record (404)."),
    "409": ("ConflictError", "The idempotency key was used with another body, or is in use just now (409)."),
    "422": ("ValidationError", "The server refuses the request as it is (400, 422)."),
    "429": ("RateLimitError", "Too many requests, even after waiting and resending (429)."),
    "500": ("ServerError", "The server failed, even after resending (5xx)."),
}


class MethodReader:
    """Reads operations; models they need are made on the way."""

    def __init__(self, schemas: Schemas, models: ModelReader) -> None:
        self.schemas = schemas
        self.models = models

    def read(self, path: str, item: Node, verb: str, operation: Node, siblings: dict[str, Node]) -> Method:
        """Read one operation. `siblings` are those of the same tag, by method name."""
        operation_id = str(operation["operationId"])
        tag, _, name = operation_id.rpartition(".")
        if [tag] != operation.get("tags"):
            raise ValueError(f"{operation_id}: its tag must be {tag!r}, the operationId without its last part")
        parameters = [
            self.schemas.resolve(one) for one in [*item.get("parameters", []), *operation.get("parameters", [])]
        ]
        body = self._body_schema(operation)
        arguments, root = self._body(operation_id, body)
        taken = {argument.name for argument in arguments}
        keyed = False
        responses = {str(status): self.schemas.resolve(one) for status, one in operation["responses"].items()}
        result, model, document, page, accept = self._result(operation_id, responses)
        marks = EchoReader(self.schemas, result, _success_schema(responses))
        echoes: list[Echo] = []
        for parameter in parameters:
            header = str(parameter["name"]).lower() if parameter["in"] == "header" else ""
            if header == "idempotency-key":
                keyed = True
            elif "x-alternative" not in parameter and header not in _IGNORED_HEADERS:
                argument = self._parameter(parameter)
                if argument.name in taken:
                    # The body's member keeps the plain name: it is what the call is about.
                    argument = replace(argument, name=f"{argument.location}_{argument.name}")
                arguments.append(argument)
                if "x-echoes" in parameter and argument.location != "path":
                    raise ValueError(f"{argument.name}: x-echoes stands on a parameter in the {argument.location}")
                echo = marks.in_path(parameter, path, argument) if argument.location == "path" else None
                echoes += [] if echo is None else [echo]
        echoes += marks.in_body(body, root)
        reference = marks.reference(body, root, arguments)
        security = read_security(self.schemas, operation)
        creates = _flag(operation, "x-creates")
        idempotent = _flag(operation, "x-idempotent")
        if creates and idempotent:
            raise ValueError(
                "x-creates and x-idempotent exclude each other: a repeat of a create makes a second record"
            )
        unknown_if_lost = creates or not (idempotent or keyed or verb in ("get", "put", "delete"))
        filter_ = self._filter(tag, name, parameters)
        names = [argument.name for argument in arguments]
        names += [one.argument for one in security.call]
        if reference is not None and reference.member is not None:
            if not creates:
                raise ValueError(f"{reference.member}: x-reference belongs to an operation that is marked x-creates")
            names.append("reference")
        for argument_name in names:
            if argument_name in _TAKEN or not argument_name.isidentifier() or keyword.iskeyword(argument_name):
                raise ValueError(f"{argument_name!r} cannot be the name of an argument")
            if names.count(argument_name) > 1:
                raise ValueError(f"two inputs become the argument {argument_name!r}")
        order = ("path", "body", "query", "header")
        arguments.sort(key=lambda one: (order.index(one.location), not one.required))
        return Method(
            name=name,
            operation_id=operation_id,
            verb=verb.upper(),
            path=path,
            summary=str(operation.get("summary", name)),
            description=str(operation.get("description", "")),
            arguments=arguments,
            credential=security.client,
            call_credentials=security.call,
            needs_call_credential=security.needs_call,
            keyed=keyed,
            idempotent=idempotent,
            creates=creates,
            statuses=_statuses(responses),
            echoes=echoes,
            reference=reference,
            has_body=body is not None,
            root=root,
            accept=accept,
            result=result,
            model=model,
            document=document,
            page=page,
            lookup=self._lookup(tag, siblings, arguments) if creates and not keyed else None,
            if_lost=self._if_lost(operation, unknown_if_lost=unknown_if_lost and not keyed),
            raises=self._raises(responses, creates, unknown_if_lost),
            sources=[str(one) for one in operation.get("x-source", [])],
            filter=filter_,
            walk=self._walk(parameters) if page == "number" else None,
        )

    def _body_schema(self, operation: Node) -> Node | None:
        body = self.schemas.resolve(operation.get("requestBody", {}))
        content = body.get("content", {})
        if not content:
            return None
        if "application/json" not in content:
            operation_id = operation["operationId"]
            raise ValueError(f"{operation_id}: the SDK sends application/json, which its request body does not list")
        return content["application/json"]["schema"]

    def _body(self, operation_id: str, node: Node | None) -> tuple[list[Argument], str | None]:
        if node is None:
            return [], None
        properties = self.schemas.properties(node)
        if "object" not in types_of(self.schemas.merged(node)):
            raise ValueError(f"{operation_id}: its request body is not an object, whose members would become arguments")
        root = None
        if len(properties) == 1:
            only = next(iter(properties))
            if "properties" in self.schemas.merged(properties[only]):
                root, node = only, properties[only]
                properties = self.schemas.properties(node)
        required = set(self.schemas.merged(node).get("required", []))
        arguments: list[Argument] = []
        for name, schema in properties.items():
            if "x-alternative" in schema or "x-alternative" in self.schemas.resolve(schema):
                continue
            arguments.append(self._body_argument(name, schema, name in required))
        return arguments, root

    def _body_argument(self, name: str, node: Node, required: bool) -> Argument:
        schema = self.schemas.merged(node)
        kinds = types_of(schema)
        annotation, encoder = _input(schema, [kind for kind in kinds if kind != "null"])
        nullable = "null" in kinds
        if nullable:
            annotation += " | None"
        if not required:
            annotation += " | Unset"
        description = str(node.get("description") or schema.get("description", ""))
        return Argument(name, name, "body", annotation, encoder, required, nullable, description)

    def _parameter(self, parameter: Node) -> Argument:
        wire, location = str(parameter["name"]), str(parameter["in"])
        if location not in _PLACES:
            raise ValueError(f"the parameter {wire} stands in a {location}; the SDK sends {', '.join(_PLACES)}")
        schema = self.schemas.merged(parameter.get("schema", {}))
        description = str(parameter.get("description", ""))
        name = re.sub(r"[^A-Za-z0-9]+", "_", wire.removeprefix("X-")).strip("_").lower()
        if location == "path":
            return Argument(name, wire, location, "str | int", "path_segment", True, False, description)
        required = bool(parameter.get("required"))
        kinds = types_of(schema)
        style = "text"
        if kinds == ["array"]:
            style = _array_style(wire, parameter)
            annotation = f"{_sequence(self.schemas.merged(schema.get('items', {})))} | str"
        elif kinds == ["object"]:
            style = _object_style(name, parameter)
            annotation = "Mapping[str, Sequence[str] | str]" if style == "fields" else "Mapping[str, FilterValue]"
        else:
            annotation = _scalar(kinds)
        if not required:
            annotation += " | None"
        encoder = "query_integer" if style == "text" and kinds == ["integer"] else f"query_{style}"
        if location == "header" and annotation.startswith("str"):
            # Its own function validates a text; others are written as text first.
            encoder = ""
        return Argument(name, wire, location, annotation, encoder, required, False, description, style)

    def _filter(self, tag: str, name: str, parameters: list[Node]) -> Filter | None:
        for parameter in parameters:
            if parameter["name"] == "filter":
                known = self.schemas.properties(parameter["schema"])
                keys = [(key, _filter_value(self.schemas.merged(node))) for key, node in known.items()]
                class_name = pascal(tag.rpartition(".")[2]) + ("Filter" if name == "list" else pascal(name) + "Filter")
                return Filter(class_name, keys)
        return None

    def _walk(self, parameters: list[Node]) -> tuple[str, str] | None:
        """How a list with page numbers is gone through by id, where it has what that takes."""
        for parameter in parameters:
            if parameter["name"] == "filter" and "id_gt" in self.schemas.properties(parameter["schema"]):
                return ("id", "filter[id_gt]") if any(one["name"] == "sort" for one in parameters) else None
        return None

    def _result(
        self, operation_id: str, responses: dict[str, Node]
    ) -> tuple[str, str | None, str | None, str | None, str]:
        """How the response is read, the model, the document schema, the page style, the media type."""
        with_body = [response for response in _successes(responses).values() if response.get("content")]
        if not with_body:
            return "nothing", None, None, None, "application/json"
        accept, media = next(iter(with_body[0]["content"].items()))
        node: Node = media["schema"]
        name = self.schemas.name_of(node)
        properties = self.schemas.properties(node)
        data = properties.get("data")
        if data is not None and "array" in types_of(self.schemas.merged(data)):
            item: Node = self.schemas.merged(data)["items"]
            model = self._model(operation_id, item)
            page = "cursor" if "page" in properties else "number" if "meta" in properties else None
            if page is None:
                raise ValueError(f"{operation_id}: a list has either page (cursors) or meta (page numbers)")
            if self.models.is_resource(item):
                return "page_of_resources", model, name, page, accept
            return "page", model, None, page, accept
        if data is not None and self.models.is_resource(data):
            model = self._model(operation_id, data)
            return "document", model, name, None, accept
        return "record", self._model(operation_id, node), None, None, accept

    def _model(self, operation_id: str, node: Node) -> str:
        name = self.schemas.name_of(node)
        if name is None:
            raise ValueError(f"{operation_id}: give the schema of its answer a name under components/schemas")
        self.models.add(name, node)
        return name

    def _lookup(
        self, tag: str, siblings: dict[str, Node], arguments: list[Argument]
    ) -> tuple[str, list[str], str | None] | None:
        listing = siblings.get("list")
        if listing is None:
            return None
        known: set[str] = set()
        for one in listing.get("parameters", []):
            parameter = self.schemas.resolve(one)
            if parameter["name"] == "filter":
                known = set(self.schemas.properties(parameter["schema"]))
        sent = [argument.name for argument in arguments if f"{argument.name}_eq" in known]
        return f"{tag}.list", sent, "created_at_gteq" if "created_at_gteq" in known else None

    def _if_lost(self, operation: Node, *, unknown_if_lost: bool) -> str | None:
        """What the document says to do about a call whose response was lost."""
        text = operation.get("x-if-lost")
        if text is None:
            return None
        if not isinstance(text, str) or not unknown_if_lost:
            raise ValueError("x-if-lost is a text, on an operation that must not be sent twice")
        return " ".join(text.split())

    def _raises(self, responses: dict[str, Any], creates: bool, unknown_if_lost: bool) -> list[tuple[str, str]]:
        found = dict(_ERRORS[status] for status in sorted(responses) if status in _ERRORS)
        if unknown_if_lost:
            found.pop("ServerError", None)
            what = "the record may or may not exist" if creates else "the change may or may not have been made"
            found["OutcomeUnknownError"] = f"No valid response came, or the server failed: {what}."
            found["APIConnectionError"] = "No connection was made, even after resending."
        else:
            found["APIConnectionError"] = "No valid response came, even after resending."
        return list(found.items())


def _flag(operation: Node, name: str) -> bool:
    value = operation.get(name, False)
    if not isinstance(value, bool):
        raise ValueError(f"{name} is {value!r}; write true, or leave it out")
    return value


def _successes(responses: dict[str, Node]) -> dict[str, Node]:
    return {status: response for status, response in responses.items() if status.startswith("2")}


def _statuses(responses: dict[str, Node]) -> list[int]:
    """The success statuses; none where a range takes in any."""
    found = list(_successes(responses))
    return sorted(int(status) for status in found) if all(status.isdecimal() for status in found) else []


def _success_schema(responses: dict[str, Node]) -> Node | None:
    """The schema of the first success that has a body."""
    for response in _successes(responses).values():
        for media in response.get("content", {}).values():
            return media.get("schema")
    return None


def _array_style(wire: str, parameter: Node) -> str:
    place, style = parameter["in"], parameter.get("style", "form")
    if place != "query" or style != "form":
        raise ValueError(
            f"the parameter {wire} is a list in the {place}, in the style {style}; "
            "the SDK writes lists in a query, in the style form"
        )
    return "repeated" if parameter.get("explode", True) else "list"


def _object_style(name: str, parameter: Node) -> str:
    style = parameter.get("style", "form")
    if parameter["in"] == "query" and style == "deepObject":
        return "fields" if name == "fields" else "object"
    if parameter["in"] == "query" and style == "form" and parameter.get("explode", True):
        return "spread"
    raise ValueError(
        f"the parameter {parameter['name']} is an object in the style {style}, in the {parameter['in']}; "
        "the SDK writes objects in a query, in the style deepObject or in the exploded style form"
    )


def _input(schema: Node, kinds: list[str]) -> tuple[str, str]:
    """Annotation of an argument, and the function that checks and writes it."""
    form = schema.get("format")
    if form == "decimal":
        return "int | str | Decimal", "decimal"
    if form == "unix-time":
        return "datetime | int", "unix_time"
    if form == "date-time":
        return "datetime | str", "date_time"
    if set(kinds) == {"string", "integer"}:
        return "str | int", "identifier"
    simple = {
        "string": ("str", "text"),
        "integer": ("int", "integer"),
        "boolean": ("bool", "boolean"),
        "number": ("int | float | Decimal", "number"),
        "object": ("Mapping[str, Any]", "mapping"),
        "array": ("Sequence[Any]", "sequence"),
    }
    return simple[kinds[0]] if len(kinds) == 1 and kinds[0] in simple else ("Any", "anything")


def _scalar(kinds: list[str]) -> str:
    names = {"string": "str", "integer": "int", "boolean": "bool", "number": "int | Decimal"}
    return " | ".join(names.get(kind, "str") for kind in kinds if kind != "null") or "str"


def _sequence(items: Node) -> str:
    known = [str(value) for value in items.get("x-extensible-enum", items.get("enum", []))]
    if not known:
        return f"Sequence[{_scalar(types_of(items))}]"
    literal = "Literal[" + ", ".join(f'"{value}"' for value in known) + "]"
    return f"Sequence[{literal} | str]" if "x-extensible-enum" in items else f"Sequence[{literal}]"


def _filter_value(schema: Node) -> str:
    kinds = types_of(schema)
    if schema.get("format") == "date-time":
        return "datetime | str"
    if schema.get("format") == "decimal" or "number" in kinds:
        return "int | str | Decimal"
    if kinds == ["array"]:
        return "Sequence[str | int]"
    return "str | int" if "integer" in kinds else _scalar(kinds)
