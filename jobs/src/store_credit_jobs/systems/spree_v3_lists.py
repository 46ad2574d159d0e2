"""Lists of Spree's API v3, read whole although records come and go meanwhile.

Pages by number would skip a record for each that is deleted before them. So the next page is asked for by the time of
the last record (`q[created_at_gteq]`, recorded on every version, with `sort=created_at`), and only records of one
moment that fill more than a page are gone through by number. Filters that a server does not know it ignores without a
word: where a page shows that, all pages are read by number.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Final, Protocol, TypeVar

from store_credit_jobs.errors import JobsError
from store_credit_jobs.exit_codes import ExitCode

__all__ = ["PER_PAGE", "moment", "seconds", "walk"]

PER_PAGE: Final = 100
"""The most that a page holds."""
_READINGS: Final = 5
"""How often a list is read from where it changed."""


class _Record(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def created_at(self) -> datetime: ...


class _Meta(Protocol):
    @property
    def count(self) -> int: ...
    @property
    def next(self) -> int | None: ...


R = TypeVar("R", bound=_Record)
Fetch = Callable[[str | None, int], tuple[Sequence[R], _Meta]]


def moment(since: float) -> str:
    """Write seconds since 1970 as a filter takes them."""
    return _text(datetime.fromtimestamp(since, UTC))


def seconds(at: datetime) -> float:
    """Give a moment in seconds since 1970, UTC."""
    return at.timestamp()


def walk(fetch: Fetch[R], since: float | None, what: str) -> Iterator[R]:
    """Go through a list from its oldest record on, each once.

    Args:
        fetch: Asks for the records created at or after a moment, the oldest first, by the number of the page.
        since: Only records created at or after this, in whole seconds since 1970; compared here as well.
        what: The list, for an error.

    Raises:
        JobsError: `list_unstable`, it changed each time that it was read.
    """
    # Servers show fewer digits of a time than they compare.
    since = None if since is None else math.floor(since)
    seen: set[str] = set()
    bound = None if since is None else moment(since)
    by_number = False
    number, readings = 1, 1
    here: set[str] = set()
    most = 0
    while True:
        records, meta = fetch(None if by_number else bound, number)
        times = [record.created_at for record in records]
        if not by_number and (
            sorted(times) != times or (bound is not None and any(_text(one) < bound for one in times))
        ):
            by_number, number, here, most = True, 1, set[str](), 0
            continue
        for record in records:
            here.add(record.id)
            if record.id not in seen:
                seen.add(record.id)
                if since is None or seconds(record.created_at) >= since:
                    yield record
        shrunk, most = meta.count < most, max(most, meta.count)
        if shrunk or (meta.next is None and len(here) < meta.count):
            # Something was deleted in front of this page, which may hide a record between two pages.
            readings += 1
            if readings > _READINGS:
                raise JobsError(
                    "list_unstable",
                    f"{what} changed each of the {_READINGS} times it was read; try again when fewer records are "
                    "being deleted",
                    exit_code=ExitCode.OPEN,
                )
            number, here, most = 1, set[str](), 0
            continue
        if meta.next is None:
            return
        last = _text(times[-1]) if times else None
        if by_number or last is None or (bound is not None and last <= bound):
            number += 1
        else:
            bound, number, readings, here, most = last, 1, 1, set[str](), 0


def _text(at: datetime) -> str:
    """Write a moment so that texts compare as moments do."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
