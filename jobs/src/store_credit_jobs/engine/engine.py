"""Carries a plan out: settles what is open, sends what is planned, again and again, and proves the end."""

from __future__ import annotations

import os
import secrets
import socket
import time
from collections.abc import Callable, Iterator

from store_credit_jobs import steady_time
from store_credit_jobs.engine.circuit import Circuit
from store_credit_jobs.engine.closing import Amounts, Closing
from store_credit_jobs.engine.events import Events, JobStarted, Silent
from store_credit_jobs.engine.gate import Gate
from store_credit_jobs.engine.interrupts import Interrupts
from store_credit_jobs.engine.limits import Limits, Reason
from store_credit_jobs.engine.pacer import Pacer
from store_credit_jobs.engine.proof import Proof
from store_credit_jobs.engine.result import Result, amount, refusals
from store_credit_jobs.engine.sending import Sender
from store_credit_jobs.engine.settings import Settings
from store_credit_jobs.engine.settling import patiently, settle
from store_credit_jobs.engine.tally import Tally
from store_credit_jobs.exit_codes import ExitCode, worst
from store_credit_jobs.journal.journal import Job, Journal, Totals
from store_credit_jobs.journal.steps import Outcome, State, Step
from store_credit_jobs.systems.system import System

__all__ = ["ended_before", "run"]

_OPEN = (State.PLANNED, State.SENDING, State.UNKNOWN, State.HELD)


def run(
    job: Job,
    journal: Journal,
    system: System,
    settings: Settings | None = None,
    events: Events | None = None,
    *,
    interrupts: Interrupts | None = None,
    may_send: Callable[[], bool] | None = None,
    owner: str | None = None,
    clock: Callable[[], float] = time.monotonic,
    wall: Callable[[], float] = steady_time.now,
) -> Result:
    """Carry a job out, or go on with it: running the same again is how a job is resumed.

    What an earlier runner was sending is looked up first; a row is sent again only where that is proven to be harmless.
    A job that has ended sends nothing and reads nothing from the server.

    Args:
        job: From `Journal.begin` or `Journal.job`.
        journal: Where everything is remembered; used by the calling thread alone.
        system: The account's system; used by several threads.
        settings: How it is run.
        events: Takes what is to be shown; called by the calling thread.
        interrupts: For a program that asks the job to stop; SIGINT and SIGTERM are taken while the job runs if this is
            the main thread.
        may_send: Asked right before each request, for a lease that several machines share.
        owner: Who claims; host and process if None.
        clock: Monotonic seconds.
        wall: Seconds since 1970.

    Returns:
        How it ended. Nothing of the server's or the network's doing is raised.

    Raises:
        JobsError: The journal could not be read or written: `disk_full`, `journal_damaged`, `journal_locked`.
        KeyboardInterrupt: Ctrl-C came a second time. Running the job again goes on, safely.
    """
    runner = _Runner(
        job,
        journal,
        system,
        settings or Settings(),
        events or Silent(),
        interrupts or Interrupts(),
        may_send,
        owner or f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}",
        clock,
        wall,
    )
    with runner.interrupts.caught():
        return runner.run()


def ended_before(job: Job, journal: Journal) -> Result | None:
    """Tell how a job ended that has nothing left to do; None where there is something. Asks the journal alone."""
    totals = journal.totals(job.id)
    if job.state != "ended" or any(totals.states.get(state) for state in _OPEN):
        return None
    refused = refusals(journal, job.id) if totals.states.get(State.REFUSED) else {}
    exit_code = ExitCode.REFUSED if refused else ExitCode.DONE
    return Result(job.id, exit_code, (), totals, refused, 0, 0.0, None, resumable=False)


