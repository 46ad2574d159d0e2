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
    fetch: str
    """JavaScript."""
    ruby: str = ""
    """Only of an operation; like `php` not on its page, which loads it."""
    php: str = ""
    status: int
    """HTTP status of the response."""
    response: str
    """The body as JSON, indented by two blanks; empty for a response without one."""
    response_media_type: str
    """`application/json` or its like; empty for a response without a body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionSample:
    """What one version of a system responds to the sample of an operation."""

    ids: Mapping[str, str]
    """Ids in the sample as it is shown, each with the one that stands for it in this version."""
    response: str
    """The body as JSON, indented by two blanks; empty for a response without one, and for the version that is shown."""
