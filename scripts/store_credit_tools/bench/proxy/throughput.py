"""What passes the proxy in a second of its CPU time, beside Prism's proxy and beside ours with checking off."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack

from store_credit_tools.bench.groups import QUICK, Effort, Group
from store_credit_tools.bench.mock import traffic
from store_credit_tools.bench.mock.load import loaded, measured
from store_credit_tools.bench.mock.servers import Process, prism, proxy, upstream
from store_credit_tools.bench.results import Comparison

__all__ = ["GROUPS"]

SECONDS = 2
ROUNDS = 5
_ASKED = {
    "GET": traffic.vinr_ones([f"sc_{number:020x}" for number in range(traffic.RECORDS)]),
    "POST": traffic.VINR_OK,
}


def _measure(names: Sequence[str], effort: Effort) -> dict[str, list[float]]:
    """Names are `server/what/figure`; both figures of one load are taken together."""
    loads = list(dict.fromkeys(tuple(name.split("/")[:2]) for name in names))
    servers: dict[str, Process] = {}
    figures: dict[str, list[float]] = {}
    seconds, rounds = (1, 3) if effort is QUICK else (SECONDS, effort.times(ROUNDS))
    with ExitStack() as stack:
        behind = stack.enter_context(upstream()).url
        start = {
            "checking": lambda: proxy(behind),
            "passing": lambda: proxy(behind, "--no-check"),
            "prism": lambda: prism(behind),
        }
        for server in dict.fromkeys(server for server, _ in loads):
            servers[server] = stack.enter_context(start[server]())
        for turn in range(-1, rounds):
            for server, what in loads if turn % 2 == 0 else reversed(loads):
                if turn < 0:
                    # Prism's code gets faster while it runs.
                    loaded(servers[server].url, _ASKED[what], 2 * seconds if server == "prism" else 1)
                    continue
                outcome, cost = measured(servers[server], _ASKED[what], seconds)
                figures.setdefault(f"{server}/{what}/rate", []).append(1 / cost)
                figures.setdefault(f"{server}/{what}/cost", []).append(cost * 1e6)
                figures.setdefault(f"{server}/{what}/late", []).append(outcome.late)
    return figures


def _rows(what: str, rate: float) -> list[Comparison]:
    ours = f"checking/{what}"
    return [
        Comparison(
            f"VINR {what} through the proxy, against Prism's proxy",
            "requests/CPU s", f"{ours}/rate", f"prism/{what}/rate", rate, at_least=True,
        ),
        Comparison(
            f"VINR {what} through the proxy, slowest hundredth, against Prism's proxy",
            "ms", f"{ours}/late", f"prism/{what}/late",
        ),
        Comparison(
            f"VINR {what} through the proxy, against the same proxy with checking off",
            "CPU us", f"{ours}/cost", f"passing/{what}/cost", 2.0,
        ),
    ]  # fmt: skip


GROUPS = [Group("proxies", [*_rows("GET", 4), *_rows("POST", 3.5)], _measure)]
