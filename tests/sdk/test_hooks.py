"""Event hooks: what they are told, that what begins also ends, and that they cost no call its result."""

import logging
from collections.abc import Callable
from typing import Any

import anyio
import pytest

from http_library import httpx
from sample_calls import CREATE
from store_credit import (
    AttemptFailed,
    CallEnded,
    ConfigurationError,
    OutcomeUnknownError,
    RequestSent,
    ResponseReceived,
    RetryScheduled,
    StoreCreditError,
    Timeout,
)
from together import together

UPDATE = ("vinr.store_credit.update", "POST", "/v1/store-credit/{id}")


def kinds(events: list[Any]) -> list[str]:
    """The names of events."""
    return [type(event).__name__ for event in events]


def check_pairs(events: list[Any]) -> None:
    """What every sequence of events of whole calls has: a gauge of requests in flight comes down to nothing.

    Each RequestSent is followed by a ResponseReceived or an AttemptFailed of its attempt before the next one is sent,
    no attempt fails that was not sent, and the call ends once, last.
    """
    under_way: int | None = None
    received: int | None = None
    for event in events:
        match event:
            case RequestSent(attempt=attempt):
                assert under_way is None
                under_way, received = attempt, None
            case ResponseReceived(attempt=attempt):
                assert under_way == attempt
                under_way, received = None, attempt
            case AttemptFailed(attempt=attempt):
                assert attempt in (under_way, received)
                under_way = received = None
            case _:
                assert under_way is None
    assert kinds(events).count("CallEnded") == 1
    assert type(events[-1]) is CallEnded
    assert events[-1].attempts == kinds(events).count("RequestSent")


def test_hooks_are_told_of_every_attempt_response_failure_and_retry(
    serve: Callable[..., Any], credit: Any, waits: list[float]
) -> None:
    """In their order, with the route as it stands in the document."""
    events: list[Any] = []
    refused = httpx.ConnectError("refused")
    server = serve(refused, (503, b"", {"Retry-After": "2"}), credit)
    server.vinr(event_hooks=[events.append]).store_credit.update("sc_1", expires_at=None, idempotency_key="k")

    assert [type(one) for one in events] == [
        *(RequestSent, AttemptFailed, RetryScheduled),
        *(RequestSent, ResponseReceived, RetryScheduled),
        *(RequestSent, ResponseReceived),
        CallEnded,
    ]
    check_pairs(events)
    assert {(one.operation, one.method, one.route) for one in events} == {UPDATE}
    assert events[0] == RequestSent(*UPDATE, "/v1/store-credit/sc_1", 1, "k")
    assert events[1].error.__class__ is httpx.ConnectError
    assert events[2] == RetryScheduled(*UPDATE, 1, "ConnectError", waits[0])
    assert events[4].response.status_code == 503
    assert events[5] == RetryScheduled(*UPDATE, 2, "503", 2.0)
    assert [one.attempt for one in events[:-1]] == [1, 1, 1, 2, 2, 2, 3, 3]
    end = events[-1]
    assert (end.outcome, end.attempts, end.error) == ("success", 3, None)
    assert end.elapsed >= 2.0 > events[7].elapsed >= 0


def test_every_hook_is_told(serve: Callable[..., Any], credit: Any) -> None:
    """In the order they are given; a copy may have others."""
    told: list[str] = []
    client = serve(credit).vinr(event_hooks=[lambda event: told.append("a"), lambda event: told.append("b")])
    client.store_credit.retrieve("sc_1")
    assert told == ["a", "b"] * 3

    client.with_options(event_hooks=[lambda event: told.append("c")]).store_credit.retrieve("sc_1")
    assert told[6:] == ["c"] * 3


OUTCOMES: dict[str, tuple[Any, str]] = {
    "done": (None, "success"),
    "refused": ((422, {"error": {"code": "amount_too_large"}}), "refused"),
    "unauthorized": (401, "refused"),
    "rate limit": ((429, b"", {"Retry-After": "900"}), "refused"),
    "server error": (503, "unknown"),
    "redirect": (303, "unknown"),
    "no connection": (httpx.ConnectError("refused"), "failed"),
    "proxy": (httpx.ProxyError("refused"), "failed"),
    "timeout": (httpx.ReadTimeout("slow"), "unknown"),
    "reset": (ConnectionResetError("reset"), "unknown"),
    "own transport": (TypeError("own"), "unknown"),
    "not sendable": (httpx.UnsupportedProtocol("no"), "failed"),
    "html": ((201, b"<html>"), "unknown"),
    "another status": ((202, {"id": "job_1"}), "unknown"),
    "somebody else's": ((201, b'{"id":"sc_9","customer":"cust_2","amount":1,"currency":"USD"}'), "unknown"),
    "bad gzip": (lambda request: httpx.Response(201, stream=httpx.ByteStream(b"no"), headers=GZIP), "unknown"),
}
GZIP = {"Content-Encoding": "gzip"}


