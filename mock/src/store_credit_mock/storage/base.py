"""What every storage does."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, Final, cast

__all__ = ["SNAPSHOTS", "Row", "Storage", "StorageError", "Table", "Value", "check_rows"]

Value = str | int | float | bytes | None
Row = tuple[Any, ...]

VERSION = 3
"""Of the tables' layout. A storage written by another one is refused."""

_NAME = re.compile(r"[a-z][a-z0-9_]*")


class StorageError(Exception):
    """The storage did not do what it was asked, and the text says what to do.

    Nothing of the transaction was kept, unless the text says that this is not known: the response to a commit was lost.
    """


class Table:
    """A table. The column `sandbox` is added in front of the columns, of the key and of each index.

    Args:
        name: Lower case, beginning with the system's name.
        columns: Type by name: `TEXT`, `BIGINT` or `DOUBLE PRECISION`, with `NOT NULL` where it holds.
        key: The primary key.
        indexes: Further indexes, each the names of its columns; one that begins with `unique` is unique.
    """

    def __init__(
        self,
        name: str,
        columns: Mapping[str, str],
        key: Sequence[str],
        indexes: Sequence[Sequence[str]] = (),
        unique: Sequence[Sequence[str]] = (),
    ) -> None:
        for word in (name, *columns):
            if not _NAME.fullmatch(word):
                raise ValueError(f"{word!r} is not a valid name for a table or column")
        self.name = name
        self.columns = dict(columns)
        self.key = tuple(key)
        self.indexes = tuple(tuple(index) for index in indexes)
        self.unique = tuple(tuple(index) for index in unique)

    def statements(self, suffix: str = "") -> list[str]:
        """SQL that makes the table and its indexes where they are missing."""
        columns = ", ".join(f"{name} {kind}" for name, kind in self.columns.items())
        key = ", ".join(self.key)
        columns = f"sandbox TEXT NOT NULL, {columns}, PRIMARY KEY (sandbox, {key})"
        made = [f"CREATE TABLE IF NOT EXISTS {self.name} ({columns}){suffix}"]
        for kind, indexes in (("INDEX", self.indexes), ("UNIQUE INDEX", self.unique)):
            for index in indexes:
                name = "_".join((self.name, "by", *index))
                made.append(f"CREATE {kind} IF NOT EXISTS {name} ON {self.name} (sandbox, {', '.join(index)})")
        return made

    def __repr__(self) -> str:
        return f"<Table {self.name}>"


SNAPSHOTS: Final = Table(
    "mock_snapshot",
    {"name": "TEXT NOT NULL", "at_ms": "BIGINT NOT NULL", "row_count": "BIGINT NOT NULL", "state": "TEXT NOT NULL"},
    key=("name",),
)
"""The named copies there are of each sandbox."""

_KINDS: Mapping[str, tuple[type, ...]] = {"TEXT": (str,), "BIGINT": (int,), "DOUBLE PRECISION": (float, int)}


def check_rows(tables: Iterable[Table], rows: Mapping[str, Any]) -> None:
    """See that rows are such as `Storage.dump` gives.

    Raises:
        ValueError: They are not; the text begins with a JSON pointer.
    """
    known = {table.name: [_column(kind) for kind in table.columns.values()] for table in tables}
    for name, kept in rows.items():
        columns = known.get(name)
        if columns is None:
            raise ValueError(f"/rows/{name}: this table does not exist")
        if not isinstance(kept, list):
            raise ValueError(f"/rows/{name}: this must be a list of rows")
        for number, row in enumerate(cast("list[Any]", kept)):
            if not isinstance(row, list) or len(cast("list[Any]", row)) != len(columns):
                raise ValueError(f"/rows/{name}/{number}: a row must be a list of {len(columns)} values")
            for place, (value, kinds) in enumerate(zip(cast("list[Any]", row), columns, strict=True)):
                if not isinstance(value, kinds) or isinstance(value, bool) or _too_large(value):
                    raise ValueError(f"/rows/{name}/{number}/{place}: {value!r:.100} is not valid for this column")


def _too_large(value: Any) -> bool:
    return isinstance(value, int) and not -(2**63) <= value < 2**63


def _column(kind: str) -> tuple[type, ...]:
    name, required, _ = kind.partition(" NOT NULL")
    return _KINDS[name] if required else (*_KINDS[name], type(None))


