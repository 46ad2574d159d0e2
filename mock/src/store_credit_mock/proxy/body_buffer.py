"""Copies of bodies that pass, up to a limit; and pieces of bodies as chunks."""

from __future__ import annotations

__all__ = ["BodyBuffer", "chunk"]


class BodyBuffer:
    """Buffer for a streamed body; discarded once it exceeds `limit` bytes.

    Args:
        limit: Bytes to keep.

    Attributes:
        size: Bytes that passed.
        whole: Whether all of them are here.
    """

    __slots__ = ("_limit", "_parts", "size", "whole")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._parts: list[bytes] = []
        self.size = 0
        self.whole = True

    def add(self, piece: bytes) -> None:
        """Take in a piece."""
        self.size += len(piece)
        if not self.whole:
            return
        if piece:
            self._parts.append(piece)
        if self.size > self._limit:
            self.skip()

    def skip(self) -> None:
        """Keep nothing any more."""
        self.whole = False
        self._parts = []

    def bytes(self) -> bytes:
        """All of it, if it is whole."""
        if len(self._parts) > 1:
            self._parts = [b"".join(self._parts)]
        return self._parts[0] if self._parts else b""


def chunk(piece: bytes) -> bytes:
    """A piece as a chunk; an empty one ends the body."""
    return b"%x\r\n%b\r\n" % (len(piece), piece)
