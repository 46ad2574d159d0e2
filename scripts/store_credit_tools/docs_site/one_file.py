"""The pages about the APIs in one file, for readers who have nothing else: `llms-full.txt`, and one of each system.

Left out is what such a reader cannot use: links to other files, whose words stay; the sources and decisions behind a
rule; the pages of the decisions and of changes; and the reference of the SDK, the mock and the commands, of which
`llms-sdk.txt` says what it takes to write a program.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from store_credit_tools.docs_site.site_model import Site
from store_credit_tools.docs_site.view_model import Page

__all__ = ["OPTIONAL", "one_files"]

OPTIONAL: Final = "About"
"""The group of pages about the pages themselves, which a reader in a hurry leaves out."""

_BASICS: Final = "Basics"
"""The group of guides that every system needs."""
_SYSTEMS: Final = {
    "llms-vinr.txt": ("VINR", re.compile("VINR"), re.compile(r"VINR\b")),
    "llms-spree-v3.txt": ("Spree API v3", re.compile(r"Spree .*\bv3( notes)?"), re.compile(r"Spree(\b(?! v)| v3\b)")),
    "llms-spree-v2.txt": (
        "Spree API v2",
        re.compile(r"Spree .*\bv2"),
        re.compile(r"Spree(\b(?! v)| v2\b)|JSON:API\b"),
    ),
}
"""The file of each system: what it is called, the groups of its pages, and how its sections in the basics begin."""

_HEADING: Final = re.compile(r"^## (.+)$", re.MULTILINE)
_FENCE: Final = re.compile(r"^(```.*?^```$)", re.DOTALL | re.MULTILINE)
_LINK: Final = re.compile(r"\[((?:[^\[\]`]|`[^`]*`)+)\]\((?!https?://)[^)\s]+\)")
_CITED: Final = re.compile(r"\s\((?:[VDRAT]\d+(?:,\s)?)+\)")
_SOURCES: Final = re.compile(r"^Sources\. .*?(?:\n\n|\Z)", re.DOTALL | re.MULTILINE)


def one_files(site: Site, pages: Iterable[tuple[Page, str]]) -> Iterator[tuple[str, str]]:
    """Give each file by its name; a system of which there is no page has none.

    Args:
        site: Its title and summary stand at the head.
        pages: Each page with its Markdown, in the order of the navigation.
    """
    told = [(page, _without_links(text)) for page, text in pages if _belongs(page)]
    about = f"{site.summary} Every page about the APIs, one after the other."
    yield "llms-full.txt", _one_file(site.title, about, (text for _, text in told))
    beginnings = [sections for _, _, sections in _SYSTEMS.values()]
    for name, (system, groups, sections) in _SYSTEMS.items():
        own = [text for page, text in told if groups.fullmatch(page.group)]
        if own:
            title = f"{site.title}: {system} alone"
            about = f"The pages of {system}, and what the basics say of it, one after the other."
            others = [one for one in beginnings if one is not sections]
            basics = (_without_others(text, sections, others) for page, text in told if page.group == _BASICS)
            yield name, _one_file(title, about, [*filter(None, basics), *own])


def _without_others(text: str, own: re.Pattern[str], others: Iterable[re.Pattern[str]]) -> str:
    """A page of the basics without the sections of other systems; empty if it is about another system as a whole."""

    def is_foreign(heading: str) -> bool:
        return not own.match(heading) and any(one.match(heading) for one in others)

    kept: list[str] = []
    keeps = True
    for part in _FENCE.split(text):
        if part.startswith("```"):
            kept += [part] if keeps else []
            continue
        before, *sections = _HEADING.split(part)
        kept += [before] if keeps else []
        for heading, body in zip(sections[::2], sections[1::2], strict=True):
            keeps = not is_foreign(heading)
            kept += [f"## {heading}{body}"] if keeps else []
    title = text.partition("\n")[0].removeprefix("# ")
    return "" if is_foreign(title) else "".join(kept)


def _one_file(title: str, about: str, texts: Iterable[str]) -> str:
    return "\n\n---\n\n".join([f"# {title}\n\n> {about}", *(text.strip() for text in texts)]) + "\n"


def _belongs(page: Page) -> bool:
    return page.group != OPTIONAL and not page.is_reference


def _without_links(text: str) -> str:
    """The Markdown of a page without addresses, citations and sources; code stays as it is."""
    parts = _FENCE.split(text)
    return "".join(part if part.startswith("```") else _plain(part) for part in parts)


def _plain(text: str) -> str:
    return _CITED.sub("", _LINK.sub(r"\1", _SOURCES.sub("", text)))