class Storage(ABC):
    """One connection to where sandboxes are kept. Used by one thread at a time; the engine sees to that.

    Attributes:
        persistent: Whether rows outlive the process or are seen by others: then a sandbox's clock and counters are read
            and written with each write transaction.
        multi_process: Whether other processes may change the same sandbox: then its clock is read with each request.
        for_update: What a SELECT ends with to hold others off the rows it read.
    """

    dialect: ClassVar[str]
    persistent: bool = True
    multi_process: ClassVar[bool] = False
    for_update: ClassVar[str] = ""

    @abstractmethod
    def prepare(self, tables: Iterable[Table]) -> None:
        """Make the tables that are missing.

        Raises:
            StorageError: Another version of the mock wrote this storage, or it cannot be written.
        """

    def lock_exclusively(self) -> None:  # noqa: B027 - a storage whose write transactions exclude each other has nothing to do
        """Take an exclusive lock until this transaction ends, while a sandbox is created."""

    @abstractmethod
    def begin(self, *, write: bool) -> None:
        """Begin a transaction. Others' write transactions on the same storage or sandbox wait until this one ends."""

    @abstractmethod
    def commit(self) -> None:
        """Keep what the transaction wrote. When this returns, a crash of the process loses nothing of it."""

    @abstractmethod
    def rollback(self) -> None:
        """Drop what the transaction wrote. Never raises."""

    @abstractmethod
    def all(self, sql: str, values: Sequence[Value] = ()) -> list[Row]:
        """Run a statement and return its rows."""

    @abstractmethod
    def one(self, sql: str, values: Sequence[Value] = ()) -> Row | None:
        """Run a statement and return its first row, or None."""

    @abstractmethod
    def run(self, sql: str, values: Sequence[Value] = ()) -> int:
        """Run a statement and return how many rows it changed."""

    def run_many(self, sql: str, rows: Iterable[Sequence[Value]]) -> None:
        """Run a statement once for each row of values: an INSERT that ends with the marks for a row."""
        for row in rows:
            self.run(sql, row)

    @abstractmethod
    def close(self) -> None:
        """Let go of the connection. Never raises."""

    # Whole sandboxes; the same on every storage

    def dump(self, tables: Iterable[Table], sandbox: str) -> dict[str, list[list[Value]]]:
        """Every row of a sandbox by table, without the column `sandbox`, in the order of `Table.columns`."""
        return {
            table.name: [
                list(row)
                for row in self.all(
                    f"SELECT {', '.join(table.columns)} FROM {table.name} WHERE sandbox = ?"  # noqa: S608
                    f" ORDER BY {', '.join(table.key)}",
                    (sandbox,),
                )
            ]
            for table in tables
        }

    def load(self, tables: Iterable[Table], sandbox: str, rows: Mapping[str, list[list[Value]]]) -> None:
        """Put back what `dump` gave, in place of what is there."""
        for table in tables:
            self.run(f"DELETE FROM {table.name} WHERE sandbox = ?", (sandbox,))  # noqa: S608
            marks = ", ".join("?" * (len(table.columns) + 1))
            sql = f"INSERT INTO {table.name} (sandbox, {', '.join(table.columns)}) VALUES ({marks})"  # noqa: S608
            if kept := rows.get(table.name):
                self.run_many(sql, ((sandbox, *row) for row in kept))

    def clear(self, tables: Iterable[Table], sandbox: str) -> None:
        """Delete every row of a sandbox."""
        self.load(tables, sandbox, {})

    # Copies of sandboxes, inside the storage

    def keep_copy(self, tables: Iterable[Table], sandbox: str, name: str) -> int:
        """Copy every row of a sandbox to under a name that is free; returns how many there are.

        A row in `SNAPSHOTS` makes it known, which the caller writes in the same transaction.
        """
        return sum(self._copy(table, sandbox, copy_of(sandbox, name)) for table in tables)

    def restore_copy(self, tables: Iterable[Table], sandbox: str, name: str) -> None:
        """Put the rows of a copy in place of those of the sandbox."""
        for table in tables:
            self.run(f"DELETE FROM {table.name} WHERE sandbox = ?", (sandbox,))  # noqa: S608
            self._copy(table, copy_of(sandbox, name), sandbox)

    def drop_copy(self, tables: Iterable[Table], sandbox: str, name: str) -> None:
        """Delete a copy, if there is one of this name."""
        self.clear(tables, copy_of(sandbox, name))
        self.run(f"DELETE FROM {SNAPSHOTS.name} WHERE sandbox = ? AND name = ?", (sandbox, name))  # noqa: S608

    def _copy(self, table: Table, source: str, target: str) -> int:
        columns = ", ".join(table.columns)
        sql = f"INSERT INTO {table.name} (sandbox, {columns}) SELECT ?, {columns} FROM {table.name} WHERE sandbox = ?"  # noqa: S608
        return self.run(sql, (target, source))


def copy_of(sandbox: str, name: str) -> str:
    """What the rows of a copy have for a sandbox: no sandbox can have the name, as it has blanks."""
    return f"{sandbox} snapshot {name}"
