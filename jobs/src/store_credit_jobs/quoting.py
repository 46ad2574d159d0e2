"""Other people's words inside our sentences: quoted, short, and unable to move a terminal's cursor."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

__all__ = ["did_you_mean", "looks_like_a_credential", "quoted", "visible"]

_CREDENTIALS: Final = ("sk_", "rk_", "pk_", "eyJ")


def visible(text: str, most: int = 60) -> str:
    """Write a text of a file: what cannot be printed is escaped, what is too long is cut.

    Args:
        text: Any text.
        most: How many characters of it are shown.
    """
    shown = "".join(_escaped(one) for one in text[:most])
    return shown if len(text) <= most else f"{shown}..."


def quoted(text: str, most: int = 60) -> str:
    """Write a text as `visible` does, between quotation marks, and tell how long it is where it was cut."""
    shown = visible(text, most).replace('"', '\\"')
    return f'"{shown}"' if len(text) <= most else f'"{shown}" ({len(text):,} characters)'


def _escaped(character: str) -> str:
    return character if character.isprintable() else character.encode("unicode_escape").decode()


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Give ` (did you mean "x"?)` where one of the known words is near, else nothing."""
    from difflib import get_close_matches

    near = get_close_matches(word.lower(), list(known), n=1)
    return f' (did you mean "{near[0]}"?)' if near else ""


def looks_like_a_credential(text: str) -> bool:
    """Whether a text may be a key or a token in the wrong place, which must not be shown."""
    return text.startswith(_CREDENTIALS) or len(text) > 100
