"""Calls on one cart or order go one after another within a client, on threads, tasks, event loops, and after a fork."""

import asyncio
import gc
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from traceback import TracebackException
from typing import Any

import anyio
import anyio.lowlevel
import anyio.to_thread
import pytest

from counting_shop import Shop
from store_credit import (
    UNSET,
    APITimeoutError,
    ConfigurationError,
    NotFoundError,
    OutcomeUnknownError,
)
from store_credit._core.turns import Turns
from store_credit.api.spree_orders import _use_store_credit

SOON, LATE = 0.01, 60.0
CART, OTHER, SHOPPER = "S3CRETCART", "S3CRETOTHER", "S3CRETSHOPPER"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> threading.Semaphore:
    """Released each time that a call has asked for its turn, whether it has it or waits."""
    asked, enter = threading.Semaphore(0), Turns.enter

    def tell(self: Turns, turn: Any) -> bool:
        first = enter(self, turn)
        asked.release()
        return first

    monkeypatch.setattr(Turns, "enter", tell)
    return asked


def await_all(asked: threading.Semaphore, calls: int) -> None:
    """Wait until so many calls have asked for their turn."""
    for _ in range(calls):
        assert asked.acquire(timeout=LATE), "a call was not made to wait for its turn"


def left(client: Any) -> int:
    """How many names have a queue."""
    return len(client._settings.turns)


# One after another


def test_calls_on_one_cart_do_not_overlap(asked: threading.Semaphore) -> None:
    """Whichever method and copy of the client makes them; the first holds until all others have asked."""
    shop = Shop(lambda number: await_all(asked, 12) if number == 1 else None)
    client = shop.client()
    copies = [client, client.with_options(max_retries=0), client.with_options(base_url="http://shop.test")]
    start = threading.Barrier(12)

    def work(number: int) -> None:
        checkout = copies[number % 3].checkout
        start.wait(LATE)
        call = checkout.add_store_credit if number % 2 else checkout.remove_store_credit
        call(order_token=CART, customer_token=SHOPPER if number % 4 else None)

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(work, range(12)))

    assert (len(shop.seen), shop.most) == (12, 1)
    assert left(client) == 0


def test_calls_on_one_order_do_not_overlap(asked: threading.Semaphore) -> None:
    """Its number names it; neither a token of the call nor an argument makes it another."""
    shop = Shop(lambda number: await_all(asked, 4) if number == 1 else None)
    client = shop.client()
    with ThreadPoolExecutor(4) as pool:
        calls = [pool.submit(client.orders.use_store_credit, "R1", amount=one, token=f"t{one}") for one in range(4)]
        for call in calls:
            call.result(LATE)

    assert (len(shop.seen), shop.most, left(client)) == (4, 1, 0)


@pytest.mark.anyio
async def test_tasks_on_one_cart_do_not_overlap() -> None:
    """They go in the order in which they came."""
    shop = Shop()
    client = shop.async_client()
    done: list[int] = []

    async def work(number: int) -> None:
        call = client.checkout.add_store_credit if number % 2 else client.checkout.remove_store_credit
        await call(order_token=CART)
        done.append(number)

    async with anyio.create_task_group() as tasks:
        for number in range(12):
            tasks.start_soon(work, number)
            await anyio.lowlevel.checkpoint()

    assert (len(shop.seen), shop.most, left(client)) == (12, 1, 0)
    assert done == sorted(done)


def test_event_loops_of_one_client_wait_for_one_another(asked: threading.Semaphore) -> None:
    """A turn goes from a task of one loop to one of another, which runs in another thread."""
    shop = Shop()
    client = shop.async_client()
    all_asked = threading.Event()

    async def hold(number: int) -> None:
        if number == 1:
            await asyncio.to_thread(all_asked.wait, LATE)

    shop.hold = hold

    async def several() -> None:
        await asyncio.gather(*(client.checkout.add_store_credit(order_token=CART) for _ in range(3)))

    with ThreadPoolExecutor(3) as pool:
        loops = [pool.submit(asyncio.run, several()) for _ in range(3)]
        await_all(asked, 9)
        all_asked.set()
        for loop in loops:
            loop.result(LATE)

    assert (len(shop.seen), shop.most, left(client)) == (9, 1, 0)


