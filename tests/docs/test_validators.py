"""The pages before two validators that are not ours: html-validate, by the rules beside it, and the W3C's own."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from store_credit_tools.node import BROWSER, NodeUnavailableError, command

pytestmark = [pytest.mark.toolchain, pytest.mark.slow, pytest.mark.timeout(600)]

VNU = BROWSER / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"


@pytest.fixture(scope="module")
def validator() -> list[str]:
    """html-validate, installed on first use; the jar of the W3C's comes with it."""
    try:
        return command(BROWSER, "html-validate")
    except NodeUnavailableError as reason:
        pytest.skip(str(reason))


@pytest.fixture(scope="module")
def pages(files: Mapping[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every HTML page in a folder."""
    folder = tmp_path_factory.mktemp("pages")
    for path, content in files.items():
        if path.endswith(".html"):
            (folder / path).write_bytes(content)
    return folder


def problems(command_line: list[str]) -> subprocess.CompletedProcess[str]:
    """Run a validator."""
    return subprocess.run(
        command_line, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=400
    )


def test_html_validate_finds_nothing(validator: list[str], pages: Path) -> None:
    """Its recommended rules; what `.htmlvalidate.json` changes is a matter of style."""
    rules = ["--config", str(BROWSER / ".htmlvalidate.json"), "--formatter", "json"]
    done = problems([*validator, *rules, *map(str, sorted(pages.glob("*.html")))])

    found = [
        f"{Path(page['filePath']).name}:{one['line']}: {one['ruleId']}: {one['message']}"
        for page in json.loads(done.stdout)
        for one in page["messages"]
    ]
    assert (found, done.returncode) == ([], 0), done.stderr


def test_html_validate_would_find_something(validator: list[str], tmp_path: Path) -> None:
    """An id twice, by the same rules."""
    page = tmp_path / "page.html"
    page.write_text('<!doctype html>\n<html lang="en"><title>x</title><p id="a">1</p><p id="a">2</p></html>\n', "utf-8")

    done = problems([*validator, "--config", str(BROWSER / ".htmlvalidate.json"), str(page)])
    assert done.returncode == 1
    assert "no-dup-id" in done.stdout


@pytest.mark.usefixtures("validator")
def test_the_w3c_validator_finds_nothing(pages: Path) -> None:
    """No error; it is a Java program."""
    java = shutil.which("java")
    if java is None:
        pytest.skip("java is not installed, so that the W3C's validator did not look at the pages")
    done = problems([java, "-jar", str(VNU), "--errors-only", "--format", "json", str(pages)])

    messages = json.loads(done.stderr)["messages"]
    assert [f"{Path(one.get('url', '')).name}: {one['message']}" for one in messages] == []
