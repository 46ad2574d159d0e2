"""What jobs/README.md shows, runs word for word; but for the port, which another program may have."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from bootstrap import ROOT
from store_credit_jobs.cli.main import command
from store_credit_jobs.config import read_config
from store_credit_jobs.exit_codes import ExitCode
from store_credit_mock import Server
from store_credit_mock.cli import command as mock

README = (ROOT / "jobs" / "README.md").read_text("utf-8")
GUIDES = {path.stem: path.read_text("utf-8") for path in sorted((ROOT / "docs" / "guides").glob("jobs-*.md"))}
"""The pages about jobs, which say what the README leaves out; `tests/docs/test_jobs_guides.py` runs them."""
BLOCKS = re.findall(r"^```(sh|csv|toml)(?: (\S+))?\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


def block(language: str, name: str = "") -> str:
    (found,) = (text for language_, name_, text in BLOCKS if (language_, name_) == (language, name))
    return found


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(environment=False) as running:
        yield running


def run(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("STORE_CREDIT", "VINR"))}
    environment["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), environment["PATH"]])
    return subprocess.run(
        ["bash", "-euc", script], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.takes_seconds
def test_the_five_commands(server: Server, tmp_path: Path) -> None:
    """Each ends with 0; three credits are there afterwards, and the last command again sends nothing."""
    assert block("sh", "server") == "store-credit-mock serve\n"
    (tmp_path / "goodwill.csv").write_text(block("csv", "goodwill.csv"))
    script = block("sh").replace("http://127.0.0.1:4010", server.url)
    assert script.count("\nstore-credit ") == 5
    done = run(script, tmp_path)
    assert done.returncode == 0, done.stderr
    assert "3 new credits, 0 doubled, 0 lost" in done.stdout
    assert "3 credits are on the server, each exactly once" in done.stdout
    assert sorted(credit.amount for credit in server.control.vinr.credits()) == [500, 800, 1250]
    assert "sk_test_any" not in done.stdout + done.stderr

    sent = server.control.count_exchanges(method="POST").total
    again = run("export VINR_SECRET_KEY=sk_test_any; store-credit issue apply plan.jsonl", tmp_path)
    assert again.returncode == 0, again.stderr
    assert server.control.count_exchanges(method="POST").total == sent == 3


def test_the_configuration(tmp_path: Path) -> None:
    """The one with three accounts that the guide shows."""
    (shown,) = re.findall(r"^```toml\n(.*?)^```$", GUIDES["jobs-issue"], re.DOTALL | re.MULTILINE)
    (tmp_path / "store-credit.toml").write_text(shown)
    found = read_config(tmp_path / "store-credit.toml").accounts
    assert [account.system for account in found.values()] == ["vinr", "spree-v3", "spree-v2"]


def test_every_exit_code_is_told() -> None:
    """In the guide, with what to do about it."""
    told = {int(code) for code in re.findall(r"^\| (\d+) \| \S.* \| \S.* \|$", GUIDES["jobs-issue"], re.MULTILINE)}
    assert told == {*map(int, ExitCode), 141}


def options(found: click.Command) -> Iterator[str]:
    for parameter in found.params:
        yield from parameter.opts
    if isinstance(found, click.Group):
        with click.Context(found) as context:
            for name in found.list_commands(context):
                below = found.get_command(context, name)
                assert below is not None
                yield from options(below)


def test_every_option_that_is_shown_exists() -> None:
    """Of the command in the README, and of all that the guides name."""
    shown = set(re.findall(r"--[a-z][a-z-]+", README))
    assert shown <= {*options(command), "--help"}
    others = {*options(mock), "--spree-token", "--soak", "--kill-seed"}
    shown = {one for text in GUIDES.values() for one in re.findall(r"(?<!\S)`?(--[a-z][a-z-]+)", text)}
    assert shown <= {*options(command), *others}


def test_every_command_is_told() -> None:
    """Those of `issue` one by one, the others by their group."""
    told = re.findall(r"^\| `([a-z]+(?: [a-z]+)?)", README.partition("With `--json`, each event")[0], re.MULTILINE)
    with click.Context(command) as context:
        issue = command.get_command(context, "issue")
        assert isinstance(issue, click.Group)
        names = [name for name in command.list_commands(context) if name != "issue"]
        assert sorted(told) == sorted([*names, *(f"issue {name}" for name in issue.list_commands(context))])


def test_every_event_is_told() -> None:
    """By its name, and none that does not exist: those that engines emit, and those that commands print."""
    package = ROOT / "jobs" / "src" / "store_credit_jobs"
    code = "\n".join(path.read_text("utf-8") for path in sorted((package / "cli").glob("*.py")))
    events = {*re.findall(r'"event": "([a-z_.]+)"', code), *re.findall(r'_tell\("([a-z_.]+)"', code)}
    engine = (package / "engine" / "events.py").read_text("utf-8")
    events |= set(re.findall(r'^    name: ClassVar\[str\] = "([a-z_.]+)"$', engine, re.MULTILINE))
    (table,) = re.findall(r"^\| events \| emitted by \|\n(.*?)\n\n", README, re.DOTALL | re.MULTILINE)
    told = {name for line in table.splitlines() for name in re.findall(r"`([a-z_.]+)`", line.split("|")[1])}
    assert told == events
