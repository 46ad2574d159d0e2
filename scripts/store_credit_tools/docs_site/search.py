"""The index the search in the browser reads: a script, not data, so that it also loads from a file.

An entry is one thing a reader may look for: a page, a section, an operation, a field, a code, a decision. The engine is
MiniSearch (`docs/vendor/`); how it is used, and in which order results come, is in `assets/search.js`, and how they are
shown in `assets/search-box.js`.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Set
from typing import Final, NamedTuple

from store_credit_tools.docs_site.anchors import slug_of
from store_credit_tools.docs_site.index_models import (
    ChangeSection,
    DecisionList,
    ErrorCodeList,
    HeaderList,
    RefusalList,
    SchemeList,
)
from store_credit_tools.docs_site.markdown import joined
from store_credit_tools.docs_site.site_model import Site
from store_credit_tools.docs_site.view_model import (
    AttributeGroup,
    Block,
    EventEntry,
    ObjectEntry,
    OperationEntry,
    Page,
    Prose,
    ReferenceEntry,
)

__all__ = ["ATTRIBUTE", "DECISION", "OPERATION", "PAGE", "SECTION", "search_index"]

PAGE, OPERATION, SECTION, DECISION, ATTRIBUTE = range(5)
"""Kinds of entries, those a reader wants first in front; `assets/search.js` weighs them by these numbers."""

_SYNONYMS: Final[Mapping[str, str]] = {
    "create": "issue give add make new",
    "retrieve": "get read fetch one",
    "get": "retrieve read fetch one",
    "update": "change edit modify",
    "delete": "remove void cancel",
    "list": "search filter find all",
    "apply": "pay spend redeem use checkout",
    "remove": "take off",
    "complete": "place buy checkout",
    "add_store_credit": "apply pay spend redeem checkout",
    "remove_store_credit": "take off checkout",
    "use_store_credit": "apply pay spend redeem",
}
"""What readers call a method, by its name."""

_PAGE_WORDS: Final[Mapping[str, str]] = {
    "index": "quickstart quick start getting started get first call install pip setup begin tutorial ruby php node",
    "reading": "agent agents ai llm claude copilot assistant skill",
    "authentication": "authentication api key keys token tokens secret credentials bearer sign in 401 403 unauthorized"
    " sandbox live test mode host forbidden permission permissions scope scopes",
    "jobs-issue": "bulk csv batch import many spreadsheet excel parquet",
    "jobs-guarantees": "exactly once kill crash guarantee",
    "jobs-audit": "liability report balance owed accounting",
    "idempotency": "idempotency key duplicate double click resend twice race concurrent concurrency simultaneous retry",
    "timeouts": "deadline backoff retry retries slow",
    "requests": "time zone timezone utc iso 8601 unix timestamp datetime date header headers host url",
    "money": "cents decimal decimals rounding float floating point minor units zero lifecycle life cycle state states",
    "pagination": "page pages paging cursor next offset",
    "webhooks": "webhook event events types callback notification signature hmac",
    "recipe-balance": "balance show how much credit available",
    "recipe-checkout": "race concurrent concurrency simultaneous parallel double click lifecycle life cycle states"
    " spend pay redeem",
    "recipe-expire": "expiry expires expiration ttl",
    "recipe-refund": "refund goodwill",
    "recipe-take-back": "void revoke cancel withdraw mistake fraud take back",
    "recipe-go-live": "production live launch deploy checklist",
    "recipe-move": "migrate migration export transfer",
    "spree-v2-to-v3": "migrate migration upgrade deprecated",
    "spree-v3-traps": "pitfall pitfalls gotcha gotchas mistakes",
    "tools": "openapi download swagger postman specification schema export codegen generate language dotnet",
    "rate-limits": "429 throttling too many requests",
    # Few words: the more there are, the less each counts, and operations are found by their statuses, too.
    "errors": "429 status code exceptions",
    "testing": "mock stub fake emulator simulator pytest unit tests localhost",
    "testing-go": "golang",
    "testing-java": "jvm kotlin junit",
    "testing-typescript": "javascript node npm",
    "testing-faults": "fault sandbox snapshot clock lost response chaos parallel simulate",
    "testing-validate": "proxy verify drift record replay har contract test conformance",
    "testing-inspector": "inspector journal exchanges debug browser ui",
    "sdk": "python package library client typed types type hints mypy pyright async asyncio await",
    "sdk-observing": "log logging tracing monitoring hooks",
}
"""What readers look for and a page does not say in its title, by the page's slug."""

