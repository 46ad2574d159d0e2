"""The guides about jobs: every command runs as its page prints it, and prints what the page says."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from shown_commands import Folder, blocks, commands, pattern, without_chance

from bootstrap import ROOT
from served_mock import Served, served
from store_credit_jobs.exit_codes import ExitCode

GUIDES = ROOT / "docs" / "guides"
START = "store-credit-mock serve"


def guide(slug: str) -> str:
    return (GUIDES / f"{slug}.md").read_text("utf-8")


@pytest.fixture(scope="module")
def mock() -> Iterator[Served]:
    """What the pages start, but for the fixtures of the one about audits."""
    with served("--control-token", "control", "--spree-token", "spree") as running:
        yield running


@pytest.fixture
def folder(mock: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    """An empty folder, and a mock as it is after its start."""
    mock.control.reset()
    for name in list(os.environ):
        if name.startswith(("STORE_CREDIT", "VINR", "SPREE")):
            monkeypatch.delenv(name)
    for name in ("VINR_SECRET_KEY", "SPREE_TOKEN"):
        # So that what `export` sets is unset in the end.
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    path = tmp_path / "credits"
    path.mkdir()
    monkeypatch.chdir(path)
    return Folder(path, mock.url, os.environ)


def carry_out(slug: str, folder: Folder, mock: Served) -> None:
    """Do all that a guide says, and compare."""
    for block in blocks(guide(slug)):
        if block.file is not None:
            folder.write(block)
        elif block.language == "shell":
            folder.shell(block.text)
        elif block.language == "console":
            for command, shown in commands(block.text):
                if command.startswith(START):
                    start(command, folder, mock)
                    continue
                said = folder.run(command, shown)
                assert pattern(shown).fullmatch(without_chance(said)), f"$ {command}\n{said}\n-- shown:\n{shown}"


def start(command: str, folder: Folder, mock: Served) -> None:
    """Have the mock hold what the command would start it with."""
    file = re.search(r"--fixtures (\S+)", command)
    if file is not None:
        mock.control.seed(folder.path / file[1])


@pytest.mark.takes_seconds
def test_credit_is_issued_from_a_file(folder: Folder, mock: Served) -> None:
    """Down to the undo; the three formats of the file give one plan."""
    carry_out("jobs-issue", folder, mock)


@pytest.mark.takes_seconds
def test_what_is_owed_is_audited(folder: Folder, mock: Served) -> None:
    """With every output."""
    carry_out("jobs-audit", folder, mock)
