"""A job of the journal together with the account that it is about."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from store_credit_jobs.errors import JobsError

if TYPE_CHECKING:
    from store_credit_jobs.cli.common_options import Common
    from store_credit_jobs.config import Account
    from store_credit_jobs.journal.journal import Job, Journal
    from store_credit_jobs.systems.system import AccountCheck, System

__all__ = ["OpenedJob", "opened_job"]


class OpenedJob(NamedTuple):
    """A job, and what is needed to look at what became of it."""

    journal: Journal
    job: Job
    account: Account
    system: System
    check: AccountCheck


@contextmanager
def opened_job(common: Common, job: str, *, write: bool, dsn: str | None = None) -> Generator[OpenedJob]:
    """Open the journal and the account of a job, and ask the server who we are to it.

    Args:
        common: The common options.
        job: The job's id, or an unambiguous beginning of it.
        write: Whether the journal is written, and so locked.
        dsn: The journal in PostgreSQL, in the place of the workspace's.

    Raises:
        JobsError: As the journal, the configuration and the check of the account say; or `other_host`.
    """
    from store_credit_jobs.cli.opened_journal import hold, open_journal
    from store_credit_jobs.config import read_config
    from store_credit_jobs.credentials import read_credential
    from store_credit_jobs.engine.taking_up import account_of_job
    from store_credit_jobs.systems import connect

    journal = open_journal(common, dsn, write=write)
    try:
        found = journal.job(job)
        account = read_config(common.config).account(common.account or found.head["account"])
        if account.identity != found.account:
            raise JobsError(
                "other_host",
                f"job {found.id} belongs to the account {found.account}, but {account.name} is now "
                f"{account.identity}; select the right account with --account. Nothing was sent",
            )
        if write:
            hold(journal, found)
        account = account_of_job(found, account)
        system = connect(account, read_credential(account))
        try:
            check = system.check()
            if check.problems:
                raise JobsError("account_unusable", check.problems[0].text, problems=check.problems)
            yield OpenedJob(journal, found, account, system, check)
        finally:
            system.close()
    finally:
        journal.close()
