"""Which path of the document was meant by one that it does not have."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

__all__ = ["nearest_path"]

_LONGEST: Final = 200
"""Letters of a path that is compared; longer ones would take long, and are no slips."""
_ALIKE: Final = 0.8
_SLASHES: Final = re.compile("/{2,}")


def nearest_path(path: str, templates: Iterable[str]) -> str | None:
    """Find what a path was meant to be: without a slash too many, with another spelling, or below another prefix.

    Args:
        path: As it came.
        templates: The paths there are; what stands in the place of a parameter is taken over.

    Returns:
        None if nothing is near.
    """
    if len(path) > _LONGEST:
        return None
    plain = _SLASHES.sub("/", path).rstrip("/")
    sent = plain.split("/")
    filled = {_filled(template, sent).lower(): _filled(template, sent) for template in templates}
    near = get_close_matches(plain.lower(), filled, n=1, cutoff=_ALIKE)
    return filled[near[0]] if near and filled[near[0]] != path else None


def _filled(template: str, sent: list[str]) -> str:
    return "/".join(
        sent[place] if name.startswith("{") and place < len(sent) and sent[place] else name
        for place, name in enumerate(template.split("/"))
    )
