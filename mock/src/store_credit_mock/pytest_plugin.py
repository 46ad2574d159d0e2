"""The pytest plugin: the fixture `store_credit_mock`, a fresh isolated sandbox for each test.

`@pytest.mark.store_credit_mock(strict=False, seed=7, profile="4.10", fixtures={...})` changes the sandbox's options.
Without the marker it is strict and seeded with 0, so that a test does the same on every run.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from store_credit_mock.contract import Contract
    from store_credit_mock.embedded import Mock

__all__ = ["pytest_configure", "pytest_runtest_makereport", "store_credit_mock", "store_credit_mock_contract"]

_KEY: pytest.StashKey[Mock] = pytest.StashKey()


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker."""
    config.addinivalue_line(
        "markers",
        "store_credit_mock(strict=True, seed=0, profile='4.5', rate_limit=None, spree_token=None, control_token=None,"
        " fixtures=None): options of the fixture store_credit_mock",
    )


@pytest.fixture(scope="session")
def store_credit_mock_contract() -> Contract:
    """The compiled document, once for each process."""
    from store_credit_mock.contract import Contract

    return Contract()


@pytest.fixture
def store_credit_mock(request: pytest.FixtureRequest, store_credit_mock_contract: Contract) -> Generator[Mock]:
    """A mock of VINR and Spree for this test alone, with ready clients."""
    from store_credit_mock.embedded import Mock
    from store_credit_mock.sandbox import Options

    chosen: dict[str, Any] = {"seed": 0}
    for marker in reversed(list(request.node.iter_markers("store_credit_mock"))):
        if marker.args:
            raise pytest.UsageError("the marker store_credit_mock takes named options only, such as seed=7")
        chosen.update(marker.kwargs)
    unknown = set(chosen) - {field.name for field in fields(Options)}
    if unknown:
        raise pytest.UsageError(f"the marker store_credit_mock has no option {', '.join(sorted(unknown))}")
    with Mock(store_credit_mock_contract, options=Options(**chosen)) as mock:
        request.node.stash[_KEY] = mock
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
        from store_credit_mock.embedded import report

        result.sections.append(("store_credit_mock", report(mock.engine)))
    return result
