"""Memory while going through a list of 100,000 credits, a hundred to the page."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from store_credit_tools.bench.groups import Effort, Group
from store_credit_tools.bench.processes import BenchmarkError, Contender, Server, once
from store_credit_tools.bench.results import Comparison

__all__ = ["GROUPS"]

LARGEST = 30.0
"""MiB by which the process may grow."""


def _paging(names: Sequence[str], effort: Effort) -> dict[str, list[float]]:
    # Memory does not depend on what else the machine does: once is enough.
    del effort
    if sys.platform == "win32":
        raise BenchmarkError("memory can be measured on Linux and macOS; leave its rows out with --only")
    with Server() as server:
        return {name: [once(Contender("paging", name, [server.url]))] for name in names}


GROUPS = [
    Group(
        "paging",
        [
            Comparison(f"page through 100,000 {label}, peak above the fifth page", "MiB", name, None, LARGEST)
            for name, label in {
                "vinr": "VINR credits",
                "vinr_async": "VINR credits, async",
                "spree": "Spree credits",
                "spree_async": "Spree credits, async",
                "spree_v3": "Spree v3 credits",
                "spree_v3_async": "Spree v3 credits, async",
            }.items()
        ],
        _paging,
    )
]
