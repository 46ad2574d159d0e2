"""Any OpenAPI document is read, or refused with file, line and what to write instead."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from store_credit_mock import Document, Request
from store_credit_mock.contract import Contract, DocumentError, ExchangeValidator
from store_credit_mock.http import Response

HEAD = 'openapi: 3.1.0\ninfo: {title: T, version: "1"}\n'
DONE = "responses: {200: {description: d}}"
REFUSED = [
    # text of the document, the line, words
    ('swagger: "2.0"\npaths: {}', 1, "Swagger 2.0 is not supported; convert the document to OpenAPI 3"),
    ("openapi: 3.2.0\npaths: {}", 1, "OpenAPI 3.2.0 is not supported; use 3.1 or 3.0"),
    ("info: {}\npaths: {}", 1, "this is not an OpenAPI document"),
    (HEAD, 1, "`paths` is missing"),
    (f"{HEAD}jsonSchemaDialect: http://json-schema.org/draft-07/schema#\npaths: {{}}", 3, "Draft 2020-12, not as"),
    (f"{HEAD}paths: []", 3, "paths is a mapping, not a list"),
    (f"{HEAD}paths:\n  a: {{}}", 4, "a is not a valid path: it must begin with /"),
    (f"{HEAD}paths:\n  /a?b=1: {{}}", 4, "a query must be described as parameters with `in: query`"),
    (f"{HEAD}paths:\n  /a/{{b: {{}}", 4, "is not a valid path"),
    (f"{HEAD}paths:\n  /a:\n    get: []", 5, "an operation is a mapping, not a list"),
    (f"{HEAD}paths:\n  /a:\n    get:\n      responses:\n        2xx: {{}}", 7, "2xx is not a valid status"),
    (f"{HEAD}paths:\n  /a:\n    get:\n      parameters:\n      - {{name: x}}", 7, "a parameter needs `in`"),
    (f"{HEAD}paths:\n  /a:\n    parameters:\n    - {{name: x, in: body}}", 6, "belongs to Swagger 2.0"),
    (f"{HEAD}paths:\n  /a:\n    parameters:\n    - {{name: x, in: query, type: string}}", 6, "belongs in its `schema`"),
    (
        f"{HEAD}paths:\n  /a:\n    get:\n      parameters:\n      - {{name: id, in: path, required: true}}",
        7,
        "/a does not contain {id}, the placeholder for this path parameter",
    ),
    (f"{HEAD}servers: [{{description: d}}]\npaths: {{}}", 3, "a server needs `url`"),
    (f"{HEAD}paths:\n  /b: {{$ref: 3}}", 4, "$ref must be a string, not a number"),
    (f"{HEAD}paths:\n  /a: {{$ref: '#/paths/~1b'}}\n  /b: {{$ref: '#/paths/~1a'}}", 4, "or is circular"),
    (
        f"{HEAD}paths:\n  /a: {{$ref: 'https://x.test/a.yaml'}}",
        4,
        "is not a relative path; save the file next to the document",
    ),
    (f"{HEAD}paths:\n  /a: {{$ref: /etc/hostname}}", 4, "is not a relative path"),
    (f"{HEAD}paths: {{$ref: parts.yaml#/A/none}}", 3, "the target of this $ref must be an object"),
    (
        f"{HEAD}paths:\n  /a:\n    get: {{$ref: parts.yaml#/none}}",
        5,
        "the target of this $ref must be a valid operation",
    ),
    (f"{HEAD}paths:\n  /a: {{$ref: none.yaml}}", 4, "does not exist"),
    (f"{HEAD}paths:\n  /a: {{$ref: parts.yaml#/none}}", 4, "has no #/none"),
    (f"{HEAD}paths:\n  /a: {{$ref: parts.yaml#anchor}}", 4, "names an anchor"),
    (f"{HEAD}paths:\n  /a:\n    get: {{responses: {{200: {{$ref: '#/components/responses/A'}}}}}}", 5, "to nothing"),
    (
        f"{HEAD}paths:\n  /a:\n    get: {{operationId: x}}\n    put: {{operationId: x}}",
        6,
        "x is also the operationId of another operation",
    ),
    (f"{HEAD}paths:\n  /a:\n    post:\n      requestBody: {{content: {{json: {{}}}}}}", 6, "not a valid media type"),
    ("openapi: 3.1.0\npaths:\n\t/a: {}", 3, "indent with spaces, because YAML does not allow tabs"),
    ("openapi: 3.1.0\npaths: {}\npaths: {}", 3, "paths occurs twice"),
    ("openapi: 3.1.0\npaths: !include a.yaml", 2, "the tag !include is not supported"),
    ("openapi: 3.1.0\n? [a]\n: 1", 2, "a key is missing or is not a string"),
    ("openapi: 3.1.0\ninfo: .inf", 2, ".inf is not a valid JSON number"),
    ("openapi: 3.1.0\ninfo: *none", 2, "undefined alias"),
    ('{"openapi": "3.1.0",\n"paths": {},\n"paths": {}}', 3, "paths occurs twice in one object"),
]


def written(folder: Path, text: str, name: str = "any.yaml") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def read(folder: Path, text: str, name: str = "any.yaml") -> Document:
    return Document.read(written(folder, text, name))


@pytest.mark.parametrize(("text", "line", "words"), REFUSED, ids=[words for *_, words in REFUSED])
def test_what_cannot_be_read_is_refused_with_its_line(tmp_path: Path, text: str, line: int, words: str) -> None:
    """The sentence begins with file and line, and says what to do; nothing ends in a traceback."""
    written(tmp_path, "A: {}", "parts.yaml")
    with pytest.raises(DocumentError) as refused:
        ExchangeValidator(read(tmp_path, text))
    assert str(refused.value).startswith(f"{tmp_path / 'any.yaml'}:{line}: ")
    assert words in str(refused.value)


def test_a_broken_file_beside_the_document_is_named(tmp_path: Path) -> None:
    """What is wrong in another file is told with that file's name and line."""
    written(tmp_path, "A:\n  get:\n    parameters: {}", "parts.yaml")
    with pytest.raises(DocumentError, match=r"parts\.yaml:3: .*parameters is a list, not a mapping"):
        read(tmp_path, f"{HEAD}paths:\n  /a: {{$ref: parts.yaml#/A}}")


