"""Documents that are not the bundled one: with an operation more, with formats that nothing checks."""

from __future__ import annotations

import copy
import dataclasses
from typing import Any

from store_credit_mock.contract import Document

__all__ = ["FORMATS", "PETS", "changed", "with_formats", "with_operations"]

FORMATS = [
    "int32", "int64", "float", "double", "byte", "binary", "char", "url", "phone", "currency", "http-date", "ulid",
    "html", "decimal128", "x-of-our-own",
]  # fmt: skip
"""Formats that JSON Schema 2020-12 leaves to annotations; OpenAPI 3.1 defines the first four."""

PETS = """\
openapi: 3.1.0
jsonSchemaDialect: https://json-schema.org/draft/2020-12/schema
info: {title: Pets, version: "7"}
paths:
  /pets:
    get:
      operationId: listPets
      responses:
        "200": {description: Pets., content: {application/json: {schema: {type: array}}}}
"""


def changed(document: Document) -> Document:
    """A copy of a document whose data may be changed."""
    return dataclasses.replace(document, data=copy.deepcopy(dict(document.data)))


def with_operations(document: Document, *, name: str = "vinr.store_credit.balance") -> Document:
    """The document with one operation more than the mock has handlers for: GET /v1/store-credit-balance."""
    made = changed(document)
    parameter = {"name": "at", "in": "query", "schema": {"type": "integer", "format": "int64"}}
    schema = {"type": "object", "required": ["balance"], "properties": {"balance": {"type": "integer"}}}
    content = {"application/json": {"schema": schema}}
    paths: Any = made.data["paths"]
    paths["/v1/store-credit-balance"] = {
        "get": {
            "operationId": name,
            "parameters": [parameter],
            "responses": {
                "200": {"description": "The balance.", "content": content},
                "400": {"$ref": "#/components/responses/VinrBadRequest"},
                "401": {"$ref": "#/components/responses/VinrUnauthorized"},
            },
        }
    }
    return made


def with_formats(document: Document, kind: str) -> Document:
    """The document with a format on a parameter, on members of requests and of responses, and on a response header."""
    made = changed(document)
    for place in (
        "#/paths/~1v1~1store-credit/get/parameters/1/schema",
        "#/components/schemas/VinrStoreCreditCreate/properties/amount",
        "#/components/schemas/VinrStoreCredit/properties/balance_remaining",
        "#/components/schemas/VinrStoreCredit/properties/customer",
        "#/components/headers/VinrRequestId/schema",
    ):
        schema = made.resolve(place)[1]
        assert "format" not in schema
        schema["format"] = kind
    return made
