"""What is raised in the end, and what a create whose response was lost says."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from http_library import httpx
from store_credit import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    AuthenticationError,
    InvalidResponseError,
    NotFoundError,
    OutcomeUnknownError,
    PermissionDeniedError,
    RateLimitError,
    ServerError,
    StoreCreditError,
    ValidationError,
)

DEEP = b"[" * 100_000
CREDIT: dict[str, Any] = {
    "id": "sc_1",
    "customer": "cust_1",
    "amount": 1000,
    "currency": "USD",
    "balance_remaining": 1000,
    "expires_at": None,
    "created": 1780000000,
}


@pytest.mark.parametrize(
    ("outcome", "error"),
    [
        ("connect", APIConnectionError),
        (301, APIStatusError),
        (307, APIStatusError),
        (400, ValidationError),
        (401, AuthenticationError),
        (402, APIStatusError),
        (403, PermissionDeniedError),
        (404, NotFoundError),
        (422, ValidationError),
        (429, RateLimitError),
    ],
)
def test_a_refusal_raises_the_error_of_its_kind(
    every_call: Any, outcomes: Any, outcome: Any, error: type[StoreCreditError]
) -> None:
    """One class for each kind, no matter which operation; a create that was surely refused has failed."""
    with pytest.raises(StoreCreditError) as raised:
        every_call(outcomes(outcome))

    assert type(raised.value) is error


@pytest.mark.parametrize(
    ("outcome", "error"),
    [
        ("timeout", APITimeoutError),
        ("broken", APIConnectionError),
        (302, APIStatusError),
        (303, APIStatusError),
        (408, APIStatusError),
        (500, ServerError),
        (503, ServerError),
        (599, ServerError),
    ],
)
def test_what_may_be_repeated_raises_ordinary_errors(
    known_if_lost: Any, outcomes: Any, outcome: Any, error: type[StoreCreditError]
) -> None:
    """A read, an update (VINR's too) or a delete may be repeated by the caller: nothing about it is unknown."""
    with pytest.raises(StoreCreditError) as raised:
        known_if_lost(outcomes(outcome))

    assert type(raised.value) is error


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"null", b"[]", b'"text"', b"<html></html>", b"\xff\xfe", DEEP],
    ids=["empty", "half", "null", "array", "string", "html", "no text", "too deep"],
)
def test_a_success_that_stays_unreadable_is_an_invalid_response(
    read_or_change: Any, outcomes: Any, body: bytes
) -> None:
    """A 200 whose body is not what it should be: the error carries the response."""
    with pytest.raises(InvalidResponseError) as raised:
        read_or_change(outcomes((200, body)))

    assert raised.value.response is not None
    assert raised.value.response.content == body
    assert raised.value.status_code == 200


NO_RECORD = [
    {},
    {"error": {"message": "no"}},
    {"id": None},
    {"data": {}},
    {"data": {"id": None, "type": None}},
    {"data": []},
]


@pytest.mark.parametrize("body", NO_RECORD, ids=str)
def test_a_create_answered_without_a_record_is_unknown(create: Any, outcomes: Any, body: Any) -> None:
    """Something between us and the server answers 200 to everything: nobody knows whether the create arrived."""
    with pytest.raises(OutcomeUnknownError):
        create(outcomes((201, body)))


def test_a_create_answered_with_another_record_is_unknown(spree_create: Any, outcomes: Any) -> None:
    """A credit that was made is not a user."""
    with pytest.raises(OutcomeUnknownError):
        spree_create(outcomes((201, {"data": {"id": "1", "type": "user", "attributes": {}}})))


@pytest.mark.parametrize("body", NO_RECORD, ids=str)
def test_a_read_answered_without_a_record_is_invalid(read_one: Any, outcomes: Any, body: Any) -> None:
    """A record of which nothing is known would fail later, elsewhere."""
    with pytest.raises(InvalidResponseError):
        read_one(outcomes((200, body)))


@pytest.mark.parametrize(
    "outcome",
    [
        *["timeout", "broken", 302, 303, 408, 500, 502, 503, 504, 599, "cut short"],
        *[(201, DEEP), (201, b""), (200, b"<html>"), (202, {"id": "job_1", "status": "queued"}), 204],
    ],
    ids=lambda outcome: f"{outcome}"[:12],
)
def test_a_call_that_may_have_been_executed_is_unknown(unknown_if_lost: Any, outcomes: Any, outcome: Any) -> None:
    """Nothing is lost: it is reported as unknown, never as failed, and by no error that invites to repeat it."""
    with pytest.raises(OutcomeUnknownError, match="outcome unknown") as raised:
        unknown_if_lost(outcomes(outcome))

    assert not isinstance(raised.value, APIConnectionError | APIStatusError)


def test_a_400_about_an_unknown_relationship_leaves_it_unknown(one_way_call: Any, outcomes: Any) -> None:
    """The server has saved the record, or the payment, by the time it notices the relationship."""
    with pytest.raises(OutcomeUnknownError, match="most likely carried it out") as raised:
        one_way_call(outcomes("saved, then refused"))

    assert raised.value.status_code == 400
    assert "not specified as a relationship" in str(raised.value)


