"""Tabs in guides: code in several languages, of which a reader sees the one that was chosen last.

In Markdown, each block of code stands below its language in bold. Two or more such pairs that follow each other become
tabs in HTML.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

__all__ = ["TABS", "group_tabs"]

TABS: Final = {
    "curl": "curl",
    "Python": "python",
    "Node.js": "fetch",
    "Ruby": "ruby",
    "PHP": "php",
    "Java": "java",
    "Go": "go",
}
"""The key of each language, by which a choice is kept from page to page: that of the samples of operations, if any."""

_LENGTH: Final = 4
"""Tokens of a pair: a paragraph's beginning, words and end, and the code."""


def group_tabs(state: StateCore) -> None:
    """Put what makes tabs around pairs of a language and its code: a core rule of markdown-it."""
    tokens, made = state.tokens, list[Token]()
    at = 0
    while at < len(tokens):
        count = 0
        while _language(tokens, at + count * _LENGTH):
            count += 1
        if count < 2:
            made.append(tokens[at])
            at += 1
            continue
        made.append(_html('<div class="sm">\n'))
        for _ in range(count):
            label = _language(tokens, at)
            made += [
                _html(f'<div data-lang="{TABS[label]}"><p class="l">{escape(label)}</p>'),
                tokens[at + _LENGTH - 1],
                _html("</div>\n"),
            ]
            at += _LENGTH
        made.append(_html("</div>\n"))
    state.tokens = made


def _language(tokens: Sequence[Token], at: int) -> str:
    """The language that a pair begins with here; empty if there is none."""
    part = tokens[at : at + _LENGTH]
    if [one.type for one in part] != ["paragraph_open", "inline", "paragraph_close", "fence"]:
        return ""
    label = part[1].content.removeprefix("**").removesuffix("**")
    return label if label in TABS and part[1].content == f"**{label}**" else ""


def _html(text: str) -> Token:
    return Token("html_block", "", 0, content=text, block=True)
