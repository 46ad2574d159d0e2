"""Random digits for ids that need not come out the same again."""

from __future__ import annotations

import os
from typing import Final

__all__ = ["random_hex"]


class _RandomHex:
    """Digits from the machine's chance, asked for in blocks: asking for each id costs more than the rest of it."""

    def __init__(self) -> None:
        self.forget()
        if hasattr(os, "register_at_fork"):
            # Two processes must never take the same bytes.
            os.register_at_fork(after_in_child=self.forget)

    def forget(self) -> None:
        """Use nothing of what is left of the blocks."""
        self._pieces: dict[int, list[str]] = {}

    def __call__(self, length: int) -> str:
        try:
            # Whatever is taken out is gone at once, so that no two threads get the same.
            return self._pieces[length].pop()
        except LookupError:
            block = os.urandom(2048).hex()
            pieces = [block[place : place + length] for place in range(0, len(block) - length + 1, length)]
            piece = pieces.pop()
            self._pieces[length] = pieces
            return piece


random_hex: Final = _RandomHex()
"""So many hexadecimal digits; safe in threads, and in a child after a fork."""
