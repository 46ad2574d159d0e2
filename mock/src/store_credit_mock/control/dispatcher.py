"""The control plane's door: finds the route, checks token and body, runs the handler in a transaction."""

from __future__ import annotations

import hmac
import re
from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import Any, Final, Literal, cast
from urllib.parse import unquote

import jsonschema_rs
import orjson

from store_credit_mock.contract import coerce, read_query
from store_credit_mock.contract.verified import verified
from store_credit_mock.control.call import ControlState, SandboxCall
from store_credit_mock.control.openapi import describe, query_schema
from store_credit_mock.core.engine import BaseEngine
from store_credit_mock.core.fixtures import fixtures_schema
from store_credit_mock.core.sandboxes import SandboxError, Sandboxes
from store_credit_mock.http import Header, Request, Response
from store_credit_mock.storage import StorageError
from store_credit_mock.systems.call import Call
from store_credit_mock.systems.control_route import LARGEST_BODY, ControlError, ControlRoute
from store_credit_mock.systems.json_types import read_json, schema_of

__all__ = ["OPEN", "PREFIX", "WAITING", "ControlPlane", "refusal"]

PREFIX: Final = "/_mock/"
"""Where the control plane's paths begin."""

WAITING: Final = "/_mock/exchanges"
"""Where the paths begin whose routes may wait for something."""

OPEN: Final = frozenset({"mock.health", "mock.document"})
"""Routes that need no token: whether the mock is up, and what the control plane can do."""

_LARGEST: Final = 2**63 - 1
_INTEGER: Final = re.compile(r"[0-9]{1,18}")
_JSON: Final = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]


