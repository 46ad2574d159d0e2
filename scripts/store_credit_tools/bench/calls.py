"""CPU time of one VINR create over a loopback socket, from the method's arguments to the typed result."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from importlib.util import find_spec

from store_credit_tools.bench.groups import Effort, Group, SkippedError
from store_credit_tools.bench.interleave import Sampler, interleave
from store_credit_tools.bench.processes import Contender, Server, Worker
from store_credit_tools.bench.results import Comparison, Floor
from store_credit_tools.bench.stock_client import PACKAGE, stock_client

__all__ = ["GROUPS"]

ON_HTTPX2 = {
    "httpx2": "httpx_post",
    "httpx2-async": "httpx_post_async",
    "ours-httpx2": "ours",
    "ours-async-httpx2": "ours_async",
}
FUNCTIONS = {
    **ON_HTTPX2,
    "httpx": "httpx_post",
    "httpx-async": "httpx_post_async",
    "transport": "transport",
    "transport-async": "transport_async",
    "ours": "ours",
    "ours-async": "ours_async",
    "ours-wrapped": "ours_wrapped",
    "httpx-wrapped": "httpx_post_wrapped",
    "ours-deadline": "ours_deadline",
    "ours-async-deadline": "ours_async_deadline",
    "ours-limited": "ours_limited",
    "requests": "requests_post",
    "stripe": "stripe_create",
    "openai": "openai_post",
    "stock": "stock",
}


def _calls(names: Sequence[str], effort: Effort) -> dict[str, list[float]]:
    with ExitStack() as stack:
        server = stack.enter_context(Server())
        samplers: dict[str, Sampler] = {}
        for name in names:
            arguments = [server.url, *(["httpx2"] if name in ON_HTTPX2 else [])]
            folder: str | None = None
            if name == "stock":
                folder = stack.enter_context(stock_client())
                arguments.append(PACKAGE)
            contender = Contender("calls", FUNCTIONS[name], arguments, path=folder)
            samplers[name] = stack.enter_context(Worker(contender, 2 * effort.seconds)).sample
        return interleave(samplers, effort.times(25))


def _calls_on_httpx2(names: Sequence[str], effort: Effort) -> dict[str, list[float]]:
    if find_spec("httpx2") is None:
        raise SkippedError("httpx2 is not installed")
    return _calls(names, effort)


GROUPS = [
    Group(
        "calling",
        [
            Comparison(
                "VINR create, sync client, against httpx.Client.post(...).json()",
                "us",
                "ours",
                "httpx",
                0.70,
                Floor("transport", "httpx.HTTPTransport alone takes that, sending ready-made bytes and reading bytes"),
            ),
            Comparison(
                "VINR create, async client, against httpx.AsyncClient.post(...).json()",
                "us",
                "ours-async",
                "httpx-async",
                0.9,
                Floor(
                    "transport-async",
                    "httpx.AsyncHTTPTransport alone takes that, sending ready-made bytes and reading bytes; much of it "
                    "is anyio's cancel scopes and checkpoints, about seven turns of the event loop for each call",
                ),
            ),
            Comparison(
                "VINR create where Client.send is wrapped, against httpx.Client.post(...).json() with the same wrapper",
                "us",
                "ours-wrapped",
                "httpx-wrapped",
                1.0,
            ),
            Comparison("VINR create with a deadline, sync client, against none", "us", "ours-deadline", "ours"),
            Comparison(
                "VINR create with a deadline, async client, against none", "us", "ours-async-deadline", "ours-async"
            ),
            Comparison(
                "VINR create through a gate that a 429 has closed before, against one that has seen none",
                "us",
                "ours-limited",
                "ours",
            ),
            Comparison("VINR create, sync client, against httpx.HTTPTransport alone", "us", "ours", "transport"),
            Comparison(
                "VINR create, async client, against httpx.AsyncHTTPTransport alone",
                "us",
                "ours-async",
                "transport-async",
            ),
            Comparison("VINR create, sync client, against the stock generated client", "us", "ours", "stock"),
            Comparison("VINR create, sync client, against requests.Session.post(...).json()", "us", "ours", "requests"),
            Comparison("VINR create, sync client, against a create with stripe", "us", "ours", "stripe"),
            Comparison("VINR create, sync client, against openai's client.post", "us", "ours", "openai"),
        ],
        _calls,
    ),
    Group(
        "calling, on httpx2",
        [
            Comparison(
                "VINR create on httpx2, sync client, against httpx2.Client.post(...).json()",
                "us",
                "ours-httpx2",
                "httpx2",
            ),
            Comparison(
                "VINR create on httpx2, async client, against httpx2.AsyncClient.post(...).json()",
                "us",
                "ours-async-httpx2",
                "httpx2-async",
            ),
            Comparison("VINR create on httpx2, sync client, against the same on httpx", "us", "ours-httpx2", "ours"),
            Comparison(
                "VINR create on httpx2, async client, against the same on httpx",
                "us",
                "ours-async-httpx2",
                "ours-async",
            ),
        ],
        _calls_on_httpx2,
    ),
]