def test_an_address_is_no_file() -> None:
    """Nothing is fetched: what is at an address has to be saved first."""
    with pytest.raises(DocumentError, match="download the document, and pass the file"):
        Document.read(Path("https://pets.test/openapi.json"))


def test_yaml_and_json_say_the_same(tmp_path: Path) -> None:
    """Unquoted statuses, dates, anchors, merge keys and a byte order mark are what JSON would have said."""
    text = f"""\
\ufeff{HEAD}x-common: &common
  404: {{description: none}}
  500: {{description: broken}}
paths:
  /a:
    get:
      responses:
        <<: [*common]
        200: {{description: 2026-01-01}}
        500: {{description: own}}
"""
    made = read(tmp_path, text)
    responses: Any = made.data["paths"]["/a"]["get"]["responses"]
    assert {status: one["description"] for status, one in responses.items()} == {
        "200": "2026-01-01", "404": "none", "500": "own",
    }  # fmt: skip
    assert made.line("#/paths/~1a/get/responses/404") == 4

    same = read(tmp_path, json.dumps(made.data, indent=1), "any.json")
    assert same.data == made.data
    assert same.line("#/paths/~1a/get/responses/200/description") == same.line("#/paths/~1a/get/responses/200") + 1  # pyright: ignore[reportOptionalOperand]


def test_an_operation_without_an_id_is_named_by_method_and_path(tmp_path: Path) -> None:
    """Also where two paths share a path item whose operation has an id, which the first keeps."""
    made = read(
        tmp_path,
        f"""{HEAD}paths:
  /v1/things/{{id}}: {{get: {{{DONE}}}, delete: {{operationId: drop, {DONE}}}}}
  /one: {{$ref: '#/components/pathItems/Shared'}}
  /two: {{$ref: '#/components/pathItems/Shared', post: {{{DONE}}}}}
components: {{pathItems: {{Shared: {{get: {{operationId: shared, {DONE}}}}}}}}}
""",
    )
    contract = Contract(made)
    assert set(contract.operations) == {"GET /v1/things/{id}", "drop", "shared", "GET /two", "POST /two"}
    for path, name in (("/one", "shared"), ("/two", "GET /two"), ("/v1/things/7", "GET /v1/things/{id}")):
        match = contract.find("GET", path)
        assert match is not None
        assert match.operation.id == name


