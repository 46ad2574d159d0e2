"""The pages in a real Chromium, with and without JavaScript, wide and narrow, light and dark, by keyboard alone."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from store_credit_tools.node import BROWSER, NodeUnavailableError, program

pytestmark = pytest.mark.toolchain

CHECKS = BROWSER / "checks.mjs"
NAMES = re.findall(r"^  (?:async )?(\w+)(?:\(\)|: accessible)", CHECKS.read_text("utf-8"), re.MULTILINE)
PATIENCE_SECONDS = 600


@pytest.fixture(scope="module")
def results(chromium: str, served: tuple[str, Path], browser_arguments: list[str]) -> Mapping[str, Any]:
    """What each check found; all run in one browser."""
    address, folder = served
    settings = {
        "chromium": chromium,
        "arguments": browser_arguments,
        "folder": str(folder),
        "address": address,
        "pages": sorted(path.name for path in folder.glob("*.html") if path.name != "404.html"),
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
