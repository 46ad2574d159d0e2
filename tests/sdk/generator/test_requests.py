"""What an operation requires is an argument without a default and always sent; credentials are as the document says."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("openapi_python_client", reason="the generator is not installed here")

from bootstrap import ROOT
from store_credit_tools.generate.sdk import generate_sdk

pytestmark = pytest.mark.slow

RESPONSES = {
    "200": {
        "description": "ok",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/VinrThing"}}},
    }
}
TEXTS = {"type": "array", "items": {"type": "string"}}
NUMBERS = {"type": "array", "items": {"type": "integer"}}
FILTER = {
    "type": "object",
    "properties": {"name_eq": {"type": "string"}, "size_gt": {"type": "integer"}},
    "additionalProperties": True,
}


def parameter(schema: dict[str, Any], place: str = "query", **more: Any) -> dict[str, Any]:
    """A parameter `p`, required unless told otherwise."""
    return {"name": "p", "in": place, "required": True, "schema": schema, **more}


# By the method's name: the parameters, Python that gives the arguments, and what goes on the wire.
REQUIRED: dict[str, tuple[list[dict[str, Any]], str, str]] = {
    "text": ([parameter({"type": "string"})], "p='a b'", "?p=a%20b"),
    "whole": ([parameter({"type": "integer"})], "p=0", "?p=0"),
    "number": ([parameter({"type": "number"})], "p=Decimal('1.50')", "?p=1.50"),
    "flag": ([parameter({"type": "boolean"})], "p=False", "?p=false"),
    "chosen": ([parameter({"type": "string", "enum": ["a", "b"]})], "p='b'", "?p=b"),
    "untyped": ([parameter({})], "p='a'", "?p=a"),
    "empty_text": ([parameter({"type": "string"})], "p=''", "?p="),
    "texts": ([parameter(TEXTS)], "p=['a', 'b']", "?p=a&p=b"),
    "one_of_texts": ([parameter(TEXTS)], "p='a'", "?p=a"),
    "comma_list": ([parameter(TEXTS, explode=False)], "p=['a', 'b']", "?p=a,b"),
    "numbers": ([parameter(NUMBERS, style="form", explode=True)], "p=[1, 2]", "?p=1&p=2"),
    "deep": (
        [parameter(FILTER, style="deepObject")],
        "p={'name_eq': 'a', 'size_gt': 1}",
        "?p%5Bname_eq%5D=a&p%5Bsize_gt%5D=1",
    ),
    "spread": ([parameter(FILTER)], "p={'name_eq': 'a', 'size_gt': 1}", "?name_eq=a&size_gt=1"),
    "bracketed": ([parameter(TEXTS, name="p[]")], "p=['a']", "?p%5B%5D=a"),
    "header": ([parameter({"type": "string"}, "header", name="X-P")], "p='a'", " x-p: a"),
    "whole_header": ([parameter({"type": "integer"}, "header", name="X-P")], "p=5", " x-p: 5"),
    "flag_header": ([parameter({"type": "boolean"}, "header", name="X-P")], "p=True", " x-p: true"),
    "whole_path": ([parameter({"type": "integer"}, "path")], "7", "/7"),
    "both": (
        [parameter({"type": "string"}), parameter({"type": "integer"}, name="q", required=False)],
        "p='a', q=1",
        "?p=a&q=1",
    ),
    "optional_left_out": (
        [parameter({"type": "string"}), parameter({"type": "integer"}, name="q", required=False)],
        "p='a'",
        "?p=a",
    ),
    "optional_header": ([parameter({"type": "integer"}, "header", name="X-P", required=False)], "p=5", " x-p: 5"),
    "optional_header_left_out": ([parameter({"type": "integer"}, "header", name="X-P", required=False)], "", ""),
    "named_by_the_standard": (
        [parameter({"type": "string"}, "header", name=name) for name in ("Accept", "Content-Type", "Authorization")],
        "",
        "",
    ),
}

# By the method's name: wrong arguments, and what the error says; nothing is sent.
REFUSED = {
    "text": ["", "p=None", "p=1.5"],
    "whole": ["", "p=None", "p='1'", "p=True"],
    "texts": ["", "p=None", "p=[]"],
    "deep": ["", "p=None", "p={}"],
    "spread": ["", "p=None", "p={}"],
    "header": ["", "p=None", "p=5"],
    "whole_header": ["", "p=None", "p='5'"],
}

SCHEMES = {
    "vinrApiKey": {"type": "apiKey", "in": "header", "name": "X-Api-Key"},
    "vinrBearer": {"type": "http", "scheme": "bearer"},
    "vinrOAuth": {"type": "oauth2", "flows": {}},
    "cart": {"type": "apiKey", "in": "header", "name": "X-Cart", "x-argument": "cart_token"},
    "shopper": {"type": "http", "scheme": "Bearer", "x-argument": "shopper_token"},
}
KEY, BEARER = {"x-api-key": "sk_test_1"}, {"authorization": "Bearer sk_test_1"}
CART, SHOPPER = {"x-cart": "c"}, {"authorization": "Bearer s"}

# By the method's name: the operation's `security` (None: it has none of its own), arguments, the credentials sent.
# The document's own security is [{"vinrApiKey": []}].
SECURITY: dict[str, tuple[Any, str, dict[str, str]]] = {
    "inherits": (None, "", KEY),
    "switched_off": ([], "", {}),
    "replaced": ([{"vinrBearer": []}], "", BEARER),
    "oauth": ([{"vinrOAuth": []}], "", BEARER),
    "first_of_two": ([{"vinrBearer": []}, {"vinrApiKey": []}], "", BEARER),
    "optional": ([{}, {"vinrApiKey": []}], "", KEY),
    "together_with_one_alone": ([{"vinrApiKey": [], "vinrBearer": []}, {"vinrBearer": []}], "", BEARER),
    "of_the_call": ([{"cart": []}], "cart_token='c'", CART),
    "both_together": ([{"vinrApiKey": [], "cart": []}], "cart_token='c'", KEY | CART),
    "either": ([{"cart": []}, {"shopper": []}], "shopper_token='s'", SHOPPER),
    "either_or_both": (
        [{"cart": []}, {"shopper": []}, {"cart": [], "shopper": []}],
        "cart_token='c', shopper_token='s'",
        CART | SHOPPER,
    ),
    "client_or_call": ([{"vinrApiKey": []}, {"cart": []}], "", KEY),
    "none_or_call": ([{}, {"cart": []}], "", {}),
    "none_or_call_given": ([{}, {"cart": []}], "cart_token='c'", CART),
}
NEEDS = {"of_the_call": "", "both_together": "", "either": ""}

PROGRAM = """
import json, sys
from decimal import Decimal
import httpx
from store_credit import InvalidArgumentError, VinrClient