class ControlPlane(ControlState):
    """Responds to everything below `/_mock/` for one engine."""

    def __init__(self, engine: BaseEngine, sandboxes: Sandboxes | None = None) -> None:
        super().__init__(engine, sandboxes)
        self._checks: dict[tuple[str, str], jsonschema_rs.Draft202012Validator] = {}
        # Which parts fixtures may have depends on the systems there are.
        self._named = fixtures_schema(engine.systems)

    @cached_property
    def routes(self) -> tuple[ControlRoute, ...]:
        """What it responds to; made when first asked for, as many engines are never controlled."""
        from store_credit_mock.control.sandbox_routes import routes

        return (*routes, *(route for system in self.engine.systems.values() for route in system.control_routes()))

    @cached_property
    def _patterns(self) -> list[tuple[re.Pattern[str], ControlRoute]]:
        return [(_pattern(route.path), route) for route in self.routes]

    @cached_property
    def _described(self) -> dict[str, Any]:
        operations = self.engine.contract.operations.values()
        return describe(self.routes, OPEN, self._named, {one.id: verified(one.definition) for one in operations})

    @property
    def document(self) -> dict[str, Any]:
        """The control plane's OpenAPI document."""
        return self._described

    def handle(self, request: Request) -> Response:
        """Answer one request; one that waits for something is told the time is up at once."""
        steps = self.handle_steps(request)
        try:
            while True:
                next(steps)
        except StopIteration as stop:
            return stop.value

    def handle_steps(self, request: Request) -> Generator[float, None, Response]:
        """Answer one request, leaving the waiting to the caller: yields seconds to wait, returns the response."""
        try:
            route, path = self._find(request)
            if route.id not in OPEN:
                self._admit(request)
            body = self._body(route, request)
            arguments = {**_path(route, path), **self._query(route, request)}
            if route.body is not None:
                arguments[route.body] = read_json(route.arguments[route.body], body)
            engine = self._engine_for(route, request)
            result = self._run(engine, route, request, frozenset(body), arguments)
            if isinstance(result, Generator):
                result = yield from cast("Generator[float, None, Any]", result)
        except ControlError as error:
            return refusal(error.status, error, error.headers)
        except StorageError as error:
            return refusal(503, error)
        except ValueError as error:
            return refusal(400, error)
        except Exception as error:
            if self.engine.raise_errors:
                raise
            return refusal(500, f"the mock failed: {type(error).__name__}: {error}")
        if result is None:
            return Response(204, [], b"")
        return Response(route.status, list(_JSON), orjson.dumps(result))

    def operation(self, request: Request) -> str | None:
        """The id of the route that a request is for; None if there is none."""
        try:
            return self._find(request)[0].id
        except ControlError:
            return None

    def longest_body(self, request: Request) -> int | None:
        """How many bytes the body of a request may have, from its head alone; None where nothing special is allowed.

        Raises:
            ControlError: The route takes long bodies, and the request does not bear the token.
        """
        try:
            route, _ = self._find(request)
        except ControlError:
            return None
        if not route.large:
            return None
        self._admit(request)
        return LARGEST_BODY

    def _admit(self, request: Request) -> None:
        if not self._admitted(request):
            raise ControlError(401, "the control plane requires a token; send Authorization: Bearer <control token>")

    def _find(self, request: Request) -> tuple[ControlRoute, Mapping[str, str]]:
        methods: list[str] = []
        for pattern, route in self._patterns:
            if fit := pattern.fullmatch(request.path):
                if route.method == request.method:
                    return route, {name: unquote(text) for name, text in fit.groupdict().items()}
                methods.append(route.method)
        if methods:
            allowed = ", ".join(methods)
            headers = [(b"allow", allowed.encode())]
            raise ControlError(405, f"{request.method} is not allowed for this route; use {allowed}", headers)
        raise ControlError(404, f"the control plane has no route at {request.path[:200]}; see /_mock/openapi.json")

    def _admitted(self, request: Request) -> bool:
        if self._bears_token(request):
            return True
        if not self.sessions.known(request):
            return False
        if not self.sessions.admitted(request):
            raise ControlError(
                403,
                "the inspector's cookie is accepted only on requests from its own page; send the control token",
            )
        return True

    def _bears_token(self, request: Request) -> bool:
        scheme, _, token = (request.header("authorization") or "").strip().partition(" ")
        known = self.token.encode("utf-8")
        return scheme.lower() == "bearer" and hmac.compare_digest(token.strip().encode("utf-8"), known)

    def _body(self, route: ControlRoute, request: Request) -> dict[str, Any]:
        if route.body is None:
            if request.body not in {b"", b"{}"}:
                raise ControlError(400, "this route accepts no body")
            return {}
        try:
            body: dict[str, Any] = orjson.loads(request.body) if request.body else {}
        except orjson.JSONDecodeError as error:
            raise ControlError(400, f"the body is not valid JSON: {error}") from error
        if not isinstance(cast("Any", body), dict):
            raise ControlError(400, "the body must be a JSON object")
        if route.validated and (number := _too_large(body)):
            raise ControlError(400, f"{number[0] or 'body'}: {number[1]} is larger than the largest valid number")
        if route.validated:
            kind = route.arguments[route.body]
            known = [one.name for one in fields(kind)] if is_dataclass(kind) else ()
            _check(self._validator(route, "body"), body, "body", known)
        return body

    def _validator(self, route: ControlRoute, part: Literal["body", "query"]) -> jsonschema_rs.Draft202012Validator:
        # Made when it is first asked for: most runs use few of the routes, and every run starts.
        check = self._checks.get((route.id, part))
        if check is None:
            components = dict(self._named)
            schema = (
                {"properties": query_schema(route, components)}
                if part == "query"
                else schema_of(route.arguments[route.body or ""], components)
            )
            schema["components"] = {"schemas": components}
            check = self._checks[route.id, part] = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
        return check

    def _query(self, route: ControlRoute, request: Request) -> dict[str, Any]:
        query: dict[str, Any] = {}
        schemas = query_schema(route, {})
        for name, text in read_query(request.query):
            if name not in schemas:
                known = ", ".join(schemas) or "none"
                raise ControlError(400, f"{name} is not a parameter of this route; known parameters: {known}")
            query[name] = coerce(text, frozenset({schemas[name]["type"]}))
        _check(self._validator(route, "query"), query, "query")
        return query

    def _engine_for(self, route: ControlRoute, request: Request) -> BaseEngine:
        """The engine of the sandbox that a request names, which is made by now unless the route is an open one."""
        if self.sandboxes is None:
            return self.engine
        chosen = self.sandboxes.known if route.id in OPEN else self.sandboxes.choose
        try:
            engine = chosen(request.path, request.first_headers)
        except SandboxError as error:
            raise ControlError(error.status, str(error)) from error
        if engine is not self.engine and request.method != "GET":
            self.sandboxes.touched.add(engine)
        return engine

    def _run(
        self,
        engine: BaseEngine,
        route: ControlRoute,
        request: Request,
        sent: frozenset[str],
        arguments: Mapping[str, Any],
    ) -> Any:
        def work(call: Call) -> Any:
            call.request = request
            try:
                return route.handler(SandboxCall(call, sent, self, engine), **arguments)
            except tuple(route.errors) as error:
                raise ControlError(route.errors[type(error)], str(error)) from error
            except ControlError as error:
                if error.keep:
                    return error
                raise

        result = work(engine.context(request)) if route.outside else engine.transaction(work, write=route.writes)
        if isinstance(result, ControlError):
            raise result
        return result


