"""`max_response_bytes`: a response that is too large costs no more than that, whatever it claims to be."""

import gzip
import json
import subprocess
import sys
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from callers import KINDS, outcomes
from loopback import Connection, LoopbackServer, Received, echo
from sample_calls import CREATE
from store_credit import InvalidResponseError, OutcomeUnknownError

Loopback = Callable[..., LoopbackServer]

PROGRAM = Path(__file__).parent / "support" / "memory_of_a_call.py"
MIB = 1024 * 1024

QUIET = pytest.mark.filterwarnings(
    # trio warns of the HTTP library's generators where a response is not read to its end.
    "ignore:Async generator:ResourceWarning"
)


@cache
def packed(coding: str, size: int) -> bytes:
    """So many zeros, compressed: a thousandth of it, or with two codings hardly anything.

    The trailer of gzip and of zlib is left out: a reader gets there only after the limit.
    """
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    # After a full flush nothing refers back, so that the piece may be repeated.
    mebibyte = squeeze.compress(bytes(MIB)) + squeeze.flush(zlib.Z_FULL_FLUSH)
    start = b"\x78\x9c" if coding == "deflate" else b"\x1f\x8b\x08" + bytes(6) + b"\xff"
    content = start + mebibyte * (size // MIB)
    return gzip.compress(content) if "," in coding else content


def bomb(coding: str, size: int) -> Callable[[Connection, Received], None]:
    """Respond to a retrieve of `small` as usual, and to everything else with far too much."""

    def handle(connection: Connection, request: Received) -> None:
        if request.target.endswith("/small"):
            echo(connection, request)
        else:
            status = 201 if request.method == "POST" else 200
            connection.respond(packed(coding, size), status, {"Content-Encoding": coding})

    return handle


@pytest.mark.skipif(sys.platform != "linux", reason="the memory of a process is read as Linux tells it")
@pytest.mark.parametrize(("kind", "coding"), [("sync", "gzip, gzip"), ("sync", "deflate"), ("asyncio", "gzip")])
def test_a_compressed_bomb_costs_less_than_a_hundred_megabytes(loopback: Loopback, kind: str, coding: str) -> None:
    """With the limit as it is by default, 64 MiB. The bomb of one coding has 0.8 MB and stands for 800."""
    size = 800 * MIB
    server = loopback(bomb(coding, size))
    assert len(packed(coding, size)) < MIB

    command = [sys.executable, str(PROGRAM), server.url, kind]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
    name, text, growth = json.loads(done.stdout)

    assert name == "OutcomeUnknownError"
    assert f"larger than max_response_bytes ({64 * MIB} bytes)" in text
    # As much as the limit allows was read, or else this would show nothing.
    assert 60 < growth < 100


def endless_chunks(connection: Connection, request: Received) -> None:
    status = b"201 Created" if request.method == "POST" else b"200 OK"
    connection.send(b"HTTP/1.1 " + status + b"\r\nTransfer-Encoding: chunked\r\n\r\n")
    for _ in range(4096):
        connection.send(b"10000\r\n" + bytes(65536) + b"\r\n")


def ten_gigabytes(connection: Connection, request: Received) -> None:
    status = b"201 Created" if request.method == "POST" else b"200 OK"
    connection.send(b"HTTP/1.1 " + status + b"\r\nContent-Length: 10000000000\r\n\r\n")
    for _ in range(4096):
        connection.send(bytes(65536))


def endless_head(connection: Connection, request: Received) -> None:
    connection.send(b"HTTP/1.1 201 Created\r\n")
    for number in range(4096):
        connection.send(b"X-Header-%d: " % number + b"x" * 65536 + b"\r\n")


@QUIET
@pytest.mark.parametrize(
    ("kind", "handle"),
    [
        ("sync", endless_chunks),
        ("sync", ten_gigabytes),
        ("injected", bomb("gzip", 20 * MIB)),
        ("asyncio", endless_chunks),
        ("trio", ten_gigabytes),
        ("trio", bomb("gzip", 20 * MIB)),
    ],
)
def test_a_body_is_read_no_further_than_the_limit(
    loopback: Loopback, kind: str, handle: Callable[[Connection, Received], None]
) -> None:
    """The connection is closed in the middle, and nothing is asked for again: it would be as large."""
    server = loopback(handle)

    read, created, _ = outcomes(
        kind,
        server.url,
        lambda client: client.store_credit.retrieve("sc_1"),
        lambda client: client.store_credit.create(**CREATE),
        lambda client: server.wait_for(lambda: server.connections == 0),
        max_response_bytes=MIB,
        deadline=60,
    )

    assert type(read) is InvalidResponseError
    assert "larger than max_response_bytes (1048576 bytes)" in str(read)
    assert type(created) is OutcomeUnknownError
    assert "larger than max_response_bytes (1048576 bytes)" in str(created)
    assert (read.attempts, created.attempts) == (1, 1)
    assert [request.method for request in server.requests] == ["GET", "POST"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_head_without_end_is_no_response(loopback: Loopback, kind: str) -> None:
    """The HTTP library gives up on it."""
    server = loopback(endless_head)

    (created,) = outcomes(kind, server.url, lambda client: client.store_credit.create(**CREATE), max_retries=0)

    assert type(created) is OutcomeUnknownError
    assert len(server.requests) == 1


@QUIET
@pytest.mark.parametrize("kind", KINDS)
def test_a_body_of_just_the_limit_is_read(loopback: Loopback, kind: str) -> None:
    """One byte more is too much; what counts is what it unpacks to."""
    server = loopback(lambda connection, request: connection.respond(gzip.compress(b" " * 1000 + b"{}"), 200, GZIP))

    fits, _ = outcomes(
        kind,
        server.url,
        lambda client: client.request("GET", "/v1/anything"),
        lambda client: None,
        max_response_bytes=1002,
    )
    (too_large,) = outcomes(
        kind, server.url, lambda client: client.request("GET", "/v1/anything"), max_response_bytes=1001
    )

    assert fits.json() == {}
    assert "max_response_bytes" in str(too_large)


GZIP = {"Content-Encoding": "gzip"}
