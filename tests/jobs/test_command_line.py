"""The command `store-credit` as a whole: what it loads, its common options, and how it ends."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import click
import pytest

from store_credit import APIConnectionError, AuthenticationError, Response
from store_credit_jobs.cli import main as command_line
from store_credit_jobs.cli.common_options import Common, common_options
from store_credit_jobs.errors import JobsError, Problem
from store_credit_jobs.exit_codes import ExitCode

SECRET = "sk_live_51HCxhE2"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `store-credit issue plan ...` with a function in the place of the command; gives code, stdout, stderr."""

    def runs(function: Callable[[Common], Any], *arguments: str) -> tuple[int, str, str]:
        module: Any = ModuleType("store_credit_jobs.cli.plan_command")
        module.command = click.command("plan")(common_options(function))
        monkeypatch.setitem(sys.modules, module.__name__, module)
        with pytest.raises(SystemExit) as ended:
            command_line.main(list(arguments) if "plan" in arguments else ["issue", "plan", *arguments])
        assert isinstance(ended.value.code, int)
        out, err = capsys.readouterr()
        return int(ended.value.code), out, err

    return runs


def raising(error: BaseException) -> Callable[[Common], None]:
    def function(common: Common) -> None:
        raise error

    return function


def test_help_loads_no_command() -> None:
    """`--help` lists every command without importing one, nor what commands are made with."""
    code = """
import sys
from store_credit_jobs.cli.main import main
try:
    main(sys.argv[1:])
except SystemExit:
    pass
loaded = [name for name in sys.modules if name.startswith("store_credit_jobs.")]
heavy = {"attrs", "attr", "rich", "store_credit", "httpx", "sqlite3", "asyncio"} & set(sys.modules)
print(sorted(loaded), sorted(heavy), file=sys.stderr)
"""
    for arguments, listed in ([["--help"], command_line._COMMANDS], [["issue", "-h"], command_line._ISSUE]):
        done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
        assert [line.split()[0] for line in done.stdout.partition("Commands:\n")[2].splitlines() if line[2] != " "] == [
            *listed
        ]
        names = ["cli", "cli.common_options", "cli.main", "errors", "exit_codes"]
        assert done.stderr.strip() == f"{[f'store_credit_jobs.{name}' for name in names]} []"


