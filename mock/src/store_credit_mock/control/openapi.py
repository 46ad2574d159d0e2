"""The control plane's own OpenAPI document, made from its routes."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus
from types import NoneType
from typing import Annotated, Any

from store_credit_mock.contract.verified import Verified
from store_credit_mock.systems.control_route import ControlRoute
from store_credit_mock.systems.json_types import described, schema_of

__all__ = ["ControlProblem", "describe", "query_schema"]


@dataclass(frozen=True, slots=True)
class ControlProblem:
    """Why a call was refused or failed."""

    error: Annotated[str, "What is wrong, where (a JSON pointer, for a body), and what to do."]


def describe(
    routes: Iterable[ControlRoute],
    open_routes: frozenset[str],
    named: Mapping[str, Any],
    verified: Mapping[str, Sequence[Verified]],
) -> dict[str, Any]:
    """An OpenAPI 3.1 document of these routes.

    Args:
        routes: What is to be described.
        open_routes: Ids of those that need no token.
        named: Schemas by name that stand in place of those of the types.
        verified: How the operations of the systems that are played were verified, by operationId.
    """
    components = dict(named)
    problem = {"application/json": {"schema": schema_of(ControlProblem, components, complete=True)}}
    paths: dict[str, dict[str, Any]] = {}
    tags: dict[str, None] = {}
    for route in routes:
        operation = _operation(route, route.id in open_routes, components)
        paths.setdefault(route.path, {})[route.method.lower()] = operation
        tags.setdefault(operation["tags"][0])
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": "Control plane of the store credit mock",
            "version": "1",
            "description": "What a test can do with a sandbox. These routes are not part of the mocked systems."
            " The header `X-Mock-Sandbox` names the sandbox, if it is not the default one.",
            "x-verified": {identity: [asdict(one) for one in entries] for identity, entries in verified.items()},
        },
        "tags": [{"name": tag} for tag in tags],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "controlToken": {"type": "http", "scheme": "bearer", "description": "The control token."},
                "inspector": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": "store_credit_mock_4010",
                    "description": "Set when a browser signs in to the inspector; the name ends with the port."
                    " Accepted only from the inspector's own page.",
                },
            },
            "responses": {
                "Refused": {"description": "Refused: nothing was changed.", "content": problem},
                "Failed": {"description": "The mock failed, or its storage cannot be used.", "content": problem},
            },
            "schemas": dict(sorted(components.items())),
        },
    }


def query_schema(route: ControlRoute, components: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """JSON Schema of each parameter of the query."""
    defaults = inspect.signature(route.handler).parameters
    made: dict[str, dict[str, Any]] = {}
    for name, kind in route.query_parameters.items():
        schema, default = schema_of(kind, components), defaults[name].default
        if isinstance(schema["type"], list):
            # None stands for a parameter that was left out; a query has no null.
            schema["type"] = schema["type"][0]
        made[name] = schema if default in {None, inspect.Parameter.empty} else {**schema, "default": default}
    return made


def _operation(route: ControlRoute, is_open: bool, components: dict[str, Any]) -> dict[str, Any]:
    text, said = described(route.handler)
    summary, _, description = text.partition("\n\n")
    schemas = {name: schema_of(kind, components) for name, kind in route.path_parameters.items()}
    parameters: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": schema} for name, schema in schemas.items()
    ]
    parameters += [
        {"name": name, "in": "query", "required": False, "schema": schema}
        for name, schema in query_schema(route, components).items()
    ]
    for parameter in parameters:
        if parameter["name"] in said:
            parameter["description"] = said[parameter["name"]]
    operation: dict[str, Any] = {
        "tags": [route.id.rpartition(".")[0]],
        "operationId": route.id,
        "x-method": route.handler.__name__.rstrip("_"),
        "summary": summary.removesuffix("."),
        "description": description,
        "security": [] if is_open else [{"controlToken": []}, {"inspector": []}],
        "parameters": parameters,
    }
    if route.body is not None:
        schema = schema_of(route.arguments[route.body], components)
        needed = bool(components[schema["$ref"].rpartition("/")[2]].get("required"))
        operation["requestBody"] = {"required": needed, "content": {"application/json": {"schema": schema}}}
        operation["x-codegen-request-body-name"] = route.body
    if route.result is NoneType:
        responses: dict[str, Any] = {"204": {"description": HTTPStatus.NO_CONTENT.description + "."}}
    else:
        schema = schema_of(route.result, components, complete=True)
        content = {"application/json": {"schema": schema}}
        responses = {str(route.status): {"description": HTTPStatus(route.status).description + ".", "content": content}}
    refused = {"4XX": {"$ref": "#/components/responses/Refused"}, "5XX": {"$ref": "#/components/responses/Failed"}}
    operation["responses"] = {**responses, **refused}
    return {name: value for name, value in operation.items() if value not in ("", []) or name == "security"}
