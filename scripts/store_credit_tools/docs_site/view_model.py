"""What the pages say, as plain data: the contract between those who read the document and the templates.

Texts are Markdown. A link in them goes to `page:<slug>#<anchor>`, or by kind and name to `schema:VinrStoreCredit` and
its like (see `Site.places` in `site_model.py`); only the rendering knows the addresses of files. Anchors are unique on
their page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from store_credit_tools.docs_site.index_models import (
    ChangeSection,
    DecisionList,
    ErrorCodeList,
    HeaderList,
    RefusalList,
    SchemeList,
)
from store_credit_tools.docs_site.sample_sets import SampleSet
from store_credit_tools.docs_site.version_ranges import VersionRange

__all__ = [
    "Attribute",
    "AttributeGroup",
    "Block",
    "BodyEntry",
    "EventEntry",
    "ObjectEntry",
    "OperationEntry",
    "Page",
    "Place",
    "Prose",
    "RecordExample",
    "ReferenceEntry",
    "RelatedEvent",
    "RelatedEvents",
    "ResponseEntry",
    "ResponseExample",
    "TryIt",
    "Verification",
]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is at home: a page and an anchor on it."""

    page: str
    """Slug of the page: its file name without an ending."""
    anchor: str
    """In HTML, where every member has one."""
    heading: str
    """Anchor of the heading it stands under, for Markdown, where only headings have one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """A member of an object, or a parameter of an operation."""

    name: str
    anchor: str
    type: str
    """In words, as Markdown: `integer (Unix seconds)`, `array of [store credits](schema:SpreeStoreCredit)`."""
    description: str
    other_types: tuple[tuple[str, VersionRange], ...] = ()
    """What it may be in some versions only, beside that."""
    marks: tuple[str, ...] = ()
    """What holds for it: required, deprecated, nullable, read-only, fixed at creation, expandable, may be missing."""
    versions: VersionRange | None = None
    """The versions of the system that have it; None if all do."""
    values: tuple[str, ...] = ()
    """The values it may have; of an open list those known today."""
    open_values: bool = False
    """Whether other values may come."""
    limits: tuple[str, ...] = ()
    """Lengths, ranges and patterns, each a phrase."""
    default: str | None = None
    """As JSON."""
    example: str | None = None
    """As JSON, or for a parameter as it stands in the address."""
    children: AttributeGroup | None = None
    """The members of the object it holds, where they are at home here."""
    advanced: bool = False
    """Whether only few need it; it is shown after the rest, folded."""

    @property
    def explains_values(self) -> bool:
        """Whether the description is a list of the values, with what each means, so that they need not be repeated."""
        return bool(self.values) and all(f"\n- `{value}`" in self.description for value in self.values)


@dataclass(frozen=True, slots=True)
class AttributeGroup:
    """Members or parameters, those most need first."""

    standard: tuple[Attribute, ...]
    advanced: tuple[Attribute, ...]

    @property
    def all(self) -> tuple[Attribute, ...]:
        """Both, in that order."""
        return self.standard + self.advanced


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyEntry:
    """What a request may carry, in one or several encodings of the same members."""

    media_types: tuple[str, ...]
    description: str
    required: bool
    group: AttributeGroup
    schema: str
    """Name of the schema that is at home here."""
    anchor: str
    alternative: bool = False
    """Whether it is another encoding of the body before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseExample:
    """A body that a response may have."""

    label: str
    """What it is about, in words: "No such customer"."""
    code: str
    """The error code in it; empty without one."""
    media_type: str
    body: str
    """As JSON, indented; empty for a body of no bytes, and where the page has shown the body before."""
    as_in: Place | None = None
    """Where the page has shown this very body before."""
    as_in_title: str = ""
    """The heading there."""
    anchor: str = ""
    """Its own, where the page refers to it again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseEntry:
    """A response, by its status, or by several that mean the same."""

    statuses: tuple[str, ...]
    description: str
    media_types: tuple[str, ...] = ()
    type: str = ""
    """What the body is, as Markdown; empty for a response without one."""
    group: AttributeGroup | None = None
    """The members of the body, where they are at home here."""
    anchor: str = ""
    """Of the members."""
    headers: tuple[str, ...] = ()
    """Names, as Markdown links to where each is described."""
    codes: tuple[str, ...] = ()
    """Of a refusal, the error codes its examples have, as Markdown links."""
    refusal: str = ""
    """Name of the shared response, which is described with what to do; empty for a response of this operation alone."""
    examples: tuple[ResponseExample, ...] = ()
    """Of a refusal, the bodies it may have here."""
    versions: VersionRange | None = None
    """The versions of the system that have it; None if all do."""

    @property
    def is_success(self) -> bool:
        """Whether the request was carried out, or nothing had changed (304)."""
        return self.statuses[0][0] in "23"


@dataclass(frozen=True, slots=True, kw_only=True)
class TryIt:
    """How the credential goes along when an operation is sent to the mock; nowhere if both are empty."""

    title: str
    """What the credential is called."""
    header: str
    prefix: str
    """What stands before it in the header: `Bearer ` or nothing."""


@dataclass(frozen=True, slots=True)
class Verification:
    """The versions of a system on which an operation was verified in one way."""

    how: str
    """`recorded`, `read from code`, `documented` or `decided`."""
    versions: tuple[tuple[str, str], ...]
    """Each with the day on which it was, the oldest version first."""
    ranges: tuple[tuple[str, str], ...]
    """The same in few words: neighbours of one day as a range."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationEntry:
    """An operation with everything it takes and answers."""

    kind: ClassVar[str] = "operation"
    id: str
    title: str
    anchor: str
    method: str
    """In capitals."""
    path: str
    description: str
    authentication: str
    """As Markdown."""
    parameters: Mapping[str, AttributeGroup]
    """By place: `path`, `query`, `header`, in the order of the page, where the body comes before them."""
    bodies: tuple[BodyEntry, ...]
    responses: tuple[ResponseEntry, ...]
    aliases: tuple[str, ...]
    """What is said of other methods that do the same, as Markdown."""
    sources: str
    """Where the rules come from, as Markdown."""
    verified: tuple[Verification, ...]
    """How each version was verified, the surest way first; empty where that is not noted."""
    versions: VersionRange | None
    """The versions of the system that have it; None if all do."""
    samples: tuple[SampleSet, ...]
    deprecated: bool
    """Whether the document advises against its use."""
    no_sdk_method: str
    """Why the SDK has no method for it, as Markdown; empty if it has one."""
    try_it: TryIt
    guides: tuple[str, ...] = ()
    """Those about it, each as a Markdown link."""
    sdk_method: str = ""
    """As a Markdown link; empty if there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventEntry:
    """An event a system sends to a receiver."""

    kind: ClassVar[str] = "event"
    id: str
    """The operationId of the webhook."""
    name: str
    """Its key under `webhooks`, such as `store_credit.created`; that of a second system begins with the system."""
    sent_name: str
    """What its sender calls it, in the body and in headers."""
    title: str
    anchor: str
    description: str
    headers: AttributeGroup
    body: BodyEntry
    responses: tuple[ResponseEntry, ...]
    sources: str
    samples: tuple[SampleSet, ...]
    """How it is received, and how a mock is made to send it; the response is the event itself."""
    receiver_with: EventEntry | None = None
    """The event of the same system that shows the receiver, where this one does not."""


@dataclass(frozen=True, slots=True)
class RecordExample:
    """A record as a version of its system returns it."""

    label: str
    """What it is an example of; of the newest version also how it was verified: `Spree 6.0 (read from code)`."""
    body: str
    """As JSON, indented; empty where the record is the response of an operation of the page."""
    response_of: str = ""
    """The operationId of that operation; `label` is its title then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectEntry:
    """A schema with its members, in a section of its own."""

    kind: ClassVar[str] = "object"
    schema: str
    title: str
    anchor: str
    description: str
    type: str = ""
    """Where it has no members: what it is instead, as Markdown."""
    limits: tuple[str, ...] = ()
    group: AttributeGroup | None = None
    sources: str = ""
    examples: tuple[RecordExample, ...] = ()
    """The first, and that of the newest version where it differs; empty if none is shown."""
    level: int = 2
    """Of its heading."""


