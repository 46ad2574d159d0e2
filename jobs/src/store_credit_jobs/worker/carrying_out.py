"""Carries one order out, with the same engine as `issue apply`."""

from __future__ import annotations

from contextlib import closing

from store_credit_jobs.config import Account, Configuration
from store_credit_jobs.credentials import read_credential
from store_credit_jobs.engine.engine import ended_before, run
from store_credit_jobs.engine.events import Events
from store_credit_jobs.engine.interrupts import Interrupts
from store_credit_jobs.engine.result import Result, ended
from store_credit_jobs.engine.taking_up import account_of_plan
from store_credit_jobs.errors import JobsError
from store_credit_jobs.journal.journal import Job
from store_credit_jobs.journal.postgres_journal import PostgresJournal
from store_credit_jobs.planning.plan_file import PlanHead
from store_credit_jobs.systems import connect
from store_credit_jobs.systems.system import AccountCheck
from store_credit_jobs.worker.order import Order

__all__ = ["carry_out"]


def carry_out(
    order: Order, configuration: Configuration, dsn: str, *, lease: float, events: Events, interrupts: Interrupts
) -> Result:
    """Carry an order out, or go on with it, for as long as the account is ours.

    Args:
        order: The order.
        configuration: The accounts of this machine.
        dsn: The database.
        lease: Seconds after which the account is free for others when this process is not heard of.
        events: Takes what is to be shown.
        interrupts: Is told when to stop.

    Raises:
        JobsError: `journal_locked`, another runner has the account; `lease_lost` or `step_moved`, another has taken it
            over meanwhile; `other_host` or `live_account`, this machine's account is not the one that is meant; or as
            the journal, the configuration and the first look at the account say. Nothing more is sent.
    """
    with closing(PostgresJournal(dsn, lease=lease)) as journal:
        job = journal.job(order.job)
        before = ended_before(job, journal)
        if before is not None:
            return before
        account = order.account_as_asked(_account(configuration, order, job))
        journal.hold(job.account)
        with closing(connect(account, read_credential(account), connections=order.concurrency + 1)) as system:
            check = system.check()
            _allow(check, order, account)
            result = run(
                job,
                journal,
                system,
                order.settings(account, check),
                events,
                interrupts=interrupts,
                may_send=journal.holds,
                owner=journal.owner,
            )
        events.emit(ended(result))
        return result


def _account(configuration: Configuration, order: Order, job: Job) -> Account:
    account = configuration.account(order.account)
    if account.identity != job.account:
        raise JobsError(
            "other_host",
            f"job {job.id} is for {job.account}, but account {account.name} in {configuration.file} is"
            f" {account.identity}. Nothing was sent.",
        )
    return account_of_plan(PlanHead(**job.head), account)


def _allow(check: AccountCheck, order: Order, account: Account) -> None:
    if check.problems:
        first = check.problems[0]
        text = f"account {account.name} cannot be used: {first.text}. Nothing was sent."
        if first.code == "clock_skew":
            # A process counts its time on from its start.
            text += " Then restart the worker."
        raise JobsError(first.code, text, problems=check.problems)
    if check.live and not order.live:
        # Under the same name this machine has a live key, and the one that the job was handed over on a test key.
        raise JobsError(
            "live_account",
            f"account {account.name} is live on this machine, but job {order.job} was not confirmed for real money."
            " Nothing was sent.",
        )
