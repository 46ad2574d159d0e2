"""The site as a whole: all pages in their order, and what of them stands in the navigation of each."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from store_credit_tools.docs_site.view_model import Page, Place

__all__ = ["Site"]

_FEW = 3
"""So many pages of a reference stand in every navigation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """All pages in the order of the navigation."""

    title: str
    version: str
    """Of the document."""
    summary: str
    pages: tuple[Page, ...]
    places: Mapping[str, Mapping[str, Place]] = field(repr=False)
    """Where things are at home, by kind and name. Kinds: `schema`, `operation`, `header`, `refusal`, `scheme`, `code`,
    `decision`; of the reference `sdk`, `route`, `control` (a schema of the control plane), `command` and `variable`."""

    @property
    def groups(self) -> Mapping[str, tuple[Page, ...]]:
        """Pages by the heading they stand under."""
        found: dict[str, tuple[Page, ...]] = {}
        for page in self.pages:
            found[page.group] = (*found.get(page.group, ()), page)
        return found

    def menu_script(self) -> str:
        """What a page loads when a reader asks for all pages of a group: by group, slugs and titles."""
        pages = {group: [[one.slug, one.title] for one in pages] for group, pages in self.groups.items()}
        return f"window.menuPages={json.dumps(pages, ensure_ascii=False, separators=(',', ':'))}\n"

    def navigation(self, current: Page) -> Mapping[str, tuple[Page, ...]]:
        """The groups as the page shows them: of a long reference that it is not part of, the first page alone.

        Each page carries the navigation, and the first page of a group leads to the others. The same holds for guides
        of one kind, by the first word of their slugs: `testing-go` after `testing`, and the recipes.
        """
        return {
            group: tuple(page for page in pages if page is pages[0] or not _left_out(page, pages, current))
            for group, pages in self.groups.items()
        }

    def runs(self, current: Page) -> Sequence[tuple[str, Mapping[str, tuple[Page, ...]]]]:
        """The navigation in runs of groups, each under a heading.

        Guides that come after everything else, about the pages themselves, have none: theirs was given before.
        """
        found: list[tuple[str, Mapping[str, tuple[Page, ...]]]] = []
        for heading, groups in groupby(self.navigation(current).items(), lambda group: group[1][0].run):
            given = any(heading == earlier for earlier, _ in found)
            found.append(("" if given else heading, dict(groups)))
        return found


def _left_out(page: Page, group: tuple[Page, ...], current: Page) -> bool:
    """Whether the navigation of a page leaves out another one, which is not the first of its group."""
    if current.group == page.group or page.is_resource:
        return False
    kind = group[0].slug.partition("-")[0]
    return len(group) > _FEW and (page.is_reference or page.slug.startswith(f"{kind}-"))
