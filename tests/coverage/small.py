"""A small document whose every point can be counted by hand, and exchanges on it."""

from __future__ import annotations

import json
from typing import Any

from store_credit_mock import Contract, Exchange, Request, Response, Violation

__all__ = ["SMALL", "exchange"]

SMALL = """\
openapi: 3.1.0
jsonSchemaDialect: https://json-schema.org/draft/2020-12/schema
info: {title: Small, version: 1.0.0}
paths:
  /things:
    get:
      operationId: t.things.list
      parameters:
        - {name: limit, in: query, schema: {type: integer, minimum: 1}}
        - {name: order, in: query, explode: false, schema: {type: array, items: {type: string, enum: [up, down]}}}
        - name: filter
          in: query
          style: deepObject
          schema:
            type: object
            properties: {name: {type: string}, colour: {type: string, enum: [red, blue]}}
            additionalProperties: {type: string}
        - {name: Trace-Id, in: header, schema: {type: string}}
      responses:
        "200":
          description: Fine.
          content:
            application/json:
              schema:
                type: object
                properties:
                  data: {type: array, items: {$ref: "#/components/schemas/Thing"}}
                  more: {type: boolean}
        default:
          description: Not fine.
          content:
            application/problem+json: {schema: {$ref: "#/components/schemas/Problem"}}
  /things/{id}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: string}}
    put:
      operationId: t.things.replace
      requestBody:
        content:
          application/json: {schema: {$ref: "#/components/schemas/Thing"}}
          application/x-www-form-urlencoded:
            schema: {type: object, properties: {size: {type: integer, enum: [1, 2]}}}
      responses:
        "204": {description: Done.}
        "404":
          description: Not there.
          content:
            application/problem+json: {schema: {$ref: "#/components/schemas/Problem"}}
components:
  schemas:
    Thing:
      type: object
      properties:
        id: {type: string, readOnly: true}
        secret: {type: string, writeOnly: true}
        kind: {type: string, x-extensible-enum: [plain, odd]}
        owner:
          oneOf:
            - {type: string}
            - {$ref: "#/components/schemas/Person"}
            - {$ref: "#/components/schemas/Firm"}
            - {type: "null"}
        parts: {type: array, items: {$ref: "#/components/schemas/Thing"}}
        notes: {type: object, additionalProperties: {type: string}}
        free: {type: object, additionalProperties: true}
        shape:
          anyOf:
            - {type: object, required: [radius], properties: {radius: {type: number}}}
            - {type: object, properties: {side: {type: number, minimum: 10}}}
    Person:
      type: object
      required: [type]
      properties: {type: {const: person}, name: {type: string}}
    Firm:
      type: object
      required: [type]
      properties: {type: {type: string, enum: [firm, club]}, name: {type: string}}
    Problem:
      type: object
      properties: {title: {type: string}, code: {enum: [1, two, null, true]}}
"""


def exchange(
    contract: Contract,
    method: str,
    target: str,
    body: Any = None,
    *,
    status: int = 200,
    answer: Any = None,
    headers: dict[str, str] | None = None,
    answer_type: str = "application/json",
    wrong: str = "",
    truncate_at: int | None = None,
    dropped: bool = False,
    fault: str | None = None,
) -> Exchange:
    """One exchange; bodies that are no bytes are sent as JSON, `wrong` names the sides that carry a violation."""
    sent = dict(headers or {})
    content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    if content:
        sent.setdefault("Content-Type", "application/json")
    request = Request.build(method, target, sent, content)
    match = contract.find(method, request.path)
    text = answer if isinstance(answer, bytes) else b"" if answer is None else json.dumps(answer).encode()
    response = Response(status, [(b"content-type", answer_type.encode())], text, truncate_at, dropped)
    violations = tuple(Violation(side, "", "", "type", "", "", "") for side in wrong.split())  # pyright: ignore[reportArgumentType]
    return Exchange(1, 0, match.operation.id if match else "", request, response, violations, fault)
