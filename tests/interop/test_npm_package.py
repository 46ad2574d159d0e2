"""The npm package starts this checkout's mock: packed and installed as npm would, without a network.

What real uvx and pipx do with the command lines is theirs; here programs of their names note the line and run the mock.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from bootstrap import ROOT
from store_credit_tools.node import NodeUnavailableError, node
from store_credit_tools.versions import version

pytest.importorskip("uvicorn", reason="the extra `server` is not installed")

PACKAGE = ROOT / "mock" / "npm"
# A machine with other work to do starts Node slowly.
PATIENCE_SECONDS = 120
PINNED = f"store-credit-mock[server,tls,proxy,verify,postgres]=={version(ROOT)}"


def environment(**more: str) -> dict[str, str]:
    """Ours, without a proxy and without what would choose how the mock is started."""
    left_out = ("_proxy", "store_credit_mock_python")
    return {name: value for name, value in os.environ.items() if not name.lower().endswith(left_out)} | more


OURS = environment(STORE_CREDIT_MOCK_PYTHON=sys.executable)


def run(line: list[str], folder: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        line, cwd=folder, env=env, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False
    )


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with the package installed from the tarball that would be published."""
    try:
        node()
    except NodeUnavailableError as reason:
        pytest.skip(f"the npm package cannot run: {reason}")
    folder = tmp_path_factory.mktemp("project")
    env = environment(npm_config_cache=str(folder / "cache"))
    quiet = ["--offline", "--no-audit", "--no-fund", "--silent"]
    packed = run(["npm", "pack", *quiet, "--pack-destination", str(folder), str(PACKAGE)], folder, env)
    assert packed.returncode == 0, packed.stderr
    (folder / "package.json").write_text('{"name": "a-shop", "private": true}', "utf-8")
    installed = run(["npm", "install", *quiet, f"./store-credit-mock-{version(ROOT)}.tgz"], folder, env)
    assert installed.returncode == 0, installed.stderr
    return folder


@pytest.fixture
def command(project: Path) -> str:
    """The command as npm links it, which npx runs."""
    return str(project / "node_modules" / ".bin" / "store-credit-mock")


@pytest.fixture
def script(project: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run a JavaScript module inside the project."""

    def execute(code: str, env: dict[str, str] = OURS) -> subprocess.CompletedProcess[str]:
        return run([node(), "--input-type=module", "--eval", code], project, env)

    return execute


def listening(url: str) -> bool:
    """Whether anybody takes connections there."""
    place = urlsplit(url)
    with socket.socket() as probe:
        return probe.connect_ex((place.hostname or "", place.port or 0)) == 0


def test_the_package_is_what_it_needs_and_no_more(project: Path) -> None:
    """No dependency, no script that runs at its installation, no test; the licence is the repository's."""
    manifest = json.loads((PACKAGE / "package.json").read_text("utf-8"))
    installed = project / "node_modules" / "store-credit-mock"
    files = {path.relative_to(installed).as_posix() for path in installed.rglob("*") if path.is_file()}

    assert not {name for name in manifest if "ependencies" in name or name == "scripts"}
    assert files == {
        "LICENSE",
        "README.md",
        "bin/store-credit-mock.js",
        "lib/launcher.js",
        "lib/start.d.ts",
        "lib/start.js",
        "package.json",
    }
    assert (PACKAGE / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()


def test_arguments_streams_and_exit_code_pass(command: str, project: Path) -> None:
    """As if the mock's own command had been run, also by npx."""
    own = run([sys.executable, "-m", "store_credit_mock", "serve", "--port", "a b"], project, OURS)
    ours = run([command, "serve", "--port", "a b"], project, OURS)
    by_npx = run(["npx", "--offline", "store-credit-mock", "--version"], project, OURS)

    assert (ours.returncode, ours.stdout, ours.stderr) == (own.returncode, own.stdout, own.stderr)
    assert own.returncode == 2
    assert "'a b'" in own.stderr
    assert (by_npx.returncode, by_npx.stdout) == (0, f"store-credit-mock, version {version(ROOT)}\n")


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP], ids=lambda sent: sent.name)
def test_a_signal_ends_the_mock_as_it_would_without_us(command: str, tmp_path: Path, sent: signal.Signals) -> None:
    """SIGTERM and Ctrl-C let it write its coverage and end with 0; it dies of SIGHUP, and so does the command."""
    coverage = tmp_path / "coverage.json"
    line = [command, "serve", "--port", "0", "--json", "--coverage", str(coverage)]
    with subprocess.Popen(
        line, env=OURS, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True
    ) as process:
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["address"]
        before = listening(url)
        process.send_signal(sent)
        code = process.wait(PATIENCE_SECONDS)

    assert before
    assert not listening(url)
    dies = sent is signal.SIGHUP
    assert (code, coverage.exists()) == ((-signal.SIGHUP, False) if dies else (0, True))


