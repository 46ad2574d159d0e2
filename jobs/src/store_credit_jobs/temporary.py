"""Temporary files and databases, and the one sentence that is said where there is no room for them."""

from __future__ import annotations

import errno
import os
import sqlite3
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from store_credit_jobs.errors import JobsError
from store_credit_jobs.exit_codes import ExitCode

__all__ = ["folder", "is_full", "no_room", "room_needed", "unnamed_database"]

_FULL: Final = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG))
_UNWRITTEN: Final = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN)


def no_room(why: object, where: str | None = None) -> JobsError:
    """Make the error for a full temporary folder.

    Args:
        why: What was said.
        where: The folder; the one that Python and SQLite take by default if None.
    """
    place = where or os.environ.get("TMPDIR") or "/tmp or /var/tmp"  # noqa: S108 - named, not used
    return JobsError(
        "disk_full",
        f"there is no space for temporary files in {place} ({why}): free some space, or set TMPDIR to a folder with "
        "enough space, and run the command again. What has been sent so far is in the journal.",
        exit_code=ExitCode.STOPPED,
    )


def is_full(error: OSError) -> bool:
    """Whether an error means that a disk is full, a quota used up, or a file as large as it may be."""
    return error.errno in _FULL


@contextmanager
def room_needed() -> Generator[None]:
    """Say in a sentence that there is no room for temporary files.

    Raises:
        JobsError: `disk_full`.
    """
    try:
        yield
    except OSError as error:
        # Python looks for a folder that can be written to, and finds none.
        if is_full(error) or (error.errno == errno.ENOENT and error.filename is None):
            raise no_room(error.strerror) from None
        raise


@contextmanager
def folder(prefix: str) -> Generator[Path]:
    """Make a temporary folder, which is gone with the block.

    Args:
        prefix: What its name begins with.

    Raises:
        JobsError: `disk_full`.
    """
    with room_needed():
        made = tempfile.TemporaryDirectory(prefix=prefix)
    with made as name:
        yield Path(name)


def unnamed_database() -> sqlite3.Connection:
    """Open a database without a name, which is gone when it is closed.

    SQLite writes to its file only what the cache does not hold. Where there is no room for that, its methods raise
    `JobsError` with `disk_full`.
    """
    return sqlite3.connect("", isolation_level=None, factory=_Connection)


class _Connection(sqlite3.Connection):
    def execute(self, *arguments: Any) -> sqlite3.Cursor:
        with _written():
            return super().execute(*arguments)

    def executemany(self, *arguments: Any) -> sqlite3.Cursor:
        with _written():
            return super().executemany(*arguments)

    def executescript(self, *arguments: Any) -> sqlite3.Cursor:
        with _written():
            return super().executescript(*arguments)


@contextmanager
def _written() -> Generator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        # Behind the lowest byte stands what exactly could not be done.
        if error.sqlite_errorcode & 0xFF in _UNWRITTEN:
            raise no_room(error, os.environ.get("SQLITE_TMPDIR")) from None
        raise
