"""SQLite: in memory, or a file with a write-ahead log."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from store_credit_mock.storage.base import VERSION, Row, Storage, StorageError, Table, Value

__all__ = ["SQLiteStorage"]

BUSY_SECONDS = 10.0
# The text of an error may quote a damaged file, and then it is no text.
_FAILURES = (sqlite3.Error, UnicodeDecodeError)
ROOM = 4096
"""How many rows, in memory, are remembered with the statements that found them: a sixth of a GET, half of a list."""


class SQLiteStorage(Storage):
    """A SQLite database.

    A file is kept with a write-ahead log and `synchronous=NORMAL`: a process that is killed loses nothing that was
    acknowledged; after a loss of power the last moments may be missing.

    Args:
        path: A file, or `:memory:`.

    Raises:
        StorageError: The file cannot be opened or is no database.
    """

    dialect = "sqlite"

    def __init__(self, path: str | Path = ":memory:") -> None:
        self.path = str(path)
        self.shared = self.path != ":memory:"
        try:
            self._connection = sqlite3.connect(
                self.path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=512
            )
            if self.shared:
                self._connection.execute("PRAGMA journal_mode = WAL").fetchone()
                self._connection.execute("PRAGMA synchronous = NORMAL")
            else:
                self._connection.execute("PRAGMA journal_mode = MEMORY").fetchone()
                self._connection.execute("PRAGMA synchronous = OFF")
            self._connection.execute("PRAGMA foreign_keys = ON")
        except _FAILURES as error:
            self._refuse(error)
        self._execute = self._connection.execute
        # A statement without rows is over when it returns, so that one cursor does for all of them.
        self._write = self._connection.cursor().execute
        self._open = False
        self._wanted = False
        self._seen: dict[tuple[Value, ...], list[Row]] = {}
        self._weight = 0

    def prepare(self, tables: Iterable[Table]) -> None:
        try:
            self._execute("BEGIN IMMEDIATE")
            found = self._execute("PRAGMA user_version").fetchone()[0]
            if found not in (0, VERSION):
                raise StorageError(
                    f"{self.path} was written by another version of the mock (layout {found}, this one has {VERSION}):"
                    " name another file, or move this one away"
                )
            for table in tables:
                for statement in table.statements(" WITHOUT ROWID"):
                    self._execute(statement)
            self._execute(f"PRAGMA user_version = {VERSION}")
            self._execute("COMMIT")
        except _FAILURES as error:
            self.rollback()
            self._refuse(error)
        except StorageError:
            self.rollback()
            raise

    def begin(self, *, write: bool) -> None:
        if not self.shared:
            # Nobody else is there to be held off: only a write needs a transaction, and its first one begins it.
            self._wanted = write
            return
        self._begin(write=write)

    def _begin(self, *, write: bool) -> None:
        self._wanted = False
        try:
            self._write("BEGIN IMMEDIATE" if write else "BEGIN")
        except _FAILURES as error:
            self._refuse(error)
        self._open = True

    def commit(self) -> None:
        self._wanted = False
        if not self._open:
            return
        try:
            self._write("COMMIT")
        except _FAILURES as error:
            self.rollback()
            self._refuse(error)
        self._open = False

    def rollback(self) -> None:
        self._open = self._wanted = False
        if self._connection.in_transaction:
            with suppress(sqlite3.Error):
                self._execute("ROLLBACK")

    def all(self, sql: str, values: Sequence[Value] = ()) -> list[Row]:
        if not self._may_remember(sql):
            return self._found(sql, values)
        key = ("all", sql, *values)
        rows = self._seen.get(key)
        if rows is None:
            rows = self._found(sql, values)
            self._remember(key, rows)
        return rows.copy()

    def one(self, sql: str, values: Sequence[Value] = ()) -> Row | None:
        if not self._may_remember(sql):
            return self._first(sql, values)
        key = ("one", sql, *values)
        rows = self._seen.get(key)
        if rows is None:
            row = self._first(sql, values)
            rows = [] if row is None else [row]
            self._remember(key, rows)
        return rows[0] if rows else None

    def run(self, sql: str, values: Sequence[Value] = ()) -> int:
        if self._wanted:
            self._begin(write=True)
        self._forget()
        try:
            return self._write(sql, values).rowcount
        except _FAILURES as error:
            self._refuse(error)

    def _found(self, sql: str, values: Sequence[Value]) -> list[Row]:
        self._before(sql)
        try:
            return self._execute(sql, values).fetchall()
        except _FAILURES as error:
            self._refuse(error)

    def _first(self, sql: str, values: Sequence[Value]) -> Row | None:
        self._before(sql)
        try:
            return self._execute(sql, values).fetchone()
        except _FAILURES as error:
            self._refuse(error)

    def _before(self, sql: str) -> None:
        if not sql.startswith("SELECT"):
            if self._wanted:
                self._begin(write=True)
            self._forget()

    def _may_remember(self, sql: str) -> bool:
        """Whether what a statement finds is the same until this connection writes: nobody else sees this memory."""
        return not self.shared and not self._open and sql.startswith("SELECT")

    def _remember(self, key: tuple[Value, ...], rows: list[Row]) -> None:
        self._weight += len(rows) + 1
        if self._weight > ROOM:
            self._forget()
        else:
            self._seen[key] = rows

    def _forget(self) -> None:
        if self._seen:
            self._seen.clear()
        self._weight = 0

    def close(self) -> None:
        with suppress(sqlite3.Error):
            self._connection.close()

    def _refuse(self, error: sqlite3.Error | UnicodeDecodeError) -> NoReturn:
        text = str(error) if isinstance(error, sqlite3.Error) else "malformed text"
        if "locked" in text or "busy" in text:
            advice = f"another process held it for {BUSY_SECONDS:g} seconds"
        elif "full" in text or "disk I/O" in text:
            advice = "check the disk and make room on it; nothing of this change was kept"
        elif "readonly" in text or "unable to open" in text:
            advice = "check that the file and its folder exist and can be written"
        elif any(word in text for word in ("malformed", "not a database", "corrupt", "not decode")):
            advice = "the file is damaged or is no database of the mock: restore a copy, or name another file"
        else:
            advice = "nothing of this change was kept"
        raise StorageError(f"{self.path}: {text}: {advice}") from error
