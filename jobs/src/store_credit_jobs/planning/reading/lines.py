"""Lines of a file of text, each at most so long that memory stays flat, whatever the file."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO, Final

from store_credit_jobs.planning.reading.rows import StoppedError

__all__ = ["text_lines"]

_CHUNK: Final = 1 << 18
_LONGEST: Final = 1 << 20
_BOM: Final = b"\xef\xbb\xbf"


def text_lines(file: BinaryIO) -> Iterator[str]:
    """Go through the lines of UTF-8 with or without a byte order mark, each with its end as it is.

    Raises:
        StoppedError: A byte is NUL or not valid UTF-8, or a line is longer than 1 MiB. The lines before come first.
    """
    return chain.from_iterable(_blocks(file))


def _blocks(file: BinaryIO) -> Iterator[io.StringIO]:
    rest = file.read(len(_BOM))
    if rest == _BOM:
        rest = b""
    before = 0
    while chunk := file.read(_CHUNK):
        block = rest + chunk
        end = block.rfind(b"\n") + 1
        rest = block[end:]
        if len(rest) > _LONGEST:
            yield from _decoded(block[:end], before)
            line = before + block.count(b"\n") + 1
            raise StoppedError(
                "cell_limit", "this line is longer than 1 MiB; check for a missing quotation mark or line break", line
            )
        if end:
            yield from _decoded(block[:end], before)
            before += block.count(b"\n", 0, end)
    yield from _decoded(rest, before)


def _decoded(block: bytes, before: int) -> Iterator[io.StringIO]:
    """Decode whole lines; those before one that cannot be, and then the error."""
    text, bad = "", block.find(b"\0")
    try:
        text = block.decode()
    except UnicodeDecodeError as error:
        bad = error.start if bad < 0 else min(bad, error.start)
    if bad < 0:
        # Line ends stay as they are, so that one inside a quoted cell is kept.
        yield io.StringIO(text, newline="")
        return
    start = block.rfind(b"\n", 0, bad) + 1
    yield io.StringIO(block[:start].decode(), newline="")
    line = before + block.count(b"\n", 0, start) + 1
    if block[bad] == 0:
        raise StoppedError("encoding", "this line contains a NUL byte; save the file as UTF-8 text", line)
    text = f"the byte 0x{block[bad]:02X} in this line is not valid UTF-8; save the file as UTF-8"
    raise StoppedError("encoding", text, line)
