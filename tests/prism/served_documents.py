"""Small documents whose operations nobody has a handler for, and requests that are sent to whoever serves them."""

from __future__ import annotations

from dataclasses import dataclass, field

# To a body that is no JSON at all Prism gives no response, so none is sent.

__all__ = ["DIFFERENCES", "DOCUMENTS", "Probe"]

_HEAD = 'openapi: 3.1.0\ninfo: {title: T, version: "1"}\n'


@dataclass(frozen=True)
class Probe:
    """One request.

    Attributes:
        target: Method and path with query: `GET /pets?limit=1`.
        headers: Of the request.
        body: Of the request.
    """

    target: str
    headers: dict[str, str] = field(default_factory=dict[str, str])
    body: str = ""


def _get(content: str, more: str = "") -> str:
    return f"""{_HEAD}paths:
  /a:
    get:
      {more}
      responses:
        '200': {{description: d, content: {content}}}
"""


_JSON = {"Content-Type": "application/json"}
_A = Probe("GET /a")

DOCUMENTS: dict[str, tuple[str, list[Probe]]] = {
    "examples": (
        _get("{application/json: {schema: {type: object, required: [n]},"
             " examples: {one: {value: {n: 1}}, two: {value: {n: 2}}}}}"),
        [_A, Probe("GET /a", {"Prefer": "example=two"}), Probe("GET /a", {"Prefer": "example=three"}),
         Probe("HEAD /a"), Probe("GET /b"), Probe("POST /a")],
    ),
    "example": (_get("{application/json: {schema: {type: object}, example: {n: 1}}}"), [_A]),
    "schema-example": (
        _get("{application/json: {schema: {type: object, properties: {n: {type: integer, examples: [7]}}}}}"), [_A],
    ),
    "generated": (
        _get("{application/json: {schema: {type: object, required: [a, b, c, d, e, f], properties: {"
             "a: {type: string, format: date-time}, b: {type: string, format: uuid}, c: {enum: [x, y]},"
             " d: {type: integer, minimum: 5, maximum: 9}, e: {type: array, items: {type: string, minLength: 3},"
             " minItems: 2}, f: {oneOf: [{type: integer}, {type: string}]}, g: {type: [string, 'null']},"
             " h: {const: 3}, i: {type: string, format: email}}}}}"), [_A],
    ),
    "accept": (
        _get("{application/json: {example: {n: 1}}, application/xml: {example: <n/>}, text/plain: {example: n}}"),
        [Probe("GET /a", {"Accept": kind}) for kind in (
            "*/*", "application/xml", "text/plain", "text/html", "text/html, application/xml;q=0.5", "application/*",
        )],
    ),
    "statuses": (
        f"""{_HEAD}paths:
  /a:
    get:
      responses:
        '404': {{description: d, content: {{application/json: {{example: {{code: 1}}}}}}}}
        '201': {{description: d, content: {{application/json: {{example: {{n: 201}}}}}}}}
        '200': {{description: d, content: {{application/json: {{example: {{n: 200}}}}}}}}
        4XX: {{description: d, content: {{application/json: {{example: {{code: 2}}}}}}}}
  /b: {{get: {{responses: {{'204': {{description: d}}}}}}}}
  /c: {{get: {{responses: {{2XX: {{description: d, content: {{application/json: {{example: {{n: 1}}}}}}}}}}}}}}
  /d: {{get: {{responses: {{default: {{description: d, content: {{application/json: {{example: {{n: 1}}}}}}}}}}}}}}
  /e: {{get: {{responses: {{'302': {{description: d}}}}}}}}
""",
        [*(Probe(f"GET /{name}") for name in "abcde"),
         *(Probe("GET /a", {"Prefer": f"code={code}"}) for code in (404, 201, 409, 500)),
         Probe("GET /d", {"Prefer": "code=418"})],
    ),
    "parameters": (
        _get("{application/json: {example: 1}}",
             "parameters: [{name: limit, in: query, required: true, schema: {type: integer, maximum: 10}},"
             " {name: x-shop, in: header, schema: {enum: [de, en]}},"
             " {name: ids, in: query, style: form, explode: false, schema: {type: array, items: {type: integer}}}]"),
        [Probe("GET /a?limit=1"), _A, Probe("GET /a?limit=11"), Probe("GET /a?limit=x"), Probe("GET /a?limit=1&more=1"),
         Probe("GET /a?limit=1", {"x-shop": "fr"}), Probe("GET /a?limit=1&ids=1,2"), Probe("GET /a?limit=1&ids=1,b")],
    ),
    "path-parameters": (
        f"""{_HEAD}paths:
  /a/mine: {{get: {{responses: {{'200': {{description: d, content: {{application/json: {{example: mine}}}}}}}}}}}}
  /a/{{id}}:
    parameters: [{{name: id, in: path, required: true, schema: {{type: integer}}}}]
    get: {{responses: {{'200': {{description: d, content: {{application/json: {{example: one}}}}}}}}}}
""",
        [Probe("GET /a/mine"), Probe("GET /a/1"), Probe("GET /a/x"), Probe("GET /a/1/2"), Probe("DELETE /a/1")],
    ),
    "bodies": (
        f"""{_HEAD}paths:
  /a:
    post:
      requestBody:
        required: true
        content:
          application/json: {{schema: {{type: object, required: [n], properties: {{n: {{type: integer}}}}}}}}
          application/x-www-form-urlencoded:
            schema: {{type: object, required: [n], properties: {{n: {{type: integer}}}}}}
      responses:
        '201': {{description: d, content: {{application/json: {{example: {{n: 1}}}}}}}}
        '400': {{description: d, content: {{application/json: {{example: {{code: wrong}}}}}}}}
""",
        [Probe("POST /a", _JSON, '{"n": 1}'), Probe("POST /a", _JSON, '{"n": "x"}'), Probe("POST /a", _JSON, "{}"),
         Probe("POST /a"),
         Probe("POST /a", {"Content-Type": "application/x-www-form-urlencoded"}, "n=1"),
         Probe("POST /a", {"Content-Type": "application/x-www-form-urlencoded"}, "m=1"),
         Probe("POST /a", {"Content-Type": "text/plain"}, "n")],
    ),
    "refusals": (
        f"""{_HEAD}paths:
  /a:
    parameters: [{{name: n, in: query, schema: {{type: integer}}}}]
    get:
      responses:
        '200': {{description: d}}
        '422': {{description: d, content: {{application/json: {{example: {{code: a}}}}}}}}
        '400': {{description: d, content: {{application/json: {{example: {{code: b}}}}}}}}
    put:
      responses:
        '200': {{description: d}}
        default: {{description: d, content: {{application/json: {{example: {{}}}}}}}}
    patch: {{responses: {{'200': {{description: d}}}}}}
    delete: {{responses: {{'204': {{description: d}}, 4XX: {{description: d}}}}}}
""",
        [Probe(f"{method} /a?n=x") for method in ("GET", "PUT", "PATCH", "DELETE")],
    ),
    "security": (
        f"""{_HEAD}security: [{{key: []}}]
paths:
  /a:
    get:
      responses:
        '200': {{description: d}}
        '401': {{description: d, content: {{application/json: {{example: {{c: 1}}}}}}}}
  /b: {{get: {{security: [], responses: {{'200': {{description: d}}}}}}}}
  /c: {{get: {{security: [{{basic: []}}, {{bearer: []}}], responses: {{'200': {{description: d}}}}}}}}
  /d: {{get: {{security: [{{query: []}}], responses: {{'200': {{description: d}}}}}}}}
  /e: {{get: {{security: [{{key: [], query: []}}], responses: {{'200': {{description: d}}}}}}}}
components:
  securitySchemes:
    key: {{type: apiKey, in: header, name: X-Key}}
    query: {{type: apiKey, in: query, name: key}}
    basic: {{type: http, scheme: basic}}
    bearer: {{type: http, scheme: bearer}}
""",
        [_A, Probe("GET /a", {"X-Key": "any"}), Probe("GET /b"), Probe("GET /c"),
         Probe("GET /c", {"Authorization": "Bearer x"}), Probe("GET /c", {"Authorization": "Basic YTpi"}),
         Probe("GET /c", {"Authorization": "Digest x"}), Probe("GET /d"), Probe("GET /d?key=1"),
         Probe("GET /e", {"X-Key": "any"}), Probe("GET /e?key=1", {"X-Key": "any"})],
    ),
    "headers": (
        f"""{_HEAD}paths:
  /a:
    get:
      responses:
        '200':
          description: d
          headers:
            X-Total: {{required: true, schema: {{type: integer}}}}
            X-Next: {{schema: {{type: string}}, example: abc}}
          content: {{application/json: {{example: []}}}}
""",
        [_A],
    ),
    "three-zero": (
        """\
openapi: 3.0.3
info: {title: T, version: "1"}
paths:
  /a:
    get:
      parameters: [{name: n, in: query, schema: {type: integer, minimum: 0, exclusiveMinimum: true}}]
      responses:
        '200':
          description: d
          content:
            application/json:
              schema:
                type: object
                required: [a, b]
                properties: {a: {type: string, nullable: true}, b: {type: integer, example: 4}}
""",
        [_A, Probe("GET /a?n=0"), Probe("GET /a?n=1")],
    ),
    "servers": (
        f"""{_HEAD}servers: [{{url: 'https://api.test/v1'}}]
paths: {{/a: {{get: {{responses: {{'200': {{description: d}}}}}}}}}}
""",
        [_A, Probe("GET /v1/a")],
    ),
    "recursive": (
        _get("{application/json: {schema: {$ref: '#/components/schemas/Tree'}}}")
        + "components: {schemas: {Tree: {type: object, required: [name], properties: {name: {type: string},"
        " children: {type: array, items: {$ref: '#/components/schemas/Tree'}}}}}}\n",
        [_A],
    ),
}  # fmt: skip

DIFFERENCES: dict[tuple[str, str, int, int], str] = {
    ("examples", "HEAD /a", 200, 405): "RFC 9110: whoever answers GET answers HEAD",
    ("parameters", "GET /a?limit=1&more=1", 422, 200): "a parameter that the document lacks breaks it here",
    ("headers", "GET /a", 200, 500): "Prism makes a text of a header that is a number, and then refuses it itself",
    ("servers", "GET /a", 404, 200): "the path of a server comes before every path here; Prism drops it",
    ("servers", "GET /v1/a", 200, 404): "likewise",
    ("recursive", "GET /a", 200, 500): "Prism stops within a schema that holds itself, and refuses what it made",
}
"""Document, request, status here and status of Prism, each with the reason; all else is agreed on."""
