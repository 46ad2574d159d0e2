"""Many calls at one time on one client: bounded by its connections, and each with its own record."""

import asyncio
import gc
import threading
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import anyio
import pytest

from loopback import Connection, LoopbackServer, Received, echo
from store_credit import (
    APIConnectionError,
    AsyncVinrClient,
    AttemptFailed,
    RequestSent,
    ResponseReceived,
    Timeout,
    VinrClient,
)

Loopback = Callable[..., LoopbackServer]


class UnderWay:
    """An event hook that counts the attempts which are under way on a loop, and how many were so at most."""

    def __init__(self) -> None:
        self.now = 0
        self.most = 0

    def __call__(self, event: Any) -> None:
        self.now += isinstance(event, RequestSent) - isinstance(event, ResponseReceived | AttemptFailed)
        self.most = max(self.most, self.now)


def customers(count: int) -> list[str]:
    return [f"cust_{number}" for number in range(count)]


async def create_all(client: AsyncVinrClient, wanted: Sequence[str], gather: Callable[..., Awaitable[Any]]) -> None:
    """Create one credit for each customer, all at once, and see that each got its own."""
    create = client.store_credit.create
    made: list[Any] = await gather(*(create(customer=name, amount=1000, currency="USD") for name in wanted))
    assert [one.customer for one in made] == list(wanted)


async def in_a_nursery(*calls: Awaitable[Any]) -> list[Any]:
    """Do what `asyncio.gather` does, on trio as well."""
    results: list[Any] = [None] * len(calls)

    async def one(place: int, call: Awaitable[Any]) -> None:
        results[place] = await call

    async with anyio.create_task_group() as group:
        for place, call in enumerate(calls):
            group.start_soon(one, place, call)
    return results


@pytest.mark.parametrize("settings", [{}, {"max_connections": 7}], ids=["by default", "with seven connections"])
def test_gather_of_many_creates(loopback: Loopback, settings: dict[str, Any]) -> None:
    """Calls queue in the client and not in the HTTP library's pool, so that none waits itself to death there."""
    server = loopback()
    under_way = UnderWay()
    wanted = customers(250)

    async def run() -> None:
        async with AsyncVinrClient("sk_test_1", base_url=server.url, event_hooks=[under_way], **settings) as client:
            await create_all(client, wanted, asyncio.gather)

    asyncio.run(run())

    most = settings.get("max_connections", 100)
    assert sorted(request.json()["customer"] for request in server.requests) == sorted(wanted)
    assert server.most_open <= most
    # All of them work: a client that sent one after the other would be bounded as well.
    assert under_way.most == most


@pytest.mark.anyio
async def test_a_nursery_of_a_hundred_creates(loopback: Loopback) -> None:
    """On trio as on asyncio, over TLS."""
    server = loopback(scheme="https")
    under_way = UnderWay()
    async with AsyncVinrClient("sk_test_1", base_url=server.url, event_hooks=[under_way], max_connections=5) as client:
        await create_all(client, customers(100), in_a_nursery)

    assert len(server.requests) == 100
    assert server.most_open <= 5
    assert under_way.most == 5


def test_thirty_two_threads(loopback: Loopback) -> None:
    """On fewer connections than there are threads."""
    server = loopback()
    wanted = customers(200)
    with (
        VinrClient("sk_test_1", base_url=server.url, max_connections=9) as client,
        ThreadPoolExecutor(32) as pool,
    ):
        create = client.store_credit.create
        made = list(pool.map(lambda name: create(customer=name, amount=1000, currency="USD"), wanted))

    assert [one.customer for one in made] == wanted
    assert sorted(request.json()["customer"] for request in server.requests) == sorted(wanted)
    assert server.most_open <= 9
    assert server.most_at_once <= 9


def hang_or_echo(connection: Connection, request: Received) -> None:
    """Leave one record's readers waiting until the server is stopped or they give up."""
    if request.target.endswith("/hang"):
        connection.hang()
        connection.close()
    else:
        echo(connection, request)


