"""What other people's tools make of the copies of the document in docs/openapi, compiled and run against a served mock.

What a tool cannot do by its own fault is held here, too, and told on the page "Use the document with your tools": once
the tool can do it, a test fails, and the page gets shorter.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from pydantic import ValidationError

from bootstrap import ROOT
from served_mock import Served, served
from store_credit_tools.export.files import EXPORTS
from store_credit_tools.node import DOCUMENT_TOOLS, NodeUnavailableError, command, program

pytest.importorskip("uvicorn", reason="the extra `server` is not installed")
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

TOKEN = "admin-token-of-the-tests"
# A machine with other work to do starts Node and Java slowly.
PATIENCE_SECONDS = 300

VINR = {"made": 1000, "email": "jane@example.com", "listed": 1, "expires": None}
SPREE = {"made": "25.5", "included": ["store_credit_event", "user"], "total": True, "memo": None}


def run(line: list[str], folder: Path, **environment: str) -> str:
    """Run a command to its end, and return what it printed."""
    known = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    done = subprocess.run(
        line,
        cwd=folder,
        env={**known, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
    return done.stdout


def tool(name: str) -> list[str]:
    """How a pinned command is run, or skip."""
    try:
        return command(DOCUMENT_TOOLS, name)
    except NodeUnavailableError as reason:
        pytest.skip(f"{name} cannot run: {reason}")


def own(name: str) -> list[str]:
    """How a program of ours that uses the pinned packages is run, or skip."""
    try:
        return program(DOCUMENT_TOOLS, name)
    except NodeUnavailableError as reason:
        pytest.skip(f"{name} cannot run: {reason}")


def generate(system: str, version: str, generator: str, folder: Path, *options: str) -> None:
    """Let openapi-generator make a client, or skip."""
    if shutil.which("java") is None:
        pytest.skip("java is not installed, which openapi-generator runs on")
    line = [str(Path(sys.executable).parent / "openapi-generator-cli"), "generate"]
    if not Path(line[0]).is_file():
        pytest.skip("openapi-generator-cli is not installed")
    source = str(EXPORTS / f"{system}-{version}.json")
    run([*line, "-i", source, "-g", generator, "-o", str(folder), *options], folder.parent)


@pytest.fixture(scope="module")
def mock() -> Iterator[Served]:
    with served("--spree-token", TOKEN, "--seed", "1") as running:
        yield running


@pytest.fixture(scope="module")
def typescript(mock: Served, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    """What the clients in TypeScript found, all compiled at once: that takes the longest."""
    folder = tmp_path_factory.mktemp("typescript")
    compiler, types, hey, orval = (tool(name) for name in ("tsc", "openapi-typescript", "openapi-ts", "orval"))
    (folder / "node_modules").symlink_to(DOCUMENT_TOOLS / "node_modules")
    for name in ("clients.ts", "orval.config.cjs"):
        shutil.copy(DOCUMENT_TOOLS / name, folder)
    for system in ("vinr", "spree", "spree-v3"):
        generate(system, "3.0", "typescript-axios", folder / f"{system}-axios")
    for system in ("vinr", "spree", "spree-v3"):
        copy = str(EXPORTS / f"{system}-3.1.json")
        run([*types, copy, f"--output={system}-types.ts"], folder)
        run([*hey, "--input", copy, "--output", f"{system}-hey"], folder)
    run([*orval, "--config", "orval.config.cjs"], folder, COPIES=str(EXPORTS), MOCK_URL=mock.url)
    strict = ["--strict", "--skipLibCheck", "--esModuleInterop", "--outDir", "built"]
    target = ["--module", "commonjs", "--moduleResolution", "node10", "--target", "es2022", "--lib", "es2022,dom"]
    run([*compiler, *strict, *target, "clients.ts"], folder)
    return json.loads(run([compiler[0], "built/clients.js"], folder, MOCK_URL=mock.url, SPREE_TOKEN=TOKEN))


@pytest.mark.parametrize("name", ["axios", "hey", "types"])
def test_a_typescript_client_works(typescript: Mapping[str, Any], name: str) -> None:
    """openapi-generator's typescript-axios (of 3.0), hey-api and openapi-typescript with openapi-fetch (of 3.1).

    Each creates, retrieves with what is related, lists, and updates with null, on both systems.
    """
    assert typescript[name] == {"vinr": VINR, "spree": SPREE}


def test_typescript_clients_of_spree_v3_work(typescript: Mapping[str, Any]) -> None:
    """hey-api and openapi-typescript with openapi-fetch find the customer, too, by an object in the query.

    typescript-axios and orval write no such object, and are told which customer it is.
    """
    found = {"made": "25.5", "listed": True, "found": 1, "memo": None}
    told = {**found, "found": 0}
    assert typescript["v3"] == {"hey": found, "types": found, "axios": told, "orval": told}


def test_orval_works_with_one_name_at_a_time(typescript: Mapping[str, Any]) -> None:
    """Its clients of 3.0, and its zod schemas, which keep an amount what it is and refuse a negative one."""
    assert typescript["orval"] == {
        "vinr": VINR,
        "spree": {**SPREE, "included": ["user"]},
        "zod": [25.5, "25.50", False],
    }


def test_what_typescript_clients_cannot_do(typescript: Mapping[str, Any]) -> None:
    """Each entry is on the page; 400 is the mock's word that something else came than the document says."""
    nested = "Deeply-nested arrays/objects aren\u2019t supported. Provide your own `querySerializer()` to handle these."
    assert typescript["faults"] == {
        # They ignore `explode: false`; openapi-fetch does better with `querySerializer`.
        "orvalInclude": 400,
        "fetchInclude": 400,
        # They write an object in the query as one text, in spite of `style: deepObject`.
        "axiosV3Filter": 400,
        "orvalV3Filter": 400,
        "orvalFilter": 400,
        "axiosFilter": 400,
        "axiosFilterList": 400,
        # They write no list inside such an object.
        "heyFilterList": nested,
        "fetchFilterList": nested,
        # These work.
        "heyInclude": 200,
        "heyFilter": 200,
        "fetchFilter": 200,
    }


