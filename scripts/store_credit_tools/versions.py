"""The one version number of the document, the SDK, the mock and the pages, and the places that repeat it.

`info.version` of `openapi.yaml` is where it is set: pages are made from that file. A wheel
cannot read the document at the root, so that its number is repeated where `PLACES` says; a test holds them equal.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

__all__ = ["CHANGELOG", "DOCUMENT", "PLACES", "RELEASED", "Place", "VersionError", "differences", "prepare", "version"]

DOCUMENT = "openapi.yaml"
RELEASED = "tests/contract/released.json"
CHANGELOG = "CHANGELOG.md"
UNRELEASED = "## Unreleased\n"

NUMBER = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)", re.ASCII)


class VersionError(Exception):
    """A release cannot be prepared, or a place has no number; the text says what to change."""


class Place(NamedTuple):
    """Where the number stands.

    Attributes:
        path: The file, from the root of the repository.
        before: What comes right before the number; with it the place is found.
        after: What comes right behind it.
    """

    path: str
    before: str
    after: str

    def pattern(self) -> re.Pattern[str]:
        """Find the number, as the only group."""
        return re.compile(re.escape(self.before) + r"(\d[^\s\"]*)" + re.escape(self.after))

    def numbers(self, root: Path) -> list[str]:
        """Read the numbers that stand here."""
        return [match[1] for match in self.pattern().finditer((root / self.path).read_text("utf-8"))]


SOURCE = Place(DOCUMENT, "\n  version: ", "\n")
PLACES = (
    SOURCE,
    Place("sdk/src/store_credit/_core/version.py", 'VERSION: Final = "', '"\n'),
    Place("mock/pyproject.toml", '\nversion = "', '"\n'),
    # The two come out together, and the mock uses parts of the SDK that promise nothing to others.
    Place("mock/pyproject.toml", '"store-credit==', '"'),
    Place("jobs/pyproject.toml", '\nversion = "', '"\n'),
    Place("jobs/pyproject.toml", '"store-credit==', '"'),
    Place("jobs/pyproject.toml", '"store-credit-mock==', '"'),
    Place("mock/npm/package.json", '\n  "version": "', '"'),
    Place("Dockerfile", 'org.opencontainers.image.version="', '"\n'),
    Place("mock/README.md", " document ", " ready\n"),
)


def version(root: Path) -> str:
    """Read the number from the document.

    Raises:
        VersionError: The document has none, or more than one line that could be it.
    """
    found = SOURCE.numbers(root)
    if len(found) != 1:
        raise VersionError(f"{DOCUMENT} has {len(found)} lines that could be info.version")
    return found[0]


def differences(root: Path, tag: str | None = None) -> list[str]:
    """List what stands in the way of this version, or of a tag for it; empty when nothing does.

    Args:
        root: The root of the repository.
        tag: A git tag, `v` and the version; with it, the change log and the released document must be ready, too.
    """
    wanted = version(root)
    wrong: list[str] = []
    for place in PLACES:
        numbers = place.numbers(root)
        if not numbers:
            wrong.append(f"{place.path}: no number stands behind {place.before.strip()!r}")
        wrong += [f"{place.path}: {number}, but {DOCUMENT} says {wanted}" for number in numbers if number != wanted]
    if tag is None:
        return wrong
    if tag != f"v{wanted}":
        wrong.append(f"the tag is {tag}, but {DOCUMENT} says {wanted}, whose tag is v{wanted}")
    if not re.search(rf"^## {re.escape(wanted)} ", (root / CHANGELOG).read_text("utf-8"), re.MULTILINE):
        wrong.append(f"{CHANGELOG} has no section of {wanted}; run scripts/release {wanted}")
    kept = json.loads((root / RELEASED).read_text("utf-8"))["info"]["version"]
    if kept != wanted:
        wrong.append(
            f"{RELEASED} is what {kept} promised; run"
            " scripts/test tests/contract/test_breaking_changes.py --release-document"
        )
    return wrong


def prepare(root: Path, number: str, day: str) -> list[str]:
    """Write a number everywhere and close the change log's section.

    Args:
        root: The root of the repository.
        number: The version, three numbers with dots.
        day: The date of the release, as YYYY-MM-DD.

    Returns:
        The files that were written, from the root.

    Raises:
        VersionError: The number is not a version, or the change log has nothing under Unreleased. Nothing was written.
    """
    if not NUMBER.fullmatch(number):
        raise VersionError(f"{number!r} is not a valid version: three numbers with dots are, such as 1.4.0")
    texts = {path: (root / path).read_text("utf-8") for path in {place.path for place in PLACES} | {CHANGELOG}}
    texts[CHANGELOG] = _closed(texts[CHANGELOG], number, day)
    for place in PLACES:
        texts[place.path] = place.pattern().sub(f"{place.before}{number}{place.after}", texts[place.path])
    _write(root, texts)
    return sorted(texts)


def _closed(changelog: str, number: str, day: str) -> str:
    before, heading, behind = changelog.partition(UNRELEASED)
    changes = behind.partition("\n## ")[0]
    if not heading or not changes.strip():
        raise VersionError(f"{CHANGELOG} has nothing under {UNRELEASED.strip()!r}, so that there is nothing to release")
    return f"{before}{UNRELEASED}\n## {number} - {day}\n{behind}"


def _write(root: Path, texts: Mapping[str, str]) -> None:
    for path, text in texts.items():
        (root / path).write_text(text, "utf-8")
