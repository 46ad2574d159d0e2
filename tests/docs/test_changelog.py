"""The changelog as a page: a section for each release, kind and product, each with an address of its own."""

from __future__ import annotations

from store_credit_tools.docs_site.changelog import read_changelog

TEXT = """# Changelog

What is public.

## Unreleased

### Added

#### SDK

- One.

#### Mock

- Two.

## 0.2.0 - 2026-01-02

### Added

#### SDK

- Three.

### Removed

- Four.
"""


def test_the_same_words_in_two_releases_have_two_addresses() -> None:
    """They keep their level and their text; a kind without text of its own is not in the contents."""
    before, sections = read_changelog(TEXT)

    assert before == "What is public."
    assert [(one.level, one.title, one.anchor, one.label, one.text) for one in sections] == [
        (2, "Unreleased", "unreleased", "Unreleased", ""),
        (3, "Added", "unreleased-added", "", ""),
        (4, "SDK", "unreleased-added-sdk", "Added: SDK", "- One."),
        (4, "Mock", "unreleased-added-mock", "Added: Mock", "- Two."),
        (2, "0.2.0 - 2026-01-02", "020---2026-01-02", "0.2.0 - 2026-01-02", ""),
        (3, "Added", "0.2.0-added", "", ""),
        (4, "SDK", "0.2.0-added-sdk", "Added: SDK", "- Three."),
        (3, "Removed", "0.2.0-removed", "Removed", "- Four."),
    ]


def test_a_changelog_without_releases_has_no_sections() -> None:
    assert read_changelog("# Changelog\n") == ("", ())
