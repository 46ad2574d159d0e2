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


@pytest.mark.takes_seconds
@pytest.mark.usefixtures("module_stays")
def test_a_pytest_inside_pytest_takes_no_module_from_the_tests_after_it(pytester: pytest.Pytester) -> None:
    """A module that is imported twice has two classes of each name; which one a test meets depends on the order."""
    pytester.makepyfile(test_users="import colorsys\n\ndef test_it():\n    pass\n")

    pytester.runpytest_inprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)
    pytester.runpytest_inprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)


def test_every_test_has_a_time_limit(request: pytest.FixtureRequest) -> None:
    """One for all, in pyproject.toml; a mark may give a test more, never all the time in the world."""
    assert request.config.pluginmanager.hasplugin("timeout")
    assert 0 < float(request.config.getini("timeout")) <= 300
    marks = [mark for item in request.session.items for mark in item.iter_markers("timeout")]
    # The first of several counts, and a long run that was asked for has no limit.
    assert all(0 < mark.args[0] <= 600 for mark in marks) or pytest.mark.timeout(0).mark in marks


def test_a_test_without_an_end_is_ended_and_named(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a pager is whose every page promises another: it fails with the place where it was, and the next test runs."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makepyfile(
        """
        import itertools

        def test_endless():
            for page in itertools.repeat({"has_more": True}):
                pass

        def test_next():
            pass
        """
    )

    result = pytester.runpytest_subprocess("-p", "pytest_timeout", "-o", "timeout=0.1")

    result.assert_outcomes(failed=1, passed=1)
    result.stdout.fnmatch_lines(["*test_endless*", "*Failed: Timeout*"])
