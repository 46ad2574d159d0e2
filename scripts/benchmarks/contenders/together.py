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

from benchmarks.contenders.calls import KEY, PATH, body

__all__: list[str] = []

Work = Callable[[int], None]
CONNECTIONS = 100
THREADS = 32


def gather_ours(url: str, backend: str, number: int) -> Work:
    """A gather of so many creates with our async client, on either HTTP library."""
    from store_credit import AsyncVinrClient

    loop = asyncio.new_event_loop()
    create = AsyncVinrClient(KEY, base_url=url, backend=backend).store_credit.create  # type: ignore[arg-type]

    async def together() -> None:
        await asyncio.gather(*[create(**body()) for _ in range(number)])

    def work(times: int) -> None:
        for _ in range(times):
            loop.run_until_complete(together())

    return work


def gather_raw(url: str, backend: str, number: int) -> Work:
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

    def work(times: int) -> None:
        for _ in range(times):
            loop.run_until_complete(together())

    return work


def threads_ours(url: str, number: int) -> Work:
    """As many creates with our sync client, shared by 32 threads."""
    from store_credit import VinrClient

    create = VinrClient(KEY, base_url=url).store_credit.create
    pool = ThreadPoolExecutor(THREADS)

    def one(sent: dict[str, Any]) -> object:
        return create(**sent)

    def work(times: int) -> None:
        for _ in range(times):
            list(pool.map(one, [body() for _ in range(number)]))

    return work


def fork_inherited(url: str) -> Callable[[], float]:
    """Milliseconds from a fork to the first record in the child, with the client of the parent."""
    from store_credit import VinrClient

    client = VinrClient(KEY, base_url=url)
    client.store_credit.create(**body())
    return lambda: _in_child(lambda: client.store_credit.create(**body()))


def fork_new(url: str) -> Callable[[], float]:
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
