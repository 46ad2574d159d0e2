"""The workflows run the repository's own scripts on every Python it promises, with what they need and nothing else."""

import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from bootstrap import ROOT

GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").iterdir())
PINNED = re.compile(r"uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")


def read(path: Path) -> dict[str, Any]:
    """One YAML file; `on` stays a word."""
    return YAML(typ="safe", pure=True).load(path)


def classified(package: str) -> list[str]:
    """The Python versions a package promises to work on."""
    project = tomllib.loads((ROOT / package / "pyproject.toml").read_text("utf-8"))["project"]
    found = [re.fullmatch(r"Programming Language :: Python :: (3\.\d+)", line) for line in project["classifiers"]]
    return [match[1] for match in found if match]


def test_the_matrix_is_what_the_packages_promise() -> None:
    """A Python that is added to the classifiers is tried, and one that is tried is promised."""
    matrix = read(GITHUB / "workflows" / "tests.yml")["jobs"]["tests"]["strategy"]["matrix"]

    assert matrix["python"] == classified("sdk")
    assert classified("mock") == classified("jobs") == classified("sdk")


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_may_do_nothing_but_what_a_job_asks_for(path: Path) -> None:
    """No permission for all jobs; each job names its own, ends in time, and leaves no token in the checkout."""
    workflow = read(path)

    assert workflow["permissions"] == {}
    assert workflow["concurrency"]["group"]
    for name, job in workflow["jobs"].items():
        assert job["permissions"], name
        assert job["timeout-minutes"] <= 90, name
        for step in job["steps"]:
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False, name


def test_actions_are_pinned_and_the_same_everywhere() -> None:
    """A tag can be moved to other code, a commit cannot; the comment is the version that dependabot reads."""
    used: dict[str, set[str]] = {}
    for path in WORKFLOWS:
        for line in path.read_text("utf-8").splitlines():
            if "uses:" in line:
                assert PINNED.search(line), f"{path.name}: {line.strip()}"
                name, _, pin = line.partition("uses: ")[2].partition("@")
                used.setdefault(name, set()).add(pin)

    assert {name: pins for name, pins in used.items() if len(pins) > 1} == {}


def test_the_workflow_runs_all_of_the_ci_script() -> None:
    """Its two halves are the script's; another word is refused, so that a slip does not run nothing."""
    jobs = read(GITHUB / "workflows" / "tests.yml")["jobs"]
    runs = [step["run"] for job in jobs.values() for step in job["steps"] if "run" in step]
    done = subprocess.run([ROOT / ".ci" / "run", "test"], capture_output=True, text=True, check=False)

    assert sorted(runs) == [".ci/run checks", ".ci/run tests"]
    assert done.returncode == 2
    assert "usage: .ci/run [tests|checks]" in done.stderr


def test_a_release_checks_its_tag_before_it_builds_and_tags_last() -> None:
    """The tag reaches the shell as a variable; nothing unattested is published, nothing else tagged."""
    jobs = read(GITHUB / "workflows" / "release.yml")["jobs"]
    runs = [step["run"] for step in jobs["build"]["steps"] if "run" in step]

    assert runs == ['scripts/release --check -- "$TAG"', "scripts/release --build dist"]
    assert {name: job.get("needs") for name, job in jobs.items()} == {
        "build": None,
        "attest": "build",
        "publish": "attest",
        "tag": "publish",
    }
    assert all("${{" not in step.get("run", "") for job in jobs.values() for step in job["steps"])


def test_dependabot_looks_at_every_lock(tracked: list[Path]) -> None:
    """A folder with a lock that it is not told of would stay old unnoticed."""
    updates = read(GITHUB / "dependabot.yml")["updates"]
    watched = {update["package-ecosystem"]: set(update["directories"]) for update in updates}
    names = [path.relative_to(ROOT).as_posix() for path in tracked]

    assert watched["npm"] == {f"/{Path(name).parent}" for name in names if name.endswith("/package-lock.json")}
    assert watched["pip"] == {"/requirements", "/sdk", "/mock", "/jobs"}
    assert watched["github-actions"] == {"/", "/.github/actions/*"}
