"""A change that would break a client of the last released document needs a new version.

`tests/contract/released.json` is what the document promised when it was last released: without texts, examples and
extensions, none of which can break a client. To release, raise `info.version` and, when nothing else is going to
change, write it anew:

    scripts/test tests/contract/test_breaking_changes.py --release-document

While the version begins with 0 a break raises its second number, later its first.
"""

import copy
import functools
import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bootstrap import ROOT
from store_credit_mock.contract import Document
from store_credit_tools.node import LINTERS, NodeUnavailableError, command

RELEASED = ROOT / "tests" / "contract" / "released.json"

Data = dict[str, Any]

# What only people read.
WORDS = ("title", "summary", "description", "example", "examples")
# Members whose own members have names that the document chose: a property may be called `description`.
NAMED = ("paths", "webhooks", "schemas", "properties", "parameters", "headers", "responses", "content", "variables")


def promises(value: Any, named: bool = False) -> Any:
    """What of a part of the document can break a client; `named` if its members have names that the document chose."""
    if isinstance(value, list):
        return [promises(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        name: promises(member, not named and name in NAMED)
        for name, member in value.items()
        if named or not (name in WORDS or name.startswith("x-"))
    }


def lines(data: Data) -> str:
    """JSON with a line for each operation and each component, so that a release shows what changed."""

    def text(value: Any, depth: int) -> str:
        if not isinstance(value, dict) or not depth:
            return json.dumps(value, ensure_ascii=False)
        return "{\n" + ",\n".join(f"{json.dumps(name)}: {text(one, depth - 1)}" for name, one in value.items()) + "\n}"

    return text(data, 3) + "\n"


@pytest.fixture(scope="module")
def released(request: pytest.FixtureRequest) -> Data:
    """What was promised when the document was last released; with `--release-document` that is now."""
    if request.config.getoption("--release-document", default=False):
        RELEASED.write_text(lines(promises(dict(Document.read().data))), "utf-8")
    return json.loads(RELEASED.read_text("utf-8"))


@pytest.fixture(scope="module")
def redocly() -> list[str]:
    """The start of a Redocly command line."""
    try:
        return command(LINTERS, "redocly")
    except NodeUnavailableError as reason:
        pytest.skip(str(reason))


@pytest.fixture
def breaks(redocly: list[str], tmp_path: Path) -> Callable[[Data, Data], list[str]]:
    """Compare two documents and give the places of the changes that break a client."""

    def compare(base: Data, revision: Data) -> list[str]:
        before, after = (promises(_received(data)) for data in (base, revision))
        compared = {"base.json": before, "revision.json": after, "redocly.yaml": CONFIGURATION}
        for name, data in compared.items():
            (tmp_path / name).write_text(json.dumps(data), "utf-8")
        options = ["--config", "redocly.yaml", "--format", "json", "--fail-on", "none"]
        done = subprocess.run(
            [*redocly, "diff", "base.json", "revision.json", *options],
            cwd=tmp_path,
            env={**os.environ, "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true", "REDOCLY_TELEMETRY": "off"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        changes = json.loads(done.stdout)["changes"]
        return [
            f"{change['path']}: {'; '.join(verdict['message'] for verdict in change['verdicts'])}"
            for change in changes
            if change["impact"] == "major"
        ]

    return compare


def _received(data: Data) -> Data:
    """A copy whose webhooks are responses of paths as well, since Redocly compares nothing else.

    A receiver reads a webhook as a client reads a response: a member or a header that goes breaks it, one that comes
    does not.
    """
    components = data["components"]["parameters"]
    paths = dict(data["paths"])
    for name, item in data.get("webhooks", {}).items():
        operation = item["post"]
        given = [components[one["$ref"].rsplit("/", 1)[1]] if "$ref" in one else one for one in operation["parameters"]]
        # Beside the body, since Redocly passes over a response header that becomes optional.
        headers = {
            "type": "object",
            "required": [one["name"] for one in given if one.get("required")],
            "properties": {one["name"]: one["schema"] for one in given},
        }
        body = operation["requestBody"]["content"]["application/json"]["schema"]
        both = {"type": "object", "required": ["headers", "body"], "properties": {"headers": headers, "body": body}}
        response = {"description": "An event.", "content": {"application/json": {"schema": both}}}
        paths[f"/webhooks/{name}"] = {"get": {"operationId": operation["operationId"], "responses": {"200": response}}}
    return {**{name: value for name, value in data.items() if name != "webhooks"}, "paths": paths}


# Without these rules every difference counts as harmless.
CONFIGURATION = {"extends": ["diff-recommended"]}


def allows_breaks(base: str, revision: str) -> bool:
    """Whether a version says that clients of an earlier one may break."""
    (old_major, old_minor, _), (new_major, new_minor, _) = (
        map(int, version.split(".")) for version in (base, revision)
    )
    return new_major > old_major or (new_major == old_major == 0 and new_minor > old_minor)


@pytest.mark.toolchain
def test_nothing_breaks_without_a_new_version(released: Data, breaks: Callable[[Data, Data], list[str]]) -> None:
    """The document against the last released one."""
    revision = dict(Document.read().data)
    found = breaks(released, revision)

    if not allows_breaks(released["info"]["version"], revision["info"]["version"]):
        assert found == [], f"raise info.version above {released['info']['version']}, or take back what breaks clients"


@pytest.mark.parametrize(
    ("base", "revision", "allowed"),
    [
        ("0.1.0", "0.1.0", False),
        ("0.1.0", "0.1.9", False),
        ("0.1.0", "0.2.0", True),
        ("0.2.0", "0.1.0", False),
        ("0.9.0", "1.0.0", True),
        ("1.2.0", "1.3.0", False),
        ("1.2.0", "2.0.0", True),
        ("2.0.0", "1.9.0", False),
    ],
)
def test_which_versions_allow_a_break(base: str, revision: str, allowed: bool) -> None:
    """The second number while the first is 0, the first later; never a step back."""
    assert allows_breaks(base, revision) is allowed


GONE = object()
"""In place of a value: the member is removed."""

LIST, CREATE = (("paths", "/v1/store-credit", method) for method in ("get", "post"))
CREDITS = ("paths", "/api/v2/platform/store_credits")
ADD = ("paths", "/api/v2/storefront/checkout/add_store_credit", "post")
SCHEMAS, PARAMETERS = ("components", "schemas"), ("components", "parameters")
ATTRIBUTES = (*SCHEMAS, "SpreeStoreCreditAttributes")
CREATED = ("webhooks", "store_credit.created", "post", "parameters")
EVENT = (*SCHEMAS, "VinrStoreCreditUpdatedEvent")
TEXT = {"type": "string"}
STORE = {"name": "store", "in": "query", "schema": TEXT}

Edit = tuple[tuple[str, ...], Any]


def edited(data: Data, *edits: Edit) -> Data:
    """A copy in which members are set, removed, or made of what they were by a function."""
    copied = copy.deepcopy(data)
    for (*way, name), value in edits:
        holder = functools.reduce(lambda inner, step: inner[step], way, copied)
        holder[name] = value(holder.get(name)) if callable(value) else value
        if value is GONE:
            del holder[name]
    return copied


def plus(item: Any) -> Callable[[list[Any]], list[Any]]:
    """Add to a list."""
    return lambda items: [*items, item]


def minus(*gone: Any) -> Callable[[list[Any]], list[Any]]:
    """Take from a list: items, or parameters by their name."""
    return lambda items: [one for one in items if (one.get("name") if isinstance(one, dict) else one) not in gone]


def without_last(items: list[Any]) -> list[Any]:
    """Take the last from a list."""
    return items[:-1]


def other_type(content: Data) -> Data:
    """Send JSON:API's bodies as plain JSON."""
    return {"application/json": content["application/vnd.api+json"]}


# What Redocly says of a break, and the changes that make it; those that touch one place are in different runs.
BREAKS: tuple[dict[str, tuple[Edit, ...]], ...] = (
    {
        "`DELETE /api/v2/platform/store_credits/{id}` was removed": (
            (("paths", "/api/v2/platform/store_credits/{id}", "delete"), GONE),
        ),
        "`operationId` of operation `GET /api/v2/platform/store_credits` changed": (
            ((*CREDITS, "get", "operationId"), "spree.store_credits.all"),
        ),
        "Properties of `store_credit` became required: `memo`": (
            ((*SCHEMAS, "SpreeStoreCreditCreate", "required"), plus("memo")),
        ),
        "Properties of `VinrStoreCreditCreate` became required: `reason`": (
            ((*SCHEMAS, "VinrStoreCreditCreate", "properties", "reason"), TEXT),
            ((*SCHEMAS, "VinrStoreCreditCreate", "required"), plus("reason")),
        ),
        "Property `memo` of `store_credit` was removed": (
            ((*SCHEMAS, "SpreeStoreCreditUpdate", "properties", "memo"), GONE),
        ),
        "Property `balance_remaining` of `VinrStoreCredit` was removed": (
            ((*SCHEMAS, "VinrStoreCredit", "properties", "balance_remaining"), GONE),
            ((*SCHEMAS, "VinrStoreCredit", "required"), minus("balance_remaining")),
        ),
        "Property `memo` of `attributes` was removed": (
            ((*ATTRIBUTES, "properties", "memo"), GONE),
            ((*ATTRIBUTES, "x-always-present"), minus("memo")),
        ),
        "Enum lost values: 'data.customer'": (
            ((*PARAMETERS, "VinrExpandInList", "schema", "items", "enum"), minus("data.customer")),
        ),
        "Response `409` was removed": (((*CREATE, "responses", "409"), GONE),),
        "Type of `amount` widened from 'integer' to 'string'": (
            ((*SCHEMAS, "VinrStoreCredit", "properties", "amount", "type"), "string"),
        ),
        "Required `store` query parameter was added": (
            ((*CREDITS, "get", "parameters"), plus({**STORE, "required": True})),
        ),
        "`limit` query parameter was removed": (((*LIST, "parameters"), minus("limit")),),
        "Media type `application/x-www-form-urlencoded` was removed": (
            ((*CREATE, "requestBody", "content", "application/x-www-form-urlencoded"), GONE),
        ),
        "Request body became required": (((*ADD, "requestBody", "required"), True),),
        "Upper bound changed from '<= 500' to '<= 100'": (((*PARAMETERS, "SpreePerPage", "schema", "maximum"), 100),),
        "Path `/webhooks/store_credit.updated` was removed": ((("webhooks", "store_credit.updated"), GONE),),
        "Property `X-Vinr-Timestamp` of `headers` was removed": ((CREATED, without_last),),
    },
    {
        "Type of `amount` widened from 'integer' to 'integer | null'": (
            ((*SCHEMAS, "VinrStoreCredit", "properties", "amount", "type"), ["integer", "null"]),
        ),
        "Media type `application/vnd.api+json` became `application/json`": (
            ((*CREDITS, "get", "responses", "200", "content"), other_type),
        ),
        "Properties of `headers` are no longer required: `X-Vinr-Timestamp`": (
            ((*PARAMETERS, "VinrTimestamp", "required"), False),
        ),
        "Property `created` of `body` was removed": (
            ((*EVENT, "properties", "created"), GONE),
            ((*EVENT, "required"), minus("created")),
        ),
    },
    {
        "Type of `X-Vinr-Timestamp` widened from 'integer' to 'string'": (
            ((*PARAMETERS, "VinrTimestamp", "schema", "type"), "string"),
        ),
    },
)

HARMLESS: tuple[Edit, ...] = (
    (("paths", "/v1/new"), {"get": {"operationId": "vinr.new.list", "responses": {"200": {"description": "New."}}}}),
    ((*SCHEMAS, "VinrStoreCredit", "properties", "status"), TEXT),
    ((*SCHEMAS, "SpreeStoreCreditCreate", "properties", "note"), TEXT),
    ((*CREDITS, "get", "parameters"), plus(STORE)),
    ((*CREDITS, "get", "description"), "Other words."),
    (CREATED, plus({"name": "X-Vinr-Attempt", "in": "header", "schema": {"type": "integer"}})),
    ((*EVENT, "properties", "livemode"), {"type": "boolean"}),
)
"""A new operation, members, field, parameter and header, and other words: what clients do not notice."""


@pytest.mark.toolchain
@pytest.mark.slow
def test_every_kind_of_break_is_found_and_nothing_else(breaks: Callable[[Data, Data], list[str]]) -> None:
    """Each break is named; the changes that break nobody need no new version."""
    current = dict(Document.read().data)
    for seeded in BREAKS:
        changed = edited(current, *(edit for edits in seeded.values() for edit in edits))
        found = "\n".join(breaks(current, changed))

        assert [said for said in seeded if said not in found] == []
    assert breaks(current, edited(current, *HARMLESS)) == []
