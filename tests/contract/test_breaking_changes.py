"""A change that would break a client of the last released document needs a new version.

`tests/contract/released.json` is what the document promised when it was last released: without texts and examples,
which break no client, and with those extensions that can. `scripts/check` compares with it, without Node; Redocly's
comparison is a second opinion. To release, raise `info.version` and, when nothing else is going to
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
from store_credit_tools.check.breaks import RELEASED, allows_breaks, announcing, breaks, promises, written
from store_credit_tools.check.run import check
from store_credit_tools.node import LINTERS, NodeUnavailableError, command

Data = dict[str, Any]


@pytest.fixture(scope="module")
def released(request: pytest.FixtureRequest) -> Data:
    """What was promised when the document was last released; with `--release-document` that is now."""
    if request.config.getoption("--release-document", default=False):
        RELEASED.write_text(written(promises(dict(Document.read().data))), "utf-8")
    return json.loads(RELEASED.read_text("utf-8"))


@pytest.fixture(scope="module")
def redocly() -> list[str]:
    """The start of a Redocly command line."""
    try:
        return command(LINTERS, "redocly")
    except NodeUnavailableError as reason:
        pytest.skip(str(reason))


@pytest.fixture
def redocly_breaks(redocly: list[str], tmp_path: Path) -> Callable[[Data, Data], list[str]]:
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


@pytest.mark.toolchain
def test_nothing_breaks_without_a_new_version(
    released: Data, redocly_breaks: Callable[[Data, Data], list[str]]
) -> None:
    """The document against the last released one."""
    revision = dict(Document.read().data)
    found = redocly_breaks(released, revision)

    if not allows_breaks(released["info"]["version"], revision["info"]["version"]):
        assert found == [], f"announce it by info.version {announcing(released['info']['version'])}, or take it back"


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


def renamed(old: str, new: str) -> Callable[[Data], Data]:
    """Give a member another name."""
    return lambda members: {new if name == old else name: value for name, value in members.items()}


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


def with_member(name: str, **members: Any) -> Callable[[list[Data]], list[Data]]:
    """Set members of the parameter of a name."""
    return lambda items: [{**one, **members} if one.get("name") == name else one for one in items]


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
def test_every_kind_of_break_is_found_and_nothing_else(redocly_breaks: Callable[[Data, Data], list[str]]) -> None:
    """Each break is named; the changes that break nobody need no new version."""
    current = dict(Document.read().data)
    for seeded in BREAKS:
        changed = edited(current, *(edit for edits in seeded.values() for edit in edits))
        found = "\n".join(redocly_breaks(current, changed))

        assert [said for said in seeded if said not in found] == []
    assert redocly_breaks(current, edited(current, *HARMLESS)) == []


TYPES = ("paths", "/api/v2/platform/store_credit_types", "post")
OURS: dict[str, Edit] = {
    "the default of the query parameter limit of GET /v1/store-credit changed from 10 to 25": (
        (*LIST, "parameters"), with_member("limit", schema={"type": "integer", "default": 25})
    ),
    "the header X-Vinr-Timestamp of the webhook store_credit.created is gone": (
        (*PARAMETERS, "VinrTimestamp", "name"), "X-Vinr-Time"
    ),
    "the header X-Vinr-Timestamp of the webhook store_credit.created need not be there": (
        (*PARAMETERS, "VinrTimestamp", "required"), False
    ),
    "the header x-vinr-request-id of the response 200 of GET /v1/store-credit need not": (
        ("components", "headers", "VinrRequestId", "required"), False
    ),
    "the property memo of SpreeStoreCreditAttributes is not `x-always-present` any more": (
        (*ATTRIBUTES, "x-always-present"), minus("memo")
    ),
    "has not the value allocation any more": (
        (*SCHEMAS, "SpreeStoreCreditEventAttributes", "properties", "action", "x-extensible-enum"), minus("allocation")
    ),
    "has not the value resource_missing any more": (
        (*SCHEMAS, "VinrErrorDetail", "properties", "code", "x-extensible-enum"), minus("resource_missing")
    ),
    "the schema VinrUnknownEventData is gone, whose class is public": (
        SCHEMAS, renamed("VinrUnknownEventData", "VinrOtherEventData")
    ),
    "`x-argument` of the security scheme spreeOrderToken changed from order_token to token": (
        ("components", "securitySchemes", "spreeOrderToken", "x-argument"), "token"
    ),
    "`name` of the security scheme vinrApiKey changed from X-Api-Key to Api-Key": (
        ("components", "securitySchemes", "vinrApiKey", "name"), "Api-Key"
    ),
    "PATCH /api/v2/platform/store_credits/{id} is not `x-idempotent` any more": (
        ("paths", "/api/v2/platform/store_credits/{id}", "patch", "x-idempotent"), GONE
    ),
    "PATCH /api/v2/platform/store_credits/{id} is `x-creates` now": (
        ("paths", "/api/v2/platform/store_credits/{id}", "patch", "x-creates"), True
    ),
    "GET /v1/store-credit has no method in the SDK any more": ((*LIST, "x-no-sdk-method"), "Nobody wants it."),
    "the tag of GET /v1/store-credit changed": ((*LIST, "tags"), ["vinr.credit"]),
    "the operationId of GET /v1/store-credit changed from vinr.store_credit.list to vinr.store_credit.all": (
        (*LIST, "operationId"), "vinr.store_credit.all"
    ),
    "the path /v1/store-credit is gone": (("paths",), renamed("/v1/store-credit", "/v2/store-credit")),
    "GET /v1/store-credit is gone": (LIST, GONE),
    "the server https://sandbox.api.vinr.com of /v1/store-credit is gone": (
        ("paths", "/v1/store-credit", "servers"), lambda items: [one for one in items if "sandbox" not in one["url"]]
    ),
    "GET /v1/store-credit does not take the credentials vinrBearer any more": (
        (*LIST, "security"), [{"vinrApiKey": []}]
    ),
    "POST /spree_oauth/token asks for credentials now": (
        ("paths", "/spree_oauth/token", "post", "security"), [{"spreeBearer": []}]
    ),
    "the query parameter limit of GET /v1/store-credit is gone": ((*LIST, "parameters"), minus("limit")),
    "the query parameter store of GET /v1/store-credit is new and required": (
        (*LIST, "parameters"), plus({**STORE, "required": True})
    ),
    "the query parameter customer of GET /v1/store-credit is required now": (
        (*LIST, "parameters"), with_member("customer", required=True)
    ),
    "`explode` of the query parameter include of GET /api/v2/platform/store_credits changed": (
        (*PARAMETERS, "SpreeStoreCreditInclude", "explode"), True
    ),
    "`maximum` of the query parameter per_page": ((*PARAMETERS, "SpreePerPage", "schema", "maximum"), 100),
    "takes only customer now": ((*PARAMETERS, "VinrExpandInList", "schema", "items", "enum"), ["customer"]),
    "the request body of POST /api/v2/storefront/checkout/add_store_credit is required now": (
        (*ADD, "requestBody", "required"), True
    ),
    "has no application/x-www-form-urlencoded any more": (
        (*CREATE, "requestBody", "content", "application/x-www-form-urlencoded"), GONE
    ),
    "the response 409 of POST /v1/store-credit is gone": ((*CREATE, "responses", "409"), GONE),
    "has no application/vnd.api+json any more": ((*CREDITS, "get", "responses", "200", "content"), other_type),
    "the property balance_remaining of VinrStoreCredit is gone": (
        (*SCHEMAS, "VinrStoreCredit", "properties", "balance_remaining"), GONE
    ),
    "the property created of VinrStoreCredit need not be there any more": (
        (*SCHEMAS, "VinrStoreCredit", "required"), minus("created")
    ),
    "amount of VinrStoreCredit may be of the type null now": (
        (*SCHEMAS, "VinrStoreCredit", "properties", "amount", "type"), ["integer", "null"]
    ),
    "the format of created_at of SpreeStoreCreditAttributes changed from date-time to None": (
        (*ATTRIBUTES, "properties", "created_at"), {"type": ["string", "null"]}
    ),
    "amount of VinrStoreCreditCreate does not take the type integer any more": (
        (*SCHEMAS, "VinrStoreCreditCreate", "properties", "amount", "type"), "string"
    ),
    "the property memo of SpreeStoreCreditCreate is required now": (
        (*SCHEMAS, "SpreeStoreCreditCreate", "required"), plus("memo")
    ),
    "the property memo of SpreeStoreCreditUpdate is gone": (
        (*SCHEMAS, "SpreeStoreCreditUpdate", "properties", "memo"), GONE
    ),
    "`minimum` of amount of VinrStoreCreditCreate is 100 now": (
        (*SCHEMAS, "VinrStoreCreditCreate", "properties", "amount", "minimum"), 100
    ),
    "`pattern` of currency of VinrStoreCreditCreate is ^USD$ now": (
        (*SCHEMAS, "VinrStoreCreditCreate", "properties", "currency", "pattern"), "^USD$"
    ),
    "the webhook store_credit.updated is gone": (("webhooks", "store_credit.updated"), GONE),
    "the property created of VinrStoreCreditUpdatedEvent is gone": ((*EVENT, "properties", "created"), GONE),
}  # fmt: skip
"""What our own comparison says of a break, and the change that makes it."""


@pytest.mark.parametrize("said", OURS)
def test_our_own_comparison_finds_each_kind(said: str) -> None:
    """Without Node, from what `promises` keeps; defaults, headers, names and extensions as well."""
    current = dict(Document.read().data)
    base = json.loads(json.dumps(promises(current)))

    assert said in "\n".join(what for _, what in breaks(base, edited(current, OURS[said])))


def test_our_own_comparison_finds_nothing_else(released: Data) -> None:
    """What breaks nobody, the document against itself, and against the last released one."""
    current = dict(Document.read().data)

    assert breaks(promises(current), edited(current, *HARMLESS)) == []
    assert breaks(current, current) == []
    if not allows_breaks(released["info"]["version"], current["info"]["version"]):
        assert breaks(released, current) == []


def test_a_break_is_told_with_its_line_and_the_version_that_announces_it(tmp_path: Path) -> None:
    """By `scripts/check`, which is content once `info.version` says so."""
    text = (
        (ROOT / "openapi.yaml").read_text("utf-8").replace("            default: 10\n", "            default: 25\n", 1)
    )
    path = tmp_path / "openapi.yaml"
    path.write_text(text, "utf-8")
    (line,) = (str(one) for one in check(path))

    assert line.startswith(
        f"{path}:{text[: text.index('default: 25')].count(chr(10)) + 1}: the default of the query parameter limit"
    )
    assert "which breaks users of 0.1.0; take it back, or announce it: scripts/release 0.2.0" in line
    path.write_text(text.replace("  version: 0.1.0\n", "  version: 0.2.0\n", 1), "utf-8")
    assert check(path) == []
