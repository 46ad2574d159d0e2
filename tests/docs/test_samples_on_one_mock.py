"""Every sample of every page runs, as printed, against `store-credit-mock serve --samples`.

As a reader goes about it: one language from the first page to the last, in the order of the navigation, on a mock that
is fresh (`POST /_mock/reset`) before the first sample and is not touched in between. What is only in Spree 6.0 runs on
a second mock, started as its samples say. Left out are parts of the programs in `docs/programs`, which do not stand
alone and are run with them, the programs of the recipes, which `test_recipes.py` runs, samples that are tests, commands
that plan a fault, and samples of a guide that says why they cannot run.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bootstrap import ROOT
from served_mock import Served, served
from store_credit import SpreeAdminClient, SpreeClient, SpreeStoreClient, VinrClient
from store_credit_mock.contract import Document
from store_credit_tools.docs_site.excerpts import parts
from store_credit_tools.docs_site.samples import sample_requests, samples_for
from store_credit_tools.docs_site.sampling.requests import LATER
from store_credit_tools.docs_site.sampling.webhooks import MOCK
from store_credit_tools.readme_samples import samples

MODULES = Path(__file__).parent / "modules.mjs"
PROGRAMS = ROOT / "docs" / "programs" / "python"
GUIDES = ROOT / "docs" / "guides"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
FOLLOWED = ("testing-faults", "testing-inspector", "testing-validate", "testing-coverage")
"""Guides that test_mock_guides.py follows: they break the mock, and do to it what other pages would notice."""
END = "~~~"
"""What a program that runs several samples prints after each."""
REFUSED_ON_PURPOSE = 404
"""What the page about errors shows how to catch."""

Files = Mapping[str, bytes]


@dataclass
class Sample:
    """A block of a page."""

    page: str
    language: str
    code: str
    later: bool = False
    """Whether it is of an operation that only Spree 6.0 has."""
    requests: int | None = None
    """How many requests it makes; None where that is its own affair."""
    status: int = 0
    """Of the response, where that is looked at."""

    def __str__(self) -> str:
        return f"{self.page}: {self.language}:\n{self.code}"


@dataclass
class Mocks:
    """The mock that `serve --samples` starts, and the one for what is only in Spree 6.0."""

    usual: Served
    later: Served

    def reset(self) -> None:
        for mock in (self.usual, self.later):
            mock.control.reset()

    def of(self, sample: Sample) -> Served:
        return self.later if sample.later else self.usual

    def environment(self, sample: Sample) -> dict[str, str]:
        return {**self.of(sample).started["environment"], "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}

    def refused(self) -> Iterator[str]:
        """What they did not take: a refusal, but for the one that a page is about, or a violation."""
        for mock in (self.usual, self.later):
            for exchange in mock.control.exchanges():
                on_purpose = exchange.response.status == REFUSED_ON_PURPOSE and "cust_unknown" in str(exchange)
                if exchange.violations or (exchange.response.status >= 300 and not on_purpose):
                    yield str(exchange)


@pytest.fixture(scope="module")
def mocks() -> Iterator[Mocks]:
    """Both, each told nothing else but what the pages say."""
    with served("--samples") as usual, served("--samples", "--profile", f"spree-v3={LATER}") as later:
        yield Mocks(usual, later)


@pytest.fixture(scope="module")
def every(files: Files) -> list[Sample]:
    """All blocks of all pages that are samples, in the order of the navigation."""
    document = Document.read()
    requests = sample_requests(document)
    known: dict[str, tuple[str, str]] = {}
    sets = samples_for(document)
    for name, (sample,) in sets.items():
        known[sample.curl.strip()] = (name, "curl")
        known[sample.python.strip()] = (name, "sync")
        known[sample.python_async.strip()] = (name, "async")
        known[sample.fetch.strip()] = (name, "fetch")
    apart = {code.strip() for program in PROGRAMS.glob("*.py") for code in parts(program).values()}
    apart |= {one.code.strip() for guide in GUIDES.glob("*.md") for one in samples(guide) if one.reason is not None}
    found: list[Sample] = []
    for page in re.findall(r"^- \[[^\]]+\]\(([\w-]+\.md)\)", files["llms.txt"].decode(), re.MULTILINE):
        # Signatures; programs that test_recipes.py runs, each on a mock of its own; guides about the mock itself; and
        # the control plane, whose samples test_control_samples.py runs.
        if page.startswith(("sdk-", "recipe-", "mock-control", *FOLLOWED)):
            continue
        for language, code in BLOCK.findall(files[page].decode()):
            name, form = known.get(code.strip(), ("", language))
            if name in requests:
                found.append(Sample(page, form, code, requests[name].later, 1 if form in {"curl", "fetch"} else None))
                # Those that the page loads.
                (sample,) = sets[name]
                for more, _, _, text in sample.loaded:
                    # What is in Markdown, too, is a block of its own.
                    if form == "fetch" and more != "async":
                        found.append(Sample(page, more, text, requests[name].later, 1, sample.status))
            elif name and form == "curl":
                found.append(Sample(page, "event", code, requests=code.count("curl ")))
            elif language == "python" and "def test_" not in code and code.strip() not in apart:
                found.append(Sample(page, "async" if "asyncio.run" in code else "sync", code))
            elif language == "console" and "$ curl " in code and "X-Mock-Fault" not in code:
                commands = re.findall(r"^\$ (curl .*?)(?=^\$|\n\n|\Z)", code, re.DOTALL | re.MULTILINE)
                form = "reset" if "/_mock/reset" in code else "curl"
                found.append(Sample(page, form, "\n".join(commands), requests=len(commands)))
    return found


def chosen(every: list[Sample], *languages: str) -> list[Sample]:
    return [sample for sample in every if sample.language in languages]


def report(what: str, those: list[Sample], failed: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Print how many of how many ran; fail unless all did."""
    with capsys.disabled():
        print(f"\n{what}: {len(those) - len(failed)} of {len(those)} samples ran")
    assert not failed, "\n\n".join(failed)


