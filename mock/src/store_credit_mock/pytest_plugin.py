"""The pytest plugin: the fixture `store_credit_mock`, a fresh isolated sandbox for each test.

`@pytest.mark.store_credit_mock(strict=False, seed=7, profile="4.10", fixtures={...})` changes the sandbox's options.
Without the marker it is strict and seeded with 0, so that a test does the same on every run.

`--store-credit-coverage` counts which parts of the document the sandboxes of all tests exercised.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from store_credit_mock.contract import Contract
    from store_credit_mock.coverage import Coverage
    from store_credit_mock.coverage.pytest_run import CoverageRun
    from store_credit_mock.mock import Mock

__all__ = [
    "pytest_addoption",
    "pytest_configure",
    "pytest_runtest_makereport",
    "store_credit_coverage",
    "store_credit_mock",
    "store_credit_mock_contract",
]

_KEY: pytest.StashKey[Mock] = pytest.StashKey()
_RUN: pytest.StashKey[CoverageRun] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of coverage."""
    group = parser.getgroup("store credit mock")
    group.addoption(
        "--store-credit-coverage",
        nargs="?",
        const="",
        metavar="FILE.json",
        help="show which parts of openapi.yaml the fixture store_credit_mock saw exercised; write them to a file",
    )
    group.addoption("--store-credit-coverage-html", metavar="FILE.html", help="write the same as a page")
    group.addoption("--store-credit-fail-under", type=float, metavar="PERCENT", help="fail if less was exercised")
    group.addoption(
        "--store-credit-require",
        action="append",
        default=[],
        metavar="OPERATION:STATUS",
        help="fail if this response was not seen, such as vinr.store_credit.create:201 (may be repeated)",
    )
    group.addoption(
        "--store-credit-only",
        action="append",
        default=[],
        metavar="OPERATION",
        help="show and take the percentage of these operations alone, such as 'vinr.*' (may be repeated)",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker."""
    config.addinivalue_line(
        "markers",
        "store_credit_mock(strict=True, seed=0, control_token=None, fixtures=None, ...): options of the fixture"
        " store_credit_mock; those of the systems too, such as profile='4.10'",
    )
    # A word of the options first, so that a run without coverage imports nothing for it.
    option = config.option
    if (
        option.store_credit_coverage is not None
        or option.store_credit_coverage_html is not None
        or option.store_credit_fail_under is not None
        or option.store_credit_require
    ):
        from store_credit_mock.coverage.pytest_run import NAME, CoverageRun

        config.stash[_RUN] = run = CoverageRun(config)
        config.pluginmanager.register(run, NAME)


@pytest.fixture(scope="session")
def store_credit_mock_contract(pytestconfig: pytest.Config) -> Contract:
    """The compiled document, once for each process."""
    run = pytestconfig.stash.get(_RUN, None)
    if run is not None:
        return run.contract
    from store_credit_mock.contract import Contract

    return Contract()


@pytest.fixture(scope="session")
def store_credit_coverage(pytestconfig: pytest.Config) -> Coverage | None:
    """What counts coverage in this run, for engines and proxies of your own; None where no option asks for it."""
    run = pytestconfig.stash.get(_RUN, None)
    return None if run is None else run.coverage


@pytest.fixture
def store_credit_mock(
    request: pytest.FixtureRequest, store_credit_mock_contract: Contract, store_credit_coverage: Coverage | None
) -> Generator[Mock]:
    """A mock of VINR and Spree for this test alone, with ready clients."""
    from store_credit_mock.mock import Mock
    from store_credit_mock.sandbox import Options

    chosen: dict[str, Any] = {"seed": 0}
    for marker in reversed(list(request.node.iter_markers("store_credit_mock"))):
        if marker.args:
            raise pytest.UsageError("the marker store_credit_mock takes named options only, such as seed=7")
        chosen.update(marker.kwargs)
    try:
        mock = Mock(store_credit_mock_contract, options=Options(**chosen))
    except ValueError as error:
        raise pytest.UsageError(f"the marker store_credit_mock: {error}") from error
    with mock:
        request.node.stash[_KEY] = mock
        if store_credit_coverage is not None:
            mock.engine.control.track_coverage(store_credit_coverage)
        yield mock


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what went through the mock when a test fails."""
    del call  # part of the hook; the report has what is needed
    result = yield
    mock = item.stash.get(_KEY, None)
    if mock is not None and result.failed:
        from store_credit_mock.in_process import report

        result.sections.append(("store_credit_mock", report(mock.engine)))
    return result
