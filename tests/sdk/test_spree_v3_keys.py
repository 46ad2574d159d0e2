"""Idempotency keys of Spree's API v3: one for each write, and what becomes of it when the server keeps a refusal."""

import hashlib
import logging
import pickle
import re
import threading
from typing import Any

import pytest

from http_library import httpx
from shops import Fate
from spree_v3_shop import CREATE, CUSTOMER, SpreeV3Shop, V3Desk, opened, refusal, token_of
from store_credit import (
    InvalidArgumentError,
    NotFoundError,
    OutcomeUnknownError,
    PermissionDeniedError,
    ServerError,
    StoreCreditError,
)
from together import together

UUID4 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
CART_ID, ORDER_ID, PAYMENT_ID, CREDIT_ID = (f"{name}_UkLWZg9DAJ" for name in ("cart", "or", "py", "credit"))


def writes(at: V3Desk) -> list[Any]:
    """Every method that changes something, of both APIs."""
    client, store = at.client(), at.store(customer_token=token_of(1))
    return [
        lambda **more: client.customers.store_credits.create(CUSTOMER, **CREATE, **more),
        lambda **more: client.customers.store_credits.update(CUSTOMER, CREDIT_ID, memo="x", **more),
        lambda **more: client.customers.store_credits.delete(CUSTOMER, CREDIT_ID, **more),
        lambda **more: client.orders.complete(ORDER_ID, **more),
        lambda **more: client.orders.cancel(ORDER_ID, **more),
        lambda **more: client.orders.payments.capture(ORDER_ID, PAYMENT_ID, **more),
        lambda **more: client.orders.payments.void(ORDER_ID, PAYMENT_ID, **more),
        lambda **more: client.orders.store_credits.apply(ORDER_ID, amount=1, **more),
        lambda **more: client.orders.store_credits.remove(ORDER_ID, **more),
        lambda **more: store.carts.complete(CART_ID, **more),
        lambda **more: store.carts.store_credits.apply(CART_ID, amount=1, **more),
        lambda **more: store.carts.store_credits.remove(CART_ID, **more),
    ]


def test_each_write_gets_a_key_of_its_own() -> None:
    """A UUID of version 4, a DELETE too; reads get none."""
    at = opened(*[("status", 418.0)] * 24)
    for call in writes(at) * 2:
        with pytest.raises(StoreCreditError):
            call()
    at.client().customers.store_credits.list(CUSTOMER)
    assert len(at.shop.writes) == 24
    assert all(UUID4.fullmatch(key) for key in at.shop.keys)
    assert len(set(at.shop.keys)) == 24
    assert "idempotency-key" not in at.shop.requests[-1].headers


def test_raw_requests_that_change_something_get_one_too() -> None:
    """Of every verb."""
    at = opened(*[("status", 418.0)] * 4)
    for verb in ("POST", "PATCH", "PUT", "DELETE"):
        with pytest.raises(StoreCreditError):
            at.client().request(verb, "/api/v3/admin/orders/or_1/cancel")
    at.client().request("GET", "/api/v3/admin/orders")
    assert all(UUID4.fullmatch(key) for key in at.shop.keys)
    assert "idempotency-key" not in at.shop.requests[-1].headers


@together("exception", [httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout])
def test_what_never_left_is_sent_again_under_its_key(exception: Any) -> None:
    """By every method."""
    at = opened()
    for call in writes(at)[:1] + writes(at)[10:11]:
        at.shop.requests.clear()
        shop = at.shop
        failed: list[Any] = []

        def fate(request: httpx.Request, failed: list[Any] = failed) -> Fate:
            if not failed:
                failed.append(request)
                raise exception("no")
            return ("done", 0.0)

        shop.fate = fate
        call()
        assert len(shop.writes) == 2
        assert len(set(shop.keys)) == 1
    assert len(at.shop.records) == 1


LOST = [
    httpx.WriteError,
    httpx.WriteTimeout,
    httpx.ReadError,
    httpx.ReadTimeout,
    httpx.RemoteProtocolError,
    408,
    500,
    502,
    503,
    504,
]


@together("trouble", LOST)
def test_what_may_be_running_is_never_sent_again_by_itself(trouble: Any) -> None:
    """Not by any method that changes something, whatever the retries: a twin would be executed as well."""
    at = opened()

    def fate(request: httpx.Request) -> Fate:
        if isinstance(trouble, int):
            return ("status", float(trouble))
        raise trouble("no")

    at.shop.fate = fate
    for call in writes(at):
        at.shop.requests.clear()
        with pytest.raises(OutcomeUnknownError, match=r"settle\(\)") as raised:
            call(max_retries=9)
        assert len(at.shop.requests) == 1
        assert raised.value.idempotency_key == at.shop.keys[0]
        assert raised.value.sent is not None


