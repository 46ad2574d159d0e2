"""The compiled document agrees with the document; what was recorded is in tests/contract."""

from __future__ import annotations

import copy
import dataclasses
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from ruamel.yaml import YAML

import store_credit_mock
from store_credit_mock import Contract, Document, DocumentError, Request
from store_credit_mock.contract import read_body, read_query

RECORDINGS = Path(__file__).parents[1] / "recordings"
JSON = {"Content-Type": "application/json"}


def examples(data: Any, document: Document) -> Iterator[tuple[str, Any]]:
    """Name and value of each example of a media type object."""
    for name, example in data.get("examples", {}).items():
        found = document.resolve(example["$ref"])[1] if "$ref" in example else example
        yield name, found["value"]


def test_every_operation_is_found_by_its_method_and_path(store_credit_mock_contract: Contract) -> None:
    """Operations, aliases, and the methods a path allows."""
    for operation in store_credit_mock_contract.operations.values():
        names = re.findall(r"\{(\w+)\}", operation.template)
        path = re.sub(r"\{\w+\}", "R%2F1", operation.template)
        match = store_credit_mock_contract.find(operation.method, path)
        assert match is not None
        assert match.operation is operation
        assert match.path == dict.fromkeys(names, "R/1")
        assert operation.method in store_credit_mock_contract.allowed(path)
        for alias in operation.aliases:
            aliased = store_credit_mock_contract.find(alias, path)
            assert aliased is not None
            assert (aliased.operation, aliased.alias) == (operation, alias)
    assert store_credit_mock_contract.find("GET", "/v1/store-credit/") is None
    assert store_credit_mock_contract.find("GET", "/v1/store-credit/a/b") is None
    assert store_credit_mock_contract.allowed("/v1/none") == ()


def test_every_example_of_a_webhook_fits(store_credit_mock_contract: Contract) -> None:
    """And their payloads have no member the document lacks."""
    for name, item in store_credit_mock_contract.document.data["webhooks"].items():
        content = item["post"]["requestBody"]["content"]["application/json"]
        for _, value in examples(content, store_credit_mock_contract.document):
            assert store_credit_mock_contract.check_webhook(name, value) == ()
            keywords = {found.keyword for found in store_credit_mock_contract.check_webhook(name, {**value, "x": 1})}
            assert keywords == {"additionalProperties"}
    assert store_credit_mock_contract.check_webhook("none", {})[0].side == "webhook"


@pytest.mark.parametrize(
    ("target", "pointers"),
    [
        ("/v1/store-credit?limit=5&expand[]=customer&expand%5B%5D=data.customer", []),
        ("/v1/store-credit?limit=5&limit=6", ["/query/limit"]),
        ("/v1/store-credit?limit=1e1", ["/query/limit"]),
        ("/v1/store-credit?limit=%D9%A1", ["/query/limit"]),
        ("/v1/store-credit?customer=", ["/query/customer"]),
        ("/v1/store-credit?expand=customer", ["/query"]),
        ("/api/v2/platform/store_credits?filter[amount_gteq]=1&filter[id_in][]=1&filter[id_in][]=2", []),
        ("/api/v2/platform/store_credits?fields[store_credit]=amount&include=user,store_credit_events", []),
        ("/api/v2/platform/store_credits?page=0", ["/query/page"]),
        ("/api/v2/platform/store_credits?filter=x", ["/query/filter"]),
        ("/api/v2/platform/store_credits?filter[a][b]=x", []),
    ],
)
def test_parameters_are_read_by_their_styles(
    store_credit_mock_contract: Contract, target: str, pointers: list[str]
) -> None:
    """Lists, comma lists, deep objects and numbers, from the texts on the wire."""
    request = Request.build("GET", target)
    match = store_credit_mock_contract.find("GET", request.path)
    assert match is not None
    found = store_credit_mock_contract.check_request(
        match.operation, match.path, read_query(request.query), request, read_body(request)
    )

    assert [violation.pointer for violation in found] == pointers


