"""Methods of the SDK: the tool's endpoints, with what the document says beyond them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple
from urllib.parse import quote

from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.parser.properties import ModelProperty
from openapi_python_client.parser.properties.protocol import PropertyProtocol
from openapi_python_client.strings import pascal_case

from store_credit_tools.generate import inputs
from store_credit_tools.generate.checked_arguments import CheckedArguments, read_checked
from store_credit_tools.generate.echoes import Echo, EchoReader
from store_credit_tools.generate.examples import read_examples
from store_credit_tools.generate.inputs import Argument, Parameter
from store_credit_tools.generate.models import ModelReader
from store_credit_tools.generate.operations import KNOWN, Operation
from store_credit_tools.generate.parsed import Node, Parsed, json_types, text
from store_credit_tools.generate.plain import json_type
from store_credit_tools.generate.results import Results, successes
from store_credit_tools.generate.security import read_alternatives, read_keyring, read_security
from store_credit_tools.generate.serializing import read_serialize_by

__all__ = ["Argument", "Method", "Source"]

_NOT_ARGUMENTS = frozenset({"accept", "authorization", "content-type", "idempotency-key"})
"""Headers that the document describes elsewhere (OpenAPI 3.1, 4.8.12.2.1), and one that is an option of the call."""

_TAKEN = frozenset(
    "api_key credentials deadline extra_body extra_headers extra_query idempotency_key max_retries options self seal "  # noqa: SIM905
    "timeout token".split()
)
"""What every method takes beside its own arguments, or calls."""

_LOCALS = frozenset(
    "Any Call Echo InvalidArgumentError Operation UNSET arguments bodies body by_id checked_key content cookies files "  # noqa: SIM905
    "form header headers media_type query readers seal urlencode".split()
)
"""Names that the function uses which builds the request."""

_LOCATIONS = ("path", "body", "query", "header", "cookie")


class Source(NamedTuple):
    """An operation, and what the tool made of it; its parameters are in the order of the document."""

    operation: Operation
    endpoint: Endpoint

    @property
    def parameters(self) -> list[Parameter]:
        """Its parameters."""
        made = {text(one.name): one for one in self.endpoint.query_parameters}
        nodes = self.operation.node.get("parameters", [])
        found = [Parameter(node, made[f"p{index}"]) for index, node in enumerate(nodes)]
        places = ("path", "query", "header", "cookie")
        return sorted(found, key=lambda one: places.index(one.key[0]) if one.key[0] in places else 9)

    def query(self, name: str) -> PropertyProtocol | None:
        """A parameter of the query."""
        return next((one.parsed for one in self.parameters if one.key == ("query", name)), None)


class Method:
    """One operation as a method of its resource. `siblings`: the operations of the same tag, by method name.

    Attributes:
        result: By which of `_core.readers` its response is read, into `model`, in `page` style.
        read: The expression that makes the reader; the method `returns` what it gives, and it names `models`.
        responses: The statuses the document has responses for, such as `200`, `4XX` and `default`.
        statuses: The success statuses; none where a range or `default` takes in any.
        serialize_by: Where the request names what no other call may change at the same time, in order of preference.
        echoes: What the response repeats of the request.
        reference: The path of the body's member that carries the caller's own reference. With a `reference_description`
            it stands inside another member, and is an argument of its own.
        root: The body's only member, in which the arguments stand.
        body_kind: How the body is made: of `members`, as a `form`, as `multipart`, of one argument (`whole`), or not at
            all (empty).
        media_type: What the body is sent as.
        security: Of a client that holds several credentials: their alternatives.
        rules: What the modules of `_core` are called after that write ids and amounts; None for those of all systems.
        meta: The record of what a page says of its list.
        deprecated: The document advises against its use.
        examples: Arguments to call it with, from the examples of the document.
        checked: What the system's rules check of the arguments.
        listing: The list on the path of a create.
        lookup: Where a record is looked for whose create has no response.
        walk: Of a list that can be gone through by id: what to sort by, and the filter for what comes after an id.

    Raises:
        ValueError: Something in the OpenAPI document has no place in the SDK as it stands.
    """

    def __init__(
        self,
        parsed: Parsed,
        models: ModelReader,
        source: Source,
        siblings: Mapping[str, Source],
    ) -> None:
        operation, endpoint = source
        node = operation.node
        self._parsed = parsed
        self._models = models
        self._node = node
        self.endpoint = endpoint
        self.operation_id = operation.id
        self.name = operation.name
        self.verb = operation.verb.upper()
        self.path = operation.path
        self.summary = text(endpoint.summary) or self.name
        self.description = text(endpoint.description)
        self.sources = [str(one) for one in node.get("x-source", [])]
        self.deprecated = bool(node.get("deprecated"))
        known = KNOWN.get(operation.system)
        self.rules = None if known is None else known.rules
        if self.rules is not None:
            self.security, self.call_credentials = read_keyring(parsed.document, node, pascal_case(self.rules))
            self.credential, self.needs_call_credential = "credentials" if self.security else None, False
        elif known is not None:
            self.security = ()
            self.credential, self.call_credentials, self.needs_call_credential = read_security(parsed, node)
        else:
            self.security = read_alternatives(parsed.document, node.get("security", []))
            self.credential = "credentials" if self.security else None
            self.call_credentials, self.needs_call_credential = [], False
        self.keyed = any(
            place == "header" and name.lower() == "idempotency-key"
            for place, name in (one.key for one in source.parameters)
        )
        self.idempotent, self.creates = _flag(node, "x-idempotent"), _flag(node, "x-creates")
        if self.creates and self.idempotent:
            raise ValueError(
                "x-creates and x-idempotent exclude each other: a repeat of a create makes a second record"
            )
        # A key of a system with rules does not lock: what is sent under it again may run beside the first request.
        safe = endpoint.method == "get" if self.rules else self.keyed or endpoint.method in ("get", "put", "delete")
        self.unknown_if_lost = self.creates or not (self.idempotent or safe)
        self.if_lost = _if_lost(node, allowed=self.unknown_if_lost and (self.rules is not None or not self.keyed))
        self.responses = [one.status_code.pattern for one in endpoint.responses]
        exact = [one.status_code.pattern for one in successes(endpoint)]
        self.statuses = sorted(map(int, exact)) if all(map(str.isdecimal, exact)) else []
        results = Results(parsed, models, endpoint, node, known=known is not None, counted=self.rules is not None)
        self.result, self.page, self.model = results.one.reader, results.one.page, results.one.model
        self.meta = results.one.meta
        self.accept, self.returns, self.models = results.accept, results.annotation, results.models
        self.read = results.written(created=self.creates)
        self._taken = _TAKEN | {f"_{self.name}"}
        body = self._body(source)
        self.root, fields = self._root(body) if self.body_kind == "members" else (None, body)
        if self.body_kind == "members":
            self.arguments += self._fields(fields)
            if not self.arguments and not (operation.node["requestBody"].get("required") and fields is body):
                self.body_kind = ""
        marks = EchoReader(parsed, body, self.root, self.result, results.response)
        self.reference, self.reference_description = marks.reference([one.wire for one in self.arguments])
        self.echoes = self._parameters(source, marks) + marks.in_body()
        self._check_path()
        self.arguments.sort(key=lambda one: (_LOCATIONS.index(one.location), not one.required))
        self._check_names()
        self._name_locals()
        self.serialize_by = read_serialize_by(node, self.path, self._inputs(source))
        filters = self._known(source)
        stem = operation.stem + ("" if self.name == "list" else pascal_case(self.name))
        stem += "By" if f"{stem}Filter" in parsed.models else ""
        self.filter_class = f"{stem}Filter" if filters else None
        self.filter = {key: self._filter_value(one) for key, one in filters.items()}
        self.checked = CheckedArguments([], [], [])
        if self.rules is not None:
            self._close_filter()
            self._leave_to_rules(body, source)
        by_id = self.page == "number" and "id_gt" in filters
        self.walk = ("id", "filter[id_gt]") if by_id and source.query("sort") else None
        self.listing = None
        if self.rules is not None and self.creates and "list" in siblings:
            same_path = siblings["list"].operation.path == self.path
            self.listing = siblings["list"].operation.id if same_path else None
        self.lookup = None
        if self.creates and not self.keyed and "list" in siblings:
            of_list = self._known(siblings["list"])
            sent = [one.wire for one in self.at("body") if f"{one.wire}_eq" in of_list]
            since = "created_at_gteq" if "created_at_gteq" in of_list else None
            self.lookup = (f"{self.operation_id.rpartition('.')[0]}.list", sent, since)
        self.examples = read_examples(parsed, node, self.arguments, body_kind=self.body_kind, root=self.root)

    def at(self, location: str) -> list[Argument]:
        """The arguments that go into one part of the request."""
        return [argument for argument in self.arguments if argument.location == location]

    @property
    def wire_path(self) -> str:
        """The path as it is sent, with its parameters in braces."""
        return quote(self.path, safe="/{}:@!$&'()*+,;=-._~%?")

    @property
    def whole_json(self) -> bool:
        """Whether the body is one argument that is written as JSON."""
        return self.body_kind == "whole" and "json" in self.media_type

    @property
    def nullable_body(self) -> bool:
        """Whether the whole body may be null, which is not the same as none."""
        return (self.whole_json and "None" in self.at("body")[0].annotation) or (
            self.whole_json and self.at("body")[0].annotation == "Any"
        )

    @property
    def versions(self) -> list[str]:
        """The versions of the system that have it, where not all do."""
        return [str(one) for one in self._node.get("x-versions", [])]

    @property
    def warned(self) -> list[Argument]:
        """The arguments that the document advises against."""
        return [argument for argument in self.arguments if argument.deprecated]

    def _inputs(self, source: Source) -> dict[tuple[str, str], str]:
        """The arguments by where they are sent; parameters that the method does not send have an empty name."""
        found = dict.fromkeys([one.key for one in source.parameters], "")
        found |= {(one.location, one.wire): one.name for one in self.arguments if one.location != "body"}
        found |= {("header", one.header): one.argument for one in self.call_credentials}
        return {(place, name.lower() if place == "header" else name): one for (place, name), one in found.items()}

    def _check_names(self) -> None:
        if self.reference is not None and self.reference_description is not None and not self.creates:
            raise ValueError(f"{self.reference[-1]}: x-reference belongs to an operation that is marked x-creates")
        seen: dict[str, str] = dict.fromkeys(self._reserved(), "what the method takes itself")
        for one in self.arguments:
            where = f"{one.wire} in the {one.location}"
            other = seen.setdefault(one.name, where)
            if other != where:
                raise ValueError(
                    f"{where} and {other} both become the argument {one.name!r}; give one another with x-argument"
                )
            if not one.name.isidentifier() or inputs.is_reserved(one.name, self._taken):
                raise ValueError(f"{one.name!r} cannot be the name of the argument for {where}")

    def _check_path(self) -> None:
        """Every `{name}` of the path is a parameter, and every parameter of the path stands in it."""
        named, given = set(re.findall(r"\{([^{}]*)\}", self.path)), {one.wire for one in self.at("path")}
        for one in sorted(named ^ given):
            if one in named:
                raise ValueError(f"{{{one}}} stands in its path, and no parameter in the path describes it; write both")
            raise ValueError(f"{one} is a parameter in the path, which has no {{{one}}}; write both")

    def _reserved(self) -> list[str]:
        """Arguments that the document does not name."""
        found = [one.argument for one in self.call_credentials]
        return [*found, "reference"] if self.reference is not None and self.reference_description is not None else found

    def _name_locals(self) -> None:
        """Name the arguments where the request is built, so that none hides what is used there."""
        used = _LOCALS | {one.name for one in self.arguments} | {f"_{self.name.upper()}", *self._reserved()}
        if self.model is not None:
            used |= {self.model}
        for index, one in enumerate(self.arguments):
            local = one.name
            if local in _LOCALS or local == f"_{self.name.upper()}":
                while local in used:
                    local += "_"
                used |= {local}
            self.arguments[index] = replace(one, local=local)

    def _parameters(self, source: Source, marks: EchoReader) -> list[Echo]:
        """Add the parameters to the arguments; of `style`, `description` and marks the tool keeps nothing."""
        echoes = list[Echo]()
        for one in source.parameters:
            location, wire = one.key
            header = location == "header" and wire.lower() in _NOT_ARGUMENTS
            if header or "x-alternative" in one.node:
                continue
            argument = inputs.parameter(self._parsed, one, self._taken)
            names = {other.name: other for other in self.arguments}
            other = names.get(argument.name)
            if argument.name in self._reserved() or (other is not None and other.location != location):
                # The one that came before keeps the plain name, first of all the body's: it is what the call is about.
                argument = replace(argument, name=f"{argument.location}_{argument.name}")
            self.arguments.append(argument)
            echoes += marks.in_path(one.node, self.path, argument.name)
        return echoes

    def _body(self, source: Source) -> PropertyProtocol | None:
        """Choose how the body is sent; gives the object whose members are arguments."""
        node: Node = source.operation.node.get("requestBody") or {}
        content: Node = node.get("content") or {}
        media = json_type(content)
        self.arguments: list[Argument] = []
        self.body_kind, self.media_type, self.has_body = "", "application/json", media is not None
        if media is None:
            return None
        self.media_type = "application/json" if media in ("*/*", "application/*") else media
        body = self.endpoint.bodies[0].prop
        kind, required = self.media_type.partition(";")[0], bool(node.get("required"))
        forms = {"application/x-www-form-urlencoded": "form", "multipart/form-data": "multipart"}
        if kind in forms and self._parsed.properties(body):
            self.body_kind = forms[kind]
            encoding: Node = content[media].get("encoding") or {}
            made = inputs.form_member if self.body_kind == "form" else inputs.part
            for wire, one in self._parsed.properties(body).items():
                if not self._parsed.mark(body, wire, "readOnly"):
                    self.arguments.append(made(self._parsed, body, wire, one, encoding, self._taken))
        elif "json" in kind and isinstance(body, ModelProperty) and self._parsed.properties(body):
            self.body_kind = "members"
            return body
        else:
            self.body_kind = "whole"
            described = str(node.get("description", ""))
            self.arguments.append(
                inputs.whole_body(self._parsed, body, media=self.media_type, required=required, described=described)
            )
        return None

    def _root(self, body: PropertyProtocol | None) -> tuple[str | None, PropertyProtocol | None]:
        """The only member of a body that holds all the others, where it has one, and the object they stand in."""
        (name, only), *more = [*self._parsed.properties(body).items()] or [(None, None)]
        return (name, only) if not more and self._parsed.properties(only) else (None, body)

    def _fields(self, body: PropertyProtocol | None) -> list[Argument]:
        found: list[Argument] = []
        for wire, one in self._parsed.properties(body).items():
            # What only the server sets is not sent (OpenAPI 3.1, 4.8.24).
            if not any(self._parsed.mark(body, wire, mark) for mark in ("x-alternative", "readOnly")):
                found.append(inputs.member(self._parsed, body, wire, one, self._taken))
        return found

    def _known(self, source: Source) -> dict[str, PropertyProtocol]:
        return self._parsed.properties(source.query("filter" if self.rules is None else "q"))

    def _leave_to_rules(self, body: PropertyProtocol | None, source: Source) -> None:
        """Have ids and amounts written by what the system's rules say of them: they depend on its version."""
        self.checked = read_checked(self._parsed, self.path, source.parameters, self.arguments, body)
        amounts = {one.name for one in self.checked.amounts}
        for place, one in enumerate(self.arguments):
            if one.location == "path":
                self.arguments[place] = replace(one, annotation="str")
            elif one.location == "body" and one.name in amounts:
                self.arguments[place] = replace(one, encoder="")

    def _close_filter(self) -> None:
        """Make an argument of its own of the filters that the document does not name.

        The server ignores one that it does not know and lists everything, so that only a caller who says so sends it.
        """
        for place, one in enumerate(self.arguments):
            if (one.location, one.wire, one.style) == ("query", "q", "object"):
                known = replace(
                    one,
                    name="filter",
                    annotation=f"{self.filter_class} | None",
                    encoder="known_filters.query_filter",
                    more=f", {self.filter_class}.__annotations__",
                    local="filter",
                )
                described = (
                    "Other filters that the server supports. The server ignores a filter that it does not know, and "
                    "lists everything."
                )
                unchecked = replace(
                    one,
                    name="filter_unchecked",
                    encoder="known_filters.query_unchecked",
                    description=described,
                    local="filter_unchecked",
                )
                self.arguments[place : place + 1] = [known, unchecked]
                return

    def _filter_value(self, one: PropertyProtocol) -> str:
        types, how = json_types(one), self._parsed.format(one)
        if how == "date-time":
            return "datetime | str"
        if how == "decimal" or "float" in types:
            return "int | str | Decimal"
        if types == ["list"]:
            return "Sequence[str | int]"
        return "str | int" if "int" in types else inputs.scalar(self._parsed, one)[0]


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
