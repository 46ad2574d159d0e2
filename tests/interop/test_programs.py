"""The programs of the guides to TypeScript, Java and Go: compiled strictly, then run, each with a mock that it starts.

Those that can take a running mock are tried with one, too.

Each tries a purchase, a lost response, expiry and a signed event, with a reset before and the verification after it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bootstrap import ROOT
from served_mock import Served, served
from store_credit_tools.node import JAVASCRIPT, NodeUnavailableError, command, node

pytest.importorskip("uvicorn", reason="the extra `server` is not installed")
pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

PROGRAMS = ROOT / "docs" / "programs"
# A machine with other work to do compiles slowly.
PATIENCE_SECONDS = 300
OLDEST_JDK = 17


def run(line: list[str], folder: Path, **more: str) -> str:
    """Run a command to its end, with this environment's `store-credit-mock` on the PATH, and give what it printed."""
    kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    kept |= {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}", **more}
    done = subprocess.run(
        line, cwd=folder, env=kept, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def needs(name: str, why: str) -> str:
    """A command, or skip."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed: {why}")
    return found


def given(mock: Served) -> dict[str, str]:
    """The variables that name a running mock."""
    return {"MOCK_URL": mock.url, "MOCK_CONTROL_TOKEN": mock.started["control_token"]}


def test_the_typescript_program(tmp_path: Path) -> None:
    """tsc accepts it with the declarations of the npm package, none skipped; Node's runner passes its tests."""
    try:
        compiler = command(JAVASCRIPT, "tsc")
    except NodeUnavailableError as reason:
        pytest.skip(f"TypeScript cannot run: {reason}")
    packages = tmp_path / "node_modules"
    packages.mkdir()
    (packages / "store-credit-mock").symlink_to(ROOT / "mock" / "npm")
    (packages / "@types").symlink_to(JAVASCRIPT / "node_modules" / "@types")
    (tmp_path / "package.json").write_text('{"type": "module"}', "utf-8")
    shutil.copy(PROGRAMS / "typescript" / "store-credit.test.ts", tmp_path)
    strict = ["--strict", "--exactOptionalPropertyTypes", "--noUncheckedIndexedAccess", "--skipLibCheck", "false"]
    target = ["--module", "nodenext", "--moduleResolution", "nodenext", "--target", "es2022", "--types", "node"]
    run([*compiler, *strict, *target, "store-credit.test.ts"], tmp_path)
    said = run(
        [node(), "--test", "--test-reporter=tap", "store-credit.test.js"],
        tmp_path,
        STORE_CREDIT_MOCK_PYTHON=sys.executable,
    )

    assert re.findall(r"^# (tests|pass|skipped) (\d+)$", said, re.MULTILINE) == [
        ("tests", "4"), ("pass", "4"), ("skipped", "0")
    ]  # fmt: skip


def test_the_java_program(tmp_path: Path) -> None:
    """javac has no warning of any kind; the default HttpClient, which offers HTTP/2, loses no body."""
    compiler = needs("javac", f"a JDK of {OLDEST_JDK} or newer, as default-jdk-headless brings, runs the Java program")
    release = re.search(r"\d+", run([compiler, "-version"], tmp_path))
    if release is None or int(release[0]) < OLDEST_JDK:
        pytest.skip(f"JDK {OLDEST_JDK} or newer is needed, {compiler} is {release and release[0]}")
    source = PROGRAMS / "java" / "StoreCreditTest.java"
    run([compiler, "-Xlint:all", "-Werror", "-d", str(tmp_path), str(source)], tmp_path)

    assert "HttpClient.newHttpClient()" in source.read_text("utf-8")
    line = ["java", "-cp", str(tmp_path), source.stem]
    assert run(line, tmp_path) == "4 tests passed\n"
    with served() as mock:
        assert run(line, tmp_path, **given(mock)) == "4 tests passed\n"
        assert mock.control.vinr.events()


def test_the_go_program(tmp_path: Path) -> None:
    """It is formatted, vet has nothing to say, and its tests pass; no module is fetched."""
    go = needs("go", "Go 1.19 or newer, as golang-go brings, runs the Go program")
    folder = tmp_path / "shop"
    shutil.copytree(PROGRAMS / "go", folder)
    offline = {"GOPROXY": "off", "GOTOOLCHAIN": "local", "GOFLAGS": "-mod=mod"}

    assert run([str(Path(go).resolve().parent / "gofmt"), "-l", "."], folder) == ""
    line = [go, "test", "-vet=all", "-count=1", "-v", "./..."]
    said = run(line, folder, **offline)
    with served() as mock:
        assert "\nok " in run(line, folder, **offline, **given(mock))
        assert mock.control.vinr.events()
    assert re.findall(r"^--- (\w+): (\w+)", said, re.MULTILINE) == [
        ("PASS", "TestAPurchaseSpendsCredit"),
        ("PASS", "TestALostResponseIssuesNoSecondCredit"),
        ("PASS", "TestExpiredCreditIsNotSpent"),
        ("PASS", "TestAnEventArrivesSigned"),
    ]
