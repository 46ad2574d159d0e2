"""Slow commits: the response is lost while the request still runs, and what it does is there only later."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import orjson
import pytest

import store_credit
from benches import Bench, Maker, error
from http_library import httpx
from spreebench import ADMIN, CREDIT, CREDITS
from store_credit_mock import Contract, Engine, Fault, Options, Request
from store_credit_mock.httpx_transport import EngineTransport
from store_credit_mock.mock import VINR_KEY, VINR_URL, Mock

PATH = "/v1/store-credit"
GOOD = {"customer": "cust_8aZ2", "amount": 1000, "currency": "USD"}
KEY = {"Idempotency-Key": "one"}
CREATE = "vinr.store_credit.create"
START = "2026-11-22T10:00:00Z"


@pytest.fixture
def frozen(bench: Bench) -> Bench:
    """A bench whose clock stands, and the next create of which commits 45 s after its response was lost."""
    bench.control.freeze(START)
    bench.control.add_fault(Fault(CREATE, nth=1, commit_after=45))
    return bench


def test_it_commits_at_its_time_and_not_before(frozen: Bench) -> None:
    """No response at all, nothing to be seen for 45 s, then the record, made at that time; faults and clock say so."""
    now = frozen.seconds()
    assert frozen.send("POST", PATH, GOOD, KEY).dropped
    frozen.control.advance(44.999)
    assert (frozen.control.vinr.credits(), frozen.control.faults().unfinished, frozen.engine.unfinished) == ([], 1, 1)
    assert orjson.loads(frozen.send("GET", PATH).body)["data"] == []
    # It runs on when its fault is no longer planned.
    frozen.control.clear_faults()
    frozen.control.advance(100)

    (credit,) = orjson.loads(frozen.send("GET", PATH).body)["data"]
    assert credit["created"] == now + 45
    assert frozen.control.faults().unfinished == 0
    assert frozen.control.invariants().holds
    (lost,) = frozen.control.exchanges(operation=CREATE)
    assert (lost.at, lost.response.dropped, lost.fault) == ((now + 45) * 1000, True, "fault_1")


def test_its_key_is_in_flight_until_then(frozen: Bench) -> None:
    """V51: the same key is told so, and gets the replay afterwards; another key makes another credit."""
    frozen.send("POST", PATH, GOOD, KEY)
    twin = frozen.send("POST", PATH, GOOD, KEY)
    assert (twin.status, error(twin)["code"]) == (409, "idempotency_in_progress")
    assert frozen.send("POST", PATH, GOOD, {"Idempotency-Key": "two"}).status == 201
    frozen.control.advance(45)

    again = frozen.send("POST", PATH, GOOD, KEY)
    assert (again.status, again.header("idempotent-replayed")) == (201, "true")
    assert len(frozen.control.vinr.credits()) == 2


def test_a_repeat_without_a_key_doubles(bench_of: Maker) -> None:
    """Looking while it still runs finds nothing: who then sends it again has two, which is what settling must avoid."""
    bench = bench_of(spree_token=ADMIN)
    bench.control.freeze(START)
    headers = {"Authorization": f"Bearer {ADMIN}", "Content-Type": "application/json"}
    body = orjson.dumps({"store_credit": CREDIT})
    bench.control.add_fault(Fault("spree.store_credits.create", nth=1, commit_after=45))
    assert bench.engine.handle(Request.build("POST", CREDITS, headers, body)).dropped
    assert bench.control.spree.credits() == []
    assert bench.engine.handle(Request.build("POST", CREDITS, headers, body)).status == 201
    bench.control.advance(45)

    assert len(bench.control.spree.credits()) == 2


def test_several_commit_in_the_order_of_their_times(bench: Bench) -> None:
    """By the time due, and those of one time as they came; each sees what the ones before it have done."""
    bench.control.freeze(START)
    for amount, seconds in ((1, 60), (2, 30), (3, 60), (4, 0)):
        bench.engine.faults.clear()
        bench.engine.faults.add(Fault(CREATE, nth=1, commit_after=seconds))
        bench.send("POST", PATH, {**GOOD, "amount": amount})
    assert [credit.amount for credit in bench.control.vinr.credits()] == [4]
    bench.control.advance(60)

    assert [credit.amount for credit in bench.control.vinr.credits()] == [3, 1, 2, 4]


@pytest.mark.parametrize("end", ["reset", "restore"])
def test_a_sandbox_that_starts_over_ends_it(frozen: Bench, end: str) -> None:
    """Nothing of the time before comes into a sandbox that was emptied or put back, and the key is free."""
    before = frozen.control.snapshot()
    frozen.send("POST", PATH, GOOD, KEY)
    if end == "reset":
        frozen.control.reset()
    else:
        frozen.control.restore(before)
    frozen.engine.faults.clear()
    frozen.control.advance(100)

    assert (frozen.control.vinr.credits(), frozen.control.faults().unfinished) == ([], 0)
    assert frozen.send("POST", PATH, GOOD, KEY).header("idempotent-replayed") is None


def test_a_request_that_is_refused_later_leaves_nothing(bench_of: Maker) -> None:
    """The handler decides when it runs: what breaks the OpenAPI document or names nobody makes nothing then either."""
    bench = bench_of()
    bench.control.freeze(START)
    bench.engine.faults.add(Fault(CREATE, times=2, commit_after=1))
    bench.send("POST", PATH, {**GOOD, "amount": 0})
    bench.send("POST", PATH, {**GOOD, "customer": "cust_none"})
    bench.control.advance(1)

    assert bench.control.vinr.credits() == []
    assert [one.response.status for one in bench.control.exchanges(operation=CREATE)] == [400, 404]


class Machine:
    """The machine's time, moved by hand."""

    def __init__(self) -> None:
        self.now = 1_795_305_600.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def running(store_credit_mock_contract: Contract, machine: Machine) -> Iterator[Engine]:
    """An engine whose clock runs with a machine of the test's."""
    engine = Engine(store_credit_mock_contract, options=Options(), machine=machine)
    engine.faults.add(Fault(CREATE, nth=1, commit_after=45, delay=31))
    yield engine
    engine.close()


