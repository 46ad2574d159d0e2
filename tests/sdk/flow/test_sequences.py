"""Several outcomes after one another, chosen by hand and by hypothesis."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flow_calls import EVERY, SPREE_CREATES, Outcomes, error_of
from store_credit import (
    APIConnectionError,
    AuthenticationError,
    ConflictError,
    NotFoundError,
    OutcomeUnknownError,
    RateLimitError,
    StoreCreditError,
    ValidationError,
)

PERHAPS_EXECUTED = {"timeout", "broken", 302, 303, 408, 500, 503, "cut short"}
OUTCOMES = [
    *["connect", "timeout", "broken", 302, 303, 400, 401, 403, 404, 408, 409, 422, 429, 500, 503],
    *["cut short", "in progress", "other body", "saved, then refused", "vinr credit", "spree record"],
]


@pytest.mark.parametrize(
    ("met", "error"),
    [
        (["timeout", 429, "connect"], OutcomeUnknownError),
        (["connect", 429, "timeout"], OutcomeUnknownError),
        (["timeout", "in progress", "in progress"], OutcomeUnknownError),
        (["timeout", 401], OutcomeUnknownError),
        (["timeout", 403], OutcomeUnknownError),
        (["broken", "cut short", 429], OutcomeUnknownError),
        ([500, (429, b"", {"Retry-After": "600"})], OutcomeUnknownError),
        (["connect", 429, "connect"], APIConnectionError),
        (["connect", "connect", 429], RateLimitError),
        (["connect", 401], AuthenticationError),
        ([503, (422, {"error": {"code": "amount_too_large"}})], ValidationError),
        ([503, (404, {"error": {"code": "resource_missing"}})], NotFoundError),
        ([503, 422], OutcomeUnknownError),
        ([503, (404, b"<html>no route</html>")], OutcomeUnknownError),
        ([503, (400, {"error": {"code": "parameter_invalid"}})], OutcomeUnknownError),
        ([503, "other body"], ConflictError),
        (["in progress", "in progress", "in progress"], ConflictError),
        ([503, 303], OutcomeUnknownError),
    ],
    ids=str,
)
def test_a_vinr_create_stays_unknown_once_an_answer_was_lost(met: list[Any], error: type[StoreCreditError]) -> None:
    """Only a response under the same key that speaks of the action itself settles it."""
    assert type(error_of(EVERY["create"], Outcomes(*met))) is error


@pytest.mark.parametrize(
    ("met", "error"),
    [
        (["connect", 429, "timeout"], OutcomeUnknownError),
        ([429, 500], OutcomeUnknownError),
        ([429, "saved, then refused"], OutcomeUnknownError),
        (["connect", "cut short"], OutcomeUnknownError),
        (["connect", "connect", "connect"], APIConnectionError),
        (["connect", 422], ValidationError),
        (["connect", 429, 429, (429, b"", {"Retry-After": "90"})], RateLimitError),
        (["connect", 303], OutcomeUnknownError),
    ],
    ids=str,
)
def test_a_spree_create_is_resent_until_an_attempt_may_have_arrived(
    met: list[Any], error: type[StoreCreditError]
) -> None:
    """From then on it is unknown and never sent again."""
    for create in SPREE_CREATES.values():
        prepared = Outcomes(*met, "spree record")
        assert type(error_of(create, prepared)) is error
        assert len(prepared.sent) == len(met)


def test_a_create_that_succeeds_after_lost_answers_gives_the_record() -> None:
    """The response kept under the key is the record itself."""
    assert EVERY["create"](Outcomes("timeout", "broken", "vinr credit")).id == "sc_1"


@given(data=st.data(), met=st.lists(st.sampled_from(OUTCOMES), min_size=1, max_size=6), retries=st.integers(0, 4))
def test_whatever_comes_a_call_keeps_its_promises(data: st.DataObject, met: list[Any], retries: int) -> None:
    """The budget holds, a key never changes, and what has none is not repeated once it may have been executed."""
    name = data.draw(st.sampled_from(list(EVERY)))
    prepared = Outcomes(*met)
    error: StoreCreditError | None = None
    try:
        EVERY[name](prepared, max_retries=retries)
    except StoreCreditError as raised:
        error = raised
    attempts = len(prepared.sent)
    used = (met + [met[-1]] * attempts)[:attempts]
    one_way = name.endswith(" create") or name in ("use", "add")
    resends = [outcome for outcome in used[:-1] if outcome != 429]

    assert len(resends) <= retries
    assert len(prepared.waits) - len(prepared.held) == len(resends)
    assert sum(prepared.held) <= 60
    assert retries > 0 or attempts == 1
    assert len(set(prepared.headers(b"Idempotency-Key"))) == 1
    if one_way:
        assert PERHAPS_EXECUTED.isdisjoint(used[:-1])
        assert isinstance(error, OutcomeUnknownError) or used[-1] not in PERHAPS_EXECUTED
    if isinstance(error, OutcomeUnknownError):
        assert one_way or name == "create"
        assert error.ended_at >= error.started_at
    if error is not None:
        assert error.attempts == attempts
