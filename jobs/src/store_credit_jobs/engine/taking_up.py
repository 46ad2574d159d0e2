"""From a plan to its job: the one that has it already, or a new one."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from math import inf
from pathlib import Path
from typing import Any

import attrs

from store_credit_jobs.config import Account
from store_credit_jobs.errors import JobsError
from store_credit_jobs.journal.journal import Job, Journal
from store_credit_jobs.planning.plan_file import MAX_AGE, PlanHead, PlanSeal, check_head, read_head, read_lines

__all__ = ["account_of_job", "account_of_plan", "find_job", "take_up"]


def account_of_plan(head: PlanHead, account: Account) -> Account:
    """Give an account as the plan wants it used: who issues, and the category, are decided there."""
    return _decided(head.settings, account)


def account_of_job(job: Job, account: Account) -> Account:
    """Give an account as a job's plan wants it used: what it sent is found under no other user."""
    return _decided(job.head.get("settings") or {}, account)


def _decided(settings: Mapping[str, Any], account: Account) -> Account:
    said = {name: settings[name] for name in ("created_by", "category") if settings.get(name) is not None}
    return attrs.evolve(account, **said)


def find_job(journal: Journal, seal: PlanSeal) -> Job | None:
    """Find the job that has a plan already."""
    return next((job for job in journal.jobs() if job.plan_sha == seal.sha256), None)


def take_up(
    plan: Path,
    head: PlanHead,
    seal: PlanSeal,
    journal: Journal,
    account: Account,
    *,
    now: float | None = None,
    max_age: float = MAX_AGE,
) -> Job:
    """Take a plan over into the journal, or give the job that has it already. Sends nothing.

    Args:
        plan: The plan's file.
        head: Its head.
        seal: Its seal, from `check_seal`.
        journal: The journal.
        account: The account that it is to be carried out on.
        now: Seconds since 1970.
        max_age: How many seconds old a plan may be; one of which something was sent may be of any age.

    Raises:
        JobsError: `other_host`, `plan_old`, `plan_changed`; or a row's key is used, see `Journal.begin`.
    """
    found = find_job(journal, seal)
    now = time.time() if now is None else now
    check_head(head, account, now=now, max_age=inf if _sent(found, journal) else max_age)
    if found is not None:
        if found.head.get("id") != head.id:
            raise _replaced(plan)
        return found
    return journal.begin(attrs.asdict(head), _rows(plan, head, seal), seal.sha256)


def _sent(job: Job | None, journal: Journal) -> bool:
    """Whether anything of a job was sent; one that was refused for want of a person's word is no more than a plan."""
    return job is not None and (job.state != "open" or any(step.attempt for step in journal.steps(job.id)))


def _rows(plan: Path, head: PlanHead, seal: PlanSeal) -> Iterator[dict[str, Any]]:
    # Where the file was changed or replaced since it was checked, this raises, and nothing of it is taken over. Both
    # what a person confirms and the account have been read by then, so the rows must be those that they go with.
    yield from read_lines(plan, seal)
    if read_head(plan) != head:
        raise _replaced(plan)


def _replaced(plan: Path) -> JobsError:
    return JobsError("plan_changed", f"{plan} was replaced while it was being read. Plan again; nothing was sent")
