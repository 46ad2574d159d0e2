"""`llms-sdk.txt`: short, and enough for programs that use nothing else; five were written from it, and each runs."""

from __future__ import annotations

import ast
import re
import runpy
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from store_credit_mock import Server
from store_credit_tools.docs_site.reference.llms_sdk import LARGEST

pytestmark = pytest.mark.takes_seconds

PROGRAMS = Path(__file__).parent / "llms_sdk"
EVERY_PROGRAM = pytest.mark.parametrize("program", sorted(PROGRAMS.glob("*.py")), ids=lambda path: path.stem)
_OURS = {"store_credit", "store_credit_mock"}
_STANDARD = {
    *("append", "emit", "getMessage", "getLogger", "addHandler", "removeHandler", "setLevel", "Handler", "LogRecord"),
    *("Client", "now", "replace", "items", "microsecond", "days", "tzinfo", "customer", "amount", "order"),
}
"""Names of the standard library and of httpx, and what the programs call themselves."""


@pytest.fixture(scope="module")
def text(files: Mapping[str, bytes]) -> str:
    """The file."""
    return files["llms-sdk.txt"].decode()


def run(name: str) -> Mapping[str, Any]:
    """Run a program; returns its names."""
    return runpy.run_path(str(PROGRAMS / f"{name}.py"))


def test_it_fits_any_prompt(files: Mapping[str, bytes]) -> None:
    """In bytes, which are what is copied."""
    assert len(files["llms-sdk.txt"]) <= LARGEST == 15_000


@EVERY_PROGRAM
def test_every_name_that_a_program_uses_stands_in_it(program: Path, text: str) -> None:
    """Attributes, arguments by name, fixtures and whatever is imported from the two packages."""
    known = set(re.findall(r"\w+", text))
    used = set(names(ast.parse(program.read_text("utf-8"))))

    assert used - _STANDARD - known == set()
    assert len(used & known) > 8


def names(tree: ast.Module) -> Iterator[str]:
    """The names of others that a program uses."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.keyword) and node.arg is not None:
            yield node.arg
        elif isinstance(node, ast.ImportFrom) and node.module in _OURS:
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield from (one.arg for one in node.args.args)


@pytest.mark.usefixtures("store_credit_server")
def test_a_refund_is_issued_once_and_a_conflict_noticed() -> None:
    """The same key with the same content returns the first credit, with other content it is refused."""
    found = run("refund_once")

    assert found["first"] == found["again"] == found["issued"][0].id
    assert len(found["issued"]) == 1
    assert (found["refused"].status_code, found["refused"].code) == (409, "idempotency_conflict")
    assert found["refused"].idempotency_key == "refund-4711"


def test_an_expiry_is_set_and_taken_off(store_credit_server: Server) -> None:
    """A past one is refused."""
    store_credit_server.freeze(datetime.now(UTC).timestamp())
    found = run("expire")

    assert found["expiring"].expires_at == found["soon"]
    assert found["param"] == "expires_at"
    assert found["kept"].expires_at is None


@pytest.mark.usefixtures("store_credit_server")
def test_balances_are_added_up_over_pages() -> None:
    """Five credits in three currencies, two on a page."""
    assert run("balances")["found"] == {"USD": Decimal("12.51"), "EUR": Decimal("7.25"), "JPY": Decimal(500)}


def test_a_lost_response_is_settled() -> None:
    """It is the one credit there is; the client of the program's own saw a rate limit, and logged without secrets."""
    found = run("lost_response")

    assert found["wait"] == 7
    assert [one.id for one in found["issued"]] == [found["settled"].id]
    assert any("429" in line for line in found["lines"])
    assert not any("sk_test" in line for line in found["lines"])


@pytest.mark.takes_seconds
def test_tests_with_the_fixture_pass(pytester: pytest.Pytester) -> None:
    """A fault and the clock, in a file with nothing but the plugin."""
    pytester.makepyfile((PROGRAMS / "fault_and_clock.py").read_text("utf-8"))

    pytester.runpytest_inprocess("-p", "no:cacheprovider").assert_outcomes(passed=2)


def test_the_instructions_for_agents_say_what_this_file_says(text: str, files: Mapping[str, bytes]) -> None:
    """In llms.txt, in at most eight lines, by the names that are explained here."""
    (told,) = re.findall(
        r"^## Instructions for agents\n\n(.+?)\n\n", files["llms.txt"].decode(), re.MULTILINE | re.DOTALL
    )
    names = re.findall(r"`([^`]+)`", told)

    assert len(told.splitlines()) <= 8
    assert all(line.startswith("- ") for line in told.splitlines())
    assert {"OutcomeUnknownError", "client.settle(error)", "idempotency_key=", "memo=", "timeout", "deadline"} <= set(
        names
    )
    assert [name for name in names if name not in text and name != '"10.0"'] == []
    assert "(llms-sdk.txt)" in told
