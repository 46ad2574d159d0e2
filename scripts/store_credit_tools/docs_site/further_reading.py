"""What to read about an operation elsewhere: the guides about it, and its method in the SDK.

Guides link to operations (`operation:ID`); an operation links back to them. A recipe links first to the operations that
it is mainly about, so the recipes in which an operation comes first are shown first. Rules add the guides that concern
every operation of a kind, such as pagination. Nothing here names an endpoint.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import itemgetter
from typing import Final

from store_credit_mock.contract import OperationDefinition
from store_credit_tools.docs_site.anchors import Register, page_of_tag
from store_credit_tools.docs_site.document import PagesError, Source
from store_credit_tools.docs_site.guides import Guide, Hole, Panel
from store_credit_tools.docs_site.one_file import OPTIONAL
from store_credit_tools.docs_site.reference.sdk_layout import CLIENTS
from store_credit_tools.docs_site.view_model import OperationEntry, Page

__all__ = ["FurtherReading"]

_MOST: Final = 3
"""Guides shown at one operation."""
_RECIPES: Final = "Recipes"
"""The group of the guides about one task each."""
_START: Final = "index"
"""The page that links to everything."""

_OPERATION: Final = re.compile(r"\]\(operation:([\w.]+)\)")
_CODE: Final = re.compile(r"(?<!\[)`(?P<name>[\w.]+)(?P<call>\(\))?`")


@dataclass
class FurtherReading:
    """Adds these links to the operations of a page.

    Args:
        source: The document.
        guides: Those of the site, in the order of the navigation.
        register: Where everything is; the pages of the SDK have to be in it already.
    """

    source: Source
    guides: Sequence[Guide]
    register: Register
    _about: Mapping[str, Sequence[Guide]] = field(init=False)

    def __post_init__(self) -> None:
        self._about = _guides_about(self.guides)

    def added(self, page: Page) -> Page:
        """The page with the links at each of its operations.

        Raises:
            PagesError: A guide that a rule names does not exist.
        """
        return replace(
            page,
            blocks=tuple(self._with_links(one) if isinstance(one, OperationEntry) else one for one in page.blocks),
        )

    def _with_links(self, entry: OperationEntry) -> OperationEntry:
        operation = self.source.operations[entry.id]
        return replace(
            entry,
            description=self._with_names_linked(entry.description),
            no_sdk_method=self._with_names_linked(entry.no_sdk_method),
            guides=tuple(self._guides(operation)),
            sdk_method=self._sdk_method(entry.id),
        )

    def _guides(self, operation: OperationDefinition) -> Iterator[str]:
        ruled = [self._guide(slug, operation) for slug in self._slugs_by_rule(operation)]
        written = [guide for guide in self._about.get(operation.id, ()) if guide not in ruled]
        system = self.source.short_name(operation.id.partition(".")[0])
        for guide in [*written[: max(0, _MOST - len(ruled))], *ruled]:
            # The page of a Spree v3 operation need not say that its guides are about Spree v3.
            yield f"[{guide.title.removesuffix(f' on {system}')}](page:{guide.slug})"

    def _slugs_by_rule(self, operation: OperationDefinition) -> Iterator[str]:
        """The guides that always concern a kind of operation."""
        definition = operation.definition
        one_at_a_time = "x-serialize-by" in definition
        traps = f"{page_of_tag(operation.id.partition('.')[0])}-traps"
        if one_at_a_time and any(guide.slug == traps for guide in self.guides):
            yield traps
        if not definition.get("security", True):
            # What needs no credential issues one, or takes one back.
            yield "authentication"
        has_key = any(parameter["name"] == "Idempotency-Key" for _, parameter in operation.parameters)
        if has_key or one_at_a_time or "x-creates" in definition:
            yield "idempotency"
        if operation.id.endswith(".list"):
            yield "pagination"

    def _guide(self, slug: str, operation: OperationDefinition) -> Guide:
        found = next((guide for guide in self.guides if guide.slug == slug), None)
        if found is None:
            raise PagesError(
                f"docs/guides/{slug}.md does not exist, but operations such as {operation.id} link to it by a rule in"
                " further_reading.py; write the guide, or change the rule"
            )
        return found

    def _sdk_method(self, operation: str) -> str:
        """The method of an operation; empty if the SDK has none."""
        for client in CLIENTS:
            path = operation.removeprefix(f"{client.operations}.")
            if path != operation and self.register.at("sdk", f"{client.name}.{path}"):
                return f"[`{client.variable}.{path}`](sdk:{client.name}.{path})"
        return ""

    def _with_names_linked(self, text: str) -> str:
        """A text with links from names of the SDK to their entries; `settle()` is a method of every client."""

        def linked(found: re.Match[str]) -> str:
            name = f"client.{found['name']}" if found["call"] else found["name"]
            return f"[{found[0]}](sdk:{name})" if self.register.at("sdk", name) else found[0]

        return _CODE.sub(linked, text)


def _guides_about(guides: Iterable[Guide]) -> Mapping[str, Sequence[Guide]]:
    """By operation, the guides that link to it: recipes first, and first those that begin with it."""
    found: dict[str, list[tuple[bool, int, Guide]]] = {}
    for guide in guides:
        if guide.slug == _START or guide.group == OPTIONAL:
            continue
        earlier = Counter[str]()
        for operation in dict.fromkeys(_OPERATION.findall(_written(guide))):
            system = operation.partition(".")[0]
            found.setdefault(operation, []).append((guide.group != _RECIPES, earlier[system], guide))
            earlier[system] += 1
    # Of two that rank alike, the one that comes first in the navigation stays first.
    return {
        operation: [guide for *_, guide in sorted(ranked, key=itemgetter(0, 1))] for operation, ranked in found.items()
    }


def _written(guide: Guide) -> str:
    """What somebody wrote in a guide, without the tables that are made from the document."""
    return "\n".join(
        part.text if isinstance(part, Panel) else part for part in guide.parts if not isinstance(part, Hole)
    )
