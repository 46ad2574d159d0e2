"""Rows whose key an earlier job used: done already, still open, or in conflict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import attrs

from store_credit_jobs.errors import JobsError, Problem
from store_credit_jobs.journal.journal import Journal, KeyUse
from store_credit_jobs.journal.keys import payload_sha, standing
from store_credit_jobs.journal.steps import State
from store_credit_jobs.planning.plan_lines import PlanRow
from store_credit_jobs.planning.problems import Problems
from store_credit_jobs.quoting import visible

__all__ = ["EarlierKeys", "refuse_other_case", "refuse_other_name"]

_TOGETHER: Final = 500
"""Keys that are looked up at a time: a query for each is slow where the journal is on another machine."""
_ADVICE: Final = {
    "key_used": (
        "job {job} has the same in row {n}, which is {state}: run `store-credit issue settle {job}`, and plan "
        "again once the outcome is known"
    ),
    "key_conflict": (
        "job {job} used this key in row {n} for something else, which is {state}: give this row a different key, "
        "or the same customer, amount and text as before"
    ),
}


def refuse_other_name(journal: Journal | None, account: str, campaign: str, credential: str) -> None:
    """Refuse a campaign that was issued with the same credential under another name or address of the account.

    Keys are remembered by account, and go over the wire with it: what was renamed would be issued again, all of it.

    Args:
        journal: The workspace's journal, or None where there is none.
        account: The account's identity.
        campaign: The campaign.
        credential: The fingerprint of the account's credential.

    Raises:
        JobsError: `account_renamed`.
    """
    system = account.partition("|")[0]
    for job in () if journal is None else list(journal.jobs()):
        if job.campaign != campaign or job.account == account or job.account.partition("|")[0] != system:
            continue
        assert journal is not None
        used = next((step.credential for step in journal.steps(job.id) if step.credential is not None), None)
        if used == credential:
            raise JobsError(
                "account_renamed",
                f"job {job.id} of campaign {campaign} was sent with this credential by the account {job.account}. The"
                f" same credential now belongs to {account}, so the job's rows would be issued again. Restore the"
                " account's old name and address, or, if this is a different account, use another campaign. Nothing was"
                " sent",
            )


def refuse_other_case(journal: Journal | None, account: str, campaign: str) -> None:
    """Refuse a campaign whose name differs from another's of the account in capitals alone: it is that one, mistyped.

    Args:
        journal: The workspace's journal, or None where there is none.
        account: The account's identity.
        campaign: The campaign.

    Raises:
        JobsError: `campaign`.
    """
    for job in () if journal is None else journal.jobs():
        if job.account == account and job.campaign != campaign and job.campaign.lower() == campaign.lower():
            raise JobsError(
                "campaign",
                f"job {job.id} belongs to the campaign {job.campaign}; a plan for {campaign} would start a different"
                f" campaign and issue every credit again. Use {job.campaign}, or choose a name that differs in more"
                " than capitalization. Nothing was sent",
            )


class EarlierKeys:
    """What a campaign's keys were used for before.

    Args:
        journal: The workspace's journal, or None where there is none.
        account: The account's identity.
        campaign: The campaign.
        mode: The plan's mode.
        problems: Takes what stands against a row.
    """

    def __init__(self, journal: Journal | None, account: str, campaign: str, mode: str, problems: Problems) -> None:
        self._account = account
        self._campaign = campaign
        self._mode = mode
        self._problems = problems
        self._all = journal
        # A campaign that no job had needs no look at each of a million keys.
        new = journal is None or not any((job.account, job.campaign) == (account, campaign) for job in journal.jobs())
        self._journal = None if new else journal

    @property
    def any(self) -> bool:
        """Whether there are keys that were used before."""
        return self._journal is not None

    def refunded(self) -> Iterator[tuple[str, str | None, str, int]]:
        """Go through what jobs refunded, or may have: order, key if it is of this campaign, currency, minor units.

        What is paid for an order can be given back once, whatever the file and the campaign.
        """
        jobs = () if self._all is None else self._all.jobs()
        for job in [job for job in jobs if job.account == self._account and job.head.get("mode") == "refunds"]:
            assert self._all is not None
            for step in self._all.steps(job.id):
                order = step.payload.get("order")
                if step.action == "create" and order is not None and step.state is not State.REFUSED:
                    yield order, step.key if job.campaign == self._campaign else None, step.currency, step.minor

    def uses(self, keys: Sequence[str]) -> Mapping[str, KeyUse]:
        """Give what some keys were used for before, of those that were, in as few queries as the journal takes."""
        if self._journal is None:
            return {}
        found: dict[str, KeyUse] = {}
        for at in range(0, len(keys), _TOGETHER):
            found |= self._journal.key_uses(self._account, self._campaign, keys[at : at + _TOGETHER])
        return found

    def begun(self, keys: Sequence[str]) -> set[str]:
        """Give those of some keys under which something was done, or may have been."""
        return {key for key, use in self.uses(keys).items() if use.state not in (State.REFUSED, State.PLANNED)}

    def planned(self, row: PlanRow, use: KeyUse | None, name: str) -> PlanRow | None:
        """Give a row as it is to be planned: as it is, or with nothing to do; None where it cannot be.

        Args:
            row: The row as if its key was never used. In mode `set` its `then` is what it asks for.
            use: What its key was used for, by `uses`.
            name: What problems call the file.
        """
        if use is None:
            return row
        stands = standing(use, payload_sha(attrs.asdict(row), self._mode))
        if stands == "free":
            return row
        if stands == "already_done":
            return attrs.evolve(row, do="nothing", steps=(), why="already_done", job=use.job, made=use.made)
        text = _ADVICE[stands].format(job=use.job, n=use.n, state=use.state)
        self._problems.report(Problem(stands, text, name, row.line, visible(row.key)))
        return None
