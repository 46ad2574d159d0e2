"""scripts/demo shows the systems at work on the mock, and a job."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bootstrap import ROOT


@pytest.mark.takes_seconds
def test_the_demo_runs_to_its_end(tmp_path: Path) -> None:
    """Every operation it names was called, the lost response doubled nothing, and the books are right.

    It leaves nothing behind: what a journal notes for its user would refuse the same campaign the next time.
    """
    state = tmp_path / "state"
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "demo"],
        env=os.environ | {"XDG_STATE_HOME": str(state), "TMPDIR": str(tmp_path)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert not state.exists()
    assert list(tmp_path.iterdir()) == []
    for words in (
        "201, the stored response",
        "issued once",
        "store_credit.created, 1000 left",
        "OutcomeUnknownError",
        "created exactly once",
        "the books are right",
        "1,000 to issue",
        "response lost while the server was still executing the request",
        "1,000 new credits, 0 doubled, 0 lost",
        "1,000 credits are on the server, each exactly once",
        "No credit breaks a rule.",
        "1,000 credits, none doubled, none lost",
    ):
        assert words in done.stdout
