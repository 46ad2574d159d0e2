"""Trailers, read from the bytes of a connection: aiohttp's parsers drop what follows the last chunk of a body."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["TrailerReader", "last_chunk"]

_LONGEST: Final = 65_536
"""Bytes of a line, of a head or of all trailers, above which nothing more is read of a connection."""
_LENGTH: Final = re.compile(rb"^content-length:[ \t]*(\d{1,18})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_CHUNKED: Final = re.compile(rb"^transfer-encoding:[^\r\n]*chunked[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_INTERIM: Final = re.compile(rb"HTTP/1\.\d 1\d\d")


class TrailerReader:
    """Follows the messages of one direction of a connection, as far as it takes to see where their bodies end.

    It validates nothing: aiohttp's parser reads the same bytes, and refuses what is not HTTP.

    Args:
        requests: Whether the messages are requests, one after another; otherwise one response, after its 1xx.

    Attributes:
        lines: The trailer lines of each message by its number, from 1, with their line ends.
    """

    __slots__ = ("_buffer", "_number", "_requests", "_skip", "_state", "lines")

    def __init__(self, *, requests: bool = False) -> None:
        self._requests = requests
        self._buffer = bytearray()
        self._state = "head"
        self._skip = 0
        self._number = 1
        self.lines: dict[int, bytes] = {}

    def of(self, number: int) -> bytes:
        """Give the trailers of a message; those of the messages before are dropped."""
        for known in [known for known in self.lines if known < number]:
            del self.lines[known]
        return self.lines.get(number, b"")

    def feed(self, data: bytes) -> None:
        """Read what came."""
        if self._state == "off":
            return
        self._buffer += data
        while self._state != "off" and self._step():
            pass
        if len(self._buffer) > _LONGEST:
            self._off()

    def _off(self) -> None:
        self._state = "off"
        self._buffer.clear()

    def _step(self) -> bool:
        """Read one piece; False if more has to come."""
        buffer = self._buffer
        if self._skip:
            passed = min(self._skip, len(buffer))
            del buffer[:passed]
            self._skip -= passed
            return passed > 0
        if self._state == "head":
            return self._head()
        end = buffer.find(b"\n")
        if end < 0:
            return False
        line = bytes(buffer[: end + 1])
        del buffer[: end + 1]
        if self._state == "size":
            self._size(line)
        elif self._state == "after":
            self._state = "size"
        elif line in {b"\r\n", b"\n"}:
            self._next()
        else:
            kept = self.lines.get(self._number, b"") + line.rstrip(b"\r\n") + b"\r\n"
            self.lines[self._number] = kept
            if len(kept) > _LONGEST:
                self._off()
        return True

    def _head(self) -> bool:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return False
        head = bytes(self._buffer[: end + 2])
        del self._buffer[: end + 4]
        if not self._requests and _INTERIM.match(head):
            return True
        if _CHUNKED.search(head):
            self._state = "size"
            return True
        length = _LENGTH.search(head)
        self._skip = int(length[1]) if length is not None else 0
        self._next()
        return True

    def _size(self, line: bytes) -> None:
        try:
            size = int(line.partition(b";")[0].strip(), 16)
        except ValueError:
            self._off()
            return
        self._skip = size
        self._state = "after" if size else "trailers"

    def _next(self) -> None:
        self._number += 1
        self._state = "head" if self._requests else "off"
        if self._state == "off":
            self._buffer.clear()


def last_chunk(trailers: bytes) -> bytes:
    """End a body in chunks, with trailer lines or none."""
    return b"0\r\n%b\r\n" % trailers