def test_reads_are_sent_again() -> None:
    """They change nothing."""
    at = opened()
    answers = [httpx.Response(503), httpx.Response(200, json={"data": [], "meta": SpreeV3Shop.meta(1, 25, 0)})]
    seen: list[Any] = []

    def respond(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return answers.pop(0)

    client = at.client(http_client=httpx.Client(transport=httpx.MockTransport(respond)))
    assert list(client.customers.store_credits.list(CUSTOMER)) == []
    assert len(seen) == 2


# Own keys


def test_an_own_key_goes_as_it_is_on_the_admin_side() -> None:
    """Each secret key has keys of its own there."""
    at = opened()
    credit = at.create(at.client(), idempotency_key="refund-4711")
    again = at.create(at.client(), idempotency_key="refund-4711")
    assert (credit.id, credit.idempotency_key) == (again.id, "refund-4711")
    assert at.shop.keys == ["refund-4711"] * 2
    assert len(at.shop.records) == 1


def test_an_own_key_is_mixed_with_the_token_on_the_store_side() -> None:
    """All shoppers of a publishable key share their keys there: B would be given A's cart, its token included."""
    at = opened()
    alice, bob, guest = token_of(1), token_of(2), "guest-cart-token"
    seen = [
        at.store(customer_token=alice).carts.store_credits.apply(CART_ID, amount=1, idempotency_key="checkout-1"),
        at.store(customer_token=bob).carts.store_credits.apply(CART_ID, amount=1, idempotency_key="checkout-1"),
        at.store().carts.store_credits.apply(CART_ID, amount=1, idempotency_key="checkout-1", customer_token=alice),
    ]
    at.store(cart_token=guest).carts.complete(CART_ID, idempotency_key="checkout-1")
    keys = at.shop.keys
    assert all(re.fullmatch(r"[0-9a-f]{64}", key) for key in keys)
    assert keys[0] == keys[2] == hashlib.sha256(f"checkout-1\0{alice}".encode()).hexdigest()
    assert len({keys[0], keys[1], keys[3]}) == 3
    assert [one.token for one in seen] == [f"token of {alice}", f"token of {bob}", f"token of {alice}"]
    assert {one.idempotency_key for one in seen} == {"checkout-1"}
    for path in ("/api/v3/store/carts", "/api/v3/%73tore/carts"):
        with pytest.raises(InvalidArgumentError, match="share their idempotency keys"):
            at.store().request("POST", path, json={}, idempotency_key="mine")
    assert len(at.shop.requests) == 4


def test_without_that_one_shopper_is_given_anothers_cart(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server's hole is there: with keys sent as they are, B gets A's cart."""
    monkeypatch.setattr("store_credit._core.spree_v3.key_on_wire", lambda call, headers: str(call.key))
    at = opened()
    for user in (1, 2):
        store = at.store(customer_token=token_of(user))
        cart = store.carts.store_credits.apply(CART_ID, amount=1, idempotency_key="checkout-1")
    assert cart.token == f"token of {token_of(1)}"


@together("calls", [2, 5])
def test_twins_of_one_own_key_in_one_client_are_executed_once(calls: int) -> None:
    """They take turns; the second is answered as the first was."""
    at = opened()
    client = at.client()
    inside, most = [0], [0]
    write = at.shop.write

    def slowly(request: httpx.Request) -> Any:
        inside[0] += 1
        most[0] = max(most[0], inside[0])
        threading.Event().wait(0.01)
        answer = write(request)
        inside[0] -= 1
        return answer

    at.shop.write = slowly
    made: list[str] = []
    threads = [
        threading.Thread(target=lambda: made.append(at.create(client, idempotency_key="refund-1").id))
        for _ in range(calls)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(made) == calls
    assert len(set(made)) == len(at.shop.records) == 1
    assert most == [1]


def test_what_is_repeated_too_early_is_not_sent() -> None:
    """An own key whose call ended without an outcome: the first request may be running, and a second would run too."""
    at = opened(("slow", 100.0))
    client = at.client()
    lost = at.lost(client, idempotency_key="refund-1")
    again = at.lost(client.with_options(timeout=5), idempotency_key="refund-1")
    assert "nothing was sent" in str(again)
    assert len(at.shop.writes) == 1
    assert pickle.loads(pickle.dumps(again)).sent == lost.sent
    assert at.settle(client, again).id == at.shop.records[0]["id"]
    assert at.create(client, idempotency_key="refund-1").id == at.shop.records[0]["id"]
    assert len(at.shop.records) == 1


def test_of_too_many_only_the_oldest_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """An hour without a network must not let the last ones go out twice."""
    monkeypatch.setattr("store_credit._core.unsettled._MOST", 3)
    at = opened(*[("slow", 100.0)] * 8)
    client = at.client()
    for number in range(8):
        at.lost(client, idempotency_key=f"refund-{number}")
    for number in (7, 6, 5):
        assert "nothing was sent" in str(at.lost(client, idempotency_key=f"refund-{number}"))
    assert len(at.shop.writes) == 8


def test_after_the_grace_it_may_be_repeated() -> None:
    """What ran has ended and is kept under its key."""
    at = opened(("slow", 100.0))
    client = at.client()
    at.lost(client, idempotency_key="refund-1")
    at.world.passed += 121
    assert at.create(client, idempotency_key="refund-1").id == at.shop.records[0]["id"]
    assert len(at.shop.records) == 1


def test_what_was_cut_off_is_not_repeated_too_early() -> None:
    """From the keyboard, say: the request may be running."""
    at = opened()

    def cut(request: httpx.Request) -> Fate:
        raise KeyboardInterrupt

    at.shop.fate = cut
    client = at.client()
    with pytest.raises(KeyboardInterrupt) as raised:
        at.create(client, idempotency_key="refund-1")
    assert "after two minutes, with idempotency_key='refund-1'" in "".join(raised.value.__notes__)
    at.shop.fate = lambda request: ("done", 0.0)
    with pytest.raises(OutcomeUnknownError, match=r"nothing was sent.* Repeat it in 120 s"):
        at.create(client, idempotency_key="refund-1")
    at.world.passed += 121
    at.create(client, idempotency_key="refund-1")
    assert len(at.shop.writes) == 2


def test_another_key_is_not_held_up() -> None:
    """Nor is that of a call that was refused."""
    at = opened(("slow", 100.0))
    client = at.client()
    at.lost(client, idempotency_key="refund-1")
    at.create(client, idempotency_key="refund-2")
    at.shop.refuse = lambda request: (404, refusal("record_not_found"))
    for _ in range(2):
        with pytest.raises(NotFoundError):
            at.create(client, idempotency_key="refund-3")
    assert len(at.shop.writes) == 4


# Refusals that are kept, and that are not
# Secrets


def test_no_secret_is_shown(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    """In no error, log, repr or pickle, whatever the server repeats."""
    caplog.set_level(logging.DEBUG, "store_credit")
    secrets = ["sk_secret_number_one", token_of(9), "pk_publishable_one", "cart-token-of-a-guest"]
    at = opened(("lost after", 0.0), ("lost after", 0.0))
    at.shop.refuse = lambda request: None
    errors: list[Any] = [at.lost(at.client(secret_key=secrets[0]), idempotency_key="mine")]
    store = at.store(publishable_key=secrets[2], customer_token=secrets[1], cart_token=secrets[3])
    with pytest.raises(OutcomeUnknownError) as raised:
        store.carts.store_credits.apply(CART_ID, amount=1, idempotency_key="mine")
    errors.append(raised.value)
    at.shop.refuse = lambda request: (403, refusal("access_denied", f"{secrets[0]} may not {request.headers}"))
    with pytest.raises(PermissionDeniedError) as refused:
        at.create(at.client(secret_key=secrets[0]))
    errors.append(refused.value)
    shown = caplog.text + "".join(f"{one} {one!r} {one.__dict__.get('sent')!r}" for one in errors)
    shown += "".join(repr(one.sent) for one in errors[:2]) + repr(store) + repr(store._settings.credential)
    held = b"".join(pickle.dumps(one) for one in errors[:2])
    for secret in secrets:
        assert secret not in shown
        assert secret.encode() not in held


def test_what_5xx_says_is_told() -> None:
    """Rails' own body has no code; reads give it as an error by its status."""
    at = opened()
    body = {"status": 500, "error": "Internal Server Error"}
    client = at.client(
        http_client=httpx.Client(transport=httpx.MockTransport(lambda request: httpx.Response(500, json=body))),
        max_retries=0,
    )
    with pytest.raises(ServerError, match="500: Internal Server Error") as raised:
        client.customers.store_credits.list(CUSTOMER)
    assert (raised.value.code, raised.value.errors) == (None, {})
