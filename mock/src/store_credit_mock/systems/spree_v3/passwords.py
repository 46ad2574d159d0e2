"""Passwords of customers and staff, kept as digests."""

from __future__ import annotations

from hashlib import blake2b
from hmac import compare_digest
from typing import Final

__all__ = ["PASSWORD", "digest_of", "fits"]

PASSWORD: Final = "spree123"  # noqa: S105 - the documented password of everybody who was given none
"""The password of everybody in a fresh sandbox, as in the examples of Spree's reference."""


def digest_of(password: str) -> str:
    """What is kept of a password. Not a slow one: a mock guards nothing, and tests sign in often."""
    return blake2b(password.encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()


def fits(password: str, kept: str | None) -> bool:
    """Whether a password is the one that was kept; there may be none."""
    return kept is not None and compare_digest(digest_of(password), kept)
