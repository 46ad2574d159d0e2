"""`Date` tells the sandbox's time: a client reckons by it what the server means, and looks for records by it."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

import store_credit
from http_library import httpx
from served_mock import served
from store_credit_mock import Contract, Fault, Options
from store_credit_mock.mock import SPREE_TOKEN, SPREE_URL, VINR_KEY, VINR_URL, Mock

FROZEN = "2031-03-04T05:06:07Z"
DATE = "Tue, 04 Mar 2031 05:06:07 GMT"
KEY = {"X-Api-Key": VINR_KEY}


@pytest.fixture
def frozen(store_credit_mock_contract: Contract) -> Iterator[Mock]:
    """A mock whose clock stands."""
    with Mock(store_credit_mock_contract, options=Options(seed=1)) as mock:
        mock.freeze(FROZEN)
        yield mock


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/v1/store-credit", 200), ("GET", "/v1/nowhere", 404), ("DELETE", "/v1/store-credit", 405)],
)
def test_every_response_in_process_tells_it(frozen: Mock, method: str, path: str, status: int) -> None:
    """By the sync and the async transport."""

    async def ask() -> Any:
        async with frozen.async_http_client() as client:
            return await client.request(method, VINR_URL + path, headers=KEY)

    with frozen.http_client() as client:
        for response in (client.request(method, VINR_URL + path, headers=KEY), asyncio.run(ask())):
            assert (response.status_code, response.headers.get_list("date")) == (status, [DATE])


def test_every_response_of_the_server_tells_it() -> None:
    """By the short way over the wire and by uvicorn's, which takes bodies that come in pieces and planned faults."""
    headers = KEY | {"Content-Type": "application/json"}
    with served() as mock, httpx.Client(base_url=mock.url) as client:
        mock.control.freeze(FROZEN)
        responses = [
            client.get("/v1/store-credit", headers=headers),
            client.head("/nowhere"),
            client.post("/v1/store-credit", headers=headers, content=b"{}"),
            client.post("/v1/store-credit", headers=headers, content=iter([b"{}"])),
        ]
        mock.control.add_fault(Fault("*", delay=0.001))
        responses.append(client.get("/v1/store-credit", headers=headers))

    assert [response.headers.get_list("date") for response in responses] == [[DATE]] * 5


def test_it_moves_with_the_clock(frozen: Mock) -> None:
    """From one second to the next, and back with one that is set back."""
    assert frozen.engine.http_date() == DATE.encode()
    frozen.advance(0.999)
    assert frozen.engine.http_date() == DATE.encode()
    frozen.advance(0.001)
    assert frozen.engine.http_date() == DATE.replace("05:06:07", "05:06:08").encode()
    frozen.freeze("1970-01-01T00:00:00Z")
    assert frozen.engine.http_date() == b"Thu, 01 Jan 1970 00:00:00 GMT"


def test_settling_finds_what_a_sandbox_of_another_day_made(store_credit_mock_contract: Contract) -> None:
    """It looks from when the call began, by the server's clock: by the machine's it would find nothing."""
    with Mock(store_credit_mock_contract, options=Options(seed=1)) as mock:
        mock.freeze("2020-01-01T00:00:00Z")
        client = store_credit.SpreeClient(SPREE_URL, SPREE_TOKEN, http_client=mock.http_client(), max_retries=0)
        client.store_credits.list()
        mock.fault("spree.store_credits.create", nth=1, drop=True, when="after")
        with pytest.raises(store_credit.OutcomeUnknownError) as caught:
            client.store_credits.create(
                user_id="1", created_by_id="1", amount="25.00", currency="USD", category_id="1", reference="refund-1"
            )
        assert caught.value.started_at.year == 2020
        found = client.settle(caught.value, grace=0)

        assert found is not None
        assert [one.id for one in client.store_credits.list()] == [found.id]