def tool(folder: Path, name: str, text: str) -> Path:
    """A program on a PATH that has little else: what `#!/usr/bin/env node` needs."""
    folder.mkdir(exist_ok=True)
    if not (folder / "node").exists():
        for needed in ("node", "sh"):
            (folder / needed).symlink_to(shutil.which(needed) or needed)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n", "utf-8")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    ("name", "before"),
    [
        ("uvx", ["--from", PINNED, "store-credit-mock"]),
        ("uv", ["tool", "run", "--from", PINNED, "store-credit-mock"]),
        ("pipx", ["run", "--spec", PINNED, "store-credit-mock"]),
    ],
)
def test_it_is_fetched_by_what_is_there(name: str, before: list[str], command: str, tmp_path: Path) -> None:
    """In this very version; the mock's own arguments come behind."""
    noted, folder = tmp_path / "noted", tmp_path / "bin"
    tool(
        folder,
        name,
        f'printf "%s\\n" "$@" > {noted}\nwhile [ "$1" != store-credit-mock ]; do shift; done; shift\n'
        f'exec {sys.executable} -m store_credit_mock "$@"',
    )
    done = run([command, "coverage", "report", "no such file"], tmp_path, environment(PATH=str(folder)))

    assert done.returncode == 2
    assert "no such file" in done.stderr
    assert "could not fetch" not in done.stderr
    # The last run is ours: whether it failed because it could not be fetched.
    assert noted.read_text("utf-8").splitlines() == [*before, "--version"]


def test_one_that_cannot_be_fetched_says_what_to_do(command: str, tmp_path: Path) -> None:
    """The launcher's own words and exit code stay; ours come last."""
    tool(tmp_path / "bin", "uvx", "echo no solution found >&2; exit 1")
    done = run([command, "serve"], tmp_path, environment(PATH=str(tmp_path / "bin")))

    assert done.returncode == 1
    assert done.stderr.startswith("no solution found\nstore-credit-mock: uvx could not fetch ")
    assert "STORE_CREDIT_MOCK_PYTHON=" in done.stderr


def test_without_anything_that_runs_it_the_ways_are_named(command: str, tmp_path: Path) -> None:
    """All three, with exit code 2; the same when the Python that is named is missing, or lacks the package."""
    folder = tmp_path / "bin"
    bare = tool(folder, "bare-python", f'exec {sys.executable} -I -S "$@"')
    broken = tool(folder, "broken-python", "echo cannot load libpython >&2; exit 127")
    path = environment(PATH=str(folder))
    nothing = run([command, "serve"], tmp_path, path)
    named = {
        python: run([command, "serve"], tmp_path, path | {"STORE_CREDIT_MOCK_PYTHON": str(python)})
        for python in (tmp_path / "missing", bare, broken)
    }

    assert nothing.returncode == 2
    assert nothing.stdout == ""
    assert all(way in nothing.stderr for way in ("uv ", "pipx ", "STORE_CREDIT_MOCK_PYTHON=", "pip install ./sdk"))
    said = [(done.returncode, done.stderr.splitlines()[0]) for done in named.values()]
    start = "store-credit-mock: STORE_CREDIT_MOCK_PYTHON="
    assert [code for code, _ in said] == [2, 2, 2]
    assert said[0][1].startswith(f"{start}{tmp_path / 'missing'} cannot be run: ")
    assert said[1][1] == f"{start}{bare} does not have the package store_credit_mock; install it there:"
    assert said[2][1] == f"{start}{broken} is not a usable Python: cannot load libpython"


Script = Callable[..., subprocess.CompletedProcess[str]]


