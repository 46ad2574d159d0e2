"""Lists at the top of a response, and responses for ranges of statuses: what is sent, read, returned and raised."""

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

THING = {"$ref": "#/components/schemas/VinrThing"}
PROBLEM = {"$ref": "#/components/schemas/VinrProblem"}


def response(schema: dict[str, Any] | None = None) -> dict[str, Any]:
    """A response with a JSON body, or without one."""
    content = {} if schema is None else {"content": {"application/json": {"schema": schema}}}
    return {"description": "said", **content}


# By the method's name: its verb and its responses.
OPERATIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "all": ("get", {"200": response({"type": "array", "items": THING})}),
    "any_success": ("post", {"2XX": response(THING), "4XX": response(PROBLEM), "5XX": response(PROBLEM)}),
    "any_list": ("get", {"2XX": response({"type": "array", "items": THING}), "default": response(PROBLEM)}),
    "any_status": ("post", {"default": response(THING)}),
    "exact": ("post", {"201": response(THING), "default": response(PROBLEM)}),
    "exact_and_range": ("get", {"2XX": response(THING), "200": response(THING), "404": response(PROBLEM)}),
    "no_body": ("delete", {"2XX": response(), "default": response(PROBLEM)}),
}

PROGRAM = """
import asyncio, inspect, json, sys
import httpx
from store_credit import AsyncVinrClient, StoreCreditError, VinrClient

sent = []

def shown(call):
    try:
        result = call()
    except StoreCreditError as error:
        return [type(error).__name__, str(error)]
    found = result if isinstance(result, list) else [result]
    records = [[type(one).__name__, one.id, one.last_response.status_code] for one in found if one]
    return [type(result).__name__, records]

def seen(name, status, content):
    def answer(request):
        sent.append([request.method, request.url.path, request.headers["accept"], request.content.decode()])
        return httpx.Response(status, content=content)

    client = VinrClient("sk_test_1", http_client=httpx.Client(transport=httpx.MockTransport(answer)), max_retries=0)
    found = shown(getattr(client.things, name))

    async def awaited():
        async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http_client:
            return await getattr(AsyncVinrClient("sk_test_1", http_client=http_client, max_retries=0).things, name)()

    assert shown(lambda: asyncio.run(awaited())) == found
    return [*found, *sent[-1]]

from store_credit.api.vinr_things import Things
methods = {name: getattr(Things, name) for name in json.loads(sys.argv[1])}
print(json.dumps({
    "seen": [seen(*one) for one in json.load(sys.stdin)],
    "docs": {name: inspect.getdoc(one) for name, one in methods.items()},
    "returns": {name: one.__annotations__["return"] for name, one in methods.items()},
}))
"""


