"""Keys, ids and memos as files have them: what may be in one, and why."""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from typing import Final

from store_credit_jobs.planning.amounts import CellError
from store_credit_jobs.quoting import quoted
from store_credit_jobs.wire_key import PREFIX

__all__ = ["are_plain_ids", "derived_key", "identifier", "is_formula", "is_plain_memo", "memo_text"]

_LONGEST_ID: Final = 200
_FORMULA: Final = ("=", "@", "+", "-")
_MARK: Final = f"[{PREFIX}."

_ID: Final = r"[!-~][ -~]{0,199}+(?<! )"

_is_plain_id: Final = re.compile(_ID).fullmatch

are_plain_ids: Final = re.compile(rf"{_ID}(?:\x1f{_ID})*+").fullmatch
"""Matches ids with `\x1f` between them that are like most there are; others need a closer look, by `identifier`."""


def is_plain_memo(text: str, most: int) -> bool:
    """Whether a memo is like most there are; others need a closer look, by `memo_text` and `is_formula`."""
    return text.isprintable() and len(text) <= most and not text.startswith(_FORMULA) and _MARK not in text


def identifier(text: str, column: str) -> str:
    """Check a key or an id, and give it in the composed form of Unicode (NFC).

    What looks the same is the same then, whichever program wrote it: a key that changes is a second credit.

    Raises:
        CellError: `key_missing`, `customer_unknown` or the like: it is empty, too long, or has in it what nobody sees.
    """
    code = {"key": "key_missing", "customer": "customer_unknown", "email": "customer_unknown"}.get(
        column, f"{column}_missing"
    )
    if not text:
        raise CellError(code, f"{column} is empty")
    if _is_plain_id(text):
        return text
    if text != text.strip():
        raise CellError(code, f"{column} {quoted(text)} has a leading or trailing space")
    if len(text) > _LONGEST_ID:
        raise CellError(code, f"{column} {quoted(text, 30)} is longer than {_LONGEST_ID} characters")
    # Line breaks, other controls, marks of direction, unassigned or half characters; spaces but the usual one.
    strange = next((sign for sign in text if unicodedata.category(sign)[0] in "CZ" and sign != " "), None)
    if strange is not None:
        name = _STRANGE.get(strange) or unicodedata.name(strange, f"U+{ord(strange):04X}")
        raise CellError(code, f"{column} {quoted(text)} contains an invisible character: {name}")
    return unicodedata.normalize("NFC", text)


_STRANGE: Final = {"\n": "a line break", "\r": "a line break", "\t": "a tab"}


def memo_text(text: str, most: int) -> str | None:
    """Check a memo; returns None for an empty one.

    Args:
        text: What people see.
        most: The most characters that the system keeps, or 0 where there are no memos.

    Raises:
        CellError: `memo_limit`, it is longer; `memo_format`, it has in it what is not text.
    """
    if not text:
        return None
    if most and len(text) > most:
        raise CellError("memo_limit", f"memo {quoted(text, 30)} is longer than the {most} characters allowed")
    strange = next((sign for sign in text if unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\r\t"), None)
    if strange is not None:
        raise CellError("memo_format", f"memo {quoted(text)} contains a control character: U+{ord(strange):04X}")
    if _MARK in text:
        raise CellError(
            "memo_format", f"memo {quoted(text)} contains text that looks like one of store-credit's own marks"
        )
    return text


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would calculate with a text in the place of showing it."""
    return text.startswith(_FORMULA)


def derived_key(told: str, occurrence: int) -> str:
    """Make the key of a row without one.

    Args:
        told: All that the row says.
        occurrence: Which of several equal rows it is, from 1.
    """
    digest = hashlib.sha256(told.encode()).digest()[:15]
    return f"row-{base64.b32encode(digest).decode().lower()}-{occurrence}"