def told(done: subprocess.CompletedProcess[str]) -> Any:
    """The JSON a script printed."""
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_several_mocks_run_at_once_and_share_nothing(script: Script) -> None:
    """Each has its port, token and data; a stopped one is gone, and is stopped again without harm."""
    found = told(
        script("""
        import { start } from 'store-credit-mock'
        import { inspect } from 'node:util'
        const lines = [], log = line => lines.push(line)
        const mocks = await Promise.all([1, 2, 3].map(seed => start({ args: ['--seed', String(seed)], log })))
        const headers = { 'X-Api-Key': 'sk_test_any' }
        const body = new URLSearchParams({ customer: 'cust_8aZ2', amount: '1000', currency: 'USD' })
        await fetch(`${mocks[0].url}/v1/store-credit`, { method: 'POST', headers, body })
        const counts = [], opened = []
        for (const { url, controlToken } of mocks) {
          counts.push((await (await fetch(`${url}/v1/store-credit`, { headers })).json()).data.length)
          const control = { Authorization: `Bearer ${controlToken}` }
          opened.push((await fetch(`${url}/_mock/exchanges`, { headers: control })).status)
        }
        const shown = mocks.some(mock => (inspect(mock) + JSON.stringify(mock)).includes(mock.controlToken))
        const alike = mocks.every(mock => mock.startup.control_token === mock.controlToken && mock.startup.spree_token)
        await Promise.all(mocks.flatMap(mock => [mock.stop(), mock.stop()]))
        await mocks[0].stop()
        const ready = lines.filter(line => line.endsWith(' ready')).length
        console.log(JSON.stringify({ counts, opened, shown, alike, ready, urls: mocks.map(mock => mock.url) }))
        """)
    )

    assert found["counts"] == [1, 0, 0]
    assert found["opened"] == [200, 200, 200]
    assert (found["shown"], found["alike"], found["ready"]) == (False, True, 3)
    assert len(set(found["urls"])) == 3
    assert not any(map(listening, found["urls"]))


@pytest.mark.parametrize("killed", [False, True], ids=["fails", "killed"])
def test_a_mock_that_nobody_stopped_ends_with_the_program(project: Path, killed: bool) -> None:
    """It fails, or is killed by SIGKILL, of which it sees nothing; `require` finds the package, too."""
    code = """
        const { start } = require('store-credit-mock')
        start().then(({ url }) => {
          console.log(url)
          process.stdin.once('data', () => { throw new Error('the test failed') })
        })
        """
    with subprocess.Popen(
        [node(), "--input-type=commonjs", "--eval", code],
        cwd=project, env=OURS, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        with socket.create_connection((urlsplit(url).hostname, urlsplit(url).port), PATIENCE_SECONDS) as connection:
            if killed:
                process.kill()
            _, said = process.communicate("go on\n", PATIENCE_SECONDS)
            # The mock's end of the connection closes when the mock ends.
            rest = connection.recv(1)

    assert process.returncode == (-signal.SIGKILL if killed else 1)
    assert killed or "Error: the test failed" in said
    assert rest == b""
    assert not listening(url)


def test_one_that_does_not_start_says_why(script: Script, tmp_path: Path) -> None:
    """What the mock said, why it could not be fetched, that it took too long; an unknown option is named."""
    tool(tmp_path / "bin", "pipx", "echo no such package >&2; exit 1")
    found = told(
        script(
            """
        import { start, LauncherError } from 'store-credit-mock'
        const told = async options => {
          try { await start(options) } catch (error) { return [error instanceof LauncherError, error.message] }
        }
        const { STORE_CREDIT_MOCK_PYTHON, PATH, FEW, ...env } = process.env
        console.log(JSON.stringify([
          await told({ args: ['--seeed', '1'] }),
          await told({ env: { ...env, PATH: FEW } }),
          await told({ timeout: 1 }),
          await told({ arg: [] })
        ]))
        """,
            OURS | {"FEW": str(tmp_path / "bin")},
        )
    )

    wrong, unfetched, slow, unknown = found
    assert wrong[0]
    assert wrong[1].startswith("the mock did not start: exit code 2\n")
    assert "--seeed" in wrong[1]
    assert unfetched[1].startswith("the mock did not start: exit code 1\nno such package\npipx could not fetch ")
    assert slow[1].startswith("the mock did not start: it was not ready after 1 ms")
    assert unknown == [False, "start() has no option arg; it has args, env, log, timeout"]
