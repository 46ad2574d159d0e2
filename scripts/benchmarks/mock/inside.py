"""CPU time of one GET through `httpx.Client`, with the mock as its transport and with httpx's own."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack

from benchmarks.children import Contender, Worker
from benchmarks.groups import Effort, Group
from benchmarks.rows import Comparison
from benchmarks.sampling import interleave

__all__ = ["GROUPS"]


def _measure(names: Sequence[str], effort: Effort) -> dict[str, list[float]]:
    with ExitStack() as stack:
        samplers = {
            name: stack.enter_context(Worker(Contender("mocked", name), 2 * effort.seconds)).sample for name in names
        }
        return interleave(samplers, effort.times(25))


GROUPS = [
    Group(
        "in process",
        [
            Comparison(
                "VINR GET one in process, against httpx.MockTransport with the same answer as a constant",
                "us",
                "engine",
                "mock_transport",
                1.1,
            ),
            Comparison(
                "VINR GET one in process, against httpx.MockTransport answering json= without VINR's headers",
                "us",
                "engine",
                "mock_transport_json",
            ),
            Comparison(
                "VINR GET one in process, against httpx.MockTransport answering bytes without VINR's headers",
                "us",
                "engine",
                "mock_transport_bare",
            ),
        ],
        _measure,
    )
]
