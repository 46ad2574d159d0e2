"""Requests per second and the slowest hundredth, beside Prism and beside the same server answering a constant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack

from store_credit_tools.bench.groups import QUICK, Effort, Group
from store_credit_tools.bench.mock import traffic
from store_credit_tools.bench.mock.load import Asked, loaded, measured
from store_credit_tools.bench.mock.servers import Process, constant, mock, prism
from store_credit_tools.bench.results import Comparison, Floor

__all__ = ["GROUPS"]

SECONDS = 1
ROUNDS = 10
_PRISM_VINR = [f"sc_{number:020x}" for number in range(traffic.RECORDS)]
_PRISM_SPREE = [str(number) for number in range(1, traffic.RECORDS + 1)]
_PRISM_SPREE_V3 = [f"credit_{number:010x}" for number in range(traffic.RECORDS)]
"""Any ids do: Prism responds with the document's example."""

_VINR_ONE = f"VINR GET one of {traffic.RECORDS:,} in turn"

_BARE = Floor(
    "bare/VINR ok/rate",
    "the same server and storage do no more, with nothing behind them but the checks of request, answer and event and"
    " the rows of the credit, its entry and its event in one transaction",
)

_CONSTANT_LATE = Floor(
    "app/VINR one/late",
    "uvicorn itself, answering a constant under the same load in the same run, has its slowest hundredth there",
)


def _asked(vinr: Sequence[str], spree: Sequence[str], v3: Sequence[str]) -> Mapping[str, Asked]:
    return {
        "VINR one": traffic.vinr_ones(vinr),
        "VINR bad": traffic.VINR_BAD,
        "VINR ok": traffic.VINR_OK,
        "VINR list": traffic.VINR_LIST,
        "Spree one": traffic.spree_ones(spree),
        "Spree bad": traffic.SPREE_BAD,
        "Spree ok": traffic.SPREE_OK,
        "Spree list": traffic.SPREE_LIST,
        "Spree v3 one": traffic.spree_v3_ones(v3),
        "Spree v3 bad": traffic.SPREE_V3_BAD,
        "Spree v3 ok": traffic.SPREE_V3_OK,
        "Spree v3 list": traffic.SPREE_V3_LIST,
    }


def _measure(names: Sequence[str], effort: Effort) -> dict[str, list[float]]:
    """Names are `server/what/figure`; all figures of one load are taken together."""
    loads = list(dict.fromkeys(tuple(name.split("/")[:2]) for name in names))
    servers: dict[str, Process] = {}
    figures: dict[str, list[float]] = {}
    rounds = 2 if effort is QUICK else ROUNDS
    with ExitStack() as stack:
        for server, _ in loads:
            if server not in servers:
                start = {"mock": mock, "prism": prism}.get(server, lambda kind=server: constant(kind))
                servers[server] = stack.enter_context(start())
        for turn in range(-1, rounds):
            # What was issued in the last round must not weigh on this one.
            own = _asked(*traffic.fill(servers["mock"], v3=traffic.SPREE_V3_OK))
            theirs = _asked(_PRISM_VINR, _PRISM_SPREE, _PRISM_SPREE_V3)
            for server, what in loads if turn % 2 == 0 else reversed(loads):
                asked = theirs[what] if server == "prism" else own[what]
                if turn < 0:
                    # Prism's code gets faster while it runs.
                    if server == "prism":
                        loaded(servers[server].url, asked, 3 * SECONDS)
                    continue
                outcome, cost = measured(servers[server], asked, SECONDS)
                figures.setdefault(f"{server}/{what}/rate", []).append(1 / cost)
                figures.setdefault(f"{server}/{what}/wall", []).append(outcome.rate)
                figures.setdefault(f"{server}/{what}/late", []).append(outcome.late)
    return figures


def _against_prism(what: str, label: str, rate: float, floor: Floor | None = None) -> list[Comparison]:
    ours, theirs = f"mock/{what}/rate", f"prism/{what}/rate"
    rows = [Comparison(f"{label}, against Prism", "requests/CPU s", ours, theirs, rate, floor, at_least=True)]
    wall = Comparison(
        f"{label}, by the clock, against Prism", "requests/s", f"mock/{what}/wall", f"prism/{what}/wall", at_least=True
    )
    rows.append(wall)
    if "list" not in what:
        late = 1 / 3 if what.startswith("VINR") else None
        rows.append(
            Comparison(
                f"{label}, slowest hundredth, against Prism",
                "ms",
                f"mock/{what}/late",
                f"prism/{what}/late",
                late,
                None if late is None else _CONSTANT_LATE,
            )
        )
    return rows


GROUPS = [
    Group(
        "beside a constant",
        [
            Comparison(
                f"{_VINR_ONE}, against uvicorn answering a constant",
                "requests/CPU s",
                "mock/VINR one/rate",
                "app/VINR one/rate",
                0.6,
                at_least=True,
            ),
            Comparison(
                f"{_VINR_ONE}, against our own way of serving with a constant behind it",
                "requests/CPU s",
                "mock/VINR one/rate",
                "wire/VINR one/rate",
                at_least=True,
            ),
        ],
        _measure,
    ),
    Group(
        "beside Prism",
        [
            *_against_prism("VINR one", _VINR_ONE, 8),
            *_against_prism("VINR bad", "VINR POST refused, each body another one", 5),
            *_against_prism("VINR ok", "VINR POST accepted, each body another one", 3, _BARE),
            *_against_prism("VINR list", "VINR GET 100 (Prism's list has one)", 1),
            *_against_prism("Spree one", f"Spree GET one of {traffic.RECORDS:,} in turn", 6),
            *_against_prism("Spree bad", "Spree POST refused, each body another one", 3),
            *_against_prism("Spree ok", "Spree POST accepted, each body another one", 2),
            *_against_prism("Spree list", "Spree GET 100 (Prism's list has one)", 1),
            *_against_prism("Spree v3 one", f"Spree v3 GET one of {traffic.RECORDS:,} in turn", 6),
            *_against_prism("Spree v3 bad", "Spree v3 POST refused, each body another one", 3),
            *_against_prism("Spree v3 ok", "Spree v3 POST accepted, each body another one", 2),
            *_against_prism("Spree v3 list", "Spree v3 GET 100 (Prism's list has one)", 1),
        ],
        _measure,
    ),
]
