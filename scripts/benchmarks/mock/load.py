"""Load from wrk: as many requests as a server answers, from sixteen connections at once."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field

from benchmarks.children import BenchmarkError, environment
from benchmarks.groups import SkippedError
from benchmarks.mock.servers import pinned

__all__ = ["Asked", "Outcome", "loaded"]

CONNECTIONS = 16
_UNITS = {"us": 1e-3, "ms": 1.0, "s": 1e3, "m": 6e4}


@dataclass(frozen=True)
class Asked:
    """One request that is sent over and over.

    Attributes:
        target: Path and query.
        status: What it must be answered with, as its first digit: `2` or `4`.
        method: In capitals.
        body: Text of the body.
        headers: By name.
    """

    target: str
    status: str = "2"
    method: str = "GET"
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class Outcome:
    """What wrk counted.

    Attributes:
        rate: Answers per second.
        late: 99th percentile of the latency, in milliseconds.
        count: Answers.
    """

    rate: float
    late: float
    count: int


def loaded(url: str, asked: Asked, seconds: int) -> Outcome:
    """Load a server.

    Raises:
        SkippedError: wrk is not installed.
        BenchmarkError: An answer was not what it should be.
    """
    program = shutil.which("wrk")
    if program is None:
        raise SkippedError("wrk is not installed (Debian and Ubuntu: apt install wrk)")
    script = [f"wrk.method = {json.dumps(asked.method)}"]
    if asked.body:
        script.append(f"wrk.body = [==[{asked.body}]==]")
    script += [f"wrk.headers[{json.dumps(name)}] = {json.dumps(value)}" for name, value in asked.headers.items()]
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write("\n".join(script))
        file.flush()
        line = [program, "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "10s", "--latency", "-s", file.name]
        done = subprocess.run(
            pinned([*line, url + asked.target], 1),
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
        raise BenchmarkError(f"wrk on {asked.target}: {done.stderr or said}")
    found = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    refused = int(found[1]) if found else 0
    wrong = refused if asked.status == "2" else int(count[1]) - refused
    if wrong or "Socket errors" in said:
        raise BenchmarkError(f"wrk on {asked.method} {asked.target}: {wrong} answers were no {asked.status}xx:\n{said}")
    return Outcome(float(rate[1]), float(late[1]) * _UNITS[late[2]], int(count[1]))
