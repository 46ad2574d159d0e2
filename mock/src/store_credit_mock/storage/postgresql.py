"""PostgreSQL: one sandbox that several processes serve together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import islice
from typing import Any, NoReturn, cast

import psycopg
from psycopg.conninfo import conninfo_to_dict

from store_credit_mock.storage.base import VERSION, Row, Storage, StorageError, Table, Value

__all__ = ["PostgreSQLStorage"]

LOCK_SECONDS = 10
NUL = "\u2400"
"""What stands for NUL in a text: its own symbol."""
# Any number, the same in every process: held while tables or a sandbox are made.
_SETUP_LOCK = 7_236_914_002


class PostgreSQLStorage(Storage):
    """A PostgreSQL database, reached through one connection; a lost one is made again with the next request.

    Args:
        address: `postgresql://user:password@host/database`.

    Raises:
        StorageError: It cannot be reached.
    """

    dialect = "postgresql"
    for_update = " FOR UPDATE"
    multi_process = True

    def __init__(self, address: str) -> None:
        self._address = address
        try:
            parts = conninfo_to_dict(address)
        except psycopg.Error as error:
            raise StorageError(
                f"--db: {str(error).strip()}; use an address such as postgresql://user:password@host/database"
            ) from error
        self.name = f"PostgreSQL at {parts.get('host', 'localhost')}"
        self._statements: dict[str, str] = {}
        self._connection: psycopg.Connection[Any] | None = None
        self._committing = False
        self._connect()

    def _connect(self) -> None:
        try:
            self._connection = psycopg.connect(self._address, autocommit=True, connect_timeout=5)
            self._connection.prepare_threshold = 2
            self._connection.execute("SELECT set_config('lock_timeout', %s, false)", (f"{LOCK_SECONDS}s",))
            self._connection.execute("SET client_min_messages = warning")
        except psycopg.Error as error:
            self._connection = None
            self._refuse(error)

    def _execute(self, sql: str, values: Sequence[Value] = ()) -> psycopg.Cursor[Any]:
        connection = self._connection
        if connection is None:
            raise StorageError(f"{self.name}: the connection was lost, and this change was not saved")
        statement = self._statements.get(sql)
        if statement is None:
            statement = self._statements[sql] = sql.replace("?", "%s")
        try:
            try:
                return connection.execute(cast("Any", statement), values)
            except psycopg.DataError:
                # Raised before anything is sent: PostgreSQL's texts cannot hold NUL, and SQLite's and JSON's can.
                shown = [value.replace("\0", NUL) if isinstance(value, str) else value for value in values]
                if shown == list(values):
                    raise
                return connection.execute(cast("Any", statement), shown)
        except psycopg.Error as error:
            self._refuse(error)

    def prepare(self, tables: Iterable[Table]) -> None:
        self.begin(write=True)
        try:
            self.lock_exclusively()
            self._execute("CREATE TABLE IF NOT EXISTS mock_version (version BIGINT NOT NULL)")
            found = self._execute("SELECT version FROM mock_version").fetchone()
            if found is None:
                self._execute("INSERT INTO mock_version (version) VALUES (?)", (VERSION,))
            elif found[0] != VERSION:
                raise StorageError(
                    f"{self.name}: this database was written by another version of the mock (its layout is {found[0]},"
                    f" but this version needs {VERSION}); use another database"
                )
            for table in tables:
                for statement in table.statements():
                    self._execute(statement)
            self.commit()
        except BaseException:
            self.rollback()
            raise

    def lock_exclusively(self) -> None:
        self._execute("SELECT pg_advisory_xact_lock(?)", (_SETUP_LOCK,))

    def begin(self, *, write: bool) -> None:
        if self._connection is None or self._connection.closed:
            self._connect()
        # A list and its count must be of the same moment; a writer sees the newest once it holds the sandbox's row.
        self._execute("BEGIN" if write else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")

    def commit(self) -> None:
        # A response that is lost now leaves open what the server did: the caller is not told that nothing was kept.
        self._committing = True
        try:
            self._execute("COMMIT")
        finally:
            self._committing = False

    def rollback(self) -> None:
        connection = self._connection
        if connection is None:
            return
        with suppress(psycopg.Error):
            connection.execute("ROLLBACK")
            return
        self.close()

    def all(self, sql: str, values: Sequence[Value] = ()) -> list[Row]:
        return self._execute(sql, values).fetchall()

    def one(self, sql: str, values: Sequence[Value] = ()) -> Row | None:
        return self._execute(sql, values).fetchone()

    def run(self, sql: str, values: Sequence[Value] = ()) -> int:
        return self._execute(sql, values).rowcount

    def run_many(self, sql: str, rows: Iterable[Sequence[Value]]) -> None:
        # Many at a time: a row on its own is a way to the server and back.
        left, marks = iter(rows), sql[sql.rindex("(") :]
        while some := list(islice(left, 500)):
            statement = sql + f", {marks}" * (len(some) - 1)
            self._execute(statement, [value for row in some for value in row])

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(psycopg.Error):
                connection.close()

    def _refuse(self, error: psycopg.Error) -> NoReturn:
        text = str(error).strip().replace("\n", " ") or type(error).__name__
        if isinstance(error, psycopg.errors.LockNotAvailable):
            advice = f"another process locked the sandbox for {LOCK_SECONDS} seconds"
        elif self._connection is None or self._connection.closed:
            self.close()
            kept = "this change may or may not have been saved" if self._committing else "this change was not saved"
            advice = f"check that the server is running and that the address is correct; {kept}"
        elif isinstance(error, psycopg.errors.DiskFull):
            advice = "free some space on the server's disk; this change was not saved"
        elif isinstance(error, psycopg.errors.ReadOnlySqlTransaction):
            advice = "the server does not accept writes; this change was not saved"
        else:
            advice = "this change was not saved"
        raise StorageError(f"{self.name}: {text}: {advice}") from error
