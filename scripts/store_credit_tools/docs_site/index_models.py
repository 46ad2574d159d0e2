"""Parts of a page that list something of the whole document. What `pages` says of texts holds here, too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from store_credit_tools.docs_site.version_ranges import VersionRange

__all__ = [
    "ChangeSection",
    "Decision",
    "DecisionList",
    "ErrorCode",
    "ErrorCodeList",
    "HeaderEntry",
    "HeaderList",
    "Refusal",
    "RefusalList",
    "SchemeEntry",
    "SchemeList",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorCode:
    """What a program branches on when it is refused."""

    code: str
    anchor: str
    statuses: tuple[str, ...]
    """Those it comes with in the document's examples."""
    type: str
    """The kind of error it has in the document's examples; empty where the system has no kinds."""
    cause: str
    remedy: str
    message: str
    """That of an example; empty without one."""
    versions: VersionRange | None = None
    """The versions of the system that have it; None if all do."""
    ours: bool = False
    """Whether the vendor has published no such code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorCodeList:
    """All codes of one system."""

    kind: ClassVar[str] = "error_codes"
    codes: tuple[ErrorCode, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A response that several operations share."""

    name: str
    """What it is called on the pages."""
    anchor: str
    statuses: tuple[str, ...]
    description: str
    remedy: str
    body: str
    """Links to the schemas of its body, as Markdown; empty without one."""
    messages: tuple[str, ...]
    """What the document's examples say, word for word."""
    operations: tuple[str, ...]
    """The operations that give it, those of one resource together, as Markdown."""
    headers: tuple[str, ...] = ()
    """Names, as Markdown."""
    sources: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalList:
    """The shared answers of one system, by status."""

    kind: ClassVar[str] = "refusals"
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderEntry:
    """A header of a response."""

    name: str
    anchor: str
    type: str
    description: str
    required: bool
    """Whether it is on every answer it belongs to."""
    example: str | None = None
    ours: bool = False
    """Whether the vendor has published no such header."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderList:
    """The headers of one system's answers."""

    kind: ClassVar[str] = "headers"
    headers: tuple[HeaderEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemeEntry:
    """A way to say who is calling."""

    name: str
    """What the credential is called."""
    anchor: str
    carrier: str
    """Where the credential goes, as Markdown: `X-Api-Key` header."""
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemeList:
    """The ways one system takes."""

    kind: ClassVar[str] = "schemes"
    schemes: tuple[SchemeEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A question the vendors leave open, and what the document does about it."""

    id: str
    anchor: str
    question: str
    decision: str
    reason: str
    true_answer: str = ""
    """What is the case instead, as Markdown; empty while the decision holds."""
    refuted_by: str = ""
    """The recording or decision that refutes it; empty while it holds."""
    by_decision: bool = False
    """Whether a decision refutes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSection:
    """A release, a kind of change in it, or the changes of that kind in one product."""

    kind: ClassVar[str] = "changes"
    title: str
    anchor: str
    level: int
    """Of its heading: 2, 3 or 4."""
    label: str
    """Its words in the contents of the page, below those of the release; empty if only its parts stand there."""
    text: str
    """As Markdown; empty if all of it stands in its parts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionList:
    """All decisions whose ids begin with one letter."""

    kind: ClassVar[str] = "decisions"
    decisions: tuple[Decision, ...]
