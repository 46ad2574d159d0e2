"""What a request costs more where a server speaks TLS, counts and logs, or holds many sandboxes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack

from store_credit_tools.bench.groups import Effort, Group
from store_credit_tools.bench.mock import traffic
from store_credit_tools.bench.mock.load import Asked, loaded, measured
from store_credit_tools.bench.mock.servers import Process, mock
from store_credit_tools.bench.results import Comparison

__all__ = ["GROUPS"]

SECONDS = 1
ROUNDS = 8
_OPTIONS = {
    "plain": (),
    "tls": ("--tls-self-signed",),
    "telemetry": ("--metrics", "--access-log"),
    "json": ("--metrics", "--access-log", "--log-format", "json"),
    "sandboxes": (),
}


def _asked(name: str, server: Process) -> Mapping[str, Asked]:
    """Fill a server; gives what it is asked."""
    if name != "sandboxes":
        vinr, spree, _ = traffic.fill(server)
        return {"VINR one": traffic.vinr_ones(vinr), "VINR ok": traffic.VINR_OK, "Spree one": traffic.spree_ones(spree)}
    header, key = traffic.by_header, traffic.by_key
    vinr, spree, _ = traffic.fill(server, vinr=header(traffic.VINR_OK), spree=key(traffic.SPREE_OK))
    return {
        "VINR one by header": header(traffic.vinr_ones(vinr)),
        "VINR one by key": key(traffic.vinr_ones(vinr)),
        "VINR ok by header": header(traffic.VINR_OK),
        "VINR ok by key": key(traffic.VINR_OK),
        "Spree one by header": header(traffic.spree_ones(spree)),
        "Spree one by key": key(traffic.spree_ones(spree)),
    }


def _measure(names: Sequence[str], effort: Effort) -> dict[str, list[float]]:
    """Names are `server/what`."""
    loads = [tuple(name.split("/")) for name in names]
    figures: dict[str, list[float]] = {name: [] for name in names}
    with ExitStack() as stack:
        servers = {name: stack.enter_context(mock(*_OPTIONS[name])) for name in dict.fromkeys(one for one, _ in loads)}
        asked = {name: _asked(name, server) for name, server in servers.items()}
        for turn in range(-1, effort.times(ROUNDS)):
            for name, what in loads if turn % 2 == 0 else reversed(loads):
                if turn < 0:
                    loaded(servers[name].url, asked[name][what], SECONDS)
                else:
                    _, cost = measured(servers[name], asked[name][what], SECONDS)
                    figures[f"{name}/{what}"].append(1e6 * cost)
    return figures


_ONE = f"VINR GET one of {traffic.RECORDS:,} in turn"
_OK = "VINR POST accepted, each body another one"
_LABELS = {"VINR one": _ONE, "VINR ok": _OK, "Spree one": f"Spree GET one of {traffic.RECORDS:,} in turn"}


def _row(what: str, how: str, ours: str, against: str, target: float | None) -> Comparison:
    return Comparison(f"{_LABELS[what]}, {how}, against {against}", "CPU us", ours, f"plain/{what}", target)


def _spread(what: str, way: str) -> Comparison:
    how = f"over {traffic.SANDBOXES} sandboxes by {way}"
    return _row(what, how, f"sandboxes/{what} by {way}", "one sandbox that no request names", 1.1)


GROUPS = [
    Group(
        "TLS",
        [
            _row(what, "over TLS on kept connections", f"tls/{what}", "plain HTTP", None)
            for what in ("VINR one", "VINR ok")
        ],
        _measure,
    ),
    Group(
        "metrics and logs",
        [
            _row("VINR one", "--metrics --access-log", "telemetry/VINR one", "neither", 1.15),
            _row("VINR ok", "--metrics --access-log", "telemetry/VINR ok", "neither", 1.15),
            _row("VINR one", "--metrics --access-log --log-format json", "json/VINR one", "neither", 1.15),
        ],
        _measure,
    ),
    Group("many sandboxes", [_spread(what, way) for what in _LABELS for way in ("header", "key")], _measure),
]
