"""Marks a journal while it is written: at the beginning, every few seconds, and at the end."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from store_credit_jobs import steady_time
from store_credit_jobs.errors import JobsError
from store_credit_jobs.exit_codes import ExitCode
from store_credit_jobs.journal.database import Database
from store_credit_jobs.journal.high_water import HighWater
from store_credit_jobs.journal.origin import accept_loss, follow_clock, raise_counter, read_origin

__all__ = ["Marking"]

_EVERY: Final = 5.0
"""Seconds between two marks: what a copy lacks that is younger than the last one is not noticed."""


class Marking:
    """The marks of a journal that this process writes.

    Args:
        database: The journal, open for writing.
        folder: Its workspace.
        clock: What time it is, seconds since 1970.
        accept: Whether an older copy is taken as it is, see `accept_loss`.

    Attributes:
        journal: The journal's id.

    Raises:
        JobsError: `journal_damaged`, it is an older copy; `disk_full`, the workspace cannot be written.
    """

    def __init__(self, database: Database, folder: Path, clock: Callable[[], float], *, accept: bool) -> None:
        self._database = database
        self._clock = clock
        origin = read_origin(database)
        if origin is None:
            raise JobsError("journal_damaged", f"{folder}: the journal does not contain its own id")
        self.journal = origin.journal
        self._water = HighWater(folder, origin)
        behind = self._water.behind()
        if behind is not None and not accept:
            raise JobsError(
                "journal_damaged",
                f"{folder / 'journal.db'}: {behind[0]}. The journal does not record everything that was sent. Restore"
                " the newest journal with its journal.db-wal. If it has been lost, run `store-credit jobs"
                " accept-restored` instead; every row that is not recorded as done is then looked up before it is sent."
                " Nothing was sent",
            )
        self._next = float("inf")
        with database.transaction():
            now = clock()
            if clock is steady_time.now:
                follow_clock(database, origin, now, steady_time.boot(), steady_time.BEGAN)
            if accept:
                accept_loss(database, origin.at if behind is None else behind[1], now)
            counter = raise_counter(database, now, above=self._water.highest)
        try:
            self._water.write(counter)
        except OSError as error:
            raise JobsError(
                "disk_full",
                f"{folder}: {error.strerror}. The runner must be able to write to the workspace",
                exit_code=ExitCode.STOPPED,
            ) from error
        self._next = time.monotonic() + _EVERY

    def due(self) -> bool:
        """Whether it is time for a mark. The write-ahead log is emptied into the file before, never after it.

        So the last mark is in the log alone, and a journal that lacks its log is behind the mark.
        """
        return time.monotonic() >= self._next

    def count(self) -> int:
        """Raise the counter, at the end of a transaction."""
        self._next = time.monotonic() + _EVERY
        return raise_counter(self._database, self._clock())

    def write(self, counter: int) -> None:
        """Write the marks once the transaction is committed. A disk that is full leaves the old ones."""
        with suppress(OSError):
            self._water.write(counter)

    def end(self, close: Callable[[], None]) -> None:
        """Mark the end of the runner: a copy that was made while it was at work is an older one from here on.

        Args:
            close: Closes the database, which empties its write-ahead log into it.
        """
        self._next = float("inf")
        try:
            with self._database.transaction():
                counter = raise_counter(self._database, self._clock())
        except JobsError:
            # A journal that cannot be written any more keeps its marks.
            return
        close()
        self.write(counter)
