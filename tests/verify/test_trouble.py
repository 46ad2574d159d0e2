"""Servers and arguments that are not what they should be: a clear word, the right code, no hang, no secret."""

from __future__ import annotations

import gzip
import re
import socket
import sys
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from http_library import httpx
from mutants import NO_FAULTS, SPREE_TOKEN, VINR_KEY, Mutant
from store_credit_mock import Engine, Request, Response
from store_credit_mock.verify.deadline_transport import DeadlineTransport, NoAnswerError

from .conftest import Serve, Verify, credentials

Talk = Callable[[socket.socket], None]
JSON = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


@pytest.fixture
def talking() -> Iterator[Callable[[Talk], str]]:
    """A server that does with each connection what it is told; returns its address."""
    listeners: list[socket.socket] = []

    def start(talk: Talk) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                threading.Thread(target=one, args=(connection,), daemon=True).start()

        def one(connection: socket.socket) -> None:
            with connection:
                try:
                    connection.recv(65536)
                    talk(connection)
                except OSError:
                    return

        threading.Thread(target=serve, daemon=True).start()
        return f"http://127.0.0.1:{listener.getsockname()[1]}"

    yield start
    for listener in listeners:
        listener.close()


def whole(head: bytes, body: bytes) -> Talk:
    return lambda connection: connection.sendall(head + b"Content-Length: %d\r\n\r\n" % len(body) + body)


def endless(connection: socket.socket) -> None:
    connection.sendall(JSON + b"\r\n")
    while True:
        connection.sendall(b"[" * 65536)


