"""The pages in a real Chromium, with and without JavaScript, wide and narrow, light and dark, by keyboard alone."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from bootstrap import ROOT
from store_credit_tools.node import BROWSER, NodeUnavailableError, program

pytestmark = pytest.mark.toolchain

CHECKS = BROWSER / "checks.mjs"
NAMES = re.findall(r"^  (?:async )?(\w+)(?:\(\)|: accessible)", CHECKS.read_text("utf-8"), re.MULTILINE)
PATIENCE_SECONDS = 240
QUIET = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def chromium() -> str:
    """The browser of this machine; nothing is downloaded."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name)
        if found is not None:
            return found
    pytest.skip("chromium is not installed, so that nobody looked at the pages in a browser")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The site beside a mock, as `scripts/docs --serve` shows it: its address, and its folder."""
    folder = tmp_path_factory.mktemp("browser") / "site"
    command = [sys.executable, str(ROOT / "scripts" / "docs"), "--serve", "--port", "0", "--out", str(folder)]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        said = [process.stdout.readline(), process.stdout.readline()]
        found = re.match(r"(http://127\.0\.0\.1:\d+/) ", said[1])
        assert found, said
        yield found[1], folder
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()


@pytest.fixture(scope="module")
def results(chromium: str, served: tuple[str, Path]) -> Mapping[str, Any]:
    """What each check found; all run in one browser."""
    address, folder = served
    # Root has no user namespace of its own to lock the browser into.
    alone = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    settings = {
        "chromium": chromium,
        "arguments": QUIET + alone,
        "folder": str(folder),
        "address": address,
        "pages": sorted(path.name for path in folder.glob("*.html")),
    }
    try:
        command = [*program(BROWSER, CHECKS.name), json.dumps(settings)]
    except NodeUnavailableError as reason:
        pytest.skip(str(reason))
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False
    )
    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines()]
    return {one["name"]: one for one in found}


# The first of them waits for all checks.
@pytest.mark.timeout(PATIENCE_SECONDS + 60)
@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_in_the_browser(name: str, results: Mapping[str, Any]) -> None:
    """Each check of browser/checks.mjs, by its name."""
    assert len(NAMES) > 15
    assert results[name]["problem"] is None, results[name]["problem"]
