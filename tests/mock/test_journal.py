"""The record of exchanges as a test asks it: a name that does not exist is an error, since none would always pass."""

from __future__ import annotations

from typing import Any

import pytest

from benches import Bench
from store_credit_mock import Fault
from store_credit_mock.systems.control_route import ControlError


def listed(bench: Bench, **query: str) -> list[str | None]:
    """The operations of the exchanges asked for."""
    found: dict[str, Any] = bench.control.call("GET", "/_mock/exchanges", query=query)
    assert found["total"] == len(found["data"])
    return [one["operation"] for one in found["data"]]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"operation": "vinr.store_credit.crate"}, "did you mean vinr.store_credit.create?"),
        ({"operation": "vinr.store_credits.*"}, "no operation of the document is 'vinr.store_credits.*'; did you mean"),
        ({"operation": "zzzz"}, "they are named such as vinr.store_credit.create"),
        ({"system": "shopify"}, "system: there is no system 'shopify'; known: spree, vinr"),
        ({"system": "vinyr"}, "did you mean vinr?"),
        ({"system": ""}, "known: spree, vinr"),
        ({"operation": "vinr.store_credit.create", "system": "shopify"}, "no system 'shopify'"),
    ],
)
def test_what_does_not_exist_is_refused(bench: Bench, query: dict[str, str], words: str) -> None:
    """400 with the nearest name: with an empty list "expect not called" held whatever was called."""
    bench.issue()

    with pytest.raises(ControlError) as refused:
        bench.control.call("GET", "/_mock/exchanges", query=query)
    assert refused.value.status == 400
    assert words in str(refused.value)
    with pytest.raises(ControlError):
        bench.control.exchanges(operation=query.get("operation"), system=query.get("system"))


def test_patterns_name_operations_as_faults_have_them(bench: Bench) -> None:
    """A pattern, a system, both together, and what the document has no operation for."""
    bench.issue()
    bench.send("GET", "/v1/store-credit")
    bench.send("GET", "/nowhere")
    bench.send("GET", "/api/v2/storefront/account")

    create, list_, account = "vinr.store_credit.create", "vinr.store_credit.list", "spree.account.retrieve"
    assert listed(bench) == [create, list_, None, account]
    assert listed(bench, operation="vinr.*") == [create, list_]
    assert listed(bench, operation="*.create") == [create]
    assert listed(bench, operation="*", system="spree") == [account]
    assert listed(bench, operation="vinr.*", system="spree") == []
    assert listed(bench, operation="") == [None]
    assert listed(bench, operation="vinr.store_credit.update") == []


def test_a_count_says_what_it_is_of(bench: Bench) -> None:
    """With a thousand newer exchanges the first is gone, and the journal says that it is not all there was."""
    bench.issue()
    path = "/_mock/exchanges?limit=1&operation=vinr.store_credit.create"
    assert (bench.control.call("GET", path)["total"], bench.control.call("GET", path)["evicted"]) == (1, 0)
    for _ in range(1002):
        bench.send("GET", "/v1/none")

    assert (bench.control.call("GET", path)["total"], bench.control.call("GET", path)["evicted"]) == (0, 3)
    bench.control.clear_exchanges()
    assert bench.control.call("GET", path)["evicted"] == 0


def test_a_fault_says_the_same(bench: Bench) -> None:
    """One list of names, one way to say that a name is not on it."""
    with pytest.raises(ControlError, match=r"did you mean vinr\.store_credit\.create\?"):
        bench.control.add_fault(Fault("vinr.store_credit.crate", status=500))


def test_credits_of_nobody_are_refused(bench: Bench) -> None:
    """The books' filters likewise: an owner who does not exist is 404, one without credit has none."""
    with pytest.raises(ControlError) as refused:
        bench.control.vinr.credits(customer="cust_8aZ3")
    assert refused.value.status == 404
    with pytest.raises(ControlError) as refused:
        bench.control.spree.credits(user_id=999)
    assert refused.value.status == 404
    assert bench.control.vinr.credits(customer="cust_8aZ2") == []
    assert bench.control.spree.credits(user_id=2) == []
