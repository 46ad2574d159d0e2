"""Bodies as they were before they were compressed, for checking and recording only: what is passed on stays so."""

from __future__ import annotations

import gzip
import io
import zlib
from importlib import import_module
from typing import Any

__all__ = ["BrokenBodyError", "UnknownCodingError", "decoded"]


class BrokenBodyError(Exception):
    """The body is not what its Content-Encoding says; the text says how."""


class UnknownCodingError(Exception):
    """The body cannot be decoded here, or is too long when it is; the text says why."""


def decoded(body: bytes, codings: str, limit: int) -> bytes:
    """Undo what a Content-Encoding says was done.

    Args:
        body: As it came.
        codings: The header's value; several codings are undone from the last to the first.
        limit: Bytes that may come out; a small body can stand for a huge one.

    Raises:
        BrokenBodyError: It is not encoded so.
        UnknownCodingError: No decoder, or too long.
    """
    for coding in reversed([part.strip().lower() for part in codings.split(",") if part.strip()]):
        if coding == "identity" or not body:
            continue
        if coding in {"gzip", "x-gzip"}:
            body = _unzipped(body, limit)
        elif coding == "deflate":
            body = _inflated(body, limit)
        elif coding == "br":
            body = _unbrotlied(body, limit)
        else:
            raise UnknownCodingError(f"Content-Encoding {coding[:20]!r} is not supported")
        if len(body) > limit:
            raise UnknownCodingError(f"the decoded body is longer than {limit} bytes")
    return body


def _unzipped(body: bytes, limit: int) -> bytes:
    """Undo gzip, of which a body may have several members, one after another (RFC 1952)."""
    try:
        return gzip.GzipFile(fileobj=io.BytesIO(body)).read(limit + 1)
    except EOFError as error:
        raise BrokenBodyError("the body is not valid gzip data: it ends too early") from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise BrokenBodyError(f"the body is not valid gzip data: {error}") from error


def _inflated(body: bytes, limit: int) -> bytes:
    problem = ""
    # Some servers send deflate without its zlib wrapper.
    for window in (15, -15):
        stream = zlib.decompressobj(window)
        try:
            made = stream.decompress(body, limit + 1)
        except zlib.error as error:
            problem = problem or str(error)
            continue
        if len(made) <= limit and not stream.eof:
            problem = "it ends too early"
            continue
        return made
    raise BrokenBodyError(f"the body is not valid deflate data: {problem}")


def _unbrotlied(body: bytes, limit: int) -> bytes:
    try:
        brotli: Any = import_module("brotli")
    except ImportError as error:
        raise UnknownCodingError("Content-Encoding br requires the `brotli` package") from error
    stream = brotli.Decompressor()
    parts: list[bytes] = []
    size = 0
    try:
        made: bytes = stream.process(body, output_buffer_limit=65_536)
        while made or not (stream.is_finished() or stream.can_accept_more_data()):
            parts.append(made)
            size += len(made)
            if size > limit:
                return b"".join(parts)
            made = stream.process(b"", output_buffer_limit=65_536)
    except brotli.error as error:
        raise BrokenBodyError(f"the body is not valid br data: {error}") from error
    if not stream.is_finished():
        raise BrokenBodyError("the body is not valid br data: it ends too early")
    return b"".join(parts)