_SECTION_WORDS: Final[Mapping[str, str]] = {
    "Test data": "sample fixtures seed test card cards",
    "Test keys": "test tokens sk_full pk_shop api credentials",
    "Customers, carts and orders": "alice bob carol dave erin frank nora test users balances",
    "Values that make something fail": "test failing values errors decline",
}
"""The same for sections that consist of tables of ids, which readers do not search for: their tables are left out."""

_LAST: Final = 0.15
_REFERENCE: Final = 0.6
_SUPERSEDED: Final = 0.85
"""How much an entry counts, beside 1: of the changelog, of what is generated from sources, of the API v2 of Spree."""

_NOT_SEARCHED: Final = re.compile(
    r"^```(?:text|json|javascript|ruby|php)\n.*?^```$|^```python\n(?:(?!```)[^\n]*\n){24,}```$",
    re.DOTALL | re.MULTILINE,
)
"""What a guide says that a command prints, programs that stand beside the same in Python, and whole programs: readers
do not search for their words, and they would make the index heavy. The name of the language, above the code, is found.
"""

_FIELD_TEXT: Final = 160
"""Characters of a field's description that are searched: there are two thousand fields, and a result shows fewer."""

_NAMED: Final = {"Variables", "Options", "Arguments"}
"""Parts of a reference whose members are looked for by exact names such as `STORE_CREDIT_LOG` or `--profile`. Those
of methods, which have a dot in their title, are named alike a hundred times; of records, the fields are there already.
"""

_MANY: Final = 3
"""Pages with one heading from which on it is a common one."""

_CREDITS: Final = {"store_credit", "store_credits"}


class _Entry(NamedTuple):
    kind: int
    name: str
    """What it is called, its page's title if empty; entries of one name become one result."""
    anchor: str
    owner: str
    """What it is a part of, on its page; empty for a part of the page itself."""
    text: str
    words: str = ""
    """Other names it is looked for by."""


def search_index(site: Site) -> str:
    """Write the script that holds the index.

    `[[slug, title, group, weight], ...]` of the pages, and `[[page, kind, name, anchor, owner, text, words], ...]`.
    """
    pages = [[page.slug, page.title, page.group, _weight(page)] for page in site.pages]
    common = _common_headings(site)
    entries = [[number, *one] for number, page in enumerate(site.pages) for one in _entries_of(page, common)]
    data = json.dumps([pages, entries], ensure_ascii=False, separators=(",", ":"))
    return f"window.searchIndex={data};\n"


def _weight(page: Page) -> float:
    """A task leads to operations and guides before their names in the SDK, and to v3 before v2."""
    if page.slug == "changelog":
        return _LAST
    if page.is_reference:
        return _REFERENCE
    return _SUPERSEDED if page.group.endswith(" v2") else 1


def _common_headings(site: Site) -> Set[str]:
    """Headings that many pages have, such as "What can go wrong": only with their page do they say anything."""
    pages = Counter(
        name
        for page in site.pages
        for name in {one.name for block in page.blocks if isinstance(block, Prose) for one in _sections(block.text)}
    )
    return {name for name, count in pages.items() if count >= _MANY}


def _entries_of(page: Page, common: Set[str]) -> Iterator[_Entry]:
    lead = _plain(page.lead)
    yield _Entry(PAGE, page.title, "", "", lead, _PAGE_WORDS.get(page.slug, lead))
    heading = ""
    for block in page.blocks:
        found = list(_entries(block))
        for entry in found:
            one = entry
            # A list, such as that of error codes, is a part of the section it stands in.
            if one.kind == SECTION and not isinstance(block, Prose):
                one = one._replace(owner=heading)
            elif isinstance(block, Prose) and one.name in common:
                one = one._replace(name="", owner=one.name)
            text = _plain(one.text)
            if one.kind == ATTRIBUTE and len(text) > _FIELD_TEXT:
                text = text[:_FIELD_TEXT].rpartition(" ")[0]
            yield one._replace(text=text)
        if isinstance(block, Prose) and found:
            heading = found[-1].name


