"""Webhooks of Spree API v3: signed events of credits, retried, and the endpoints that get them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from store_credit import spree_webhooks
from store_credit_mock.control import ControlError
from store_credit_mock.systems.outbox import Delivery
from store_credit_mock.systems.spree_v3.webhook_deliveries import OUTBOX, RETRY_SECONDS
from store_credit_mock.systems.spree_v3.webhook_events import KEPT, KEPT_SECONDS, prune, subscribed
from v3bench import SHOP, V3Bench, error

URL = "https://receiver.test/hook"
ENDPOINTS = "/api/v3/admin/webhook_endpoints"
Maker = Callable[..., V3Bench]


class Receiver:
    """Takes deliveries and verifies them with the SDK."""

    def __init__(self, secret: str, *answers: int) -> None:
        self.secret = secret
        self.answers = list(answers)
        self.events: list[Any] = []

    def __call__(self, delivery: Delivery) -> int:
        self.events.append(spree_webhooks.parse(delivery.body, delivery.headers, self.secret))
        return self.answers.pop(0) if self.answers else 200

    @property
    def names(self) -> list[str]:
        return [event.name for event in self.events]


def register(v3: V3Bench, **more: Any) -> dict[str, Any]:
    return v3.json("POST", ENDPOINTS, {"url": URL, "subscriptions": ["store_credit.*"], **more})


@pytest.fixture
def shop(v3_of: Maker) -> V3Bench:
    return v3_of("5.6")


@pytest.fixture
def receiver(shop: V3Bench) -> Receiver:
    return Receiver(register(shop)["secret_key"])


def test_a_life_is_told_and_verified(v3: V3Bench) -> None:
    """In every version: created, updated by a memo that changes nothing of the data, deleted as it was."""
    receiver = Receiver(register(v3)["secret_key"])
    credit = v3.give("11.00", memo="first")
    path = v3.credits(1, credit["id"])
    v3.json("PATCH", path, {"memo": "second"})
    v3.json("PATCH", path, {"amount": "12.00"})
    v3.json("DELETE", path)

    OUTBOX.deliver(v3.engine, receiver)

    assert receiver.names == [f"store_credit.{what}" for what in ("created", "updated", "updated", "deleted")]
    assert [str(event.data.amount).rstrip("0").rstrip(".") for event in receiver.events] == ["11", "11", "12", "12"]
    assert {event.data.id for event in receiver.events} == {credit["id"]}
    assert len({event.id for event in receiver.events}) == 4
    # Nobody can tell from it whose credit it is (trap 11).
    told = receiver.events[0].data.to_dict()
    assert not {"customer_id", "memo"} & told.keys()


def test_what_is_refused_or_looked_at_is_not_told(shop: V3Bench, receiver: Receiver) -> None:
    shop.send("POST", shop.credits(), {"amount": "-1", "currency": "USD"})
    shop.send("POST", shop.credits(), {"amount": "99999999.99", "currency": "USD"})
    shop.send("GET", shop.credits())

    assert OUTBOX.deliver(shop.engine, receiver) == []


def test_a_replay_is_not_told_again(shop: V3Bench, receiver: Receiver) -> None:
    for _ in range(2):
        shop.json("POST", shop.credits(), {"amount": "5.00", "currency": "USD"}, idempotency="one")

    OUTBOX.deliver(shop.engine, receiver)

    assert receiver.names == ["store_credit.created"]


def test_applying_and_completing_tell_once_for_each_credit(v3: V3Bench) -> None:
    """Applying tells of each credit although nothing of it changed; completing joins authorize and capture."""
    first, second = (v3.give(amount)["id"] for amount in ("3.00", "90.00"))
    receiver = Receiver(register(v3)["secret_key"])
    cart = v3.control.spree_v3.fill_cart(customer_id=v3.customer(), address=True)
    token = v3.control.spree_v3.issue_customer_token(v3.customer()).token
    path = f"/api/v3/store/carts/{cart.id}"

    v3.json("POST", f"{path}/store_credits", {}, key=shop_key(v3), token=token)
    OUTBOX.deliver(v3.engine, receiver)
    applied = [(event.data.id, str(event.data.amount_used)) for event in receiver.events]
    receiver.events.clear()
    v3.json("POST", f"{path}/complete", {}, key=shop_key(v3), token=token)
    OUTBOX.deliver(v3.engine, receiver)

    assert [identity for identity, _ in applied] == [first, second]
    assert {float(used) for _, used in applied} == {0.0}
    assert [event.data.id for event in receiver.events] == [first, second]
    assert all(event.data.amount_used > 0 for event in receiver.events)


def shop_key(v3: V3Bench) -> str:
    """The publishable key of the bench's shop."""
    return v3.engine.systems["spree_v3"].startup(v3.engine.sandbox)["spree_v3_publishable_key"] or SHOP


