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


def _paths(data: Data, path: str, method: str) -> Data:
    return data["paths"][path][method]


CREDITS = "/api/v2/platform/store_credits"


def _remove_operation(data: Data) -> None:
    del data["paths"][f"{CREDITS}/{{id}}"]["delete"]


def _rename_operation(data: Data) -> None:
    _paths(data, CREDITS, "get")["operationId"] = "spree.store_credits.all"


def _require_body_field(data: Data) -> None:
    data["components"]["schemas"]["SpreeStoreCreditCreate"]["required"].append("memo")


def _add_required_body_field(data: Data) -> None:
    schema = data["components"]["schemas"]["VinrStoreCreditCreate"]
    schema["properties"]["reason"] = {"type": "string"}
    schema["required"].append("reason")


def _remove_body_field(data: Data) -> None:
    del data["components"]["schemas"]["SpreeStoreCreditUpdate"]["properties"]["memo"]


def _remove_answer_member(data: Data) -> None:
    schema = data["components"]["schemas"]["VinrStoreCredit"]
    del schema["properties"]["balance_remaining"]
    schema["required"].remove("balance_remaining")


def _remove_attribute(data: Data) -> None:
    schema = data["components"]["schemas"]["SpreeStoreCreditAttributes"]
    del schema["properties"]["memo"]
    schema["x-always-present"].remove("memo")


def _narrow_enumeration(data: Data) -> None:
    data["components"]["parameters"]["VinrExpandInList"]["schema"]["items"]["enum"].remove("data.customer")


def _remove_status(data: Data) -> None:
    del _paths(data, "/v1/store-credit", "post")["responses"]["409"]


def _change_type(data: Data) -> None:
    data["components"]["schemas"]["VinrStoreCredit"]["properties"]["amount"]["type"] = "string"


def _allow_null(data: Data) -> None:
    data["components"]["schemas"]["VinrStoreCredit"]["properties"]["amount"]["type"] = ["integer", "null"]


def _add_required_parameter(data: Data) -> None:
    parameter = {"name": "store", "in": "query", "required": True, "schema": {"type": "string"}}
    _paths(data, CREDITS, "get")["parameters"].append(parameter)


def _remove_parameter(data: Data) -> None:
    parameters = _paths(data, "/v1/store-credit", "get")["parameters"]
    parameters[:] = [parameter for parameter in parameters if parameter.get("name") != "limit"]


def _remove_request_media_type(data: Data) -> None:
    del _paths(data, "/v1/store-credit", "post")["requestBody"]["content"]["application/x-www-form-urlencoded"]


def _remove_answer_media_type(data: Data) -> None:
    content = _paths(data, CREDITS, "get")["responses"]["200"]["content"]
    content["application/json"] = content.pop("application/vnd.api+json")


def _require_body(data: Data) -> None:
    _paths(data, "/api/v2/storefront/checkout/add_store_credit", "post")["requestBody"]["required"] = True


def _lower_maximum(data: Data) -> None:
    data["components"]["parameters"]["SpreePerPage"]["schema"]["maximum"] = 100


def _remove_webhook(data: Data) -> None:
    del data["webhooks"]["store_credit.updated"]


def _remove_webhook_header(data: Data) -> None:
    data["webhooks"]["store_credit.created"]["post"]["parameters"].pop()


def _make_webhook_header_optional(data: Data) -> None:
    data["components"]["parameters"]["VinrTimestamp"]["required"] = False


def _change_webhook_header(data: Data) -> None:
    data["components"]["parameters"]["VinrTimestamp"]["schema"]["type"] = "string"


def _remove_event_member(data: Data) -> None:
    schema = data["components"]["schemas"]["VinrStoreCreditUpdatedEvent"]
    del schema["properties"]["created"]
    schema["required"].remove("created")


SEEDED = [
    _remove_operation,
    _rename_operation,
    _require_body_field,
    _add_required_body_field,
    _remove_body_field,
    _remove_answer_member,
    _remove_attribute,
    _narrow_enumeration,
    _remove_status,
    _change_type,
    _allow_null,
    _add_required_parameter,
    _remove_parameter,
    _remove_request_media_type,
    _remove_answer_media_type,
    _require_body,
    _lower_maximum,
    _remove_webhook,
    _remove_webhook_header,
    _make_webhook_header_optional,
    _change_webhook_header,
    _remove_event_member,
]


@functools.cache
def _current() -> Data:
    return dict(Document.read().data)


@pytest.mark.toolchain
@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDED, ids=[seed.__name__.lstrip("_") for seed in SEEDED])
def test_a_seeded_break_is_found(seed: Callable[[Data], None], breaks: Callable[[Data, Data], list[str]]) -> None:
    """Each kind of break, made on a copy of the document, is reported."""
    changed = copy.deepcopy(_current())
    seed(changed)

    assert breaks(_current(), changed)


def _add_operation(data: Data) -> None:
    data["paths"]["/v1/new"] = {"get": {**_paths(data, "/v1/store-credit", "get"), "operationId": "vinr.new.list"}}


def _add_answer_member(data: Data) -> None:
    data["components"]["schemas"]["VinrStoreCredit"]["properties"]["status"] = {"type": "string"}


def _add_optional_field(data: Data) -> None:
    data["components"]["schemas"]["SpreeStoreCreditCreate"]["properties"]["note"] = {"type": "string"}


def _add_optional_parameter(data: Data) -> None:
    _paths(data, CREDITS, "get")["parameters"].append({"name": "store", "in": "query", "schema": {"type": "string"}})


def _reword(data: Data) -> None:
    _paths(data, CREDITS, "get")["description"] = "Other words."


def _add_webhook_header(data: Data) -> None:
    given = {"name": "X-Vinr-Attempt", "in": "header", "schema": {"type": "integer"}}
    data["webhooks"]["store_credit.created"]["post"]["parameters"].append(given)


def _add_event_member(data: Data) -> None:
    data["components"]["schemas"]["VinrStoreCreditUpdatedEvent"]["properties"]["livemode"] = {"type": "boolean"}


HARMLESS = [
    _add_operation,
    _add_answer_member,
    _add_optional_field,
    _add_optional_parameter,
    _reword,
    _add_webhook_header,
    _add_event_member,
]


@pytest.mark.toolchain
@pytest.mark.slow
@pytest.mark.parametrize("seed", HARMLESS, ids=[seed.__name__.lstrip("_") for seed in HARMLESS])
def test_a_harmless_change_is_let_through(
    seed: Callable[[Data], None], breaks: Callable[[Data, Data], list[str]]
) -> None:
    """What clients do not notice needs no new version."""
    changed = copy.deepcopy(_current())
    seed(changed)

    assert breaks(_current(), changed) == []
