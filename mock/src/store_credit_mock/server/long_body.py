"""A body while it comes: in memory as long as it is short, then in a temporary file, which is read where it lies."""

from __future__ import annotations

import mmap
from collections.abc import Generator
from contextlib import contextmanager
from tempfile import SpooledTemporaryFile
from typing import Any, Self, cast

import orjson

from store_credit_mock.http import Response

__all__ = ["LongBody"]


class LongBody:
    """Collects a body. Use it in a `with` block, which removes the file.

    Args:
        in_memory: Bytes up to which it is kept in memory.

    Attributes:
        size: Bytes that came so far.
    """

    def __init__(self, in_memory: int) -> None:
        self._file = SpooledTemporaryFile(in_memory)  # noqa: SIM115 - closed with this
        self._in_memory = in_memory
        self.size = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, piece: bytes) -> Response | None:
        """Add a piece; returns what refuses the body where the disk takes no more."""
        self.size += len(piece)
        try:
            self._file.write(piece)
        except OSError as error:
            return _refusal(503, f"no temporary file can be written for a body of this length: {error.strerror}")
        return None

    def beyond(self, most: int) -> Response | None:
        """What refuses the body if it has more bytes than that."""
        return _refusal(413, f"a body may have at most {most} bytes") if self.size > most else None

    @contextmanager
    def whole(self) -> Generator[bytes]:
        """Give all of it, to be read until the block ends; of a long one nothing is copied into memory."""
        if self.size <= self._in_memory:
            self._file.seek(0)
            yield self._file.read()
            return
        self._file.flush()
        with mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
            view: Any = memoryview(mapped)
            try:
                yield cast("bytes", view)
            finally:
                view.release()


def _refusal(status: int, text: str) -> Response:
    return Response(status, [(b"content-type", b"application/json")], orjson.dumps({"error": text}))
