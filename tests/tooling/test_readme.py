"""The samples of the README: what a newcomer pastes runs, and reaches nothing but the mock on this machine."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from bootstrap import ROOT
from served_mock import Served, served
from store_credit import VinrClient
from store_credit_tools.picture import LIMIT
from store_credit_tools.readme_samples import samples

README = ROOT / "README.md"
TEXT = README.read_text("utf-8")
RECIPE = "pip install ./sdk './mock[server]' ./jobs"
GUIDES_THAT_INSTALL = (
    "README.md",
    "sdk/README.md",
    "mock/README.md",
    "mock/npm/README.md",
    "jobs/README.md",
    "docs/templates/llms.txt",
    "docs/templates/llms-sdk.txt",
    "scripts/store_credit_tools/docs_site/reference/sdk_overview.py",
    *(f"docs/guides/{name}.md" for name in ("index", "testing", "testing-go", "testing-java", "testing-typescript")),
)
PAGES = sorted(
    {*GUIDES_THAT_INSTALL, *(str(path.relative_to(ROOT)) for path in (ROOT / "docs" / "guides").glob("*.md"))}
)


@pytest.fixture(scope="module")
def mock() -> Iterator[Served]:
    """What `store-credit-mock serve` gives, on a free port, to a reader who has already issued a credit there."""
    with served() as running:
        with VinrClient("sk_test_any", base_url=running.url) as vinr:
            vinr.store_credit.create(customer="cust_8aZ2", amount=500, currency="USD")
        yield running


@pytest.fixture
def nothing_but_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail where a sample looks up a host that is not this machine, and pass by any proxy."""
    look_up = socket.getaddrinfo

    def only_here(host: Any, *arguments: Any, **options: Any) -> Any:
        assert host in {"127.0.0.1", b"127.0.0.1"}, f"{host} is a real host"
        return look_up(host, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", only_here)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    for name in ("VINR_BASE_URL", "SPREE_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.usefixtures("nothing_but_loopback")
@pytest.mark.parametrize(
    ("place", "shows"), [(0, r"1 credit of 1000\n"), (1, r"credit_\w+ 10\.0\n")], ids=["VINR", "Spree v3"]
)
def test_a_sample_runs_as_printed(place: int, shows: str, mock: Served, capsys: pytest.CaptureFixture[str]) -> None:
    """Against the mock; only the port is another, as that of the README may be taken on this machine."""
    first = samples(README)[place]
    address = re.findall(r"http://127\.0\.0\.1:(\d+)", first.code)
    printed = subprocess.run(
        [sys.executable, "-m", "store_credit_mock", "serve", "--help"], capture_output=True, text=True, check=True
    ).stdout

    assert first.reason is None
    assert len(first.code.splitlines()) <= 8
    assert len(address) == 1
    assert re.search(rf"--port.*default: {address[0]}\b", " ".join(printed.split()))
    mock.control.clear_exchanges()
    code = first.code.replace(f"http://127.0.0.1:{address[0]}", mock.url)
    exec(compile(code, "README.md", "exec"), {"__name__": "__main__"})

    assert re.fullmatch(shows, capsys.readouterr().out)
    assert [exchange.response.status for exchange in mock.control.exchanges() if exchange.request.method == "POST"] in (
        [201, 201],
        [201],
    )
    assert len(mock.control.vinr.credits()) <= 2


def test_what_the_readme_says_of_the_first_sample_is_what_it_prints() -> None:
    """The words beside it are those the test above saw."""
    assert "It prints `1 credit of 1000`." in TEXT


def test_the_commands_before_it_are_there() -> None:
    """The two that set everything up come first, after one sentence; a sample, after what it needs."""
    title, pitch, *_ = TEXT.split("\n\n")
    head = TEXT[: TEXT.index("\n- **")]
    before = TEXT[: TEXT.index("```python")]

    assert title.startswith("# ")
    assert re.fullmatch(r"\*\*[^*\n]+\*\*", pitch)
    assert head.removeprefix(f"{title}\n\n{pitch}\n\n").startswith("    scripts/demo")
    assert re.findall(r"^    (scripts/\w+)", head, re.MULTILINE) == ["scripts/demo", "scripts/test"]
    assert f"    {RECIPE}\n    store-credit-mock serve\n" in before


def test_no_sample_of_the_readme_calls_a_real_host() -> None:
    """Each client that is made is told an address on this machine."""
    for sample in samples(README):
        clients = re.findall(r"\b(?:Async)?(?:Vinr|Spree|SpreeAdmin)Client\((.*)\)", sample.code)
        assert all('base_url="http://127.0.0.1:' in arguments for arguments in clients), sample.code


def test_the_picture_is_there_and_small() -> None:
    """`scripts/picture` made it; who cannot see it reads what it shows."""
    ((text, path),) = re.findall(r"!\[([^\]]+)\]\(([^)]+)\)", TEXT)
    picture = (ROOT / path).read_bytes()

    assert len(text.split()) > 5
    assert picture.startswith(b"\x89PNG")
    assert len(picture) <= LIMIT


def test_the_counts_of_recordings_are_right() -> None:
    """Every file below `tests/recordings` that holds an exchange counts; those of API v3 have a folder of their own."""
    recordings = ROOT / "tests" / "recordings"
    held = [path for path in recordings.rglob("*.json") if "request" in json.loads(path.read_text("utf-8"))]
    of_v3 = sum(path.is_relative_to(recordings / "spree-v3") for path in held)

    assert f"{len(held):,} exchanges recorded" in TEXT
    assert f"{len(held) - of_v3} with API v2 and {of_v3} with API v3" in TEXT


def test_what_the_readme_links_to_is_there() -> None:
    """Files of this repository; addresses elsewhere are those of the rivals and of nobody else."""
    links = re.findall(r"\]\(([^)]+)\)", TEXT)
    elsewhere = {link for link in links if link.startswith("http")}

    assert elsewhere == {"https://github.com/stoplightio/prism", "https://github.com/stripe/stripe-mock"}
    assert [link for link in links if link not in elsewhere and not (ROOT / link).exists()] == []


def test_every_script_is_told_of_where_scripts_are_listed() -> None:
    """The README leads to CONTRIBUTING.md, whose table has each."""
    told = set(re.findall(r"^\| `scripts/(\w+)", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), re.MULTILINE))
    there = {path.name for path in (ROOT / "scripts").iterdir() if path.is_file() and not path.suffix}

    assert there <= told


@pytest.mark.parametrize("path", PAGES, ids=str)
def test_there_is_one_recipe_to_install_it(path: str) -> None:
    """From a checkout, with more extras if need be; names of the index only beside the words `once published`."""
    text = (ROOT / path).read_text("utf-8")
    for paragraph in re.split(r"\n\s*\n", text):
        for command in re.findall(r"pip3? (?:install|wheel) [^`\n]+", paragraph):
            is_recipe = re.fullmatch(re.escape(RECIPE).replace("server", r"server(,\w+)*"), command.strip())
            assert is_recipe or "once published" in paragraph.lower(), f"{path}: {command}"
            assert is_recipe or "./" not in command, f"{path}: {command}"
    if path in GUIDES_THAT_INSTALL:
        assert RECIPE.removesuffix(" ./jobs").replace("server]'", "server") in text


def test_the_recipe_installs_what_is_there() -> None:
    """Folders with a package, and an extra that it has."""
    for folder, extra in re.findall(r"\./(\w+)(?:\[(\w+)\])?", RECIPE):
        project = tomllib.loads((ROOT / folder / "pyproject.toml").read_text("utf-8"))["project"]
        assert not extra or extra in project["optional-dependencies"]