sent = []

def answer(request):
    sent.append(request)
    return httpx.Response(200, json={"id": "1"})

client = VinrClient("sk_test_1", http_client=httpx.Client(transport=httpx.MockTransport(answer)))
usual = {"host", "accept", "accept-encoding", "connection", "user-agent"}

def seen(resource, name, given):
    sent.clear()
    try:
        eval(f"client.{resource}.{name}({given})", {"client": client, "Decimal": Decimal})
    except (InvalidArgumentError, TypeError) as error:
        assert not sent
        return type(error).__name__ + ": " + str(error)
    (request,) = sent
    return [request.url.raw_path.decode(), {k: v for k, v in request.headers.items() if k not in usual}]

print(json.dumps([seen(*one) for one in json.load(sys.stdin)]))
"""

Seen = Callable[..., list[Any]]


@pytest.fixture(scope="module")
def package(document: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package made of a document with an operation for each case."""
    paths: dict[str, Any] = {}
    for name, (parameters, _, _) in REQUIRED.items():
        way = f"/v1/things/{name}" + ("/{p}" if parameters[0]["in"] == "path" else "")
        operation = {"operationId": f"vinr.things.{name}", "tags": ["vinr.things"], "parameters": parameters}
        paths[way] = {"get": {**operation, "responses": RESPONSES}}
    for name, (security, _, _) in SECURITY.items():
        operation = {"operationId": f"vinr.doors.{name}", "tags": ["vinr.doors"], "responses": RESPONSES}
        paths[f"/v1/doors/{name}"] = {"get": operation if security is None else {**operation, "security": security}}
    thing = {"type": "object", "description": "A thing.", "properties": {"id": {"type": "string"}}}
    components = document["components"]
    changed = {
        **document,
        "paths": {**document["paths"], **paths},
        "components": {
            **components,
            "securitySchemes": components["securitySchemes"] | SCHEMES,
            "schemas": {**components["schemas"], "VinrThing": thing},
        },
        "security": [{"vinrApiKey": []}],
    }
    folder = tmp_path_factory.mktemp("requests")
    path = folder / "openapi.yaml"
    path.write_text(json.dumps(changed, default=str), "utf-8")
    generate_sdk(path, folder / "store_credit")
    source = ROOT / "sdk" / "src" / "store_credit"
    for name in ("_core", "webhooks.py"):
        (folder / "store_credit" / name).symlink_to(source / name)
    return folder


