"""The journal that a command is about: in the workspace, or in PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from pathlib import Path

    from store_credit_jobs.cli.common_options import Common
    from store_credit_jobs.journal.journal import Job, Journal

__all__ = ["hold", "hold_accounts", "lease_of", "make_journal", "open_journal", "postgres_option"]

_F = TypeVar("_F", bound=Callable[..., Any])


def postgres_option(command: _F) -> _F:
    """Let a command take `--postgres DSN`."""
    return click.option(
        "--postgres",
        metavar="DSN",
        envvar="STORE_CREDIT_POSTGRES",
        show_envvar=True,
        help="Use the journal in this PostgreSQL database instead of the one in the workspace.",
    )(command)


def open_journal(common: Common, dsn: str | None, *, write: bool) -> Journal:
    """Open the journal to look at jobs that are in it, or to change them; makes none.

    Raises:
        JobsError: As the journal says; `job_unknown` where there is none to write.
    """
    if dsn is not None:
        from store_credit_jobs.journal.postgres_journal import PostgresJournal

        return PostgresJournal(dsn)
    from store_credit_jobs.errors import JobsError
    from store_credit_jobs.journal.sqlite_journal import SqliteJournal
    from store_credit_jobs.journal.workspace import find_workspace

    folder = find_workspace(common.workspace)
    if write and not folder.is_dir():
        raise JobsError("job_unknown", f"{folder} does not exist; select the workspace with --workspace")
    return SqliteJournal(folder, write=write)


def make_journal(workspace: Path, dsn: str | None) -> Journal:
    """Open the journal to take plans over into it; made where there is none.

    Raises:
        JobsError: As the journal says.
    """
    if dsn is not None:
        from store_credit_jobs.journal.postgres_journal import PostgresJournal

        return PostgresJournal(dsn)
    from store_credit_jobs.journal.sqlite_journal import SqliteJournal

    return SqliteJournal(workspace, write=True)


def hold(journal: Journal, job: Job) -> None:
    """Keep other runners from a job's account, where a lock has not done so yet.

    Raises:
        JobsError: `journal_locked`: one is at work.
    """
    take = getattr(journal, "hold", None)
    if take is not None:
        take(job.account)


def hold_accounts(journal: Journal, accounts: Iterable[str]) -> None:
    """Keep other runners from several accounts, by their identities, where a lock has not done so yet.

    Raises:
        JobsError: `journal_locked`: one of them is in use.
    """
    take = getattr(journal, "hold", None)
    if take is not None:
        # In one order, so that two runners never have one each.
        for account in sorted(accounts):
            take(account)


def lease_of(journal: Journal) -> dict[str, Any]:
    """Give what the engine has to be told of a journal that machines share: who writes, and whether it still may."""
    if not hasattr(journal, "holds"):
        return {}
    shared: Any = journal
    return {"may_send": shared.holds, "owner": shared.owner}
