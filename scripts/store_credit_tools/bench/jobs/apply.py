"""A plan carried out, with everything that makes it safe, against a loop by hand that keeps nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import ExitStack

from store_credit_mock import Fault
from store_credit_mock.control import Control
from store_credit_tools.bench.groups import QUICK, Effort, Group
from store_credit_tools.bench.interleave import Sampler, interleave
from store_credit_tools.bench.mock.servers import CONTROL_TOKEN, mock
from store_credit_tools.bench.processes import Contender, Worker
from store_credit_tools.bench.results import Comparison

__all__ = ["GROUPS"]

ROWS = 2500
SLOW_ROWS = 1500
LIMITED_ROWS = 500
MANY = 100_000
ROUNDS = 5
WORKERS = (1, 4, 16, 64)
LATENCY = 0.1
"""Seconds that each response of the slow server waits."""
_RATE, _SIZE = 100, 100
"""A limit as VINR's production has it: requests a second, and how many at once."""
_ANY = 1e6
"""Requests a second: none of these servers refuses, and what they announce is not to be waited for."""


def _measure(names: Sequence[str], effort: Effort) -> Mapping[str, Sequence[float]]:
    """Names are `who/workers/figure`; who is `journal` or `loop`."""
    return _against_mock(names, effort, ROWS, delay=None)


def _slow(names: Sequence[str], effort: Effort) -> Mapping[str, Sequence[float]]:
    """The same against a server that takes its time."""
    return _against_mock(names, effort, SLOW_ROWS, delay=LATENCY)


def _against_mock(
    names: Sequence[str], effort: Effort, rows: int, *, delay: float | None
) -> Mapping[str, Sequence[float]]:
    rows = rows // 5 if effort is QUICK else rows
    pairs = sorted({tuple(name.split("/")[:2]) for name in names})
    found: dict[str, list[float]] = {name: [] for name in names}
    with ExitStack() as stack:
        server = stack.enter_context(mock("--observe"))
        if delay is not None:
            Control.connect(server.url, CONTROL_TOKEN).add_fault(Fault("vinr.store_credit.create", delay=delay))
        figures: dict[tuple[str, ...], list[list[float]]] = {pair: [] for pair in pairs}
        samplers: dict[str, Sampler] = {}
        for pair in pairs:
            who, workers = pair
            arguments = [server.url, rows, int(workers), *([_ANY] if who == "journal" else [])]
            # The server has the first core.
            worker = stack.enter_context(Worker(Contender("apply", who, arguments), 1.0, place=1))

            def sample(pair: tuple[str, ...] = pair, worker: Worker = worker) -> float:
                figures[pair].append(json.loads(worker.ask("figure")))
                return 0.0

            samplers["/".join(pair)] = sample
        rounds = effort.times(ROUNDS)
        interleave(samplers, rounds)
    for name in names:
        who, workers, figure = name.split("/")
        place = ("rate", "cpu", "share").index(figure)
        found[name] = [one[place] for one in figures[who, workers][-rounds:]]
    return found


def _limited(names: Sequence[str], effort: Effort) -> Mapping[str, Sequence[float]]:
    """How long a job takes beside what the limit allows, and how much of it is refused."""
    del effort
    found: dict[str, list[float]] = {name: [] for name in names}
    for workers in sorted({name.split("/")[0] for name in names}):
        with mock("--observe", "--rate-limit", f"{_RATE}:{_SIZE}") as server:
            worker = Worker(Contender("apply", "journal", [server.url, LIMITED_ROWS, int(workers)]), 1.0, place=1)
            with worker:
                rate, _, _, requests = json.loads(worker.ask("figure"))
        ideal = (LIMITED_ROWS - _SIZE) / _RATE
        figures = {"time": LIMITED_ROWS / rate / ideal, "refused": (requests - 1) * 100}
        for name in names:
            if name.startswith(f"{workers}/"):
                found[name].append(figures[name.split("/")[1]])
    return found


def _rehearsed(names: Sequence[str], effort: Effort) -> Mapping[str, Sequence[float]]:
    """Rows a second on the mock inside the process, and by the SDK from one that serves."""
    rows = ROWS // 5 if effort is QUICK else ROWS
    with ExitStack() as stack:
        server = stack.enter_context(mock("--observe"))
        arguments = {"rehearse": [rows], "served": [server.url, rows]}
        workers = {
            name: stack.enter_context(Worker(Contender("apply", name, arguments[name]), 1.0, place=1)) for name in names
        }
        samplers = {name: (lambda worker=worker: float(worker.ask("figure"))) for name, worker in workers.items()}
        return interleave(samplers, effort.times(ROUNDS))


def _resumed(names: Sequence[str], effort: Effort) -> Mapping[str, Sequence[float]]:
    many = MANY // 10 if effort is QUICK else MANY
    with Worker(Contender("apply", "resume", [many]), 1.0, place=1) as worker:
        return {name: [json.loads(worker.ask("figure"))[0] for _ in range(3)] for name in names}


def _comparisons(workers: int) -> list[Comparison]:
    name = f"apply {ROWS:,} rows, {workers} at once, against a loop of httpx without a journal"
    ours, theirs = f"journal/{workers}", f"loop/{workers}"
    return [
        Comparison(f"{name}, rows a second", "1/s", f"{ours}/rate", f"{theirs}/rate", 1.1, at_least=True),
        Comparison(f"{name}, CPU of a row", "us", f"{ours}/cpu", f"{theirs}/cpu", 0.9),
    ]


GROUPS = [
    Group("apply a plan", [one for workers in WORKERS for one in _comparisons(workers)], _measure),
    Group(
        "apply a plan, and the journal alone",
        [Comparison("the journal's share of the time of an apply, 8 at once", "1", "journal/8/share", None, 0.2)],
        _measure,
    ),
    Group(
        "apply a plan far away",
        [
            Comparison(
                f"apply {SLOW_ROWS:,} rows where responses take 100 ms, 64 at once, against a loop, rows a second",
                "1/s",
                "journal/64/rate",
                "loop/64/rate",
                0.95,
                at_least=True,
            )
        ],
        _slow,
    ),
    Group(
        "apply a plan under a limit",
        [
            comparison
            for workers in (4, 16, 48)
            for comparison in (
                Comparison(
                    f"time under a limit beside the ideal, {workers} at once", "1", f"{workers}/time", None, 1.1
                ),
                Comparison(f"requests that a limit refused, {workers} at once", "%", f"{workers}/refused", None, 3.0),
            )
        ],
        _limited,
    ),
    Group(
        "rehearse a plan",
        [
            Comparison(
                f"rehearse {ROWS:,} rows, against the SDK and a mock that serves, one at a time, rows a second",
                "1/s",
                "rehearse",
                "served",
                0.9,
                at_least=True,
            )
        ],
        _rehearsed,
    ),
    Group(
        "resume what has ended",
        [Comparison(f"resume of a job of {MANY:,} rows that has ended, CPU time", "s", "resume", None, 2.0)],
        _resumed,
    ),
]
