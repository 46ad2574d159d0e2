"""The guides about faults, proxies, coverage and the inspector: each command runs as printed, and prints what they say.

A page is followed from its top to its end, in one folder, on one mock. Only the ports are others than on the page.
Commands of `store-credit-mock` that end by themselves run in this process, which has imported everything already.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from bootstrap import ROOT
from served_mock import Served, served
from store_credit_mock import Contract, Fault, Mock
from store_credit_mock.cli import main
from store_credit_tools.readme_samples import samples

pytestmark = [
    pytest.mark.takes_seconds,
    pytest.mark.skipif(shutil.which("curl") is None, reason="the commands were not run: curl is not installed"),
]

GUIDES = ROOT / "docs" / "guides"
MOCK, PROXY, REPLAY = (f"http://127.0.0.1:{port}" for port in (4010, 4011, 4012))
"""The addresses that the pages print."""
OPTIONS = ("--control-token", "control")
"""What every page starts the mock with; the inspector's also starts a journal."""
BLOCK = re.compile(r"^```(?P<language>\w+)[^\n]*\n(?P<code>.*?)^```$", re.DOTALL | re.MULTILINE)
COMMAND = re.compile(r"^\$ (?P<command>(?:[^\n]*\\\n)*[^\n]*)\n(?P<shown>(?:(?!\$ )[^\n]*\n)*)", re.MULTILINE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the pages' commands run."""
    return tmp_path_factory.mktemp("guides")


@pytest.fixture(scope="module")
def running(folder: Path) -> Iterator[Served]:
    """The mock that the pages start, with the journal of one of them."""
    with served(*OPTIONS, "--journal", str(folder / "run.jsonl")) as mock:
        yield mock


@pytest.fixture
def mock(running: Served, monkeypatch: pytest.MonkeyPatch, folder: Path) -> Served:
    """The mock as it is after its start; commands find nothing else in the environment."""
    running.control.reset()
    running.control.clear_exchanges()
    for name in [name for name in os.environ if name.startswith(("STORE_CREDIT", "VINR", "SPREE"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.chdir(folder)
    return running


class Reader:
    """Follows a page.

    Args:
        slug: The page.
        mock: What it starts.
        capfd: What is printed in this process.
    """

    def __init__(self, slug: str, mock: Served, capfd: pytest.CaptureFixture[str]) -> None:
        self.text = (GUIDES / f"{slug}.md").read_text("utf-8").replace("{{ version }}", mock.started["document"])
        self.addresses = {MOCK: mock.url}
        self._capfd = capfd
        self._stack = ExitStack()
        self._proxy: tuple[subprocess.Popen[str], Path] | None = None

    def follow(self) -> int:
        """Run every command, and compare; returns how many there were."""
        count = 0
        with self._stack:
            for block in BLOCK.finditer(self.text):
                if block["language"] == "console":
                    for one in COMMAND.finditer(block["code"]):
                        self._step(one["command"], one["shown"])
                        count += 1
                elif block["language"] == "text" and self._proxy is not None:
                    expect(self._end_proxy(), block["code"])
        return count

    def _step(self, command: str, shown: str) -> None:
        words = shlex.split(command.replace("\\\n", ""))
        if words[:2] == ["store-credit-mock", "serve"]:
            self._serve(words[2:])
        elif words[:2] == ["store-credit-mock", "proxy"]:
            self._start_proxy(words[2:])
        elif words[0] == "store-credit-mock":
            expect(self._printed_here(words[1:]), shown)
        elif words[0] != "pytest":
            expect(self._printed(command), shown)

    def _serve(self, options: list[str]) -> None:
        if "--replay" in options:
            *options, port, number = options
            assert (port, number) == ("--port", REPLAY.rpartition(":")[2])
            self.addresses[REPLAY] = self._stack.enter_context(served(*options)).url
        else:
            assert options in ([*OPTIONS], [*OPTIONS, "--journal", "run.jsonl"])

    def _start_proxy(self, options: list[str]) -> None:
        self._end_proxy()
        log = Path(f"proxy-{len(self.addresses)}.log")
        line = [sys.executable, "-m", "store_credit_mock", "proxy", "--port", "0", "--json"]
        with log.open("w") as said:
            process = subprocess.Popen(
                [*line, *map(self._pointed, options)], stdout=subprocess.PIPE, stderr=said, text=True
            )
        self._proxy = process, log
        self._stack.callback(self._end_proxy)
        assert process.stdout is not None
        self.addresses[PROXY] = json.loads(process.stdout.readline())["address"]

    def _end_proxy(self) -> str:
        """Press Ctrl-C; gives what it printed for people."""
        if self._proxy is None:
            return ""
        (process, log), self._proxy = self._proxy, None
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)
        return self._as_printed(log.read_text("utf-8"))

    def _printed(self, command: str) -> str:
        environment = {**os.environ, "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])}
        done = subprocess.run(
            ["bash", "-c", self._pointed(command)],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return self._as_printed(done.stdout)

    def _printed_here(self, words: list[str]) -> str:
        self._capfd.readouterr()
        with pytest.raises(SystemExit):
            main([self._pointed(word) for word in words])
        captured = self._capfd.readouterr()
        return self._as_printed(captured.out + captured.err)

    def _pointed(self, text: str) -> str:
        for printed, own in self.addresses.items():
            text = text.replace(printed, own)
        return text

    def _as_printed(self, text: str) -> str:
        for printed, own in self.addresses.items():
            text = text.replace(own, printed)
        return text


def expect(said: str, shown: str) -> None:
    """Compare what was printed with what a page says, where `...` stands for anything."""
    pattern = ".*?".join(map(re.escape, shown.strip().split("...")))
    assert re.fullmatch(pattern, said.strip(), re.DOTALL), f"printed:\n{said}\nbut the page says:\n{shown}"


@pytest.mark.parametrize(
    ("slug", "commands"),
    [("testing-faults", 18), ("testing-inspector", 10), ("testing-validate", 13), ("testing-coverage", 7)],
)
def test_a_page_runs_as_printed(slug: str, commands: int, mock: Served, capfd: pytest.CaptureFixture[str]) -> None:
    """Each command, in its order, prints what the page says."""
    assert Reader(slug, mock, capfd).follow() == commands
