"""The points of a document: what of it an exchange can exercise."""

from __future__ import annotations

from typing import Final, Literal

__all__ = ["KINDS", "PARTS", "TITLES", "Kind", "Point"]

Kind = Literal["operations", "statuses", "parameters", "media_types", "fields", "values"]
Point = tuple[Kind, str]
"""Kind and name; a name comes once in an operation and kind."""

KINDS: Final[tuple[Kind, ...]] = ("operations", "statuses", "parameters", "media_types", "fields", "values")
"""In the order of reports."""
PARTS: Final = KINDS[1:]
"""The kinds of which one operation has many points."""

TITLES: Final[dict[Kind, str]] = {
    **{kind: kind for kind in KINDS},
    "media_types": "media types",
    "values": "enum values",
}