def test_retries_follow_growing_waits_on_the_sandbox_clock(shop: V3Bench, receiver: Receiver) -> None:
    """The first try and five more; then the delivery has failed, and the log says what came."""
    receiver.answers = [500] * 6
    shop.control.freeze()
    shop.give()

    assert [attempt.state for attempt in OUTBOX.deliver(shop.engine, receiver)] == ["pending"]
    for number, wait in enumerate(RETRY_SECONDS):
        shop.control.advance(wait - 1)
        assert OUTBOX.deliver(shop.engine, receiver) == []
        shop.control.advance(1)
        states = [attempt.state for attempt in OUTBOX.deliver(shop.engine, receiver)]
        assert states == (["failed"] if number == 4 else ["pending"])
    assert list(RETRY_SECONDS) == sorted(RETRY_SECONDS)
    assert len({event.id for event in receiver.events}) == 1
    [delivery] = shop.control.spree_v3.webhook_deliveries(state="failed")
    assert (delivery.attempts, delivery.last_status) == (6, 500)


def test_an_endpoint_that_fails_always_is_disabled(shop: V3Bench, receiver: Receiver) -> None:
    endpoint = shop.control.spree_v3.webhook_endpoints()[0]
    shop.control.spree_v3.change_webhook_endpoint(endpoint.id, refused_with=503)
    for _ in range(15):
        shop.give("1.00")

    # The control plane answers in the listener's place.
    assert OUTBOX.deliver(shop.engine, receiver) == []
    assert receiver.events == []
    shown = shop.json("GET", f"{ENDPOINTS}/{endpoint.id}")
    assert (shown["active"], shown["failed_delivery_count"]) == (False, 15)
    assert shown["disabled_reason"] == "Automatically disabled after repeated delivery failures"
    shop.json("PATCH", f"{ENDPOINTS}/{endpoint.id}", {"active": True})
    assert shop.json("GET", f"{ENDPOINTS}/{endpoint.id}")["disabled_at"] is None


def test_the_secret_is_shown_once(shop: V3Bench) -> None:
    made = register(shop, name="Credits")

    assert len(made["secret_key"]) == 64
    assert int(made["secret_key"], 16) > 0
    assert shop.json("GET", f"{ENDPOINTS}/{made['id']}") == {**made, "secret_key": None}
    assert shop.json("GET", ENDPOINTS)["data"] == [{**made, "secret_key": None}]
    assert made["secret_key"] not in repr(shop.control.spree_v3.webhook_endpoints())


