"""Ids whose text begins with what kind of record they are of (`x-id-prefixes` in the document).

A server that does not look at the prefix takes the id of a credit for that of a customer, and gives money to a
stranger. So each is checked before a request is sent.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from store_credit._core.errors import InvalidArgumentError

__all__ = ["bare", "check_id"]

_REST: Final = re.compile(r"[0-9A-Za-z]{10,64}", re.ASCII)


def check_id(value: str, name: str, prefixes: Sequence[str]) -> None:
    """Check that an id is of the kind that its argument takes.

    Raises:
        InvalidArgumentError: It has another prefix, none, or nothing after it that an id could be.
    """
    prefix = next((one for one in prefixes if value.startswith(one)), None)
    wanted = " or ".join(f"{one}..." for one in prefixes)
    shown = repr(value if len(value) <= 80 else value[:80] + "...")
    if prefix is None:
        hint = "; to convert a number from API v2, use spree_id()" if value.isascii() and value.isdigit() else ""
        raise InvalidArgumentError(f"{name} is {shown}; pass an id that begins with {wanted}{hint}")
    if _REST.fullmatch(value.removeprefix(prefix)) is None:
        raise InvalidArgumentError(
            f"{name} is {shown}, which is not a valid id: at least ten letters and digits must follow {prefix}"
        )


def bare(value: str, prefixes: Sequence[str]) -> str:
    """An id without its prefix: versions of a server may write it otherwise."""
    return next((value.removeprefix(one) for one in prefixes if value.startswith(one)), value)
