"""What goes wrong with samples."""

from __future__ import annotations

__all__ = ["SampleError"]


class SampleError(Exception):
    """A sample is missing or does not work; the text says which file or place, and what to do."""
