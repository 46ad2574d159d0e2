"""Whole jobs that go on as new processes: with responses that are lost, and rows that are open when they stop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jobs_support.job_bench import JobBench
from store_credit_jobs.exit_codes import ExitCode
from store_credit_jobs.journal.steps import State

__all__ = ["CREATES", "SYSTEMS", "Maker", "lose", "run", "stop_at", "stopped_with_open_rows"]

Maker = Callable[..., JobBench]
SYSTEMS = ("vinr", "spree-v2", "spree-v3")
CREATES = "*.create"


def run(job: JobBench, **more: Any) -> Any:
    """Run it, or go on with it, as a new process: one request at a time, another connection."""
    return job.run(system=job.connect(), **{"concurrency": 1, **more})


def lose(job: JobBench, *numbers: int, arrives: bool = True) -> None:
    """Have the responses of some creates lost, from now on counted, after they were carried out or before."""
    for number in numbers:
        job.mock.fault(CREATES, nth=number, drop=True, when="after" if arrives else "before")


def stop_at(job: JobBench, number: int) -> None:
    """Have the job asked to stop while it sends its Nth write."""
    job.wire.before = lambda now, request: job.interrupts.ask("SIGTERM") if now == number else None


def stopped_with_open_rows(job: JobBench) -> JobBench:
    """Row 1 was carried out and row 2 was not, and of neither there is a response; row 3 is done, the rest planned."""
    lose(job, 1)
    lose(job, 2, arrives=False)
    stop_at(job, 3)
    assert run(job).exit_code is ExitCode.INTERRUPTED
    assert [job.step(n).state for n in (1, 2, 3, 4)] == [State.UNKNOWN, State.UNKNOWN, State.DONE, State.PLANNED]
    return job
