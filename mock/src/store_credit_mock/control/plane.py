"""The control plane's door: finds the route, checks token and body, runs the handler in a transaction."""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

import jsonschema_rs
import orjson

from store_credit_mock.contract import read_query
from store_credit_mock.control.describe import describe
from store_credit_mock.control.route import ControlCall, ControlError, ControlRoute
from store_credit_mock.control.routes import ROUTES
from store_credit_mock.message import Request, Response
from store_credit_mock.storage import StorageError
from store_credit_mock.systems.base import Call

if TYPE_CHECKING:
    from store_credit_mock.engine import Engine

__all__ = ["OPEN", "ControlPlane"]

OPEN: Final = frozenset({"mock.health", "mock.document"})
"""Routes that need no token: whether the mock is up, and what the control plane can do."""

_JSON: Final = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]


class ControlPlane:
    """Answers everything below `/_mock/` for one engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.routes: tuple[ControlRoute, ...] = (
            *ROUTES,
            *(route for system in engine.systems.values() for route in system.control_routes()),
        )
        self._patterns = [(_pattern(route.path), route) for route in self.routes]
        self._checks: dict[str, jsonschema_rs.Draft202012Validator] = {
            route.id: jsonschema_rs.Draft202012Validator(dict(route.body), validate_formats=True)
            for route in self.routes
            if route.body is not None
        }

    def describe(self) -> dict[str, Any]:
        """The control plane's OpenAPI document."""
        return describe(self.routes, OPEN)

    def handle(self, request: Request) -> Response:
        """Answer one request."""
        try:
            route, path = self._find(request)
            if route.id not in OPEN and not self._admitted(request):
                raise ControlError(401, "the control plane needs its token: send Authorization: Bearer <control token>")
            body = self._body(route, request)
            query = dict(read_query(request.query))
            for name in query:
                if name not in route.query:
                    raise ControlError(400, f"{name} is not a parameter here; {', '.join(route.query) or 'none'} is")
            result = self._run(route, request, path, query, body)
        except ControlError as error:
            return Response(error.status, list(_JSON), orjson.dumps({"error": str(error)}))
        except StorageError as error:
            return Response(503, list(_JSON), orjson.dumps({"error": str(error)}))
        except ValueError as error:
            return Response(400, list(_JSON), orjson.dumps({"error": str(error)}))
        if result is None:
            return Response(204, [], b"")
        return Response(route.status, list(_JSON), orjson.dumps(result))

    def _find(self, request: Request) -> tuple[ControlRoute, Mapping[str, str]]:
        methods: list[str] = []
        for pattern, route in self._patterns:
            if fit := pattern.fullmatch(request.path):
                if route.method == request.method:
                    return route, {name: unquote(text) for name, text in fit.groupdict().items()}
                methods.append(route.method)
        if methods:
            raise ControlError(405, f"{request.method} is not allowed here; {', '.join(methods)} are")
        raise ControlError(404, f"the control plane has nothing at {request.path[:200]}; see /_mock/openapi.json")

    def _admitted(self, request: Request) -> bool:
        scheme, _, token = (request.header("authorization") or "").strip().partition(" ")
        known = self._engine.control_token.encode("utf-8")
        return scheme.lower() == "bearer" and hmac.compare_digest(token.strip().encode("utf-8"), known)

    def _body(self, route: ControlRoute, request: Request) -> dict[str, Any]:
        if route.body is None:
            if request.body:
                raise ControlError(400, "no body is taken here")
            return {}
        try:
            body: dict[str, Any] = orjson.loads(request.body) if request.body else {}
        except orjson.JSONDecodeError as error:
            raise ControlError(400, f"the body is no JSON: {error}") from error
        check = self._checks[route.id]
        if not check.is_valid(body):
            reasons = [
                f"{'/'.join(str(step) for step in error.instance_path) or 'body'}: {error.message}"
                for error in check.iter_errors(body)
            ]
            raise ControlError(400, "; ".join(reasons[:5]))
        return body

    def _run(
        self,
        route: ControlRoute,
        request: Request,
        path: Mapping[str, str],
        query: Mapping[str, str],
        body: dict[str, Any],
    ) -> Any:
        engine = self._engine
        if route.outside:
            return route.handler(ControlCall(engine, engine.context(request), path, query, body))

        def work(call: Call) -> Any:
            call.request = request
            return route.handler(ControlCall(engine, call, path, query, body))

        return engine.transact(work, write=route.writes)


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(path)))
