"""What every storage does."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, cast

__all__ = ["Row", "Storage", "StorageError", "Table", "Value", "check_rows"]

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
                raise ValueError(f"{word!r} cannot name a table or a column")
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
            raise ValueError(f"/rows/{name}: there is no such table")
        for number, row in enumerate(kept):
            if not isinstance(row, list) or len(cast("list[Any]", row)) != len(columns):
                raise ValueError(f"/rows/{name}/{number}: a row is a list of {len(columns)} values")
            for place, (value, kinds) in enumerate(zip(cast("list[Any]", row), columns, strict=True)):
                if not isinstance(value, kinds) or isinstance(value, bool):
                    raise ValueError(f"/rows/{name}/{number}/{place}: {value!r:.100} is not a value of this column")


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
            for row in rows.get(table.name, []):
                self.run(sql, (sandbox, *row))

    def clear(self, tables: Iterable[Table], sandbox: str) -> None:
        """Delete every row of a sandbox."""
        self.load(tables, sandbox, {})
