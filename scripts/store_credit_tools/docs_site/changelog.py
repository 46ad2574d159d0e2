"""The changelog as sections: each release, each kind of change in it, and each product with changes of that kind."""

from __future__ import annotations

import re
from collections.abc import Iterator

from store_credit_tools.docs_site.anchors import slug_of
from store_credit_tools.docs_site.index_models import ChangeSection

__all__ = ["read_changelog"]

_HEADING = re.compile(r"^(#{2,4}) (.+)$", re.MULTILINE)
_RELEASE = 2


def read_changelog(text: str) -> tuple[str, tuple[ChangeSection, ...]]:
    """Read a changelog in the format of Keep a Changelog, whose changes may be grouped by product.

    Below a release the words of a heading recur in every other, so that an anchor is made of all that lead to it:
    `unreleased-added-sdk`, `0.2.0-fixed-mock`.

    Args:
        text: That of `CHANGELOG.md`.

    Returns:
        What stands between the title and the first release, and the sections.
    """
    _, _, text = text.partition("\n")
    before, *parts = _HEADING.split(text)
    return before.strip(), tuple(_sections(list(zip(parts[::3], parts[1::3], parts[2::3], strict=True))))


def _sections(parts: list[tuple[str, str, str]]) -> Iterator[ChangeSection]:
    above: dict[int, str] = {}
    for marks, title, text in parts:
        level = len(marks)
        # Of `0.2.0 - 2026-01-02` the number is enough.
        above = {depth: words for depth, words in above.items() if depth < level} | {
            level: title.partition(" ")[0].lower() if level == _RELEASE else title
        }
        label = ": ".join(words for depth, words in above.items() if depth > _RELEASE) or title
        shown = text.strip() or level == _RELEASE
        path = [words if depth == _RELEASE else slug_of(words) for depth, words in above.items()]
        yield ChangeSection(
            title=title,
            anchor=slug_of(title) if level == _RELEASE else "-".join(path),
            level=level,
            label=label if shown else "",
            text=text.strip(),
        )