@pytest.mark.parametrize(
    ("headers", "body", "keyword"),
    [
        (JSON, b"", "required"),
        (JSON, b"{", "json"),
        (JSON, b"[]", "type"),
        ({"Content-Type": "text/plain"}, b"x", "content-type"),
        ({}, b"{}", "content-type"),
        ({"Content-Type": "application/x-www-form-urlencoded"}, b"%zz=%ff", "json"),
    ],
)
def test_bodies_are_read_by_their_type(
    store_credit_mock_contract: Contract, headers: dict[str, str], body: bytes, keyword: str
) -> None:
    """A missing, broken, wrong or unnamed body is a violation, not an exception."""
    request = Request.build("POST", "/v1/store-credit", headers, body)
    operation = store_credit_mock_contract.operations["vinr.store_credit.create"]
    found = store_credit_mock_contract.check_request(operation, {}, [], request, read_body(request))

    assert [violation.keyword for violation in found] == [keyword]


def test_lines_are_those_of_the_file(store_credit_mock_contract: Contract) -> None:
    """Each member's line is where its name stands in openapi.yaml."""
    document = store_credit_mock_contract.document
    text = document.source.read_text("utf-8").splitlines()

    for pointer, name in (
        ("#/paths/~1v1~1store-credit/post/requestBody", "requestBody:"),
        ("#/components/schemas/VinrStoreCredit/properties/balance_remaining/minimum", "minimum: 0"),
        ("#/components/schemas/VinrStoreCredit/properties/balance_remaining/minimum/none", "minimum: 0"),
        # What stands behind an alias has the line of its definition.
        ("#/paths/~1v1~1store-credit/get/responses/200/headers", "headers: *vinr-headers"),
        (
            "#/paths/~1v1~1store-credit/get/responses/200/headers/Vinr-Version",
            'Vinr-Version: {$ref: "#/components/headers/VinrVersion"}',
        ),
    ):
        line = document.line(pointer)
        assert line is not None
        assert text[line - 1].strip() == name


@pytest.mark.takes_seconds
def test_the_document_reads_as_another_reader_of_yaml_reads_it(store_credit_mock_contract: Contract) -> None:
    """ruamel.yaml's own constructor, which shares no code with ours, gives the same document."""
    document = store_credit_mock_contract.document
    loaded = YAML(typ="safe", pure=True).load(document.source.read_text("utf-8"))

    assert document.data == loaded


