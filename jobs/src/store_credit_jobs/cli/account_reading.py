"""An account that all credits are read from: it is checked first, and told how far the reading is."""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from store_credit_jobs.errors import JobsError

if TYPE_CHECKING:
    from store_credit_jobs.cli.common_options import Common
    from store_credit_jobs.config import Account
    from store_credit_jobs.snapshots.export import Effort, Reading
    from store_credit_jobs.systems.system import System

__all__ = ["reading"]


@contextmanager
def reading(common: Common, account: Account, *, ledger: bool = False) -> Generator[tuple[System, Reading]]:
    """Open an account to read it whole.

    Args:
        common: The common options.
        account: Which one.
        ledger: Whether what happened to each credit is asked for as well.

    Raises:
        JobsError: `account_unusable`, or what the check of the account says.
    """
    from store_credit_jobs.credentials import read_credential
    from store_credit_jobs.snapshots.export import Reading
    from store_credit_jobs.systems import connect
    from store_credit_jobs.systems.clock import Clock

    def announce(effort: Effort) -> None:
        minutes = "" if effort.minutes is None else f", about {effort.minutes} minutes at the server's pace"
        click.echo(
            f"{effort.customers:,} customers to read one by one, with {effort.requests:,} requests{minutes}", err=True
        )

    def progress(count: int) -> None:
        if not common.quiet and sys.stderr.isatty():
            click.echo(f"\r{count:,} credits read", nl=False, err=True)

    system = connect(account, read_credential(account))
    try:
        check = system.check()
        # A clock that is wrong does not matter: what is read is dated by the server's.
        problems = [problem for problem in check.problems if problem.code != "clock_skew"]
        if problems:
            raise JobsError("account_unusable", f"{account.name} cannot be read", problems=problems)
        skew, clock = check.skew or 0.0, Clock()
        yield system, Reading(ledger, check.limit, announce, progress, lambda: clock.now() + skew)
    finally:
        system.close()
        if not common.quiet and sys.stderr.isatty():
            click.echo(err=True)