def test_the_sdk_on_an_injected_clock(running: Engine, machine: Machine) -> None:
    """The client's time runs out while the request runs on: unknown, then in progress, then the one record."""
    client = store_credit.VinrClient(
        VINR_KEY, base_url=VINR_URL, max_retries=0, http_client=httpx.Client(transport=EngineTransport(running))
    )
    with client:
        with pytest.raises(store_credit.OutcomeUnknownError):
            client.store_credit.create(customer="cust_8aZ2", amount=1000, currency="USD", idempotency_key="one")
        machine.now += 44
        assert running.unfinished == 1
        machine.now += 1
        assert running.unfinished == 0
        again = client.store_credit.create(customer="cust_8aZ2", amount=1000, currency="USD", idempotency_key="one")

        assert again.created.timestamp() == 1_795_305_645
        assert [one.id for one in client.store_credit.list()] == [again.id]


def test_the_async_client_is_cut_off_too(running: Engine, machine: Machine) -> None:
    """The transport for async code puts the request off likewise."""

    async def lose() -> None:
        async with httpx.AsyncClient(transport=EngineTransport(running), base_url=VINR_URL) as client:
            with pytest.raises(httpx.ReadTimeout):
                await client.post(PATH, json=GOOD, headers={"X-Api-Key": VINR_KEY}, timeout=30)

    asyncio.run(lose())
    assert running.unfinished == 1
    machine.now += 45
    assert running.unfinished == 0


def test_the_fixture_plans_it(store_credit_mock_contract: Contract) -> None:
    """`fault(..., commit_after=5)`: without a delay the connection closes at once."""
    with Mock(store_credit_mock_contract, options=Options(seed=1)) as mock:
        mock.fault(CREATE, nth=1, commit_after=5)
        with pytest.raises(httpx.RemoteProtocolError):
            mock.http_client().post(f"{VINR_URL}{PATH}", json=GOOD, headers={"X-Api-Key": VINR_KEY})
        mock.advance(5)
        assert len(mock.control.vinr.credits()) == 1


def test_what_is_due_is_delivered(store_credit_mock_contract: Contract) -> None:
    """An event of a credit that commits late is due when it commits, and is delivered without another request."""
    got: list[Any] = []
    with Mock(store_credit_mock_contract, options=Options(seed=1)) as mock:
        mock.receive(lambda body, _headers: got.append(orjson.loads(body)["type"]))
        mock.fault(CREATE, nth=1, commit_after=5)
        with pytest.raises(httpx.RemoteProtocolError):
            mock.http_client().post(f"{VINR_URL}{PATH}", json=GOOD, headers={"X-Api-Key": VINR_KEY})
        mock.deliver()
        assert got == []
        mock.advance(5)
        mock.deliver()
        assert got == ["store_credit.created"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"commit_after": -1},
        {"commit_after": 86_401},
        {"commit_after": 5, "drop": True},
        {"commit_after": 0, "status": 500},
    ],
)
def test_one_that_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    """It is an effect of its own, and has a limit."""
    with pytest.raises(ValueError, match="commit_after"):
        Fault(**wrong)
