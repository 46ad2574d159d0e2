"""PostgreSQL as the place of a journal: one connection, and the statements of the others' dialect."""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Final, NoReturn, cast

from store_credit_jobs import steady_time
from store_credit_jobs.errors import JobsError
from store_credit_jobs.exit_codes import ExitCode
from store_credit_jobs.journal.database import Value
from store_credit_jobs.journal.origin import BEGIN, begin_values
from store_credit_jobs.journal.schema import INDEXES, TABLES, VERSION

try:
    import psycopg
    from psycopg.conninfo import conninfo_to_dict
except ModuleNotFoundError as error:
    raise JobsError(
        "extra_missing", "PostgreSQL needs psycopg and procrastinate: run pip install 'store-credit-jobs[postgres]'"
    ) from error

__all__ = ["NOW", "PostgresDatabase"]

NOW: Final = "extract(epoch FROM clock_timestamp())::double precision"
"""The server's clock: leases are compared by it alone."""
_SCHEMA: Final = "store_credit_jobs"
# Any two numbers, the same in every process.
_SET_UP, _SERIAL = 7_236_914_101, 7_236_914_102
_LEASES: Final = (
    """CREATE TABLE runner (account BIGINT PRIMARY KEY, owner TEXT NOT NULL, lease_until DOUBLE PRECISION NOT NULL,
    since DOUBLE PRECISION NOT NULL)""",
    "CREATE TABLE layout (version BIGINT NOT NULL)",
)
# A process that is frozen in the middle of a transaction must not keep what it has locked from those that are not.
_SESSION: Final = (
    f"SET search_path = {_SCHEMA}",
    "SET client_min_messages = warning",
    "SET lock_timeout = '30s'",
    "SET idle_in_transaction_session_timeout = '15s'",
    "SET synchronous_commit = on",
)


class PostgresDatabase:
    """A connection.

    Args:
        dsn: `postgresql://user:password@host/database`, or `host=... dbname=...`.
        owner: Who writes.

    Raises:
        JobsError: `postgres_address`, the DSN is not valid; `journal_unreachable`; `journal_newer`, `journal_older`.
    """

    by_planned = ""
    by_open = ""
    lock_claimed = "FOR UPDATE OF s SKIP LOCKED"
    lock = "FOR UPDATE OF s"

    def __init__(self, dsn: str, owner: str) -> None:
        self.owner: str | None = owner
        self._alone = threading.RLock()
        self._statements: dict[str, str] = {}
        try:
            parts = conninfo_to_dict(dsn)
        except psycopg.Error:
            # Its text quotes the DSN, and a password may be in that.
            raise JobsError(
                "postgres_address", "--postgres is not a valid address; use postgresql://user:password@host/database"
            ) from None
        self.name = f"PostgreSQL at {parts.get('host') or 'localhost'}, database {parts.get('dbname') or 'of the user'}"
        try:
            # So that it is found out within a minute that the server's machine is gone.
            alive = {"keepalives_idle": "20", "keepalives_interval": "10", "keepalives_count": "4"}
            settings = {"connect_timeout": "10", "application_name": "store-credit", **alive}
            missing = {name: value for name, value in settings.items() if name not in parts}
            self._connection = psycopg.connect(dsn, autocommit=True, **cast("Any", missing))
        except psycopg.Error as error:
            self._refuse(error)
        try:
            for statement in _SESSION:
                self.run(statement)
            self._set_up()
        except BaseException:
            self.close()
            raise

    def _set_up(self) -> None:
        if not self._is_set_up():
            with self.transaction():
                self.all("SELECT pg_advisory_xact_lock(?)", (_SET_UP,))
                if not self._is_set_up():
                    if not self.all("SELECT 1 FROM pg_namespace WHERE nspname = ?", (_SCHEMA,)):
                        self.run(f"CREATE SCHEMA {_SCHEMA}")
                    for statement in (*TABLES, *INDEXES, *_LEASES):
                        self.run(statement)
                    self.run("INSERT INTO layout (version) VALUES (?)", (VERSION,))
                    self.run(BEGIN, begin_values(steady_time.now()))
        ((version,),) = self.all("SELECT version FROM layout")
        if version != VERSION:
            raise JobsError(
                "journal_newer" if version > VERSION else "journal_older",
                f"{self.name}: the journal has layout {version}, but this version of store-credit-jobs supports only "
                f"layout {VERSION}; use the version that wrote the journal, or a different database",
            )

    def _is_set_up(self) -> bool:
        # Not by to_regclass(), which may remember from before the lock that there was none.
        return bool(self.all("SELECT 1 FROM pg_tables WHERE schemaname = ? AND tablename = 'layout'", (_SCHEMA,)))

    def all(self, sql: str, values: Sequence[Value] = ()) -> list[tuple[Any, ...]]:
        try:
            with self._alone:
                return self._connection.execute(self._statement(sql), values).fetchall()
        except psycopg.Error as error:
            self._refuse(error)

    def run(self, sql: str, values: Sequence[Value] = ()) -> int:
        try:
            with self._alone:
                return self._connection.execute(self._statement(sql), values).rowcount
        except psycopg.Error as error:
            self._refuse(error)

    def many(self, sql: str, rows: Iterable[Sequence[Value]]) -> None:
        try:
            with self._alone, self._connection.cursor() as cursor:
                cursor.executemany(self._statement(sql), rows)
        except psycopg.Error as error:
            self._refuse(error)

    @contextmanager
    def transaction(self) -> Generator[None]:
        with self._alone:
            try:
                self.run("BEGIN")
                yield
                self.run("COMMIT")
            except BaseException:
                with suppress(psycopg.Error):
                    self._connection.rollback()
                raise

    def serialize(self) -> None:
        self.all("SELECT pg_advisory_xact_lock(?)", (_SERIAL,))

    def has(self, account: int) -> bool:
        # Shared: a renewal waits for the end of the transaction, and so does whoever would take the account over.
        mine = f"SELECT 1 FROM runner WHERE account = ? AND owner = ? AND lease_until > {NOW} FOR SHARE"
        return bool(self.all(mine, (account, self.owner)))

    def close(self) -> None:
        with suppress(psycopg.Error):
            self._connection.close()

    def _statement(self, sql: str) -> Any:
        found = self._statements.get(sql)
        if found is None:
            found = self._statements[sql] = sql.replace("%", "%%").replace("?", "%s")
        return found

    def _refuse(self, error: psycopg.Error) -> NoReturn:
        text = " ".join(str(error).split()) or type(error).__name__
        errors = psycopg.errors
        if isinstance(error, errors.DiskFull | errors.ReadOnlySqlTransaction | errors.InsufficientPrivilege):
            raise JobsError(
                "disk_full",
                f"{self.name}: the journal cannot be written: {text}. No more requests will be sent; those already sent"
                " will be looked up when the job continues.",
                exit_code=ExitCode.STOPPED,
            ) from error
        if isinstance(error, errors.LockNotAvailable):
            raise JobsError(
                "journal_locked", f"{self.name}: another process held a required lock for 30 seconds; try again",
                exit_code=ExitCode.LOCKED,
            ) from error  # fmt: skip
        if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
            raise JobsError(
                "journal_unreachable",
                f"{self.name}: {text}. No more requests will be sent; those already sent will be looked up when the job"
                " continues. Check that the server is running and that the address is correct.",
                exit_code=ExitCode.STOPPED,
            ) from error
        raise error