def test_a_resent_call_keeps_its_turn(asked: threading.Semaphore, waits: list[float]) -> None:
    """Nothing comes between its attempts."""
    shop = Shop(lambda number: await_all(asked, 2) if number == 1 else None, statuses=(503, 503))
    client = shop.client()
    with ThreadPoolExecutor(2) as pool:
        calls = [pool.submit(client.checkout.remove_store_credit, order_token=CART, max_retries=2) for _ in range(2)]
        for call in calls:
            call.result(LATE)

    assert len(waits) == 2
    assert (len(shop.seen), shop.most) == (4, 1)


# Side by side


def test_other_carts_and_other_operations_do_not_wait() -> None:
    """Six calls are all under way before one of them ends."""
    meeting = threading.Barrier(6)
    shop = Shop(lambda number: meeting.wait(LATE))
    client = shop.client()
    calls = [
        partial(client.checkout.add_store_credit, order_token=CART),
        partial(client.checkout.add_store_credit, order_token=OTHER),
        partial(client.checkout.add_store_credit, customer_token=CART),
        partial(client.orders.use_store_credit, "R1"),
        partial(client.orders.use_store_credit, "R2"),
        partial(client.with_options(base_url="http://other.test").checkout.add_store_credit, order_token=CART),
    ]
    with ThreadPoolExecutor(6) as pool:
        for call in [pool.submit(one) for one in calls]:
            call.result(LATE)

    assert (shop.most, left(client)) == (6, 0)


# Ends


def test_a_call_that_fails_lets_the_next_one_go() -> None:
    """By a refusal, by a lost response, by what cannot be sent; and a thousand carts leave nothing behind."""
    shop = Shop(statuses=(404, 500))
    client = shop.client()
    for error in (NotFoundError, OutcomeUnknownError):
        with pytest.raises(error):
            client.checkout.add_store_credit(order_token=CART)
    for number in range(1_000):
        client.checkout.add_store_credit(order_token=f"cart{number % 500}")

    assert (len(shop.seen), left(client)) == (1_002, 0)


def test_a_call_whose_deadline_passes_has_sent_nothing(asked: threading.Semaphore) -> None:
    """The error says so, and what was waited for; the cart's token is in neither it nor its frames."""
    over = threading.Event()
    shop = Shop(lambda number: over.wait(LATE))
    client = shop.client()
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(client.checkout.add_store_credit, order_token=CART)
        await_all(asked, 1)
        with pytest.raises(APITimeoutError) as caught:
            client.checkout.add_store_credit(order_token=CART, deadline=SOON)
        kept = repr(vars(client)) + repr(client._settings.turns._queues)
        over.set()
        first.result(LATE)
    client.checkout.add_store_credit(order_token=CART, deadline=LATE)

    said = str(caught.value)
    assert "the same header x-spree-order-token to end" in said
    assert "Nothing was sent" in said
    assert caught.value.attempts == 0
    assert "S3CRET" not in said + kept
    trace = TracebackException.from_exception(caught.value, capture_locals=True)
    ours = [frame for frame in trace.stack if "store_credit" in frame.filename]
    assert ours
    assert "S3CRET" not in repr([frame.locals for frame in ours])
    assert (len(shop.seen), shop.most, left(client)) == (2, 1, 0)


@pytest.mark.anyio
async def test_a_task_whose_deadline_passes_has_sent_nothing() -> None:
    """As a thread; those behind it go on."""
    over = anyio.Event()
    shop = Shop(lambda number: over.wait())
    client = shop.async_client()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(partial(client.orders.use_store_credit, "R1"))
        await anyio.wait_all_tasks_blocked()
        with pytest.raises(APITimeoutError, match=r"call for /api/v2/platform/orders/R1 to end.*Nothing was sent"):
            await client.orders.use_store_credit("R1", deadline=SOON)
        over.set()
        await client.orders.use_store_credit("R1")

    assert (len(shop.seen), shop.most, left(client)) == (2, 1, 0)


@pytest.mark.anyio
async def test_a_cancelled_task_gives_up_its_turn_or_its_place() -> None:
    """Whether it waits or is under way; its successor goes."""
    shop = Shop(lambda number: anyio.sleep_forever() if number == 1 else None)
    client = shop.async_client()
    done: list[str] = []

    async def work(name: str, scope: anyio.CancelScope) -> None:
        with scope:
            await client.checkout.add_store_credit(order_token=CART)
            done.append(name)

    scopes = [anyio.CancelScope() for _ in range(4)]
    async with anyio.create_task_group() as tasks:
        for name, scope in zip("abcd", scopes, strict=True):
            tasks.start_soon(work, name, scope)
            await anyio.wait_all_tasks_blocked()
        scopes[1].cancel()
        await anyio.wait_all_tasks_blocked()
        assert (len(shop.seen), done) == (1, [])
        scopes[0].cancel()

    assert (done, len(shop.seen), shop.most, left(client)) == (["c", "d"], 3, 1, 0)


