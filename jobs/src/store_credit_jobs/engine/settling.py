"""Finds out what became of steps that were sent, before anything else is sent for them. Reads only."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from store_credit import APIConnectionError, APIStatusError, AuthenticationError, PermissionDeniedError, RateLimitError
from store_credit_jobs import steady_time
from store_credit_jobs.engine.events import Waiting
from store_credit_jobs.engine.limits import Limits
from store_credit_jobs.engine.settings import Settings
from store_credit_jobs.engine.tally import Tally
from store_credit_jobs.exit_codes import ExitCode
from store_credit_jobs.journal.journal import Journal
from store_credit_jobs.journal.steps import Outcome, State, Step
from store_credit_jobs.systems.system import System

__all__ = ["patiently", "settle"]

T = TypeVar("T")
_TOGETHER: Final = 200
_LONGEST_PAUSE: Final = 30.0


def settle(
    job: str,
    account: str,
    journal: Journal,
    system: System,
    settings: Settings,
    limits: Limits,
    tally: Tally,
    halt: threading.Event,
    *,
    states: Sequence[State] = (State.UNKNOWN,),
    clock: Callable[[], float] = time.monotonic,
    wall: Callable[[], float] = steady_time.now,
) -> list[Outcome]:
    """Look up the open steps of a job and write what was found.

    Returns:
        The outcomes by which a credit was found to be made more than once.

    Raises:
        JobsError: The journal could not be written.
    """
    doubled: list[Outcome] = []

    def once() -> None:
        steps = list(journal.open_steps(job, states=states))
        if steps:
            _look_up(steps, account, journal, system, settings, tally, halt, wall, doubled)

    patiently(once, settings, limits, halt, clock=clock)
    return doubled


def patiently(
    read: Callable[[], T],
    settings: Settings,
    limits: Limits,
    halt: threading.Event,
    *,
    clock: Callable[[], float] = time.monotonic,
) -> T | None:
    """Read from the server, again where it fails, for as long as the settings say.

    Args:
        read: Reads; begins anew when it is called again.
        settings: Have the patience.
        limits: Are told why the job has to stop.
        halt: Ends the waiting.
        clock: Monotonic seconds, of the clock that `halt` waits by.

    Returns:
        What `read` returned; None where the job is to stop.
    """
    began, pause = clock(), 1.0
    while True:
        try:
            return read()
        except (AuthenticationError, PermissionDeniedError) as error:
            limits.because(
                ExitCode.CREDENTIALS,
                "credentials_refused",
                f"The server refused the credentials: {error}. Correct them in the place that store-credit.toml "
                "names, and run the command again.",
            )
        except RateLimitError as error:
            pause = max(pause, error.retry_after or 0.0)
            if pause > settings.longest_wait:
                limits.because(
                    ExitCode.STOPPED, "wait_too_long", f"The server asks you to wait {pause / 3600:.1f} hours: {error}"
                )
        except (APIConnectionError, APIStatusError) as error:
            if clock() - began > settings.patience:
                limits.because(
                    ExitCode.STOPPED,
                    "server_down",
                    f"The server could not be read: {error}. Run the command again later.",
                )
        if halt.wait(pause):
            return None
        pause = min(2 * pause, _LONGEST_PAUSE)


def _look_up(
    steps: list[Step],
    account: str,
    journal: Journal,
    system: System,
    settings: Settings,
    tally: Tally,
    halt: threading.Event,
    wall: Callable[[], float],
    doubled: list[Outcome],
) -> None:
    found: list[Outcome] = []
    explains: set[str] = set()
    ready = max((step.last_sent or 0.0) + step.longest_grace(settings.grace) for step in steps)

    def explained(made: str) -> bool:
        # What was found a moment ago and is not written yet explains a credit, too.
        return made in explains or journal.explained(account, made)

    def stopped() -> bool:
        left = ready - wall()
        waiting: tuple[Waiting, float] | None = ("grace", left) if left > 0 else None
        tally.show(0, waiting)
        return halt.is_set()

    def write() -> None:
        if found:
            journal.settled(found)
            tally.written(found)
            doubled.extend(outcome for outcome in found if outcome.also_made)
            found.clear()
            explains.clear()

    try:
        for outcome in system.settle(steps, explained, stopped):
            found.append(outcome)
            if outcome.made is not None:
                explains.add(outcome.made)
            if len(found) >= _TOGETHER:
                write()
                tally.show(0, None)
            if halt.is_set():
                break
    finally:
        # Also where the server fails in the middle: what was found stays found.
        write()
