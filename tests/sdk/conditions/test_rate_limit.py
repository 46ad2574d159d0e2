"""Against servers that limit requests to 25 a second after the first 50, as VINR's sandbox does.

The slow test runs against a real mock in real time, the others against a bucket in this process, in the time of a clock
that jumps from one event to the next.
"""

import json
import math
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from email.utils import formatdate
from typing import Any

import pytest

pytest.importorskip("store_credit_mock", reason="the mock is not installed here")

import trio
from trio.testing import MockClock

from http_library import httpx
from loopback import vinr_credit
from served_mock import Served, served
from store_credit import AsyncVinrClient, RateLimitError, StoreCreditError, VinrClient

CREATES = 300
MOST = round(1.3 * CREATES)
"""Requests that all of them together may take."""


@pytest.fixture
def waits() -> list[float]:
    """Let time pass: the server's limit is one of real time, and so is what this shows."""
    return []


@pytest.fixture
def limited() -> Iterator[Served]:
    """A mock of its own for each test: a limit counts what came before."""
    with served("--rate-limit", "25:50") as mock:
        yield mock


def create(client: Any, number: int) -> Any:
    return client.store_credit.create(customer="cust_8aZ2", amount=100 + number, currency="USD")


def check(mock: Served, made: list[Any]) -> None:
    """See that every create succeeded, once, and count what it took, by the server's own record."""
    statuses = Counter(one.response.status for one in mock.control.exchanges(limit=1000))
    assert [one.amount for one in made] == [100 + number for number in range(CREATES)]
    assert statuses[201] == CREATES
    assert statuses.total() <= MOST, statuses


@pytest.mark.slow
def test_a_bulk_job_in_threads(limited: Served) -> None:
    """Threads that share a client wait for each other, and nothing is lost."""
    with VinrClient("sk_test_1", base_url=limited.url) as client, ThreadPoolExecutor(32) as pool:
        made = list(pool.map(lambda number: create(client, number), range(CREATES)))

    check(limited, made)


class Bucket(httpx.AsyncBaseTransport):
    """A server with a token bucket, in the time of trio's clock.

    Args:
        ahead: Seconds by which the server's clock is ahead of this machine's.
    """

    RATE, SIZE = 25.0, 50

    def __init__(self, ahead: float = 0.0) -> None:
        self.statuses: Counter[int] = Counter()
        self._ahead = ahead
        self._tokens = float(self.SIZE)
        self._filled = trio.current_time()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Take a token, or refuse; each way takes ten milliseconds."""
        await trio.sleep(0.01)
        now = trio.current_time()
        self._tokens = min(self._tokens + (now - self._filled) * self.RATE, self.SIZE)
        self._filled = now
        refused = self._tokens < 1
        self._tokens -= not refused
        status = 429 if refused else 201
        self.statuses[status] += 1
        epoch = START + self._ahead + now
        headers = {
            "Date": formatdate(epoch, usegmt=True),
            "X-RateLimit-Limit": str(self.SIZE),
            "X-RateLimit-Remaining": str(int(self._tokens)),
            "X-RateLimit-Reset": str(math.ceil(epoch + (self.SIZE - self._tokens) / self.RATE)),
        }
        if refused:
            headers["Retry-After"] = str(math.ceil((1 - self._tokens) / self.RATE))
        await trio.sleep(0.01)
        error = {"error": {"type": "rate_limit_error", "code": "rate_limited", "message": "slow down"}}
        body = error if refused else vinr_credit(json.loads(await request.aread()))
        return httpx.Response(status, json=body, headers=headers, request=request)


START = 1795305600.0
"""2026-11-22T00:00:00Z, in Unix seconds."""


class TrioClock:
    """The SDK's clock, in the time of trio's."""

    def monotonic(self) -> float:
        return trio.current_time()

    def now(self) -> datetime:
        return datetime.fromtimestamp(START + trio.current_time(), UTC)


def bulk(count: int, *, ahead: float = 0.0, **settings: Any) -> tuple[list[Any], Counter[int], float]:
    """Begin so many creates at the same moment; what they came to, the statuses, and the seconds that passed."""
    results: list[Any] = [None] * count

    async def one(client: AsyncVinrClient, place: int) -> None:
        try:
            results[place] = await create(client, place)
        except StoreCreditError as error:
            results[place] = error

    async def run() -> tuple[list[Any], Counter[int], float]:
        bucket, began = Bucket(ahead), trio.current_time()
        async with (
            httpx.AsyncClient(transport=bucket) as http_client,
            AsyncVinrClient("sk_test_1", base_url="http://vinr.test", http_client=http_client, **settings) as client,
        ):
            client._settings.clock = TrioClock()  # type: ignore[assignment]
            async with trio.open_nursery() as nursery:
                for place in range(count):
                    nursery.start_soon(one, client, place)
        return results, bucket.statuses, trio.current_time() - began

    return trio.run(run, clock=MockClock(autojump_threshold=0))


@pytest.mark.parametrize("ahead", [0.7, -86400.0])
def test_a_bulk_job_succeeds_with_few_refusals(ahead: float) -> None:
    """Whatever this machine's clock shows."""
    made, statuses, _ = bulk(CREATES, ahead=ahead)

    assert [one.amount for one in made] == [100 + number for number in range(CREATES)]
    assert statuses.total() <= MOST, statuses


def test_without_resends_there_is_no_waiting() -> None:
    """Every refusal is raised as it comes."""
    made, statuses, _ = bulk(CREATES, max_retries=0, max_connections=CREATES)

    refused = [one for one in made if isinstance(one, RateLimitError)]
    assert len(refused) == statuses[429] > 0
    assert statuses.total() == CREATES


def test_waiting_ends_where_the_caller_says() -> None:
    """With the server's refusal, and not in silence."""
    made, _, _ = bulk(CREATES, max_rate_limit_wait=2.0, max_connections=CREATES)

    assert {type(one).__name__ for one in made} == {"VinrStoreCredit", "RateLimitError"}
