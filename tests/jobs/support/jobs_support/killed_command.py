"""The command `store-credit` in a fork, which kills itself with SIGKILL, or fills its disk, at a chosen point.

Points, each at its Nth time: `claimed`, once claims are written and nothing of them is sent; `sending`, right before
a request; `answered`, once its response is there; `writing`, before outcomes are written; `settling`, in the middle of
looking up. At `full` no file can grow any more when outcomes are to be written. `never` is the command as it is.
`frozen-` before a point: SIGSTOP in the place of SIGKILL.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
import threading
from collections.abc import Iterator
from typing import Any

import store_credit_jobs.systems as systems
from store_credit_jobs.cli.main import main
from store_credit_jobs.journal.sqlite_journal import SqliteJournal
from store_credit_jobs.journal.steps import Outcome, Step

__all__ = ["POINTS", "run_command"]

_SHORT = 32_768
POINTS = ("claimed", "sending", "answered", "writing", "settling")


class _Killer:
    def __init__(self, point: str, count: int) -> None:
        self._point, self._left, self._lock = point.removeprefix("frozen-"), count, threading.Lock()
        self._signal = signal.SIGSTOP if point.startswith("frozen-") else signal.SIGKILL

    def at(self, point: str) -> None:
        if point != self._point:
            return
        with self._lock:
            self._left -= 1
            if self._left == 0 and point == "full":
                # Files that are short, as what is said here, may go on growing; the journal's log is longer than that.
                resource.setrlimit(resource.RLIMIT_FSIZE, (_SHORT, _SHORT))
            elif self._left == 0:
                os.kill(os.getpid(), self._signal)


class _Hooked:
    """A system that passes the points."""

    def __init__(self, system: Any, killer: _Killer) -> None:
        self._system, self._killer = system, killer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._system, name)

    def execute(self, step: Step) -> Outcome:
        self._killer.at("sending")
        outcome = self._system.execute(step)
        self._killer.at("answered")
        return outcome

    def settle(self, *arguments: Any) -> Iterator[Outcome]:
        for outcome in self._system.settle(*arguments):
            yield outcome
            self._killer.at("settling")


def hook(point: str, count: int) -> None:
    """Have this process killed there."""
    killer = _Killer(point, count)
    connect, advance = systems.connect, SqliteJournal.advance

    def hooked(*arguments: Any, **more: Any) -> Any:
        return _Hooked(connect(*arguments, **more), killer)

    def passing(self: Any, job: str, outcomes: Any, claim: int, **more: Any) -> Any:
        if outcomes:
            killer.at("writing")
            killer.at("full")
        claimed = advance(self, job, outcomes, claim, **more)
        if claimed:
            killer.at("claimed")
        return claimed

    systems.connect = hooked
    SqliteJournal.advance = passing  # type: ignore[method-assign]


def run_command(arguments: list[str], variables: dict[str, str], folder: str, kill: tuple[str, int], told: str) -> None:
    """Run the command in this process, which is a fork, and end it.

    Args:
        arguments: Of the command.
        variables: Of its environment.
        folder: Where it runs.
        kill: Point and count.
        told: Where its stdout and stderr go: a path, to which `.out` and `.err` are added.
    """
    os.environ.update(variables)
    os.chdir(folder)
    for number, ending in ((1, "out"), (2, "err")):
        os.dup2(os.open(f"{told}.{ending}", os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), number)
    sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: PTH123, SIM115 - the process ends
    sys.stdout, sys.stderr = (os.fdopen(number, "w", encoding="utf-8") for number in (1, 2))
    hook(*kill)
    code = 70
    try:
        main(arguments)
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else 70
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
