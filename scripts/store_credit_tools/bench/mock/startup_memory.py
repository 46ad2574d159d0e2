"""What a mock costs by being there: the time until it is ready, and the memory it takes."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from store_credit_tools.bench.groups import QUICK, Effort, Group
from store_credit_tools.bench.mock import traffic
from store_credit_tools.bench.mock.load import loaded
from store_credit_tools.bench.mock.servers import Process, mock
from store_credit_tools.bench.results import Comparison

__all__ = ["GROUPS"]

MILLION = 1_000_000


def _ready(names: Sequence[str], effort: Effort) -> dict[str, list[float]]:
    figures: list[float] = []
    for _ in range(effort.times(9) + 1):
        with mock() as server:
            figures.append(1000 * server.ready)
    # The first one reads everything from disk.
    return dict.fromkeys(names, figures[1:])


def _memory(names: Sequence[str], effort: Effort) -> dict[str, list[float]]:
    wanted = MILLION // 20 if effort is QUICK else MILLION
    figures: dict[str, list[float]] = {}
    if "resident" in names:
        with mock() as server:
            figures["resident"] = [_after_reading(server, wanted)]
    if "per credit" in names:
        with mock() as server:
            figures["per credit"] = [_per_credit(server, wanted // 10)]
    if "sandboxes" in names:
        with mock() as server:
            figures["sandboxes"] = [_of_sandboxes(server)]
    if "file" in names:
        with tempfile.TemporaryDirectory() as folder, mock("--db", str(Path(folder) / "mock.db")) as server:
            traffic.fill(server)
            traffic.issue(server, wanted // 10)
            figures["file"] = [server.resident()]
    return figures


def _after_reading(server: Process, wanted: int) -> float:
    """Resident memory after so many reads, lists and refused writes, the last of them a thousand long answers."""
    vinr, spree, _ = traffic.fill(server)
    done = 0
    while done < wanted:
        done += loaded(server.url, traffic.vinr_ones(vinr), 3).count
        done += loaded(server.url, traffic.VINR_BAD, 2).count
        done += loaded(server.url, traffic.spree_ones(spree), 1).count
        done += loaded(server.url, traffic.VINR_LIST, 1).count
        done += loaded(server.url, traffic.SPREE_LIST, 1).count
    return server.resident()


def _per_credit(server: Process, wanted: int) -> float:
    """Bytes by which memory grows with each credit, its entry and its event."""
    traffic.fill(server)
    loaded(server.url, traffic.VINR_OK, 1)
    before = server.resident()
    issued = traffic.issue(server, wanted)
    return 1e6 * (server.resident() - before) / issued


def _of_sandboxes(server: Process) -> float:
    """MB by which memory grows with all sandboxes, each with its credits and exchanges, ten on either system."""
    traffic.fill(server)
    before = server.resident()
    traffic.fill(server, vinr=traffic.by_header(traffic.VINR_OK), spree=traffic.by_key(traffic.SPREE_OK))
    return server.resident() - before


GROUPS = [
    Group("starting", [Comparison("serve until its line ready", "ms", "ready", None, 400)], _ready),
    Group(
        "memory",
        [
            Comparison("resident after a million reads, lists and refused writes", "MB", "resident", None, 100),
            Comparison("resident with 100,000 credits issued, --db FILE", "MB", "file", None, 100),
            Comparison(
                f"resident for {traffic.SANDBOXES} further sandboxes with 20 credits each, in memory",
                "MB",
                "sandboxes",
                None,
                50,
            ),
            Comparison("resident for each further credit issued, in memory", "bytes", "per credit", None),
        ],
        _memory,
    ),
]
