"""Addresses inside a page, and where every schema and operation of the document came to stand."""

from __future__ import annotations

import re
import unicodedata

from store_credit_tools.docs_site.view_model import Place

__all__ = ["Anchors", "Register", "page_of_tag", "slug_of"]


def slug_of(heading: str) -> str:
    """The id of a heading, by the rule GitHub has: small letters, digits, `_` and `-`, blanks become `-`.

    Readers of the Markdown form get the same ids from their viewer, so that no id stands in the text.
    """
    text = unicodedata.normalize("NFC", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


def page_of_tag(tag: str) -> str:
    """Slug of the page of a tag: `spree_v3.store.carts` is at `spree-v3-store-carts`."""
    return tag.replace(".", "-").replace("_", "-")


class Anchors:
    """The anchors of one page, each given once, in the order of the page.

    Args:
        page: Slug of the page.
        title: Its first heading.
    """

    def __init__(self, page: str, title: str) -> None:
        self.page = page
        self._under = slug_of(title)
        self._taken: set[str] = {self._under}

    def place(self, anchor: str) -> Place:
        """Where an anchor of this page is, below the heading that was given last."""
        return Place(self.page, anchor, self._under)

    def heading(self, text: str) -> str:
        """The anchor of a heading.

        Raises:
            ValueError: Another heading of the page has the same words; its id would depend on the order of the two.
        """
        slug = slug_of(text)
        if slug in self._taken:
            raise ValueError(f"two headings of one page read {text!r}; give one of them other words")
        self._taken.add(slug)
        self._under = slug
        return slug

    def member(self, *names: str) -> str:
        """The anchor of a member: the names that lead to it, without `attributes`, through which all lead on Spree."""
        cleaned = [re.sub(r"[^\w\-.]", "", name) for name in names]
        short = ".".join(name for name in cleaned if name != "attributes" or name is cleaned[-1])
        found, number = short, 1
        while found in self._taken:
            number += 1
            found = ".".join(cleaned) if number == 2 and len(cleaned) > short.count(".") + 1 else f"{short}-{number}"
        self._taken.add(found)
        return found


class Register:
    """Where everything that is linked to by its name is at home; a second home is refused.

    A name has a kind, which links put before it: `schema`, `operation`, `header`, `refusal`, `scheme`, `code` or
    `decision`.
    """

    def __init__(self) -> None:
        self.places: dict[str, dict[str, Place]] = {}

    def place(self, kind: str, name: str, place: Place) -> None:
        """Say where something is.

        Raises:
            ValueError: It is somewhere already.
        """
        known = self.places.setdefault(kind, {})
        if name in known:
            raise ValueError(f"the {kind} {name} has two homes, the pages {known[name].page} and {place.page}")
        known[name] = place

    def at(self, kind: str, name: str) -> Place | None:
        """Where something is; None as long as it is nowhere."""
        return self.places.get(kind, {}).get(name)