@pytest.mark.parametrize("outcome", OUTCOMES)
@together("retries", [0, 2])
def test_what_begins_ends_whatever_happens(
    serve: Callable[..., Any], credit: Any, caplog: pytest.LogCaptureFixture, outcome: str, retries: int
) -> None:
    """A RequestSent has its end, and a call its CallEnded with its outcome; an unknown one is a WARNING in the log."""
    caplog.clear()
    given, expected = OUTCOMES[outcome]
    events: list[Any] = []
    server = serve(credit if given is None else given)
    client = server.vinr(event_hooks=[events.append], max_retries=retries)
    error: StoreCreditError | None = None
    try:
        client.store_credit.create(**CREATE)
    except StoreCreditError as raised:
        error = raised

    check_pairs(events)
    assert (events[-1].outcome, events[-1].error) == (expected, error)
    assert (error is None) is (expected == "success")
    assert isinstance(error, OutcomeUnknownError) is (expected == "unknown")
    warnings = [one.getMessage() for one in caplog.records if one.levelno == logging.WARNING]
    assert len(warnings) == (expected == "unknown")
    if warnings:
        assert "outcome unknown" in warnings[0]
        assert len(caplog.records) == 1


@pytest.mark.anyio
@together("outcome", [name for name in OUTCOMES if name != "bad gzip"])
async def test_what_begins_ends_whatever_happens_async(serve: Callable[..., Any], credit: Any, outcome: str) -> None:
    """With hooks of both kinds: an async one is awaited before the call goes on."""
    given, expected = OUTCOMES[outcome]
    events: list[Any] = []
    later: list[Any] = []

    async def hook(event: Any) -> None:
        await anyio.lowlevel.checkpoint()
        later.append(event)
        assert later == events

    async with serve(credit if given is None else given).async_vinr(event_hooks=[events.append, hook]) as client:
        try:
            await client.store_credit.create(**CREATE)
        except StoreCreditError as raised:
            assert events[-1].error is raised  # noqa: PT017 - some end without one

    check_pairs(events)
    assert later == events
    assert events[-1].outcome == expected


# Ends that are not the flow's


def test_a_closed_client_ends_its_call_as_failed(serve: Callable[..., Any]) -> None:
    """Nothing was answered; the call was not cut off from outside, and nothing about it is unknown."""
    events: list[Any] = []
    client = serve(200).vinr(event_hooks=[events.append])
    client.close()
    with pytest.raises(ConfigurationError, match="closed") as raised:
        client.store_credit.create(**CREATE)

    check_pairs(events)
    assert (events[-1].outcome, events[-1].error) == ("failed", raised.value)
    assert not getattr(raised.value, "__notes__", [])


@pytest.mark.parametrize(("error", "outcome"), [(KeyError("vault"), "interrupted"), (None, "failed")])
def test_a_token_function_that_fails_ends_the_call(
    serve: Callable[..., Any], caplog: pytest.LogCaptureFixture, error: Exception | None, outcome: str
) -> None:
    """By raising, or by giving something that is not a token. No request was sent, so nothing is unknown."""

    def token() -> Any:
        if error is not None:
            raise error

    events: list[Any] = []
    with pytest.raises((KeyError, ConfigurationError)):
        serve(200).spree(token=token, event_hooks=[events.append]).store_credit_types.create(name="x", priority=1)

    assert kinds(events) == ["CallEnded"]
    assert (events[0].outcome, events[0].attempts) == (outcome, 0)
    assert caplog.records == []


def test_a_token_function_that_fails_after_a_401_leaves_nothing_unknown(serve: Callable[..., Any]) -> None:
    """A create that was refused with 401 was not executed."""
    tokens = iter(["first"])
    events: list[Any] = []
    client = serve(401).spree(token=lambda: next(tokens), event_hooks=[events.append])
    with pytest.raises(RuntimeError, match="StopIteration") as raised:
        client.store_credit_types.create(name="x", priority=1)

    assert not getattr(raised.value, "__notes__", [])
    check_pairs(events)


@pytest.mark.parametrize("interrupt", [KeyboardInterrupt, SystemExit])
def test_an_interrupted_attempt_has_failed(
    serve: Callable[..., Any], caplog: pytest.LogCaptureFixture, interrupt: type[BaseException]
) -> None:
    """Hooks hear of both ends, the log warns of a create, and the exception has a note with the key."""

    def stop(request: Any) -> Any:
        raise interrupt

    events: list[Any] = []
    client = serve(stop).vinr(event_hooks=[events.append])
    with pytest.raises(interrupt) as raised:
        client.store_credit.create(**CREATE, idempotency_key="mine")

    check_pairs(events)
    assert kinds(events) == ["RequestSent", "AttemptFailed", "CallEnded"]
    assert (events[1].error, events[2].error) == (raised.value, raised.value)
    assert events[2].outcome == "interrupted"
    assert "idempotency_key='mine'" in raised.value.__notes__[0]
    assert "outcome unknown" in caplog.text


