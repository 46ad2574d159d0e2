"""SQLite: in memory, or a file with a write-ahead log."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from store_credit_mock.storage.base import SNAPSHOTS, VERSION, Row, Storage, StorageError, Table, Value, copy_of

__all__ = ["SQLiteStorage"]

BUSY_SECONDS = 10.0
# The text of an error may quote a damaged file, and then it is not text.
_FAILURES = (sqlite3.Error, UnicodeDecodeError)
_ALONE = ("locking_mode = EXCLUSIVE", "journal_mode = MEMORY", "synchronous = OFF")


def _connect(path: str, *, uri: bool = False) -> sqlite3.Connection:
    return sqlite3.connect(
        path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=512, uri=uri
    )


def _connect_memory() -> sqlite3.Connection:
    """A database in memory, kept as SQLite keeps a file.

    In a plain `:memory:` no page ever counts as written, and each COMMIT walks over all that were ever changed: 36 us
    after 200,000 credits, and more with each further one, against 4 us here.
    """
    try:
        return _connect("file:mock?vfs=memdb", uri=True)
    except sqlite3.OperationalError:
        # A SQLite built without it, or older than 3.36.
        return _connect(":memory:")


class SQLiteStorage(Storage):
    """A SQLite database.

    A file is kept with a write-ahead log and `synchronous=NORMAL`: a process that is killed loses nothing that was
    acknowledged; after a loss of power the last moments may be missing.

    Args:
        path: A file, or `:memory:`.

    Raises:
        StorageError: The file cannot be opened or is not a database.
    """

    dialect = "sqlite"

    def __init__(self, path: str | Path = ":memory:") -> None:
        self.path = str(path)
        self.persistent = self.path != ":memory:"
        try:
            self._connection = _connect(self.path) if self.persistent else _connect_memory()
            for pragma in ("journal_mode = WAL", "synchronous = NORMAL") if self.persistent else _ALONE:
                self._connection.execute(f"PRAGMA {pragma}").fetchone()
            self._connection.execute("PRAGMA foreign_keys = ON")
        except _FAILURES as error:
            self._refuse(error)
        self._execute = self._connection.execute
        # A statement without rows is over when it returns, so that one cursor does for all of them.
        self._write = self._connection.cursor().execute
        self._open = False
        self._wanted = False

    def prepare(self, tables: Iterable[Table]) -> None:
        try:
            self._execute("BEGIN IMMEDIATE")
            found = self._execute("PRAGMA user_version").fetchone()[0]
            if found not in (0, VERSION):
                raise StorageError(
                    f"{self.path} was written by another version of the mock (its layout is {found}, but this version"
                    f" needs {VERSION}); use another file, or move this one"
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
        if not self.persistent:
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
        if self._wanted:
            self._begin_wanted(sql)
        try:
            return self._execute(sql, values).fetchall()
        except _FAILURES as error:
            self._refuse(error)

    def one(self, sql: str, values: Sequence[Value] = ()) -> Row | None:
        if self._wanted:
            self._begin_wanted(sql)
        try:
            return self._execute(sql, values).fetchone()
        except _FAILURES as error:
            self._refuse(error)

    def run(self, sql: str, values: Sequence[Value] = ()) -> int:
        if self._wanted:
            self._begin_wanted(sql)
        try:
            return self._write(sql, values).rowcount
        except _FAILURES as error:
            self._refuse(error)

    def run_many(self, sql: str, rows: Iterable[Sequence[Value]]) -> None:
        if self._wanted:
            self._begin_wanted(sql)
        try:
            self._connection.executemany(sql, rows)
        except _FAILURES as error:
            self._refuse(error)

    # A copy is brought back by the rows that changed since: triggers note their keys, one for each copy of the sandbox.

    def keep_copy(self, tables: Iterable[Table], sandbox: str, name: str) -> int:
        tables = tuple(tables)
        for table in tables:
            for statement in _tracking(table):
                self.run(statement)
        return super().keep_copy(tables, sandbox, name)

    def restore_copy(self, tables: Iterable[Table], sandbox: str, name: str) -> None:
        for table in tables:
            changed, columns = f"{table.name}_changed", ", ".join(table.columns)
            noted = self.all(
                f"SELECT {', '.join(table.key)} FROM {changed} WHERE sandbox = ? AND snapshot = ?",  # noqa: S608
                (sandbox, name),
            )
            row = f"WHERE sandbox = ? AND {' AND '.join(f'{key} = ?' for key in table.key)}"
            self.run_many(f"DELETE FROM {table.name} {row}", [(sandbox, *key) for key in noted])  # noqa: S608
            self.run_many(
                f"INSERT INTO {table.name} (sandbox, {columns}) SELECT ?, {columns} FROM {table.name} {row}",  # noqa: S608
                [(sandbox, copy_of(sandbox, name), *key) for key in noted],
            )
            self._drop_marks(table, sandbox, name)

    def drop_copy(self, tables: Iterable[Table], sandbox: str, name: str) -> None:
        tables = tuple(tables)
        found = self.one(f"SELECT name FROM {SNAPSHOTS.name} WHERE sandbox = ? AND name = ?", (sandbox, name))  # noqa: S608
        if found is not None:
            super().drop_copy(tables, sandbox, name)
            for table in tables:
                self._drop_marks(table, sandbox, name)

    def _drop_marks(self, table: Table, sandbox: str, name: str) -> None:
        self.run(f"DELETE FROM {table.name}_changed WHERE sandbox = ? AND snapshot = ?", (sandbox, name))  # noqa: S608

    def _begin_wanted(self, sql: str) -> None:
        """Begin the write transaction that was put off, before the first statement that may change something."""
        if not sql.startswith("SELECT"):
            self._begin(write=True)

    def close(self) -> None:
        with suppress(sqlite3.Error):
            self._connection.close()

    def _refuse(self, error: sqlite3.Error | UnicodeDecodeError) -> NoReturn:
        text = str(error) if isinstance(error, sqlite3.Error) else "malformed text"
        if "locked" in text or "busy" in text:
            advice = f"another process locked it for {BUSY_SECONDS:g} seconds"
        elif "full" in text and not self.persistent:
            advice = "a sandbox in memory is limited to 1 GiB; start the mock with a file. This change was not saved"
        elif "full" in text or "disk I/O" in text:
            advice = "check the disk, and free some space; this change was not saved"
        elif "readonly" in text or "unable to open" in text:
            advice = "check that the file and its folder exist and can be written"
        elif any(word in text for word in ("malformed", "not a database", "corrupt", "not decode")):
            advice = "the file is damaged or is not a database of the mock: restore a copy, or use another file"
        else:
            advice = "this change was not saved"
        raise StorageError(f"{self.path}: {text}: {advice}") from error


def _tracking(table: Table) -> list[str]:
    """SQL that notes the key of every row that changes, once for each copy of its sandbox."""
    changed, kept = f"{table.name}_changed", SNAPSHOTS.name
    columns = ", ".join(f"{name} {table.columns[name]}" for name in table.key)
    keys = ", ".join(table.key)
    columns += f", PRIMARY KEY (sandbox, snapshot, {keys})"
    made = [
        f"CREATE TABLE IF NOT EXISTS {changed} (sandbox TEXT NOT NULL, snapshot TEXT NOT NULL, {columns}) WITHOUT ROWID"
    ]
    for event, rows in (("INSERT", ("NEW",)), ("UPDATE", ("OLD", "NEW")), ("DELETE", ("OLD",))):
        steps = ""
        for row in rows:
            values = ", ".join(f"{row}.{key}" for key in table.key)
            noted = " AND ".join(f"c.{key} = {row}.{key}" for key in table.key)
            # Not INSERT OR IGNORE: a statement with ON CONFLICT of its own overrules what a trigger says of conflicts.
            steps += (
                f"INSERT INTO {changed} (sandbox, snapshot, {keys}) SELECT s.sandbox, s.name, {values} FROM {kept} s"  # noqa: S608
                f" WHERE s.sandbox = {row}.sandbox AND NOT EXISTS"
                f" (SELECT 1 FROM {changed} c WHERE c.sandbox = s.sandbox"
                f" AND c.snapshot = s.name AND {noted}); "
            )
        name = f"{changed}_by_{event.lower()}"
        made.append(f"CREATE TRIGGER IF NOT EXISTS {name} AFTER {event} ON {table.name} BEGIN {steps}END")
    return made
