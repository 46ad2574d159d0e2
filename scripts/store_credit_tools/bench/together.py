"""Many calls at one time: a gather, threads, and what a forked child pays for its first call."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import ExitStack
from importlib.util import find_spec

from store_credit_tools.bench.groups import Effort, Group, SkippedError
from store_credit_tools.bench.interleave import Sampler, interleave
from store_credit_tools.bench.processes import Contender, Server, Worker, once
from store_credit_tools.bench.results import Comparison

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
        samplers = {name: _figures(stack, server, *FUNCTIONS[name]) for name in names}
        return interleave(samplers, effort.times(5))


def _figures(stack: ExitStack, server: Server, function: str, arguments: Sequence[object] = ()) -> Sampler:
    """A contender that measures itself, once each time it is asked."""
    contender = Contender("together", function, [server.url, *arguments])
    # Its own way of sampling, which runs the work several times to find out how long it takes, is not used.
    worker = stack.enter_context(Worker(contender, 1.0))
    return lambda: float(worker.ask("figure"))


def _gathers_of_httpx2(names: Sequence[str], effort: Effort) -> dict[str, list[float]]:
    if find_spec("httpx2") is None:
        raise SkippedError("httpx2 is not installed")
    return _gathers(names, effort)


def _limited(names: Sequence[str], effort: Effort) -> dict[str, list[float]]:
    # How many requests it takes does not depend on what else the machine does: once is enough.
    del effort
    found: dict[str, list[float]] = {}
    for name in names:
        # Each meets a bucket that is full.
        with Server() as server:
            found[name] = [once(Contender("together", name, [server.url]))]
    return found


def _forks(names: Sequence[str], effort: Effort) -> dict[str, list[float]]:
    if not hasattr(os, "fork"):
        raise SkippedError("this system does not fork")
    with ExitStack() as stack:
        server = stack.enter_context(Server())
        samplers = {name: _figures(stack, server, name) for name in names}
        return interleave(samplers, effort.times(25))


GROUPS = [
    Group(
        "many at once",
        [
            Comparison(
                "gather of 1,000 VINR creates, against httpx.AsyncClient behind a semaphore",
                "ms",
                "gather",
                "gather-raw",
                1.1,
            ),
            Comparison(
                "gather of 10,000 VINR creates, against 1,000 by httpx.AsyncClient behind a semaphore",
                "ms",
                "gather-ten",
                "gather-raw",
                11.0,
            ),
            Comparison("gather of 1,000 VINR creates, against 1,000 from 32 threads", "ms", "gather", "threads"),
        ],
        _gathers,
    ),
    Group(
        "many at once, on httpx2",
        [
            Comparison(
                "gather of 1,000 VINR creates on httpx2, against httpx2.AsyncClient behind a semaphore",
                "ms",
                "gather2",
                "gather2-raw",
                1.1,
            ),
            Comparison(
                "gather of 10,000 VINR creates on httpx2, against 1,000 by httpx2.AsyncClient behind a semaphore",
                "ms",
                "gather2-ten",
                "gather2-raw",
                11.0,
            ),
            Comparison("gather of 1,000 VINR creates on httpx2, against the same on httpx", "ms", "gather2", "gather"),
        ],
        _gathers_of_httpx2,
    ),
    Group(
        "under a rate limit",
        [
            Comparison(
                f"300 VINR creates {label} where 25 a second are allowed after the first 50",
                "requests",
                name,
                None,
                1.3 * 300,
            )
            for name, label in {
                "limited_gather": "by gather",
                "limited_threads": "from 32 threads",
            }.items()
        ],
        _limited,
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