def test_a_call_interrupted_while_it_waits_after_a_lost_response_is_unknown(
    serve: Callable[..., Any], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first attempt may have been executed; after one that was not sent nothing is unknown."""

    def wake(seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("time.sleep", wake)
    for lost, notes in ((503, 1), (httpx.ConnectError("refused"), 0), ((429, b"", {"Retry-After": "1"}), 0)):
        events: list[Any] = []
        caplog.clear()
        with pytest.raises(KeyboardInterrupt) as raised:
            serve(lost).vinr(event_hooks=[events.append]).store_credit.create(**CREATE)

        assert len(getattr(raised.value, "__notes__", [])) == notes
        assert ("outcome unknown" in caplog.text) is bool(notes)
        check_pairs(events)


@pytest.mark.anyio
@pytest.mark.parametrize("kind", ["sync", "async"])
async def test_a_cancelled_call_has_ended(
    serve: Callable[..., Any], caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    """Async hooks have a moment to hear of it, although the task they run in is being cancelled."""
    events: list[Any] = []

    async def hang(request: Any) -> Any:
        await anyio.sleep_forever()

    async def hook(event: Any) -> None:
        await anyio.lowlevel.checkpoint()
        events.append(event)

    http_client = httpx.AsyncClient(transport=httpx.MockTransport(hang))
    client = serve(200).async_vinr(http_client=http_client, event_hooks=[hook if kind == "async" else events.append])
    async with http_client:
        with anyio.move_on_after(0.05) as scope:
            await client.store_credit.create(**CREATE)

    assert scope.cancelled_caught
    check_pairs(events)
    assert kinds(events) == ["RequestSent", "AttemptFailed", "CallEnded"]
    assert events[2].outcome == "interrupted"
    assert "outcome unknown" in caplog.text


def test_a_call_that_waited_in_vain_for_a_connection_has_sent_nothing(serve: Callable[..., Any], credit: Any) -> None:
    """So no attempt of it failed: a gauge would go below zero."""
    inner: list[Any] = []
    events: list[Any] = []

    def nested(request: Any) -> httpx.Response:
        if not inner:
            inner.append(request)
            with pytest.raises(StoreCreditError, match="all 1 connections") as raised:
                client.with_options(event_hooks=[events.append]).store_credit.create(**CREATE)
            inner.append(raised.value)
        return httpx.Response(200, json={**credit, "id": "sc_1"})

    client = serve(nested).vinr(max_connections=1, timeout=Timeout(pool=0.01))
    client.store_credit.retrieve("sc_1")

    assert kinds(events) == ["CallEnded"]
    assert events[0][3:5] == ("failed", 0)
    assert inner[1].attempts == 0


# Hooks that fail


def test_an_error_in_a_hook_costs_no_credit(
    serve: Callable[..., Any], credit: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """It is logged with its traceback, and the record that was just made is not lost with it."""

    def hook(event: Any) -> None:
        raise RuntimeError("of the hook")

    made = serve((201, credit)).vinr(event_hooks=[hook]).store_credit.create(**CREATE)

    assert made.id == credit["id"]
    assert [record.levelname for record in caplog.records] == ["ERROR"] * 3
    assert "RuntimeError: of the hook" in caplog.text


@pytest.mark.anyio
async def test_an_error_in_an_async_hook_costs_no_credit(
    serve: Callable[..., Any], credit: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """The same, awaited."""

    async def hook(event: Any) -> None:
        raise RuntimeError("of the hook")

    async with serve((201, credit)).async_vinr(event_hooks=[hook]) as client:
        made = await client.store_credit.create(**CREATE)

    assert made.id == credit["id"]
    assert [record.levelname for record in caplog.records] == ["ERROR"] * 3


def test_an_async_hook_on_a_sync_client_is_refused(serve: Callable[..., Any]) -> None:
    """When it is given; one that hides behind a lambda before anything is sent, and without losing a connection."""

    async def hook(event: Any) -> None:
        """Never awaited."""

    class Callable_:  # noqa: N801 - a callable object
        async def __call__(self, event: Any) -> None:
            """Never awaited."""

    server = serve(200)
    for one in (hook, Callable_()):
        with pytest.raises(ConfigurationError, match="async"):
            server.vinr(event_hooks=[one])
        with pytest.raises(ConfigurationError, match="async"):
            server.vinr().with_options(event_hooks=[one])

    def hidden(event: Any) -> Any:
        return hook(event) if isinstance(event, RequestSent) else None

    client = server.vinr(event_hooks=[hidden], max_connections=1, timeout=Timeout(pool=0.01))
    for _ in range(3):
        with pytest.raises(ConfigurationError, match="an event hook is async"):
            client.store_credit.create(**CREATE)
    assert server.requests == []