@pytest.mark.takes_seconds
@pytest.mark.parametrize("language", ["sync", "async"])
def test_every_python_sample(
    language: str,
    every: list[Sample],
    mocks: Mocks,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Pasted into a file each, with the variables that the start printed."""
    those, failed = chosen(every, language), list[str]()
    operations = len([sample for sample in those if sample.page.startswith(("spree-", "vinr-"))])
    mocks.reset()
    for sample in those:
        for name, value in mocks.environment(sample).items():
            monkeypatch.setenv(name, value)
        code = sample.code.replace(MOCK, mocks.usual.url)
        names: dict[str, Any] = {"__name__": "__main__"}
        try:
            exec(compile(code, sample.page, "exec"), names)
        except Exception as error:  # noqa: BLE001 - whatever a reader would get
            failed.append(f"{sample}\n{error!r}")
        for value in names.values():
            if isinstance(value, VinrClient | SpreeClient | SpreeAdminClient | SpreeStoreClient):
                value.close()
    capsys.readouterr()
    assert operations >= len(Document.read().operations)
    report(language, those, [*failed, *mocks.refused()], capsys)


@pytest.mark.takes_seconds
@pytest.mark.skipif(shutil.which("curl") is None, reason="the curl samples were not run: curl is not installed")
def test_every_curl_sample(
    every: list[Sample], mocks: Mocks, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """All in one shell each mock, which goes on after each; also those that make the mock send an event."""
    all_of_curl = chosen(every, "curl", "event")
    (reset,) = chosen(every, "reset")
    mocks.reset()
    mocks.usual.control.vinr.add_customer("cust_before", "before@example.com")
    for later in (False, True):
        those = [sample for sample in all_of_curl if sample.later == later]
        before = [] if later else [reset]
        script = "".join(
            f"(\nset -e\n{one.code.replace(MOCK, mocks.usual.url)}\n) || exit 1\n" for one in before + those
        )
        environment = {**mocks.environment(those[0]), "PATH": os.environ["PATH"], "HOME": str(tmp_path)}
        done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=False, env=environment)
        assert done.returncode == 0, done.stderr
        # To register a receiver, or to buy something, is a request to the control plane and no exchange of a system.
        of_control = sum(one.code.count("/_mock/") for one in those)
        wanted = sum(one.requests or 0 for one in those) - of_control
        assert mocks.of(those[0]).control.count_exchanges().total == wanted
    assert "cust_before" not in [customer.id for customer in mocks.usual.control.vinr.customers()]
    report("curl", all_of_curl, list(mocks.refused()), capsys)


@pytest.mark.takes_seconds
@pytest.mark.parametrize("step", [1, -1], ids=["in their order", "backwards"])
def test_every_fetch_sample(step: int, every: list[Sample], mocks: Mocks, capsys: pytest.CaptureFixture[str]) -> None:
    """All in one Node each mock; their order makes no difference, as no sample names what another one ends."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("the fetch samples were not run: Node is not installed")
    all_of_fetch, failed = chosen(every, "fetch")[::step], list[str]()
    mocks.reset()
    for later in (False, True):
        those = [sample for sample in all_of_fetch if sample.later == later]
        sources = "".join(json.dumps({"source": sample.code}) + "\n" for sample in those)
        environment = {**os.environ, **mocks.environment(those[0])}
        done = subprocess.run(
            [node, str(MODULES)],
            input=sources,
            capture_output=True,
            text=True,
            check=True,
            env=environment,
            timeout=120,
        )
        answers: list[dict[str, Any]] = [json.loads(line) for line in done.stdout.splitlines()]
        failed += [f"{one}\n{said['error']}" for one, said in zip(those, answers, strict=True) if said["error"]]
    report("fetch", all_of_fetch, [*failed, *mocks.refused()], capsys)


def go_program(folder: Path, sources: list[str]) -> list[str]:
    """A module with a package for each source, and a program that runs those whose numbers it is given."""
    go = shutil.which("go")
    if go is None:
        pytest.skip("the Go samples were not run: Go is not installed")
    (folder / "go.mod").write_text("module samples\n\ngo 1.19\n")
    for number, source in enumerate(sources):
        package = folder / f"s{number}"
        package.mkdir()
        # As printed, but for the two names that make a program of a package.
        called = source.replace("package main\n", f"package s{number}\n").replace("func main() {", "func Main() {")
        (package / "sample.go").write_text(called + "\n")
    numbers = range(len(sources))
    imports = "".join(f'\t"samples/s{number}"\n' for number in numbers)
    names = "".join(f"\ts{number}.Main,\n" for number in numbers)
    (folder / "main.go").write_text(
        f'package main\n\nimport (\n\t"fmt"\n\t"os"\n\t"strconv"\n\n{imports})\n\n'
        f"var samples = []func(){{\n{names}}}\n\n"
        "func main() {\n\tfor _, text := range os.Args[1:] {\n\t\tnumber, _ := strconv.Atoi(text)\n"
        f'\t\tsamples[number]()\n\t\tfmt.Print("{END}")\n\t}}\n}}\n'
    )
    offline = {**os.environ, "GOPROXY": "off", "GOTOOLCHAIN": "local", "GOFLAGS": "-mod=mod"}
    for command in ("vet", "./..."), ("build", "-o", "run", "."):
        done = subprocess.run([go, *command], cwd=folder, env=offline, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    if gofmt := shutil.which("gofmt"):
        packages = [f"s{number}" for number in numbers]
        done = subprocess.run([gofmt, "-l", *packages], cwd=folder, capture_output=True, text=True, check=True)
        assert done.stdout == "", "gofmt would write these otherwise"
    return [str(folder / "run")]


def java_program(folder: Path, sources: list[str]) -> list[str]:
    """A class for each source in a package of its own, and one that runs those whose numbers it is given."""
    javac, java = shutil.which("javac"), shutil.which("java")
    if javac is None or java is None:
        pytest.skip("the Java samples were not run: no JDK is installed")
    for number, source in enumerate(sources):
        package = folder / f"s{number}"
        package.mkdir()
        (package / "Main.java").write_text(f"package s{number};\n{source}\n", "utf-8")
    (folder / "Run.java").write_text(
        "class Run {\n  public static void main(String[] numbers) throws Exception {\n"
        "    for (String number : numbers) {\n"
        '      var main = Class.forName("s" + number + ".Main").getMethod("main", String[].class);\n'
        "      main.setAccessible(true);\n      main.invoke(null, (Object) new String[0]);\n"
        f'      System.out.print("{END}");\n    }}\n  }}\n}}\n'
    )
    files = [str(one) for one in folder.rglob("*.java")]
    done = subprocess.run(
        [javac, "-Xlint:all", "-Werror", "-encoding", "UTF-8", "-d", str(folder), *files],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return [java, "-cp", str(folder), "Run"]


@pytest.mark.slow
@pytest.mark.toolchain
@pytest.mark.parametrize(("language", "compiled"), [("go", go_program), ("java", java_program)])
def test_every_sample_that_is_compiled(
    language: str,
    compiled: Callable[[Path, list[str]], list[str]],
    every: list[Sample],
    mocks: Mocks,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """All as one program; the compiler has no warning, and the responses are those to the same requests by curl."""
    all_of_it = chosen(every, language)
    assert len(all_of_it) == len(chosen(every, "fetch"))
    command = compiled(tmp_path, [sample.code for sample in all_of_it])
    mocks.reset()
    for later in (False, True):
        those = [(str(number), sample) for number, sample in enumerate(all_of_it) if sample.later == later]
        done = subprocess.run(
            [*command, *(number for number, _ in those)],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, **mocks.environment(those[0][1])},
            timeout=120,
        )
        printed = done.stdout.split(END)
        # The first that fails ends the program.
        assert done.returncode == 0, f"{those[len(printed) - 1][1]}\n{done.stderr}"
        assert len(printed) == len(those) + 1
        assert all(text.strip() for text in printed[:-1])
        exchanges = mocks.of(those[0][1]).control.exchanges(limit=len(those) + 1)
        assert [one.response.status for one in exchanges] == [one.status for _, one in those]
    report(language, all_of_it, list(mocks.refused()), capsys)


@pytest.mark.takes_seconds
@pytest.mark.parametrize("language", ["ruby", "php"])
def test_every_sample_that_a_page_loads(
    language: str, every: list[Sample], mocks: Mocks, capsys: pytest.CaptureFixture[str]
) -> None:
    """All in one Ruby or PHP each mock; the responses are those to the same requests by curl."""
    command = shutil.which(language)
    if command is None:
        pytest.skip(f"the {language} samples were not run: {language} is not installed")
    all_of_it, failed = chosen(every, language), list[str]()
    assert len(all_of_it) == len(chosen(every, "fetch"))
    runner = Path(__file__).parent / f"programs.{'rb' if language == 'ruby' else 'php'}"
    mocks.reset()
    for later in (False, True):
        those = [sample for sample in all_of_it if sample.later == later]
        sources = "".join(json.dumps({"source": sample.code}) + "\n" for sample in those)
        done = subprocess.run(
            [command, str(runner)],
            input=sources,
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, **mocks.environment(those[0])},
            timeout=120,
        )
        answers: list[dict[str, Any]] = [json.loads(line) for line in done.stdout.splitlines()]
        failed += [f"{one}\n{said['error']}" for one, said in zip(those, answers, strict=True) if said["error"]]
        failed += [f"{one}\nprinted nothing" for one, said in zip(those, answers, strict=True) if not said["printed"]]
        exchanges = mocks.of(those[0]).control.exchanges(limit=len(those) + 1)
        assert [one.response.status for one in exchanges] == [one.status for one in those]
    report(language, all_of_it, [*failed, *mocks.refused()], capsys)
