"""The image and the compose file, as far as they can be tried without a Docker daemon.

`scripts/lint` has hadolint read the Dockerfile; here its steps are followed by hand. That the base image, its `useradd`
and the network of compose do what they should only a daemon can tell.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
import pytest
from pathspec import PathSpec
from ruamel.yaml import YAML

from bootstrap import ROOT
from served_mock import served
from store_credit_mock.cli import command as commands

pytest.importorskip("uvicorn", reason="the extra `server` is not installed")

PROJECT = tomllib.loads((ROOT / "mock" / "pyproject.toml").read_text("utf-8"))["project"]


def read_dockerfile() -> list[list[tuple[str, str]]]:
    """Each stage as its instructions with their arguments; lines that go on are joined."""
    text = re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text("utf-8"))
    stages: list[list[tuple[str, str]]] = []
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, _, rest = line.partition(" ")
            if name == "FROM":
                stages.append([])
            stages[-1].append((name, rest))
    return stages


BUILD, FINAL = read_dockerfile()


def only(name: str) -> str:
    """The argument of an instruction that the image has once."""
    (found,) = [rest for given, rest in FINAL if given == name]
    return found


@pytest.fixture
def context(tracked: list[Path], tmp_path: Path) -> Path:
    """A folder with what Docker would be sent, and of that only what is copied into the stage that builds."""
    ignored = PathSpec.from_lines("gitignore", (ROOT / ".dockerignore").read_text("utf-8").splitlines())
    names = [path.relative_to(ROOT).as_posix() for path in tracked]
    sent = [name for name in names if not ignored.match_file(name)]
    for instruction, rest in BUILD:
        if instruction == "COPY":
            *sources, _ = rest.split()
            for source in sources:
                found = [name for name in sent if name == source or name.startswith(f"{source}/")]
                assert found, f"COPY {source}: nothing of this name is sent"
                for name in found:
                    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


@pytest.mark.takes_seconds
def test_what_is_copied_is_enough_to_build_both_packages(context: Path) -> None:
    """Where neither is installed yet, as for whoever installs from a checkout; nothing of the tests' tools is sent."""
    for package in ("sdk", "mock"):
        # Without the `site` module no .pth file counts, so that the editable packages are not there.
        line = [sys.executable, "-S", "-m", "hatchling", "build", "-t", "wheel", "-d", str(context / "wheels")]
        libraries = {"PYTHONPATH": sysconfig.get_path("purelib")}
        done = subprocess.run(line, cwd=context / package, env=libraries, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    (wheel,) = (context / "wheels").glob("store_credit_mock-*.whl")
    names = zipfile.ZipFile(wheel).namelist()

    assert {f"store_credit_mock/openapi.{end}" for end in ("yaml", "data.json", "lines.json")} <= set(names)
    assert not {"npm", "prism"} & {path.name for path in (context / "mock").iterdir()}


def test_everything_that_is_installed_is_locked() -> None:
    """By hash, from the lock of the mock and the one for building; the rest are the two wheels made here."""
    runs = [part.strip() for name, rest in BUILD if name == "RUN" for part in rest.split("&&")]
    from_index = [run for run in runs if re.search(r"pip .*(install|wheel)", run) and "--no-index" not in run]
    locked = [run for run in from_index if "--require-hashes" in run]

    assert [re.findall(r"requirements/\w+\.txt", run) for run in locked] == [
        ["requirements/build.txt"], ["requirements/mock.txt"]
    ]  # fmt: skip
    assert [run.split() for run in from_index if run not in locked] == [
        ["pip", "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", "wheels", "./sdk", "./mock"]
    ]
    bases = {rest.partition(" AS ")[0] for stage in (BUILD, FINAL) for name, rest in stage if name == "FROM"}
    (python,) = (re.fullmatch(r"python:(3\.\d+)-slim-\w+", base) for base in bases)
    assert python
    assert f"Programming Language :: Python :: {python[1]}" in PROJECT["classifiers"]


def test_the_image_runs_as_nobody_in_particular() -> None:
    """The user comes before the command, by number, and there is such a user."""
    order = [name for name, _ in FINAL]

    assert only("USER") == "10001"
    assert "useradd --uid 10001 " in only("RUN")
    assert order.index("RUN") < order.index("USER") < order.index("ENTRYPOINT") < order.index("CMD")


def test_the_default_command_is_healthy_until_it_is_told_to_end() -> None:
    """As the image has it, but on loopback and a free port: the check says so, and SIGTERM ends it with 0."""
    assert json.loads(only("ENTRYPOINT")) == ["store-credit-mock"]
    assert "store-credit-mock" in PROJECT["scripts"]
    serve, *options = json.loads(only("CMD"))
    assert serve == "serve"
    check = json.loads(only("HEALTHCHECK").partition("CMD ")[2])
    assert check[0] == "python"
    assert f" {only('EXPOSE')}," in check[2]

    with served(*options) as mock:
        here = [sys.executable, "-c", check[2].replace(only("EXPOSE"), str(urlsplit(mock.url).port))]
        healthy = subprocess.run(here, check=False).returncode
        mock.process.terminate()
        ended = mock.process.wait(20)
        gone = subprocess.run(here, capture_output=True, check=False).returncode
    assert (healthy, ended, gone) == (0, 0, 1)


def test_serve_listens_on_all_addresses_and_the_default_command_sets_the_tokens_that_needs() -> None:
    """Whatever the arguments are, as the image's environment says so; without the tokens it refuses."""
    settings = dict(pair.split("=", 1) for pair in only("ENV").split())
    settings["PATH"] = os.environ["PATH"]
    line = [sys.executable, "-m", "store_credit_mock", "serve"]
    refused = subprocess.run(line, env=settings, capture_output=True, text=True, check=False)

    assert refused.returncode == 2
    assert "listening on 0.0.0.0 requires --" in refused.stderr
    assert set(re.findall(r"--[a-z-]+-token", refused.stderr)) <= set(json.loads(only("CMD")))


def parse(arguments: list[str]) -> dict[str, Any]:
    """Parse what follows `store-credit-mock`, as it would; nothing is started."""
    top = click.Context(commands)
    name, *rest = arguments
    command = commands.get_command(top, name)
    assert command is not None
    return command.make_context(name, rest, parent=top).params


def test_compose_names_what_there_is() -> None:
    """Options, services, conditions, volumes, the database's credentials; ports are those of loopback."""
    compose = YAML(typ="safe", pure=True).load(ROOT / "compose.yaml")
    mock, postgres = compose["services"]["store-credit-mock"], compose["services"]["postgres"]
    given = parse(mock["command"])
    database = urlsplit(given["db"])
    account = postgres["environment"]

    assert mock["build"] == "."
    assert given["host"] == "0.0.0.0"
    assert given["control_token"]
    assert given["spree_token"]
    assert (database.scheme, database.hostname, database.port) == ("postgresql", "postgres", 5432)
    assert (database.username, database.password, database.path) == (
        account["POSTGRES_USER"], account["POSTGRES_PASSWORD"], f"/{account['POSTGRES_DB']}"
    )  # fmt: skip
    assert mock["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    assert f"--username={account['POSTGRES_USER']}" in postgres["healthcheck"]["test"]
    assert {volume.partition(":")[0] for volume in postgres["volumes"]} == set(compose["volumes"])
    assert mock["ports"] == [f"127.0.0.1:{only('EXPOSE')}:{only('EXPOSE')}"]
    assert "ports" not in postgres