def busy(server: LoopbackServer, count: int) -> None:
    """Wait until so many requests hang."""
    server.wait_for(lambda: sum(request.target.endswith("/hang") for request in server.requests) >= count)


@pytest.mark.anyio
async def test_a_full_pool_says_so_async(loopback: Loopback) -> None:
    """The same, awaited; the place that the call waited for is not lost with it."""
    server = loopback(hang_or_echo)

    async def queue(client: AsyncVinrClient) -> None:
        with pytest.raises(APIConnectionError, match=r"all 1 connections .* in use for 0\.05 seconds") as full:
            await client.store_credit.create(customer="c", amount=1, currency="USD", timeout=Timeout(pool=0.05))
        assert full.value.attempts == 0

    async with AsyncVinrClient("sk_test_1", base_url=server.url, max_connections=1) as client:
        async with anyio.create_task_group() as group:
            group.start_soon(client.store_credit.retrieve, "hang")
            await anyio.to_thread.run_sync(busy, server, 1)
            await queue(client)
            group.cancel_scope.cancel()
        await create_all(client, ["after"], in_a_nursery)

    assert [request.method for request in server.requests] == ["GET", "POST"]


@pytest.mark.anyio
async def test_cancelled_tasks_leave_the_pool_as_it_was(loopback: Loopback) -> None:
    """Those that were under way and those that waited for their turn."""
    server = loopback(hang_or_echo)
    under_way = UnderWay()
    async with AsyncVinrClient("sk_test_1", base_url=server.url, max_connections=10, event_hooks=[under_way]) as client:
        for number in range(1, 4):
            async with anyio.create_task_group() as group:
                for _ in range(50):
                    group.start_soon(client.store_credit.retrieve, "hang")
                await anyio.to_thread.run_sync(busy, server, 10 * number)
                group.cancel_scope.cancel()
        assert under_way.now == 0
        await create_all(client, customers(40), in_a_nursery)

    assert under_way.most == 10


@pytest.mark.parametrize(
    ("where", "deadline"), [("reading", None), ("reading", 60), ("hook", None), ("hook", 60), ("starting a thread", 60)]
)
def test_an_interrupted_call_gives_its_place_back(
    loopback: Loopback, monkeypatch: pytest.MonkeyPatch, where: str, deadline: float | None
) -> None:
    """Whatever it is cut off by: Ctrl-C while it reads or in a hook, or a system that has no thread left."""
    server = loopback()
    broken: list[type[BaseException]] = []

    def interrupt(*arguments: Any) -> Any:
        if broken:
            raise broken.pop()

    with VinrClient("sk_test_1", base_url=server.url, max_connections=1, event_hooks=[interrupt]) as client:
        with monkeypatch.context() as patched:
            broken.append(RuntimeError if where == "starting a thread" else KeyboardInterrupt)
            if where == "reading":
                patched.setattr(client._transport, "_handle", interrupt)
            elif where == "starting a thread":
                patched.setattr(threading.Thread, "start", interrupt)
            quiet = client if where == "hook" else client.with_options(event_hooks=[])
            with pytest.raises((KeyboardInterrupt, APIConnectionError)):
                quiet.store_credit.retrieve("sc_1", deadline=deadline)
        assert broken == []
        after = client.store_credit.retrieve("sc_2", timeout=Timeout(pool=0.05), deadline=deadline)

    assert after.id == "sc_2"
    assert [request.target for request in server.requests] == ["/v1/store-credit/sc_2"]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
def test_an_async_client_on_four_loops_in_four_threads(loopback: Loopback) -> None:
    """Each loop has connections and places of its own, at the same time."""
    server = loopback()
    wanted = customers(400)

    def on_four_loops() -> None:
        client = AsyncVinrClient("sk_test_1", base_url=server.url, max_connections=5)

        async def run(part: int) -> None:
            await create_all(client, wanted[part::4], asyncio.gather)

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda part: asyncio.run(run(part)), range(4)))

    on_four_loops()
    # What was left behind on the loops is collected here, where its warnings are expected.
    gc.collect()

    assert sorted(request.json()["customer"] for request in server.requests) == sorted(wanted)
    assert server.most_open <= 4 * 5
