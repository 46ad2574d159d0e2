"""Load from wrk: as many requests as a server responds to, from sixteen connections at once.

Requests vary as those of a user's own load would: each body is another one, and records are asked for in turn. A server
that remembered what it said of the last body or record would be measured at something that it is not used for.
"""

from __future__ import annotations

import itertools
import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from store_credit_tools.bench.groups import SkippedError
from store_credit_tools.bench.mock.servers import Process, pinned
from store_credit_tools.bench.processes import BenchmarkError, environment

__all__ = ["BLOCK", "NUMBER", "Asked", "Outcome", "loaded", "measured"]

CONNECTIONS = 16
NUMBER = "{number}"
"""Where a body has the number of its request, which makes it another one than all before it in this run."""
BLOCK = 1_000_000
"""More requests than one load sends: each begins a block of numbers that nobody else has."""
_BLOCKS = itertools.count(1)
_UNITS = {"us": 1e-3, "ms": 1.0, "s": 1e3, "m": 6e4}


@dataclass(frozen=True)
class Asked:
    """A request that is sent over and over.

    Attributes:
        targets: Paths with their queries, asked for in turn.
        status: The first digit that the status of each response must have: `2` or `4`.
        method: In capitals.
        body: Text of the body; `NUMBER` in it is replaced by a number, another one in each request.
        headers: By name.
        varying: Headers besides these, those of one request each, sent in turn as the targets are.
    """

    targets: Sequence[str]
    status: str = "2"
    method: str = "GET"
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    varying: Sequence[Mapping[str, str]] = ({},)

    def headed(self, turn: int) -> dict[str, str]:
        """The headers of one request; the first is 0."""
        return {**self.headers, **self.varying[turn % len(self.varying)]}

    def numbered(self, number: int) -> str:
        """The body of one request."""
        return self.body.replace(NUMBER, str(number))

    def script(self, first: int) -> str:
        """What wrk runs for each request.

        Args:
            first: The number of the first one.
        """
        before, *after = self.body.split(NUMBER)
        body = _quoted(before) + "".join(f" .. number .. {_quoted(part)}" for part in after)
        headers = ", ".join(_table(self.headed(turn)) for turn in range(len(self.varying)))
        lines = [
            f"local targets = {{{', '.join(map(_quoted, self.targets))}}}",
            f"local headers = {{{headers}}}",
            f"local number, turn = {first - 1}, -1",
            "request = function()",
            "    number, turn = number + 1, turn + 1",
            "    local target, headed = targets[turn % #targets + 1], headers[turn % #headers + 1]",
            f"    return wrk.format({json.dumps(self.method)}, target, headed, {body if self.body else 'nil'})",
            "end",
        ]
        return "\n".join(lines)


def _quoted(text: str) -> str:
    """A text as Lua reads it, whatever is in it."""
    return f"[==[{text}]==]"


def _table(headers: Mapping[str, str]) -> str:
    return f"{{{', '.join(f'[{json.dumps(name)}] = {_quoted(value)}' for name, value in headers.items())}}}"


@dataclass(frozen=True)
class Outcome:
    """What wrk counted.

    Attributes:
        rate: Responses per second.
        late: 99th percentile of the latency, in milliseconds.
        count: Responses.
    """

    rate: float
    late: float
    count: int


def loaded(url: str, asked: Asked, seconds: int) -> Outcome:
    """Load a server.

    Raises:
        SkippedError: wrk is not installed.
        BenchmarkError: A response was not what it should be.
    """
    program = shutil.which("wrk")
    if program is None:
        raise SkippedError("wrk is not installed (Debian and Ubuntu: apt install wrk)")
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(asked.script(next(_BLOCKS) * BLOCK))
        file.flush()
        line = [program, "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "10s", "--latency", "-s", file.name]
        done = subprocess.run(
            pinned([*line, url], 1),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            env=environment(),
            timeout=seconds + 60,
            check=False,
        )
    said = done.stdout
    rate, count = re.search(r"Requests/sec:\s+([\d.]+)", said), re.search(r"(\d+) requests in", said)
    late = re.search(r"99%\s+([\d.]+)(us|ms|s|m)\s", said)
    if rate is None or count is None or late is None:
        raise BenchmarkError(f"wrk on {asked.targets[0]}: {done.stderr or said}")
    found = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    refused = int(found[1]) if found else 0
    wrong = refused if asked.status == "2" else int(count[1]) - refused
    if wrong or "Socket errors" in said:
        place = f"{asked.method} {asked.targets[0]}"
        raise BenchmarkError(f"wrk on {place}: {wrong} responses were not {asked.status}xx:\n{said}")
    if int(count[1]) >= BLOCK:
        raise BenchmarkError(f"wrk on {asked.targets[0]}: so many requests that their numbers came twice; shorten it")
    return Outcome(float(rate[1]), float(late[1]) * _UNITS[late[2]], int(count[1]))


def measured(server: Process, asked: Asked, seconds: int) -> tuple[Outcome, float]:
    """Load a server; gives what wrk counted, and the seconds of the server's CPU time for each response.

    A server that is kept busy answers as many in a second as in a second of its CPU time, unless something else wants
    the core: then only the latter says how fast it is. Where the system does not tell CPU time, it is the clock's.

    Raises:
        SkippedError: wrk is not installed.
        BenchmarkError: A response was not what it should be.
    """
    before = server.busy()
    outcome = loaded(server.url, asked, seconds)
    after = server.busy()
    return outcome, 1 / outcome.rate if before is None or after is None else (after - before) / outcome.count