@pytest.fixture(scope="module")
def seen(package: Path) -> Seen:
    """Calls methods of the generated package: what was sent, or the error that came before."""

    def call(calls: list[tuple[str, str, str]]) -> list[Any]:
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", PROGRAM],
            input=json.dumps(calls),
            env={"PYTHONPATH": str(package)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return call


def test_what_is_required_is_always_sent(seen: Seen) -> None:
    """Query, header and path; text, numbers, flags, lists and objects in each style."""
    found = seen([("things", name, given) for name, (_, given, _) in REQUIRED.items()])
    for name, (path, headers) in zip(REQUIRED, found, strict=True):
        kept = "".join(f" {key}: {value}" for key, value in headers.items() if key != "x-api-key")

        assert (name, f"{path}{kept}") == (name, f"/v1/things/{name}{REQUIRED[name][2]}")


def test_what_is_required_cannot_be_left_out(seen: Seen) -> None:
    """Nor be None, empty where nothing would be sent, or of another type; no request is made."""
    calls = [("things", name, given) for name, wrong in REFUSED.items() for given in wrong]
    for (_, name, given), error in zip(calls, seen(calls), strict=True):
        assert isinstance(error, str), (name, given)
        assert error.startswith("TypeError: " if given == "" else "InvalidArgumentError: "), (name, given, error)
        assert "'p'" in error or error.split()[1] == "p", error


def test_a_required_argument_has_no_default(package: Path) -> None:
    """And its type is that of the document, which a type checker reads."""
    text = (package / "store_credit" / "api" / "vinr_things.py").read_text("utf-8")

    for line in (
        "p: str,",
        "p: int,",
        "p: int | float | Decimal,",
        "p: bool,",
        "p: Sequence[str] | str,",
        "p: Sequence[int] | str,",
    ):
        assert f"        {line}\n" in text
    assert "p: DeepFilter | Mapping" not in text
    assert "        p: Mapping[str, FilterValue],\n" in text
    assert "p: int | None = None," in text


def test_every_name_of_the_generated_code_is_defined(package: Path) -> None:
    """Also those that only annotations use."""
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "--select", "F", "--ignore", "F822"]
    done = subprocess.run([*command, package / "store_credit" / "api"], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout


def test_credentials_are_those_of_the_document(seen: Seen) -> None:
    """An operation without `security` inherits the document's; an empty list switches it off."""
    found = seen([("doors", name, given) for name, (_, given, _) in SECURITY.items()])

    assert {name: headers for name, (_, headers) in zip(SECURITY, found, strict=True)} == {
        name: headers for name, (_, _, headers) in SECURITY.items()
    }


def test_a_credential_that_every_alternative_wants_must_be_passed(seen: Seen) -> None:
    """Where no alternative does without one of the call's; elsewhere it may be left out."""
    for name, error in zip(NEEDS, seen([("doors", *one) for one in NEEDS.items()]), strict=True):
        assert isinstance(error, str), name
        assert "cart_token" in error
