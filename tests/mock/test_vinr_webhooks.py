"""VINR's events are signed, retried, and can be sent again, twice and in another order: V35 to V43."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

import store_credit
from benches import Bench, Maker
from store_credit import webhooks
from store_credit_mock.control import ControlError
from store_credit_mock.systems.outbox import Delivery
from store_credit_mock.systems.vinr import events as outgoing
from store_credit_mock.systems.vinr.webhook_deliveries import OUTBOX, RETRY_SECONDS

URL = "https://receiver.test/hook"


class Receiver:
    """Takes deliveries and verifies them with the SDK."""

    def __init__(self, secret: str, *answers: int) -> None:
        self.secret = secret
        self.answers = list(answers)
        self.events: list[Any] = []

    def __call__(self, delivery: Delivery) -> int:
        self.events.append(webhooks.parse(delivery.body, delivery.headers, self.secret))
        return self.answers.pop(0) if self.answers else 200


@pytest.fixture
def receiver(bench: Bench) -> Receiver:
    return Receiver(bench.control.vinr.add_endpoint(URL).secret)


def test_changes_are_told_and_verified(bench: Bench, receiver: Receiver) -> None:
    """V35: issuing, a new expiry, a purchase and a refund are told; passing an expiry and an empty change are not."""
    credit = bench.issue(expires_at=bench.seconds() + 50)
    path = f"/v1/store-credit/{credit['id']}"
    bench.send("POST", path, {"expires_at": bench.seconds() + 90})
    bench.send("POST", path, {"expires_at": bench.seconds() + 90})
    bench.send("POST", path, {})
    bought = bench.control.vinr.buy("cust_8aZ2", 300, "USD")
    bench.control.vinr.refund(bought.id)
    bench.control.advance(1000)

    OUTBOX.deliver(bench.engine, receiver)

    assert [event.type for event in receiver.events] == ["store_credit.created"] + ["store_credit.updated"] * 3
    assert [event.data.object.balance_remaining for event in receiver.events] == [1000, 1000, 700, 1000]
    assert receiver.events[0].data.object.customer == "cust_8aZ2"
    assert len({event.id for event in receiver.events}) == 4


def test_what_is_rolled_back_is_not_told(bench: Bench, receiver: Receiver) -> None:
    """The outbox is part of the transaction: a refused request leaves no event."""
    bench.send("POST", "/v1/store-credit?nonsense=1", {"customer": "cust_8aZ2", "amount": 5, "currency": "USD"})

    assert OUTBOX.deliver(bench.engine, receiver) == []
    assert bench.control.vinr.events() == []


def test_retries_follow_the_schedule(bench: Bench, receiver: Receiver) -> None:
    """V42: the first try and five retries after 1, 5, 30 minutes, 2 and 24 hours; then the delivery has failed."""
    receiver.answers = [500] * 6
    bench.control.freeze()
    bench.issue()

    assert [attempt.state for attempt in OUTBOX.deliver(bench.engine, receiver)] == ["pending"]
    for number, wait in enumerate(RETRY_SECONDS):
        bench.control.advance(wait - 1)
        assert OUTBOX.deliver(bench.engine, receiver) == []
        bench.control.advance(1)
        states = [attempt.state for attempt in OUTBOX.deliver(bench.engine, receiver)]
        assert states == (["failed"] if number == 4 else ["pending"])
    bench.control.advance(10**6)
    assert OUTBOX.deliver(bench.engine, receiver) == []
    assert RETRY_SECONDS == (60, 300, 1800, 7200, 86400)
    assert len({event.id for event in receiver.events}) == 1


def test_a_receiver_that_raises_is_tried_again(bench: Bench, receiver: Receiver) -> None:
    """No response is as good as a bad one; the reason is kept."""

    def broken(delivery: Delivery) -> int:
        raise ConnectionError("refused")

    bench.issue()
    OUTBOX.deliver(bench.engine, broken)
    state = bench.control.vinr.deliveries()[0]
    assert (state.state, state.attempts, state.last_error) == ("pending", 1, "ConnectionError: refused")
    bench.control.advance(60)
    assert [attempt.state for attempt in OUTBOX.deliver(bench.engine, receiver)] == ["delivered"]


def test_only_events_asked_for_are_sent(bench: Bench) -> None:
    """An endpoint gets the types it named, and nothing while it is disabled or after it is gone."""
    endpoint = bench.control.vinr.add_endpoint(URL, ["store_credit.updated"])
    bench.issue()
    assert bench.control.vinr.deliveries().data == []
    bench.control.vinr.buy("cust_8aZ2", 1, "USD")
    assert len(bench.control.vinr.deliveries()) == 1
    bench.control.call("POST", f"/_mock/vinr/webhook-endpoints/{endpoint.id}", {"status": "disabled"})
    bench.control.vinr.buy("cust_8aZ2", 1, "USD")
    assert len(bench.control.vinr.deliveries()) == 1
    bench.control.vinr.remove_endpoint(endpoint.id)
    assert bench.control.vinr.deliveries().data == []
    with pytest.raises(ControlError):
        bench.control.vinr.remove_endpoint(endpoint.id)


def test_events_come_again_twice_and_in_another_order(bench: Bench, receiver: Receiver) -> None:
    """Redelivered and duplicated events keep their id; what is due can be turned round."""
    bench.issue(1)
    bench.issue(2)
    bench.control.vinr.reorder("newest")
    OUTBOX.deliver(bench.engine, receiver)
    assert [event.data.object.amount for event in receiver.events] == [2, 1]

    first = bench.control.vinr.deliveries()[0]
    bench.control.vinr.redeliver(first.id)
    bench.control.vinr.duplicate(first.event, times=2)
    OUTBOX.deliver(bench.engine, receiver)
    assert [event.id for event in receiver.events[2:]] == [first.event] * 3

    made = [bench.issue(amount)["id"] for amount in (3, 4, 5)]
    due = [state.id for state in bench.control.vinr.deliveries() if state.state == "pending"]
    bench.control.vinr.reorder([due[1], due[2], due[0]])
    OUTBOX.deliver(bench.engine, receiver)
    assert [event.data.object.id for event in receiver.events[-3:]] == [made[1], made[2], made[0]]


def test_deliveries_can_be_held_back(bench: Bench, receiver: Receiver) -> None:
    """Held, nothing is sent; let go, everything is."""
    bench.control.vinr.hold()
    bench.issue()
    assert OUTBOX.deliver(bench.engine, receiver) == []
    bench.control.vinr.hold(False)
    assert len(OUTBOX.deliver(bench.engine, receiver)) == 1


def test_signatures_use_the_machines_time(bench_of: Maker) -> None:
    """Under a clock frozen long ago the signature is still fresh for a receiver, and false for another secret."""
    bench = bench_of()
    bench.control.freeze(1_000_000_000)
    secret = bench.control.vinr.add_endpoint(URL).secret
    bench.issue()
    taken: list[tuple[bytes, Mapping[str, str]]] = []

    def take(delivery: Delivery) -> int:
        taken.append((delivery.body, delivery.headers))
        return 200

    OUTBOX.deliver(bench.engine, take)

    assert webhooks.parse(*taken[0], secret).created.timestamp() == 1_000_000_000
    with pytest.raises(store_credit.WebhookVerificationError):
        webhooks.parse(*taken[0], "whsec_other")


def test_a_disabled_endpoint_gets_nothing_until_it_is_enabled(bench: Bench, receiver: Receiver) -> None:
    """What was due for it waits; what happens meanwhile is not for it."""
    endpoint = bench.control.vinr.endpoints()[0].id
    bench.issue()
    bench.control.vinr.change_endpoint(endpoint, "disabled")
    bench.issue()
    assert OUTBOX.deliver(bench.engine, receiver) == []
    assert bench.control.vinr.change_endpoint(endpoint, "enabled").status == "enabled"

    assert [attempt.state for attempt in OUTBOX.deliver(bench.engine, receiver)] == ["delivered"]


def test_each_endpoint_is_sent_one_at_a_time(bench: Bench, receiver: Receiver) -> None:
    """While one delivery is under way, the next one is another endpoint's: none waits for another's."""
    other = bench.control.vinr.add_endpoint("https://other.test/")
    bench.issue()
    bench.issue()
    slow, quick = OUTBOX.attempts(bench.engine), OUTBOX.attempts(bench.engine)
    first = next(slow)
    taken = [next(quick), quick.send(200)]

    assert first.url == URL
    assert [delivery.url for delivery in taken] == [other.url] * 2


# Pages, and what is not kept


def test_deliveries_and_events_come_in_pages(bench: Bench) -> None:
    """Every one once, in their order; by state, endpoint, event and type; what is not there is told."""
    vinr = bench.control.vinr
    first, second = (vinr.add_endpoint(f"https://{name}.test/").id for name in "ab")
    for amount in range(1, 6):
        bench.issue(amount)
    vinr.buy("cust_8aZ2", 1, "USD")
    OUTBOX.deliver(bench.engine, lambda delivery: 200 if "a.test" in delivery.url else 500, limit=4)

    whole = [one.id for one in vinr.deliveries()]
    pages: list[str] = []
    while page := vinr.deliveries(limit=5, after=pages[-1] if pages else None).data:
        pages += [one.id for one in page]
    assert pages == whole
    assert len(whole) == vinr.deliveries(limit=1).total == 12
    assert [(vinr.deliveries(state=state).total) for state in ("pending", "delivered", "failed")] == [10, 2, 0]
    assert vinr.deliveries(endpoint=second).total == vinr.deliveries(endpoint=first).total == 6
    newest = vinr.events()[0]
    assert [one.event for one in vinr.deliveries(event=newest.id)] == [newest.id] * 2

    events = [one.id for one in vinr.events()]
    assert events == [one.id for one in [*vinr.events(limit=4), *vinr.events(after=events[3])]]
    assert [one.type for one in vinr.events(type="store_credit.updated")] == ["store_credit.updated"]
    for ask in (
        lambda: vinr.events(after="evt_none"),
        lambda: vinr.deliveries(after="dlv_none"),
        lambda: vinr.deliveries(endpoint="we_none"),
    ):
        with pytest.raises(ControlError, match="there is no") as refused:
            ask()
        assert refused.value.status == 404


def test_old_events_go_by_the_sandboxs_clock(bench: Bench, receiver: Receiver) -> None:
    """After 30 days, with their deliveries; not while a delivery is still to be sent."""
    bench.control.freeze("2030-01-01T00:00:00Z")
    bench.issue(1)
    OUTBOX.deliver(bench.engine, receiver)
    bench.issue(2)
    bench.control.advance(30 * 86_400)
    assert len(bench.control.vinr.events()) == 2
    bench.control.advance(1)

    assert [event.data.object.amount for event in bench.control.vinr.events()] == [2]
    assert [one.state for one in bench.control.vinr.deliveries()] == ["pending"]
    OUTBOX.deliver(bench.engine, receiver)
    bench.control.advance(1)
    assert (bench.control.vinr.events(), bench.control.vinr.deliveries().data) == ([], [])


def test_only_the_last_events_are_kept(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many there are; looked for now and then while they come."""
    monkeypatch.setattr(outgoing, "KEPT_EVENTS", 20)
    monkeypatch.setattr(outgoing, "BETWEEN", 100)
    for amount in range(1, 301):
        bench.issue(amount)
    amounts = [event.data.object.amount for event in bench.control.vinr.events()]
    assert amounts == list(range(300, 280, -1))
