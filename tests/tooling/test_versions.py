"""One version number: the document sets it, the SDK and the mock repeat it, a release is refused under any other."""

import shutil
import tomllib
from importlib.metadata import version as installed
from pathlib import Path

import pytest

from bootstrap import ROOT
from store_credit_tools import versions


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with a copy of each file that a release reads or writes."""
    for path in {place.path for place in versions.PLACES} | {versions.CHANGELOG, versions.RELEASED}:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, tmp_path / path)
    return tmp_path


def release(checkout: Path) -> None:
    """Do both steps that a release of the document takes."""
    before = versions.version(checkout)
    versions.prepare(checkout, "7.8.9", "2026-01-02")
    edit(checkout / versions.RELEASED, f'"{before}"', '"7.8.9"')


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_every_place_has_the_documents_number() -> None:
    """What `scripts/release --check` finds is empty on main."""
    assert versions.differences(ROOT) == []


def test_the_packages_have_the_documents_number() -> None:
    """The number reaches the metadata that an installer sees; the mock takes this very SDK."""
    wanted = versions.version(ROOT)
    mock = tomllib.loads((ROOT / "mock" / "pyproject.toml").read_text("utf-8"))["project"]

    assert installed("store-credit") == wanted
    assert mock["version"] == wanted
    assert f"store-credit=={wanted}" in mock["dependencies"]


@pytest.mark.parametrize("place", versions.PLACES[1:], ids=lambda place: f"{place.path} {place.before.strip()}")
def test_a_place_left_behind_is_named(checkout: Path, place: versions.Place) -> None:
    """A number that was forgotten, or cannot be found any more, is reported with its file."""
    wanted = versions.version(checkout)
    edit(checkout / place.path, f"{place.before}{wanted}{place.after}", f"{place.before}9.9.9{place.after}")

    assert f"{place.path}: 9.9.9, but openapi.yaml says {wanted}" in versions.differences(checkout)

    edit(checkout / place.path, place.before, " moved ")
    assert any(line.startswith(f"{place.path}: no number") for line in versions.differences(checkout))


def test_a_release_is_prepared_everywhere(checkout: Path) -> None:
    """After `scripts/release` the tag of that version is accepted, and no other."""
    release(checkout)

    assert versions.version(checkout) == "7.8.9"
    assert versions.differences(checkout, "v7.8.9") == []
    assert "## Unreleased\n\n## 7.8.9 - 2026-01-02\n\n### Added\n" in (checkout / versions.CHANGELOG).read_text("utf-8")
    for tag in ("v7.8.8", "7.8.9", "v7.8.9.1", ""):
        assert versions.differences(checkout, tag) == [
            f"the tag is {tag}, but openapi.yaml says 7.8.9, whose tag is v7.8.9"
        ]


def test_a_tag_before_the_preparation_is_refused(checkout: Path) -> None:
    """The right number is not enough: users look for the change log's section and for the released document."""
    release(checkout)
    edit(checkout / versions.CHANGELOG, "## 7.8.9 - 2026-01-02\n", "")
    edit(checkout / versions.RELEASED, '"7.8.9"', '"7.8.8"')

    found = versions.differences(checkout, "v7.8.9")

    assert [line.split()[0] for line in found] == [versions.CHANGELOG, versions.RELEASED]


@pytest.mark.parametrize("number", ["", "1", "1.2", "v1.2.3", "1.2.3rc1", "01.2.3", "1.2.3\n"])
def test_only_three_numbers_are_a_version(checkout: Path, number: str) -> None:
    """Anything else is refused before a file is written."""
    before = (checkout / versions.DOCUMENT).read_bytes()

    with pytest.raises(versions.VersionError, match="is not a valid version"):
        versions.prepare(checkout, number, "2026-01-02")
    assert (checkout / versions.DOCUMENT).read_bytes() == before


def test_a_release_without_changes_is_refused(checkout: Path) -> None:
    """A second preparation right after the first has nothing to tell users, and writes nothing."""
    versions.prepare(checkout, "7.8.9", "2026-01-02")

    with pytest.raises(versions.VersionError, match="nothing under '## Unreleased'"):
        versions.prepare(checkout, "7.9.0", "2026-01-03")
    assert versions.version(checkout) == "7.8.9"
