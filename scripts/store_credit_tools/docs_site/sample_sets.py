"""What the samples of an operation are, for the reader that puts them on a page and the module that makes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["SampleSet", "VersionSample"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleSet:
    """One way to call an operation, in every language shown, with the answer the mock gives to it."""

    operation: str
    """The operationId."""
    title: str
    """What this way is about, as a short phrase; shown where an operation has more than one."""
    curl: str
    python: str
    """With the SDK, the part of the sample file between its marks."""
    python_async: str
    """Like `ruby` not in the HTML of an operation's page, which loads them."""
    fetch: str
    """JavaScript."""
    ruby: str = ""
    """Only of an operation, as the three below; not in the Markdown of its page either."""
    php: str = ""
    go: str = ""
    java: str = ""
    status: int
    """HTTP status of the response."""
    response: str
    """The body as JSON, indented by two blanks; empty for a response without one."""
    response_media_type: str
    """`application/json` or its like; empty for a response without a body."""

    @property
    def loaded(self) -> tuple[tuple[str, str, str, str], ...]:
        """Key, label, language for the highlighter and text of each sample that a page loads; none but of an operation.

        `LOADED` of `docs/templates/assets/site.js` has the same keys and labels.
        """
        if not self.ruby:
            return ()
        return (
            ("async", "Python, async", "python", self.python_async),
            ("ruby", "Ruby", "ruby", self.ruby),
            ("php", "PHP", "php", self.php),
            ("go", "Go", "go", self.go),
            ("java", "Java", "java", self.java),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionSample:
    """What one version of a system responds to the sample of an operation."""

    ids: Mapping[str, str]
    """Ids in the sample as it is shown, each with the one that stands for it in this version."""
    response: str
    """The body as JSON, indented by two blanks; empty for a response without one, and for the version that is shown."""
