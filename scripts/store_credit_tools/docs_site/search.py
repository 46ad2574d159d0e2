"""The index the search in the browser reads: a script, not data, so that it also loads from a file.

An entry is one thing a reader may look for: a page, a section, an operation, a field, a code, a decision. The search
itself is a few lines in `assets/site.js`; with some thousand short entries it needs no library.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from store_credit_tools.docs_site.anchors import slug_of
from store_credit_tools.docs_site.index_models import (
    DecisionList,
    ErrorCodeList,
    HeaderList,
    RefusalList,
    SchemeList,
)
from store_credit_tools.docs_site.markdown import joined
from store_credit_tools.docs_site.view_model import (
    AttributeGroup,
    Block,
    EventEntry,
    ObjectEntry,
    OperationEntry,
    Prose,
    ReferenceEntry,
    Site,
)

__all__ = ["search_index"]

Entry = tuple[str, str, str]
"""What it is called, its anchor, what is said of it."""


def search_index(site: Site) -> str:
    """Write the script that holds the index: `[page titles], [[page, name, anchor, text], ...]`."""
    pages = [[page.slug, page.title, page.group] for page in site.pages]
    entries: list[list[object]] = []
    for number, page in enumerate(site.pages):
        entries.append([number, page.title, "", _words(page.lead)])
        for block in page.blocks:
            entries.extend([number, name, anchor, _words(text)] for name, anchor, text in _entries(block))
    data = json.dumps([pages, entries], ensure_ascii=False, separators=(",", ":"))
    return f"window.searchIndex={data};\n"


def _entries(block: Block) -> Iterator[Entry]:
    if isinstance(block, Prose):
        yield from _sections(block.text)
    elif isinstance(block, OperationEntry):
        yield f"{block.title} · {block.id}", block.anchor, f"{block.method} {block.path} {block.description}"
        for group in [*block.parameters.values(), *(body.group for body in block.bodies)]:
            yield from _members(group, block.title)
        for response in block.responses:
            if response.group:
                yield from _members(response.group, block.title)
    elif isinstance(block, EventEntry):
        yield block.title, block.anchor, f"{block.name} {block.description}"
        yield from _members(block.headers, block.title)
        yield from _members(block.body.group, block.title)
    elif isinstance(block, ObjectEntry):
        yield block.title, block.anchor, f"{block.schema} {block.description}"
        if block.group:
            yield from _members(block.group, block.title)
    elif isinstance(block, ReferenceEntry):
        yield block.title, block.anchor, f"{block.text} {' '.join(_member_names(block))}"
    elif isinstance(block, ErrorCodeList):
        yield from ((one.code, one.anchor, f"{one.cause} {one.remedy}") for one in block.codes)
    elif isinstance(block, RefusalList):
        for one in block.refusals:
            yield f"{'/'.join(one.statuses)} {one.name}", one.anchor, f"{one.description} {' '.join(one.messages)}"
    elif isinstance(block, HeaderList):
        yield from ((one.name, one.anchor, one.description) for one in block.headers)
    elif isinstance(block, SchemeList):
        yield from ((one.name, one.anchor, one.description) for one in block.schemes)
    elif isinstance(block, DecisionList):
        yield from ((f"{one.id}: {one.question}", one.anchor, one.decision) for one in block.decisions)


def _member_names(entry: ReferenceEntry) -> Iterator[str]:
    """What it takes, as words of one entry: `timeout` of each method would be a hundred of them."""
    for _, part in entry.parts:
        if not isinstance(part, str):
            yield from (one.name for one in part.all)


def _sections(text: str) -> Iterator[Entry]:
    parts = re.split(r"^#{2,4} (.+)$", text, flags=re.MULTILINE)
    for heading, body in zip(parts[1::2], parts[2::2], strict=True):
        yield heading, slug_of(heading), body


def _members(group: AttributeGroup, owner: str) -> Iterator[Entry]:
    for one in group.all:
        yield one.name, one.anchor, f"{owner}: {one.description} {' '.join(one.values)}"
        if one.children:
            yield from _members(one.children, owner)


def _words(text: str) -> str:
    """What a reader might type, without the signs of Markdown."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return re.sub(r" (?=[.,;:)])", "", joined(re.sub(r"[`*|#]|---+", " ", text)))
