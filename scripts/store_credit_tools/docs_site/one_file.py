"""All that is said of the APIs in one file, for readers who have nothing else: `llms-full.txt`.

Left out is what such a reader cannot use: links to other files, whose words stay; the sources and decisions behind a
rule; the pages of the decisions and of changes; and the reference of the SDK, the mock and the commands, of which
`llms-sdk.txt` says what it takes to write a program.
"""

from __future__ import annotations

import re
from typing import Final

from store_credit_tools.docs_site.view_model import Page

__all__ = ["OPTIONAL", "belongs", "without_links"]

OPTIONAL: Final = "About"
"""The group of pages about the pages themselves, which a reader in a hurry leaves out."""

_FENCE: Final = re.compile(r"^(```.*?^```$)", re.DOTALL | re.MULTILINE)
_LINK: Final = re.compile(r"\[((?:[^\[\]`]|`[^`]*`)+)\]\((?!https?://)[^)\s]+\)")
_CITED: Final = re.compile(r"\s\((?:[VDRAT]\d+(?:,\s)?)+\)")
_SOURCES: Final = re.compile(r"^Sources\. .*?(?:\n\n|\Z)", re.DOTALL | re.MULTILINE)


def belongs(page: Page) -> bool:
    """Whether a page is in the file."""
    return page.group != OPTIONAL and not page.is_reference


def without_links(text: str) -> str:
    """The Markdown of a page without addresses, citations and sources; code stays as it is."""
    parts = _FENCE.split(text)
    return "".join(part if part.startswith("```") else _plain(part) for part in parts)


def _plain(text: str) -> str:
    return _CITED.sub("", _LINK.sub(r"\1", _SOURCES.sub("", text)))
