"""The journal in PostgreSQL, which several machines share: each account has one runner, by a lease."""

from __future__ import annotations

import os
import secrets
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from store_credit_jobs import steady_time
from store_credit_jobs.errors import JobsError
from store_credit_jobs.exit_codes import ExitCode
from store_credit_jobs.journal.postgres_database import NOW, PostgresDatabase
from store_credit_jobs.journal.records import iso
from store_credit_jobs.journal.sql_journal import SqlJournal
from store_credit_jobs.journal.taking_over import account_of, add_account

__all__ = ["LEASE", "PostgresJournal"]

LEASE: Final = 60.0
"""Seconds for which an account is a runner's after it was heard of last."""


class PostgresJournal(SqlJournal):
    """The journal in a database.

    To send for an account, a runner takes a lease on it (`hold`), which is renewed six times in its length. Whoever
    takes the account over afterwards owns its open steps, so that outcomes of the runner before, which may only have
    been slow, are refused.

    Args:
        dsn: `postgresql://user:password@host/database`.
        owner: Who writes; host, process and a random part if None.
        lease: Seconds.
        clock: What time it is, seconds since 1970.

    Raises:
        JobsError: `postgres_address`, `journal_unreachable`, `journal_newer`.
    """

    def __init__(
        self, dsn: str, *, owner: str | None = None, lease: float = LEASE, clock: Callable[[], float] = steady_time.now
    ) -> None:
        self.owner = owner or f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._dsn = dsn
        self._lease = lease
        self._database = PostgresDatabase(dsn, self.owner)
        self._accounts: set[int] = set()
        self._renewed = _Clocks()
        self._lost = threading.Event()
        self._ended = threading.Event()
        self._renewer: threading.Thread | None = None
        super().__init__(self._database, clock)

    def hold(self, account: str) -> None:
        """Take an account, by its identity, until `close`.

        Raises:
            JobsError: `journal_locked`, with exit code 6: another runner has it.
        """
        number = self._number(account)
        renewed = _Clocks()
        taken = self._database.run(
            "INSERT INTO runner (account, owner, lease_until, since)"
            f" VALUES (?, ?, {NOW} + ?, {NOW}) ON CONFLICT (account) DO UPDATE SET owner = excluded.owner,"
            " lease_until = excluded.lease_until, since = excluded.since"
            f" WHERE runner.lease_until <= {NOW} OR runner.owner = excluded.owner",
            (number, self.owner, self._lease),
        )
        if not taken:
            raise JobsError(
                "journal_locked",
                f"{account} is in use by {self.runner(account) or 'another runner'}. Nothing was sent.",
                exit_code=ExitCode.LOCKED,
            )
        self._accounts.add(number)
        if self._renewer is None:
            self._renewed = renewed
            self._renewer = threading.Thread(target=self._renew, name="store-credit-lease", daemon=True)
            self._renewer.start()

    def _number(self, account: str) -> int:
        """Give an account's number; it gets one before its first job where that has to be its only runner's."""
        found = account_of(self._database, account)
        if found is None:
            with self._database.transaction():
                self._database.serialize()
                found = account_of(self._database, account) or add_account(self._database, account)
        return found

    def holds(self) -> bool:
        """Whether the account is surely this runner's still. Asked right before each request, it asks nobody itself."""
        # A tenth of the lease is left for the request to leave, and for clocks of different speed.
        return bool(self._accounts) and not self._lost.is_set() and self._renewed.ago() < 0.9 * self._lease

    def close(self) -> None:
        """Let go of the account and the database."""
        self._ended.set()
        if self._renewer is not None:
            self._renewer.join()
        if self._accounts:
            with suppress(JobsError):
                self._database.run("DELETE FROM runner WHERE owner = ?", (self.owner,))
        super().close()

    def _renew(self) -> None:
        """Renew the lease, over a connection of its own, until the journal is closed or the account is lost."""
        database: PostgresDatabase | None = None
        while not self._ended.wait(self._lease / 6):
            try:
                if database is None:
                    database = PostgresDatabase(self._dsn, self.owner)
                renewed = _Clocks()
                kept = database.run(
                    f"UPDATE runner SET lease_until = {NOW} + ? WHERE owner = ?", (self._lease, self.owner)
                )
            except JobsError:
                # Its end comes by itself if the database stays away.
                if database is not None:
                    database.close()
                    database = None
                continue
            if kept < len(self._accounts):
                self._lost.set()
                break
            self._renewed = renewed
        if database is not None:
            database.close()

    def runner(self, account: str) -> str | None:
        """Say who has an account, or had it last and did not let go: who, since when, and until when at least."""
        found = self._database.all(
            "SELECT r.owner, r.since, r.lease_until FROM runner r JOIN account a ON a.id = r.account"
            " WHERE a.identity = ?",
            (account,),
        )
        return f"{found[0][0]}, since {iso(found[0][1])}, until {iso(found[0][2])} at least" if found else None


class _Clocks:
    """A moment, by clocks that go on, or are put right, in different ways while a process or a machine is frozen."""

    def __init__(self) -> None:
        self._then = self._now()

    def ago(self) -> float:
        """How many seconds ago it was, by the clock that has gone furthest."""
        return max(now - then for now, then in zip(self._now(), self._then, strict=True))

    def _now(self) -> tuple[float, ...]:
        boot = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
        return time.monotonic(), time.clock_gettime(boot), time.time()
