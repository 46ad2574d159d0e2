"""Inputs of the kinds that the tests of Prism, openapi-core and jormaechea's open-api-mocker have, rebuilt as our own.

Each row is one request to one operation, whose parameters or body stand in the row, with the places of what is wrong.
Where one of the three decides otherwise, the row's comment says so.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from store_credit_mock import Document, Request
from store_credit_mock.contract import ExchangeValidator
from store_credit_mock.http import Response

NUMBER = {"type": "number"}
WHOLE = {"type": "integer"}
TEXT = {"type": "string"}
FLAG = {"type": "boolean"}
LIST = {"type": "array", "items": WHOLE}
POINT = {"type": "object", "properties": {"x": WHOLE, "y": WHOLE}, "required": ["x"]}
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=part"


def parameter(place: str, schema: Any, **more: Any) -> dict[str, Any]:
    """One parameter, named `p`."""
    return {"name": "p", "in": place, "required": place == "path", "schema": schema, **more}


def described(folder: Path, path: str = "/things", **operation: Any) -> ExchangeValidator:
    """A validator for a document with one operation, POST."""
    data = {
        "openapi": "3.1.0",
        "info": {"title": "One operation", "version": "1"},
        "paths": {path: {"post": {"operationId": "acme.things.create", **operation}}},
    }
    data["paths"][path]["post"].setdefault("responses", {"default": {"description": "Anything."}})
    document = folder / "one.json"
    document.write_bytes(orjson.dumps(data))
    return ExchangeValidator(Document.read(document))


def places(validator: ExchangeValidator, target: str, headers: dict[str, str], body: bytes | str = b"") -> list[str]:
    """Where a request breaks the OpenAPI document."""
    request = Request.build("POST", target, headers, body)
    result = validator.request(validator.locate(request.method, request.path), request)
    return [violation.pointer for violation in result.violations]


QUERY = [
    # Prism, deserializers: every style, exploded and not, with too little and with nothing
    ("form text", TEXT, {}, "p=v", []),
    ("form list", LIST, {}, "p=1&p=2", []),
    ("form list of one", LIST, {}, "p=1", []),
    ("form list of text", LIST, {}, "p=1&p=b", ["/query/p/1"]),
    ("form list in one", LIST, {"explode": False}, "p=1,2,3", []),
    # Prism takes the last of two; here the second is too many
    ("form list in one, twice", LIST, {"explode": False}, "p=1,2&p=3", ["/query/p"]),
    ("form object", POINT, {}, "x=1&y=2", []),
    ("form object that is incomplete", POINT, {}, "y=2", ["/query/p"]),
    ("form object in one", POINT, {"explode": False}, "p=x,1,y,2", []),
    ("form object in one of odd length", POINT, {"explode": False}, "p=x,1,y", ["/query/p"]),
    ("pipes", LIST, {"style": "pipeDelimited", "explode": False}, "p=1%7C2", []),
    ("pipes, exploded", LIST, {"style": "pipeDelimited", "explode": True}, "p=1&p=2", []),
    ("spaces", LIST, {"style": "spaceDelimited", "explode": False}, "p=1%202", []),
    ("spaces where commas are", LIST, {"style": "spaceDelimited", "explode": False}, "p=1,2", ["/query/p/0"]),
    (
        "deep lists of objects",
        {"type": "object", "properties": {"c": {"type": "array", "items": POINT}, "b": {"properties": {"d": LIST}}}},
        {"style": "deepObject"},
        "p[c][0][x]=1&p[c][0][y]=2&p[c][1][x]=3&p[b][d][0]=4&p[b][d][1]=5",
        [],
    ),
    (
        "deep lists of wrong objects",
        {"type": "object", "properties": {"c": {"type": "array", "items": POINT}}},
        {"style": "deepObject"},
        "p[c][0][x]=1&p[c][1][y]=3",
        ["/query/p/c/1"],
    ),
    ("deep object without members", {"type": "object"}, {"style": "deepObject"}, "", []),
    # Prism: date-times with and without a zone, and an empty one
    ("time", {"type": "string", "format": "date-time"}, {}, "p=2021-02-18T12:02:16.49Z", []),
    ("time without a zone", {"type": "string", "format": "date-time"}, {}, "p=2021-02-18T12:02:16.49", ["/query/p"]),
    ("no time", {"type": "string", "format": "date-time"}, {}, "p=", ["/query/p"]),
    ("pattern", {"type": "string", "pattern": "^(yes|no)$"}, {}, "p=true", ["/query/p"]),
    ("deprecated", TEXT, {"deprecated": True}, "p=v", []),
    # open-api-mocker: missing, without schema, without type, outside of an enumeration
    ("required and missing", TEXT, {"required": True}, "", ["/query"]),
    ("any", {}, {"required": True}, "p=v", []),
    ("enumeration", {"type": "string", "enum": ["a", "b"]}, {}, "p=c", ["/query/p"]),
    # openapi-core refuses an empty value wherever it is not allowed; to JSON Schema it is a text
    ("empty text", TEXT, {}, "p=", []),
    ("empty number", WHOLE, {}, "p=", ["/query/p"]),
    ("empty and allowed", WHOLE, {"allowEmptyValue": True}, "p=", []),
    # openapi-core, casting: what is a number, a flag, one of several
    ("number", NUMBER, {}, "p=-1.5e2", []),
    ("no number", NUMBER, {}, "p=NaN", ["/query/p"]),
    ("flag", FLAG, {}, "p=True", ["/query/p"]),
    ("null or number", {"type": ["integer", "null"]}, {}, "p=", []),
    ("first of any", {"anyOf": [WHOLE, FLAG]}, {}, "p=false", []),
    ("none of any", {"anyOf": [WHOLE, FLAG]}, {}, "p=maybe", ["/query/p"]),
    ("all", {"allOf": [WHOLE, {"minimum": 3}]}, {}, "p=2", ["/query/p"]),
]
PATHS = [
    ("simple", TEXT, {}, "v", []),
    ("simple list", LIST, {}, "1,2", []),
    ("simple object", POINT, {}, "x,1,y,2", []),
    ("simple object, exploded", POINT, {"explode": True}, "x=1,y=2", []),
    ("label", TEXT, {"style": "label"}, ".v", []),
    ("label without its point", TEXT, {"style": "label"}, "v", ["/path/p"]),
    ("label list of nothing", LIST, {"style": "label"}, ".", []),
    ("label list", LIST, {"style": "label"}, ".1,2", []),
    ("label list, exploded", LIST, {"style": "label", "explode": True}, ".1.2", []),
    ("label list of text", LIST, {"style": "label", "explode": True}, ".1.b", ["/path/p/1"]),
    ("label object", POINT, {"style": "label"}, ".x,1,y,2", []),
    ("label object, exploded", POINT, {"style": "label", "explode": True}, ".x=1.y=2", []),
    ("matrix", TEXT, {"style": "matrix"}, ";p=v", []),
    ("matrix without its semicolon", TEXT, {"style": "matrix"}, "v", ["/path/p"]),
    ("matrix without its name", TEXT, {"style": "matrix"}, ";v", ["/path/p"]),
    ("matrix list of nothing", LIST, {"style": "matrix"}, ";p=", []),
    ("matrix list of nothing, exploded", LIST, {"style": "matrix", "explode": True}, ";", []),
    ("matrix list", LIST, {"style": "matrix"}, ";p=1,2", []),
    ("matrix list, exploded", LIST, {"style": "matrix", "explode": True}, ";p=1;p=2", []),
    ("matrix object", POINT, {"style": "matrix"}, ";p=x,1,y,2", []),
    ("matrix object, exploded", POINT, {"style": "matrix", "explode": True}, ";x=1;y=2", []),
    ("matrix object that is incomplete", POINT, {"style": "matrix", "explode": True}, ";y=2", ["/path/p"]),
    ("enumeration", {"enum": ["a", 2]}, {}, "2", []),
    ("outside of an enumeration", {"enum": ["a", 2]}, {}, "3", ["/path/p"]),
]
HEADERS = [
    ("in capitals", parameter("header", TEXT, required=True), {"P": "v"}, []),
    ("missing", parameter("header", TEXT, required=True), {}, ["/header"]),
    ("without schema", {"name": "p", "in": "header", "required": True}, {"p": "v"}, []),
    ("list", parameter("header", LIST), {"p": "1, 2"}, []),
    ("list of text", parameter("header", LIST), {"p": "1, b"}, ["/header/p/1"]),
    ("object", parameter("header", POINT), {"p": "x,1,y,2"}, []),
    ("object, exploded", parameter("header", POINT, explode=True), {"p": "x=1,y=b"}, ["/header/p/y"]),
    ("cookie", parameter("cookie", WHOLE, required=True), {"cookie": "q=x; p=1"}, []),
    ("cookie that is missing", parameter("cookie", WHOLE, required=True), {"cookie": "q=1"}, ["/cookie"]),
    ("cookie of text", parameter("cookie", WHOLE), {"cookie": "p=v"}, ["/cookie/p"]),
    ("cookie outside of an enumeration", parameter("cookie", {"enum": ["a"]}), {"cookie": "p=b"}, ["/cookie/p"]),
]
NESTED = {"type": "object", "properties": {"key": {**POINT, "properties": {"x": POINT}}}, "required": ["key"]}
EITHER = {
    "oneOf": [
        {"type": "object", "required": ["a", "v"], "properties": {"a": TEXT, "v": TEXT}},
        {"type": "object", "required": ["b", "v"], "properties": {"b": TEXT, "v": WHOLE}},
    ]
}
DEEP = {"encoding": {"key": {"style": "deepObject"}}}
FIELDS = {"type": "object", "properties": {"p": LIST, "q": FLAG, "o": POINT}, "required": ["p"]}


def part(name: str, text: str, more: str = "") -> str:
    """A part of a form in several parts."""
    return f'--part\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n{text}\r\n'


BODIES = [
    # Prism, body: deep forms, charsets, media types that are not there, one side's members
    ("deep form", {FORM: {"schema": NESTED, **DEEP}}, FORM, "key%5Bx%5D%5Bx%5D=1", []),
    ("deep form that is incomplete", {FORM: {"schema": NESTED, **DEEP}}, FORM, "key[x][y]=1", ["/body/key/x"]),
    ("form with a charset", {FORM: {"schema": FIELDS}}, f"{FORM}; charset=UTF-8", "p=1&q=true", []),
    ("form of wrong types", {FORM: {"schema": FIELDS}}, FORM, "p=a&q=2", ["/body/p/0", "/body/q"]),
    ("form without a field", {FORM: {"schema": FIELDS}}, FORM, "q=true", ["/body"]),
    ("form, several times", {FORM: {"schema": FIELDS}}, FORM, "p=1&p=2&p=3", []),
    ("form field of JSON", {FORM: {"schema": FIELDS}}, FORM, "p=1&o=%7B%22x%22%3A1%7D", []),
    ("form of a space", {FORM: {"schema": {"properties": {"p": {"const": "a b"}}}}}, FORM, "p=a+b", []),
    ("form of one kind", {FORM: {"schema": EITHER}}, FORM, "a=1&v=2", []),
    ("form of another kind", {FORM: {"schema": EITHER}}, FORM, "b=1&v=2", []),
    ("form of no kind", {FORM: {"schema": EITHER}}, FORM, "b=1&v=c", ["/body"]),
    ("parts", {"multipart/form-data": {"schema": FIELDS}}, MULTIPART, part("p", "1") + part("p", "2") + "--part--", []),
    (
        "part of text",
        {"multipart/form-data": {"schema": FIELDS}},
        MULTIPART,
        part("p", "a") + "--part--",
        ["/body/p/0"],
    ),
    (
        "files",
        {"multipart/form-data": {"schema": {"properties": {"f": {"type": "array", "items": {}}}}}},
        MULTIPART,
        part("f", "\0", '; filename="a"') + part("f", "b", '; filename="b"') + "--part--",
        [],
    ),
    ("JSON of a vendor", {"application/vnd.acme+json": {"schema": NUMBER}}, "application/vnd.acme+json", "1.5", []),
    ("JSON of a wrong type", {"application/json": {"schema": NUMBER}}, "application/json", '"1.5"', ["/body"]),
    ("broken JSON", {"application/json": {"schema": NUMBER}}, "application/json", "{", ["/body"]),
    # Prism lets a media type pass that is not there; here it is wrong
    ("other media type", {"application/json": {}}, "application/xml", "<a/>", ["/header/content-type"]),
    ("XML is not read", {"application/xml": {"schema": POINT}}, "application/xml", "<a/>", []),
    ("text", {"text/plain": {"schema": {"type": "string", "maxLength": 3}}}, "text/plain", "abcd", ["/body"]),
    ("text that is empty", {"text/plain": {"schema": TEXT}}, "text/plain", "", []),
    ("bytes", {"application/octet-stream": {"schema": {}}}, "application/octet-stream", "\1", []),
]


def rows(table: list[tuple[Any, ...]], *names: str) -> pytest.MarkDecorator:
    """Try each row of a table, whose first column is its name."""
    return pytest.mark.parametrize(names, [row[1:] for row in table], ids=[row[0] for row in table])


@rows(QUERY, "schema", "more", "query", "wrong")
def test_queries(schema: Any, more: dict[str, Any], query: str, wrong: list[str], tmp_path: Path) -> None:
    """In every style, with every way to say a type."""
    validator = described(tmp_path, parameters=[parameter("query", schema, **more)])

    assert places(validator, f"/things?{query}", {}) == wrong


@rows(PATHS, "schema", "more", "text", "wrong")
def test_paths(schema: Any, more: dict[str, Any], text: str, wrong: list[str], tmp_path: Path) -> None:
    """In every style; what is not written in its style is told."""
    validator = described(tmp_path, "/things/{p}", parameters=[parameter("path", schema, **more)])

    assert places(validator, f"/things/{text}", {}) == wrong


@rows(HEADERS, "described_as", "sent", "wrong")
def test_headers_and_cookies(
    described_as: dict[str, Any], sent: dict[str, str], wrong: list[str], tmp_path: Path
) -> None:
    """Names have any case, values their types."""
    validator = described(tmp_path, parameters=[described_as])

    assert places(validator, "/things", sent) == wrong


@rows(BODIES, "content", "kind", "body", "wrong")
def test_bodies(content: dict[str, Any], kind: str, body: str, wrong: list[str], tmp_path: Path) -> None:
    """JSON, forms of both kinds, text, and what is not read."""
    validator = described(tmp_path, requestBody={"content": content})

    assert places(validator, "/things", {"content-type": kind}, body) == wrong


@pytest.mark.parametrize(
    ("status", "kind", "body", "wrong"),
    [
        (200, "application/json", b"[1]", []),
        (200, "application/json", b'["a"]', ["/body/0"]),
        (200, "application/json", b"", ["/body"]),
        (200, "text/html", b"<p>", ["/header/content-type"]),
        (299, "application/json", b"1", []),
        (404, "application/problem+json", b"{}", ["/body"]),
        (500, "text/plain", b"oops", []),
    ],
)
def test_responses(status: int, kind: str, body: bytes, wrong: list[str], tmp_path: Path) -> None:
    """Prism: the closest of exact status, range and default, then the media type."""
    content = {"application/json": {"schema": LIST}}
    problem = {"application/problem+json": {"schema": {"required": ["title"]}}}
    responses = {
        "200": {"description": "Fine.", "content": content},
        "2XX": {"description": "As fine.", "content": {"application/json": {"schema": WHOLE}}},
        "4XX": {"description": "Refused.", "content": problem},
        "default": {"description": "Broken.", "content": {"text/plain": {}}},
    }
    validator = described(tmp_path, responses=responses)
    located = validator.locate("POST", "/things")

    response = Response(status, [(b"content-type", kind.encode())], body)
    result = validator.response(located, response.status, response.headers, response.body)
    assert [violation.pointer for violation in result.violations] == wrong
