"""What is raised in the end, and what a create whose response was lost says."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from flow_calls import (
    CREATES,
    DELETES,
    EVERY,
    KNOWN_IF_LOST,
    ONE_WAY,
    OTHERS,
    PAYMENTS,
    READ_OR_CHANGE,
    SPREE_CREATES,
    UNKNOWN_IF_LOST,
    Outcomes,
    error_of,
)
from http_library import httpx
from sample_calls import CREDIT
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

READ_ONE = {name: call for name, call in OTHERS.items() if "list" not in name}
DEEP = b"[" * 100_000
NO_RECORD: list[Any] = [
    {},
    {"error": {"message": "no"}},
    {"id": None},
    {"data": {}},
    {"data": {"id": None, "type": None}},
    {"data": []},
]
ISSUED: dict[str, Any] = {**CREDIT, "customer": "c", "amount": 1}
ANOTHER_TYPE: Any = (201, {"data": {"id": "1", "type": "user", "attributes": {}}})


@pytest.mark.parametrize(
    ("calls", "error", "outcomes"),
    [
        # One class for each kind, no matter which operation; a create that was surely refused has failed.
        (EVERY, APIConnectionError, ["connect"]),
        (EVERY, APIStatusError, [301, 307, 402]),
        (EVERY, ValidationError, [400, 422]),
        (EVERY, AuthenticationError, [401]),
        (EVERY, PermissionDeniedError, [403]),
        (EVERY, NotFoundError, [404]),
        (EVERY, RateLimitError, [429]),
        # A read, an update (VINR's too) or a delete may be repeated by the caller: nothing about it is unknown.
        (KNOWN_IF_LOST, APITimeoutError, ["timeout"]),
        (KNOWN_IF_LOST, APIConnectionError, ["broken"]),
        (KNOWN_IF_LOST, APIStatusError, [302, 303, 408]),
        (KNOWN_IF_LOST, ServerError, [500, 503, 599]),
        (KNOWN_IF_LOST, ValidationError, ["saved, then refused"]),
        # Refused before anything was saved.
        (SPREE_CREATES, ValidationError, [(400, {"error": "wrong amount"})]),
        # A record of which nothing is known would fail later, elsewhere.
        (READ_ONE, InvalidResponseError, [(200, body) for body in NO_RECORD]),
        # Something between us and the server answers 200 to everything: nobody knows whether the create arrived.
        (CREATES, OutcomeUnknownError, [(201, body) for body in NO_RECORD]),
        # A credit that was made is not a user.
        (SPREE_CREATES, OutcomeUnknownError, [ANOTHER_TYPE]),
        # Only a DELETE makes a record go away.
        (READ_OR_CHANGE, NotFoundError, [("timeout", 404)]),
        # Nothing was lost, so that the record was not there in the first place.
        (DELETES, NotFoundError, [("connect", 404), (429, 404), ("connect", 429, 404)]),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else f"{value}"[:20] if isinstance(value, list) else "",
)
def test_the_error_of_each_kind_of_call(
    calls: dict[str, Any], error: type[StoreCreditError], outcomes: list[Any], subtests: pytest.Subtests
) -> None:
    """The class says what happened: refused, unusable, lost, or unknown."""
    for name, call in calls.items():
        with subtests.test(call=name):
            for outcome in outcomes:
                several = isinstance(outcome, tuple) and all(isinstance(one, str | int) for one in outcome)
                assert type(error_of(call, Outcomes(*outcome if several else (outcome,)))) is error, outcome


def test_a_success_that_stays_unreadable_is_an_invalid_response(subtests: pytest.Subtests) -> None:
    """A 200 whose body is not what it should be: the error carries the response."""
    for name, call in READ_OR_CHANGE.items():
        with subtests.test(call=name):
            for body in (b"", b"{", b"null", b"[]", b'"text"', b"<html></html>", b"\xff\xfe", DEEP):
                error = error_of(call, Outcomes((200, body)))
                assert type(error) is InvalidResponseError, body[:9]
                assert error.response is not None
                assert error.response.content == body
                assert error.status_code == 200


def test_a_call_that_may_have_been_executed_is_unknown(subtests: pytest.Subtests) -> None:
    """Nothing is lost: it is reported as unknown, never as failed, and by no error that invites to repeat it."""
    lost: list[Any] = ["timeout", "broken", 302, 303, 408, 500, 502, 503, 504, 599, "cut short", 204]
    lost += [(201, DEEP), (201, b""), (200, b"<html>"), (202, {"id": "job_1", "status": "queued"})]
    for name, call in UNKNOWN_IF_LOST.items():
        with subtests.test(call=name):
            for outcome in lost:
                error = error_of(call, Outcomes(outcome))
                assert type(error) is OutcomeUnknownError, outcome
                assert "outcome unknown" in str(error)
                assert not isinstance(error, APIConnectionError | APIStatusError)


@pytest.mark.parametrize("status", [200, 202, 206])
def test_another_success_does_not_say_that_a_create_was_done(status: int) -> None:
    """Not even with its record: the document names the one that does. A read, or an update, takes any."""
    error = error_of(EVERY["create"], Outcomes((status, ISSUED)))
    assert type(error) is OutcomeUnknownError
    assert f"sent {status}, but only 201 means success" in str(error)
    for name in ("retrieve", "update"):
        assert EVERY[name](Outcomes((status, CREDIT))).id == "sc_1"


def test_a_400_about_an_unknown_relationship_leaves_it_unknown(subtests: pytest.Subtests) -> None:
    """The server has saved the record, or the payment, by the time it notices the relationship."""
    for name, call in ONE_WAY.items():
        with subtests.test(call=name):
            error = error_of(call, Outcomes("saved, then refused"))
            assert type(error) is OutcomeUnknownError
            assert "most likely executed it" in str(error)
            assert "not specified as a relationship" in str(error)
            assert error.status_code == 400


@pytest.mark.parametrize("call", ["retrieve", "update", "credit delete"])
def test_the_cause_of_a_fault_is_chained_and_named(call: str) -> None:
    """What httpx raised is the cause; it does not leave the SDK itself."""
    for fault in ("connect", "timeout", "broken"):
        error = error_of(EVERY[call], Outcomes(fault))
        cause = error.__cause__
        assert isinstance(error, APIConnectionError)
        assert type(cause).__module__ == httpx.__name__
        assert type(cause).__name__ in str(error)


def test_a_404_to_a_resent_delete_counts_as_deleted(subtests: pytest.Subtests) -> None:
    """The earlier attempt went through and its response was lost."""
    for name, call in DELETES.items():
        with subtests.test(call=name):
            for lost in ("timeout", "broken", 408, 500, 502, 503, 504):
                met = Outcomes(lost, 404)
                assert call(met) is None, lost
                assert len(met.sent) == 2


def test_an_unknown_create_says_how_to_look_for_the_record() -> None:
    """The text names the method to call, what to filter by, and the time to compare with."""
    with pytest.raises(OutcomeUnknownError) as raised:
        EVERY["credit create"](Outcomes("timeout"), memo="this is not a filter")

    assert raised.value.lookup["sort"] == "-id"
    assert raised.value.lookup["filter"]["user_id_eq"] == "2"
    # No response told the server's time, and this machine's may be a day ahead.
    since = datetime.fromisoformat(raised.value.lookup["filter"]["created_at_gteq"])
    assert raised.value.started_at - since == timedelta(days=1)
    assert "memo" not in str(raised.value.lookup)
    for part in ("Before you create it again", "spree.store_credits.list(", "user_id_eq", "currency_eq", "+00:00"):
        assert part in str(raised.value)


@pytest.mark.parametrize("create", SPREE_CREATES)
def test_the_lookup_of_an_unknown_create_is_what_list_takes(create: str) -> None:
    """Passing `**error.lookup` to the resource's `list` asks for the record, newest first."""
    error = error_of(SPREE_CREATES[create], Outcomes(500))
    assert isinstance(error, OutcomeUnknownError)
    met = Outcomes("spree page")
    getattr(met.spree(), str(error.operation).split(".")[1]).list(**error.lookup)

    assert "filter%5B" in met.sent[0].target
    assert "sort=-id" in met.sent[0].target


