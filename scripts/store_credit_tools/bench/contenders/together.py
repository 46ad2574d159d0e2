"""Many VINR creates at one time: tasks, threads, and a forked child."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import Any
from uuid import uuid4

from store_credit_tools.bench.contenders.calls import KEY, PATH, Backend, body

__all__: list[str] = []

Figure = Callable[[], float]
CONNECTIONS = 100
THREADS = 32
LIMITED = 300
"""Creates under a rate limit."""


def gather_ours(url: str, backend: Backend, number: int) -> Figure:
    """Milliseconds of CPU time for a gather of so many creates with our async client, on either HTTP library."""
    from store_credit import AsyncVinrClient

    loop = asyncio.new_event_loop()
    create = AsyncVinrClient(KEY, base_url=url, backend=backend).store_credit.create

    async def together() -> None:
        await asyncio.gather(*[create(**body()) for _ in range(number)])

    return _timed(lambda: loop.run_until_complete(together()))


def gather_raw(url: str, backend: Backend, number: int) -> Figure:
    """The same with the library's AsyncClient behind a semaphore of as many places as it has connections."""
    library: Any = import_module(backend)
    loop = asyncio.new_event_loop()
    limits = library.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)
    client = library.AsyncClient(headers={"X-Api-Key": KEY}, limits=limits)

    async def together() -> None:
        places = asyncio.Semaphore(CONNECTIONS)

        async def one() -> None:
            async with places:
                (await client.post(url + PATH, json=body(), headers={"Idempotency-Key": str(uuid4())})).json()

        await asyncio.gather(*[one() for _ in range(number)])

    return _timed(lambda: loop.run_until_complete(together()))


def threads_ours(url: str, number: int) -> Figure:
    """The same with our sync client, shared by 32 threads."""
    from store_credit import VinrClient

    create = VinrClient(KEY, base_url=url).store_credit.create
    pool = ThreadPoolExecutor(THREADS)

    def one(_: int) -> object:
        return create(**body())

    return _timed(lambda: list(pool.map(one, range(number))))


def _timed(work: Callable[[], object]) -> Figure:
    def timed() -> float:
        began = time.process_time()
        work()
        return 1000 * (time.process_time() - began)

    return timed


def limited_gather(url: str) -> Figure:
    """Requests that a gather of 300 creates takes where 25 a second are allowed after the first 50."""
    from store_credit import AsyncVinrClient

    sent: list[object] = []

    async def together() -> None:
        async with AsyncVinrClient(KEY, base_url=f"{url}/limited", event_hooks=[_counting(sent)]) as client:
            await asyncio.gather(*[client.store_credit.create(**body()) for _ in range(LIMITED)])

    def work() -> float:
        asyncio.run(together())
        return len(sent)

    return work


def limited_threads(url: str) -> Figure:
    """The same from 32 threads."""
    from store_credit import VinrClient

    sent: list[object] = []

    def work() -> float:
        with VinrClient(KEY, base_url=f"{url}/limited", event_hooks=[_counting(sent)]) as client:
            create = client.store_credit.create
            with ThreadPoolExecutor(THREADS) as pool:
                for future in [pool.submit(create, **body()) for _ in range(LIMITED)]:
                    future.result()
        return len(sent)

    return work


def _counting(sent: list[object]) -> Callable[[object], None]:
    from store_credit import RequestSent

    def hook(event: object) -> None:
        if isinstance(event, RequestSent):
            sent.append(event)

    return hook


def fork_inherited(url: str) -> Figure:
    """Milliseconds from a fork to the first record in the child, with the client of the parent."""
    from store_credit import VinrClient

    client = VinrClient(KEY, base_url=url)
    client.store_credit.create(**body())
    return lambda: _in_child(lambda: client.store_credit.create(**body()))


def fork_new(url: str) -> Figure:
    """The same with a client made in the child."""
    from store_credit import VinrClient

    VinrClient(KEY, base_url=url).store_credit.create(**body())
    return lambda: _in_child(lambda: VinrClient(KEY, base_url=url).store_credit.create(**body()))


def _in_child(call: Callable[[], object]) -> float:
    reading, writing = os.pipe()
    began = time.perf_counter()
    if os.fork() == 0:
        call()
        os.write(writing, json.dumps(1000 * (time.perf_counter() - began)).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as told:
        took = float(told.read())
    os.wait()
    return took
