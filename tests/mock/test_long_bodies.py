"""Bodies longer than most: snapshots and fixtures of any size that is reasonable, from those who may restore them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, MutableMapping
from typing import Any

import httpx
import pytest

from served_mock import CONTROL_TOKEN, Served, served
from store_credit_mock import Contract, Engine, Options
from store_credit_mock.systems.control_route import LARGEST_BODY

pytest.importorskip("uvicorn", reason="the extra `server` is not installed")

from store_credit_mock.server.app import MAXIMUM_BODY, App

TOKEN = {"Authorization": f"Bearer {CONTROL_TOKEN}"}
LONG = b'{"x":"' + b"x" * MAXIMUM_BODY + b'"}'


@pytest.fixture(scope="module")
def running() -> Iterator[Served]:
    with served() as mock:
        yield mock


def test_a_snapshot_that_was_taken_is_restored(running: Served) -> None:
    """One above 8 MiB could be taken and was refused with 413 when it came back."""
    snapshot = running.control.snapshot()
    customers = snapshot["rows"]["vinr_customer"]
    (place,) = {place for row in customers for place, value in enumerate(row) if "@" in str(value)}
    customers[0][place] = "x" * MAXIMUM_BODY + "@example.com"

    running.control.restore(snapshot)

    assert running.control.snapshot()["rows"]["vinr_customer"] == customers
    running.control.reset()


@pytest.mark.parametrize(
    ("path", "headers", "status", "words"),
    [
        ("/_mock/restore", TOKEN, 400, "is a required property"),
        ("/_mock/seed", TOKEN, 400, "'x'"),
        ("/_mock/restore", {}, 401, "requires a token"),
        ("/_mock/seed", {"Authorization": "Bearer wrong"}, 401, "requires a token"),
        ("/_mock/restore", {**TOKEN, "Origin": "https://evil.example"}, 403, "another origin"),
        ("/_mock/clock/freeze", TOKEN, 413, f"at most {MAXIMUM_BODY} bytes"),
        ("/_mock/nothing", TOKEN, 413, f"at most {MAXIMUM_BODY} bytes"),
        ("/v1/store-credit", TOKEN, 413, f"at most {MAXIMUM_BODY} bytes"),
    ],
)
def test_who_may_send_a_long_body(running: Served, path: str, headers: dict[str, str], status: int, words: str) -> None:
    """Who has the token, to the two routes that need it; others are refused before it is all there."""
    answered = httpx.post(running.url + path, content=LONG, headers=headers, trust_env=False)

    assert (answered.status_code, words in answered.text) == (status, True), answered.text


def test_a_long_body_has_a_limit_too(store_credit_mock_contract: Contract, monkeypatch: pytest.MonkeyPatch) -> None:
    """What one request can make the mock keep is bounded, whoever sends it; here by a little more than the usual."""
    monkeypatch.setattr("store_credit_mock.control.dispatcher.LARGEST_BODY", MAXIMUM_BODY + 1000)
    engine = Engine(store_credit_mock_contract, None, Options(control_token=CONTROL_TOKEN))
    sent, taken = ask(App(engine), "/_mock/restore", MAXIMUM_BODY + 2000)
    engine.close()

    assert sent["status"] == 413
    assert taken == MAXIMUM_BODY + 1001, "nothing is taken after the byte that is too many"
    assert LARGEST_BODY >= 128 * 1024 * 1024


def test_nothing_long_is_kept_for_a_stranger(store_credit_mock_contract: Contract) -> None:
    """Without the token a body is refused at the usual length, before the rest of it is there."""
    engine = Engine(store_credit_mock_contract, None, Options(control_token=CONTROL_TOKEN))
    sent, taken = ask(App(engine), "/_mock/restore", MAXIMUM_BODY + 2000, "wrong")
    engine.close()

    assert (sent["status"], taken) == (401, MAXIMUM_BODY + 1)


def ask(app: App, path: str, size: int, token: str = CONTROL_TOKEN) -> tuple[MutableMapping[str, Any], int]:
    """Send a body to an app: the start of its response, and how many bytes of the body it took."""
    taken = 0
    answered: list[MutableMapping[str, Any]] = []
    pieces = iter([MAXIMUM_BODY, *[1] * (size - MAXIMUM_BODY)])

    async def receive() -> MutableMapping[str, Any]:
        nonlocal taken
        piece = next(pieces)
        taken += piece
        return {"type": "http.request", "body": b"x" * piece, "more_body": taken < size}

    async def send(message: MutableMapping[str, Any]) -> None:
        answered.append(message)

    headers = [(b"host", b"127.0.0.1"), (b"authorization", b"Bearer " + token.encode())]
    scope: dict[str, Any] = {
        "type": "http", "method": "POST", "path": path, "query_string": b"", "headers": headers,
    }  # fmt: skip
    asyncio.run(app(scope, receive, send))
    return answered[0], taken
