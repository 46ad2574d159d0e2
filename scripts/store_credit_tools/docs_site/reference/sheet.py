"""One page of the reference while it is put together: its blocks, its anchors, and where they can be linked to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from store_credit_tools.docs_site.anchors import Anchors, Register
from store_credit_tools.docs_site.sample_sets import SampleSet
from store_credit_tools.docs_site.view_model import (
    Attribute,
    AttributeGroup,
    Block,
    Page,
    Place,
    Prose,
    ReferenceEntry,
)

__all__ = ["Sheet", "group_of"]

Part = tuple[str, AttributeGroup | str]


def group_of(attributes: Iterable[Attribute]) -> AttributeGroup:
    """Members in their order, none of them folded."""
    return AttributeGroup(tuple(attributes), ())


class Sheet:
    """A page of the reference.

    Args:
        slug: Its file name without an ending.
        title: Its first heading.
        group: What it stands under in the navigation.
        lead: One or two sentences, as Markdown.
        register: Where everything on all pages is.
    """

    def __init__(self, slug: str, title: str, group: str, lead: str, register: Register) -> None:
        self.slug, self.title, self.group, self.lead = slug, title, group, lead
        self.register = register
        self.anchors = Anchors(slug, title)
        self._blocks: list[Block] = []

    def prose(self, text: str) -> None:
        """Add text, whose headings are of level 2 and deeper."""
        for heading in re.findall(r"^#{2,6} (.+)$", text, re.MULTILINE):
            self.anchors.heading(heading)
        self._blocks.append(Prose(text=text))

    def heading(self, title: str) -> str:
        """Take the anchor of an entry that is added next, for the anchors of its members.

        Raises:
            ValueError: The page has the heading already.
        """
        return self.anchors.heading(title)

    def entry(
        self,
        title: str,
        anchor: str,
        names: Sequence[tuple[str, str]],
        *,
        code: str = "",
        method: str = "",
        language: str = "text",
        text: str = "",
        parts: Sequence[Part] = (),
        sources: str = "",
        level: int = 2,
        samples: Sequence[SampleSet] = (),
        sample_note: str = "",
    ) -> None:
        """Add an entry.

        Args:
            title: Its heading.
            anchor: What `heading` gave for it.
            names: Kind and name of what links may lead to it.
            code: How it is called.
            method: The HTTP method of a route; then `code` is its path.
            language: Of the code.
            text: Markdown.
            parts: What it takes and gives; those that hold nothing are left out.
            sources: Where its rules come from.
            level: Of its heading.
            samples: How it is called, and the response.
            sample_note: What to know of the response, as Markdown.
        """
        place = Place(self.slug, anchor, anchor)
        for kind, name in names:
            self.register.place(kind, name, place)
        kept = tuple((name, part) for name, part in parts if (part if isinstance(part, str) else part.all))
        self._blocks.append(
            ReferenceEntry(
                title=title,
                anchor=anchor,
                level=level,
                code=code,
                method=method,
                language=language,
                text=text,
                parts=kept,
                sources=sources,
                samples=tuple(samples),
                sample_note=sample_note,
            )
        )

    def page(self) -> Page:
        """The page as it is so far."""
        return Page(
            slug=self.slug,
            title=self.title,
            group=self.group,
            lead=self.lead,
            blocks=tuple(self._blocks),
            is_reference=True,
        )