def test_the_log_is_newest_first_and_delivers_again(shop: V3Bench, receiver: Receiver) -> None:
    shop.give("1.00")
    shop.give("2.00")
    OUTBOX.deliver(shop.engine, receiver)
    path = f"{ENDPOINTS}/{shop.control.spree_v3.webhook_endpoints()[0].id}/deliveries"

    log = shop.json("GET", f"{path}?limit=1")
    again = shop.json("POST", f"{path}/{log['data'][0]['id']}/redeliver")
    OUTBOX.deliver(shop.engine, receiver)

    assert (log["meta"]["count"], log["data"][0]["payload"]["data"]["amount"]) == (2, "2.0")
    assert (log["data"][0]["success"], log["data"][0]["response_code"]) == (True, 200)
    assert (again["event_id"], again["success"], again["payload"]["id"]) == (None, None, receiver.events[1].id)
    assert [event.id for event in receiver.events][1:] == [receiver.events[1].id] * 2
    assert shop.send("GET", f"{path}/whd_unknown000").status == 404


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:3090/hook", "http://localhost/", "http://LOCALHOST./", "http://10.0.0.8/", "http://[::1]/",
        "http://[::ffff:192.168.0.1]/", "http://169.254.169.254/latest", "http://host.docker.internal:80/",
        "http://2130706433/", "http://0x7f.1/", "http://0.0.0.0/",
    ],
)  # fmt: skip
def test_an_address_inside_the_network_is_refused_unless_allowed(v3_of: Maker, url: str) -> None:
    refused = error(v3_of("6.0-alpha").send("POST", ENDPOINTS, {"url": url}), 422)

    assert refused["message"] == "Url must not point to an internal or private network address"
    assert refused["details"] == {"url": ["must not point to an internal or private network address"]}
    assert v3_of("6.0-alpha", spree_v3_private_webhooks=True).send("POST", ENDPOINTS, {"url": url}).status == 201


@pytest.mark.parametrize("url", [None, "", "ftp://shop.example/", "hooks.example.com", 5, "http://[", "http://"])
def test_what_is_no_address_is_refused(shop: V3Bench, url: Any) -> None:
    assert error(shop.send("POST", ENDPOINTS, {"url": url}), 422)["code"] == "validation_error"


def test_endpoints_belong_to_a_store_and_want_a_scope(v3_of: Maker) -> None:
    v3 = v3_of("6.0-alpha")
    made = register(v3)

    assert error(v3.send("POST", ENDPOINTS, {"url": URL}), 422)["message"] == "Url has already been taken"
    assert v3.send("GET", f"{ENDPOINTS}/{made['id']}", key="sk_outlet").status == 404
    assert error(v3.send("GET", ENDPOINTS, key="sk_readsc"), 403)["details"] == {"required_scope": "read_webhooks"}
    outlet = Receiver(v3.json("POST", ENDPOINTS, {"url": URL}, key="sk_outlet")["secret_key"])
    v3.json("POST", v3.credits(), {"amount": "9.00", "currency": "USD"}, key="sk_outlet")
    OUTBOX.deliver(v3.engine, outlet)
    assert outlet.names == ["store_credit.created"]


@pytest.mark.parametrize(
    ("subscriptions", "expected"),
    [
        ([], True), (["*"], True), (["store_credit.*"], True), (["store_credit.created"], True),
        (["*.created"], True), (["store_credit.deleted"], False), (["order.*"], False), (["store_credit"], False),
        (["store.credit.created"], False),
    ],
)  # fmt: skip
def test_subscriptions_are_patterns(subscriptions: list[str], expected: bool) -> None:
    assert subscribed(subscriptions, "store_credit.created") is expected


def test_old_deliveries_are_removed_and_pending_ones_stay(shop: V3Bench, receiver: Receiver) -> None:
    """By the sandbox's clock, and by their number."""
    shop.give("1.00")
    OUTBOX.deliver(shop.engine, receiver)
    shop.control.advance(KEPT_SECONDS + 1)
    shop.give("2.00")

    shop.engine.transaction(lambda call: prune(call, 2))
    assert [one.state for one in shop.control.spree_v3.webhook_deliveries()] == ["pending"]
    OUTBOX.deliver(shop.engine, receiver)
    shop.engine.transaction(lambda call: prune(call, KEPT + 2))
    assert list(shop.control.spree_v3.webhook_deliveries()) == []


def test_a_reset_removes_endpoints(shop: V3Bench, receiver: Receiver) -> None:
    shop.control.reset()
    shop.give()

    assert OUTBOX.deliver(shop.engine, receiver) == []
    with pytest.raises(ControlError, match="there is no webhook endpoint"):
        shop.control.spree_v3.remove_webhook_endpoint("whe_UkLWZg9DAJ")
