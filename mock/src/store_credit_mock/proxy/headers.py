"""The heads of messages: what is passed on, byte for byte, and the few headers that belong to one connection only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from store_credit_mock.http import Header

__all__ = ["Head", "head_bytes", "response_head"]

_HOP: Final = frozenset(
    {b"connection", b"keep-alive", b"proxy-authenticate", b"proxy-authorization", b"proxy-connection", b"te",
     b"transfer-encoding", b"upgrade"}
)  # fmt: skip
"""RFC 9110 section 7.6.1: of one connection, never passed on."""


class Head:
    """The headers of one message, those that are passed on and what they say of its body.

    Attributes:
        kept: Names and values as they came, without those of one connection.
        length: Content-Length, or None.
        chunked: Whether the body comes in chunks.
        first: The first value of each name in lower case.
    """

    __slots__ = ("chunked", "first", "kept", "length")

    def __init__(self, raw: Sequence[Header], host: bytes | None = None) -> None:
        """Read headers.

        Args:
            raw: As they came.
            host: What is sent as Host in the place of what came; None leaves it.
        """
        first: dict[bytes, bytes] = {}
        kept: list[Header] = []
        dropped = False
        for pair in raw:
            lower = pair[0].lower()
            if lower not in first:
                first[lower] = pair[1]
            if lower in _HOP:
                dropped = True
            elif host is not None and lower == b"host":
                kept.append((pair[0], host))
            else:
                kept.append(pair)
        if dropped:
            named = first.get(b"connection", b"").lower()
            if named not in {b"", b"close", b"keep-alive"}:
                of_one = {part.strip() for pair in raw if pair[0].lower() == b"connection"
                          for part in pair[1].lower().split(b",")}  # fmt: skip
                # What says where the body ends, whom it is for and who asks is never of one connection only.
                of_one -= {b"content-length", b"host", b"authorization", b"content-type", b"content-encoding"}
                kept = [pair for pair in kept if pair[0].lower() not in of_one]
        if host is not None and b"host" not in first:
            kept.insert(0, (b"Host", host))
        self.first = first
        self.kept = kept
        length = first.get(b"content-length")
        self.length = int(length) if length is not None and length.isdigit() else None
        self.chunked = b"chunked" in first.get(b"transfer-encoding", b"").lower()


def head_bytes(line: bytes, headers: Iterable[Header], *extra: bytes) -> bytes:
    """The head of a message as it goes over the wire. `extra` are whole lines without their end."""
    parts = [line]
    parts += [b"%b: %b" % pair for pair in headers]
    parts += extra
    parts += (b"", b"")
    return b"\r\n".join(parts)


def response_head(version: bytes, status: int, reason: str, headers: Iterable[Header], *extra: bytes) -> bytes:
    """The head of a response."""
    return head_bytes(b"HTTP/%b %d %b" % (version, status, reason.encode("utf-8", "surrogateescape")), headers, *extra)
