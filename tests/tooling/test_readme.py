"""The samples of the README: what a newcomer pastes runs, and reaches nothing but the mock on this machine."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from bootstrap import ROOT
from served_mock import Served, served
from store_credit_tools.readme_samples import samples

README = ROOT / "README.md"
TEXT = README.read_text("utf-8")


@pytest.fixture(scope="module")
def mock() -> Iterator[Served]:
    """What `store-credit-mock serve` gives, on a free port."""
    with served() as running:
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
    ("place", "shows"), [(0, r"(sc_\w+) 1000\n"), (1, r"(credit_\w+) 10\.0\n")], ids=["VINR", "Spree v3"]
)
def test_a_sample_runs_as_printed(place: int, shows: str, mock: Served, capsys: pytest.CaptureFixture[str]) -> None:
    """Against the mock; only the port is another, as that of the README may be taken on this machine."""
    first = samples(README)[place]
    address = re.findall(r"http://127\.0\.0\.1:(\d+)", first.code)
    printed = subprocess.run(
        [sys.executable, "-m", "store_credit_mock", "serve", "--help"], capture_output=True, text=True, check=True
    ).stdout

    assert first.reason is None
    assert len(address) == 1
    assert re.search(rf"--port.*default: {address[0]}\b", " ".join(printed.split()))
    code = first.code.replace(f"http://127.0.0.1:{address[0]}", mock.url)
    exec(compile(code, "README.md", "exec"), {"__name__": "__main__"})

    found = re.fullmatch(shows, capsys.readouterr().out)
    assert found
    assert any(found[1] in str(exchange) for exchange in mock.control.exchanges())


def test_the_commands_before_it_are_there() -> None:
    """What has to be installed and started first stands before the sample."""
    before = TEXT[: TEXT.index("```python")]

    assert "pip install ./sdk './mock[server]'\n    store-credit-mock serve\n" in before


def test_no_sample_of_the_readme_calls_a_real_host() -> None:
    """Each client that is made is told an address on this machine."""
    for sample in samples(README):
        clients = re.findall(r"\b(?:Async)?(?:Vinr|Spree|SpreeAdmin)Client\((.*)\)", sample.code)
        assert all('base_url="http://127.0.0.1:' in arguments for arguments in clients), sample.code
