"""A program that makes a client, uses it, and forks workers that use it too, as a preforking server does.

Run with one argument, a JSON object of settings (see `Settings`), it prints a JSON object: `workers`, for each worker a
list of what every create came to, and `parent`, the same for the process they were forked from. It is a process of its
own, since a test runner has threads, and a fork copies only one.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import store_credit
from store_credit import AsyncVinrClient, StoreCreditError, VinrClient

SECONDS = 40
"""A worker that has not ended by then is killed by the alarm: it waits for something it will never get."""


@dataclass(frozen=True)
class Settings:
    """What the program does.

    Attributes:
        url: The server's address.
        kind: `sync`, `asyncio` or `trio`.
        start: `fork` for `os.fork`, `pool` for a pool of `multiprocessing`, `nested` for workers that fork one more.
        workers: How many at one time.
        creates: How many creates each makes, one after the other.
        rounds: How often all of that.
        held: What other threads of the parent hold while it forks: `places` (every connection of the client), `token`
            (the function that gives the credential), `locks` (every lock of the client).
        injected: The client gets an HTTP client of its own, of this library.
        limited: The parent's client has been told by the server to wait for a minute.
    """

    url: str
    kind: str = "sync"
    start: str = "fork"
    workers: int = 4
    creates: int = 20
    rounds: int = 1
    held: Sequence[str] = field(default_factory=list)
    injected: str | None = None
    limited: bool = False


class Program:
    """The parent, and in its copies the workers."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.released = threading.Event()
        self.entered = threading.Semaphore(0)
        self.threads: list[threading.Thread] = []
        self.asks = 0
        self.home = os.getpid()
        kind = VinrClient if settings.kind == "sync" else AsyncVinrClient
        options: dict[str, Any] = {"base_url": settings.url, "max_connections": 3, "event_hooks": [self.note]}
        # More than a worker lives.
        options["max_rate_limit_wait"] = 600
        if settings.injected is not None:
            make = getattr(store_credit, f"default{'' if settings.kind == 'sync' else '_async'}_http_client")
            options["http_client"] = make(backend=settings.injected)
        key = self.token if "token" in settings.held else "sk_test_1"
        self.client: Any = kind(key, **options)

    def note(self, event: Any) -> None:
        """See that a request which will have no response yet is on the wire, so that a connection is taken."""
        if isinstance(event, store_credit.RequestSent) and event.path.endswith("/hang"):
            self.entered.release()

    def token(self) -> str:
        """Give the credential; in a thread of the parent not before the workers have ended."""
        if os.getpid() == self.home and threading.current_thread() is not threading.main_thread():
            self.entered.release()
            self.released.wait(SECONDS)
        return "sk_test_1"

    def run(self, work: Callable[[], Any]) -> Any:
        """Call a function of an async client on an event loop of its own."""
        if self.settings.kind == "trio":
            import trio

            return trio.run(work)
        return asyncio.run(work()) if self.settings.kind == "asyncio" else work()

    def create(self, who: str) -> list[list[str]]:
        """Make the creates of one process: for each what was sent, and what came back."""
        customers = [f"{who}-{number}" for number in range(self.settings.creates)]

        async def several() -> list[list[str]]:
            found: list[list[str]] = []
            for customer in customers:
                try:
                    made = await self.client.store_credit.create(customer=customer, amount=1000, currency="USD")
                    found.append([customer, made.customer, made.id])
                except StoreCreditError as error:
                    found.append([customer, type(error).__name__, str(error)])
            return found

        if self.settings.kind != "sync":
            return self.run(several)
        found: list[list[str]] = []
        for customer in customers:
            try:
                made = self.client.store_credit.create(customer=customer, amount=1000, currency="USD")
                found.append([customer, made.customer, made.id])
            except StoreCreditError as error:
                found.append([customer, type(error).__name__, str(error)])
        return found

    def use(self) -> None:
        """Open the connections that workers must not use."""
        if "token" in self.settings.held:
            # The first to ask for the credential is the thread that holds it up.
            return
        if self.settings.injected is not None and self.settings.kind != "sync":
            # The connections of an injected client belong to one event loop, and each use here has a loop of its own.
            return
        create = self.client.store_credit.create
        self.run(lambda: create(customer="before", amount=1, currency="USD"))
        if self.settings.limited:
            limited = self.client.with_options(max_retries=0).store_credit.create
            with suppress(store_credit.RateLimitError):
                self.run(lambda: limited(customer="limited", amount=1, currency="USD"))

    def hold(self) -> None:
        """Have threads of the parent hold what the workers need."""
        client = self.client
        jobs: list[Callable[[], Any]] = []
        if "places" in self.settings.held:
            jobs += [lambda: client.store_credit.retrieve("hang")] * client._settings.max_connections
        if "token" in self.settings.held:
            jobs.append(lambda: client.store_credit.retrieve("any"))
        if "locks" in self.settings.held:
            gates = list(client._settings.gates._gates.values())
            owners = [client._transport._lock, client._settings.credential.lock, *(gate._lock for gate in gates)]
            jobs += [lambda lock=lock: self.keep(lock) for lock in owners]
        for job in jobs:
            thread = threading.Thread(target=job, daemon=True)
            self.threads.append(thread)
            thread.start()
        for _ in jobs:
            assert self.entered.acquire(timeout=SECONDS), "a thread did not get what it should hold"

    def keep(self, lock: Any) -> None:
        """Hold a lock until the workers have ended."""
        with lock:
            self.entered.release()
            self.released.wait(SECONDS)

    def forked(self, who: str) -> int:
        """Fork one worker, and return where its results can be read."""
        reading, writing = os.pipe()
        if os.fork():
            os.close(writing)
            return reading
        status = 1
        try:
            os.close(reading)
            # It ends by this signal where it waits for something that it will never get.
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.alarm(SECONDS)
            if self.settings.start == "nested":
                # A worker that has used the client is a parent as well.
                found = self.create(who)
                found += json.loads(collect(self.forked_once(f"{who}-grandchild")))
                found += self.create(f"{who}-again")
            else:
                found = self.create(who)
            with os.fdopen(writing, "w") as pipe:
                pipe.write(json.dumps(found))
            status = 0
        finally:
            os._exit(status)

    def forked_once(self, who: str) -> int:
        """Fork a worker that forks no other."""
        single = Program.__new__(Program)
        single.__dict__.update(self.__dict__)
        single.settings = Settings(**{**self.settings.__dict__, "start": "fork"})
        return single.forked(who)

    def all_rounds(self) -> dict[str, Any]:
        """Do everything, and return what came back."""
        self.use()
        self.hold()
        settings = self.settings
        workers: list[Any] = []
        parent: list[Any] = []
        for number in range(settings.rounds):
            names = [f"round{number}-worker{worker}" for worker in range(settings.workers)]
            if settings.start == "pool":
                with multiprocessing.get_context("fork").Pool(settings.workers) as pool:
                    waiting = pool.map_async(create_in_pool, names, chunksize=1)
                    parent += self.create(f"round{number}-parent")
                    workers += waiting.get(SECONDS)
                continue
            pipes = [self.forked(name) for name in names]
            if not settings.held and not settings.limited:
                # At the same time, over the connections it had before.
                parent += self.create(f"round{number}-parent")
            workers += [json.loads(collect(pipe) or "null") for pipe in pipes]
            for _ in names:
                os.wait()
        self.released.set()
        for thread in self.threads:
            thread.join(SECONDS)
        if settings.held:
            parent += self.create("parent-afterwards")
        return {"workers": workers, "parent": parent}

    async def forked_in_a_loop(self) -> dict[str, Any]:
        """Fork in a coroutine, while tasks of its loop use every connection; the worker runs a loop of its own."""
        retrieve = self.client.store_credit.retrieve
        most = self.client._settings.max_connections
        hanging = [asyncio.create_task(retrieve("hang")) for _ in range(most)]
        while self.entered._value < most:  # noqa: ASYNC110 - a hook counts it, which is not a task
            await asyncio.sleep(0.01)
        pipes = [self.forked(f"worker{worker}") for worker in range(self.settings.workers)]
        workers = [json.loads(await asyncio.to_thread(collect, pipe) or "null") for pipe in pipes]
        await asyncio.gather(*hanging)
        return {"workers": workers, "parent": []}


def collect(pipe: int) -> str:
    """Read a worker's results to their end."""
    with os.fdopen(pipe) as reading:
        return reading.read()


def create_in_pool(who: str) -> list[list[str]]:
    """Make the creates of one worker, with the client that the parent has made."""
    return _programs[0].create(who)


_programs: list[Program] = []


def main() -> None:
    """Run with the settings of the command line."""
    signal.alarm(3 * SECONDS)
    program = Program(Settings(**json.loads(sys.argv[1])))
    _programs.append(program)
    if program.settings.kind == "asyncio" and program.settings.held:
        result = asyncio.run(program.forked_in_a_loop())
    else:
        result = program.all_rounds()
    print(json.dumps(result))


if __name__ == "__main__":
    main()
