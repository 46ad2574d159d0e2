"""The GitHub Action and the hooks, run as their runners run them: scripts in bash, entries in a shell."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from bootstrap import ROOT
from http_library import httpx
from served_mock import served
from store_credit_mock import Contract, Document, Exchange, Request, Response
from store_credit_mock.coverage import Coverage, write


def _yaml(path: str) -> Any:
    return YAML(typ="safe").load((ROOT / path).read_bytes())  # pyright: ignore[reportUnknownMemberType]


ACTION = _yaml(".github/actions/verify/action.yml")
STEPS: dict[str, Any] = {step["name"]: step for step in ACTION["runs"]["steps"]}
NASTY = "$(touch hacked) `touch hacked` ; touch hacked # '\" && touch hacked"

pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="no bash")


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with coverage in it, where the command of this environment is on the path."""
    folder = tmp_path / "workspace"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    return folder


@pytest.fixture
def counted(workspace: Path, store_credit_mock_contract: Contract) -> Path:
    """A coverage file in which one response was seen."""
    coverage = Coverage(store_credit_mock_contract)
    request = Request.build("GET", "/v1/store-credit")
    coverage.add(Exchange(1, 0, "vinr.store_credit.list", request, Response(200, [], b""), (), None))
    write(coverage, workspace / "a b.json")
    return workspace / "a b.json"


def step(name: str, **inputs: str) -> subprocess.CompletedProcess[str]:
    """Run a step as GitHub does: its expressions become environment variables, its script goes to bash unchanged."""
    known = {key: value.get("default", "") for key, value in ACTION["inputs"].items()}
    unknown = {key.replace("_", "-"): value for key, value in inputs.items()}
    assert unknown.keys() <= known.keys()
    known |= unknown
    environment = dict(os.environ)
    for key, text in STEPS[name]["env"].items():
        fit = re.fullmatch(r"\$\{\{ inputs\.([a-z-]+) \}\}", text)
        assert fit is not None
        environment[key] = known[fit[1]]
    script = Path("step.sh")
    script.write_text(STEPS[name]["run"])
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


def stand_in(folder: Path, name: str) -> Path:
    """A command that only notes its arguments, one to a line."""
    noted, program = folder / f"{name}.arguments", folder / "bin" / name
    program.parent.mkdir(exist_ok=True)
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >{shlex.quote(str(noted))}\n')
    program.chmod(0o755)
    os.environ["PATH"] = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
    return noted


def test_no_input_is_written_into_a_script() -> None:
    """Expressions stand in `env` alone; every input is used, and every step names its shell."""
    scripts = [each for each in STEPS.values() if "uses" not in each]
    assert all("${{" not in each["run"] and each["shell"] == "bash" for each in scripts)
    used = {text for each in STEPS.values() for text in (each.get("env") or each["with"]).values()}
    assert used == {f"${{{{ inputs.{name} }}}}" for name in ACTION["inputs"]}


@pytest.mark.takes_seconds
def test_the_gate_of_the_action(counted: Path) -> None:
    """0 with what was seen, 1 with what was not, in two files; the page is written."""
    fine = step(
        "Coverage", coverage=f"{counted.name}\n", fail_under="0.01", require="vinr.store_credit.list:200", html="a.html"
    )
    assert (fine.returncode, fine.stderr) == (0, "")
    assert f"total (1/{len(Document.read().operations)} operations)" in fine.stdout
    assert Path("a.html").exists()

    required = "vinr.store_credit.list:200\n\nvinr.store_credit.create:201\n"
    missed = step("Coverage", coverage=f"\n{counted.name}\n{counted.name}", require=required)
    assert missed.returncode == 1
    assert "vinr.store_credit.create:201 was required" in missed.stderr


def test_steps_without_their_input_are_left_out(workspace: Path) -> None:
    """No address and no coverage do nothing, aloud; a gate without coverage is a mistake."""
    assert "nothing is verified" in step("Verify").stdout
    assert "nothing is reported" in step("Coverage").stdout
    assert step("Coverage", fail_under="50").returncode == 2
    assert step("Install", package="").returncode == 0


