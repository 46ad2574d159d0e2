"""What a row key was used for before, and what follows from that for a row that uses it again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final, Literal

from store_credit_jobs.journal.journal import KeyUse
from store_credit_jobs.journal.steps import State

__all__ = ["Standing", "payload_of", "payload_sha", "standing"]

Standing = Literal["free", "already_done", "key_used", "key_conflict"]

_STRUCTURE: Final = frozenset(
    ("n", "key", "do", "customer", "minor", "currency", "line", "steps", "was", "then", "why", "job", "made")
)


def payload_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """Give what a line of a plan says beside customer, amount and currency: expiry, memo, order, ..."""
    return {name: value for name, value in row.items() if name not in _STRUCTURE and value is not None}


def payload_sha(row: Mapping[str, Any], mode: str) -> bytes:
    """Hash what a row asks for: two rows with the same key and different hashes are in conflict.

    What depends on the server is left out, so that the same file gives the same hashes when it is planned again.

    Args:
        row: A line of a plan. In mode `set` the amount is what is to be outstanding, `then["outstanding"]`: what is
            still to be created or taken off changes with what there is.
        mode: The plan's mode.
    """
    then = row.get("then")
    minor = then["outstanding"] if mode == "set" and then is not None else row["minor"]
    told = [mode, row["customer"], minor, row["currency"], payload_of(row)]
    return hashlib.sha256(json.dumps(told, sort_keys=True, separators=(",", ":")).encode()).digest()


def standing(use: KeyUse | None, sha: bytes) -> Standing:
    """Tell whether a row may use a key.

    Args:
        use: What the key was used for before, or None.
        sha: The row's `payload_sha`.

    Returns:
        `free`: it was not used, or nothing came of it: the server refused it, or it is planned in another job and
        nothing of it can have been sent. The new row takes its place, corrected or not, under the next generation.
        `already_done`: the same was done.
        `key_used`: the same may have been done: its outcome is open, or a row of several steps is done in part.
        `key_conflict`: something else was done, or may have been.
    """
    if use is None or use.state in (State.REFUSED, State.PLANNED):
        return "free"
    if use.payload_sha != sha:
        return "key_conflict"
    return "already_done" if use.state is State.DONE else "key_used"
