"""The processes that are measured, and the loopback server they talk to.

Each contender runs in a process of its own, so that nobody pays for what another imported. Figures are CPU time, user
and system together, taken inside the process: a machine that does something else as well disturbs that least. Where the
system allows, contenders share one core and the server has another.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer
from typing import IO, Any, Self

__all__ = ["BenchmarkError", "Contender", "Server", "Worker", "core_at", "environment", "fresh", "once"]

SCRIPTS = Path(__file__).resolve().parents[2]
SECONDS = 120
"""How long a child may take for a single response; one that takes longer is ended."""


class BenchmarkError(Exception):
    """A contender or the server failed; the text holds what it said."""


def core_at(place: int) -> int | None:
    """The first or the second core this process may use; None where there are not two, or no way to ask."""
    if not hasattr(os, "sched_getaffinity"):
        return None
    cores = sorted(os.sched_getaffinity(0))
    return cores[place] if len(cores) > 1 else None


def environment() -> dict[str, str]:
    """This process's variables without those that would lead a client elsewhere or make it talk.

    Nor is a process kept from keeping compiled modules, which whoever installs a package has: to compile them anew
    takes half as long again as starting does.
    """
    ours = ("SPREE_", "STORE_CREDIT_", "VINR_", "PYTHONDONTWRITEBYTECODE")
    return {
        name: value
        for name, value in os.environ.items()
        if not name.lower().endswith("_proxy") and not name.startswith(ours)
    }


def _pinned(core: int | None) -> str:
    return "" if core is None else f"import os; os.sched_setaffinity(0, {{{core}}}); "


def _program(module: str, core: int | None) -> list[str]:
    """A command that runs `main` of a module of this package, isolated from the user's settings of Python."""
    code = f"{_pinned(core)}import sys; sys.path.insert(0, {str(SCRIPTS)!r}); from {module} import main; main()"
    return [sys.executable, "-I", "-c", code]


@dataclass(frozen=True)
class Contender:
    """Work for a process of its own.

    Attributes:
        module: Module below `store_credit_tools.bench.contenders`.
        function: Function in it; called with `arguments`, it prepares and returns what is measured.
        arguments: Plain JSON values.
        without: Packages the process must not find, to measure the SDK without an extra.
        path: A folder to import from.
    """

    module: str
    function: str
    arguments: Sequence[Any] = ()
    without: Sequence[str] = ()
    path: str | None = field(default=None)


class _Child:
    """A process that answers in lines and ends when its standard input does."""

    def __init__(self, what: str, command: list[str], *arguments: str) -> None:
        self.what = what
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed in close()
        self._process = subprocess.Popen(
            [*command, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            env=environment(),
        )

    def ask(self, line: str | None = None) -> str:
        """Send a line and read one."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        # A process that hangs is ended, and then has nothing to answer.
        watch = Timer(SECONDS, self._process.kill)
        watch.start()
        try:
            if line is not None:
                self._process.stdin.write(line + "\n")
                self._process.stdin.flush()
            answer = self._process.stdout.readline()
        except OSError:
            answer = ""
        finally:
            watch.cancel()
        if not answer:
            self._process.wait()
            self._errors.seek(0)
            said = self._errors.read().decode("utf-8", "replace").strip().splitlines()[-12:]
            raise BenchmarkError(f"{self.what} stopped:\n" + "\n".join(f"    {one}" for one in said))
        return answer.strip()

    def close(self) -> None:
        """Let the process end."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
        self._errors.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


class Server(_Child):
    """The loopback server; `url` is its address. It ends with this process at the latest."""

    def __init__(self) -> None:
        super().__init__("the loopback server", _program("store_credit_tools.bench.server", core_at(1)))
        self.url = f"http://127.0.0.1:{self.ask()}"


class Worker(_Child):
    """A contender that runs its work as often as it is told.

    Args:
        contender: What to run.
        seconds: About how much CPU time one sample should take.
        place: Which core it runs on, the first or the second.
    """

    def __init__(self, contender: Contender, seconds: float, place: int = 0) -> None:
        settings = {
            "module": contender.module,
            "function": contender.function,
            "arguments": list(contender.arguments),
            "without": list(contender.without),
            "path": contender.path,
        }
        what = f"{contender.module}.{contender.function}"
        super().__init__(what, _program("store_credit_tools.bench.worker", core_at(place)), json.dumps(settings))
        self._seconds = seconds
        self._count = 0

    def sample(self) -> float:
        """Microseconds of CPU time for one piece of work, averaged over as many as fill a sample."""
        if self._count == 0:
            self.ask("5")
            once = int(self.ask("5")) / 5
            self._count = max(1, round(self._seconds * 1e9 / max(once, 1.0)))
        return int(self.ask(str(self._count))) / self._count / 1000


def fresh(code: str, before: str = "") -> Callable[[], float]:
    """A function that runs code in a new process and gives the milliseconds of CPU time it took there.

    Args:
        code: What is measured, from the first statement to the last.
        before: What is run first and not measured.
    """
    start = "from time import process_time_ns as _clock; _start = _clock()"
    program = f"{_pinned(core_at(0))}\n{before}\n{start}\n{code}\nprint(_clock() - _start)"

    def run() -> float:
        return int(_output([sys.executable, "-I", "-c", program], code.splitlines()[0])) / 1e6

    return run


def once(contender: Contender) -> float:
    """The figure that a contender returns when it is run in a process of its own."""
    with Worker(contender, 1.0) as worker:
        return float(worker.ask("figure"))


def _output(command: list[str], what: str) -> str:
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=environment(),
        timeout=SECONDS,
        check=False,
    )
    if done.returncode != 0:
        said = done.stderr.strip().splitlines()[-12:]
        raise BenchmarkError(f"{what!r} failed:\n" + "\n".join(f"    {one}" for one in said))
    return done.stdout.strip()
