"""A create that is cut off, by whatever: the caller hears that its outcome is unknown, and how to find out."""

from collections.abc import Callable
from typing import Any

import anyio
import pytest

from http_library import httpx
from sample_calls import SPREE_CREATE
from store_credit import (
    APIConnectionError,
    AsyncVinrClient,
    ConfigurationError,
    InvalidResponseError,
    NotFoundError,
    OutcomeUnknownError,
    SpreeClient,
    VinrClient,
)


def raising(error: BaseException) -> httpx.Client:
    """A client of httpx whose transport raises after it was given the request."""

    def handle(request: httpx.Request) -> httpx.Response:
        raise error

    return httpx.Client(transport=httpx.MockTransport(handle))


FOREIGN = [
    ValueError("x"),
    OSError("x"),
    RuntimeError("Event loop is closed"),
    KeyError("x"),
    httpx.TooManyRedirects("x"),
]


@pytest.mark.parametrize("error", FOREIGN, ids=lambda error: type(error).__name__)
def test_whatever_an_injected_transport_raises_a_create_is_unknown(error: Exception) -> None:
    """It may have arrived; what was raised is the cause."""
    spree = SpreeClient("http://spree.test", "t", http_client=raising(error))
    with pytest.raises(OutcomeUnknownError) as raised:
        spree.store_credits.create(**SPREE_CREATE)

    assert raised.value.__cause__ is error
    with pytest.raises(APIConnectionError):
        spree.store_credits.retrieve("7", max_retries=0)


def test_hooks_of_httpx_that_raise_lose_no_create(credit: Any) -> None:
    """`raise_for_status` in a response hook is in httpx's own documentation."""
    handle = httpx.MockTransport(lambda request: httpx.Response(503, request=request))
    own = httpx.Client(transport=handle, event_hooks={"response": [lambda answer: answer.raise_for_status()]})
    with pytest.raises(OutcomeUnknownError) as raised:
        VinrClient("sk_test_1", http_client=own).store_credit.create(customer="c", amount=1, currency="USD")

    assert raised.value.idempotency_key


def test_an_interrupted_create_without_a_key_says_to_look_first() -> None:
    """There is nothing to repeat it under."""
    with pytest.raises(KeyboardInterrupt) as raised:
        SpreeClient("http://spree.test", "t", http_client=raising(KeyboardInterrupt())).store_credits.create(
            **SPREE_CREATE
        )

    (note,) = raised.value.__notes__
    assert "check whether it took effect before you repeat it" in note


def test_an_interrupted_read_says_nothing() -> None:
    """Nothing can have been made."""
    with pytest.raises(KeyboardInterrupt) as raised:
        SpreeClient("http://spree.test", "t", http_client=raising(KeyboardInterrupt())).store_credits.retrieve("7")

    assert not hasattr(raised.value, "__notes__")


def test_a_create_interrupted_before_it_was_sent_says_nothing(serve: Callable[..., Any]) -> None:
    """The token function was still running."""

    def token() -> str:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as raised:
        serve(200).spree(token=token).store_credits.create(**SPREE_CREATE)

    assert not hasattr(raised.value, "__notes__")


@pytest.mark.anyio
async def test_a_cancelled_create_says_so_in_a_note() -> None:
    """On asyncio and on trio; the cancellation itself goes on."""
    notes: list[str] = []
    arrived = anyio.Event()

    async def handle(request: httpx.Request) -> httpx.Response:
        arrived.set()
        await anyio.Event().wait()
        raise AssertionError("it is cancelled before")

    async def create(client: AsyncVinrClient) -> None:
        try:
            await client.store_credit.create(customer="c", amount=1, currency="USD", idempotency_key="mine")
        except BaseException as error:
            notes.extend(error.__notes__)
            raise

    async with httpx.AsyncClient(transport=httpx.MockTransport(handle)) as own, anyio.create_task_group() as tasks:
        tasks.start_soon(create, AsyncVinrClient("sk_test_1", http_client=own))
        await arrived.wait()
        tasks.cancel_scope.cancel()

    assert len(notes) == 1
    assert "vinr.store_credit.create was interrupted" in notes[0]
    assert "idempotency_key='mine'" in notes[0]


@pytest.mark.parametrize(
    "body", [b"<html>Please log in</html>", b"{}", b'{"data": {"id": "7"}}'], ids=["html", "json", "record"]
)
def test_a_delete_that_is_answered_with_a_body_is_not_believed(serve: Callable[..., Any], body: bytes) -> None:
    """A sign-in page answers 200 to everything."""
    with pytest.raises(InvalidResponseError):
        serve((200, body)).spree().store_credits.delete("7")


def test_a_page_in_place_of_a_404_deletes_nothing(serve: Callable[..., Any]) -> None:
    """It comes from something in between, which knows nothing of the record."""
    page = (404, b"<html>no route</html>", {"Content-Type": "text/html"})
    with pytest.raises(NotFoundError):
        serve(503, page).spree().store_credits.delete("7")


@pytest.mark.anyio
async def test_a_client_that_was_closed_says_so(serve: Callable[..., Any], credit: Any) -> None:
    """It opens no connections that nobody would close."""
    server = serve(credit)
    sync, other = server.vinr(), server.async_vinr()
    sync.close()
    await other.close()
    with pytest.raises(ConfigurationError, match="closed"):
        sync.store_credit.retrieve("sc_1")
    with pytest.raises(ConfigurationError, match="closed"):
        await other.store_credit.retrieve("sc_1")

    assert server.requests == []
