"""Whoever tries one page after another, on one mock, must not meet the credit of the page before."""

from __future__ import annotations

import re
from collections import defaultdict

from bootstrap import ROOT
from store_credit_tools.docs_site.excerpts import excerpts

NAMED = re.compile(r"""(?:idempotency_key|memo|reference)=["']([^"'{]+)["']|\b((?:refund|(?:\w+-)?order)-\d+)\b""")
HOLE = re.compile(r"""\{\{ excerpt\("([^"]+)", "(\w+)"\) \}\}""")
SOURCES = [
    *sorted((ROOT / "docs" / "guides").glob("*.md")),
    ROOT / "docs" / "templates" / "llms-sdk.txt",
    *(ROOT / folder / "README.md" for folder in ("", "sdk", "mock", "jobs")),
]


def references(text: str) -> set[str]:
    """Idempotency keys, memos and references that a page names."""
    excerpt = excerpts(ROOT / "docs" / "programs")
    whole = HOLE.sub(lambda hole: excerpt(hole[1], hole[2]), text)
    return {first or second for first, second in NAMED.findall(whole)}


def test_no_two_pages_share_a_reference() -> None:
    """Programs that guides show are part of their pages."""
    pages: dict[str, list[str]] = defaultdict(list)
    for source in SOURCES:
        for name in references(source.read_text("utf-8")):
            pages[name].append(str(source.relative_to(ROOT)))
    assert len(pages) > 15
    assert {name: where for name, where in pages.items() if len(where) > 1} == {}


def test_no_page_shares_one_with_the_operation_pages() -> None:
    """Their samples take those of openapi.yaml."""
    samples = {
        name
        for path in (ROOT / "docs" / "samples").rglob("*.py")
        for name in references(path.read_text("utf-8"))
    }  # fmt: skip
    shared = {str(source): references(source.read_text("utf-8")) & samples for source in SOURCES}
    assert samples
    assert {where: names for where, names in shared.items() if names} == {}
