"""Credits of which an amount is not valid, such as 10.50 JPY: they are named, are in no sum, and stop nobody."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest

from jobs_support.accounts_on_mock import Bench
from jobs_support.listed_account import VINR, ListedAccount, credit
from jobs_support.planning import SPREE_V2, Desk, ReadSystem, csv
from jobs_support.pretend_jobs import PretendJob
from jobs_support.v3_account import V3Account
from store_credit_jobs.audit.database import Database
from store_credit_jobs.audit.duckdb_database import DuckDatabase
from store_credit_jobs.audit.machine_outputs import as_json
from store_credit_jobs.audit.run import Question, make_report
from store_credit_jobs.audit.sqlite_database import SqliteDatabase
from store_credit_jobs.audit.texts import plain_text
from store_credit_jobs.credit import Credit
from store_credit_jobs.exit_codes import ExitCode
from store_credit_jobs.journal.steps import Outcome, RequestSent, State, Step
from store_credit_jobs.snapshots.export import Reading, export
from store_credit_mock import Contract

AT = 1_790_000_000.0
OPERATIONS = {
    "spree-v2": "spree.store_credits.create",
    "spree-v3": "spree_v3.admin.customers.store_credits.create",
}


@pytest.fixture(params=["spree-v2", "5.6", "6.0-alpha+ledger"])
def shop(request: pytest.FixtureRequest, store_credit_mock_contract: Contract) -> Iterator[Any]:
    """An account of each Spree: VINR itself has integers of minor units alone."""
    v2 = request.param == "spree-v2"
    made: Any = (
        Bench(store_credit_mock_contract, "spree-v2") if v2 else V3Account(request.param, store_credit_mock_contract)
    )
    yield made
    made.mock.close()


def give(shop: Any, amount: str, currency: str) -> None:
    """Issue a credit in the shop's own back office."""
    if isinstance(shop, Bench):
        create = shop.mock.spree.store_credits.create
        create(user_id="2", category_id="1", created_by_id="1", amount=amount, currency=currency)
    else:
        shop.bench.give(amount, currency)


def change(shop: Any, one: Credit, amount: str) -> None:
    """Change its amount there."""
    if isinstance(shop, Bench):
        shop.mock.spree.store_credits.update(one.id, amount=amount)
    else:
        shop.bench.json("PATCH", shop.bench.credits(1, one.id), {"amount": amount})


def lost(shop: Any, **step: Any) -> Outcome:
    """Send a create whose response is lost after it was carried out."""
    shop.mock.fault(OPERATIONS[shop.account.system], nth=1, drop=True, when="after")
    made = shop.step(**step)
    outcome = shop.system.execute(made if isinstance(shop, Bench) else shop.claim(made))
    assert outcome.state is State.UNKNOWN
    return outcome


def settled(shop: Any, outcome: Outcome) -> Outcome:
    return shop.settle(outcome) if isinstance(shop, Bench) else shop.settled(outcome)


def test_it_is_listed_among_the_others_with_its_digits(shop: Any) -> None:
    """Currencies that do not exist are counted in hundredths, as they are stored; of yen there are no halves."""
    for amount, currency in (("10.50", "JPY"), ("1500", "JPY"), ("7.05", "XYZ"), ("1.00", "USD")):
        give(shop, amount, currency)
    listed = list(shop.system.credits(customer=shop.customer))
    assert [(one.minor, one.currency, one.invalid is None) for one in listed] == [
        (0, "JPY", False), (1500, "JPY", True), (705, "XYZ", True), (100, "USD", True),
    ]  # fmt: skip
    assert listed[0].invalid in ("10.5 JPY", "10.50 JPY")
    assert shop.system.credit(listed[0].id, shop.customer) == attrs.evolve(listed[0], events=(), email=None)


def test_what_was_lost_is_found_beside_it(shop: Any) -> None:
    give(shop, "10.50", "JPY")
    assert settled(shop, lost(shop)).how == "found"


def test_our_own_that_somebody_made_invalid_is_never_issued_again(shop: Any) -> None:
    """It is there, by its mark, and of nobody knows how much: a person decides."""
    outcome = lost(shop, minor=500, currency="JPY")
    (one,) = shop.system.credits(customer=shop.customer)
    change(shop, one, "500.50")
    held = settled(shop, outcome)
    assert (held.state, held.code) == (State.HELD, "echo_differs")
    assert "500.5" in (held.said or "")


@pytest.mark.parametrize("action", ["update", "delete"])
def test_one_is_neither_changed_nor_deleted(shop: Any, action: str) -> None:
    give(shop, "500", "JPY")
    (one,) = shop.system.credits(customer=shop.customer)
    change(shop, one, "500.50")
    seen = {"minor": 0, "used": 0, "authorized": 0}
    step = shop.step(
        action=action, target=one.id, minor=400, currency="JPY", before=seen, after={"minor": 0}, payload={}
    )  # fmt: skip
    before = sum(exchange.request.method != "GET" for exchange in shop.mock.exchanges)
    sent = step if isinstance(shop, Bench) else shop.claim(step)
    refused = shop.system.execute(sent)
    assert (refused.state, refused.code) == (State.REFUSED, "changed_since_plan")
    # Not even if its 0 is what the step would have made of it.
    held = settled(shop, Outcome(sent, State.UNKNOWN))
    assert (held.state, held.code) == (State.HELD, "changed_since_plan")
    assert sum(exchange.request.method != "GET" for exchange in shop.mock.exchanges) == before


