"""The record of exchanges as a test asks it: a name that does not exist is an error, since none would always pass."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

import store_credit
from benches import Bench, Maker
from http_library import httpx
from served_mock import served
from store_credit_mock import Contract, Engine, Fault, Options
from store_credit_mock.httpx_transport import EngineTransport
from store_credit_mock.systems.control_route import ControlError, VerificationError


def listed(bench: Bench, **query: str) -> list[str | None]:
    """The operations of the exchanges asked for."""
    found: dict[str, Any] = bench.control.call("GET", "/_mock/exchanges", query=query)
    assert found["total"] == len(found["data"])
    return [one["operation"] for one in found["data"]]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"operation": "vinr.store_credit.crate"}, "did you mean vinr.store_credit.create?"),
        (
            {"operation": "vinr.store_credits.*"},
            "'vinr.store_credits.*' matches no operation of the OpenAPI document; did you mean",
        ),
        ({"operation": "zzzz"}, "a valid name is vinr.store_credit.create"),
        ({"system": "shopify"}, "system: there is no system named 'shopify'; known: spree, spree_v3, vinr"),
        ({"system": "vinyr"}, "did you mean vinr?"),
        ({"system": ""}, "known: spree, spree_v3, vinr"),
        ({"operation": "vinr.store_credit.create", "system": "shopify"}, "no system named 'shopify'"),
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
    """A pattern, a system, both together, and what the OpenAPI document has no operation for."""
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


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"status": "201"}, [1, 2]),
        ({"status": "4XX"}, [3, 4]),
        ({"method": "get"}, [4]),
        ({"path": "/v1/store-credit"}, [1, 2, 3]),
        ({"path": "/v1/*"}, [1, 2, 3, 4]),
        ({"body": "/amount"}, [1, 2, 3]),
        ({"body": "/amount", "value": "500"}, [1, 2]),
        ({"body": "/customer", "value": "cust_8*"}, [1, 2, 3]),
        ({"body": "/a~1b", "value": "true"}, [3]),
        ({"body": "/c/1", "value": "two"}, [3]),
        ({"body": "/c/2"}, []),
        ({"body": "/amount", "value": "true"}, []),
        ({"body": "/amount", "status": "400", "method": "POST"}, [3]),
    ],
)
def test_filters(bench_of: Maker, query: dict[str, str], found: list[int]) -> None:
    """By status, path, method and what the body of the request has, JSON or a form; all of them must fit."""
    bench = bench_of(strict=False)
    bench.issue(500)
    bench.send("POST", "/v1/store-credit", form="customer=cust_8aZ2&amount=500&currency=USD")
    bench.send("POST", "/v1/store-credit", {"customer": "cust_8aZ2", "amount": -1, "a/b": True, "c": ["one", "two"]})
    bench.send("GET", "/v1/none")

    numbers = [one["number"] for one in bench.control.call("GET", "/_mock/exchanges", query=query)["data"]]
    brief = [one["number"] for one in bench.control.call("GET", "/_mock/exchanges/brief", query=query)["data"]]
    assert numbers == brief == found
    assert bench.control.call("GET", "/_mock/exchanges/count", query=query)["total"] == len(found)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"status": "ok"}, "'ok' is not a valid status; use a form such as 201 or 4xx"),
        ({"body": "store_credit.amount"}, "did you mean '/store_credit/amount'?"),
        ({"value": "1"}, "specify which member must have this value, as in body=/amount"),
        ({"wait_for": "0"}, "wait_for"),
        ({"wait_for": "1", "timeout": "301"}, "timeout"),
    ],
)
def test_filters_that_make_no_sense_are_refused(bench: Bench, query: dict[str, str], words: str) -> None:
    """Each says what is wrong; none is passed over."""
    with pytest.raises(ControlError, match=words.replace("?", r"\?")) as refused:
        bench.control.call("GET", "/_mock/exchanges", query=query)
    assert refused.value.status == 400


class Elsewhere:
    """Code that sends requests while somebody waits: the waiting's own steps run it."""

    def __init__(self, contract: Contract) -> None:
        self.waited = 0.0
        self.calls: dict[int, Callable[[], object]] = {}
        self._steps = 0
        self.bench = Bench(Engine(contract, options=Options(seed=1), sleep=self._step))

    def _step(self, seconds: float) -> None:
        self.waited += seconds
        self._steps += 1
        if (call := self.calls.get(self._steps)) is not None:
            call()


@pytest.fixture
def elsewhere(store_credit_mock_contract: Contract) -> Iterator[Elsewhere]:
    made = Elsewhere(store_credit_mock_contract)
    yield made
    made.bench.engine.close()


def test_waiting_ends_with_the_last_that_was_awaited(elsewhere: Elsewhere) -> None:
    """Not earlier, not later, and what came while nobody looked counts although newer ones have taken its place."""
    bench = elsewhere.bench

    def many() -> None:
        bench.issue()
        for _ in range(1001):
            bench.send("GET", "/v1/none")

    elsewhere.calls = {2: bench.issue, 5: many, 9: bench.issue}
    found = bench.control.exchanges(operation="*.create", wait_for=3, timeout=60)
    assert elsewhere.waited == pytest.approx(9 * 0.02)
    assert [one.operation for one in found] == ["vinr.store_credit.create"]
    assert bench.engine.exchanges.listeners == []


