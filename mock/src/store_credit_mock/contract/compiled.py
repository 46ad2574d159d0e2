"""The document compiled: every operation with the validators of both its sides."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Literal, cast
from urllib.parse import unquote

import jsonschema_rs

from store_credit_mock.contract.body import FORM, Body
from store_credit_mock.contract.copies import closed_copy, request_copy
from store_credit_mock.contract.document import Document, DocumentError, fragment
from store_credit_mock.contract.keywords import KEYWORDS
from store_credit_mock.contract.query import QueryPlan, typed
from store_credit_mock.contract.violation import Violation
from store_credit_mock.message import Header, Request

__all__ = ["Contract", "Match", "Operation"]

_METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_REQUEST: Final = "urn:store-credit:request"
_CLOSED: Final = "urn:store-credit:closed"
_BODILESS: Final = frozenset({204, 205, 304})
_KNOWN: Final = 256
"""How many right values of one header are remembered."""
_KINDS = jsonschema_rs.ValidationErrorKind

Side = Literal["request", "response", "webhook"]


class Operation:
    """One operation of the document.

    Attributes:
        id: operationId, such as `vinr.store_credit.create`.
        system: Its first part.
        method: In capitals.
        template: The path as the document has it.
        aliases: Other methods, in capitals, that do the same (`x-aliases`); not operations themselves.
        pointer: Where it stands in the document.
        definition: What stands there.
        writes: Whether its method may change something.
    """

    def __init__(
        self, identity: str, method: str, template: str, aliases: tuple[str, ...], pointer: str, definition: Any
    ) -> None:
        self.id = identity
        self.system = identity.partition(".")[0]
        self.method = method
        self.template = template
        self.aliases = aliases
        self.pointer = pointer
        self.definition: Mapping[str, Any] = definition
        self.writes = method not in {"GET", "HEAD", "OPTIONS"}
        # Filled by the contract
        self.parameters: _Parameters
        self.request_bodies: dict[str, _Schema] = {}
        self.body_required = False
        self.form_types: dict[str, frozenset[str]] = {}
        self.responses: dict[str, _Response] = {}

    def __repr__(self) -> str:
        return f"<Operation {self.id}>"


class Match:
    """The operation a request is for.

    Attributes:
        operation: The operation.
        path: Path parameters, decoded.
        alias: The method sent, in capitals, if it is one of the operation's aliases.
    """

    __slots__ = ("alias", "operation", "path")

    def __init__(self, operation: Operation, path: Mapping[str, str], alias: str | None) -> None:
        self.operation = operation
        self.path = path
        self.alias = alias


class _Schema:
    """A compiled schema and where it came from."""

    __slots__ = ("is_valid", "pointer", "validator")

    def __init__(self, validator: jsonschema_rs.Draft202012Validator, pointer: str) -> None:
        self.validator = validator
        self.is_valid = validator.is_valid
        self.pointer = pointer


class _Parameters:
    """The parameters of one operation, checked as one object `{path, query, header}`.

    `bare` says whether neither query nor headers are required; then `path` checks a request that has none of them.
    """

    def __init__(
        self,
        plan: QueryPlan,
        headers: list[tuple[str, bytes, frozenset[str]]],
        schema: _Schema,
        path: _Schema,
        *,
        bare: bool,
    ) -> None:
        self.plan = plan
        self.headers = headers
        self.schema = schema
        self.path = path
        self.bare = bare

    def good(self, path: Mapping[str, str], pairs: list[tuple[str, str]], sent: Mapping[bytes, bytes]) -> bool:
        """Whether nothing is wrong, in the cheapest way there is."""
        if self.bare and not pairs:
            for _, wire, _ in self.headers:
                if wire in sent:
                    break
            else:
                return not path or self.path.is_valid(path)
        return self.schema.is_valid(self.values(path, pairs, sent))

    def values(self, path: Mapping[str, str], pairs: list[tuple[str, str]], sent: Mapping[bytes, bytes]) -> Any:
        values: dict[str, Any] = {"path": dict(path), "query": self.plan.values(pairs) if pairs else {}}
        header: dict[str, Any] = {}
        for name, wire, types in self.headers:
            value = sent.get(wire)
            if value is not None:
                header[name] = typed(value.decode("latin-1"), types)
        values["header"] = header
        return values


class _Header:
    """One documented header of an answer, with values that are known to be right."""

    __slots__ = ("check", "known", "name", "required", "types", "wire")

    def __init__(self, name: str, types: frozenset[str], check: _Schema, *, required: bool) -> None:
        self.name = name
        self.wire = name.encode()
        self.types = types
        self.check = check.is_valid
        self.required = required
        self.known: set[bytes] = set()

    def good(self, value: bytes) -> bool:
        if value in self.known:
            return True
        if not self.check(typed(value.decode("latin-1"), self.types)):
            return False
        if len(self.known) < _KNOWN:
            self.known.add(value)
        return True


class _Response:
    """One documented status of an operation."""

    def __init__(self, pointer: str) -> None:
        self.pointer = pointer
        self.headers: list[_Header] = []
        self.header_schema: _Schema | None = None
        self.bodies: dict[str, _Schema] = {}


class Contract:
    """A document compiled.

    Args:
        document: What to compile; without it the one this package was made with.

    Raises:
        DocumentError: Something in it cannot be compiled or checked: the mock must not start.
    """

    def __init__(self, document: Document | None = None) -> None:
        self.document = document = document or Document.read()
        self.operations: dict[str, Operation] = {}
        self.webhooks: dict[str, _Schema] = {}
        self._exact: dict[str, dict[str, Operation]] = {}
        self._templates: list[tuple[re.Pattern[str], dict[str, Operation]]] = []
        self._tails: dict[str, tuple[str, dict[str, Operation]]] = {}
        self._read_operations()
        roots = list(self._answer_roots())
        # One registry holds both copies; `$ref`s inside a copy lead to the same copy.
        try:
            self._registry = jsonschema_rs.Registry(
                [(_REQUEST, request_copy(document)), (_CLOSED, closed_copy(document, roots))],
                draft=jsonschema_rs.Draft202012,
            )
        except Exception as error:
            raise DocumentError(f"{document.source}: schemas cannot be read: {error}") from error
        self._compiled: dict[tuple[str, str], _Schema] = {}
        for operation in self.operations.values():
            self._compile_operation(operation)
        self._compile_webhooks()

    # Finding an operation

    def find(self, method: str, path: str) -> Match | None:
        """The operation of a request; None if neither an operation nor an alias has this method and path."""
        found = self._exact.get(path)
        if found is not None:
            operation = found.get(method)
            if operation is None:
                return None
            return Match(operation, {}, None if operation.method == method else method)
        cut = path.rfind("/") + 1
        tail = self._tails.get(path[:cut])
        if tail is not None and cut < len(path):
            operation = tail[1].get(method)
            if operation is None:
                return None
            text = path[cut:]
            return Match(
                operation,
                {tail[0]: unquote(text) if "%" in text else text},
                None if operation.method == method else method,
            )
        for pattern, methods in self._templates:
            if fit := pattern.fullmatch(path):
                operation = methods.get(method)
                if operation is None:
                    return None
                values = {name: unquote(text) for name, text in fit.groupdict().items()}
                return Match(operation, values, None if operation.method == method else method)
        return None

    def allowed(self, path: str) -> tuple[str, ...]:
        """The methods the document has for a path, in capitals, aliases left out; empty if it lacks the path."""
        found = self._exact.get(path)
        if found is None:
            cut = path.rfind("/") + 1
            tail = self._tails.get(path[:cut]) if cut < len(path) else None
            if tail is not None:
                found = tail[1]
            else:
                none: dict[str, Operation] = {}
                found = next((methods for pattern, methods in self._templates if pattern.fullmatch(path)), none)
        return tuple(method for method, operation in found.items() if operation.method == method)

    # Checking

    def check_request(
        self,
        operation: Operation,
        path: Mapping[str, str],
        pairs: list[tuple[str, str]],
        request: Request,
        body: Body,
    ) -> tuple[Violation, ...]:
        """Say what is wrong with a request: path, query, headers and body, not credentials."""
        parameters = operation.parameters
        good = parameters.good(path, pairs, request.index())
        if body.kind == "none":
            if good and not operation.body_required:
                return ()
        elif good and body.kind == "json":
            schema = operation.request_bodies.get(body.media_type)
            if schema is not None and schema.is_valid(body.value):
                return ()
        found: list[Violation] = []
        if not good:
            values = parameters.values(path, pairs, request.index())
            found.extend(self._explain("request", operation, parameters.schema, values, ""))
        found.extend(self._check_body(operation, body))
        return tuple(found)

    def _check_body(self, operation: Operation, body: Body) -> Iterable[Violation]:
        pointer = operation.pointer + "/requestBody"
        line = self.document.line(pointer)
        known = ", ".join(operation.request_bodies)
        if body.kind == "none":
            if operation.body_required:
                yield Violation(
                    "request", operation.id, "/body", "required", "a body", "none", "the body is missing", line
                )
            return
        if not operation.request_bodies:
            yield Violation(
                "request", operation.id, "/body", "content", "no body", "a body", "this operation takes no body",
                self.document.line(operation.pointer),
            )  # fmt: skip
            return
        schema = operation.request_bodies.get(body.media_type)
        if schema is None:
            text = f"{body.media_type or 'a body without a content type'} is not taken; {known} are"
            yield Violation(
                "request", operation.id, "/header/content-type", "content-type", known, body.media_type, text, line
            )
        elif body.kind == "malformed":
            text = f"the body is no {'form' if body.media_type == FORM else 'JSON'}: {body.problem}"
            yield Violation("request", operation.id, "/body", "json", body.media_type, body.problem, text, line)
        else:
            value = self._form_value(operation, body.value) if body.kind == "form" else body.value
            if not schema.is_valid(value):
                yield from self._explain("request", operation, schema, value, "/body")

    def _form_value(self, operation: Operation, pairs: list[tuple[str, str]]) -> dict[str, Any]:
        value: dict[str, Any] = {}
        for name, text in pairs:
            new = typed(text, operation.form_types.get(name, frozenset()))
            # A field that comes twice becomes a list, which its type refuses.
            value[name] = [value[name], new] if name in value else new
        return value

    def check_response(
        self,
        operation: Operation,
        status: int,
        headers: Sequence[Header],
        media_type: str | None,
        value: Any,
        *,
        head: bool = False,
    ) -> tuple[Violation, ...]:
        """Say what is wrong with an own answer, against the closed copy.

        Args:
            operation: What was asked for.
            status: HTTP status.
            headers: Names in lower case.
            media_type: Content type without parameters; None if there is no body.
            value: The body's JSON value, or its text.
            head: The answer to HEAD, whose body is left out.
        """
        response = operation.responses.get(str(status)) or operation.responses.get("default")
        if response is None:
            known = ", ".join(operation.responses)
            line = self.document.line(operation.pointer + "/responses")
            text = f"{status} is not documented; {known} are"
            return (Violation("response", operation.id, "/status", "status", known, str(status), text, line),)
        found: list[Violation] = []
        if response.header_schema is not None:
            sent = dict(headers)
            for header in response.headers:
                text = sent.get(header.wire)
                if header.required if text is None else not header.good(text):
                    found.extend(self._explain_headers(operation, response, sent))
                    break
        if head:
            return tuple(found)
        if not response.bodies or status in _BODILESS:
            if media_type is not None:
                line = self.document.line(response.pointer)
                text = f"{status} has no body in the document"
                found.append(Violation("response", operation.id, "/body", "content", "no body", media_type, text, line))
            return tuple(found)
        schema = response.bodies.get(media_type or "")
        if schema is None:
            known = ", ".join(response.bodies)
            text = f"{media_type or 'no body'} is not documented for {status}; {known} are"
            line = self.document.line(response.pointer)
            found.append(
                Violation(
                    "response",
                    operation.id,
                    "/header/content-type",
                    "content-type",
                    known,
                    media_type or "",
                    text,
                    line,
                )
            )
        elif not schema.is_valid(value):
            found.extend(self._explain("response", operation, schema, value, "/body"))
        return tuple(found)

    def check_webhook(self, name: str, value: Any) -> tuple[Violation, ...]:
        """Say what is wrong with the payload of a webhook (`store_credit.created`), against the closed copy."""
        schema = self.webhooks.get(name)
        if schema is None:
            text = f"the document has no webhook {name}"
            return (Violation("webhook", name, "", "path", ", ".join(self.webhooks), name, text),)
        if schema.is_valid(value):
            return ()
        return tuple(self._explain("webhook", name, schema, value, "/body"))

    # Saying why

    def _explain_headers(
        self, operation: Operation, response: _Response, sent: Mapping[bytes, bytes]
    ) -> Iterable[Violation]:
        assert response.header_schema is not None
        values = {
            header.name: typed(sent[header.wire].decode("latin-1"), header.types)
            for header in response.headers
            if header.wire in sent
        }
        return self._explain("response", operation, response.header_schema, values, "/header")

    def _explain(
        self, side: Side, operation: Operation | str, schema: _Schema, value: Any, place: str
    ) -> Iterable[Violation]:
        identity = operation if isinstance(operation, str) else operation.id
        for error in _leaves(schema.validator.iter_errors(value)):
            location = error.absolute_keyword_location or ""
            pointer = location.partition("#")[2]
            inside = location.startswith((_REQUEST, _CLOSED))
            line = self.document.line("#" + pointer) if inside else self.document.line(schema.pointer)
            steps = "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in error.instance_path)
            keyword = error.kind.name
            expected, got = _sides(error, self.document.at("#" + pointer) if inside else None)
            yield Violation(side, identity, place + steps, keyword, expected, got, error.message[:500], line)

    # Compiling

    def _read_operations(self) -> None:
        document = self.document
        for path, item in document.data.get("paths", {}).items():
            methods: dict[str, Operation] = {}
            for method in _METHODS:
                if method not in item:
                    continue
                definition = item[method]
                pointer = fragment("paths", path, method)
                if "operationId" not in definition:
                    raise DocumentError(f"{document.source}: {pointer} has no operationId")
                identity = definition["operationId"]
                aliases = tuple(
                    alias["method"].upper() for alias in item.get("x-aliases", []) if alias["for"] == identity
                )
                operation = Operation(identity, method.upper(), path, aliases, pointer, definition)
                if identity in self.operations:
                    raise DocumentError(f"{document.source}: {identity} is the id of two operations")
                self.operations[identity] = operation
                methods[operation.method] = operation
            for operation in list(methods.values()):
                for alias in operation.aliases:
                    methods.setdefault(alias, operation)
            self._place(path, methods)

    def _place(self, path: str, methods: dict[str, Operation]) -> None:
        if "{" not in path:
            self._exact[path] = methods
            return
        head, _, last = path.rpartition("/")
        if "{" not in head:
            self._tails[head + "/"] = (last.strip("{}"), methods)
            return
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(path))
        self._templates.append((re.compile(pattern), methods))

    def _answer_roots(self) -> Iterable[str]:
        for operation in self.operations.values():
            for status in operation.definition.get("responses", {}):
                yield from self._contents(f"{operation.pointer}/responses/{status}")
        for name, item in self.document.data.get("webhooks", {}).items():
            for method in _METHODS:
                if method in item:
                    yield from self._contents(fragment("webhooks", name, method, "requestBody"))

    def _contents(self, pointer: str) -> Iterable[str]:
        pointer, definition = self.document.resolve(pointer)
        for media_type in definition.get("content", {}):
            yield pointer + fragment("content", media_type, "schema")[1:]

    def _compile(self, base: str, pointer: str) -> _Schema:
        known = self._compiled.get((base, pointer))
        if known is None:
            known = self._compiled[base, pointer] = self._build({"$ref": base + pointer}, pointer)
        return known

    def _build(self, schema: Mapping[str, Any], pointer: str) -> _Schema:
        try:
            validator = jsonschema_rs.Draft202012Validator(
                dict(schema),
                registry=self._registry,
                keywords=dict(KEYWORDS),
                validate_formats=True,
                ignore_unknown_formats=False,
                offline=True,
            )
        except Exception as error:
            line = self.document.line(pointer)
            raise DocumentError(
                f"{self.document.source}:{line}: the schema at {pointer} cannot be compiled: {error}"
            ) from error
        return _Schema(validator, pointer)

    def _types(self, pointer: str) -> frozenset[str]:
        _, schema = self.document.resolve(pointer)
        types: set[str] = set()
        kinds: str | list[str] = cast("dict[str, Any]", schema).get("type", []) if isinstance(schema, dict) else []
        types.update([kinds] if isinstance(kinds, str) else kinds)
        return frozenset(types)

    def _compile_operation(self, operation: Operation) -> None:
        document = self.document
        plans: list[tuple[str, str, bool, frozenset[str], frozenset[str]]] = []
        headers: list[tuple[str, bytes, frozenset[str]]] = []
        shape: dict[str, tuple[dict[str, Any], list[str]]] = {"path": ({}, []), "query": ({}, []), "header": ({}, [])}
        owners = (fragment("paths", operation.template), operation.pointer)
        for owner in owners:
            for number in range(len(document.at(owner).get("parameters", []))):
                pointer, parameter = document.resolve(f"{owner}/parameters/{number}")
                name, place = parameter["name"], parameter["in"]
                if place not in shape:
                    raise DocumentError(f"{document.source}: {pointer}: parameters in {place} are not checked")
                properties, required = shape[place]
                schema = f"{pointer}/schema"
                types = self._types(schema)
                if place == "query":
                    style = parameter.get("style", "form")
                    if style not in {"form", "deepObject"}:
                        raise DocumentError(f"{document.source}: {pointer}: style {style} is not known")
                    resolved, _ = document.resolve(schema)
                    items = self._types(f"{resolved}/items") if "array" in types else frozenset[str]()
                    plans.append((name, style, parameter.get("explode", style == "form"), types, items))
                elif place == "header":
                    headers.append((name.lower(), name.lower().encode(), types))
                key = name.lower() if place == "header" else name
                properties[key] = {"$ref": _REQUEST + schema}
                if parameter.get("required"):
                    required.append(key)
        combined: dict[str, Any] = {"type": "object", "properties": {}}
        for place, (properties, required) in shape.items():
            part: dict[str, Any] = {"type": "object", "properties": properties, "required": required}
            if place == "query":
                part["additionalProperties"] = False
            combined["properties"][place] = part
        bare = not shape["query"][1] and not shape["header"][1]
        operation.parameters = _Parameters(
            QueryPlan(plans),
            headers,
            self._build(combined, operation.pointer),
            self._build(combined["properties"]["path"], operation.pointer),
            bare=bare,
        )
        self._compile_request_body(operation)
        for status in operation.definition["responses"]:
            operation.responses[status] = self._compile_response(f"{operation.pointer}/responses/{status}")

    def _compile_request_body(self, operation: Operation) -> None:
        if "requestBody" not in operation.definition:
            return
        pointer, definition = self.document.resolve(f"{operation.pointer}/requestBody")
        operation.body_required = bool(definition.get("required"))
        for media_type in definition["content"]:
            schema = pointer + fragment("content", media_type, "schema")[1:]
            operation.request_bodies[media_type] = self._compile(_REQUEST, schema)
            if media_type == FORM:
                operation.form_types = self._form_types(schema)

    def _form_types(self, pointer: str) -> dict[str, frozenset[str]]:
        """What a field's text is read as: a number wherever its schema or one of its branches takes a number."""
        pointer, schema = self.document.resolve(pointer)
        types: dict[str, frozenset[str]] = {}
        for name in schema.get("properties", {}):
            member, definition = self.document.resolve(f"{pointer}/properties/{name}")
            kinds = set(self._types(member))
            for number in range(len(definition.get("anyOf", []))):
                kinds |= self._types(f"{member}/anyOf/{number}")
            # Text that is a number is read as one even where a string is allowed too: that is for the empty value.
            types[name] = frozenset(kinds - {"string"}) if kinds & {"integer", "number"} else frozenset(kinds)
        return types

    def _compile_response(self, pointer: str) -> _Response:
        pointer, definition = self.document.resolve(pointer)
        response = _Response(pointer)
        properties: dict[str, Any] = {}
        required: list[str] = []
        for name in definition.get("headers", {}):
            found, header = self.document.resolve(pointer + fragment("headers", name)[1:])
            key = name.lower()
            is_required = bool(header.get("required"))
            check = self._compile(_CLOSED, f"{found}/schema")
            response.headers.append(_Header(key, self._types(f"{found}/schema"), check, required=is_required))
            properties[key] = {"$ref": f"{_CLOSED}{found}/schema"}
            if is_required:
                required.append(key)
        if properties:
            schema = {"type": "object", "properties": properties, "required": required}
            response.header_schema = self._build(schema, pointer)
        for media_type in definition.get("content", {}):
            response.bodies[media_type] = self._compile(
                _CLOSED, pointer + fragment("content", media_type, "schema")[1:]
            )
        return response

    def _compile_webhooks(self) -> None:
        for name, item in self.document.data.get("webhooks", {}).items():
            for method in _METHODS:
                if method in item:
                    for pointer in self._contents(fragment("webhooks", name, method, "requestBody")):
                        self.webhooks[name] = self._compile(_CLOSED, pointer)


