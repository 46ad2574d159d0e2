"""Why a document cannot be turned into code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["GenerationError", "Node"]

Node = Mapping[str, Any]


class GenerationError(ValueError):
    """The document cannot be turned into code; the text says where and why.

    Attributes:
        place: The names that lead in the document to what is refused, as far as they are known.
    """

    def __init__(self, said: str, *place: str) -> None:
        super().__init__(said)
        self.place = place
