"""Pages as tests look at them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import cast
from xml.etree.ElementTree import Element

from tinyhtml5.parser import HTMLParser

__all__ = ["Tree", "markdown_headings", "members", "words"]

Heading = tuple[int, str, str]
"""Level, words, id; empty without one."""


def words(element: Element) -> str:
    """What an element says, with single blanks."""
    return " ".join("".join(element.itertext()).split())


class Tree:
    """An HTML page."""

    def __init__(self, text: str) -> None:
        parser = HTMLParser(namespace_html_elements=False)
        self.root: Element = cast("Element", parser.parse(text))
        self.errors = parser.errors

    @cached_property
    def ids(self) -> dict[str, Element]:
        """Elements by id; a repeated id is an error."""
        found: dict[str, Element] = {}
        for element in self.root.iter():
            name = element.get("id")
            if name is not None:
                assert name not in found, f"id {name} is there twice"
                found[name] = element
        return found

    @cached_property
    def parents(self) -> dict[Element, Element]:
        """The element above each."""
        return {child: parent for parent in self.root.iter() for child in parent}

    def all(self, tag: str, class_name: str | None = None) -> Iterator[Element]:
        """Elements with a tag, and perhaps a class."""
        for element in self.root.iter(tag):
            if class_name is None or class_name in element.get("class", "").split():
                yield element

    def section(self, element: Element) -> Element:
        """The nearest section around an element, or the block it is in."""
        while element.tag != "section" and "b" not in element.get("class", "").split():
            element = self.parents[element]
        return element

    def after(self, term: Element) -> Element:
        """The description of a term."""
        siblings = list(self.parents[term])
        return siblings[siblings.index(term) + 1]

    @cached_property
    def headings(self) -> list[Heading]:
        """Headings in their order."""
        return [
            (int(element.tag[1]), words(element).removesuffix(" #"), element.get("id", ""))
            for element in self.root.iter()
            if element.tag in {"h1", "h2", "h3", "h4", "h5", "h6"}
        ]


def members(element: Element) -> set[str]:
    """Names of the members described inside an element."""
    return {words(term[0]) for term in element.iter("dt") if len(term) and term[0].tag == "a"}


def markdown_headings(text: str) -> list[tuple[int, str]]:
    """Level and words of each heading of a Markdown page, code left out."""
    prose = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    return [
        (len(signs), title.replace("`", "")) for signs, title in re.findall(r"^(#{1,6}) (.+)$", prose, re.MULTILINE)
    ]