def test_a_400_about_an_unknown_relationship_is_a_refusal_elsewhere(known_if_lost: Any, outcomes: Any) -> None:
    """What may be repeated is not unknown."""
    with pytest.raises(ValidationError):
        known_if_lost(outcomes("saved, then refused"))


def test_another_400_to_a_spree_create_is_a_refusal(spree_create: Any, outcomes: Any) -> None:
    """It was refused before anything was saved."""
    with pytest.raises(ValidationError, match="wrong amount"):
        spree_create(outcomes((400, {"error": "wrong amount"})))


@pytest.mark.parametrize("fault", ["connect", "timeout", "broken"])
def test_the_cause_of_a_fault_is_chained_and_named(known_if_lost: Any, outcomes: Any, fault: str) -> None:
    """What httpx raised is the cause; it does not leave the SDK itself."""
    with pytest.raises(APIConnectionError) as raised:
        known_if_lost(outcomes(fault))
    cause = raised.value.__cause__

    assert cause is not None
    assert type(cause).__module__ == httpx.__name__
    assert type(cause).__name__ in str(raised.value)


def test_an_unknown_create_says_how_to_look_for_the_record(calls: Any, outcomes: Any) -> None:
    """The text names the method to call, what to filter by, and the time to compare with."""
    with pytest.raises(OutcomeUnknownError) as raised:
        calls["credit create"](outcomes("timeout"), memo="this is not a filter")

    assert raised.value.lookup["sort"] == "-id"
    assert raised.value.lookup["filter"]["user_id_eq"] == "2"
    # No response told the server's time, and this machine's may be a day ahead.
    since = datetime.fromisoformat(raised.value.lookup["filter"]["created_at_gteq"])
    assert raised.value.started_at - since == timedelta(days=1)
    assert "memo" not in str(raised.value.lookup)
    for part in ("Before you create it again", "spree.store_credits.list(", "user_id_eq", "currency_eq", "+00:00"):
        assert part in str(raised.value)


def test_the_lookup_of_an_unknown_create_is_what_list_takes(spree_create: Any, outcomes: Any) -> None:
    """Passing `**error.lookup` to the resource's `list` asks for the record, newest first."""
    with pytest.raises(OutcomeUnknownError) as raised:
        spree_create(outcomes(500))
    met = outcomes("spree page")
    resource = str(raised.value.operation).split(".")[1]
    getattr(met.spree(), resource).list(**raised.value.lookup)

    assert "filter%5B" in met.sent[0].target
    assert "sort=-id" in met.sent[0].target


@pytest.mark.parametrize("verb", ["POST", "PATCH"])
def test_an_unknown_raw_request_says_to_look_first(outcomes: Any, verb: str) -> None:
    """Where no operation stands behind a call there is no method to name."""
    with pytest.raises(OutcomeUnknownError, match="Look for its effect") as raised:
        outcomes("timeout").spree().request(verb, "/api/v2/platform/orders", json={})

    assert raised.value.lookup == {}


def test_an_unknown_raw_patch_without_a_key_is_unknown_on_vinr_too(outcomes: Any) -> None:
    """A system that takes keys knows nothing of a request that carries none."""
    met = outcomes("timeout")
    with pytest.raises(OutcomeUnknownError):
        met.vinr().request("PATCH", "/v1/tiers/t_1", json={})
    assert len(met.sent) == 1
    with pytest.raises(APITimeoutError):
        outcomes("timeout").vinr().request("PATCH", "/v1/tiers/t_1", json={}, idempotency_key="k")


@pytest.mark.parametrize("outcome", ["timeout", 503, "cut short"])
def test_an_unknown_vinr_create_says_to_settle_it_by_its_key(calls: Any, outcomes: Any, outcome: Any) -> None:
    """The text names the method, says what it does, and that a refusal is replayed too."""
    with pytest.raises(OutcomeUnknownError, match=r"settle\(\).*idempotency_key.*a stored refusal too"):
        calls["create"](outcomes(outcome))


def test_an_unknown_spree_create_with_a_reference_says_to_settle_it(calls: Any, outcomes: Any) -> None:
    """The text names the method and the reference, and that it waits before it looks."""
    with pytest.raises(OutcomeUnknownError, match=r"settle\(\), which waits .* the reference 'refund-4711'") as raised:
        calls["credit create"](outcomes("timeout"), reference="refund-4711")

    assert raised.value.reference == "refund-4711"


def test_an_unknown_payment_says_to_read_the_cart_or_order_first(payment: Any, outcomes: Any) -> None:
    """And calls no repeat safe: it would leave two payments."""
    with pytest.raises(OutcomeUnknownError) as raised:
        payment(outcomes("timeout"))
    text = str(raised.value)

    assert "cart" in text or "order" in text
    assert "may be repeated" not in text
    assert raised.value.lookup == {}


# What the error of an unknown outcome holds


