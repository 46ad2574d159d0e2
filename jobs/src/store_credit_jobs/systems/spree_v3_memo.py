"""Marks in memos of Spree's API v3, the only field of a credit that its maker can write and everybody keeps.

Metadata in a body is dropped, and a memo can be filtered by only from the ledger on (contract sheet of v3, 2.1), so
that the mark stands at the memo's end, in brackets, and is compared here.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["LONGEST", "ROOM", "marked", "marks", "of_step", "without_marks"]

LONGEST: Final = 255
"""Characters of a whole memo, the mark included."""
_LONGEST_MARK: Final = len(" []") + len("sc1.") + 100 + len(".") + 32 + len(".9999")
ROOM: Final = LONGEST - _LONGEST_MARK
"""Characters that are left beside the mark of whatever campaign."""

_MARK: Final = re.compile(r"\[(sc1\.[A-Za-z0-9_-]+\.[a-z2-7]{32}\.[1-9][0-9]*)\]")
_WITH_SPACE: Final = re.compile(r"\s*" + _MARK.pattern)


def marked(memo: str | None, order: str | None, wire: str) -> str:
    """Write a step's memo: what people are to read, the order of a refund where there is room for it, and the mark.

    The same arguments give the same text, since a request is repeated under its key with the same body.

    Args:
        memo: As the row has it.
        order: The order that a refund belongs to.
        wire: The wire key.

    Raises:
        ValueError: It would have more than 255 characters.
    """
    parts = [] if memo is None or not memo.strip() else [memo.strip()]
    mark = f"[{wire}]"
    if order and not (memo and order in memo):
        told = " ".join([*parts, f"(order {order})", mark])
        if len(told) <= LONGEST:
            return told
    text = " ".join([*parts, mark])
    if len(text) > LONGEST:
        raise ValueError(
            f"memo has {len(memo or '')} characters, or {len(text)} with its mark; at most {LONGEST} are allowed"
        )
    return text


def marks(memo: str | None) -> list[str]:
    """Find the marks in a memo, wherever somebody may have put them by editing it."""
    return [] if memo is None else _MARK.findall(memo)


def without_marks(memo: str | None) -> str | None:
    """Give what people wrote, None where that is nothing."""
    return None if memo is None else _WITH_SPACE.sub("", memo).strip() or None


def of_step(memo: str | None, wire: str) -> bool:
    """Tell whether a memo has the mark of a step, of whatever generation: an earlier request may have ended late."""
    stem = wire.rpartition(".")[0]
    return any(mark.rpartition(".")[0] == stem for mark in marks(memo))