def _leaves(errors: Iterable[jsonschema_rs.ValidationError]) -> Iterable[jsonschema_rs.ValidationError]:
    """The reasons at the deepest place: of a union, those of the branch the value was meant for."""
    for error in errors:
        kind = error.kind
        if isinstance(kind, _KINDS.AnyOf | _KINDS.OneOfNotValid):
            branches = [branch for branch in kind.context if not _of_another_type(branch, len(error.instance_path))]
            if len(branches) == 1:
                yield from _leaves(branches[0])
                continue
        yield error


def _of_another_type(branch: list[jsonschema_rs.ValidationError], depth: int) -> bool:
    """Whether a branch was refused for its type alone, so that it describes another kind of thing."""
    return any(
        error.kind.name in {"const", "enum", "not", "type"}
        and (len(error.instance_path) == depth or error.instance_path[-1] == "type")
        for error in branch
    )


def _sides(error: jsonschema_rs.ValidationError, schema_value: Any) -> tuple[str, str]:
    kind: Any = error.kind
    if isinstance(kind, _KINDS.Required):
        return str(kind.property), "nothing"
    if isinstance(kind, _KINDS.AdditionalProperties | _KINDS.UnevaluatedProperties):
        return "no other member", ", ".join(str(name) for name in kind.unexpected)[:200]
    expected = schema_value
    for name in ("limit", "pattern", "format", "types", "expected_value", "options"):
        if expected is None and hasattr(kind, name):
            expected = getattr(kind, name)
    return _short(expected), _short(error.instance)


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= 200 else text[:197] + "..."
