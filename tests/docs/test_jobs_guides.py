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


def carry_out(slug: str, folder: Folder, mock: Served) -> int:
    """Do all that a guide says, and compare; returns how many commands it has."""
    count = 0
    for block in blocks(guide(slug)):
        if block.file is not None:
            folder.write(block)
        elif block.language == "shell" and "STORE_CREDIT_POSTGRES" not in block.text:
            folder.shell(block.text)
        elif block.language == "console":
            for command, shown in commands(block.text):
                if command.startswith(START):
                    start(command, folder, mock)
                elif not command.startswith("scripts/"):
                    said = folder.run(command, shown)
                    assert pattern(shown).fullmatch(without_chance(said)), f"$ {command}\n{said}\n-- shown:\n{shown}"
                    count += 1
    return count


def start(command: str, folder: Folder, mock: Served) -> None:
    """Have the mock hold what the command would start it with."""
    file = re.search(r"--fixtures (\S+)", command)
    if file is not None:
        mock.control.seed(folder.path / file[1])


@pytest.mark.takes_seconds
def test_credit_is_issued_from_a_file(folder: Folder, mock: Served) -> None:
    """Down to the undo, each row once, and the same rows of JSON lines are the same; then its journal is restored.

    The kill suite and the workers on PostgreSQL, which the page about guarantees names, are tests of their own.
    """
    assert carry_out("jobs-issue", folder, mock) > 15
    assert sorted(one.amount for one in mock.control.vinr.credits()) == [500, 800, 900, 1000, 1250, 2000, 3000]
    again = folder.run("store-credit issue plan goodwill.jsonl --campaign nov-goodwill -o again.jsonl", "")
    assert "Plan: 0 to issue, 0 to take away, 3 with nothing to do." in again
    assert carry_out("jobs-guarantees", folder, mock) == 2


@pytest.mark.takes_seconds
def test_what_is_owed_is_audited(folder: Folder, mock: Served) -> None:
    """With every output that is a file."""
    assert carry_out("jobs-audit", folder, mock) > 5
    assert (folder.path / "figures.csv").read_text("utf-8").startswith("section,currency,")
    assert "<svg" in (folder.path / "audit.html").read_text("utf-8")
