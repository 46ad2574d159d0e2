"""`scripts/check`: every kind of mistake is one line that says where, what and what to do, all of them in one run."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from bootstrap import ROOT
from store_credit_mock.contract.keywords import PATTERN
from store_credit_tools.check.findings import UnusableError
from store_credit_tools.check.run import check
from store_credit_tools.extensions import EXTENSIONS

SMALL = """\
openapi: 3.1.0
info: {title: Things, version: 1.0.0}
servers:
  - url: https://{host}.example.com
    variables: {host: {default: api}}
tags:
  - name: acme.things
paths:
  /things/{id}:
    parameters:
      - $ref: "#/components/parameters/Id"
    get:
      operationId: acme.things.get
      tags: [acme.things]
      security: [{key: []}]
      parameters:
        - name: limit
          in: query
          style: form
          schema:
            type: integer
            minimum: 1
            maximum: 100
            default: 10
          example: 20
      responses:
        "200":
          description: A thing.
          headers:
            X-Left: {schema: {type: integer}, example: 3}
          content:
            application/json:
              schema:
                $ref: "#/components/schemas/Thing"
              example: {id: a, amount: 5, when: "2026-01-02T03:04:05Z"}
        4XX:
          description: Refused.
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
  parameters:
    Id:
      name: id
      in: path
      required: true
      schema: {type: string}
  schemas:
    Thing:
      type: object
      required: [id]
      properties:
        id:
          type: string
          minLength: 1
          pattern: ^[a-z]+$
        amount:
          type: [integer, "null"]
          enum: [5, 6, null]
        when:
          type: string
          format: date-time
