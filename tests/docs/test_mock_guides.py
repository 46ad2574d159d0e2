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
from contextlib import ExitStack
from pathlib import Path

import pytest

from bootstrap import ROOT
from served_mock import Served, served
from store_credit_mock import Engine, Mock, Request, Response
from store_credit_mock.cli import main
from store_credit_mock.control import Control
from store_credit_tools.readme_samples import samples

pytestmark = [
    pytest.mark.takes_seconds,
    pytest.mark.skipif(shutil.which("curl") is None, reason="the commands were not run: curl is not installed"),
]

GUIDES = ROOT / "docs" / "guides"
MOCK, PROXY, REPLAY = (f"http://127.0.0.1:{port}" for port in (4010, 4011, 4012))
"""The addresses that the pages print."""
OPTIONS = ("--control-token", "control")
"""What every page starts the mock with; that of the inspector has a journal, too."""
BLOCK = re.compile(r"^```(?P<language>\w+)[^\n]*\n(?P<code>.*?)^```$", re.DOTALL | re.MULTILINE)
COMMAND = re.compile(r"^\$ (?P<command>(?:[^\n]*\\\n)*[^\n]*)\n(?P<shown>(?:(?!\$ )[^\n]*\n)*)", re.MULTILINE)


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file that one of the pages looks into."""
    return tmp_path_factory.mktemp("guides") / "run.jsonl"


@pytest.fixture(scope="module")
def running(journal: Path) -> Iterator[Served]:
    """The mock that the pages start."""
    with served(*OPTIONS, "--journal", str(journal)) as mock:
        yield mock


@pytest.fixture
def mock(running: Served, journal: Path, monkeypatch: pytest.MonkeyPatch, pytester: pytest.Pytester) -> Served:
    """The mock as it is after its start; what a page runs, runs in an empty folder and with an empty environment."""
    running.control.reset()
    (pytester.path / journal.name).symlink_to(journal)
    for name in [name for name in os.environ if name.startswith(("STORE_CREDIT", "VINR", "SPREE"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return running


class Reader:
    """Follows a page.

    Args:
        slug: The page.
        mock: What it starts.
        pytester: Runs pytest in the folder where everything runs.
        capfd: What is printed in this process.
    """

    def __init__(self, slug: str, mock: Served, pytester: pytest.Pytester, capfd: pytest.CaptureFixture[str]) -> None:
        self.text = (GUIDES / f"{slug}.md").read_text("utf-8").replace("{{ version }}", mock.started["document"])
        self.addresses = {MOCK: mock.url}
        self._pytester = pytester
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
        elif words[0] == "pytest":
            expect("\n".join(self._pytester.runpytest_inprocess(*words[1:]).outlines), shown)
        else:
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


def blocks(slug: str, language: str) -> list[str]:
    """The code of a page in one language."""
    found = BLOCK.finditer((GUIDES / f"{slug}.md").read_text("utf-8"))
    return [block["code"] for block in found if block["language"] == language]


@pytest.mark.parametrize(
    ("slug", "commands"),
    [("testing-faults", 17), ("testing-inspector", 10), ("testing-validate", 13), ("testing-coverage", 6)],
)
def test_a_page_runs_as_printed(
    slug: str, commands: int, mock: Served, pytester: pytest.Pytester, capfd: pytest.CaptureFixture[str]
) -> None:
    """Each command, in its order, prints what the page says."""
    if slug == "testing-coverage":
        (pytester.path / "test_credit.py").write_text(blocks(slug, "python")[0], "utf-8")

    assert Reader(slug, mock, pytester, capfd).follow() == commands


def test_tests_in_sandboxes_of_one_server_pass(mock: Served, pytester: pytest.Pytester) -> None:
    """The fixture that gives each test a sandbox leaves none behind."""
    (sample,) = [one.code for one in samples(GUIDES / "testing-faults.md") if one.reason is not None]
    pytester.makepyfile(sample.replace(MOCK, mock.url))
    before = mock.control.sandboxes()

    pytester.runpytest_inprocess("-p", "no:cacheprovider").assert_outcomes(passed=2)
    assert len(mock.control.sandboxes()) == len(before)


def test_what_verify_says_is_on_the_page(store_credit_mock: Mock) -> None:
    """Of the credit that its Python sample issues."""
    store_credit_mock.vinr.store_credit.create(customer="cust_8aZ2", amount=1000, currency="USD")
    with pytest.raises(AssertionError) as error:
        store_credit_mock.control.verify("vinr.store_credit.create", body="/amount", value=500)

    expect(str(error.value), *blocks("testing-inspector", "text"))


# The table of what one may want


def rows() -> Iterator[tuple[str, list[tuple[str, str, str]]]]:
    """What a row is about, and its forms: Python, JSON or a route with its body, and the header or nothing."""
    table = (GUIDES / "testing-faults.md").read_text("utf-8").partition("| you want |")[2].partition("\n\n")[0]
    for line in table.splitlines()[2:]:
        wanted, *cells = line.strip("| ").split(" | ")
        python, curl, *header = (re.findall(r"`([^`]+)`", cell) for cell in cells)
        headers = header[0] if header and header[0] else [""] * len(curl)
        yield wanted, list(zip(python or [""], curl, headers, strict=True))


FORMS = [pytest.param(*form, id=f"{wanted}: {form[1]}") for wanted, forms in rows() for form in forms]


@pytest.mark.parametrize(("python", "curl", "header"), FORMS)
def test_a_row_means_the_same_in_each_form(python: str, curl: str, header: str, store_credit_mock: Mock) -> None:
    """A fault in Python is the one in JSON, and does to a request what the header does; the rest can be called."""
    engine, names = store_credit_mock.engine, {"mock": store_credit_mock}
    if curl.startswith("/"):
        route, _, body = curl.partition(" ")
        store_credit_mock.control.save_snapshot("clean")
        assert _control(engine, "POST", route, body).status < 300 or route.startswith("/sandboxes")
        if python:
            eval(f"mock.{python}", names)
        return
    assert _control(engine, "POST", "/faults", f'{{"operation": "vinr.*", {curl}}}').status == 201
    (planned,) = engine.faults.as_dicts()
    engine.faults.clear()
    eval(f"mock.fault('vinr.*', {python})", names)
    (same,) = engine.faults.as_dicts()

    assert planned == same | {"id": planned["id"]}
    # A delay would be waited for.
    if header and not header.startswith("delay"):
        scheduled = _effect(engine)
        store_credit_mock.control.reset()
        name, _, value = header.partition(": ") if ": " in header else ("X-Mock-Fault", "", header)
        assert _effect(engine, **{name: value}) == scheduled


def _control(engine: Engine, method: str, route: str, body: str) -> Response:
    token = {"Authorization": f"Bearer {engine.control.token}"}
    return engine.handle(Request.build(method, f"/_mock{route}", token, body.encode()))


def _effect(engine: Engine, **headers: str) -> tuple[object, ...]:
    """What a client gets when it issues a credit, and how many credits there are then and a minute later."""
    sent = {"X-Api-Key": "sk_test_any", "Content-Type": "application/json", **headers}
    body = b'{"customer":"cust_8aZ2","amount":1000,"currency":"USD"}'
    got = engine.handle(Request.build("POST", "/v1/store-credit", sent, body))
    control = Control.inside(engine.control)
    counts = [len(control.vinr.credits())]
    control.advance(60)
    counts.append(len(control.vinr.credits()))
    said = re.sub(rb"(req|sc)_\w+|\d{10}", b"", got.body)
    return got.status, got.dropped, got.reset, got.truncate_at, got.header("retry-after"), said, counts
