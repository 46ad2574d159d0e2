"""Prism in both its modes on the repository's document, once for all tests of this folder, and what the tests share."""

import os
from collections.abc import Generator, Iterator

import httpx
import pytest

from store_credit_mock.contract import Document, ExchangeValidator
from store_credit_mock.contract.document import BUNDLED
from store_credit_tools.node import PRISM, NodeUnavailableError, command

from . import traffic
from .process import Prism, running
from .upstream import Upstream, listening


@pytest.fixture(scope="session")
def prism_command() -> list[str]:
    """How Prism is started."""
    try:
        return command(PRISM, "prism")
    except NodeUnavailableError as reason:
        pytest.skip(f"Prism cannot run: {reason}")


@pytest.fixture(scope="session", autouse=True)
def no_proxy_between() -> Iterator[None]:
    """Everything is on 127.0.0.1; a proxy that the machine's environment names must not come between."""
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.lower().endswith("_proxy"):
                patch.delenv(name)
        yield


@pytest.fixture(scope="session")
def mock(prism_command: list[str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prism]:
    """`prism mock --errors`."""
    with running(prism_command, "mock", BUNDLED, tmp_path_factory.mktemp("mock")) as prism:
        yield prism


@pytest.fixture(scope="session")
def upstream() -> Iterator[Upstream]:
    """The server behind the proxy."""
    with listening() as server:
        yield server


@pytest.fixture(scope="session")
def proxy(prism_command: list[str], upstream: Upstream, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prism]:
    """`prism proxy --errors` in front of `upstream`."""
    with running(prism_command, "proxy", BUNDLED, tmp_path_factory.mktemp("proxy"), upstream.url) as prism:
        yield prism


@pytest.fixture(scope="session")
def document() -> Document:
    """The document as the other opinion reads it."""
    return traffic.document()


@pytest.fixture(scope="session")
def validator(document: Document) -> ExchangeValidator:
    """The other opinion: JSON Schema."""
    return ExchangeValidator(document)


@pytest.fixture(scope="session")
def http() -> Iterator[httpx.Client]:
    """Sends any request, however wrong, on a connection of its own."""
    with httpx.Client(trust_env=False, timeout=30, limits=httpx.Limits(max_keepalive_connections=0)) as client:
        yield client


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what Prism printed beside the failure of a test that used it."""
    report = yield
    if report.failed:
        used = getattr(item, "funcargs", {})
        for name, value in used.items():
            if isinstance(value, Prism):
                state = "still running" if value.ended is None else f"ended with exit code {value.ended}"
                report.sections.append((f"end of the log of {name}, {state}", value.log()))
    return report