def test_waiting_ends_when_the_time_is_up(elsewhere: Elsewhere) -> None:
    """With a refusal that says what came instead: whoever awaited three must not go on with one."""
    bench = elsewhere.bench
    elsewhere.calls = {1: bench.issue, 2: lambda: bench.send("GET", "/v1/store-credit")}
    with pytest.raises(AssertionError) as failed:
        bench.control.exchanges(operation="vinr.store_credit.create", wait_for=2, timeout=1)
    assert elsewhere.waited == pytest.approx(1)
    assert str(failed.value).startswith("expected at least 2 vinr.store_credit.create; 1 arrived within 1 s, of 2")
    assert bench.engine.exchanges.listeners == []


def test_a_cleared_log_starts_the_count_over(elsewhere: Elsewhere) -> None:
    """What was cleared while somebody waited did not come."""
    bench = elsewhere.bench
    elsewhere.calls = {1: bench.issue, 2: bench.control.clear_exchanges, 3: bench.issue, 4: bench.issue}
    assert bench.control.exchanges(wait_for=2).total == 2
    assert elsewhere.waited == pytest.approx(4 * 0.02)


def test_none_is_awaited_to_the_end(elsewhere: Elsewhere) -> None:
    """`times=0` with a timeout watches for as long; one that comes ends it at once."""
    bench = elsewhere.bench
    bench.control.verify("*.create", times=0, timeout=1)
    assert elsewhere.waited == pytest.approx(1)
    elsewhere.calls = {elsewhere._steps + 2: bench.issue}
    with pytest.raises(AssertionError, match="expected none"):
        bench.control.verify("*.create", times=0, timeout=1)
    assert elsewhere.waited == pytest.approx(1 + 2 * 0.02)


def test_a_served_mock_answers_others_while_it_waits() -> None:
    """Twice at once: the credit that both await is issued meanwhile."""
    with served() as mock, ThreadPoolExecutor(2) as pool:
        waiting = [
            pool.submit(mock.control.exchanges, operation="vinr.store_credit.create", wait_for=1, timeout=60),
            pool.submit(mock.control.verify, "vinr.store_credit.create", times=1, timeout=60),
        ]
        # They have begun once both connections have been heard: the number of exchanges stays 0 until then.
        with store_credit.VinrClient("sk_test_1", base_url=mock.url) as vinr:
            vinr.store_credit.create(customer="cust_8aZ2", amount=1, currency="USD")
        assert [len(waiting[0].result(60)), waiting[1].result(60).total] == [1, 1]


def test_async_code_waits_in_the_process(bench: Bench) -> None:
    """An AsyncClient of the mock's leaves the loop to the code that is waited for."""

    async def both() -> list[int]:
        async with httpx.AsyncClient(transport=EngineTransport(bench.engine), base_url="http://mock") as client:
            headers = {"Authorization": f"Bearer {bench.engine.control.token}"}
            body = {"operation": "vinr.store_credit.create", "timeout": 60}
            waiting = asyncio.create_task(client.post("/_mock/exchanges/verify", json=body, headers=headers))
            await asyncio.sleep(0)
            made = await client.post(
                "/v1/store-credit",
                json={"customer": "cust_8aZ2", "amount": 1, "currency": "USD"},
                headers={"X-Api-Key": bench.key},
            )
            return [made.status_code, (await waiting).json()["total"]]

    assert asyncio.run(both()) == [201, 1]


def test_verify_shows_what_came_instead(bench: Bench) -> None:
    """Too few: the nearest with what differs; too many: all that came. Secrets are in neither."""
    bench.send("POST", "/v1/store-credit", {"customer": "cust_8aZ2", "amount": -5, "currency": "USD"})
    bench.issue(400)
    bench.send("GET", "/v1/store-credit")
    verify = bench.control.verify

    with pytest.raises(VerificationError) as failed:
        verify("vinr.store_credit.create", times=1, status=201, body="/amount", value=500)
    assert failed.value.status == 417
    lines = str(failed.value).splitlines()
    assert lines[0] == (
        "expected exactly 1 vinr.store_credit.create, status 201, /amount = 500; none arrived, of 3 exchanges stored"
    )
    assert lines[1:3] == ["closest among the others:", "#2 POST /v1/store-credit -> 201"]
    assert "    - /amount is 400" in lines
    assert "    - the status is 400; /amount is -5" in lines
    assert "    - is vinr.store_credit.list; the status is 200; /amount is not there" in lines
    assert lines[-1] == "all: vinr.store_credit.create 2, vinr.store_credit.list 1"

    with pytest.raises(AssertionError, match=r"expected none vinr\.store_credit\.create; 2 arrived") as failed:
        verify("vinr.store_credit.create", times=0)
    assert "these arrived:\n#1 POST" in str(failed.value)
    assert bench.key not in str(failed.value)
    assert verify("vinr.*", at_least=2, at_most=3).total == 3
    assert verify().total == 3
    with pytest.raises(ControlError, match="did you mean"):
        verify("vinr.store_credit.crate", times=0)
    with pytest.raises(ControlError, match="/times: times cannot be combined"):
        verify(times=1, at_least=1)


def test_verify_does_not_count_what_it_cannot_know(bench: Bench) -> None:
    """With exchanges that gave way to newer ones "exactly" and "none" hold for nobody; `after` says which matter."""
    bench.issue()
    for _ in range(1000):
        bench.send("GET", "/v1/none")
    with pytest.raises(AssertionError, match="1 older exchanges are no longer stored"):
        bench.control.verify("*.create", times=0)
    assert bench.control.verify("*.create", times=0, after=1).total == 0
    assert bench.control.verify(at_least=5).total == 1000


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
