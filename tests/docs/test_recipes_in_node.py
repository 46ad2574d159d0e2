"""The recipes in Node.js: their programs run as printed, print what the page says, and issue nothing twice."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from served_mock import Served, served
from store_credit_tools.docs_site.excerpts import parts

from .test_recipes import FIRST, PROGRAMS, Run, alice, issue_others, lose, printed, spree, vinr


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    """The mock that the pages start."""
    with served() as running:
        yield running


@pytest.fixture
def mock(server: Served, monkeypatch: pytest.MonkeyPatch) -> Served:
    """The mock, as it is after its start."""
    server.control.reset()
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return server


@pytest.fixture
def node(mock: Served, tmp_path: Path) -> Callable[..., list[str]]:
    """Run a program of Node.js as it is printed, but for the port and what a test replaces or adds."""
    if shutil.which("node") is None:
        pytest.skip("node is not installed, so the recipe was not run in Node.js")

    def run(program: str, replaced: tuple[str, str] = ("", ""), added: str = "") -> list[str]:
        code = parts(PROGRAMS / program)["program"]
        assert FIRST in code
        assert replaced[0] in code
        file = tmp_path / Path(program).name
        file.write_text(f"{code.replace(FIRST, mock.url).replace(*replaced)}\n{added}", "utf-8")
        done = subprocess.run(["node", str(file)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.splitlines()

    return run


def test_a_refund_on_vinr_in_node(mock: Served, node: Run) -> None:
    """Once, though the first two responses are lost and the program runs twice."""
    lose(mock, "vinr.store_credit.create", 1, 2)
    for _ in range(2):
        assert node("node/recipes/refund_vinr.mjs", ("* 500", "* 5")) == printed("recipe-refund")
    assert vinr(mock) == [2599]


@pytest.mark.parametrize("before", [0, 101], ids=["first", "after a hundred others"])
def test_a_refund_on_spree_in_node(mock: Served, node: Run, before: int) -> None:
    """Once, though the first response is lost and the program runs twice; the memo is looked for on every page."""
    program, brief = "node/recipes/refund_spree.mjs", ("120_000", "1")
    lose(mock, "spree_v3.admin.customers.store_credits.create", 1)
    assert node(program, brief) == printed("recipe-refund", 1)
    with spree(mock) as admin:
        found = admin.customers.list(filter={"email_eq": "alice@example.com"}).first()
        assert found is not None
        for _ in range(before):
            admin.customers.store_credits.create(found.id, amount=Decimal(1), currency="USD")
    assert node(program, brief) == printed("recipe-refund", 1)
    assert alice(mock).count((Decimal("25.99"), "refund-1301")) == 1
    assert len(alice(mock)) == before + 1


def test_a_refusal_ends_the_program_in_node(mock: Served, node: Run) -> None:
    """With what the server said, and without another attempt."""
    mock.control.call("POST", "/_mock/faults", {"operation": "vinr.store_credit.create", "nth": 1, "status": 422})
    with pytest.raises(AssertionError, match="Error: 422: "):
        node("node/recipes/refund_vinr.mjs")
    assert vinr(mock) == []


@pytest.mark.parametrize(("program", "number"), [("refund_vinr", 0), ("refund_spree", 1)])
def test_a_mock_that_is_already_running(mock: Served, node: Run, program: str, number: int) -> None:
    """What it holds changes nothing that a program prints."""
    issue_others(mock)
    assert node(f"node/recipes/{program}.mjs") == printed("recipe-refund", number)


def test_a_checkout_in_node(mock: Served, node: Run) -> None:
    """As in Python; then a cart that two clicks pay at the same moment becomes one order."""
    click = """
const user_credits = `/admin/customers/${user.id}/store_credits`;
await call("POST", user_credits, admin, { amount: "50.00", currency: "USD" });
const third = await fillCart(shopper);
console.log((await Promise.all([pay(shopper, third), pay(shopper, third)])).join(", "));
console.log(turns.size);
"""
    *said, both, left = node("node/recipes/checkout.mjs", added=click)
    assert said == printed("recipe-checkout")
    assert both == "24.99 paid with store credit, already an order"
    assert left == "0"
    assert sum(left for left, _ in alice(mock)) == Decimal("40.02")
