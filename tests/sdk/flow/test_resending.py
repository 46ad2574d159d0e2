"""Which outcome of which operation is sent again, and how often."""

from collections.abc import Callable, Iterable
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest

from flow_calls import EVERY, KEYED, ONE_WAY, OTHERS, REPEATABLE, SPREE_CREATES, Outcomes, error_of
from store_credit import NotFoundError, OutcomeUnknownError, RateLimitError, ServerError, api
from store_credit._core.credentials import Secret
from store_credit._core.operation import Operation

PERHAPS_EXECUTED = ["timeout", "broken", 408, 500, 502, 503, 504, 599]
ANOTHER_409 = ["other body", 409, (409, b"<html>"), (409, {"error": {"message": "idempotency_in_progress"}})]
BUSY = [408, 429, 503, (409, {"error": {"code": "idempotency_in_progress"}})]


def resent(call: Callable[..., Any], outcome: Any) -> bool:
    """Whether a call with one resend to spare is sent again."""
    met = Outcomes(outcome)
    error_of(call, met, max_retries=1)
    assert len(met.waits) == len(met.sent) - 1
    assert len(met.sent) in (1, 2)
    return len(met.sent) == 2


@pytest.mark.parametrize(
    ("calls", "outcomes", "expected"),
    [
        # Nothing was sent: every operation may be sent again.
        (EVERY, ["connect"], True),
        # GET, DELETE, the updates, remove, and what carries a key.
        (REPEATABLE, PERHAPS_EXECUTED, True),
        # A refusal that would be the same the next time.
        (EVERY, [301, 400, 401, 402, 403, 404, 405, 410, 422], False),
        # The response of the first use is on its way.
        (KEYED, ["in progress"], True),
        # A system without keys cannot have a first use running.
        (SPREE_CREATES, ["in progress"], False),
        # A conflict stays one.
        (EVERY, [*ANOTHER_409, (409, ["code"])], False),
        # A success cut short is a broken response.
        (KEYED | OTHERS, ["cut short"], True),
    ],
    ids=["not sent", "repeatable", "refused", "running", "running without a key", "another 409", "cut short"],
)
def test_what_is_sent_again(
    calls: dict[str, Callable[..., Any]], outcomes: Iterable[Any], expected: bool, subtests: pytest.Subtests
) -> None:
    """Once, where there is one resend to spare."""
    for name, call in calls.items():
        with subtests.test(call=name):
            for outcome in outcomes:
                assert resent(call, outcome) is expected, outcome


def test_429_is_waited_for_by_every_call_and_pays_no_retry(subtests: pytest.Subtests) -> None:
    """The server has not acted. The gate does the waiting, and the budget is there for what goes wrong otherwise.

    `max_retries=0` is for callers that do their own waiting.
    """
    for name, call in EVERY.items():
        with subtests.test(call=name):
            met = Outcomes(*[(429, b"", {"Retry-After": "1"})] * 5, "connect", 404)
            error = error_of(call, met, max_retries=1)
            assert isinstance(error, NotFoundError)
            assert len(met.sent) == error.attempts == 7
            assert len(met.held) >= 5
            assert len(met.waits) - len(met.held) == 1

            met = Outcomes(429)
            assert isinstance(error_of(call, met, max_retries=0), RateLimitError)
            assert (len(met.sent), met.waits) == (1, [])


def test_what_may_not_be_repeated_is_sent_once_when_the_server_may_have_acted(subtests: pytest.Subtests) -> None:
    """A create without a key, and a payment with credit: a resend that overlaps the first request doubles it.

    With "saved, then refused" the record, or the payment, is there by then.
    """
    for name, call in ONE_WAY.items():
        with subtests.test(call=name):
            for outcome in [*PERHAPS_EXECUTED, "cut short", 302, 303, "saved, then refused"]:
                met = Outcomes(outcome)
                assert isinstance(error_of(call, met, max_retries=9), OutcomeUnknownError), outcome
                assert (len(met.sent), met.waits) == (1, []), outcome


@pytest.mark.parametrize("outcome", [302, 303])
def test_a_redirect_after_a_create_with_a_key_is_not_resent(outcome: int) -> None:
    """It may say that the create was done (RFC 9110, 15.4.4), and would say so again."""
    met = Outcomes(outcome)
    assert isinstance(error_of(EVERY["create"], met, max_retries=9), OutcomeUnknownError)
    assert len(met.sent) == 1


@pytest.mark.parametrize("call", KEYED.values(), ids=KEYED)
def test_a_server_may_ask_not_to_be_asked_again(call: Any) -> None:
    """`X-Should-Retry: false` is a veto on any resend."""
    for outcome in BUSY:
        status, body = outcome if isinstance(outcome, tuple) else (outcome, b"")
        assert not resent(call, (status, body, {"X-Should-Retry": "False"}))
    assert resent(call, (503, b"", {"X-Should-Retry": "true"}))


def test_two_resends_are_the_default_and_all_attempts_are_the_same_request(subtests: pytest.Subtests) -> None:
    """Three attempts in all, and the error tells so; method, target, headers and body do not change between them."""
    for name, call in EVERY.items():
        with subtests.test(call=name):
            met = Outcomes("connect" if name in ONE_WAY else 503)
            error = error_of(call, met, extra_headers={"X-Trace": "1"}, extra_query={"a": "b c"})
            first, *others = [(one.method, one.target, one.headers, one.content) for one in met.sent]

            assert error.attempts == 3
            assert others == [first, first]


@pytest.mark.parametrize("retries", [0, 1, 5])
def test_a_client_has_a_budget_and_a_call_may_have_its_own(retries: int) -> None:
    """`max_retries` of the call wins over that of the client, which stays as it was."""
    client = Outcomes(500).spree(max_retries=3)
    for options, expected in [({"max_retries": retries}, retries + 1), ({}, 4)]:
        with pytest.raises(ServerError) as raised:
            client.store_credits.retrieve("7", **options)
        assert raised.value.attempts == expected


def test_a_result_tells_how_many_attempts_it_took() -> None:
    """The response behind it counts from one."""
    credit = Outcomes("connect", 503, "vinr credit").vinr().store_credit.retrieve("sc_1")

    assert credit.last_response.attempts == 3


def test_every_operation_stands_in_the_tables() -> None:
    """The agreed operations are all tried; one added later follows the same rules, which are generated with it."""
    tested: set[str] = set()
    for call in EVERY.values():
        met = Outcomes(404)
        error_of(call, met)
        tested.add(met.sent[0].operation)
    modules = [import_module(f"store_credit.api.{one.name}") for one in iter_modules(api.__path__)]
    generated = {one.id for module in modules for one in vars(module).values() if isinstance(one, Operation)}

    assert tested <= generated
    assert len(tested) >= 23


def test_renewing_a_token_costs_nothing_of_the_budget() -> None:
    """The resends that faults earn are still there afterwards; the request goes out with the new token at once."""
    met = Outcomes(503, 401, 503, "spree record")
    met.spree(token=lambda: "").store_credits.retrieve("7", max_retries=2)

    assert met.headers(b"Authorization") == [b"Bearer first"] * 2 + [b"Bearer second"] * 2
    assert met.refused == [None, Secret("first")]
    assert len(met.waits) == 2