def _path(route: ControlRoute, texts: Mapping[str, str]) -> dict[str, Any]:
    """The parameters of the path, of their types."""
    path: dict[str, Any] = dict(texts)
    for name, kind in route.path_parameters.items():
        if schema_of(kind, {})["type"] == "integer":
            if not _INTEGER.fullmatch(texts[name]):
                raise ControlError(404, f"/{name}: {texts[name][:50]!r} is not a valid {name}; use a whole number")
            path[name] = int(texts[name])
    return path


def _check(
    validator: jsonschema_rs.Draft202012Validator, value: dict[str, Any], place: str, known: Sequence[str] = ()
) -> None:
    if not validator.is_valid(value):
        reasons = [
            f"{_pointer(error.instance_path) or place}: {error.message[:500]}{_hint(error, known)}"
            for error in map(_innermost, validator.iter_errors(value))
        ]
        raise ControlError(400, "; ".join(reasons[:5]))


def _pointer(path: Iterable[str | int]) -> str:
    return "".join(f"/{step}" for step in path)


def _innermost(error: jsonschema_rs.ValidationError) -> jsonschema_rs.ValidationError:
    """What is wrong with an object that could also be null."""
    kind = error.kind
    if isinstance(kind, jsonschema_rs.ValidationErrorKind.AnyOf) and isinstance(error.instance, dict):
        return next((inner for branch in kind.context for inner in branch), error)
    return error


def _hint(error: jsonschema_rs.ValidationError, known: Sequence[str]) -> str:
    """Name the member that was meant by one that is not there."""
    if not isinstance(error.kind, jsonschema_rs.ValidationErrorKind.AdditionalProperties):
        return ""
    near = [found for name in error.kind.unexpected for found in get_close_matches(name, known, 1, 0.6)]
    return f"; did you mean {', '.join(near)}?" if near else ""


def _too_large(value: Any, place: str = "") -> tuple[str, int] | None:
    """Pointer and value of a whole number that no storage can hold."""
    if isinstance(value, int):
        return (place, value) if abs(value) > _LARGEST else None
    inner: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, dict):
        inner = cast("dict[str, Any]", value).items()
    elif isinstance(value, list):
        inner = enumerate(cast("list[Any]", value))
    return next((found for key, item in inner if (found := _too_large(item, f"{place}/{key}"))), None)


def refusal(status: int, reason: object, headers: Sequence[Header] = ()) -> Response:
    """A refusal in the control plane's shape."""
    return Response(status, [*_JSON, *headers], orjson.dumps({"error": str(reason)}))


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(path)))