@dataclass(frozen=True, slots=True)
class RelatedEvent:
    """A pointer to an event."""

    name: str
    title: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedEvents:
    """The events about a resource."""

    kind: ClassVar[str] = "related_events"
    title: str
    anchor: str
    events: tuple[RelatedEvent, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """Text written by hand, or taken whole from the document."""

    kind: ClassVar[str] = "prose"
    text: str
    """Markdown; its headings are of level 2 and deeper."""
    look: str = ""
    """How it looks in HTML, one of `PANELS` in `guides.py`; empty for the look of any text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceEntry:
    """Something a program calls or sets: a class, a method, a route of the control plane, a command, its variables."""

    kind: ClassVar[str] = "reference"
    title: str
    anchor: str
    level: int = 2
    """Of its heading."""
    code: str = ""
    """How it is called, to be copied; empty if it is not."""
    method: str = ""
    """The HTTP method of a route; then `code` is its path."""
    language: str = "text"
    text: str = ""
    """Paragraphs, as Markdown."""
    parts: tuple[tuple[str, AttributeGroup | str], ...] = ()
    """What it takes, gives and raises, each under a heading of its own: members, or a list as Markdown."""
    sources: str = ""
    """Where the rules come from, as Markdown."""
    samples: tuple[SampleSet, ...] = ()
    """How it is called, and the response; at most one."""
    sample_note: str = ""
    """What to know of the response, as Markdown."""


Block = (
    Prose
    | ObjectEntry
    | OperationEntry
    | EventEntry
    | RelatedEvents
    | ErrorCodeList
    | RefusalList
    | HeaderList
    | SchemeList
    | DecisionList
    | ChangeSection
    | ReferenceEntry
)
"""A part of a page; `kind` names the template that shows it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page, in HTML at `<slug>.html` and in Markdown at `<slug>.md`."""

    slug: str
    title: str
    group: str
    """Heading it stands under in the navigation."""
    lead: str
    """One or two sentences, as Markdown."""
    blocks: tuple[Block, ...]
    is_resource: bool = False
    is_reference: bool = False
    """Whether it describes what a program calls or sets, made from its sources."""

    @property
    def is_wide(self) -> bool:
        """Whether samples stand beside its text."""
        return self.is_resource or any(isinstance(block, ReferenceEntry) and block.samples for block in self.blocks)

    @property
    def run(self) -> str:
        """What it is one of, in the navigation."""
        return "API reference" if self.is_resource else "SDK and tools reference" if self.is_reference else "Guides"
