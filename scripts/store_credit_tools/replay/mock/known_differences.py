"""The recorded responses that the mock gives otherwise, each with the reason."""

from __future__ import annotations

from typing import Final

__all__ = ["EXCEPTIONS"]

EXCEPTIONS: Final[dict[str, str]] = {}