@pytest.mark.parametrize("verb", ["POST", "PATCH"])
def test_an_unknown_raw_request_says_to_look_first(verb: str) -> None:
    """Where no operation stands behind a call there is no method to name."""
    with pytest.raises(OutcomeUnknownError, match="Check whether it took effect") as raised:
        Outcomes("timeout").spree().request(verb, "/api/v2/platform/orders", json={})

    assert raised.value.lookup == {}


def test_an_unknown_raw_patch_without_a_key_is_unknown_on_vinr_too() -> None:
    """A system that takes keys knows nothing of a request that carries none."""
    met = Outcomes("timeout")
    with pytest.raises(OutcomeUnknownError):
        met.vinr().request("PATCH", "/v1/tiers/t_1", json={})
    assert len(met.sent) == 1
    with pytest.raises(APITimeoutError):
        Outcomes("timeout").vinr().request("PATCH", "/v1/tiers/t_1", json={}, idempotency_key="k")


@pytest.mark.parametrize("outcome", ["timeout", 503, "cut short"])
def test_an_unknown_vinr_create_says_to_settle_it_by_its_key(outcome: Any) -> None:
    """The text names the method, says what it does, and that a refusal is replayed too."""
    with pytest.raises(OutcomeUnknownError, match=r"settle\(\).*idempotency_key.*even an error"):
        EVERY["create"](Outcomes(outcome))