def test_no_input_becomes_a_command(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever an input says reaches the program as one argument, and an address never as an option."""
    monkeypatch.setenv("PATH", os.environ["PATH"])
    noted = stand_in(workspace, "store-credit-mock")
    given = f"--key\n{NASTY}\n--only  {NASTY}\n--exclude=a b\n"
    verified = step("Verify", url=NASTY, system=NASTY, verify_arguments=given, junit=NASTY)
    assert verified.returncode == 0
    words = [f"--system={NASTY}", f"--junit={NASTY}", "--key", NASTY, "--only", NASTY, "--exclude=a b"]
    assert noted.read_text().splitlines() == ["verify", *words, "--", NASTY]

    reported = step("Coverage", coverage=f"-x\n{NASTY}", fail_under=NASTY, require=NASTY, html=NASTY, only=NASTY)
    assert reported.returncode == 0
    options = [f"--fail-under={NASTY}", f"--html={NASTY}", f"--require={NASTY}", f"--only={NASTY}"]
    assert noted.read_text().splitlines() == ["coverage", "report", *options, "--", "-x", NASTY]

    noted = stand_in(workspace, "python")
    assert step("Install", package=f"one[a] two {NASTY}").returncode == 0
    assert noted.read_text().splitlines() == ["-m", "pip", "install", "--quiet", "one[a]", "two", *NASTY.split()]
    assert not Path("hacked").exists()


@pytest.mark.takes_seconds
def test_the_action_verifies_a_mock(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Our own mock holds; what was verified is written for CI."""
    monkeypatch.setenv("VINR_SECRET_KEY", "sk_test_action")
    with served() as mock:
        done = step(
            "Verify", url=mock.url, junit="verify.xml", verify_arguments="--only vinr: a key*\n--only=behaviour"
        )
    assert done.returncode == 0, done.stdout + done.stderr
    assert Path("verify.xml").read_text().count("<testcase ") == 2


@pytest.mark.takes_seconds
def test_the_action_starts_a_mock(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It goes on running, and its address is an output; one that cannot start fails the step with its words."""
    monkeypatch.setenv("RUNNER_TEMP", str(workspace))
    monkeypatch.setenv("GITHUB_OUTPUT", str(workspace / "outputs"))
    # What GitHub does at the end of a job, which ends what its steps have left running.
    noted, real = workspace / "pid", shutil.which("store-credit-mock")
    program = workspace / "bin" / "store-credit-mock"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\necho $$ >{noted}\nexec {real} "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")

    started = step("Serve", serve="--port 0\n--seed=7\n")
    try:
        assert started.returncode == 0, started.stdout + started.stderr
        url = (workspace / "outputs").read_text().strip().removeprefix("url=")
        assert (
            httpx.get(f"{url}/v1/store-credit", headers={"X-Api-Key": "sk_test_a"}, trust_env=False).status_code == 200
        )
    finally:
        os.kill(int(noted.read_text()), signal.SIGTERM)

    failed = step("Serve", serve="--profile 9.9")
    assert failed.returncode == 2
    assert "9.9" in failed.stderr
    assert "nothing is verified" not in failed.stdout


def test_the_hooks_run_what_they_say(counted: Path) -> None:
    """pre-commit appends `args` to the entry; the exit code decides."""
    listed: list[dict[str, Any]] = _yaml(".pre-commit-hooks.yaml")
    hooks = {hook["id"]: hook for hook in listed}
    assert list(hooks) == ["store-credit-verify", "store-credit-coverage"]
    assert all(hook["language"] == "system" and hook["pass_filenames"] is False for hook in listed)

    def run(hook: str, *arguments: str) -> int:
        command = [*shlex.split(hooks[hook]["entry"]), *arguments]
        return subprocess.run(shlex.join(command), shell=True, capture_output=True, timeout=60, check=False).returncode

    assert run("store-credit-coverage", counted.name, "--require", "vinr.store_credit.list:200") == 0
    assert run("store-credit-coverage", counted.name, "--fail-under", "40") == 1
    assert hooks["store-credit-verify"]["entry"] == "store-credit-mock verify"
