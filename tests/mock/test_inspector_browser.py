"""The inspector in a real Chromium: what it shows and does, by keyboard, on a phone, and against other pages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from browsing import run_checks
from served_mock import CONTROL_TOKEN, served

pytestmark = pytest.mark.toolchain

CHECKS = Path(__file__).parent / "browser" / "inspector.mjs"
NAMES = re.findall(r"^  async (\w+)\(\)", CHECKS.read_text("utf-8"), re.MULTILINE)
SPREE_TOKEN = "spree-token-of-the-tests"

pytest.importorskip("uvicorn", reason="the extra `server` is not installed")


@pytest.fixture(scope="module")
def results() -> Mapping[str, Any]:
    """What each check found; all run in one browser, over one mock."""
    with served("--spree-token", SPREE_TOKEN) as mock:
        settings = {
            "address": mock.url,
            "link": mock.started["inspector"],
            "token": CONTROL_TOKEN,
            "spree": SPREE_TOKEN,
        }
        # The name of a page that somebody points at this machine.
        rebound = ["--host-resolver-rules=MAP rebound.test 127.0.0.1"]
        return run_checks(CHECKS, settings, arguments=rebound, seconds=120)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_in_the_browser(name: str, results: Mapping[str, Any]) -> None:
    """Each check of browser/inspector.mjs, by its name."""
    assert len(NAMES) > 10
    assert results[name]["problem"] is None, results[name]["problem"]
