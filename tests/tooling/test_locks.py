"""Lock files pin every package by hash, name no index, agree with each other and with what they were made from."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from bootstrap import ROOT

REQUIREMENTS = ROOT / "requirements"
LOCKS = sorted(path.stem for path in REQUIREMENTS.glob("*.txt"))
NODE = [
    ROOT.joinpath(*folder.split("/"))
    for folder in (
        "docs/vendor",
        "mock/prism",
        "scripts/linters",
        "tests/docs/browser",
        "tests/docs/lighthouse",
        "tests/interop",
        "tests/interop/document",
    )
]
PACKAGE = tomllib.loads((ROOT / "sdk" / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS = PACKAGE["optional-dependencies"]
DEPENDENCIES = [Requirement(line) for line in (*PACKAGE["dependencies"], *EXTRAS["fast"])]
SECOND_LIBRARY = [Requirement(line) for line in EXTRAS["httpx2"]]


def entries(lock: str) -> list[str]:
    """The requirements of a lock file, each joined to one line; comments left out."""
    text = (REQUIREMENTS / f"{lock}.txt").read_text("utf-8")
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    return [entry.strip() for entry in "\n".join(lines).replace("\\\n", " ").splitlines() if entry.strip()]


def pinned(lock: str) -> dict[str, Version]:
    """Name and version of every package in a lock file."""
    found: dict[str, Version] = {}
    for entry in entries(lock):
        requirement = Requirement(entry.split("--hash")[0])
        (specifier,) = requirement.specifier
        found[canonicalize_name(requirement.name)] = Version(specifier.version)
    return found


def wanted(lock: str) -> list[Requirement]:
    """What a lock file was made from."""
    source = REQUIREMENTS / f"{lock}.in"
    lines = source.read_text("utf-8").splitlines() if source.exists() else []
    own = [Requirement(line) for line in lines if line and not line.startswith("#")]
    own += DEPENDENCIES if lock in ("base", "sdk", "minimum") else []
    return own + (SECOND_LIBRARY if lock in ("test", "sdk", "minimum") else [])


@pytest.mark.parametrize("lock", LOCKS)
def test_every_requirement_is_exact_and_hashed(lock: str) -> None:
    """Each entry is a name, one exact version, perhaps a marker, and hashes; no option, path or address."""
    shape = re.compile(r"[a-z0-9][a-z0-9.-]*==\S+( ; [^-]+?)?(\s+--hash=sha256:[0-9a-f]{64})+")

    assert entries(lock)
    assert [entry[:80] for entry in entries(lock) if not shape.fullmatch(entry)] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_what_it_was_made_from(lock: str) -> None:
    """Whoever changes an .in file or sdk/pyproject.toml and forgets scripts/lock is told here."""
    versions = pinned(lock)

    for requirement in wanted(lock):
        version = versions.get(canonicalize_name(requirement.name))
        assert version is not None, f"{requirement} is not in requirements/{lock}.txt; run scripts/lock"
        assert requirement.specifier.contains(version, prereleases=True), (
            f"{requirement}, but {version} is locked; run scripts/lock"
        )


def test_locks_that_share_an_environment_agree() -> None:
    """base, mock, jobs, build, docs, test, bench and sdk can be installed on top of each other in any order."""
    versions: dict[str, set[Version]] = {}
    for lock in ("base", "mock", "jobs", "build", "docs", "test", "bench", "sdk"):
        for name, version in pinned(lock).items():
            versions.setdefault(name, set()).add(version)

    assert {name: found for name, found in versions.items() if len(found) > 1} == {}


@pytest.mark.parametrize("dependency", [*DEPENDENCIES, *SECOND_LIBRARY], ids=lambda dependency: dependency.name)
def test_the_minimum_lock_holds_the_lowest_versions(dependency: Requirement) -> None:
    """The tests on the lowest versions run on the lowest versions the package promises, not on newer ones."""
    (lowest,) = [Version(specifier.version) for specifier in dependency.specifier if specifier.operator == ">="]
    locked = pinned("minimum")[canonicalize_name(dependency.name)]

    assert locked.release[: len(lowest.release)] == lowest.release


def test_the_second_http_library_is_asked_for_in_the_same_range_by_both_packages() -> None:
    """The mock answers in whichever library the SDK sends with, so that both must promise the same versions of each."""
    mock = tomllib.loads((ROOT / "mock" / "pyproject.toml").read_text("utf-8"))["project"]

    assert mock["optional-dependencies"]["httpx2"] == EXTRAS["httpx2"]
    assert [line for line in mock["dependencies"] if line.startswith("httpx")] == [
        line for line in PACKAGE["dependencies"] if line.startswith("httpx")
    ]


@pytest.mark.parametrize("folder", NODE, ids=lambda folder: folder.name)
def test_npm_locks_pin_by_hash_and_name_no_server(folder: Path) -> None:
    """Each package has an integrity hash, none an address, and the lock is the one of this package.json."""
    manifest = json.loads((folder / "package.json").read_text("utf-8"))
    packages = json.loads((folder / "package-lock.json").read_text("utf-8"))["packages"]

    assert packages[""]["dependencies"] == manifest["dependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in manifest["dependencies"].values())
    for name, package in packages.items():
        if name:
            assert package["integrity"].startswith("sha512-"), name
            assert "resolved" not in package, name