# The closing scan


def during(job: PretendJob, do: Callable[[], None]) -> None:
    """Do something when the last row is sent."""
    job.server.on_request = lambda step: do() if step.n == len(job.steps) else None


def test_the_closing_scan_names_another_ones_and_goes_on() -> None:
    job = PretendJob(5, keyed=False)
    odd = Credit("sc_odd", "cust_odd", 0, 0, 0, "JPY", None, created=job.time.now(), invalid="10.50 JPY")
    during(job, lambda: job.server.add(odd))
    result = job.run(concurrency=1)
    assert result.exit_code is ExitCode.DONE
    assert result.proof is not None
    assert result.proof.holds
    assert result.proof.credits == 5
    (found,) = result.proof.findings
    assert (found.code, found.credit, found.minor, "10.50 JPY" in found.text) == (
        "amount_invalid",
        "sc_odd",
        None,
        True,
    )


def test_the_closing_scan_ends_with_5_for_one_of_ours() -> None:
    job = PretendJob(5, keyed=False)

    def spoil() -> None:
        first = next(iter(job.server.credits.values()))
        job.server.add(attrs.evolve(first, minor=0, invalid=f"1.005 {first.currency}"))

    during(job, spoil)
    result = job.run(concurrency=1)
    assert result.exit_code is ExitCode.BROKEN
    assert result.proof is not None
    assert result.proof.credits == 5
    assert result.proof.counts == {"amount_differs": 1, "sums_differ": 1}
    assert "1.005 " in result.proof.findings[0].text


def test_a_changed_credit_that_is_invalid_now_is_named() -> None:
    """Not even a reduction to 0 would be there."""
    job = PretendJob(1, keyed=False)
    step = attrs.evolve(job.steps[0], action="update", target="sc_old", before={"minor": 500}, after={"minor": 0})
    job = PretendJob([step], keyed=False, mode="reduce")
    job.server.add(Credit("sc_old", step.customer, 0, 0, 0, step.currency, None, created=0.0, invalid="4.005 USD"))

    def reduce(step: Step) -> Outcome:
        return Outcome(step, State.DONE, made="sc_old", how="sent", sent=RequestSent(0.0, 200, None))

    job.system.execute = reduce  # type: ignore[method-assign]
    result = job.run()
    assert (result.exit_code, result.proof and result.proof.counts) == (ExitCode.BROKEN, {"amount_differs": 1})


# The audit and plans


@pytest.mark.parametrize("engine", [SqliteDatabase, DuckDatabase])
def test_an_audit_names_it_adds_up_the_rest_and_is_not_sound(tmp_path: Path, engine: Callable[[], Database]) -> None:
    if engine is DuckDatabase:
        pytest.importorskip("duckdb")
    odd = credit(2, customer="cust_2", minor=0, currency="JPY", invalid="10.50 JPY")
    snapshot = export(ListedAccount([credit(1), odd]), VINR, tmp_path / "s.jsonl", Reading(clock=lambda: AT))
    assert list(snapshot.credits()) == [credit(1), odd]
    database = engine()
    try:
        report = make_report(snapshot, database, Question())
    finally:
        database.close()
    assert not report.sound
    (violation,) = report.violations
    assert (violation.rule, violation.credit, violation.customer) == ("amount_invalid", "sc_2", "cust_2")
    assert {line.currency: (line.figures.credits, line.figures.issued) for line in report.currencies} == {
        "USD": (1, 1000), "JPY": (1, 0),
    }  # fmt: skip
    assert "10.50 JPY" in plain_text(report)
    assert "10.50 JPY" in json.dumps(json.loads(as_json(report))["violations"])


def test_a_plan_that_needs_its_sum_is_refused_and_others_are_made(tmp_path: Path) -> None:
    """To set what a customer has, it has to be known: in this currency, of this customer."""
    odd = attrs.evolve(credit(7), customer="1", currency="JPY", minor=0, invalid="10.50 JPY")
    system = ReadSystem(SPREE_V2, [odd, attrs.evolve(credit(8), customer="2", currency="JPY", minor=100)])
    desk = Desk(tmp_path)
    error = desk.refused(csv("k1,1,500,JPY"), system=system, mode="set")
    assert [(one.code, one.line) for one in error.problems] == [("amount_decimals", 2)]
    assert "10.50 JPY" in error.problems[0].text
    planned = desk.plan(csv("k1,1,5.00,USD", "k2,2,500,JPY"), system=system, mode="set")
    assert [row.minor for row in planned.rows] == [500, 400]
