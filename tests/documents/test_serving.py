"""Operations without a handler are served from the examples of their document: statelessly, both sides validated."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import orjson
import pytest

from http_library import httpx
from served_mock import served
from store_credit_mock import Contract, Document, Engine, Mock, Options, Request
from store_credit_mock.http import Response

PETS = """\
openapi: 3.1.0
info: {title: Pets, version: "1"}
servers: [{url: 'https://pets.test/v1'}]
security: [{key: []}, {basic: []}]
paths:
  /pets:
    get:
      operationId: listPets
      parameters: [{name: limit, in: query, schema: {type: integer, maximum: 10}}]
      responses:
        200:
          description: d
          headers:
            X-Total: {schema: {type: integer, minimum: 5}}
            X-Next: {schema: {type: string}, example: abc}
            Content-Length: {schema: {type: integer}}
          content:
            application/xml: {example: <pets/>}
            application/json:
              schema: {type: array, items: {$ref: '#/components/schemas/Pet'}}
              examples: {two: {value: [{id: 1, name: Ada}, {id: 2, name: Bob}]}, none: {value: []}}
        404: {description: d, content: {application/problem+json: {example: {title: none}}}}
        5XX: {description: d, content: {text/plain: {example: broken}}}
    post:
      operationId: createPet
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses:
        201: {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
        400: {description: d, content: {application/json: {example: {code: wrong}}}}
        401: {description: d, content: {application/json: {example: {code: who}}}}
  /pets/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get: {security: [], responses: {2XX: {description: d, content: {application/json: {example: {}}}}}}
    put: {operationId: putPet, security: [{}], responses: {default: {description: d}}}
    delete: {operationId: dropPet, security: [{cookie: []}, {query: []}], responses: {204: {description: d}}}
  /wrong:
    get:
      security: []
      responses:
        200: {description: d, content: {application/json: {schema: {type: object, required: [b]}, example: {a: 1}}}}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
    query: {type: apiKey, in: query, name: key}
    cookie: {type: apiKey, in: cookie, name: session}
    basic: {type: http, scheme: basic}
  schemas:
    Pet:
      type: object
      required: [id, name]
      properties: {id: {type: integer}, name: {type: string}}
"""
KEY = {"X-Key": "any"}
JSON = {**KEY, "Content-Type": "application/json"}
Send = Callable[..., Response]


def engine_of(folder: Path, text: str, **options: Any) -> Engine:
    path = folder / "any.yaml"
    path.write_text(text, "utf-8")
    return Engine(Contract(Document.read(path)), options=Options(seed=1, **options))


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return engine_of(tmp_path, PETS)


@pytest.fixture
def send(engine: Engine) -> Send:
    def sent(method: str, target: str, headers: Mapping[str, str] = KEY, body: str = "") -> Response:
        return engine.handle(Request.build(method, target, headers, body))

    return sent


def value(response: Response) -> Any:
    return orjson.loads(response.body)


def test_it_plays_no_system_of_the_kit_and_says_what_it_serves(
    engine: Engine, send: Send, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    """Somebody else's document needs neither VINR's nor Spree's tokens; the same request gets the same response."""
    assert list(engine.systems) == ["examples"]
    engine_of(tmp_path, PETS)
    assert caplog.messages[-1] == (
        "served from its examples: 6 operations of the document without a handler: listPets, createPet,"
        " GET /pets/{id}, putPet, dropPet, GET /wrong"
    )
    assert send("GET", "/v1/pets").body == send("GET", "/v1/pets").body
    assert [one.operation for one in engine.exchanges] == ["listPets", "listPets"]


def test_the_first_example_comes_with_the_documented_headers(send: Send) -> None:
    """JSON before the other media types; headers by example or schema, those of the transport left to it."""
    response = send("GET", "/v1/pets")
    assert response.status == 200
    assert response.headers == [
        (b"content-type", b"application/json"), (b"x-total", b"5"), (b"x-next", b"abc"),
    ]  # fmt: skip
    assert value(response) == [{"id": 1, "name": "Ada"}, {"id": 2, "name": "Bob"}]
    assert value(send("GET", "/v1/pets", {**KEY, "Prefer": "example=none"})) == []
    assert value(send("GET", "/v1/pets", {**KEY, "Prefer": "dynamic=true"})) == [{"id": 1, "name": "string"}]


@pytest.mark.parametrize(
    ("accept", "status", "media_type"),
    [
        ("", 200, "application/json"),
        ("*/*", 200, "application/json"),
        ("application/xml", 200, "application/xml"),
        ("application/xml;q=0.5, application/json;q=0.4", 200, "application/xml"),
        ("text/html, */*;q=0.1", 200, "application/json"),
        ("application/json;q=0, application/*", 200, "application/xml"),
        ("text/html", 406, "application/problem+json"),
    ],
)
def test_accept_chooses_the_media_type(send: Send, accept: str, status: int, media_type: str) -> None:
    """By quality, then JSON first; what is not offered is a 406 that says what is."""
    response = send("GET", "/v1/pets", {**KEY, "Accept": accept})
    assert (response.status, response.header("content-type")) == (status, media_type)
    if media_type == "application/xml":
        assert response.body == b"<pets/>"


@pytest.mark.parametrize(
    ("target", "prefer", "status", "body"),
    [
        ("/v1/pets", "code=404", 404, b'{"title":"none"}'),
        ("/v1/pets", "code=503", 503, b"broken"),
        ("/v1/pets", 'code="404", example=nothing', 404, b"no example"),
        ("/v1/pets", "code=418", 404, b"listPets has 200, 404, 5XX"),
        ("/v1/pets", "respond-async", 200, b"Ada"),
        ("/v1/pets/1", "code=204", 204, b""),
        ("/v1/pets/1", "", 200, b"{}"),
    ],
)
def test_prefer_chooses_status_and_example(send: Send, target: str, prefer: str, status: int, body: bytes) -> None:
    """Exactly, by range or default; what the document does not have is a 404 that says so."""
    response = send("GET", target, {**KEY, "Prefer": prefer})
    assert response.status == status
    assert body in response.body
    assert response.header("x-mock-violation") is None


@pytest.mark.parametrize(
    ("method", "target", "headers", "status"),
    [
        ("GET", "/v1/pets", {}, 401),
        ("GET", "/v1/pets", {"X-Key": "any"}, 200),
        ("GET", "/v1/pets", {"Authorization": "Basic abc"}, 200),
        ("GET", "/v1/pets", {"Authorization": "Bearer abc"}, 401),
        ("GET", "/v1/pets/1", {}, 200),
        ("PUT", "/v1/pets/1", {}, 200),
        ("DELETE", "/v1/pets/1", {}, 401),
        ("DELETE", "/v1/pets/1", {"Cookie": "a=b; session=x"}, 204),
        ("DELETE", "/v1/pets/1?key=x", {}, 204),
    ],
)
def test_credentials_have_to_be_there(
    send: Send, method: str, target: str, headers: dict[str, str], status: int
) -> None:
    """Which they are does not matter; the 401 is the document's where it has one."""
    assert send(method, target, headers).status == status


def test_a_401_is_the_documents_and_names_the_scheme(send: Send) -> None:
    """With `WWW-Authenticate` for schemes of HTTP's own; else a problem that says what may be sent."""
    response = send("POST", "/v1/pets", {})
    assert (response.status, value(response)) == (401, {"code": "who"})
    assert response.header("www-authenticate") == 'Basic realm="mock"'
    other = send("DELETE", "/v1/pets/1", {})
    assert value(other)["detail"] == "the document asks for credentials: session in cookie or key in query"


def test_a_request_that_breaks_the_document_is_refused_as_it_says(send: Send, tmp_path: Path) -> None:
    """With its 400 or 422, or else a problem; in observe mode it is answered, and only reported."""
    right = json.dumps({"id": 1, "name": "Ada"})
    assert send("POST", "/v1/pets", JSON, right).status == 201
    for body, words in (("{}", "required"), ("{", "json"), ("", "the body is missing")):
        refused = send("POST", "/v1/pets", JSON, body)
        assert (refused.status, value(refused)) == (400, {"code": "wrong"})
        assert words in str(refused.header("x-mock-violation"))
    assert send("GET", "/v1/pets?limit=11", {**KEY, "Prefer": "code=404"}).status == 422
    refused = send("GET", "/v1/pets?limit=11")
    assert (refused.status, refused.header("content-type")) == (422, "application/problem+json")
    assert value(refused)["violations"][0]["in"] == "/query/limit"

    observing = engine_of(tmp_path, PETS, strict=False)
    answered = observing.handle(Request.build("POST", "/v1/pets", JSON, "{}"))
    assert answered.status == 201
    assert "request /body: required" in str(answered.header("x-mock-violation"))


def test_an_example_that_breaks_its_schema_is_sent_and_reported(send: Send, engine: Engine) -> None:
    """Whoever wrote it wants to see it; the violation has the line of the document."""
    response = send("GET", "/v1/wrong", {})
    assert (response.status, value(response)) == (200, {"a": 1})
    assert "response /body: required" in str(response.header("x-mock-violation"))
    assert "(any.yaml:" in str(response.header("x-mock-violation"))
    assert [one.side for one in engine.exchanges[-1].violations] == ["response"]


def test_head_goes_where_get_goes_and_other_methods_are_405(send: Send) -> None:
    """A path that the document lacks is a 404 that says what was meant: the one with the server's path before it."""
    assert send("HEAD", "/v1/pets/1", {}).status == 200
    refused = send("PATCH", "/v1/pets")
    assert (refused.status, refused.header("allow")) == (405, "GET, POST")
    assert value(send("GET", "/pets"))["detail"].endswith("did you mean /v1/pets?")


def test_the_control_plane_works_with_it(tmp_path: Path) -> None:
    """Faults, verification of calls, and a reset; sandboxes of their own see the same document."""
    path = tmp_path / "any.yaml"
    path.write_text(PETS, "utf-8")
    with Mock(Contract(Document.read(path))) as mock, mock.http_client() as client:
        mock.fault("listPets", nth=2, status=503)
        assert [client.get("http://pets.test/v1/pets", headers=KEY).status_code for _ in range(3)] == [200, 503, 200]
        mock.control.verify("listPets", times=3)
        mock.control.reset()
        assert client.get("http://pets.test/v1/pets", headers={**KEY, "X-Mock-Sandbox": "one"}).status_code == 200


GENERATED: list[tuple[str, Any]] = [
    ("{type: string}", "string"),
    ("{type: string, minLength: 8}", "stringst"),
    ("{type: string, maxLength: 3}", "str"),
    ("{type: string, format: date-time}", "2026-01-01T00:00:00Z"),
    ("{type: string, format: uuid}", "00000000-0000-4000-8000-000000000000"),
    ("{type: string, pattern: '^[A-Z]{3}-\\d{2,}$'}", "AAA-00"),
    ("{type: string, pattern: '^(a|b)[^x]+$', minLength: 5}", "aaaaaa"),
    ("{type: string, pattern: '^(?=.*[a-z])x{3,}$'}", "xxx"),
    ("{type: integer}", 1),
    ("{type: integer, minimum: 5, maximum: 7}", 5),
    ("{type: integer, exclusiveMinimum: 5, multipleOf: 4}", 8),
    ("{type: integer, maximum: -3}", -3),
    ("{type: number, exclusiveMinimum: 0, exclusiveMaximum: 1}", 0.01),
    ("{type: boolean}", True),
    ("{type: [string, 'null']}", "string"),
    ("{type: 'null'}", None),
    ("{enum: [b, a]}", "b"),
    ("{const: {a: 1}}", {"a": 1}),
    ("{type: string, default: x}", "x"),
    ("{type: string, examples: [y, z]}", "y"),
    ("{type: array, items: {type: integer}}", [1]),
    ("{type: array, items: {type: integer}, minItems: 3, uniqueItems: true}", [1, 2, 3]),
    ("{type: array, items: {enum: [a, b]}, minItems: 2, uniqueItems: true}", ["a", "b"]),
    ("{type: array, items: {type: string}, maxItems: 0}", []),
    ("{type: array, prefixItems: [{type: string}, {type: integer}], items: false}", ["string", 1]),
    ("{type: object, required: [a], properties: {b: {type: string}}}", {"b": "string", "a": "example"}),
    ("{type: object, additionalProperties: {type: integer}, minProperties: 2}", {"key": 1, "key2": 1}),
    ("{type: object, properties: {a: {type: string, writeOnly: true}, b: {type: string}}}", {"b": "string"}),
    ("{allOf: [{type: object, properties: {a: {type: string}}}, {required: [b], properties: {b: {type: integer}}}]}",
     {"a": "string", "b": 1}),
    ("{oneOf: [{type: 'null'}, {type: integer, minimum: 3}]}", 3),
    ("{anyOf: [{type: string, maxLength: 1}], minLength: 1}", "s"),
    ("{oneOf: [{required: [n]}, {required: [m]}], type: object, properties: {n: {type: string}}}", {"n": "string"}),
    ("{oneOf: [{type: object, properties: {a: {type: string}}}, {type: object, required: [a]}]}", {}),
    ("{$ref: '#/components/schemas/Tree'}", {"name": "string", "children": []}),
    ("{$ref: '#/components/schemas/Either'}", {"name": "tree", "children": []}),
    ("{$ref: '#/components/schemas/Itself'}", {"a": "string"}),
]  # fmt: skip


@pytest.mark.parametrize(("schema", "expected"), GENERATED, ids=[schema for schema, _ in GENERATED])
def test_a_body_without_an_example_is_made_from_its_schema(tmp_path: Path, schema: str, expected: Any) -> None:
    """Always the same, with every member that may be there, and right by the schema."""
    engine = engine_of(
        tmp_path,
        f"""\
openapi: 3.1.0
info: {{title: T, version: "1"}}
paths:
  /a:
    get:
      responses:
        200:
          description: d
          content:
            application/json:
              schema: {schema}
components:
  schemas:
    Tree:
      type: object
      required: [name, children]
      properties:
        name: {{type: string}}
        children: {{type: array, items: {{$ref: '#/components/schemas/Tree'}}}}
        parent: {{$ref: '#/components/schemas/Tree'}}
    Either:
      oneOf: [{{$ref: '#/components/schemas/Tree'}}, {{type: integer}}]
      discriminator: {{propertyName: name, mapping: {{tree: '#/components/schemas/Tree'}}}}
    Itself:
      allOf: [{{type: object, properties: {{a: {{type: string}}}}}}, {{$ref: '#/components/schemas/Itself'}}]
""",
    )
    response = engine.handle(Request.build("GET", "/a"))
    assert response.header("x-mock-violation") is None
    assert value(response) == expected


def test_the_command_serves_any_document_until_it_is_ended(tmp_path: Path) -> None:
    """A real server: what it says at the start, both sides of an exchange, the inspector's routes, and its coverage."""
    path, counted = tmp_path / "any.yaml", tmp_path / "counted.json"
    path.write_text(PETS.replace("3.1.0", "3.0.3", 1), "utf-8")
    with served("--document", str(path), "--coverage", str(counted)) as mock:
        with httpx.Client(base_url=mock.url, trust_env=False) as client:
            assert client.get("/v1/pets", headers=KEY).json()[0] == {"id": 1, "name": "Ada"}
            assert client.head("/v1/pets/1").content == b""
            assert client.get("/v1/pets?limit=x", headers=KEY).status_code == 422
            assert client.get("/_mock/health").json()["systems"] == ["examples"]
        paths = {one.path for one in mock.control.operations()}
        assert "/v1/pets/{id}" in paths
        assert [one.operation for one in mock.control.exchanges(violations=True).data] == ["listPets"]
        said = mock.log()
    assert "--spree-token is ignored: the OpenAPI document has no operation of this system" in said
    assert "any.yaml: OpenAPI 3.0.3 is read as 3.1" in said
    assert "served from its examples: 6 operations of the document without a handler: listPets" in said
    assert orjson.loads(counted.read_bytes())["operations"]["listPets"]["statuses"]["seen"] == ["200"]