"""

MISTAKES = {
    # YAML
    "line 14: is not YAML: the line is indented more than line 13 above it": (
        "      tags: [acme",
        "       tags: [acme",
    ),
    "a tab in the indentation; indent with spaces": ("      tags: [acme", "\ttags: [acme"),
    "a colon begins a mapping where none is allowed; put the text in quotes": ("A thing.", "A: thing."),
    "a key without a colon; write `key: value`": ("operationId: acme.things.get", "operationId acme.things.get"),
    "is not closed; close it": ('"#/components/parameters/Id"', '"#/components/parameters/Id'),
    "the alias has no anchor": ("{type: string}", "*text"),
    "`get` occurs twice": ("    get:\n", "    get: {}\n    get:\n"),
    'the key 200 is not a text; put it in quotes: "200"': ('"200":', "200:"),
    "a merge key (`<<`)": ("minLength: 1", "<<: {minLength: 1}"),
    # Words
    "`minimun` is not a keyword of JSON Schema; did you mean minimum?": ("minimum: 1", "minimun: 1"),
    "`nullable` is a keyword of OpenAPI 3.0, which 3.1 does not have; write `type: [string": (
        "minLength: 1",
        "nullable: true",
    ),
    "`respones` is not a valid member of an operation; did you mean responses?": (
        "      responses:",
        "      respones:",
    ),
    "`GET` is not a valid member of a path; write get": ("    get:\n", "    GET:\n"),
    "`inn` is not a valid member of a parameter; did you mean in?": ("          in: query", "          inn: query"),
    "a response without `description`; write one": ("          description: A thing.\n", ""),
    "`minLength` must be a whole number": ("minLength: 1", 'minLength: "1"'),
    "`required` must be true or false": ("required: true", 'required: "yes"'),
    "`version` must be a text; put it in quotes": ("version: 1.0.0", "version: 1.0"),
    "the extension x-extensible-enums is not known; did you mean x-extensible-enum?": (
        "minLength: 1",
        "x-extensible-enums: [a]",
    ),
    "`x-creates` has no effect here; it is for operations": ("minLength: 1", "x-creates: true"),
    "the value of `x-docs-level` is not valid": ("minLength: 1", "x-docs-level: advancd"),
    # References
    "$ref leads nowhere: #/components/schemas/Thin; did you mean #/components/schemas/Thing?": (
        "schemas/Thing",
        "schemas/Thin",
    ),
    "$ref leads to one of the parameters, but must lead to one of the schemas": ("schemas/Thing", "parameters/Id"),
    "$ref leads to a file that does not exist": ("#/components/parameters/Id", "other.yaml#/Id"),
    "$ref leads in a circle": ("{type: string}", '{$ref: "#/components/parameters/Id/schema"}'),
    "nothing uses #/components/schemas/Nobody": ("  schemas:\n", "  schemas:\n    Nobody: {type: string}\n"),
    # Operations
    "the operationId acme.things.get is already used by another operation, on line 13": (
        "components:\n",
        "  /other:\n    get: {operationId: acme.things.get, responses: {default: {description: x}}}\ncomponents:\n",
    ),
    "no parameter for {thing} of the path": ("/things/{id}:", "/things/{id}/{thing}:"),
    "the path /things/{id} has no {idd}; did you mean id?": ("name: id\n", "name: idd\n"),
    "the tag acme.thing is not declared; did you mean acme.things?": ("tags: [acme.things]", "tags: [acme.thing]"),
    "the security scheme kei is not declared": ("[{key: []}]", "[{kei: []}]"),
    "2OO is not a valid status": ('"200"', "2OO"),
    "4xx is not a valid status; write": ("4XX", "4xx"),
    "the parameter id is in the path, but not `required: true`": ("      required: true\n", ""),
    "deepObjekt is not a style of a query parameter; did you mean deepObject?": ("style: form", "style: deepObjekt"),
    "the server has no variable hosts; did you mean host?": ("{host}", "{hosts}"),
    "the parameter limit needs either `schema` or `content`": (
        "          schema:\n            type: integer",
        "          x-a:\n            type: integer",
    ),
    # Schemas
    "integr is not a valid type; did you mean integer?": ("            type: integer", "            type: integr"),
    "int is not a valid type; did you mean integer?": ("            type: integer", "            type: int"),
    "`required` names idd, which is not a property; did you mean id?": ("[id]\n", "[idd]\n"),
    "`pattern` is not a valid regular expression": ("^[a-z]+$", "^[a-z+$"),
    "`minimum` 200 is above `maximum` 100": ("minimum: 1\n", "minimum: 200\n"),
    "the format date-tme is not known; did you mean date-time?": ("format: date-time", "format: date-tme"),
    "'six' is not of the type integer or null": ("[5, 6, null]", "[5, six, null]"),
    "`enum` names 5 twice": ("[5, 6, null]", "[5, 5, null]"),
    "`maximum` has no meaning for the type string": ("minLength: 1", "maximum: 1"),
    # Examples
    "the example is not valid: 200 is greater than the maximum of 100": ("example: 20\n", "example: 200\n"),
    '"ten" is not of type "integer"': ("default: 10", "default: ten"),
    "the example is not valid at amount": ("amount: 5", "amount: five"),
    "the schema has no amout; did you mean amount?": ("amount: 5", "amout: 5"),
    "id is missing; add it to the example": ("{id: a, ", "{"),
    'the example is not valid: "a" is not of type "integer"': ("example: 3", "example: a"),
    'is not a "date-time"': ("2026-01-02T03:04:05Z", "2026-01-02"),
}
ELSEWHERE = (
    "the path /things/{id} has no {idd}",
    "no parameter for",
    "the parameter id is in",
    "the parameter limit needs",
)
"""What is said where a parameter is used, or begins."""
SECONDS = {"$ref leads to one of the parameters", "$ref leads to a file that does not exist", "the security scheme kei"}
"""Nobody can tell what was meant, which then is used by none."""


def found(text: str, folder: Path) -> list[str]:
    """What is found in a document of this text, without the name of its file."""
    path = folder / "document.yaml"
    path.write_text(text, "utf-8")
    return [str(one).rpartition("document.yaml:")[2] for one in check(path)]


def test_nothing_is_wrong_with_what_is_right(tmp_path: Path) -> None:
    """The small document that the mistakes are planted in, and the document of this repository."""
    assert found(SMALL, tmp_path) == []
    assert [str(one) for one in check(ROOT / "openapi.yaml")] == []


@pytest.mark.parametrize("said", MISTAKES)
def test_each_mistake_is_one_line(said: str, tmp_path: Path) -> None:
    """The line that was changed, what is wrong with it and what to do; nothing else is said."""
    old, new = MISTAKES[said]
    before, _, after = SMALL.partition(old)
    assert after
    lines = found(before + new + after, tmp_path)

    if said.startswith(tuple(SECONDS)):
        lines = [line for line in lines if "nothing uses" not in line]
    assert len(lines) == 1
    assert said in f"line {lines[0]}"
    assert re.fullmatch(r"\d+: [^\n]+; [^\n]+", lines[0])
    changed = before.count("\n") + 1
    if not said.startswith(ELSEWHERE):
        assert abs(int(lines[0].partition(":")[0]) - changed) <= 2


def test_all_are_found_at_once(tmp_path: Path) -> None:
    """A mistake hides no other, in YAML that can be read and in YAML that cannot."""
    kinds = ("minimum: 1\n", "minimun: 1\n"), ("schemas/Thing", "schemas/Thin"), ("example: 20", "example: 200")
    text = SMALL
    for old, new in kinds:
        text = text.replace(old, new)
    assert len(found(text, tmp_path)) == len(kinds)

    broken = SMALL.replace("A thing.", "A: thing.").replace("      required: [id]", "\trequired: [id]")
    assert [line.partition(":")[0] for line in found(broken, tmp_path)] == ["28", "50"]


OURS = {
    '"decided: V4"': ('"decided: V444"', "there is no decision V444"),
    "(V30)": ("(V300)", "there is no decision V300"),
    "x-sample-parameters: [customer]": ("x-sample-parameters: [custmer]", "names custmer, which is not a parameter"),
    "x-sample-values: {id: or_VqXmZF31wY, Idempotency-Key": (
        "x-sample-values: {idd: or_VqXmZF31wY, Idempotency-Key",
        "names idd, which",
    ),
    "x-always-present: [amount,": ("x-always-present: [amont,", "names amont, which is not a property"),
    "x-if-lost:": ("x-if-losst:", "the extension x-if-losst is not known; did you mean x-if-lost?"),
    "x-resource: SpreeUser": ("x-resource: SpreeUsr", "names SpreeUsr, which is not a schema"),
    "x-argument: order_token": ("x-arguments: order_token", "did you mean x-argument?"),
    "operationId: spree.orders.use_store_credit": (
        "operationId: spree.orders.use_store_credits",
        "the mock has no handler for spree.orders.use_store_credits",
    ),
    "    x-remedy": ("    x-remedi", "did you mean x-remedy?"),
    "| `x-remedy` |": ("| `x-remedie` |", "the table of extensions does not have x-remedy"),
    'x-versions: ["6.0-alpha+ledger", "6.0"]\n      x-sample': (
        'x-versions: ["6.0-alpha+ledgr", "6.0"]\n      x-sample',
        "6.0-alpha+ledgr is not a version of a system; did you mean 6.0-alpha+ledger?",
    ),
    'x-versions: ["5.5", "5.6", "6.0-alpha", "6.0-alpha+ledger"]': (
        'x-versions: ["5.5", "5.6", "6.0-alpha", "6.0-alpha+ledger", "6.0"]',
        "this lists every version; remove it: by default, all versions are included",
    ),
    "  schemas:\n": ("  schemas:\n    VinrNew: {type: string, description: x}\n", "VinrNew has no `x-source`"),
}


def test_our_own_rules_hold_for_a_copy(tmp_path: Path) -> None:
    """Sources, decisions, handlers, samples and extensions, each with its line."""
    text = (ROOT / "openapi.yaml").read_text("utf-8")
    said: list[str] = []
    for old, (new, words) in OURS.items():
        assert old in text
        text = text.replace(old, new, 1)
        said.append(words)
    lines = found(text, tmp_path)

    assert [words for words in said if not any(words in line for line in lines)] == []
    assert any("spree.orders.use_store_credits has no sample" in line for line in lines)


VERSIONED = SMALL.replace(
    "tags:\n  - name",
    'x-systems: {acme: {title: Acme, versions: ["1", "2", "3"]}}\ntags:\n  - name',
)

LIMIT = """\
      security: [{key: []}]
      parameters:
        - name: limit
          in: query
          style: form
