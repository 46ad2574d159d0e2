"""Reading a response's body as it streams: decompressed, and never more of it than the client allows."""

from __future__ import annotations

import zlib
from typing import Any, Final

from store_credit._core.faults import ResponseTooLargeError

__all__ = ["BodyReader", "content_codings"]

_STEP: Final = 1024 * 1024
"""Most bytes that one step of decompression gives: a few bytes can stand for gigabytes."""


def content_codings(headers: list[tuple[bytes, bytes]]) -> str | None:
    """The value of `Content-Encoding`, or None; repeated headers are one list.

    The HTTP library's own lookup decodes every header to find one, which took two percent of a call (2026-11-28).
    """
    found = [value for name, value in headers if name.lower() == b"content-encoding"]
    return b", ".join(found).decode("latin-1") if found else None


class BodyReader:
    """Collects a body piece by piece.

    Args:
        encoding: The response's `Content-Encoding`, or None.
        limit: Most bytes of the body, decompressed.
        library: The HTTP library's module, which decompresses what is neither gzip nor deflate.
    """

    __slots__ = ("_broken", "_encoding", "_inflaters", "_library", "_limit", "_parts", "_size")

    def __init__(self, encoding: str | None, limit: int, library: Any) -> None:
        self._encoding = encoding
        self._limit = limit
        self._library = library
        self._parts: list[bytes] = []
        self._size = 0
        self._broken: ValueError | None = None
        codings = [name.strip().lower() for name in (encoding or "").split(",")]
        known = all(name in ("gzip", "x-gzip", "deflate", "identity", "") for name in codings)
        # Undone in the reverse of the order they were applied in.
        wanted = [name for name in reversed(codings) if name not in ("identity", "")] if known else []
        self._inflaters: list[_Inflater] | None = [_Inflater(name) for name in wanted] if known else None

    def add(self, piece: bytes) -> None:
        """Take the next piece as it came.

        Raises:
            ResponseTooLargeError: The body is larger than the client allows.
        """
        if not self._inflaters or self._broken is not None:
            self._keep(piece)
            return
        try:
            self._inflate(piece, 0)
        except ResponseTooLargeError:
            raise
        except ValueError as error:
            # Told at the end: a body that is read whole does not cost the connection.
            self._broken = error

    def _inflate(self, piece: bytes, stage: int) -> None:
        assert self._inflaters is not None
        if stage == len(self._inflaters):
            self._keep(piece)
            return
        inflater = self._inflaters[stage]
        while piece:
            made, piece = inflater.step(piece)
            if made:
                self._inflate(made, stage + 1)

    def _keep(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._size > self._limit:
            raise ResponseTooLargeError(f"the body is larger than max_response_bytes ({self._limit} bytes)")
        self._parts.append(piece)

    def content(self) -> bytes:
        """The whole body.

        Raises:
            ResponseTooLargeError: The body is larger than the client allows.
            ValueError: It ends too early, or is not compressed as its header says.
        """
        if self._broken is not None:
            raise self._broken
        if self._size and any(not inflater.ended for inflater in self._inflaters or ()):
            raise ValueError("the compressed body is incomplete")
        whole = self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)
        if self._inflaters is None and whole:
            # A coding we did not ask for: the library knows it, or leaves it alone.
            whole = self._library.Response(200, headers={"content-encoding": self._encoding}, content=whole).content
            self._parts, self._size = [], 0
            self._keep(whole)
        return whole


class _Inflater:
    """Undoes one coding, a bounded step at a time."""

    __slots__ = ("_head", "_zlib", "ended")

    def __init__(self, coding: str) -> None:
        # 32 + 15 takes the headers of gzip and of zlib.
        self._zlib = zlib.decompressobj(47)
        # What has been read of "deflate" while it is open whether zlib's header is there; None once it is known.
        self._head: bytes | None = b"" if coding == "deflate" else None
        self.ended = False

    def step(self, piece: bytes) -> tuple[bytes, bytes]:
        """Return what a piece gives, at most a step's worth, and what of it is left."""
        if self.ended:
            return b"", b""
        whole = piece if self._head is None else self._head + piece
        try:
            made = self._zlib.decompress(piece, _STEP)
        except zlib.error as error:
            if self._head is None:
                raise ValueError(f"the body does not match its Content-Encoding header: {error}") from None
            # Without zlib's header, as some servers send it.
            self._head = None
            self._zlib = zlib.decompressobj(-15)
            return self.step(whole)
        if self._head is not None:
            self._head = None if made else whole
        self.ended = self._zlib.eof
        return made, self._zlib.unconsumed_tail
