"""CPU time of one GET through `httpx.Client` beside httpx's own transport, and where the time of the engine goes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import ExitStack

from store_credit_tools.bench.groups import Effort, Group
from store_credit_tools.bench.interleave import interleave
from store_credit_tools.bench.processes import Contender, Worker
from store_credit_tools.bench.results import Comparison

__all__ = ["GROUPS"]


def _measure(names: Sequence[str], effort: Effort) -> dict[str, list[float]]:
    with ExitStack() as stack:
        samplers = {
            name: stack.enter_context(Worker(Contender("mock_transport", name), 2 * effort.seconds)).sample
            for name in names
        }
        return interleave(samplers, effort.times(25))


PARTS = {
    "whole": "on the engine alone, in a loop",
    "statements": "of that in SQL statements, BEGIN among them",
    "transaction": "of that in ending the transaction",
    "checks": "of that in checking request, event and answer",
    "record": "of that in keeping the exchange",
}


def _parts(names: Sequence[str], effort: Effort) -> dict[str, list[float]]:
    figures: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(effort.times(5)):
        with Worker(Contender("engine_profile", "parts"), 1.0) as worker:
            found: dict[str, float] = json.loads(worker.ask("figure"))
        for name, kept in figures.items():
            kept.append(found[name])
    return figures


GROUPS = [
    Group(
        "in process",
        [
            Comparison(
                "VINR GET one in process, against httpx.MockTransport with the same response as a constant",
                "us",
                "engine",
                "mock_transport",
                1.3,
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
    ),
    Group(
        "where the time goes",
        [
            Comparison(f"VINR {what}, {label}", "us", f"{what}/{part}", None)
            for what in ("GET one", "POST refused", "POST accepted")
            for part, label in PARTS.items()
        ],
        _parts,
    ),
]
