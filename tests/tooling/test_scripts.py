"""The scripts start on a bare Python and make their environment themselves."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from bootstrap import ROOT

SCRIPTS = sorted(path for path in (ROOT / "scripts").iterdir() if path.is_file() and "." not in path.name)
NAMES = [path.name for path in SCRIPTS]


def test_the_scripts_of_the_readme_are_looked_at() -> None:
    """The two commands a newcomer types are among the files these tests go over."""
    assert {"demo", "test"} <= set(NAMES)


@pytest.mark.parametrize("script", SCRIPTS, ids=NAMES)
def test_script_can_be_started_by_its_name(script: Path) -> None:
    """Each script is executable, names python3, and says in its docstring what it is for."""
    source = script.read_text("utf-8")

    assert os.access(script, os.X_OK)
    assert source.startswith("#!/usr/bin/env python3\n")
    assert ast.get_docstring(ast.parse(source))


@pytest.mark.parametrize("script", SCRIPTS, ids=NAMES)
def test_script_enters_its_environment_before_it_imports_from_it(script: Path) -> None:
    """Up to the call of bootstrap.enter, a script imports bootstrap and the standard library only."""
    tree = ast.parse(script.read_text("utf-8"))
    enters = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "bootstrap.enter"
    ]
    assert enters
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom) and node.lineno < min(enters)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names])
    }

    assert imported <= {"bootstrap"} | sys.stdlib_module_names


@pytest.mark.parametrize("path", [*SCRIPTS, ROOT / "scripts" / "bootstrap.py"], ids=lambda path: path.name)
def test_an_old_python_gets_as_far_as_the_message(path: Path) -> None:
    """Python 3.6 parses the scripts, so that it is told which Python they need and does not stop at a syntax error."""
    ast.parse(path.read_text("utf-8"), feature_version=(3, 6))


def test_an_old_python_is_told_which_python_is_needed() -> None:
    """The message names the needed version, the one found, and the command to type."""
    old = "sys.version_info = (3, 10, 2); sys.version = '3.10.2'; sys.argv = ['scripts/test']"
    pretend = f"import sys; {old}; import bootstrap"
    done = subprocess.run(
        [sys.executable, "-c", pretend], cwd=ROOT / "scripts", capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    for part in ("Python 3.11 or newer", "3.10.2", "python3.11 scripts/test"):
        assert part in done.stderr


@pytest.mark.parametrize(("tool", "key"), [("ruff", "extend-include"), ("pyright", "include")])
def test_linters_look_at_the_scripts_without_extension(tool: str, key: str) -> None:
    """Linters find files by extension, so that each script is named in their settings."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"][tool]

    assert {f"scripts/{name}" for name in NAMES} <= set(settings[key])


def test_ci_script_is_valid_bash() -> None:
    """A slip in .ci/run shows here and not only on the machine that runs it; no test is left out of it."""
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    subprocess.run(["bash", "-n", script], check=True)
    text = script.read_text("utf-8")
    assert re.findall(r"'tests.*' scripts/test(?: --toolchain)?$", text, re.MULTILINE) == [
        "'tests' scripts/test",
        "'tests with other tools' scripts/test --toolchain",
    ]


@pytest.mark.toolchain
@pytest.mark.parametrize("library", ["httpx", "httpx2"])
def test_the_suites_can_be_run_on_either_http_library(library: str, tmp_path: Path) -> None:
    """`scripts/test --http` names it for the SDK's clients and for the mock's, in the tests and in what they start."""
    (tmp_path / "test_library.py").write_text(
        f"""
import os
from store_credit_mock.mock import Mock

def test_library():
    assert os.environ["STORE_CREDIT_BACKEND"] == {library!r}
    with Mock() as mock, mock.http_client() as client:
        assert type(client).__module__ == {library!r}
""",
        "utf-8",
    )
    command = [sys.executable, str(ROOT / "scripts" / "test"), "--http", library, "-n", "0", "-q"]
    done = subprocess.run(
        [*command, "-p", "no:cacheprovider", str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert f"HTTP library: {library} " in done.stdout
    assert "1 passed" in done.stdout
    assert done.returncode == 0