@pytest.mark.parametrize("told", [True, False], ids=["the server told the time", "it did not"])
def test_an_unknown_outcome_says_when_the_call_began_and_ended(outcomes: Any, told: bool) -> None:
    """By the server's clock where a response told it, else by this machine's; the end always by this machine's."""
    date = {"Date": "Sun, 06 Nov 1994 08:49:37 GMT"} if told else {}
    met = outcomes((503, b"", {"Retry-After": "10", **date}), (503, b"", {"Retry-After": "20"}), "timeout")
    with pytest.raises(OutcomeUnknownError) as raised:
        met.vinr().store_credit.create(customer="c", amount=1, currency="USD")
    error = raised.value

    assert error.by_server_clock is told
    assert error.started_at == (datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC) if told else met.clock.began)
    assert abs((error.ended_at - met.clock.began) - timedelta(seconds=30)) < timedelta(seconds=1)
    assert error.attempts == 3


def test_an_unknown_outcome_holds_its_request_without_credentials(calls: Any, outcomes: Any) -> None:
    """What `settle()` needs, in this process or another; the key and the customer's token are not in it."""
    with pytest.raises(OutcomeUnknownError) as raised:
        calls["create"](outcomes("timeout"), extra_headers={"X-Trace": "1"}, extra_query={"a": "b"})
    sent = raised.value.sent
    assert sent is not None

    assert (sent.operation, sent.method, sent.path) == ("vinr.store_credit.create", "POST", "/v1/store-credit")
    assert sent.origin == "http://vinr.test"
    assert sent.query == (("a", "b"),)
    assert json.loads(sent.content or b"") == {"customer": "c", "amount": 1, "currency": "USD"}
    assert sent.headers == ((b"X-Trace", b"1"),)
    assert sent.idempotency_key == raised.value.idempotency_key
    assert "sk_test_1" not in repr(tuple(sent)) + repr(sent)

    with pytest.raises(OutcomeUnknownError) as cart:
        outcomes("timeout").spree().checkout.add_store_credit(order_token="S3CRET", customer_token="S3CRET2")
    assert cart.value.sent is not None
    assert "S3CRET" not in repr(tuple(cart.value.sent)) + repr(cart.value.__dict__)


ISSUED: dict[str, Any] = {**CREDIT, "customer": "c", "amount": 1}


@pytest.mark.parametrize(
    ("name", "sent", "received"), [("customer", "c", "other"), ("amount", 1, 2), ("currency", "USD", "EUR")]
)
def test_a_create_answered_with_something_else_is_unknown_and_sent_once(
    calls: Any, outcomes: Any, name: str, sent: Any, received: Any
) -> None:
    """The error has both sides: what was sent and what came."""
    met = outcomes((201, {**ISSUED, name: received}))
    with pytest.raises(OutcomeUnknownError, match=rf"{name} was sent as .* and came back as") as raised:
        calls["create"](met)

    assert raised.value.mismatch == ((name, sent, received),)
    assert len(met.sent) == 1


def test_what_was_not_sent_is_not_compared(calls: Any, outcomes: Any) -> None:
    """A server may set what the request leaves open."""
    assert calls["create"](outcomes((201, {**ISSUED, "expires_at": 5}))).id == "sc_1"


def test_a_mismatch_after_a_replay_under_the_key_is_no_success_either(calls: Any, outcomes: Any) -> None:
    """Whatever came before it."""
    with pytest.raises(OutcomeUnknownError, match="came back as"):
        calls["create"](outcomes(503, (201, CREDIT)))


@pytest.mark.parametrize("call", ["retrieve", "update", "credit retrieve", "credit update", "type retrieve"])
def test_another_record_than_was_asked_for_is_an_invalid_response(calls: Any, outcomes: Any, call: str) -> None:
    """A retrieve or an update names one record."""
    other = {**CREDIT, "id": "other", "data": {"id": "9", "type": "store_credit", "attributes": {}}}
    with pytest.raises(InvalidResponseError, match=r"id was sent as .* and came back as") as raised:
        calls[call](outcomes((200, other)))

    assert raised.value.status_code == 200


@pytest.mark.parametrize("lost", ["timeout", "broken", 408, 500, 502, 503, 504])
def test_a_404_to_a_resent_delete_counts_as_deleted(delete: Any, outcomes: Any, lost: Any) -> None:
    """The earlier attempt went through and its response was lost."""
    met = outcomes(lost, 404)

    assert delete(met) is None
    assert len(met.sent) == 2


@pytest.mark.parametrize("before", [(), ("connect",), (429,), ("connect", 429)], ids=str)
def test_a_404_to_a_delete_that_had_not_arrived_before_is_not_found(
    delete: Any, outcomes: Any, before: tuple[Any, ...]
) -> None:
    """Nothing was lost, so that the record was not there in the first place."""
    with pytest.raises(NotFoundError):
        delete(outcomes(*before, 404))


def test_a_404_after_a_lost_answer_is_not_found_elsewhere(read_or_change: Any, outcomes: Any) -> None:
    """Only a DELETE makes a record go away."""
    with pytest.raises(NotFoundError):
        read_or_change(outcomes("timeout", 404))
