"""A change that would break a client of the last released document needs a new version.

`tests/contract/released.json` is what the document promised when it was last released: without texts and examples,
which break no client, and with those extensions that can. `scripts/check` compares with it, without Node; Redocly's
comparison is a second opinion. To release, raise `info.version` and, when nothing else is going to
change, write it anew:

    scripts/test tests/contract/test_breaking_changes.py --release-document

While the version begins with 0 a break raises its second number, later its first.
"""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from bootstrap import ROOT
from store_credit_mock.contract import Document
from store_credit_tools.check.breaks import RELEASED, allows_breaks, announcing, breaks, promises, written
from store_credit_tools.check.run import check
from store_credit_tools.node import LINTERS, NodeUnavailableError, command

from .planted_breaks import BREAKS, HARMLESS, OURS, Data, edited


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