class _Runner:
    def __init__(
        self,
        job: Job,
        journal: Journal,
        system: System,
        settings: Settings,
        events: Events,
        interrupts: Interrupts,
        may_send: Callable[[], bool] | None,
        owner: str,
        clock: Callable[[], float],
        wall: Callable[[], float],
    ) -> None:
        self.job = job
        self.journal = journal
        self.system = system
        self.settings = settings
        self.events = events
        self.interrupts = interrupts
        self.halt = interrupts.halt
        self.may_send = may_send
        self.owner = owner
        self.clock = clock
        self.wall = wall
        self.doubled: list[Outcome] = []

    def run(self) -> Result:
        self.journal.adopt(self.job.id, owner=self.owner)
        self.tally = Tally(
            self.job.id,
            self.journal,
            self.events,
            simple=self.job.head.get("mode") in ("add", "refunds"),
            clock=self.clock,
        )
        self._started()
        self.limits = Limits(
            self.settings,
            self.halt,
            done=self.tally.done,
            open_steps=self._may_have_happened(),
            wall=self.wall,
        )
        before = ended_before(self.job, self.journal)
        if before is not None:
            return before
        self._rounds()
        self.tally.read()
        self.tally.show(0, None, now=True)
        proof = None if self.halt.is_set() else self._proof()
        totals = self.journal.totals(self.job.id)
        result = self._result(totals, proof)
        broken = result.exit_code is ExitCode.BROKEN
        if broken or (proof is not None and not any(totals.states.get(state) for state in _OPEN)):
            self.journal.end(self.job.id, broken=broken, result=result.as_json())
        return result

    def _started(self) -> None:
        tally = self.tally
        sent = any(number for state, number in tally.states.items() if state is not State.PLANNED)
        self.events.emit(
            JobStarted(
                job=self.job.id,
                account=self.job.account,
                campaign=self.job.campaign,
                kind=self.job.kind,
                rows=tally.rows,
                nothing=tally.nothing,
                states=dict(tally.states),
                planned=tally.planned,
                done=dict(tally.done),
                resumed=sent,
                concurrency=self.settings.concurrency,
            )
        )

    def _rounds(self) -> None:
        settings = self.settings
        pacer = Pacer(
            rate=settings.rate,
            per_minute=settings.per_minute,
            heeds=settings.paced and settings.rate is None,
            clock=self.clock,
            jitter=settings.jitter,
        )
        gate = Gate(pacer, Circuit(clock=self.clock), self.halt, clock=self.clock)
        for _ in range(settings.rounds):
            self._settle()
            if self.halt.is_set():
                return
            self.tally.phase = "sending"
            sender = Sender(
                self.job.id,
                self.owner,
                self.journal,
                self.system,
                settings,
                gate,
                self.limits,
                self.tally,
                self.halt,
                may_send=self.may_send,
                clock=self.clock,
                wall=self.wall,
            )
            sender.send()
            self.tally.read()
            if self.halt.is_set() or not self.tally.states[State.UNKNOWN]:
                return
        self._settle()

    def _settle(self) -> None:
        self.limits.look(0.0)
        if self.halt.is_set() or not self.tally.states[State.UNKNOWN]:
            return
        self.tally.phase = "settling"
        self.doubled += settle(
            self.job.id,
            self.job.account,
            self.journal,
            self.system,
            self.settings,
            self.limits,
            self.tally,
            self.halt,
            clock=self.clock,
            wall=self.wall,
        )
        self.tally.read()
        if self.settings.max_total:
            self.limits.recount(self.tally.done, self._may_have_happened())

    def _may_have_happened(self) -> Iterator[Step]:
        return self.journal.open_steps(self.job.id, states=(State.UNKNOWN, State.HELD))

    def _proof(self) -> Proof | None:
        tally, settings = self.tally, self.settings
        tally.phase = "checking"
        totals = self.journal.totals(self.job.id)
        states = State.SENDING, State.UNKNOWN, State.HELD, State.PLANNED
        amounts = {
            currency: Amounts(
                planned,
                amount(totals, currency, State.DONE),
                amount(totals, currency, State.REFUSED),
                amount(totals, currency, *states),
            )
            for currency, planned in totals.planned.items()
        }
        skew = settings.skew if tally.skew is None else tally.skew
        closing = Closing(self.job.account, self.journal, self.system, skew=skew, halt=self.halt, met=self._met)

        def scan() -> Proof | None:
            tally.checked = 0
            return closing.scan(
                self.job.id, amounts, rows=tally.rows, plan_rows=settings.plan_rows, plan_totals=settings.plan_totals
            )

        return patiently(scan, settings, self.limits, self.halt, clock=self.clock)

    def _met(self) -> None:
        self.tally.checked += 1
        self.tally.show(0, None)

    def _result(self, totals: Totals, proof: Proof | None) -> Result:
        reasons = list(self.limits.reasons)
        if proof is None:
            reasons += [_doubled(outcome) for outcome in self.doubled]
        else:
            breaks = (finding for finding in proof.findings if finding.breaks)
            reasons += [Reason(ExitCode.BROKEN, finding.code, finding.text) for finding in breaks]
        if self.interrupts.asked:
            text = f"Stopped by {self.interrupts.signal or 'the program'}. Run the same command again to continue."
            reasons.append(Reason(ExitCode.INTERRUPTED, "interrupted", text))
        codes = [reason.exit_code for reason in reasons]
        left = {state: totals.states.get(state, 0) for state in _OPEN}
        if any(left.values()) and not reasons:
            reasons.append(_left(self.job.id, left))
        sent = any(left[state] for state in (State.SENDING, State.UNKNOWN, State.HELD))
        if sent or (left[State.PLANNED] and not codes):
            codes.append(ExitCode.OPEN)
        if totals.states.get(State.REFUSED):
            codes.append(ExitCode.REFUSED)
        return Result(
            self.job.id,
            worst(codes),
            tuple(reasons),
            totals,
            refusals(self.journal, self.job.id) if totals.states.get(State.REFUSED) else {},
            self.tally.requests,
            self.tally.seconds,
            proof,
            any(left[state] for state in (State.PLANNED, State.SENDING, State.UNKNOWN)),
        )


def _doubled(outcome: Outcome) -> Reason:
    also = ", ".join(outcome.also_made)
    text = (
        f"Row {outcome.step.key} was done by credit {outcome.made}, but {also} also has its mark. Take back the "
        "second credit."
    )
    return Reason(ExitCode.BROKEN, "double_found", text)


def _left(job: str, left: dict[State, int]) -> Reason:
    told: list[str] = []
    again = left[State.PLANNED] + left[State.SENDING] + left[State.UNKNOWN]
    if again:
        told.append(f"The outcome of {again} rows is unknown: run the command again.")
    if held := left[State.HELD]:
        rows = "1 row waits" if held == 1 else f"{held} rows wait"
        told.append(
            f"{rows} for a decision: to see why, run `store-credit jobs show {job}`; to record a decision, run"
            " `store-credit issue decide`."
        )
    return Reason(ExitCode.OPEN, "rows_left", " ".join(told))
