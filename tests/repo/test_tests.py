"""The tests as tests: their names are the same in every process, and none leaves a trace for those after it."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

import pytest

from bootstrap import ROOT


def test_no_name_of_a_test_changes_from_run_to_run(request: pytest.FixtureRequest) -> None:
    """No address of an object and no path of this machine is part of one.

    All tests that were collected with this one are looked at: in a run of everything, everything. `pytest -n 2` refuses
    to run where two processes name a test differently.
    """
    names = [item.nodeid for item in request.session.items]
    changing = re.compile(rf"0x[0-9a-f]{{6,}}|{re.escape(str(ROOT))}", re.IGNORECASE)

    assert [name for name in names if changing.search(name)] == []
    assert len(set(names)) == len(names)


@pytest.fixture
def module_stays() -> Iterator[None]:
    """When everything of the test is over, pytester's own clearing up too, the module is still there."""
    sys.modules.pop("colorsys", None)
    yield
    assert "colorsys" in sys.modules
    assert "test_users" not in sys.modules


@pytest.mark.usefixtures("module_stays")
def test_a_pytest_inside_pytest_takes_no_module_from_the_tests_after_it(pytester: pytest.Pytester) -> None:
    """A module that is imported twice has two classes of each name; which one a test meets depends on the order."""
    pytester.makepyfile(test_users="import colorsys\n\ndef test_it():\n    pass\n")

    pytester.runpytest_inprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)
    pytester.runpytest_inprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)