def small(**operations: Any) -> dict[str, Any]:
    """A document of operations, each given by its verb and its responses."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Small", "version": "1"},
        "paths": {
            f"/v1/things/{name}": {
                verb: {"operationId": f"vinr.things.{name}", "tags": ["vinr.things"], "responses": responses}
            }
            for name, (verb, responses) in operations.items()
        },
        "components": {
            "schemas": {
                "VinrThing": {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}},
                "VinrProblem": {"type": "object", "properties": {"error": {"type": "object"}}},
            }
        },
    }


@pytest.fixture(scope="module")
def called(document: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Callable[..., dict[str, Any]]:
    """Calls methods of the package made of `OPERATIONS`: each with the status and the body that come back."""
    own, components = small(**OPERATIONS), document["components"]
    schemas = {"schemas": components["schemas"] | own["components"]["schemas"]}
    made = {**document, "paths": document["paths"] | own["paths"], "components": components | schemas}
    folder = tmp_path_factory.mktemp("responses")
    path = folder / "openapi.yaml"
    path.write_text(json.dumps(made, default=str), "utf-8")
    generate_sdk(path, folder / "store_credit")
    for name in ("_core", "webhooks.py"):
        (folder / "store_credit" / name).symlink_to(ROOT / "sdk" / "src" / "store_credit" / name)

    def call(*calls: tuple[str, int, str]) -> dict[str, Any]:
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", PROGRAM, json.dumps(list(OPERATIONS))],
            input=json.dumps(calls),
            env={"PYTHONPATH": str(folder)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return call


def test_a_list_is_read_item_by_item(called: Callable[..., dict[str, Any]]) -> None:
    """Each is a record that knows its response; an empty list is one too."""
    two, none = called(("all", 200, '[{"id": "a"}, {"id": "b", "new": 1}]'), ("all", 200, "[]"))["seen"]

    assert two[:2] == ["list", [["VinrThing", "a", 200], ["VinrThing", "b", 200]]]
    assert two[2:] == ["GET", "/v1/things/all", "application/json", ""]
    assert none[:2] == ["list", []]


def test_a_list_that_is_not_valid_is_an_error_that_names_the_item(called: Callable[..., dict[str, Any]]) -> None:
    """By its index; a body that is not a list is named as what it is."""
    third, other = called(("all", 200, '[{"id": "a"}, {"id": "b"}, {"id": 7}]'), ("all", 200, '{"id": "a"}'))["seen"]

    assert third[0] == other[0] == "InvalidResponseError"
    assert "[2]: VinrThing.id" in third[1]
    assert "not a list" in other[1]


def test_a_range_of_successes_is_a_success_whatever_the_status(called: Callable[..., dict[str, Any]]) -> None:
    """Also for a request that must not be sent twice, and for lists and responses without a body."""
    calls = [("any_success", 200, '{"id": "a"}'), ("any_success", 207, '{"id": "a"}')]
    calls += [("any_list", 206, '[{"id": "a"}]'), ("no_body", 202, ""), ("exact_and_range", 203, '{"id": "a"}')]
    found = [one[:2] for one in called(*calls)["seen"]]

    assert found == [
        ["VinrThing", [["VinrThing", "a", 200]]],
        ["VinrThing", [["VinrThing", "a", 207]]],
        ["list", [["VinrThing", "a", 206]]],
        ["NoneType", []],
        ["VinrThing", [["VinrThing", "a", 203]]],
    ]


def test_the_default_is_the_success_where_there_is_no_other(called: Callable[..., dict[str, Any]]) -> None:
    """Beside another success it describes errors, and a success that is not named says nothing was done for sure."""
    calls = [("any_status", 200, '{"id": "a"}'), ("any_status", 204, ""), ("any_status", 404, "{}")]
    calls += [("exact", 201, '{"id": "a"}'), ("exact", 202, '{"id": "a"}')]
    found = [one[0] for one in called(*calls)["seen"]]

    assert found == ["VinrThing", "OutcomeUnknownError", "NotFoundError", "VinrThing", "OutcomeUnknownError"]


def test_errors_are_of_the_class_of_their_status_in_a_range_too(called: Callable[..., dict[str, Any]]) -> None:
    """And of the class of all where theirs has none."""
    statuses = {404: "NotFoundError", 418: "APIStatusError", 422: "ValidationError", 503: "ServerError"}
    found = called(*[(name, status, "{}") for name in ("any_list", "exact_and_range") for status in statuses])["seen"]

    assert [one[0] for one in found] == [*statuses.values()] * 2


def test_the_docstrings_name_what_a_range_raises(called: Callable[..., dict[str, Any]]) -> None:
    """In the words of the range; and a type checker sees what is returned."""
    made = called()
    docs = {name: " ".join(doc.partition("Raises:")[2].split()) for name, doc in made["docs"].items()}

    assert "APIStatusError: The server refused the request (4xx)" in docs["any_success"]
    assert "OutcomeUnknownError" in docs["any_success"]
    assert "ServerError" not in docs["any_success"]
    assert "APIStatusError: The server refused the request; raised as the subclass" in docs["any_list"]
    assert "NotFoundError" in docs["exact_and_range"]
    assert "APIStatusError" not in docs["exact_and_range"]
    assert (made["returns"]["all"], made["returns"]["no_body"]) == ("list[VinrThing]", "None")


PAGE = {
    "type": "object",
    "properties": {
        "data": {"type": "array", "items": THING},
        "page": {"type": "object", "properties": {"has_more": {"type": "boolean"}}},
    },
}
REFUSED = {
    "page beside a record": ({"200": response(THING), "206": response(PAGE)}, "a page of a list, and another is not"),
    "range that is none": ({"200": response(THING), "20X": response(THING)}, "20X"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_has_no_place_in_the_sdk_is_refused(refusal: Callable[[Any], str], name: str) -> None:
    """With the file and the operation."""
    responses, said = REFUSED[name]
    reason = refusal(small(list=("get", responses)))

    assert reason.startswith("openapi.yaml")
    assert "/v1/things/list" in reason
    assert said in reason


def test_a_refusal_names_the_line_of_the_operation(refusal: Callable[[Any], str], tmp_path: Path) -> None:
    """As an editor and a compiler count them."""
    text = (ROOT / "openapi.yaml").read_text("utf-8")
    head, found, tail = text.partition("x-idempotent: true")
    assert found
    document = tmp_path / "openapi.yaml"
    document.write_text(f"{head}x-idempotent: often{tail}", "utf-8")
    line, verb = [
        (number, one.strip(" :"))
        for number, one in enumerate(head.splitlines(), 1)
        if one.strip() in ("post:", "patch:")
    ][-1]
    reason = refusal(document)

    assert reason.startswith(f"openapi.yaml:{line}: {verb} /")
    assert "x-idempotent is 'often'" in reason