def test_an_unknown_spree_create_with_a_reference_says_to_settle_it() -> None:
    """The text names the method and the reference, and that it waits before it looks."""
    with pytest.raises(OutcomeUnknownError, match=r"settle\(\), which waits .* the reference 'refund-4711'") as raised:
        EVERY["credit create"](Outcomes("timeout"), reference="refund-4711")

    assert raised.value.reference == "refund-4711"


@pytest.mark.parametrize("payment", PAYMENTS)
def test_an_unknown_payment_says_to_read_the_cart_or_order_first(payment: str) -> None:
    """And calls no repeat safe: it would leave two payments."""
    error = error_of(PAYMENTS[payment], Outcomes("timeout"))

    assert "cart" in str(error) or "order" in str(error)
    assert "may be repeated" not in str(error)
    assert isinstance(error, OutcomeUnknownError)
    assert error.lookup == {}


# What the error of an unknown outcome holds


@pytest.mark.parametrize("told", [True, False], ids=["the server told the time", "it did not"])
def test_an_unknown_outcome_says_when_the_call_began_and_ended(told: bool) -> None:
    """By the server's clock where a response told it, else by this machine's; the end always by this machine's."""
    date = {"Date": "Sun, 06 Nov 1994 08:49:37 GMT"} if told else {}
    met = Outcomes((503, b"", {"Retry-After": "10", **date}), (503, b"", {"Retry-After": "20"}), "timeout")
    with pytest.raises(OutcomeUnknownError) as raised:
        met.vinr().store_credit.create(customer="c", amount=1, currency="USD")
    error = raised.value

    assert error.by_server_clock is told
    assert error.started_at == (datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC) if told else met.clock.began)
    assert abs((error.ended_at - met.clock.began) - timedelta(seconds=30)) < timedelta(seconds=1)
    assert error.attempts == 3


def test_an_unknown_outcome_holds_its_request_without_credentials() -> None:
    """What `settle()` needs, in this process or another; the key and the customer's token are not in it."""
    with pytest.raises(OutcomeUnknownError) as raised:
        EVERY["create"](Outcomes("timeout"), extra_headers={"X-Trace": "1"}, extra_query={"a": "b"})
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
        Outcomes("timeout").spree().checkout.add_store_credit(order_token="S3CRET", customer_token="S3CRET2")
    assert cart.value.sent is not None
    assert "S3CRET" not in repr(tuple(cart.value.sent)) + repr(cart.value.__dict__)


@pytest.mark.parametrize(
    ("name", "sent", "received"), [("customer", "c", "other"), ("amount", 1, 2), ("currency", "USD", "EUR")]
)
def test_a_create_answered_with_something_else_is_unknown_and_sent_once(name: str, sent: Any, received: Any) -> None:
    """The error has both sides: what was sent and what came."""
    met = Outcomes((201, {**ISSUED, name: received}))
    with pytest.raises(OutcomeUnknownError, match=rf"{name} was sent as .* and came back as") as raised:
        EVERY["create"](met)

    assert raised.value.mismatch == ((name, sent, received),)
    assert len(met.sent) == 1


def test_what_was_not_sent_is_not_compared() -> None:
    """A server may set what the request leaves open."""
    assert EVERY["create"](Outcomes((201, {**ISSUED, "expires_at": 5}))).id == "sc_1"


def test_a_mismatch_after_a_replay_under_the_key_is_no_success_either() -> None:
    """Whatever came before it."""
    with pytest.raises(OutcomeUnknownError, match="came back as"):
        EVERY["create"](Outcomes(503, (201, CREDIT)))


@pytest.mark.parametrize("call", ["retrieve", "update", "credit retrieve", "credit update", "type retrieve"])
def test_another_record_than_was_asked_for_is_an_invalid_response(call: str) -> None:
    """A retrieve or an update names one record."""
    other = {**CREDIT, "id": "other", "data": {"id": "9", "type": "store_credit", "attributes": {}}}
    with pytest.raises(InvalidResponseError, match=r"id was sent as .* and came back as") as raised:
        EVERY[call](Outcomes((200, other)))

    assert raised.value.status_code == 200
