"""`scripts/generate --check`: 0 when nothing differs, 1 when something does, 2 when it could not tell."""

import re
import shutil
import subprocess
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("openapi_python_client", reason="the generator is not installed here")

from bootstrap import ROOT

pytestmark = pytest.mark.slow

GENERATE = ROOT / "scripts" / "generate"
PACKAGE = ROOT / "sdk" / "src" / "store_credit"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A copy of the package, to be changed."""
    ignored = shutil.ignore_patterns("__pycache__", "openapi.yaml")
    return shutil.copytree(PACKAGE, tmp_path / "store_credit", ignore=ignored)


def snapshot(folder: Path) -> dict[Path, bytes]:
    """Every file below a folder, but what Python caches."""
    found = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return {path: content for path, content in found.items() if path.suffix != ".pyc"}


def test_the_generated_code_is_what_the_document_gives(run: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    """In the repository, now."""
    done = run(GENERATE, "--check")

    assert (done.returncode, done.stderr) == (0, "")
    assert "is what openapi.yaml gives" in done.stdout


def test_every_difference_is_named_and_nothing_is_written(run: Any, package: Path) -> None:
    """A changed byte, a file too few, a file too many; what is written by hand does not matter."""
    with (package / "client.py").open("a") as changed:
        changed.write("#")
    (package / "models" / "vinr_customer.py").unlink()
    (package / "models" / "left_over.py").write_text("x = 1\n")
    (package / "_core" / "by_hand.py").write_text("x = 1\n")
    before = snapshot(package)
    done = run(GENERATE, "--check", "--output", package)

    assert done.returncode == 1
    assert done.stdout.splitlines()[:3] == [
        "different  client.py",
        "left over  models/left_over.py",
        "missing    models/vinr_customer.py",
    ]
    assert "run scripts/generate" in done.stdout
    assert snapshot(package) == before


def test_generating_again_mends_every_difference(run: Any, package: Path) -> None:
    """And touches nothing that is written by hand. The order in which Python hashes text does not matter."""
    (package / "client.py").write_text("")
    (package / "api" / "vinr_store_credit.py").unlink()
    (package / "api" / "vinr_old.py").write_text("x = 1\n")
    (package / "_core" / "by_hand.py").write_text("x = 1\n")
    done = run(GENERATE, "--output", package, PYTHONHASHSEED="1", LC_ALL="C", TZ="Asia/Tokyo")
    expected = snapshot(PACKAGE) | {Path("_core/by_hand.py"): b"x = 1\n"}
    expected.pop(Path("openapi.yaml"), None)

    assert done.returncode == 0
    assert re.fullmatch(r"\d+ operations, \d+ models, \d+ files changed\.\n", done.stdout)
    assert snapshot(package) == expected


@pytest.mark.parametrize(
    ("content", "said", "arguments"),
    [
        (None, "cannot be read", ["--check"]),
        ("a: [", "is not YAML", []),
        ("- a list", "is not an OpenAPI document", ["--check"]),
    ],
    ids=["missing", "no yaml", "no document"],
)
def test_an_unreadable_document_is_neither_the_same_nor_different(
    run: Any, package: Path, tmp_path: Path, content: str | None, said: str, arguments: list[str]
) -> None:
    """One line on stderr says why; the package is as it was."""
    document = tmp_path / "odd.yaml"
    if content is not None:
        document.write_text(content)
    before = snapshot(package)
    done = run(GENERATE, *arguments, "--document", document, "--output", package)

    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("scripts/generate: ")
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert snapshot(package) == before


def test_a_document_the_generator_warns_about_cannot_be_checked(run: Any, tmp_path: Path) -> None:
    """A warning is how the generator says that it left something out."""
    document = tmp_path / "odd.yaml"
    text = (ROOT / "openapi.yaml").read_text("utf-8")
    changed = text.replace("  /v1/store-credit/{id}:\n", "  /v1/store-credit/{number}:\n", 1)
    assert changed != text
    document.write_text(changed, "utf-8")
    done = run(GENERATE, "--check", "--document", document)

    assert done.returncode == 2
    assert "/v1/store-credit/{number}" in done.stderr


def test_wrong_arguments_end_with_2(run: Any) -> None:
    """And with how it is used."""
    done = run(GENERATE, "--chek")

    assert done.returncode == 2
    assert "usage: scripts/generate" in done.stderr


def test_the_generator_may_move_to_the_second_http_library(run: Any, tmp_path: Path) -> None:
    """openapi-python-client with httpx2 in place of httpx, as its next release may be, generates the same code."""
    pytest.importorskip("httpx2")
    installed = Path(str(find_spec("openapi_python_client").origin)).parent  # type: ignore[union-attr]
    patched = tmp_path / installed.name
    changed = 0
    for source in (path for path in installed.rglob("*") if path.is_file() and path.suffix != ".pyc"):
        before = source.read_text("utf-8")
        after = re.sub(r"\b(httpx|httpcore)\b", r"\g<1>2", before)
        changed += before != after
        target = patched / source.relative_to(installed)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(after, "utf-8")
    # Whatever imports the first library still, stops here.
    (tmp_path / "httpx.py").write_text("raise ImportError('httpx is imported')\n", "utf-8")

    done = run(GENERATE, "--check", PYTHONPATH=str(tmp_path))

    assert changed
    assert (done.returncode, done.stderr) == (0, "")
    assert "is what openapi.yaml gives" in done.stdout
