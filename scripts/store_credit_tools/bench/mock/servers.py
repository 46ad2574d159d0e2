"""The servers that are measured, each on the first core; whoever loads them has the second."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import orjson

from store_credit_tools.bench.groups import SkippedError
from store_credit_tools.bench.processes import SCRIPTS, BenchmarkError, core_at, environment
from store_credit_tools.node import PRISM, NodeUnavailableError, command

__all__ = [
    "CONTROL_TOKEN",
    "SPREE_TOKEN",
    "SPREE_V3_KEY",
    "Process",
    "constant",
    "mock",
    "pinned",
    "prism",
    "proxy",
    "upstream",
]

CONTROL_TOKEN = "control-token-of-the-benchmarks"  # noqa: S105 - of a sandbox that lives for a minute
SPREE_TOKEN = "spree-token-of-the-benchmarks"  # noqa: S105
SPREE_V3_KEY = "sk_benchmarks"
START_SECONDS = 60
_PIN = "import os, sys; os.sched_setaffinity(0, {%d}); os.execvp(sys.argv[1], sys.argv[1:])"


def pinned(line: Sequence[str], place: int) -> list[str]:
    """A command that runs on one core; as it is where a process cannot choose."""
    core = core_at(place)
    return list(line) if core is None else [sys.executable, "-I", "-c", _PIN % core, *line]


class Process:
    """A running server.

    Attributes:
        url: Where it listens.
        ready: Seconds from the start of the process until it said so.
        started: What the mock says of itself.
    """

    def __init__(self, process: subprocess.Popen[bytes], url: str, ready: float) -> None:
        self.process = process
        self.url = url
        self.ready = ready

    def busy(self) -> float | None:
        """Seconds of CPU time of all its threads so far; None where the system does not say."""
        try:
            tasks = list(Path(f"/proc/{self.process.pid}/task").iterdir())
            return sum(int((task / "schedstat").read_text("ascii").split()[0]) for task in tasks) / 1e9
        except (OSError, ValueError):
            return None

    def resident(self) -> float:
        """Resident memory in MB (10**6 bytes).

        Raises:
            SkippedError: The system does not say.
        """
        try:
            text = Path(f"/proc/{self.process.pid}/status").read_text("ascii")
        except OSError as error:
            raise SkippedError("resident memory is read from /proc, which is not here") from error
        found = re.search(r"VmRSS:\s+(\d+) kB", text)
        return int(found[1]) * 1024 / 1e6 if found else 0.0


@contextmanager
def _running(line: Sequence[str], ready: re.Pattern[bytes], place: int = 0) -> Generator[Process]:
    """Start a server on a core and wait until it prints its address, the first group of `ready`."""
    with tempfile.TemporaryFile() as log:
        began = time.perf_counter()
        process = subprocess.Popen(
            pinned(line, place), stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment() | {"NO_COLOR": "1"}
        )
        try:
            while True:
                found = ready.search(os.pread(log.fileno(), 65536, 0))
                if found:
                    break
                if process.poll() is not None or time.perf_counter() - began > START_SECONDS:
                    said = os.pread(log.fileno(), 2000, 0).decode("utf-8", "replace")
                    raise BenchmarkError(f"{' '.join(line[:4])} did not start:\n{said}")
                # Often enough that what is measured is the server.
                time.sleep(0.001)
            yield Process(process, found[1].decode(), time.perf_counter() - began)
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def mock(*options: str) -> Generator[Process]:
    """`store-credit-mock serve`, as anybody starts it."""
    program = Path(sys.executable).with_name("store-credit-mock")
    tokens = ["--control-token", CONTROL_TOKEN, "--spree-token", SPREE_TOKEN, "--spree-v3-secret-key", SPREE_V3_KEY]
    with _running([str(program), "serve", "--port", "0", *tokens, *options], re.compile(rb"(http\S+) .* ready")) as one:
        yield one


@contextmanager
def constant(kind: str) -> Generator[Process]:
    """The same server answering a constant: `app`, uvicorn with a plain ASGI app, or `wire`, our own way of serving."""
    path = f"import sys; sys.path.insert(0, {str(SCRIPTS)!r}); "
    code = path + f"from store_credit_tools.bench.mock.constant import main; main({kind!r})"
    with _running([sys.executable, "-I", "-c", code], re.compile(rb"(http\S+) ready")) as one:
        yield one


@contextmanager
def upstream() -> Generator[Process]:
    """What stands behind a proxy; on the core of those who load it, so that the proxy has its own."""
    path = f"import sys; sys.path.insert(0, {str(SCRIPTS)!r}); "
    code = path + "from store_credit_tools.bench.proxy.upstream import main; main()"
    with _running([sys.executable, "-I", "-c", code], re.compile(rb"(http\S+) ready"), 1) as one:
        yield one


@contextmanager
def proxy(behind: str, *options: str) -> Generator[Process]:
    """`store-credit-mock proxy`, as anybody starts it."""
    program = Path(sys.executable).with_name("store-credit-mock")
    line = [str(program), "proxy", "--port", "0", "--upstream", behind, *options]
    with _running(line, re.compile(rb"(http\S+) to .* ready")) as one:
        yield one


@contextmanager
def prism(behind: str | None = None) -> Generator[Process]:
    """Prism, silent, on the document without callbacks.

    Args:
        behind: Where its proxy passes requests to; None is its mock.

    Raises:
        SkippedError: Node or Prism is not there.
    """
    from store_credit_mock.contract import Document

    try:
        line = command(PRISM, "prism")
    except NodeUnavailableError as reason:
        raise SkippedError(f"Prism: {reason}") from reason
    document: dict[str, Any] = orjson.loads(orjson.dumps(Document.read().data))
    for path in document["paths"].values():
        for operation in path.values():
            if isinstance(operation, dict):
                cast("dict[str, Any]", operation).pop("callbacks", None)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "openapi.json"
        file.write_text(json.dumps(document), "utf-8")
        options = [
            "mock" if behind is None else "proxy",
            "--errors",
            "--host",
            "127.0.0.1",
            "--port",
            str(port),
            "--verboseLevel",
            "silent",
        ]
        # Silent, it does not even say where it listens.
        rest = [str(file)] if behind is None else [str(file), behind]
        with _running([*line, *options, *rest], re.compile(rb"()")) as one:
            one.url = f"http://127.0.0.1:{port}"
            _wait(one, port)
            yield one


def _wait(one: Process, port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and one.process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise BenchmarkError("Prism did not start")