"""
VERIFIED = """\
      x-verified:
        - {version: "1", how: decided, date: "2026-01-01"}
        - {version: "2", how: decided, date: "2026-01-01"}
"""

VERSIONS = {
    "4 is not a version of a system; there are 1, 2, 3": ("style: form", 'x-versions: ["4"]'),
    "the versions are not in order; write 1, 3": ("style: form", 'x-versions: ["3", "1"]'),
    "this lists every version; remove it: by default, all versions are included": (
        "style: form",
        'x-versions: ["1", "2", "3"]',
    ),
    "the object that contains it is not in version 3; remove it here, or add it there": (
        "style: form\n          schema:\n",
        'x-versions: ["1", "2"]\n          schema:\n            x-versions: ["3"]\n',
    ),
    "acme.things.get is verified for 1, 2; write an entry for each of 1, 2, 3": (LIMIT, VERIFIED + LIMIT),
    "acme.things.get is not in any version that has this; remove it, or correct the versions of one of them": (
        LIMIT,
        '      x-versions: ["1"]\n' + LIMIT.replace("style: form", 'x-versions: ["2"]'),
    ),
}


@pytest.mark.parametrize("said", VERSIONS)
def test_versions_are_those_of_the_system(said: str, tmp_path: Path) -> None:
    """Names, order, what goes without saying, what is in something that has fewer, and `x-verified` beside them."""
    old, new = VERSIONS[said]
    assert old in VERSIONED
    assert any(line.endswith(said) for line in found(VERSIONED.replace(old, new, 1), tmp_path))
    assert found(VERSIONED, tmp_path) == []


@pytest.mark.takes_seconds
def test_the_mock_and_the_recordings_are_asked(tmp_path: Path) -> None:
    """`--full`: a renamed value of an open enumeration, an error code, a property that nobody sends or shows."""
    text = (ROOT / "openapi.yaml").read_text("utf-8")
    for old, new in (
        ("[allocation, eligible,", "[issuance, eligible,"),
        ("amount_too_large, rate_limited", "amount_too_big, rate_limited"),
        ("            amount_too_large:\n              cause", "            amount_too_big:\n              cause"),
        ("        balance_remaining:\n", "        reason:\n          type: string\n        balance_remaining:\n"),
    ):
        assert old in text
        text = text.replace(old, new, 1)
    path = tmp_path / "openapi.yaml"
    path.write_text(text, "utf-8")
    lines = "\n".join(str(one) for one in check(path, full=True))

    for said in (
        '"issuance" is in no recording and in no table of the mock',
        "a real server sent 'allocation', which is not listed",
        "the mock sent 'allocation', which is not listed",
        "the mock cannot return the code amount_too_big; did you mean amount_too_large?",
        "the mock returns the code amount_too_large, which the document does not have",
        "no example and no recording shows `reason`",
        "the mock never sends `reason`",
    ):
        assert said in lines


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is not an OpenAPI document"),
        ("- a\n", "is not an OpenAPI document"),
        ("swagger: '2.0'\n", ":1: is OpenAPI 2"),
        ("info: {}\nopenapi: 3.1\n", ':2: `openapi` must be a text; write `openapi: "3.1.0"`'),
        ("openapi: 4.0.0\n", "must be 3.0 or 3.1, not 4.0.0"),
        ("a: &a [*a]\n", "the anchor contains itself"),
    ],
)
def test_what_is_no_document_is_refused(text: str, said: str, tmp_path: Path) -> None:
    """In one sentence."""
    with pytest.raises(UnusableError, match=re.escape(said)):
        found(text, tmp_path)


def test_the_command_tells_by_its_code(tmp_path: Path) -> None:
    """0 without mistakes, 1 with some, 2 where there is nothing to check; never a traceback."""
    wrong, absent = tmp_path / "wrong.yaml", tmp_path / "absent.yaml"
    wrong.write_text(SMALL.replace("minimum: 1\n", "minimun: 1\n"), "utf-8")
    for path, code, said in (
        (ROOT / "openapi.yaml", 0, "nothing found"),
        (wrong, 1, f"{wrong}:22: `minimun` is not a keyword of JSON Schema; did you mean minimum?"),
        (absent, 2, "cannot be read (No such file or directory)"),
    ):
        done = subprocess.run(
            [sys.executable, str(ROOT / "scripts" / "check"), str(path)], capture_output=True, text=True, check=False
        )
        assert (done.returncode, "Traceback" in done.stderr) == (code, False)
        assert said in done.stdout + done.stderr


def test_what_reads_extensions_knows_those_of_the_list() -> None:
    """The generator, the pages, the mock and the templates read no extension of our document that the list lacks."""
    folders = ("scripts/store_credit_tools/generate", "scripts/store_credit_tools/docs_site", "sdk/templates")
    files = [
        path for folder in (*folders, "mock/src/store_credit_mock/contract") for path in (ROOT / folder).rglob("*")
    ]
    text = "".join(path.read_text("utf-8") for path in files if path.suffix in {".py", ".jinja"})
    read = set(re.findall(r"[\"'](x-[A-Za-z-]+)[\"']", text)) - HEADERS - {PATTERN, *CONTROL}

    assert len(read) > 15
    assert read <= set(EXTENSIONS)


CONTROL = {"x-method", "x-codegen-request-body-name"}
"""Of the control plane's document."""
HEADERS = {"x-gzip", "x-content-type-options", "x-spree-token", "x-spree-order-token", "x-api-key", "x-request-id"}
"""What begins alike and is not an extension."""


@pytest.mark.takes_seconds
@pytest.mark.parametrize("program", ["generate", "docs"])
def test_what_reads_the_document_says_the_same(program: str, tmp_path: Path) -> None:
    """`scripts/generate` and `scripts/docs` tell a mistake by its line too, and leave everything as it is."""
    text = (ROOT / "openapi.yaml").read_text("utf-8")
    document = tmp_path / "openapi.yaml"
    document.write_text(text.replace(" type: integer\n", " type: integr\n", 1).replace("(V30)", "(V300)", 1), "utf-8")
    line = text[: text.index(" type: integer\n")].count("\n") + 1
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / program), "--check", "--document", str(document)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (2, "")
    said = f"scripts/{program}: {document}:{line}: integr is not a valid type; did you mean integer?"
    assert done.stderr.splitlines()[0] == said
    assert "Traceback" not in done.stderr