def test_what_stands_in_other_files_is_part_of_the_document(tmp_path: Path) -> None:
    """Path items, parameters and schemas, files that refer to each other and back; a violation has the file's line."""
    path = written(
        tmp_path,
        f"""{HEAD}paths:
  /things/{{id}}: {{$ref: 'paths/things.yaml#/one'}}
components:
  schemas:
    Name: {{type: string, maxLength: 3}}
    Node: {{type: boolean}}
""",
    )
    written(
        tmp_path,
        """\
one:
  parameters: [{$ref: '#/id'}]
  get:
    responses:
      200: {description: d, content: {application/json: {schema: {$ref: '../schemas/thing.json'}}}}
id: {name: id, in: path, required: true, schema: {type: integer}}
""",
        "paths/things.yaml",
    )
    thing = {
        "type": "object",
        "properties": {
            "name": {"$ref": "../any.yaml#/components/schemas/Name"},
            "node": {"$ref": "#/$defs/Node"},
        },
        "$defs": {"Node": {"type": "object", "properties": {"inner": {"$ref": "#/$defs/Node"}}}},
    }
    written(tmp_path, json.dumps(thing, indent=1), "schemas/thing.json")
    document = Document.read(path)
    validator = ExchangeValidator(document)

    def found(target: str, body: Any) -> list[str]:
        headers = [(b"content-type", b"application/json")]
        sides = validator.exchange(Request("GET", target), Response(200, headers, json.dumps(body).encode()))
        return [one.pointer for side in sides for one in side.violations]

    assert found("/things/1", {"name": "abc", "node": {"inner": {"inner": {}}}}) == []
    assert found("/things/x", {}) == ["/path/id"]
    assert found("/things/1", {"name": "abcd"}) == ["/body/name"]
    assert found("/things/1", {"node": {"inner": {"inner": 1}}}) == ["/body/node/inner/inner"]
    assert document.place("#/paths/~1things~1{id}/get/responses").startswith(f"{tmp_path / 'paths/things.yaml'}:4: ")
    before = document.digest
    written(tmp_path, json.dumps({"type": "object"}), "schemas/thing.json")
    assert Document.read(path).digest != before


def test_a_document_that_is_split_up_is_one(tmp_path: Path) -> None:
    """As tools that make one file of several have it: whole sections, operations and examples in files of their own."""
    files = {
        "any.yaml": """\
openapi: 3.0.1
paths: {$ref: paths/all.yaml}
components:
  schemas: {$ref: 'parts.yaml#/schemas'}
  securitySchemes: {$ref: 'parts.yaml#/security'}
""",
        "paths/all.yaml": """\
/a/{id}:
  parameters: [{$ref: '../parts.yaml#/id'}]
  get: {$ref: get.yaml}
""",
        "paths/get.yaml": """\
operationId: shown
responses:
  200:
    description: d
    content:
      application/json:
        schema: {$ref: '../any.yaml#/components/schemas/Map«string, Thing»'}
        examples: {one: {value: {$ref: '../one.json'}}, two: {value: {$ref: '#/no/reference'}}}
""",
        "parts.yaml": """\
id: {name: id, in: path, required: true, schema: {type: integer}}
security: {key: {type: apiKey, in: header, name: X}}
schemas:
  Map«string, Thing»: {type: object, additionalProperties: {$ref: '#/schemas/Thing%3C1%3E'}}
  Thing<1>: {type: integer, nullable: true}
""",
        "one.json": '{"a": 1, "b": null}',
    }
    for name, text in files.items():
        written(tmp_path, text, name)
    document = Document.read(tmp_path / "any.yaml")
    contract = Contract(document)
    content: Any = contract.operations["shown"].definition["responses"]["200"]["content"]["application/json"]
    assert content["examples"] == {"one": {"value": {"a": 1, "b": None}}, "two": {"value": {"$ref": "#/no/reference"}}}
    place = "#/paths/~1a~1{id}/get/responses/200"
    assert document.place(place).startswith(f"{tmp_path / 'paths/get.yaml'}:3: ")
    schema = f"{place}/content/application~1json/schema"
    assert contract.check_value(schema, {"a": 1, "b": None}) == ()
    (wrong,) = contract.check_value(schema, {"a": "x"})
    assert (wrong.pointer, str(wrong.line)) == ("/a", "5")
    assert "(parts.yaml:5)" in str(wrong)


