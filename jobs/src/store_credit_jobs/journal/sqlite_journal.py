"""The journal in a file of the workspace: SQLite, of which one runner writes and anybody reads."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, Final, NoReturn

from store_credit_jobs import steady_time
from store_credit_jobs.errors import JobsError
from store_credit_jobs.exit_codes import ExitCode
from store_credit_jobs.journal.database import Value
from store_credit_jobs.journal.high_water import Campaigns
from store_credit_jobs.journal.journal import Job
from store_credit_jobs.journal.lock import JournalLock
from store_credit_jobs.journal.marking import Marking
from store_credit_jobs.journal.origin import BEGIN, accept_loss, begin_values
from store_credit_jobs.journal.schema import APPLICATION_ID, INDEXES, TABLES, VERSION
from store_credit_jobs.journal.sql_journal import SqlJournal
from store_credit_jobs.journal.workspace import make_workspace

__all__ = ["SqliteJournal"]

_NAME: Final = "journal.db"
_BUSY: Final = 30.0
# A commit is on the disk when it returns. NORMAL would forget the last ones in a power cut, that is: that something was
# sent. A checkpoint after a plan of a million rows gives its write-ahead log back.
_PRAGMAS: Final = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "fullfsync = ON",
    "cache_size = -16384",
    "journal_size_limit = 67108864",
    # It is emptied before each mark, see `Marking`.
    "wal_autocheckpoint = 0",
)
_NOT_DURABLE: Final = ("synchronous = OFF", "wal_autocheckpoint = 1000")
# The text of an error may quote a damaged file, and then it is not text.
_FAILURES: Final = (sqlite3.Error, UnicodeDecodeError)


class SqliteJournal(SqlJournal):
    """The journal in a workspace.

    Args:
        folder: The workspace; a writer makes it where there is none.
        write: Whether to hold the lock and write. A reader sees a journal that nobody has written yet as empty.
        clock: What time it is, seconds since 1970.
        durable: Whether what was written survives a power cut; not so the journal of a rehearsal, which is thrown away.
        accept_restored: Whether a journal that is an older copy is taken as it is; what it does not know to be done is
            looked up then before it is sent.

    Raises:
        JobsError: `journal_locked`, with exit code 6; `journal_damaged`, also where it is an older copy than was there
            before; `journal_newer` or `journal_older`, of another layout; `workspace_invalid`, the file has a second
            name; `disk_full`, it cannot be written.
    """

    def __init__(
        self,
        folder: Path,
        *,
        write: bool,
        clock: Callable[[], float] = steady_time.now,
        durable: bool = True,
        accept_restored: bool = False,
    ) -> None:
        lock = None
        folder = folder.resolve()
        if write:
            lock = JournalLock(make_workspace(folder))
        try:
            database = _Sqlite(folder / _NAME, lock, durable=durable, now=clock())
        except BaseException:
            if lock is not None:
                lock.release()
            raise
        super().__init__(database, clock)
        self._campaigns: Campaigns | None = None
        if write and durable:
            try:
                database.marking = Marking(database, folder, clock, accept=accept_restored)
            except BaseException:
                database.close()
                raise
            self._campaigns = Campaigns(folder, database.marking.journal)

    def begin(self, head: Mapping[str, Any], rows: Iterable[Mapping[str, Any]], plan_sha: str) -> Job:
        if self._campaigns is not None:
            self._campaigns.refuse_other(head["identity"], head["campaign"])
        job = super().begin(head, rows, plan_sha)
        if self._campaigns is not None:
            self._campaigns.note(job.account, job.campaign, self._clock())
        return job

    def take_campaign(self, account: str, campaign: str) -> bool:
        """Issue a campaign here that another journal has issued, which is lost; its rows are looked up before.

        Returns:
            Whether another journal is known to have issued it.
        """
        found = None if self._campaigns is None else self._campaigns.other(account, campaign)
        if self._campaigns is None or found is None:
            return False
        now = self._clock()
        with self._db.transaction():
            accept_loss(self._db, float(found.get("began", 0.0)), now)
        self._campaigns.note(account, campaign, now)
        return True


class _Sqlite:
    """A connection to the file.

    Args:
        path: The file.
        lock: The lock of a writer; None for a reader.
        durable: As of `SqliteJournal`.
        now: What time it is, for a journal that is made.

    Attributes:
        marking: Marks how far it has come, where it is kept.
    """

    # The primary key would do, and every claim would walk over all that is done.
    by_planned = "INDEXED BY step_planned"
    by_open = "INDEXED BY step_open"
    lock_claimed = ""
    lock = ""
    owner: str | None = None

    def __init__(self, path: Path, lock: JournalLock | None, *, durable: bool, now: float) -> None:
        self.marking: Marking | None = None
        self._path = path
        self._lock = lock
        self._process = os.getpid()
        self._alone = threading.RLock()
        try:
            if lock is not None and not path.exists():
                self._make(now)
            if lock is not None and (path.is_symlink() or path.stat().st_nlink > 1):
                # The lock is one of the folder, and another folder would have another.
                raise JobsError(
                    "workspace_invalid",
                    f"{path} is a symbolic link or has another hard link, so a second runner could go unnoticed. Keep"
                    " the file itself in the workspace, with no other links to it; to use this workspace from another"
                    " folder, pass --workspace",
                )
            self._connection = self._open(write=lock is not None)
        except (*_FAILURES, OSError) as error:
            self._refuse(error)
        try:
            self._check()
            if lock is not None:
                for pragma in (*_PRAGMAS, *(() if durable else _NOT_DURABLE)):
                    self._connection.execute(f"PRAGMA {pragma}").fetchone()
        except (*_FAILURES, JobsError) as error:
            self._connection.close()
            self._refuse(error)

    def _make(self, now: float) -> None:
        """Make the file, whole or not at all: an empty one is then always one that was damaged."""
        if self._path.with_name(f"{_NAME}-wal").exists():
            raise self._damaged(f"{_NAME} is missing, but its write-ahead log is still there")
        draft = self._path.with_name(f"{_NAME}.new")
        draft.unlink(missing_ok=True)
        os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        with closing(sqlite3.connect(draft, isolation_level=None)) as connection:
            connection.execute("BEGIN")
            for statement in (*TABLES, *INDEXES):
                connection.execute(_for_sqlite(statement))
            connection.execute(BEGIN, begin_values(now))
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {VERSION}")
            connection.execute("COMMIT")
        draft.rename(self._path)
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _open(self, *, write: bool) -> sqlite3.Connection:
        def connect(address: str) -> sqlite3.Connection:
            return sqlite3.connect(
                address, uri=True, timeout=_BUSY, isolation_level=None, check_same_thread=False, cached_statements=256
            )

        address = self._path.absolute().as_uri()
        if write:
            return connect(f"{address}?mode=rw")
        if not self._path.exists():
            empty = connect(":memory:")
            for statement in (*TABLES, f"PRAGMA application_id = {APPLICATION_ID}", f"PRAGMA user_version = {VERSION}"):
                empty.execute(statement)
            return empty
        connection = connect(f"{address}?mode=ro")
        try:
            connection.execute("PRAGMA schema_version").fetchone()
        except sqlite3.OperationalError:
            connection.close()
            if os.access(self._path.parent, os.W_OK) or self._path.with_name(f"{_NAME}-wal").exists():
                raise
            # A folder that cannot be written has no place for the index of a write-ahead log, and there is none.
            return connect(f"{address}?mode=ro&immutable=1")
        return connection

    def _check(self) -> None:
        ((application,),) = self._connection.execute("PRAGMA application_id").fetchall()
        ((version,),) = self._connection.execute("PRAGMA user_version").fetchall()
        if application != APPLICATION_ID:
            raise self._damaged("the file is not a store-credit journal")
        if version > VERSION:
            raise JobsError(
                "journal_newer",
                f"{self._path} has layout {version}, but this version of store-credit-jobs supports only {VERSION};"
                " update store-credit-jobs",
            )
        if version < VERSION:
            raise JobsError(
                "journal_older",
                f"{self._path} has layout {version}, but this version of store-credit-jobs uses layout"
                f" {VERSION}: finish its jobs with the version that wrote the journal, and use a new workspace for"
                " new campaigns",
            )
        if self._lock is not None:
            found = self._connection.execute("PRAGMA quick_check(1)").fetchall()
            if found != [("ok",)]:
                raise self._damaged(str(found[0][0]).replace("\n", " "))

    # Not one function for all three: they run several times for each row.

    def all(self, sql: str, values: Sequence[Value] = ()) -> list[tuple[Any, ...]]:
        self._stay()
        try:
            with self._alone:
                return self._connection.execute(sql, values).fetchall()
        except _FAILURES as error:
            self._refuse(error)

    def run(self, sql: str, values: Sequence[Value] = ()) -> int:
        self._stay()
        try:
            with self._alone:
                return self._connection.execute(sql, values).rowcount
        except _FAILURES as error:
            self._refuse(error)

    def many(self, sql: str, rows: Iterable[Sequence[Value]]) -> None:
        self._stay()
        try:
            with self._alone:
                self._connection.executemany(sql, rows)
        except _FAILURES as error:
            self._refuse(error)

    @contextmanager
    def transaction(self) -> Generator[None]:
        self._stay()
        with self._alone:
            marking = self.marking if self.marking is not None and self.marking.due() else None
            counter = 0
            try:
                if marking is not None:
                    self.all("PRAGMA wal_checkpoint(PASSIVE)")
                self.run("BEGIN IMMEDIATE")
                yield
                if marking is not None:
                    counter = marking.count()
                self.run("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    if self._connection.in_transaction:
                        self._connection.execute("ROLLBACK")
                raise
            if marking is not None:
                marking.write(counter)

    def serialize(self) -> None:
        """Do nothing: the lock lets nobody else write."""

    def has(self, account: int) -> bool:  # noqa: ARG002 - as other databases need it
        """Give True: the lock is for all accounts."""
        return True

    def _stay(self) -> None:
        """Refuse a process that was forked: neither the lock is its own, nor what the connection remembers."""
        if os.getpid() != self._process:
            raise JobsError(
                "journal_forked",
                f"{self._path}: a forked process cannot use its parent's connection; open the journal again",
            )

    def close(self) -> None:
        """Close the file, and let go of the lock after that."""
        if os.getpid() != self._process:
            return
        with self._alone, suppress(sqlite3.Error):
            if self.marking is not None:
                self.marking.end(self._connection.close)
            self._connection.close()
        if self._lock is not None:
            self._lock.release()

    def _damaged(self, why: str) -> JobsError:
        return JobsError(
            "journal_damaged",
            f"{self._path}: {why}. Do not delete it or replace it with an older copy: it is the only record of what "
            f"was sent. Copy the folder, run `sqlite3 {_NAME} .recover | sqlite3 recovered.db`, replace the journal "
            "with recovered.db, and run `store-credit jobs accept-restored`.",
        )

    def _refuse(self, error: BaseException) -> NoReturn:
        if isinstance(error, UnicodeDecodeError):
            raise self._damaged("the journal contains text that is not UTF-8") from error
        if isinstance(error, OSError):
            raise self._unwritable(str(error.strerror)) from error
        # The primary result code; 0 where sqlite3 itself found the fault.
        code = getattr(error, "sqlite_errorcode", 0)
        if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB) or code & 0xFF == sqlite3.SQLITE_CORRUPT:
            raise self._damaged(str(error)) from error
        if code in _READS:
            raise self._damaged(f"the journal cannot be read ({error})") from error
        if code & 0xFF in _WRITES:
            raise self._unwritable(str(error)) from error
        if code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise JobsError(
                "journal_locked", f"{self._path}: another process held a lock for {_BUSY:.0f} seconds; try again",
                exit_code=ExitCode.LOCKED,
            ) from error  # fmt: skip
        raise error

    def _unwritable(self, why: str) -> JobsError:
        return JobsError(
            "disk_full",
            f"{self._path} cannot be written: {why}. Nothing more will be sent; what was sent will be looked up when "
            "you run the command again. Free some disk space, or make the folder writable.",
            exit_code=ExitCode.STOPPED,
        )


_READS: Final = (sqlite3.SQLITE_IOERR_READ, sqlite3.SQLITE_IOERR_SHORT_READ, sqlite3.SQLITE_IOERR_CORRUPTFS)
_WRITES: Final = (
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM,
)


def _for_sqlite(statement: str) -> str:
    """Keep a table in its primary key, where that has several columns."""
    return f"{statement} WITHOUT ROWID" if statement.count("PRIMARY KEY (") else statement
