"""A client that was made, and used, before its process was forked."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from loopback import Connection, LoopbackServer, Received, echo

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")

PROGRAM = Path(__file__).parent / "support" / "forked_workers.py"
WORKERS, CREATES = 4, 20

Loopback = Callable[..., LoopbackServer]


def fork(server: LoopbackServer, **settings: Any) -> dict[str, Any]:
    """Run the program that forks workers, against this server, and return what came back to each process."""
    wanted = {"url": server.url, "workers": WORKERS, "creates": CREATES, **settings}
    # Forking with threads is what is tried here; newer Pythons warn of it.
    command = [sys.executable, "-W", "ignore::DeprecationWarning", str(PROGRAM), json.dumps(wanted)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
    # A worker may not even warn: what it says goes into the log of the server it belongs to.
    assert done.stderr == ""
    return json.loads(done.stdout)


def created(server: LoopbackServer) -> Counter[str]:
    """How often each customer's create arrived, without those from before the fork."""
    sent = Counter(request.json()["customer"] for request in server.requests if request.method == "POST")
    del sent["before"]
    del sent["limited"]
    return sent


def check(server: LoopbackServer, found: dict[str, Any], processes: int) -> None:
    """See that every create gave its own record, and that every one arrived once."""
    results = [one for worker in [*found["workers"], found["parent"]] for one in worker]

    assert [one for one in results if one != [one[0], one[0], f"sc_{one[0]}"]] == []
    assert created(server) == Counter(one[0] for one in results)
    assert len(results) == processes * CREATES


@pytest.mark.parametrize(
    ("kind", "scheme"), [("sync", "http"), ("sync", "https"), ("asyncio", "https"), ("trio", "http")]
)
def test_no_worker_gets_the_record_of_another(loopback: Loopback, kind: str, scheme: str) -> None:
    """Nor does the parent, which goes on with its own connections at the same time. Twice over."""
    server = loopback(scheme=scheme)

    found = fork(server, kind=kind, rounds=2)

    check(server, found, 2 * (WORKERS + 1))


def test_a_pool_of_multiprocessing(loopback: Loopback) -> None:
    """Its workers are forked as well, where that is the way of the system, and find the client as a global."""
    server = loopback()

    found = fork(server, start="pool")

    check(server, found, WORKERS + 1)


def test_a_worker_may_fork_in_its_turn(loopback: Loopback) -> None:
    """It is told as often as there are forks."""
    server = loopback(scheme="https")

    found = fork(server, start="nested")

    check(server, found, 3 * WORKERS + 1)


def hanging(connection: Connection, request: Received) -> None:
    """Respond to creates at once, and to the rest only after the workers' last create."""
    if request.target.endswith("/hang"):
        connection.server.wait_for(lambda: created(connection.server).total() >= WORKERS * CREATES)
    echo(connection, request)


@pytest.mark.parametrize("held", [["places"], ["token"], ["locks"]], ids=" ".join)
def test_what_a_thread_of_the_parent_holds_is_free_in_the_worker(loopback: Loopback, held: list[str]) -> None:
    """There is no thread in the worker that would give it back."""
    server = loopback(hanging)

    found = fork(server, held=held)

    check(server, found, WORKERS + 1)


def test_a_fork_in_a_coroutine(loopback: Loopback) -> None:
    """While tasks of the parent's loop have every connection."""
    server = loopback(hanging)

    found = fork(server, kind="asyncio", held=["places"])

    check(server, found, WORKERS)


def limiting(connection: Connection, request: Received) -> None:
    """Refuse one customer for longer than a worker lives."""
    if request.body and request.json()["customer"] == "limited":
        connection.respond({"error": {"code": "rate_limited", "message": "slow down"}}, 429, {"Retry-After": "100"})
    else:
        echo(connection, request)


@pytest.mark.parametrize("kind", ["sync", "asyncio"])
def test_the_parents_rate_limit_is_not_the_workers(loopback: Loopback, kind: str) -> None:
    """Its gate counts the parent's attempts; an alarm ends a worker that waits for what the parent was told."""
    server = loopback(limiting)

    found = fork(server, kind=kind, limited=True, creates=2, workers=2)

    workers = [one for worker in found["workers"] for one in worker]
    assert [one for one in workers if one[0] != one[1]] == []
    assert len(workers) == 4


@pytest.mark.parametrize(
    ("library", "kind", "make"),
    [("httpx", "sync", "default_http_client"), ("httpx2", "asyncio", "default_async_http_client")],
)
def test_an_injected_client_is_refused_in_a_worker(loopback: Loopback, kind: str, make: str, library: str) -> None:
    """It cannot be made anew here. Nothing is sent, the text says what to do, and the parent goes on with it."""
    pytest.importorskip(library)
    server = loopback()

    found = fork(server, kind=kind, injected=library)

    workers = [one for worker in found["workers"] for one in worker]
    assert len(workers) == WORKERS * CREATES
    assert {name for _, name, _ in workers} == {"ConfigurationError"}
    assert {f"with {make}(...)" in text for _, _, text in workers} == {True}
    assert created(server) == Counter(one[0] for one in found["parent"])
    assert [one for one in found["parent"] if one[0] != one[1]] == []
