"""`scripts/test --coverage` counts the lines of our own code, in every process, and holds them to a floor."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from coverage import CoverageData

from bootstrap import ROOT

SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["coverage"]

TEST = """
import subprocess, sys

def test_another_process():
    subprocess.run([sys.executable, "-c", "import store_credit_mock.ledger"], check=True)
"""


def test_there_is_a_floor() -> None:
    """A floor that somebody has set to nothing would let every change pass."""
    assert 80 <= SETTINGS["report"]["fail_under"] < 100


@pytest.mark.slow
def test_too_few_lines_fail_the_run(tmp_path: Path) -> None:
    """The tests pass, the run does not; what another process ran is counted, what is generated is not."""
    (tmp_path / "test_it.py").write_text(TEST, "utf-8")
    environment = {**os.environ, "COVERAGE_FILE": str(tmp_path / "data")}
    command = [sys.executable, str(ROOT / "scripts" / "test"), "--coverage", "-n", "0", "-q"]
    done = subprocess.run(
        [*command, "-p", "no:cacheprovider", str(tmp_path)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert "1 passed" in done.stdout
    assert "less than fail-under" in done.stdout
    assert done.returncode == 1
    data = CoverageData(str(tmp_path / "data"))
    data.read()
    mock = ROOT / "mock" / "src" / "store_credit_mock"
    assert data.lines(str(mock / "ledger" / "__init__.py"))
    assert data.lines(str(ROOT / "sdk" / "src" / "store_credit" / "client.py")) is None