def test_a_document_of_3_0_is_read_as_3_1_and_said(tmp_path: Path) -> None:
    """`nullable`, exclusive limits as flags, nothing beside `$ref`, `type: file`; else null is refused."""
    made = read(
        tmp_path,
        """\
openapi: 3.0.3
info: {title: T, version: "1"}
paths: {/a: {get: {responses: {200: {description: d}}}}}
components:
  schemas:
    Other: {type: object}
    Thing:
      type: object
      properties:
        text: {type: string, nullable: true, enum: [x], example: x}
        plain: {type: string}
        above: {type: integer, minimum: 0, exclusiveMinimum: true}
        least: {type: integer, minimum: 0, exclusiveMinimum: false}
        other: {nullable: true, allOf: [{$ref: '#/components/schemas/Other'}]}
        only: {$ref: '#/components/schemas/Other', nullable: true, maxProperties: 0}
        file: {type: file}
""",
    )
    assert len(made.notes) == 1
    assert "OpenAPI 3.0.3 is read as 3.1" in made.notes[0]
    contract = Contract(made, closed=False)
    place = "#/components/schemas/Thing"
    right = {"text": None, "above": 1, "least": 0, "other": None, "only": {"a": 1}, "file": "x"}
    for name, value in {**right, "other ": {}, "text ": "x"}.items():
        assert contract.check_value(place, {name.strip(): value}) == (), name
    for name, value in {"text": "y", "plain": None, "above": 0, "least": -1, "other": 1, "only": None}.items():
        assert contract.check_value(place, {name: value}) != (), name


@pytest.mark.parametrize(
    ("servers", "right", "wrong"),
    [
        ("", ["/a"], ["/v1/a"]),
        ("servers: [{url: 'https://api.test/v1/'}]", ["/v1/a"], ["/a", "/v1//a"]),
        ("servers: [{url: /v1}, {url: 'http://localhost:1'}]", ["/v1/a", "/a"], ["/v2/a"]),
        ("servers: [{url: v1}]", ["/v1/a"], ["/a"]),
        ("servers: [{url: 'https://{host}/{v}', variables: {host: {default: h}, v: {default: v2, enum: [v1, v2]}}}]",
         ["/v1/a", "/v2/a"], ["/a", "/v3/a"]),
    ],
)  # fmt: skip
def test_the_path_of_a_server_comes_before_every_path(
    tmp_path: Path, servers: str, right: list[str], wrong: list[str]
) -> None:
    """Of the root; an operation's own servers, and those of its path, win over it."""
    made = read(
        tmp_path,
        f"""{HEAD}{servers}
paths:
  /a: {{get: {{{DONE}}}}}
  /b: {{servers: [{{url: /of-path}}], get: {{{DONE}}}, put: {{servers: [{{url: /of-put}}], {DONE}}}}}
""",
    )
    contract = Contract(made)
    for path in right:
        assert contract.find("GET", path) is not None, path
    for path in wrong:
        assert contract.find("GET", path) is None, path
    assert [contract.find("GET", "/of-path/b") is None, contract.find("PUT", "/of-put/b") is None] == [False, False]
    assert contract.find("PUT", "/of-path/b") is None


def test_webhooks_callbacks_and_extensions_do_no_harm(tmp_path: Path) -> None:
    """Neither are operations of the server; a webhook without a body and an `x-aliases` of another meaning are read."""
    made = read(
        tmp_path,
        f"""{HEAD}paths:
  x-note: [1]
  /a:
    x-aliases: other
    post:
      callbacks: {{done: {{'{{$request.body#/url}}': {{post: {{{DONE}}}}}, x-note: 1}}}}
      responses: {{x-note: 1, 200: {{description: d, content: {{application/json: }}, headers: {{X-A: {{}}}}}}}}
webhooks: {{thing: {{post: {{{DONE}}}}}}}
""",
    )
    assert list(Contract(made).operations) == ["POST /a"]
