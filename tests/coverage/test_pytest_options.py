"""Coverage of a user's test run, as pytest runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from store_credit_mock import Document

USERS_TESTS = """
import pytest

@pytest.mark.parametrize("number", range(4))
def test_issue(store_credit_mock, number):
    credit = store_credit_mock.vinr.store_credit.create(customer="cust_8aZ2", amount=1000, currency="USD")
    if number == 1:
        assert store_credit_mock.vinr.store_credit.retrieve(credit.id).amount == 1000
    if number == 2:
        assert len(list(store_credit_mock.vinr.store_credit.list())) == 1
"""


@pytest.fixture
def users(pytester: pytest.Pytester) -> pytest.Pytester:
    """A folder with a user's tests."""
    pytester.makepyfile(USERS_TESTS)
    return pytester


def statuses(path: Path) -> list[str]:
    """The responses seen, by operation and status."""
    operations = json.loads(path.read_text())["operations"]
    return [f"{name}:{status}" for name, kinds in operations.items() for status in kinds["statuses"]["seen"]]


OPERATIONS = len(Document.read().operations)
VINR = sum(name.startswith("vinr.") for name in Document.read().operations)
SEEN = ["vinr.store_credit.list:200", "vinr.store_credit.create:201", "vinr.store_credit.retrieve:200"]


@pytest.mark.takes_seconds
def test_a_run_over_several_workers_is_merged(users: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each worker hands its part over; files and gates are the main process's."""
    pytest.importorskip("xdist")
    # Three processes start here; the plugins of everything else that is installed would take most of the time.
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    result = users.runpytest_subprocess(
        "-p", "xdist", "-p", "store_credit_mock.pytest_plugin", "-n", "2",
        "--store-credit-coverage=a.json", "--store-credit-coverage-html=a.html",
        *(f"--store-credit-require={answer}" for answer in SEEN),
    )  # fmt: skip

    result.assert_outcomes(passed=4)
    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines(
        ["*store credit coverage*", f"total (3/{OPERATIONS} operations)*", "written to *a.json"]
    )
    assert result.stdout.str().count(f"total (3/{OPERATIONS} operations)") == 1
    assert statuses(users.path / "a.json") == SEEN
    assert (users.path / "a.html").read_text().startswith("<!doctype html>")


@pytest.mark.takes_seconds
def test_a_gate_that_is_not_reached_fails_the_run(users: pytest.Pytester) -> None:
    """Every test passed, and the exit code is 1; the reasons stand at the end."""
    result = users.runpytest_inprocess(
        "--store-credit-fail-under=90", "--store-credit-require=vinr.store_credit.update:200"
    )

    result.assert_outcomes(passed=4)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        ["FAILED: coverage is * %, below 90 %", "FAILED: vinr.store_credit.update:200 was required but not seen"]
    )
    assert "missing of" not in result.stdout.str()


def test_the_option_alone_shows_the_table(users: pytest.Pytester) -> None:
    """Without a file nothing is written; -v lists what is missing."""
    result = users.runpytest_inprocess("-v", "--store-credit-coverage", "--store-credit-only=vinr.*")

    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines(
        [f"total (3/{VINR} operations)*", "missing of vinr.store_credit.list", "*query starting_after*"]
    )
    assert list(users.path.glob("*.json")) == []


def test_without_options_nothing_is_counted(users: pytest.Pytester) -> None:
    """A user who does not ask sees nothing of it."""
    users.makepyfile(test_none="def test_none(store_credit_coverage):\n    assert store_credit_coverage is None\n")
    result = users.runpytest_inprocess()

    result.assert_outcomes(passed=5)
    assert "coverage" not in result.stdout.str()


def test_engines_of_ones_own_are_counted_where_asked(pytester: pytest.Pytester) -> None:
    """The fixture `store_credit_coverage` takes in what the fixture of the mock does not make."""
    pytester.makepyfile(
        """
        from store_credit_mock import Engine, Request

        def test_own(store_credit_coverage, store_credit_mock_contract):
            engine = Engine(store_credit_mock_contract)
            engine.control.track_coverage(store_credit_coverage)
            engine.handle(Request.build("GET", "/v1/store-credit", {"X-Api-Key": "sk_test_1"}))
        """
    )
    result = pytester.runpytest_inprocess("--store-credit-coverage=a.json")

    result.assert_outcomes(passed=1)
    assert statuses(pytester.path / "a.json") == ["vinr.store_credit.list:200"]


@pytest.mark.parametrize(
    ("option", "said"),
    [
        (["--store-credit-coverage", "tests"], "*must end in .json; write --store-credit-coverage=FILE.json*"),
        (["--store-credit-coverage-html=none/a.html"], "*the folder * does not exist*"),
        (["--store-credit-require=vinr.store_credit.creat:201"], "*the nearest names are vinr.store_credit.create*"),
        (["--store-credit-require=vinr.store_credit.create:200"], "*has no status 200; it has 201,*"),
        (["--store-credit-coverage", "--store-credit-only=vine.*"], "*vine.[*] matches no operation*"),
        (["--store-credit-fail-under=120"], "*120 is not a valid percentage*"),
    ],
)
def test_an_option_that_cannot_be_followed_stops_the_run(users: pytest.Pytester, option: list[str], said: str) -> None:
    """Before the first test, with exit code 4."""
    result = users.runpytest_inprocess(*option)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([said])
