"""`docs/openapi/`: the document once more for other tools, one copy per system and version of OpenAPI."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator

from bootstrap import ROOT
from store_credit_mock.contract import Document, ExchangeValidator
from store_credit_mock.recording import ExchangeFile
from store_credit_tools.export.downgrade import downgraded
from store_credit_tools.export.files import EXPORTS, exported
from store_credit_tools.export.system_copy import ExportError, system_copy

Data = dict[str, Any]

SYSTEMS = ("vinr", "spree", "spree-v3")
VERSIONS = ("5.5", "5.6", "6.0-alpha", "6.0-alpha+ledger", "6.0")
NAMES = [f"{system}-{version}.json" for system in SYSTEMS for version in ("3.1", "3.0")]
NAMES += [f"spree-v3-{version}-3.1.json" for version in VERSIONS]


@pytest.fixture(scope="module")
def copies() -> Mapping[str, Data]:
    """The committed copies by name."""
    return {path.name: json.loads(path.read_text("utf-8")) for path in EXPORTS.iterdir()}


def objects(value: Any) -> Iterator[Data]:
    """Every object in a copy, mere values left out."""
    if isinstance(value, dict):
        yield value
        for name, member in value.items():
            if name not in {"example", "value", "default", "enum"}:
                yield from objects(member)
    elif isinstance(value, list):
        for one in value:
            yield from objects(one)


def operations(data: Data) -> dict[str, Data]:
    """The operations of a copy by id."""
    found = [one for item in data["paths"].values() for one in item.values() if "operationId" in one]
    return {one["operationId"]: one for one in found}


def test_the_committed_copies_are_up_to_date() -> None:
    """Whoever changes the document and forgets scripts/generate is told here, and by `scripts/generate --check`."""
    assert exported(ROOT / "openapi.yaml") == {path.name: path.read_text("utf-8") for path in EXPORTS.iterdir()}


@pytest.mark.parametrize("name", NAMES)
def test_a_copy_is_valid(copies: Mapping[str, Data], name: str) -> None:
    """By the validator of its version; both refuse a reference that leads nowhere, or out of the file."""
    version, validator = (
        ("3.1.0", OpenAPIV31SpecValidator) if name.endswith("-3.1.json") else ("3.0.3", OpenAPIV30SpecValidator)
    )

    assert copies[name]["openapi"] == version
    assert list(validator(copies[name]).iter_errors()) == []
    assert {tuple(one["$ref"].split("/")[:2]) for one in objects(copies[name]) if "$ref" in one} == {
        ("#", "components")
    }


def test_the_copies_hold_every_operation(copies: Mapping[str, Data], document: Document) -> None:
    """None is lost, and none is in two."""
    for version in ("3.1", "3.0"):
        found = [name for system in SYSTEMS for name in operations(copies[f"{system}-{version}.json"])]
        assert sorted(found) == sorted(document.operations)


@pytest.mark.parametrize("name", NAMES)
def test_what_trips_other_tools_is_gone(copies: Mapping[str, Data], name: str) -> None:
    """Servers of paths beat the host a generated client is given; webhooks overwrite operations; the rest is noise."""
    data = copies[name]
    first = "https://sandbox.api.vinr.com" if name.startswith("vinr") else "https://{defaultHost}"

    assert data["servers"][0]["url"] == first
    assert not any("servers" in one for one in [*data["paths"].values(), *operations(data).values()])
    assert not {"webhooks", "jsonSchemaDialect", "x-decisions", "x-shared", "security"} & data.keys()
    assert not [one for one in objects(data) if {"x-source", "x-always-present"} & one.keys()]
    assert not [one for one in objects(data) if one.get("name") == "fields" and one.get("in") == "query"]
    assert "(V" not in json.dumps(data).replace("(VINR", "")
    assert ("illustrative" in data["info"]["description"]) == name.startswith("vinr")
    if name.endswith("-3.0.json"):
        assert not [one for one in objects(data) if isinstance(one.get("type"), list) or one.get("type") == "null"]
        assert not [one for one in objects(data) if "$ref" in one and len(one) > 1]


def test_what_is_always_present_is_required(copies: Mapping[str, Data], document: Document) -> None:
    """So that a typed client need not ask of each attribute whether it is there."""
    for name, schema in document.data["components"]["schemas"].items():
        if "x-always-present" in schema:
            for version in ("3.1", "3.0"):
                system = "spree-v3" if name.startswith("SpreeV3") else "spree"
                made = copies[f"{system}-{version}.json"]["components"]["schemas"][name]
                assert made["required"] == [*schema.get("required", ()), *schema["x-always-present"]]


def test_a_copy_of_one_version_has_nothing_of_others(copies: Mapping[str, Data]) -> None:
    """A copy is marked where versions differ; that of one version has no marks, and what the version sends is there."""
    whole = copies["spree-v3-3.1.json"]
    assert [one for one in objects(whole) if "x-versions" in one]
    credit: dict[str, set[str]] = {}
    for version in VERSIONS:
        data = copies[f"spree-v3-{version}-3.1.json"]
        assert data["info"]["title"] == f"Store credit of Spree Commerce API v3, version {version}"
        assert not [one for one in objects(data) if "x-versions" in one]
        assert operations(data).keys() < operations(whole).keys()
        assert [tag["name"] for tag in data["tags"]] == [tag for group in data["x-tagGroups"] for tag in group["tags"]]
        credit[version] = set(data["components"]["schemas"]["SpreeV3StoreCredit"]["required"])
    assert "category_id" in credit["5.6"] - credit["6.0-alpha"]
    assert "amount_authorized" in credit["6.0-alpha+ledger"] - credit["6.0-alpha"]
    assert "outstanding" in credit["6.0"] - credit["6.0-alpha+ledger"]
    assert "display_amount" in credit["6.0-alpha+ledger"] - credit["6.0"]


def test_recorded_responses_fit_the_copy(exchanges: Sequence[ExchangeFile]) -> None:
    """What is required was sent by every recorded server, wherever `fields` asked for no less."""
    copied = ExchangeValidator(Document.read(EXPORTS / "spree-3.1.json"))
    held = 0
    for one in exchanges:
        located = copied.locate(one.method, one.path)
        # Of an alias the copy says nothing.
        if not located.match or located.operation is None or any(name.startswith("fields") for name in one.query):
            continue
        response = one.response()
        result = copied.response(located, response.status, response.headers, response.body)
        held += 1
        assert (one.name, result.violations, result.notes) == (one.name, (), ())
    assert held > 500


def schema(member: Data, **components: Data) -> Data:
    """What 3.0.3 makes of a schema."""
    data = {"openapi": "3.1.0", "info": {}, "paths": {}, "components": {"schemas": {"A": member, **components}}}
    return downgraded(data)["components"]["schemas"]["A"]


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ({"type": ["integer", "null"], "minimum": 0}, {"type": "integer", "nullable": True, "minimum": 0}),
        (
            {"type": ["string", "integer", "null"], "maxLength": 9},
            {"anyOf": [{"type": "string", "maxLength": 9, "nullable": True}, {"type": "integer", "nullable": True}]},
        ),
        ({"type": "string", "const": "a"}, {"type": "string", "enum": ["a"]}),
        ({"type": "number", "exclusiveMinimum": 0}, {"type": "number", "minimum": 0, "exclusiveMinimum": True}),
        ({"$ref": "#/b", "description": "B"}, {"description": "B", "allOf": [{"$ref": "#/b"}]}),
        (
            {"description": "B", "oneOf": [{"$ref": "#/b"}, {"type": "null"}]},
            {"description": "B", "nullable": True, "allOf": [{"$ref": "#/b"}]},
        ),
        (
            {"oneOf": [{"$ref": "#/b"}, {"type": "null"}, {"type": "array", "items": {"type": ["string", "null"]}}]},
            {
                "nullable": True,
                "oneOf": [{"$ref": "#/b"}, {"type": "array", "items": {"type": "string", "nullable": True}}],
            },
        ),
    ],
    ids=["null", "types", "const", "range", "reference", "or_null", "several_or_null"],
)
def test_3_0_says_what_it_can(given: Data, made: Data) -> None:
    """Each construct of 3.1 in the words of 3.0.3, at the top, in a property and in a response."""
    assert schema(given) == made
    assert schema({"type": "object", "properties": {"type": given}})["properties"]["type"] == made
    paths = {"/a": {"get": {"responses": {"200": {"content": {"a/b": {"schema": given}}}}}}}
    inside = downgraded({"openapi": "3.1.0", "info": {}, "paths": paths})
    assert inside["paths"]["/a"]["get"]["responses"]["200"]["content"]["a/b"]["schema"] == made


def test_a_document_that_cannot_be_split_is_refused(document: Document) -> None:
    """Rather than a copy with half of a path, or with servers that some operations do not have."""
    data = json.loads(json.dumps(document.data))
    data["paths"]["/v1/store-credit"]["get"]["tags"] = ["spree.orders"]
    with pytest.raises(ExportError, match=r"/v1/store-credit: its operations are of 2 systems"):
        system_copy(data, "vinr")
    data = json.loads(json.dumps(document.data))
    data["paths"]["/v1/store-credit/{id}"]["servers"] = [{"url": "https://other.example"}]
    with pytest.raises(ExportError, match=r"/v1/store-credit/\{id\}: other servers"):
        system_copy(data, "vinr")
    data = json.loads(json.dumps(document.data))
    data["components"]["schemas"]["VinrPage"] = {"$ref": "page.yaml#/VinrPage"}
    with pytest.raises(ExportError, match=r"page.yaml#/VinrPage leads out"):
        system_copy(data, "vinr")


def test_the_command_prints_them(tmp_path: Path) -> None:
    """`store-credit-mock document`: the bytes of the file, its path, or why there is none."""

    def run(*arguments: str) -> tuple[int, bytes, str]:
        line = [sys.executable, "-m", "store_credit_mock", "document", *arguments]
        done = subprocess.run(line, cwd=tmp_path, capture_output=True, check=False)
        return done.returncode, done.stdout, done.stderr.decode()

    assert run("--system", "spree", "--openapi", "3.0")[:2] == (0, (EXPORTS / "spree-3.0.json").read_bytes())
    assert run()[:2] == (0, (ROOT / "openapi.yaml").read_bytes())
    code, where, _ = run("--system", "vinr", "--path")
    assert (code, Path(where.decode().strip()).read_bytes()) == (0, (EXPORTS / "vinr-3.1.json").read_bytes())
    for named in ("spree-v3", "spree_v3"):
        whole = (EXPORTS / "spree-v3-6.0-alpha+ledger-3.1.json").read_bytes()
        assert run("--system", named, "--version", "6.0-alpha+ledger")[:2] == (0, whole)
    for arguments, words in (
        (("--system", "../vinr"), "there is no system '../vinr'; the document has the systems spree, spree-v3, vinr"),
        (("--system", "spree-v3", "--version", "7"), "'7' is not a version of spree-v3, which has 5.5, 5.6, 6.0, 6.0-"),
        (("--system", "vinr", "--version", "1"), "'1' is not a version of vinr, which has none"),
        (("--version", "5.6"), "a version needs a system, such as --system spree-v3"),
        (
            ("--system", "spree-v3", "--version", "5.6", "--openapi", "3.0"),
            "exists only in OpenAPI 3.1; leave out --openapi",
        ),
    ):
        code, said, why = run(*arguments)
        assert (code, said) == (2, b"")
        assert words in why
