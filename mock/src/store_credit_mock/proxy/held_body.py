"""The beginning of a response's body, held back until it is checked, or until it takes too long."""

from __future__ import annotations

import asyncio
from typing import Final

from aiohttp.streams import StreamReader

from store_credit_mock.proxy.body_buffer import chunk

__all__ = ["HELD", "HELD_SECONDS", "HeldBody"]

HELD: Final = 1024 * 1024
"""Bytes of a response that are held back until they are checked, so that its head can say what was found."""
HELD_SECONDS: Final = 1.0
"""How long a response is held back for the rest of it; one that takes longer passes as it comes."""


class HeldBody:
    """What came of a body so far, with the ends of its chunks."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._ended: list[bool] = []

    async def collect(self, payload: StreamReader) -> bool:
        """Collect for a while; returns whether that is all."""
        if payload.is_eof():
            return await self._read(payload)
        try:
            async with asyncio.timeout(HELD_SECONDS):
                return await self._read(payload)
        except TimeoutError:
            if payload.exception() is not None:
                raise
        return False

    async def _read(self, payload: StreamReader) -> bool:
        size = 0
        while size <= HELD:
            piece, ends = await payload.readchunk()
            if not piece:
                if not ends:
                    return True
                # The end of a chunk whose pieces came before.
                self._ended[-1] = True
                continue
            self._parts.append(piece)
            self._ended.append(ends)
            size += len(piece)
        return False

    def bytes(self) -> bytes:
        """All that came."""
        return b"".join(self._parts)

    def chunks(self) -> bytes:
        """The same as the chunks it came in; one of which a part came is begun anew with its rest."""
        done: list[bytes] = []
        pieces: list[bytes] = []
        for part, ends in zip(self._parts, self._ended, strict=True):
            pieces.append(part)
            if ends:
                done.append(chunk(b"".join(pieces)))
                pieces.clear()
        if pieces:
            done.append(chunk(b"".join(pieces)))
        return b"".join(done)
