"""What an undo leaves as it is, with reasons and totals."""

from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import attrs

from store_credit_jobs.errors import JobsError

__all__ = ["Left", "left_totals", "write_left"]

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@attrs.frozen(slots=True)
class Left:
    """A step that is not undone.

    Attributes:
        key: The key of its row in the job that is to be undone.
        customer: Whose credit it is.
        credit: The credit's id, where there is one.
        minor: The credit's amount, in minor units, that stays: spent, set aside, or with the customer.
        currency: Three capitals.
        reason: For programs: `partly_used`, `used_up`, `authorized_open`, `mode_unsupported`, `changed_since_job`,
            `date_past`, `outcome_open`, `not_sent`, `undo_open` or `doubled`.
        text: What there is to know, and what can be done.
    """

    key: str
    customer: str
    credit: str | None
    minor: int
    currency: str
    reason: str
    text: str


def left_totals(left: Iterable[Left]) -> dict[str, dict[str, dict[str, int]]]:
    """Add up by reason and currency: `{"used_up": {"USD": {"rows": 2, "minor": 2500}}}`."""
    totals: dict[str, dict[str, dict[str, int]]] = {}
    for one in left:
        found = totals.setdefault(one.reason, {}).setdefault(one.currency, {"rows": 0, "minor": 0})
        found["rows"] += 1
        found["minor"] += one.minor
    return totals


def write_left(path: Path, left: Sequence[Left]) -> None:
    """Write them as CSV, all of it or nothing.

    Raises:
        JobsError: `output`, it cannot be written there.
    """
    try:
        # Readable by its owner alone: it names customers.
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file, lineterminator="\n")
                writer.writerow([field.name for field in attrs.fields(Left)])
                writer.writerows([_safe(value) for value in attrs.astuple(one)] for one in left)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise JobsError("output", f"{path} cannot be written: {error.strerror}; pass another path with -o") from None


def _safe(value: object) -> object:
    """Keep a spreadsheet from taking a text of a file for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