def test_those_of_an_event_loop_that_is_gone_hold_nobody_up() -> None:
    """A loop that was closed with a call under way and one that waited."""
    shop = Shop(lambda number: anyio.sleep_forever() if number == 1 else None)
    client = shop.async_client()
    gone = asyncio.new_event_loop()
    lost: list[Any] = [gone.create_task(client.checkout.add_store_credit(order_token=CART)) for _ in range(2)]
    for _ in range(20):
        gone.run_until_complete(asyncio.sleep(0))
    assert (len(shop.seen), left(client)) == (1, 1)
    gone.close()
    while lost:
        # Python closes the coroutine when it collects the task, and need not complain.
        lost.pop()._log_destroy_pending = False
    gc.collect()

    asyncio.run(asyncio.wait_for(client.checkout.add_store_credit(order_token=CART), LATE))
    assert left(client) == 0


def test_a_call_that_would_wait_for_itself_is_refused() -> None:
    """One that an event hook makes on the cart of the call that it is told of."""
    shop = Shop()
    caught: list[Exception] = []

    def hook(event: Any) -> None:
        if type(event).__name__ == "ResponseReceived" and not caught:
            try:
                client.checkout.remove_store_credit(order_token=CART)
            except Exception as error:  # noqa: BLE001 - looked at below
                caught.append(error)

    client = shop.client(event_hooks=[hook])
    client.checkout.add_store_credit(order_token=CART)

    assert [type(error) for error in caught] == [ConfigurationError]
    assert "an event hook" in str(caught[0])
    assert (len(shop.seen), left(client)) == (1, 0)


@pytest.mark.anyio
@pytest.mark.parametrize("threads", [True, False], ids=["threads", "tasks"])
async def test_a_turn_that_comes_before_its_call_can_be_woken_is_noticed(
    monkeypatch: pytest.MonkeyPatch, threads: bool
) -> None:
    """The call in front ends when another has just joined the queue."""
    turns, enter = Turns(), Turns.enter
    call = _use_store_credit("R1", UNSET, *[None] * 5)
    front, behind = (turns.turn(call, "http://shop.test", (), LATE) for _ in range(2))
    assert front is not None
    assert behind is not None
    await anyio.to_thread.run_sync(front.wait)

    def join(self: Turns, turn: Any) -> bool:
        first = enter(self, turn)
        front.leave()
        return first

    monkeypatch.setattr(Turns, "enter", join)
    assert (behind.wait() if threads else await behind.wait_async()) is None
    behind.leave()
    assert len(turns) == 0


FORKED = """
import os, threading
from store_credit import SpreeClient
from store_credit._core.turns import Turns
client = SpreeClient("http://127.0.0.1:9", "token", max_retries=0)
turns, held = client._settings.turns, threading.Event()
turn = turns.turn(CALL, "http://shop", (), None)
def hold():
    with turns._guard:
        assert turns.enter(turn)
        held.set()
        threading.Event().wait()
threading.Thread(target=hold, daemon=True).start()
held.wait()
child = os.fork()
if child == 0:
    mine = turns.turn(CALL, "http://shop", (), 0.0)
    first = mine.wait() is None and len(turns) == 1
    turn.leave()
    kept = len(turns) == 1
    mine.leave()
    os._exit(0 if first and kept and len(turns) == 0 else 1)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), len(turns))
os._exit(0)
"""


@pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="this system has no fork")
def test_a_forked_child_starts_with_no_turns() -> None:
    """Neither a call under way in its parent nor the lock of the queues, which a thread of the parent holds."""
    call = "from store_credit.api.spree_orders import _use_store_credit as use\nfrom store_credit import UNSET\n"
    call += "CALL = use('R1', UNSET, *[None] * 5)\n"
    ran = subprocess.run(
        [sys.executable, "-c", call + FORKED], capture_output=True, text=True, timeout=LATE, check=False
    )

    assert (ran.stdout.split(), ran.stderr) == (["0", "1"], "")