@pytest.mark.parametrize(
    ("group", "name"), [("", one) for one in command_line._COMMANDS] + [("issue", one) for one in command_line._ISSUE]
)
def test_every_command_is_there(group: str, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each can be imported, takes the common options, and says what it is for."""
    with pytest.raises(SystemExit) as ended:
        command_line.main([*group.split(), name, "--help"])
    assert ended.value.code == 0
    assert f"Usage: store-credit {group} {name}".replace("  ", " ") in capsys.readouterr().out


def test_common_options_stand_in_front_or_behind(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands further right wins; the environment only counts where nothing was said."""
    seen: list[Common] = []
    monkeypatch.setenv("STORE_CREDIT_ACCOUNT", "of-environment")
    monkeypatch.setenv("STORE_CREDIT_LOG", "debug")  # the SDK's, not ours
    run(seen.append)
    run(seen.append, "--account", "front", "--json", "issue", "plan", "--quiet", "--workspace", "w")
    run(seen.append, "--account", "front", "issue", "plan", "--account", "behind", "--log", "x.log")
    assert seen == [
        Common(account="of-environment"),
        Common(account="front", json=True, quiet=True, workspace=Path("w")),
        Common(account="behind", log=Path("x.log")),
    ]


@pytest.mark.parametrize(("given", "code"), [(None, 0), (ExitCode.OPEN, 3), (ExitCode.BROKEN, 5)])
def test_a_command_returns_its_exit_code(run: Run, given: ExitCode | None, code: int) -> None:
    assert run(lambda common: given) == (code, "", "")


def test_an_error_with_problems(run: Run) -> None:
    """Each problem with its place, then the sentence; for programs on stdout with `--json`."""
    problems = [
        Problem("amount_decimals", "too many decimals", "a.csv", 1042, "ord-1"),
        Problem("key_missing", "no key"),
    ]
    error = JobsError("plan_refused", "2 problems. Nothing was sent.", problems=problems)
    told = "a.csv:1042 key ord-1: too many decimals\nno key\nstore-credit: 2 problems. Nothing was sent.\n"
    assert run(raising(error)) == (2, "", told)

    code, out, err = run(raising(error), "--json")
    assert (code, err) == (2, told)
    assert json.loads(out) == {
        "event": "error",
        "code": "plan_refused",
        "message": "2 problems. Nothing was sent.",
        "problems": [problem._asdict() for problem in problems],
        "exit_code": 2,
    }


def test_many_problems_do_not_flood_a_terminal(run: Run) -> None:
    error = JobsError(
        "plan_refused", "Refused.", problems=[Problem("key_missing", "no key", "a.csv", n) for n in range(900)]
    )
    lines = run(raising(error))[2].splitlines()
    assert (len(lines), lines[-2:]) == (202, ["... and 700 more", "store-credit: Refused."])
    assert len(json.loads(run(raising(error), "--json")[1])["problems"]) == 900


def test_an_error_nobody_foresaw_shows_no_secret(run: Run) -> None:
    """HTTP libraries quote a header that they refuse: the sentence says where it was, not what it said."""
    error = ValueError(f"Illegal header value b'Bearer {SECRET}'")
    code, out, err = run(raising(error), "--json")
    assert code == ExitCode.DEFECT
    assert SECRET not in out + err
    assert "ValueError at test_command_line.py:" in err
    assert err.count("\n") == 1

    assert "Traceback" in run(raising(error), "--debug")[2]


def test_files_and_servers_that_fail_are_no_defects(run: Run) -> None:
    code, _, err = run(raising(FileNotFoundError(2, "No such file or directory", "plan.jsonl")))
    assert (code, err) == (2, "store-credit: plan.jsonl: No such file or directory\n")

    assert run(raising(AuthenticationError("no", response=Response(401, [], b""))))[0] == ExitCode.CREDENTIALS
    code, _, err = run(raising(APIConnectionError("no connection to 127.0.0.1")))
    assert (code, err) == (2, "store-credit: the server could not be read: no connection to 127.0.0.1\n")


def test_interrupted(run: Run) -> None:
    code, _, err = run(raising(KeyboardInterrupt()))
    assert code == 130
    assert "run the same command again" in err


@pytest.mark.parametrize("arguments", [["--nonsense"], ["extra"]])
def test_arguments_that_are_not_valid(run: Run, arguments: list[str]) -> None:
    code, out, err = run(lambda common: None, *arguments)
    assert (code, out) == (2, "")
    assert "Usage: store-credit issue plan" in err


def test_a_reader_that_has_enough() -> None:
    """`store-credit jobs export ... | head`: no traceback, and the exit code that pipes give."""
    code = """
import sys
from types import ModuleType
import click
module = ModuleType("store_credit_jobs.cli.plan_command")
module.command = click.Command("plan", callback=lambda: [print("a row") for _ in range(1_000_000)] and None)
sys.modules[module.__name__] = module
from store_credit_jobs.cli.main import main
main(["issue", "plan"])
"""
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stderr is not None
    with process:
        assert process.stdout.readline() == b"a row\n"
        process.stdout.close()
        assert (process.wait(60), process.stderr.read()) == (141, b"")


def test_names_that_the_terminal_cannot_write() -> None:
    """A name beyond the encoding of stdout is escaped, and ends nothing."""
    code = """
import sys
from types import ModuleType
import click
module = ModuleType("store_credit_jobs.cli.plan_command")
module.command = click.Command("plan", callback=lambda: print("Zo\\u00eb \\u0663"))
sys.modules[module.__name__] = module
from store_credit_jobs.cli.main import main
main(["issue", "plan"])
"""
    environment = {"PYTHONIOENCODING": "ascii", "PATH": ""}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, timeout=60, check=True)
    assert done.stdout == b"Zo\\xeb \\u0663\n"