@pytest.mark.takes_seconds
def test_a_second_form_of_another_text_is_not_used(
    tmp_path: Path, store_credit_mock_contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The kept form names the digest of the text it was made from."""
    source = store_credit_mock_contract.document.source.read_text("utf-8")
    path = tmp_path / "openapi.yaml"
    monkeypatch.setattr("store_credit_mock.contract.document.BUNDLED", path)
    path.write_text(source, "utf-8")
    Document.read(path)
    assert (tmp_path / "openapi.data.json").exists()
    path.write_text(re.sub(r"(?m)^  version: .*", "  version: 9.9.9", source, count=1), "utf-8")

    assert Document.read(path).version == "9.9.9"


def test_nothing_is_written_beside_a_document_of_the_users(
    tmp_path: Path, store_credit_mock_contract: Contract
) -> None:
    """Its folder is theirs; the lines are known all the same."""
    source = store_credit_mock_contract.document.source.read_text("utf-8")
    path = tmp_path / "openapi.yaml"
    path.write_text("# mine\n" + source, "utf-8")
    document = Document.read(path)

    assert document.line("/info/version") == (store_credit_mock_contract.document.line("/info/version") or 0) + 1
    assert list(tmp_path.iterdir()) == [path]


# The public package


def test_public_names_are_sorted_and_there() -> None:
    """`__all__` is complete, without repetition and in order: constants first."""
    names = store_credit_mock.__all__

    assert list(names) == sorted(set(names), key=lambda name: (not name.isupper(), name))
    assert [name for name in names if not hasattr(store_credit_mock, name)] == []


def test_the_core_needs_no_extra() -> None:
    """Importing the package, the plugin and the embedded mock imports none of uvicorn, psycopg and aiohttp."""
    import subprocess

    code = (
        "import sys, store_credit_mock.mock, store_credit_mock.pytest_plugin;"
        "print([name for name in ('uvicorn', 'psycopg', 'uvloop', 'aiohttp') if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert said.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("missing", "arguments", "extra"),
    [
        ("uvicorn", ["serve"], "store-credit-mock[server]"),
        ("psycopg", ["serve", "--db", "postgresql://h/d"], "[postgres]"),
    ],
)
def test_a_missing_extra_is_named(missing: str, arguments: list[str], extra: str) -> None:
    """Without what an extra brings, the command ends with 2 and says what to install."""
    import subprocess

    code = f"import sys; sys.modules['{missing}'] = None; from store_credit_mock.cli import main; main({arguments!r})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert extra in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.takes_seconds
def test_the_wheel_carries_the_document_its_copies_and_its_second_form(tmp_path: Path) -> None:
    """An installed mock starts from what was made at the build, and makes nothing itself."""
    import hashlib
    import subprocess
    import zipfile

    from bootstrap import ROOT

    command = [
        sys.executable,
        "-m",
        "build",
        "--no-isolation",
        "--wheel",
        "--outdir",
        str(tmp_path),
        str(ROOT / "mock"),
    ]
    subprocess.run(command, check=True, capture_output=True)
    (path,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(path) as wheel:
        document = wheel.read("store_credit_mock/openapi.yaml")
        kept = orjson.loads(wheel.read("store_credit_mock/openapi.data.json"))
        lines = orjson.loads(wheel.read("store_credit_mock/openapi.lines.json"))
        copies = {Path(name).name: wheel.read(name) for name in wheel.namelist() if "/document_copies/" in name}

    assert copies == {path.name: path.read_bytes() for path in (ROOT / "docs" / "openapi").iterdir()}
    assert document == (ROOT / "openapi.yaml").read_bytes()
    assert kept["digest"] == lines["digest"] == hashlib.sha256(document).hexdigest()
    assert kept["data"]["openapi"] == "3.1.0"


@pytest.mark.parametrize(
    ("place", "value", "words"),
    [
        ("#/components/schemas/VinrStoreCredit/properties/created/type", "intger", "cannot be compiled"),
        ("#/components/schemas/VinrStoreCredit/properties/currency/pattern", "^[A-Z{3}$(", "cannot be compiled"),
        ("#/components/schemas/SpreeStoreCreditAttributes/properties/deleted_at/format", 7, "cannot be compiled"),
        (
            "#/components/schemas/VinrStoreCreditList/properties/page/$ref",
            "#/components/schemas/Nothing",
            "points to nothing",
        ),
        ("#/components/schemas/VinrStoreCreditList/properties/page/$ref", "other.yaml#/x", "in the same document"),
        ("#/paths/~1v1~1store-credit/get/parameters/1/schema/minimum", "one", "cannot be compiled"),
        ("#/paths/~1v1~1store-credit/get/responses/400/$ref", "#/components/responses/None", "points to nothing"),
        (
            "#/paths/~1v1~1store-credit/get/parameters/1/in",
            "body",
            "is not valid; use one of path, query, header, cookie",
        ),
    ],
)
def test_what_cannot_be_compiled_is_told_with_its_line(
    store_credit_mock_contract: Contract, place: str, value: object, words: str
) -> None:
    """The innermost schema or reference at fault is named, with a line of its own."""
    document = store_credit_mock_contract.document
    data = copy.deepcopy(dict(document.data))
    changed = dataclasses.replace(document, data=data)
    holder, _, name = place.rpartition("/")
    assert name in changed.at(holder)
    changed.at(holder)[name] = value

    with pytest.raises(DocumentError, match=words) as refused:
        Contract(changed)
    assert f"openapi.yaml:{document.line(holder)}: " in str(refused.value)
    assert holder in str(refused.value)
