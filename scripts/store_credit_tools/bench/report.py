"""The page that keeps a measurement."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from store_credit_tools.bench.environment import SERVING, description
from store_credit_tools.bench.mock.traffic import RECORDS, SANDBOXES
from store_credit_tools.bench.results import Row, as_markdown

__all__ = ["PAGES", "jobs_page", "mock_page", "proxy_page", "sdk_page"]


REASONS = """## Why it is not more

- **An accepted POST** is half SQLite, see its parts in the table: four INSERTs into seven trees and the transaction
  around them. The floor beside it writes the same rows with the same statements on the same server and does nothing
  else but the checks. No journal would save a sixth of that and give up taking a refused change back.
- **A refused POST** and a GET have no one place that is slow. On a server under load, and behind httpx, each part takes
  about twice what it takes in a loop by itself, for the processor's caches' sake.
- **The slowest hundredth** is not the garbage collector's: what the start made is frozen, and nothing else lives long.
  What remains is who gets the processor.
- **A list** costs the lookup of its records: one that was written and checked is not written and checked again as long
  as everything it is made of is the same.
- **Memory** of accepted writes is the data, see the row of bytes for each credit; in a file it stays on the disk, and
  1 GiB is the most that SQLite keeps in memory. Of the last 1,000 exchanges, long bodies are kept up to 8 MiB.
"""


BASELINES = f"""\
Where no rival does the same, the baseline is the mock itself in the same run: the same server without an option, or
with one sandbox in the place of {SANDBOXES}, over which requests are spread in turn, each naming the next. Two servers
are compared by the CPU time of a request. An event's delay is by the clock, from sending the request that causes it
until it is at an endpoint that was registered behind all others; the first event is the one that goes out before the
mock has met any of them. What a snapshot costs is CPU time of the server, against issuing its credits one by one.
"""


def sdk_page(rows: Sequence[Row]) -> str:
    """The measured rows with what they were measured on, as Markdown."""
    machine = "\n".join(f"- {line}" for line in description())
    return f"""# Speed of the SDK

Written by `scripts/bench sdk --write`; run `scripts/bench sdk` to measure on your own machine.

Figures are CPU time (user and system) in processes of their own unless a row says otherwise, medians over rounds in
which every contender takes its turn. Every call sends and gets other values, and no page is decoded twice in a row:
nothing is gained by remembering. `ratio` is the median of the rounds' ratios of ours to the rival's, so that it can
differ a little from the quotient of the two medians; in rows without a rival it is our figure. A row without a target
is for information. Where `holds` says limit, the target cannot be reached: the measured bound stands below the table.

Measured on:

{machine}

{as_markdown(rows)}"""


def mock_page(rows: Sequence[Row]) -> str:
    """The same for the mock, with what stands below the table for good."""
    machine = "\n".join(f"- {line}" for line in description(SERVING))
    return f"""# Speed of the mock

Written by `scripts/bench mock --write`; run `scripts/bench mock` to measure on your own machine.

Both sides of every exchange are validated, and state is where it is by default, in SQLite in memory, unless a row says
otherwise. Every body that is sent is another one, and single records are asked for in turn, {RECORDS:,} of them: the
load of a user varies, too, and nothing is to be gained by remembering the last request. Servers share one core, the
load (`wrk`, 16 connections) has the other. Requests go over HTTP on loopback and are counted for each second of the
server's CPU time: on a machine with nothing else to do that is a second, on another one it still is the server's own.
All figures are medians over rounds in which every contender takes its turn, and `ratio` is the median of the rounds'
ratios of ours to the rival's, in rows without a rival our figure. A target with `>=` is a least one, the others are
largest ones; a row without a target is for information. Prism runs silent, on the document without callbacks, which
would slow it down tenfold. Where `holds` says limit, the target cannot be reached: the measured bound stands below
the table.

{BASELINES}
Measured on:

{machine}

{as_markdown(rows)}
{REASONS}"""


def proxy_page(rows: Sequence[Row]) -> str:
    """The same for the proxy."""
    machine = "\n".join(f"- {line}" for line in description(("aiohttp", *SERVING)))
    return f"""# Speed of the proxy

Written by `scripts/bench proxy --write`; run `scripts/bench proxy` to measure on your own machine.

Both proxies stand before the same server, which answers a constant, and check both sides of every exchange; ours passes
the bytes as they came besides. Proxies share one core; the load (`wrk`, 16 connections) and the server behind have the
other. Requests are counted for each second of the proxy's CPU time, a cost is CPU time for each request. All figures
are medians over rounds in which every contender takes its turn, and `ratio` is the median of the rounds' ratios of ours
to the rival's. A target with `>=` is a least one, the others are largest ones; a row without a target is for
information. Prism runs silent, on the document without callbacks.

Measured on:

{machine}

{as_markdown(rows)}"""


def jobs_page(rows: Sequence[Row]) -> str:
    """The same for bulk jobs."""
    machine = "\n".join(f"- {line}" for line in description((*SERVING, "duckdb", "pandas")))
    return f"""# Speed of bulk jobs

Written by `scripts/bench jobs --write`; run `scripts/bench jobs` to measure on your own machine.

Every contender runs in a process of its own, on a core of its own beside the mock that serves. The loops are what
anybody writes in an hour: one checks a file with sets in memory and writes nothing, one sends with httpx and keeps no
journal. Ours write a sealed plan, and each request to the disk before it is sent. All figures are medians over rounds
in which every contender takes its turn, and `ratio` is the median of the rounds' ratios of ours to the rival's, in rows
without a rival our figure. A target with `>=` is a least one, the others are largest ones; a row without a target is
for information.

Measured on:

{machine}

{as_markdown(rows)}"""


PAGES: Mapping[str, Callable[[Sequence[Row]], str]] = {
    "sdk": sdk_page,
    "mock": mock_page,
    "proxy": proxy_page,
    "jobs": jobs_page,
}
"""What is written, by subject."""