@pytest.mark.parametrize("version", ["3.1", "3.0"])
def test_a_python_client_works(mock: Served, tmp_path: Path, version: str) -> None:
    """openapi-generator's python, of either version, calls the host it is given and does what the others do.

    Its `from_dict` writes null for what the dict does not have, so that an update clears more than it says: its fault,
    and told on the page. The constructors do not. Of filters it takes none: it has them as objects of objects.
    """
    for system in ("vinr", "spree", "spree-v3"):
        package = f"{system.replace('-', '_')}_client"
        generate(system, version, "python", tmp_path / system, f"--additional-properties=packageName={package}")
        (tmp_path / system / package).rename(tmp_path / package)
    shutil.copy(DOCUMENT_TOOLS / "python_client.py", tmp_path)
    told = run([sys.executable, "python_client.py", mock.url, TOKEN], tmp_path)
    assert json.loads(told) == {
        "vinr": VINR,
        "spree": SPREE,
        "spree_v3": {
            "made": "25.5",
            "total": True,
            "memo": None,
            "own": ["25.5"],
            "filters": "refused by the client",
        },
        "from_dict": [{"expires_at": None}, None if version == "3.1" else "not sent"],
    }


def test_typescript_fetch_does_not_compile(tmp_path: Path) -> None:
    """openapi-generator's typescript-fetch forgets models: of forms, unless told, and of objects in a query."""
    compiler = tool("tsc")
    generate("vinr", "3.0", "typescript-fetch", tmp_path / "vinr", "--global-property", "skipFormModel=false")
    generate("spree", "3.0", "typescript-fetch", tmp_path / "spree", "--global-property", "skipFormModel=false")
    options = ["--noEmit", "--strict", "--skipLibCheck", "--target", "es2022", "--module", "esnext"]
    line = [*compiler, *options, "--moduleResolution", "bundler", "--lib", "es2022,dom"]
    run([*line, "vinr/index.ts"], tmp_path)
    done = subprocess.run([*line, "spree/index.ts"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "Cannot find name 'SpreeStoreCreditFilter'" in done.stdout


@pytest.mark.parametrize("version", ["3.1", "3.0"])
@pytest.mark.parametrize("system", ["spree", "spree-v3"])
def test_datamodel_code_generator_keeps_amounts(tmp_path: Path, system: str, version: str) -> None:
    """A number stays one and a text one: Spree 5.3 reads texts by the rules of a language, 6.0 takes nothing else.

    What is out of range is refused, which in API v3 has no end that all currencies share.
    """
    pytest.importorskip("datamodel_code_generator")
    options = ["--input-file-type", "openapi", "--output-model-type", "pydantic_v2.BaseModel", "--disable-timestamp"]
    source = str(EXPORTS / f"{system}-{version}.json")
    run(
        [sys.executable, "-m", "datamodel_code_generator", "--input", source, "--output", "models.py", *options],
        tmp_path,
    )
    models = imported(tmp_path / "models.py", f"models_{system}_{version}".replace(".", "_").replace("-", "_"))
    ids = {"user_id": "1", "category_id": "1", "created_by_id": 1}
    name, given, most = {
        "spree": ("SpreeStoreCreditCreate", {**ids, "currency": "USD"}, [1e6]),
        "spree-v3": ("SpreeV3StoreCreditCreate", {"currency": "USD"}, []),
    }[system]

    def sent(amount: object) -> object:
        made = getattr(models, name).model_validate({**given, "amount": amount})
        return json.loads(made.model_dump_json(exclude_unset=True))["amount"]

    assert [sent(25.5), sent("25.50"), sent(3)] == [25.5, "25.50", 3]
    assert isinstance(sent(25.5), float)
    for wrong in (-5, 0, "-1", "ten", *most):
        with pytest.raises(ValidationError):
            sent(wrong)


def imported(path: Path, name: str) -> ModuleType:
    """A module of a file."""
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["vinr-3.1", "vinr-3.0", "spree-3.1", "spree-3.0", "spree-v3-3.1", "spree-v3-3.0"])
def test_postman_and_bruno_have_a_base_url(tmp_path: Path, name: str) -> None:
    """Their own importers give every operation as a request, and the sandbox as where it goes."""
    copy = EXPORTS / f"{name}.json"
    found = json.loads(run([*own("imports.cjs"), str(copy)], tmp_path))
    paths = json.loads(copy.read_text("utf-8"))["paths"].values()
    operations = [one["summary"] for item in paths for one in item.values() if "operationId" in one]
    base = "https://sandbox.api.vinr.com" if name.startswith("vinr") else "https://{{defaultHost}}"

    assert found["postman"]["baseUrl"] == base
    assert found["postman"]["variables"].get("defaultHost", "") == ("" if "vinr" in name else "demo.spreecommerce.org")
    assert next(iter(found["bruno"]["environments"].items())) == (
        ("Sandbox", base) if name.startswith("vinr") else ("A Spree installation", base)
    )
    assert sorted(found["postman"]["requests"]) == sorted(found["bruno"]["requests"]) == sorted(operations)


def test_swagger_parser_takes_the_document(tmp_path: Path) -> None:
    """@apidevtools/swagger-parser, which others bundle: the whole document and each copy."""
    files = [str(ROOT / "openapi.yaml"), *map(str, sorted(EXPORTS.iterdir()))]
    found = json.loads(run([*own("validate.mjs"), *files], tmp_path))
    assert found == dict.fromkeys(files, "valid")


@pytest.mark.parametrize("system", ["vinr", "spree", "spree-v3"])
def test_it_is_shown_without_a_warning(tmp_path: Path, system: str) -> None:
    """Swagger UI, Redoc and Scalar in a browser: no complaint on the console, none on the page, names people read."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        pytest.skip("no Chromium is installed, in which the document would be shown")
    copy = str(EXPORTS / f"{system}-3.1.json")
    found = json.loads(run([*own("render.mjs"), browser, str(tmp_path), copy], tmp_path))

    assert list(found) == ["swagger", "redoc", "scalar"]
    for name, shown in found.items():
        assert shown["said"] == [], name
        # A cart has a member `warnings`, and descriptions of operations begin theirs with a colon.
        assert not re.search(r"\bwarning\b(?!:)", shown["text"], re.IGNORECASE), name
        assert (tmp_path / f"{name}.png").stat().st_size > 10_000, name
    for name in ("redoc", "scalar"):
        assert "Store credit" in found[name]["text"]
        assert f"{system.replace('-', '_')}.store_credit" not in found[name]["text"]
