"""Taking a job back: what each of its credits has become since, and the request that undoes it, if there is one."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import count
from typing import Any, Final

import attrs

from store_credit_jobs.config import Account
from store_credit_jobs.credit import Credit
from store_credit_jobs.journal.journal import Job, Journal, KeyUse
from store_credit_jobs.journal.steps import State, Step
from store_credit_jobs.planning.plan_file import PlanHead, PlanRow, PlanStep
from store_credit_jobs.planning.undo_left import Left
from store_credit_jobs.systems.system import Abilities, System
from store_credit_jobs.wire_key import wire_key

__all__ = ["EXPIRES_AFTER", "Undo", "head_of"]

EXPIRES_AFTER: Final = 120
"""Seconds until a credit that cannot be deleted expires, counted by the server's clock when the request is sent: a time
that has passed is refused."""
_BEFORE: Final = 86_400.0
"""Seconds before a job's beginning from which on its credits are listed: clocks err."""
_OPEN: Final = frozenset({State.SENDING, State.UNKNOWN, State.HELD})
_FREE: Final = frozenset({State.REFUSED, State.PLANNED})
"""Nothing came of an earlier undo: another takes its place."""


def head_of(job: Job, account: Account, *, partly_used: bool, now: float) -> PlanHead:
    """Make the head of a plan that takes a job back.

    Args:
        job: Which job.
        account: Its account.
        partly_used: As in `Undo`.
        now: The time by this machine's clock, seconds since 1970.
    """
    made = datetime.fromtimestamp(now, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    settings: dict[str, Any] = job.head.get("settings") or {}
    return PlanHead(
        id=_plan_id(now),
        campaign=job.campaign,
        account=account.name,
        identity=account.identity,
        system=account.system,
        host=account.host,
        made=made,
        source={"job": job.id, "sha256": job.plan_sha},
        mode="undo",
        kind="undo",
        tool=version("store-credit-jobs"),
        undoes=job.id,
        settings={**settings, "partly_used": partly_used},
    )


class Undo:
    """The rows of a plan that takes a job back, made as they are asked for, and what stays.

    Args:
        journal: The journal.
        job: Which job.
        system: The account's system; read from alone.
        partly_used: Whether what remains of partly used credits is taken back as well.
        now: The time by the server's clock, seconds since 1970.

    Attributes:
        left: What is not undone, as far as `rows` has come.
        read: How many credits have been read.
    """

    def __init__(self, journal: Journal, job: Job, system: System, *, partly_used: bool, now: float) -> None:
        self.left: list[Left] = []
        self.read = 0
        self._journal = journal
        self._job = job
        self._system = system
        self._abilities = system.abilities
        self._partly_used = partly_used
        self._now = now

    def requests(self) -> int:
        """Estimate how many requests reading takes."""
        done = sum(1 for step in self._journal.steps(self._job.id) if step.state is State.DONE)
        return -(-done // 100) if self._abilities.scan else done

    def rows(self) -> Iterator[PlanRow]:
        """Go through the rows of the plan, in the order of the job's.

        Raises:
            StoreCreditError: The server does not respond as it should.
        """
        read = self._reader()
        numbers = count(1)
        for step in self._journal.steps(self._job.id):
            if step.state in _OPEN or (step.state is State.PLANNED and step.first_sent is not None):
                # One that is to be sent again under its key may have happened as well.
                self._leave(step, None, step.minor, "outcome_open", "its outcome is unknown; settle it first")
            elif step.state is State.PLANNED:
                text = "nothing has been sent for it yet, and the job would send it if it were run again"
                self._leave(step, None, step.minor, "not_sent", text)
            elif step.state is State.DONE:
                if step.code == "double_found":
                    text = f"{step.said}; this undoes one of them, and the job's repair file lists the others"
                    self._leave(step, None, step.minor, "doubled", text)
                if (row := self._row(step, read)) is not None:
                    yield attrs.evolve(row, n=next(numbers))

    def _reader(self) -> Callable[[Step], Credit | None]:
        """Read all credits at once where there is a list of them, else one by one."""
        if not self._abilities.scan:
            return self._one
        wanted = {
            step.made for step in self._journal.steps(self._job.id) if step.action == "create" and step.made is not None
        }
        since = min(
            (step.first_sent for step in self._journal.steps(self._job.id) if step.first_sent is not None),
            default=self._now,
        )
        listed = {
            credit.id: credit
            for credit in self._system.credits(since=since - _BEFORE, mine=True)
            if credit.id in wanted
        }
        self.read += len(listed)

        def read(step: Step) -> Credit | None:
            found = None if step.made is None else listed.get(step.made)
            # What is not listed may have been changed in what was listed by.
            return self._one(step) if found is None else found

        return read

    def _one(self, step: Step) -> Credit | None:
        credit = step.made if step.target is None else step.target
        assert credit is not None
        self.read += 1
        return self._system.credit(credit, step.customer)

    def _row(self, step: Step, read: Callable[[Step], Credit | None]) -> PlanRow | None:
        """The row that undoes a step, or None where it is left."""
        key, use = self._key(step)
        if use is not None and use.state is State.DONE:
            return self._nothing(step, key, "already_done", job=use.job, made=use.made)
        if use is not None:
            text = f"job {use.job} is already undoing it; finish that job"
            return self._leave(step, step.made, step.minor, "undo_open", text)
        now = read(step)
        if now is not None and now.invalid is not None:
            text = f"{now.id} was changed to {now.invalid}, which is not a valid amount"
            return self._leave(step, now.id, step.minor, "changed_since_job", text)
        if step.action == "create":
            return self._nothing(step, key, "already_so") if now is None else self._of_create(step, key, now)
        if step.action == "delete":
            return self._nothing(step, key, "already_so") if now is not None else self._of_delete(step, key)
        if now is None:
            return self._leave(
                step, step.target, step.minor, "changed_since_job", f"{step.target} has since been deleted"
            )
        return self._of_update(step, key, now)

    def _key(self, step: Step) -> tuple[str, KeyUse | None]:
        """A key for undoing a step, and what it was used for where that stands in the way."""
        key = f"undo:{self._job.id}:{step.n}.{step.s}:{step.key}"
        use = self._journal.key_use(self._job.account, self._job.campaign, key)
        return key, None if use is not None and use.state in _FREE else use

    # What undoes what

    def _of_create(self, step: Step, key: str, now: Credit) -> PlanRow | None:
        can = self._abilities
        if (now.minor, now.currency) != (step.minor, step.currency):
            text = f"{now.id} has since been changed to {now.minor} {now.currency} (minor units)"
            return self._leave(step, now.id, now.minor, "changed_since_job", text)
        if can.delete and now.untouched:
            return self._with(
                step, key, "delete", now, now.minor, PlanStep("delete", "", now.minor, now.id, _seen(now))
            )
        if can.expiry and not can.delete and now.expires is not None and now.expires <= self._now:
            return self._nothing(step, key, "already_so")
        if now.remaining <= 0:
            return self._leave(
                step, now.id, now.minor, "used_up", f"all of {now.id} has been used or is reserved for orders"
            )
        if not now.untouched and not self._may_take_rest(can):
            text = f"some of {now.id} has been used or is reserved, so Spree can neither change nor delete it"
            return self._leave(step, now.id, now.minor, "mode_unsupported", text)
        if not now.untouched and not self._partly_used:
            reason = "partly_used" if now.used else "authorized_open"
            text = f"{now.used} of {now.id} have been used and {now.authorized} are reserved (minor units)"
            text = f"{text}; to take the rest, use --partly-used"
            return self._leave(step, now.id, now.minor, reason, text)
        if can.expiry:
            change = PlanStep("update", "", now.minor, now.id, _seen(now))
            row = self._with(step, key, "expire", now, now.remaining, change)
            return attrs.evolve(row, expires_in=EXPIRES_AFTER)
        floor = now.used + now.authorized
        change = PlanStep("update", "", floor, now.id, _seen(now), {"minor": floor})
        return self._with(step, key, "reduce", now, now.remaining, change)

    def _may_take_rest(self, can: Abilities) -> bool:
        return can.expiry or can.reduce_used

    def _of_update(self, step: Step, key: str, now: Credit) -> PlanRow | None:
        before: dict[str, Any] = step.before or {}
        if self._abilities.expiry:
            return self._of_expiry(step, key, now, before.get("expires"))
        minor = before.get("minor")
        if minor is None or now.minor != step.minor:
            text = f"{now.id} has since been changed to {now.minor} {now.currency} (minor units)"
            return self._leave(step, now.id, now.minor, "changed_since_job", text)
        if not now.untouched and not self._abilities.reduce_used:
            text = f"some of {now.id} has been used or is reserved, so Spree cannot change it"
            return self._leave(step, now.id, now.minor, "mode_unsupported", text)
        change = PlanStep("update", "", minor, now.id, _seen(now), {"minor": minor})
        return self._with(step, key, "restore", now, minor - now.minor, change)

    def _of_expiry(self, step: Step, key: str, now: Credit, old: int | None) -> PlanRow | None:
        if now.expires == old:
            return self._nothing(step, key, "already_so")
        if old is not None and old <= self._now:
            text = f"{now.id} would have expired by now anyway"
            return self._leave(step, now.id, now.remaining, "date_past", text)
        change = PlanStep("update", "", now.minor, now.id, _seen(now), {"expires": old})
        return attrs.evolve(self._with(step, key, "restore", now, now.remaining, change), expires=old)

    def _of_delete(self, step: Step, key: str) -> PlanRow:
        """A deleted credit cannot return: another takes its place."""
        before: dict[str, Any] = step.before or {}
        minor = before.get("minor", step.minor)
        return PlanRow(
            n=0,
            key=key,
            do="create",
            customer=step.customer,
            minor=minor,
            currency=step.currency,
            expires=before.get("expires"),
            memo=before.get("memo"),
            category=before.get("category"),
            steps=(PlanStep("create", self._wire(key), minor),),
        )

    # Parts

    def _with(self, step: Step, key: str, do: str, now: Credit, minor: int, change: PlanStep) -> PlanRow:
        return PlanRow(
            n=0,
            key=key,
            do=do,
            customer=step.customer,
            minor=minor,
            currency=now.currency,
            steps=(attrs.evolve(change, wire=self._wire(key)),),
        )

    def _nothing(self, step: Step, key: str, why: str, *, job: str | None = None, made: str | None = None) -> PlanRow:
        return PlanRow(
            n=0,
            key=key,
            do="nothing",
            customer=step.customer,
            minor=step.minor,
            currency=step.currency,
            why=why,
            job=job,
            made=made,
        )

    def _wire(self, key: str) -> str:
        return wire_key(self._job.account, self._job.campaign, key)

    def _leave(self, step: Step, credit: str | None, minor: int, reason: str, text: str) -> None:
        self.left.append(Left(step.key, step.customer, credit, minor, step.currency, reason, text))


def _plan_id(now: float) -> str:
    """Make an id that sorts by time."""
    return f"pl_{int(now * 1000):012x}{secrets.token_hex(5)}"


def _seen(credit: Credit) -> dict[str, Any]:
    """What a credit looked like, and what another in its place would need."""
    return {
        "minor": credit.minor,
        "used": credit.used,
        "authorized": credit.authorized,
        "expires": credit.expires,
        "memo": credit.memo,
        "category": credit.category,
    }
