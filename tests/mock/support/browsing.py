"""Runs checks in the Chromium of this machine; nothing is downloaded but the packages that drive it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bootstrap import ROOT
from store_credit_tools.node import NodeUnavailableError, program

__all__ = ["run_checks"]

PACKAGES = ROOT / "tests" / "docs" / "browser"
"""Where playwright-core and axe-core are pinned."""
QUIET = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def run_checks(checks: Path, settings: Mapping[str, Any], *, arguments: list[str], seconds: float) -> dict[str, Any]:
    """Run a file of checks, which prints a line `{"name": ..., "problem": ...}` for each; returns the lines by name.

    Skips aloud where there is no Chromium or no Node.

    Args:
        checks: The file, a JavaScript module.
        settings: What it is given besides `chromium`, `arguments` and `packages`.
        arguments: Further arguments of Chromium.
        seconds: How long it may take.
    """
    names = ("chromium", "chromium-browser", "google-chrome")
    chromium = next((found for found in map(shutil.which, names) if found), None)
    if chromium is None:
        pytest.skip("chromium is not installed, so that nobody looked at the page in a browser")
    # Root has no user namespace of its own to lock the browser into.
    alone = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    given = {
        **settings,
        "chromium": chromium,
        "arguments": [*QUIET, *alone, *arguments],
        "packages": str(PACKAGES / "package.json"),
    }
    try:
        command = [*program(PACKAGES, str(checks)), json.dumps(given)]
    except NodeUnavailableError as reason:
        pytest.skip(str(reason))
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=seconds, check=False
    )
    assert done.returncode == 0, done.stderr
    return {found["name"]: found for found in map(json.loads, done.stdout.splitlines())}