def dripping(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    for number in range(10_000):
        connection.sendall(b"X-%d: y\r\n" % number)
        time.sleep(0.05)


def silent(connection: socket.socket) -> None:
    connection.recv(1)


BOMB = gzip.compress(b" " * (64 * 1024 * 1024))
ODD: dict[str, tuple[Talk, str]] = {
    "a page": (whole(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n", b"<h1>Hi</h1>"), "not the API of VINR"),
    "a gateway's page": (whole(b"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\n", b"<h1>Bad</h1>"), "502"),
    "another API": (whole(JSON, b'{"hello": "world"}'), "this is not VINR"),
    "no JSON": (whole(JSON, b'{"data": ['), "this is not VINR"),
    "nothing there": (whole(b"HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\n", b"{}"), "404"),
    "elsewhere": (whole(b"HTTP/1.1 302 Found\r\nLocation: https://api.vinr.com/\r\n", b""), "are not followed"),
    "a closed door": (whole(b"HTTP/1.1 403 No\r\nContent-Type: application/json\r\n", b"{}"), "the credentials (403)"),
    "too fast": (whole(b"HTTP/1.1 429 Too Many\r\nRetry-After: 3600\r\n", b"{}"), "429"),
    "a closed connection": (lambda connection: None, "no response from"),
    "no HTTP": (lambda connection: connection.sendall(b"220 mail ready\r\n"), "no response from"),
    "half a body": (lambda connection: connection.sendall(JSON + b"Content-Length: 100\r\n\r\n{"), "no response from"),
    "silence": (silent, "no complete response within 0.3 s"),
    "headers that never end": (dripping, "no complete response within 0.3 s"),
    "a body that never ends": (endless, "no response from"),
    "a small body that is huge": (whole(JSON + b"Content-Encoding: gzip\r\n", BOMB), "more than 8388608 bytes"),
    "no gzip": (whole(JSON + b"Content-Encoding: gzip\r\n", b"{}"), "does not match its Content-Encoding"),
}  # fmt: skip


@pytest.mark.parametrize("kind", ODD)
def test_a_server_that_cannot_be_verified(kind: str, talking: Callable[[Talk], str], verify: Verify) -> None:
    """Exit code 2, with the reason, and never more memory than a few bodies may have."""
    talk, reason = ODD[kind]
    tracemalloc.start()

    code, said = verify(talking(talk), *credentials("vinr"), "--timeout", "0.3")

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert code == 2, said
    assert reason in said
    assert VINR_KEY not in said
    assert peak < 60 * 1024 * 1024


def test_nobody_there(verify: Verify) -> None:
    """A port on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    code, said = verify(f"http://127.0.0.1:{port}", *credentials("spree"))

    assert code == 2
    assert f"no response from http://127.0.0.1:{port}" in said


def test_no_tls(talking: Callable[[Talk], str], verify: Verify) -> None:
    """https where http is spoken."""
    address = talking(whole(JSON, b"{}")).replace("http:", "https:")

    code, said = verify(address, *credentials("vinr"))

    assert code == 2
    assert "no TLS connection" in said


class Failing:
    """An engine with which something happens, by the number of the request."""

    faults = NO_FAULTS

    def may_wait(self, *_: object) -> bool:
        """Nothing is planned."""
        return False

    def __init__(self, engine: Engine, happens: Callable[[int], None]) -> None:
        self.engine = engine
        self.number = 0
        self._happens = happens

    def handle(self, request: Request) -> Response:
        self.number += 1
        self._happens(self.number)
        return self.engine.handle(request)

    @property
    def control(self) -> Any:
        return self.engine.control

    def http_date(self) -> bytes:
        return self.engine.http_date()


def test_a_server_that_dies(engine: Engine, reach: Serve, verify: Verify) -> None:
    """What has no response is a finding, and after three of them nothing more is sent."""

    def reset(number: int) -> None:
        if number > 60:
            raise httpx.ReadError("connection reset")

    dying = Failing(engine, reset)

    code, said = verify(reach(dying), *credentials("vinr"))

    assert code == 1
    assert "no response: connection reset" in said
    assert "skipped  vinr: a list refuses what it does not take: the server has stopped responding" in said
    assert "the server no longer responds" in said
    assert dying.number == 63


def test_interrupted(engine: Engine, reach: Serve, verify: Verify) -> None:
    """Exit code 130, with what was made so far, and it is removed."""

    def press(number: int) -> None:
        if number == 12:
            raise KeyboardInterrupt

    code, said = verify(reach(Failing(engine, press)), *credentials("spree"))

    assert code == 130
    assert "interrupted" in said
    assert "made 4, removed 4" in said


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["http://127.0.0.1:9", "--system", "vinr"], "--key or set VINR_SECRET_KEY"),
        (["http://127.0.0.1:9", "--system", "spree"], "--token or set SPREE_TOKEN"),
        (["127.0.0.1:9", "--system", "vinr", "--key", VINR_KEY], "not a server address"),
        (["ftp://127.0.0.1", "--system", "vinr", "--key", VINR_KEY], "not a server address"),
        (["http://127.0.0.1:99999", "--system", "vinr", "--key", VINR_KEY], "the address is not valid"),
        (["http://me:pw@127.0.0.1", "--system", "vinr", "--key", VINR_KEY], "contains credentials"),
        (["http://127.0.0.1/?a=b", "--system", "vinr", "--key", VINR_KEY], "a query or a fragment"),
        (["http://127.0.0.1\r\nX: y", "--system", "vinr", "--key", VINR_KEY], "not valid in a URL"),
        (["http://127.0.0.1:9", "--system", "vinr", "--key", "sk_test_a\r\nX: y"], "not valid in a header"),
        (
            ["http://127.0.0.1:9", "--system", "vinr", "--key", VINR_KEY, "--customer", "a/../b"],
            "--customer is not a valid id",
        ),
        (
            ["http://127.0.0.1:9", "--system", "vinr", "--key", VINR_KEY, "--max-requests", "3"],
            "range 20<=x",
        ),
        (
            ["http://127.0.0.1:9", "--system", "vinr", "--key", VINR_KEY, "--timeout", "0"],
            "range 0<x<=600",
        ),
        (["http://127.0.0.1:9", "--system", "vinr", "--key", VINR_KEY, "--json", "/no/such/x"], "cannot write"),
        (["http://127.0.0.1:9", "--system", "vinr", "--key", VINR_KEY, "--ca", "/no/such/x"], "No such file"),
        (["http://127.0.0.1:9", "--system", "vinr", "--key", VINR_KEY, "--document", "/no/such/x"], "/no/such/x"),
        (["http://127.0.0.1:9", "--system", "other"], "the OpenAPI document has no operations for the system other"),
        (["https://shop.test", "--system", "vinr", "--key", VINR_KEY], "set --customer"),
        # Live, and said once or not at all
        (["http://127.0.0.1:9", "--system", "vinr", "--key", "sk_live_a"], "counts as live: the key is a live key"),
        (["http://127.0.0.1:9", "--system", "vinr", "--key", "SK_LIVE_a", "--live"], "counts as live"),
        (["http://127.0.0.1:9", "--system", "vinr", "--key", "rk_live_a", "--yes-issue-real-credit"], "counts as live"),
        (["https://api.vinr.com", "--system", "vinr", "--key", VINR_KEY], "VINR's live server"),
        (["https://api.vinr.test", "--system", "vinr", "--key", "other"], "does not begin like a test key"),
        (["https://shop.test", "--system", "spree", "--token", "t"], "shop.test is not this machine"),
        (["https://127.0.0.1.test", "--system", "spree", "--token", "t", "--live"], "is not this machine"),
    ],
)
def test_it_does_not_begin(arguments: list[str], reason: str, verify: Verify, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit code 2 ahead of the first request; the words never hold the credentials."""
    monkeypatch.setattr(socket, "socket", None)

    code, said = verify(*arguments)

    assert code == 2
    assert reason in said
    assert "sk_live_a" not in said
    assert VINR_KEY not in said


def test_live_when_said_twice(engine: Engine, reach: Serve, verify: Verify) -> None:
    """It goes on; here to the mock's refusal of live keys."""
    address = reach(engine)

    live = ["--system", "vinr", "--key", "sk_live_a", "--live", "--yes-issue-real-credit"]
    code, said = verify(address, *live)

    assert code == 2
    assert "rejected the credentials (401): check --key or VINR_SECRET_KEY" in said


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--system", "spree", "--token", "wrong"], "rejected the credentials (401): check --token or SPREE_TOKEN"),
        (["--system", "vinr", "--key", VINR_KEY, "--customer", "cust_none"], "no customer cust_none"),
        (["--system", "spree", "--token", SPREE_TOKEN, "--user", "999999"], "choose others with --user"),
        (["--system", "vinr", "--key", VINR_KEY, "--control-token", "wrong"], "the control plane rejected the token"),
    ],
)
def test_what_the_server_does_not_know(
    arguments: list[str], reason: str, engine: Engine, reach: Serve, verify: Verify
) -> None:
    """Exit code 2 with the option to change."""
    code, said = verify(reach(engine), *arguments)

    assert code == 2, said
    assert reason in said


def test_credentials_from_the_environment(
    engine: Engine, reach: Serve, verify: Verify, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of the system that is verified; a live key of the other one is nobody's business."""
    address = reach(engine)
    monkeypatch.setenv("SPREE_TOKEN", SPREE_TOKEN)
    monkeypatch.setenv("VINR_SECRET_KEY", "sk_live_a")

    code, said = verify(address, "--system", "spree", "--no-generated")

    assert code == 0, said


def test_the_missing_extra_is_named(verify: Verify, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit code 2, and what to install."""
    for name in [name for name in sys.modules if name.startswith("store_credit_mock.verify.fuzz")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delitem(sys.modules, "store_credit_mock.verify.runner", raising=False)
    monkeypatch.setitem(sys.modules, "schemathesis", None)

    code, said = verify("http://127.0.0.1:9", *credentials("vinr"))

    assert code == 2
    assert "pip install 'store-credit-mock[verify]' (schemathesis)" in said


def test_a_report_that_cannot_be_written(engine: Engine, reach: Serve, verify: Verify, tmp_path: Path) -> None:
    """It is known ahead of the run."""
    code, said = verify(reach(engine), *credentials("vinr"), "--junit", str(tmp_path))

    assert code == 2
    assert "cannot write" in said
    assert not list(engine.exchanges)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full disk to write to")
def test_each_report_that_was_not_written_is_named(
    engine: Engine, reach: Serve, verify: Verify, tmp_path: Path
) -> None:
    """A disk that is full at the end costs the one report, not those after it."""
    code, said = verify(
        reach(engine), *credentials("vinr"), "--no-generated", "--json=/dev/full", f"--junit={tmp_path / 'junit.xml'}"
    )

    assert code == 2
    assert "/dev/full: cannot be written: No space left" in said
    assert (tmp_path / "junit.xml").read_text().startswith("<?xml")


def test_authorities_that_cannot_be_read(verify: Verify, tmp_path: Path) -> None:
    """The file is named, whether it is missing or holds none."""
    empty = tmp_path / "empty.pem"
    empty.write_text("nothing")
    for path in (empty, tmp_path / "missing.pem"):
        code, said = verify("https://127.0.0.1:9", *credentials("vinr"), "--ca", str(path))

        assert code == 2
        assert f"no certificates can be read from {path}" in said


@pytest.mark.parametrize("system", ["vinr", "spree"])
@pytest.mark.parametrize("trouble", ["lost", "failed", "unreadable"])
def test_what_may_have_been_made_is_said(
    system: str, trouble: str, engine: Engine, reach: Serve, verify: Verify
) -> None:
    """A create whose response does not tell what it made leaves a record behind that nobody here knows of."""

    def change(engine: Engine, memory: dict[Any, Any]) -> Callable[[Request], Response]:
        def handle(request: Request) -> Response:
            response = engine.handle(request)
            memory["made"] = memory.get("made", 0) + (response.status == 201)
            if response.status != 201 or memory["made"] != 4:
                return response
            if trouble == "lost":
                raise httpx.ReadError("connection reset")
            if trouble == "failed":
                return Response(500, response.headers, b'{"error": "failed"}')
            return Response(201, response.headers, b"{")

        return handle

    code, said = verify(reach(Mutant(engine, change)), *credentials(system), "--no-generated")

    assert code == 1
    assert re.search(rf"left:\n(.*\n)*        perhaps 1 more of {system}\.store_credit", said), said


def test_nobody_there_made_nothing() -> None:
    """What was never sent is not among what may be left."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with closing(DeadlineTransport(0.5)) as transport, pytest.raises(NoAnswerError) as refused:
        transport.handle_request(httpx.Request("POST", f"http://127.0.0.1:{port}/v1/store-credit"))

    assert refused.value.unsent


def test_what_was_sent_may_have_been_made(talking: Callable[[Talk], str]) -> None:
    """A server that reads a request and says nothing more may have done what it was asked."""
    address = talking(lambda connection: None)
    with closing(DeadlineTransport(2)) as transport, pytest.raises(NoAnswerError) as refused:
        transport.handle_request(httpx.Request("POST", f"{address}/v1/store-credit", content=b"{}"))

    assert not refused.value.unsent