def _entries(block: Block) -> Iterator[_Entry]:
    if isinstance(block, Prose):
        yield from _sections(block.text)
    elif isinstance(block, OperationEntry):
        text = f"{block.method} {block.path} {block.description}"
        yield _Entry(OPERATION, f"{block.title} · {block.id}", block.anchor, "", text, _words_of(block))
        # The members of another encoding are those of the body before it, and folded.
        bodies = [body.group for body in block.bodies if not body.alternative]
        for group in [*block.parameters.values(), *bodies]:
            yield from _members(group, block.title)
        for response in block.responses:
            if response.group:
                yield from _members(response.group, block.title)
    elif isinstance(block, ChangeSection):
        if block.label:
            yield _Entry(SECTION, block.label, block.anchor, "", block.text)
    elif isinstance(block, EventEntry):
        yield _Entry(SECTION, block.title, block.anchor, "", block.description, block.name)
        yield from _members(block.headers, block.title)
        yield from _members(block.body.group, block.title)
    elif isinstance(block, ObjectEntry):
        yield _Entry(SECTION, block.title, block.anchor, "", block.description, block.schema)
        if block.group:
            yield from _members(block.group, block.title)
    elif isinstance(block, ReferenceEntry):
        wanted = _NAMED | {"Attributes"} if block.title.endswith("Error") else _NAMED
        own = (
            []
            if "." in block.title or block.title.startswith("Async")
            else [part for title, part in block.parts if title in wanted]
        )
        named = [one for part in own if not isinstance(part, str) for one in part.all]
        words = " ".join([*(sample.operation for sample in block.samples), *([] if named else _member_names(block))])
        yield _Entry(ATTRIBUTE, block.title, block.anchor, "", block.text, words)
        yield from (_Entry(ATTRIBUTE, one.name, one.anchor, block.title, "") for one in named)
    elif isinstance(block, ErrorCodeList):
        yield from (
            _Entry(SECTION, one.code, one.anchor, "", f"{one.cause} {one.remedy}", " ".join(one.statuses))
            for one in block.codes
        )
    elif isinstance(block, RefusalList):
        for one in block.refusals:
            name = f"{'/'.join(one.statuses)} {one.name}"
            yield _Entry(SECTION, name, one.anchor, "", f"{one.description} {' '.join(one.messages)}")
    elif isinstance(block, HeaderList):
        yield from (_Entry(SECTION, one.name, one.anchor, "", one.description) for one in block.headers)
    elif isinstance(block, SchemeList):
        for one in block.schemes:
            # By its header, and by how its values begin: `X-Api-Key`, `sk_test_`.
            words = re.findall(r"`([\w-]+)", one.carrier) + re.findall(r"`(\w+_)`", one.description)
            yield _Entry(SECTION, one.name, one.anchor, "", one.description, " ".join(words))
    elif isinstance(block, DecisionList):
        yield from (
            _Entry(DECISION, f"{one.id}: {one.question}", one.anchor, "", one.decision) for one in block.decisions
        )


def _member_names(entry: ReferenceEntry) -> Iterator[str]:
    """What it takes, as words of one entry: `timeout` of each method would be a hundred of them."""
    for _, part in entry.parts:
        if not isinstance(part, str):
            yield from (one.name for one in part.all)


def _words_of(operation: OperationEntry) -> str:
    """What a reader may call an operation, or worry about when calling it."""
    *resources, method = operation.id.split(".")
    words = [_SYNONYMS.get(method, "")]
    if resources[-1] in _CREDITS and method == "create":
        words.append("refund goodwill gift voucher")
    if resources[-1] in _CREDITS and method == "update":
        words.append("void withdraw cancel expire")
    if operation.method == "POST":
        words.append("timeout")
    # Nearly every operation may refuse with 429; a list of all of them would say nothing.
    if resources[-1] in _CREDITS and any("429" in one.statuses for one in operation.responses):
        words.append("429 rate limit")
    return " ".join(filter(None, words))


def _sections(text: str) -> Iterator[_Entry]:
    before, *parts = re.split(r"^#{2,4} (.+)$", _NOT_SEARCHED.sub("", text), flags=re.MULTILINE)
    if before.strip():
        # What stands above the first heading is the page's; it has no name and no place of its own.
        yield _Entry(PAGE, "", "", "", before)
    for heading, body in zip(parts[::2], parts[1::2], strict=True):
        words = _SECTION_WORDS.get(heading, "")
        said = re.sub(r"^\|.*$", "", body, flags=re.MULTILINE) if words else body
        yield _Entry(SECTION, heading.replace("`", ""), slug_of(heading), "", said, words)


def _members(group: AttributeGroup, owner: str) -> Iterator[_Entry]:
    for one in group.all:
        # Of values that the description lists, their names are enough: what each means would make the index heavy.
        said = one.description.partition("\n\n- ")[0] if one.explains_values else one.description
        yield _Entry(ATTRIBUTE, one.name, one.anchor, owner, f"{said} {' '.join(one.values)}")
        if one.children:
            yield from _members(one.children, owner)


def _plain(text: str) -> str:
    """What a reader might type, without the signs of Markdown."""
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"^> ?", "", text, flags=re.MULTILINE)
    return re.sub(r" (?=[.,;:)])", "", joined(re.sub(r"[`*|#]|---+", " ", text)))
