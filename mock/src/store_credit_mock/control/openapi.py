"""The control plane's own OpenAPI document, made from its routes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from store_credit_mock.systems.control_route import ControlRoute

__all__ = ["describe"]

_ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {"error": {"type": "string", "description": "What is wrong and what to do."}},
}


def describe(routes: Iterable[ControlRoute], open_routes: frozenset[str]) -> dict[str, Any]:
    """An OpenAPI 3.1 document of these routes; those in `open_routes` need no token."""
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, route.id in open_routes)
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": "Control plane of the store credit mock",
            "version": "1",
            "description": "What a test may do to the sandbox. No part of the systems that are mocked.",
        },
        "paths": paths,
        "components": {
            "securitySchemes": {
                "controlToken": {"type": "http", "scheme": "bearer"},
                "inspector": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": "store_credit_mock_4010",
                    "description": "Of a sign-in to the inspector; ends in the port. Counts from its page only.",
                },
            },
            "responses": {"Error": {"description": "Refused.", "content": {"application/json": {"schema": _ERROR}}}},
        },
    }


def _operation(route: ControlRoute, is_open: bool) -> dict[str, Any]:
    parameters: list[Mapping[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"\{(\w+)\}", route.path)
    ]
    parameters += [{"name": name, "in": "query", "schema": schema} for name, schema in route.query.items()]
    operation: dict[str, Any] = {
        "operationId": route.id,
        "summary": route.summary,
        "security": [] if is_open else [{"controlToken": []}, {"inspector": []}],
    }
    if parameters:
        operation["parameters"] = parameters
    if route.body is not None:
        operation["requestBody"] = {"content": {"application/json": {"schema": route.body}}}
    empty = route.result.get("type") == "null"
    operation["responses"] = {
        "204" if empty else str(route.status): {"description": "Done."}
        if empty
        else {"description": "Done.", "content": {"application/json": {"schema": route.result}}},
        "4XX": {"$ref": "#/components/responses/Error"},
    }
    return operation
