"""SQLite: in memory, or a file with a write-ahead log."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from store_credit_mock.storage.base import VERSION, Row, Storage, StorageError, Table, Value

__all__ = ["SQLiteStorage"]

BUSY_SECONDS = 10.0
# The text of an error may quote a damaged file, and then it is not text.
_FAILURES = (sqlite3.Error, UnicodeDecodeError)
ROOM = 4096
"""How many rows, in memory, are remembered with the statements that found them before all are forgotten at once. It
saves a sixth of a GET, half of a list."""
PLANS = 512
"""How many statements are known by their text."""
_WORD = re.compile(r"\w+")
_UNKNOWN: Any = object()
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


class _Plan:
    """A statement, and what it found while the tables it names stay as they are.

    Args:
        readers: Of each table it names, the statements that remember something of it.
        reads: Whether it changes nothing.
        lasting: Whether what it finds may be remembered.
    """

    __slots__ = ("all", "lasting", "one", "readers", "reads")

    def __init__(self, readers: list[set[_Plan]], *, reads: bool, lasting: bool) -> None:
        self.readers = readers
        self.reads = reads
        self.lasting = lasting
        self.all: dict[tuple[Value, ...], list[Row]] = {}
        self.one: dict[tuple[Value, ...], Row | None] = {}

    def forget(self) -> None:
        self.all.clear()
        self.one.clear()


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
        self.shared = self.path != ":memory:"
        try:
            self._connection = _connect(self.path) if self.shared else _connect_memory()
            for pragma in ("journal_mode = WAL", "synchronous = NORMAL") if self.shared else _ALONE:
                self._connection.execute(f"PRAGMA {pragma}").fetchone()
            self._connection.execute("PRAGMA foreign_keys = ON")
        except _FAILURES as error:
            self._refuse(error)
        self._execute = self._connection.execute
        # A statement without rows is over when it returns, so that one cursor does for all of them.
        self._write = self._connection.cursor().execute
        self._open = False
        self._wanted = False
        self._plans: dict[str, _Plan] = {}
        self._readers: dict[str, set[_Plan]] = {}
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
                self._readers.setdefault(table.name, set())
                for statement in table.statements(" WITHOUT ROWID"):
                    self._execute(statement)
            self._execute(f"PRAGMA user_version = {VERSION}")
            self._execute("COMMIT")
            # Which tables a statement names is seen when it is first met.
            self._forget()
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
        plan = self._plans.get(sql) or self._planned(sql)
        if self._open or not plan.lasting:
            return self._found(sql, values)
        key = tuple(values)
        rows = plan.all.get(key)
        if rows is None:
            rows = self._found(sql, values)
            self._remember(plan, len(rows))
            plan.all[key] = rows
        return rows.copy()

    def one(self, sql: str, values: Sequence[Value] = ()) -> Row | None:
        plan = self._plans.get(sql) or self._planned(sql)
        if self._open or not plan.lasting:
            return self._first(sql, values)
        key = tuple(values)
        row = plan.one.get(key, _UNKNOWN)
        if row is _UNKNOWN:
            row = self._first(sql, values)
            self._remember(plan, 1)
            plan.one[key] = row
        return row

    def run(self, sql: str, values: Sequence[Value] = ()) -> int:
        self._before(sql)
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
        """See to the transaction, and forget what a statement may change: what was read of the tables it names."""
        plan = self._plans.get(sql) or self._planned(sql)
        if plan.reads:
            return
        if self._wanted:
            self._begin(write=True)
        for filled in plan.readers:
            if filled:
                for reader in filled:
                    reader.forget()
                filled.clear()

    def _planned(self, sql: str) -> _Plan:
        if len(self._plans) >= PLANS:
            self._forget()
        reads, named = sql.startswith("SELECT"), self._readers.keys() & _WORD.findall(sql)
        # Nobody else sees a database in memory, so that what was found stays the same until this connection writes.
        lasting = reads and bool(named) and not self.shared
        # A statement that names no table that is known may change any.
        readers = [self._readers[table] for table in named or self._readers]
        plan = self._plans[sql] = _Plan(readers, reads=reads, lasting=lasting)
        return plan

    def _remember(self, plan: _Plan, rows: int) -> None:
        self._weight += rows + 1
        if self._weight > ROOM:
            self._forget()
        for filled in plan.readers:
            filled.add(plan)

    def _forget(self) -> None:
        """Forget everything; what a plan may still be given after that is found by nobody."""
        self._plans.clear()
        for filled in self._readers.values():
            filled.clear()
        self._weight = 0

    def close(self) -> None:
        with suppress(sqlite3.Error):
            self._connection.close()

    def _refuse(self, error: sqlite3.Error | UnicodeDecodeError) -> NoReturn:
        text = str(error) if isinstance(error, sqlite3.Error) else "malformed text"
        if "locked" in text or "busy" in text:
            advice = f"another process held it for {BUSY_SECONDS:g} seconds"
        elif "full" in text and not self.shared:
            advice = "a sandbox in memory holds 1 GiB; start it with a file. Nothing of this change was kept"
        elif "full" in text or "disk I/O" in text:
            advice = "check the disk and make room on it; nothing of this change was kept"
        elif "readonly" in text or "unable to open" in text:
            advice = "check that the file and its folder exist and can be written"
        elif any(word in text for word in ("malformed", "not a database", "corrupt", "not decode")):
            advice = "the file is damaged or is not a database of the mock: restore a copy, or name another file"
        else:
            advice = "nothing of this change was kept"
        raise StorageError(f"{self.path}: {text}: {advice}") from error
