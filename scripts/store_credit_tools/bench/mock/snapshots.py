"""Snapshots of many credits, kept under a name or sent over HTTP, against issuing the credits anew."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence

import httpx

from store_credit_tools.bench.groups import QUICK, Effort, Group
from store_credit_tools.bench.mock import traffic
from store_credit_tools.bench.mock.servers import CONTROL_TOKEN, Process, mock
from store_credit_tools.bench.results import Comparison

__all__ = ["GROUPS"]

FEW, MANY = 1_000, 100_000
ROUNDS = 3
_REPEATED = 10
"""How often what takes a millisecond is done for one figure."""
_NAMED = "/_mock/snapshots/benchmarks"


class _Held:
    """A mock that holds credits, and what its snapshots cost: milliseconds of its CPU time."""

    def __init__(self, server: Process, client: httpx.Client) -> None:
        self._server = server
        self._client = client
        self._number = 0

    def spent(self, work: Callable[[], object]) -> float:
        """What some work costs the server; by the clock, where the system does not tell CPU time."""
        began, before = time.perf_counter(), self._server.busy()
        work()
        after, ended = self._server.busy(), time.perf_counter()
        return 1000 * (ended - began if before is None or after is None else after - before)

    def control(self, method: str, path: str, content: bytes | None = None) -> httpx.Response:
        """Call the control plane."""
        headers = {"Authorization": f"Bearer {CONTROL_TOKEN}", "Content-Type": "application/json"}
        response = self._client.request(method, path, content=content, headers=headers)
        return response.raise_for_status()

    def restored(self, creates: int) -> float:
        """What going back to the named snapshot costs after so many creates."""
        asked = traffic.VINR_OK
        for _ in range(creates):
            self._number += 1
            body = asked.numbered(self._number)
            self._client.post(asked.targets[0], content=body, headers=dict(asked.headers)).raise_for_status()
        return self.spent(lambda: self.control("POST", f"{_NAMED}/restore"))

    def saved(self) -> float:
        """What keeping a named snapshot costs."""
        return self.spent(lambda: self.control("POST", _NAMED))

    def small(self) -> Mapping[str, float]:
        """Going back after few changes; a named snapshot is there."""
        return {str(creates): sum(self.restored(creates) for _ in range(_REPEATED)) / _REPEATED for creates in (1, 100)}

    def large(self) -> Mapping[str, float]:
        """What is done to all credits; at the end a named snapshot is there."""
        sent: list[bytes] = []
        given = self.spent(lambda: sent.append(self.control("POST", "/_mock/snapshot").content))
        taken = self.spent(lambda: self.control("POST", "/_mock/restore", sent[0]))
        saved = self.saved()
        self.control("POST", "/_mock/reset")
        return {"given": given, "taken": taken, "saved": saved, "reset": self.restored(0)}


def _measure(names: Sequence[str], effort: Effort) -> dict[str, list[float]]:
    """Names are `many/what` and `few/what`."""
    figures: dict[str, list[float]] = {}
    with (
        mock() as of_few,
        mock() as of_many,
        httpx.Client(base_url=of_few.url, trust_env=False, timeout=600) as to_few,
        httpx.Client(base_url=of_many.url, trust_env=False, timeout=600) as to_many,
    ):
        few, many = _Held(of_few, to_few), _Held(of_many, to_many)
        traffic.fill(of_few, FEW)
        few.saved()
        issued = many.spent(lambda: traffic.issue(of_many, MANY // 10 if effort is QUICK else MANY))
        for turn in range(effort.times(ROUNDS)):
            if turn:
                many.control("DELETE", _NAMED)
            found = {f"many/{what}": figure for what, figure in many.large().items()} | {"many/issued": issued}
            for label, held in (("few", few), ("many", many)):
                found |= {f"{label}/{what}": figure for what, figure in held.small().items()}
            for name in names:
                figures.setdefault(name, []).append(found[name])
    return figures


_ALL = {
    "saved": "kept under a name",
    "reset": "restored by its name after a reset",
    "given": "sent over HTTP as JSON",
    "taken": "restored from JSON over HTTP",
}

GROUPS = [
    Group(
        "snapshots",
        [
            *(
                Comparison(
                    f"snapshot of {MANY:,} credits, {how}, against issuing them",
                    "CPU ms",
                    f"many/{what}",
                    "many/issued",
                )
                for what, how in _ALL.items()
            ),
            *(
                Comparison(
                    f"snapshot of {MANY:,} credits, restored by its name after {label}, against one of {FEW:,}",
                    "CPU ms",
                    f"many/{creates}",
                    f"few/{creates}",
                    1.2,
                )
                for creates, label in ((1, "one create"), (100, "100 creates"))
            ),
        ],
        _measure,
    )
]
