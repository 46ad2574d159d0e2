"""Many calls at one time: a gather, threads, and what a forked child pays for its first call."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import ExitStack
from importlib.util import find_spec

from benchmarks.children import Contender, Server, Worker
from benchmarks.groups import Effort, Group, SkippedError
from benchmarks.rows import Comparison
from benchmarks.sampling import Sampler, interleave

__all__ = ["GROUPS"]

FUNCTIONS: dict[str, tuple[str, list[object]]] = {
    "gather": ("gather_ours", ["httpx", 1000]),
    "gather-raw": ("gather_raw", ["httpx", 1000]),
    "gather-ten": ("gather_ours", ["httpx", 10_000]),
    "gather2": ("gather_ours", ["httpx2", 1000]),
    "gather2-raw": ("gather_raw", ["httpx2", 1000]),
    "gather2-ten": ("gather_ours", ["httpx2", 10_000]),
    "threads": ("threads_ours", [1000]),
}


def _gathers(names: Sequence[str], effort: Effort) -> dict[str, list[float]]:
    with ExitStack() as stack:
        server = stack.enter_context(Server())
        samplers: dict[str, Sampler] = {}
        for name in names:
            function, arguments = FUNCTIONS[name]
            contender = Contender("together", function, [server.url, *arguments])
            samplers[name] = stack.enter_context(Worker(contender, effort.seconds)).sample
        return interleave(samplers, effort.times(5))


def _gathers_of_httpx2(names: Sequence[str], effort: Effort) -> dict[str, list[float]]:
    if find_spec("httpx2") is None:
        raise SkippedError("httpx2 is not installed")
    return _gathers(names, effort)


def _forks(names: Sequence[str], effort: Effort) -> dict[str, list[float]]:
    if not hasattr(os, "fork"):
        raise SkippedError("this system does not fork")
    with ExitStack() as stack:
        server = stack.enter_context(Server())
        samplers: dict[str, Sampler] = {}
        for name in names:
            worker = stack.enter_context(Worker(Contender("together", name, [server.url]), effort.seconds))
            samplers[name] = lambda worker=worker: float(worker.ask("figure"))
        return interleave(samplers, effort.times(25))


GROUPS = [
    Group(
        "many at once",
        [
            Comparison(
                "gather of 1,000 VINR creates, against httpx.AsyncClient behind a semaphore",
                "us",
                "gather",
                "gather-raw",
                1.1,
            ),
            Comparison(
                "gather of 10,000 VINR creates, against 1,000 by httpx.AsyncClient behind a semaphore",
                "us",
                "gather-ten",
                "gather-raw",
                11.0,
            ),
            Comparison("gather of 1,000 VINR creates, against 1,000 from 32 threads", "us", "gather", "threads"),
        ],
        _gathers,
    ),
    Group(
        "many at once, on httpx2",
        [
            Comparison(
                "gather of 1,000 VINR creates on httpx2, against httpx2.AsyncClient behind a semaphore",
                "us",
                "gather2",
                "gather2-raw",
                1.1,
            ),
            Comparison(
                "gather of 10,000 VINR creates on httpx2, against 1,000 by httpx2.AsyncClient behind a semaphore",
                "us",
                "gather2-ten",
                "gather2-raw",
                11.0,
            ),
            Comparison("gather of 1,000 VINR creates on httpx2, against the same on httpx", "us", "gather2", "gather"),
        ],
        _gathers_of_httpx2,
    ),
    Group(
        "first call after a fork",
        [
            Comparison(
                "from a fork to the first record with the parent's client, by the clock, against one made in the child",
                "ms",
                "fork_inherited",
                "fork_new",
            )
        ],
        _forks,
    ),
]
