"""What is raised in the end, and what a create whose answer was lost says."""

from typing import Any

import pytest

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


@pytest.mark.parametrize(
    ("outcome", "error"),
    [
        ("connect", APIConnectionError),
        (302, APIStatusError),
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
        (408, APIStatusError),
        (500, ServerError),
        (503, ServerError),
        (599, ServerError),
    ],
)
def test_what_is_not_a_create_raises_ordinary_errors(
    not_a_create: Any, outcomes: Any, outcome: Any, error: type[StoreCreditError]
) -> None:
    """A read, an update (VINR's too) or a delete may be repeated by the caller: nothing about it is unknown."""
    with pytest.raises(StoreCreditError) as raised:
        not_a_create(outcomes(outcome))

    assert type(raised.value) is error


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"null", b"[]", b'"text"', b"<html></html>", b"\xff\xfe", DEEP],
    ids=["empty", "half", "null", "array", "string", "html", "no text", "too deep"],
)
def test_a_success_that_stays_unreadable_is_an_invalid_response(
    read_or_change: Any, outcomes: Any, body: bytes
) -> None:
    """A 200 whose body is not what it should be: the error carries the answer."""
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
    ["timeout", "broken", 408, 500, 502, 503, 504, 599, "cut short", (201, DEEP), (201, b""), (200, b"<html>")],
    ids=lambda outcome: f"{outcome}"[:12],
)
def test_a_create_without_a_trustworthy_answer_is_unknown(create: Any, outcomes: Any, outcome: Any) -> None:
    """Nothing is lost: it is reported as unknown, never as failed, and by no error that invites to repeat it."""
    with pytest.raises(OutcomeUnknownError, match="outcome unknown") as raised:
        create(outcomes(outcome))

    assert not isinstance(raised.value, APIConnectionError | APIStatusError)


def test_a_400_about_an_unknown_relationship_leaves_a_spree_create_unknown(spree_create: Any, outcomes: Any) -> None:
    """The server has saved the record by the time it notices the relationship."""
    with pytest.raises(OutcomeUnknownError, match="most likely saved") as raised:
        spree_create(outcomes("saved, then refused"))

    assert raised.value.status_code == 400
    assert "not specified as a relationship" in str(raised.value)


def test_a_400_about_an_unknown_relationship_is_a_refusal_elsewhere(not_a_create: Any, outcomes: Any) -> None:
    """Only a create can have made something."""
    with pytest.raises(ValidationError):
        not_a_create(outcomes("saved, then refused"))


def test_another_400_to_a_spree_create_is_a_refusal(spree_create: Any, outcomes: Any) -> None:
    """It was refused before anything was saved."""
    with pytest.raises(ValidationError, match="wrong amount"):
        spree_create(outcomes((400, {"error": "wrong amount"})))


@pytest.mark.parametrize("fault", ["connect", "timeout", "broken"])
def test_the_cause_of_a_fault_is_chained_and_named(not_a_create: Any, outcomes: Any, fault: str) -> None:
    """What httpx raised is the cause; it does not leave the SDK itself."""
    with pytest.raises(APIConnectionError) as raised:
        not_a_create(outcomes(fault))
    cause = raised.value.__cause__

    assert cause is not None
    assert type(cause).__module__ == "httpx"
    assert type(cause).__name__ in str(raised.value)


def test_an_unknown_create_says_how_to_look_for_the_record(calls: Any, outcomes: Any) -> None:
    """The text names the method to call, what to filter by, and the time to compare with."""
    with pytest.raises(OutcomeUnknownError) as raised:
        calls["credit create"](outcomes("timeout"), memo="this is no filter")

    assert raised.value.lookup["sort"] == "-id"
    assert raised.value.lookup["filter"]["user_id_eq"] == "2"
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


def test_an_unknown_raw_post_says_to_look_first(outcomes: Any) -> None:
    """Where no operation stands behind a call there is no method to name."""
    with pytest.raises(OutcomeUnknownError, match="Look for the record") as raised:
        outcomes("timeout").spree().request("POST", "/api/v2/platform/orders", json={})

    assert raised.value.lookup == {}


@pytest.mark.parametrize("outcome", ["timeout", 503, "cut short"])
def test_an_unknown_vinr_create_says_to_repeat_it_under_its_key(calls: Any, outcomes: Any, outcome: Any) -> None:
    """The text names the argument to pass."""
    with pytest.raises(OutcomeUnknownError, match=r"idempotency_key=error\.idempotency_key"):
        calls["create"](outcomes(outcome))


@pytest.mark.parametrize("lost", ["timeout", "broken", 408, 500, 502, 503, 504])
def test_a_404_to_a_resent_delete_counts_as_deleted(delete: Any, outcomes: Any, lost: Any) -> None:
    """The earlier attempt went through and its answer was lost."""
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
