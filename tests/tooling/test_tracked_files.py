"""What is committed works in any clone: no address of one network, no path of one machine, nothing from outside."""

import re
from pathlib import Path

import pytest

from bootstrap import ROOT

# Written in two halves, so that this file does not contain what it looks for.
HOSTS = ["registry." + "npmjs", "pypi" + ".org", "files." + "pythonhosted", "deb." + "debian"]
OPTIONS = re.compile(r"--(extra-)?index" + r"-url|\"resolved\": *\"http|registry *= *\"?http")


def found(paths: list[Path], wrong: re.Pattern[str]) -> list[str]:
    """Places where a pattern stands, as path:line."""
    return [
        f"{path.relative_to(ROOT)}:{number}"
        for path in paths
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if wrong.search(line)
    ]


def test_no_package_index_is_named(tracked: list[Path]) -> None:
    """Where packages come from is the choice of whoever installs them."""
    assert found(tracked, re.compile("|".join(map(re.escape, HOSTS)))) == []
    assert found(tracked, OPTIONS) == []


def test_no_path_of_this_machine_is_named(tracked: list[Path]) -> None:
    """The folder this checkout happens to lie in is in no file."""
    assert found(tracked, re.compile(re.escape(f"{ROOT}/"))) == []


def test_the_package_depends_on_nothing_beside_the_repository(tracked: list[Path]) -> None:
    """The SDK is built from a clone alone."""
    inside = [path for path in tracked if path.is_relative_to(ROOT / "sdk")]

    assert inside
    assert found(inside, re.compile(r"\.\./shared")) == []


def test_modules_are_named_for_what_they_hold(tracked: list[Path]) -> None:
    """A module called utils or helpers says nothing about what is in it."""
    nameless = {"common", "helper", "helpers", "misc", "util", "utils"}

    assert [path.name for path in tracked if path.suffix == ".py" and path.stem.strip("_") in nameless] == []


@pytest.mark.parametrize("name", ["LICENSE"])
def test_copies_in_the_package_are_copies(name: str) -> None:
    """The package carries the licence, and it is the repository's."""
    assert (ROOT / "sdk" / name).read_bytes() == (ROOT / name).read_bytes()
