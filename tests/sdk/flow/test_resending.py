"""Which outcome of which operation is sent again, and how often."""

from collections.abc import Callable
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest

from store_credit import NotFoundError, OutcomeUnknownError, RateLimitError, ServerError, StoreCreditError, api
from store_credit._core.operation import Operation

PERHAPS_EXECUTED = ["timeout", "broken", 408, 500, 502, 503, 504, 599]
REFUSED = [301, 400, 402, 403, 404, 405, 410, 422]


def resent(call: Callable[..., Any], met: Any) -> bool:
    """Whether a call with one resend to spare is sent again."""
    with pytest.raises(StoreCreditError):
        call(met, max_retries=1)
    assert len(met.waits) == len(met.sent) - 1
    assert len(met.sent) in (1, 2)
    return len(met.sent) == 2


def test_every_call_is_resent_when_it_was_not_sent(every_call: Any, outcomes: Any) -> None:
    """No connection: every operation may be sent again."""
    assert resent(every_call, outcomes("connect"))


def test_every_call_is_resent_after_429_and_pays_no_retry(every_call: Any, outcomes: Any) -> None:
    """The server has not acted. The gate does the waiting, and the budget is there for what goes wrong otherwise."""
    met = outcomes(*[(429, b"", {"Retry-After": "1"})] * 5, "connect", 404)
    with pytest.raises(NotFoundError) as raised:
        every_call(met, max_retries=1)

    assert len(met.sent) == raised.value.attempts == 7
    assert len(met.held) >= 5
    assert len(met.waits) - len(met.held) == 1


def test_without_resends_429_is_raised_at_once(every_call: Any, outcomes: Any) -> None:
    """`max_retries=0` is for callers that do their own waiting."""
    met = outcomes(429)
    with pytest.raises(RateLimitError):
        every_call(met, max_retries=0)

    assert len(met.sent) == 1
    assert met.waits == []


@pytest.mark.parametrize("outcome", PERHAPS_EXECUTED)
def test_what_may_be_repeated_is_resent_when_the_server_may_have_acted(
    repeatable_call: Any, outcomes: Any, outcome: Any
) -> None:
    """Timeout, broken connection, 408 and 5xx: GET, DELETE, the updates, remove, and what carries a key."""
    assert resent(repeatable_call, outcomes(outcome))


@pytest.mark.parametrize("outcome", [*PERHAPS_EXECUTED, "cut short", 302, 303])
def test_what_may_not_be_repeated_is_sent_once_when_the_server_may_have_acted(
    one_way_call: Any, outcomes: Any, outcome: Any
) -> None:
    """A create without a key, and a payment with credit: a resend that overlaps the first request doubles it."""
    met = outcomes(outcome)
    with pytest.raises(OutcomeUnknownError):
        one_way_call(met, max_retries=9)

    assert len(met.sent) == 1
    assert met.waits == []


def test_what_was_refused_after_it_was_done_is_not_resent(one_way_call: Any, outcomes: Any) -> None:
    """The record, or the payment, is there by then."""
    met = outcomes("saved, then refused")
    with pytest.raises(OutcomeUnknownError):
        one_way_call(met, max_retries=9)

    assert len(met.sent) == 1


@pytest.mark.parametrize("outcome", [302, 303])
def test_a_redirect_after_a_create_with_a_key_is_not_resent(calls: Any, outcomes: Any, outcome: int) -> None:
    """It may say that the create was done (RFC 9110, 15.4.4), and would say so again."""
    met = outcomes(outcome)
    with pytest.raises(OutcomeUnknownError):
        calls["create"](met, max_retries=9)

    assert len(met.sent) == 1


@pytest.mark.parametrize("outcome", REFUSED)
def test_other_refusals_are_not_resent(every_call: Any, outcomes: Any, outcome: Any) -> None:
    """A refusal that would be the same the next time is raised at once."""
    assert not resent(every_call, outcomes(outcome))


def test_409_is_resent_while_the_first_use_of_the_key_is_running(keyed_call: Any, outcomes: Any) -> None:
    """Code idempotency_in_progress: the response of the first use is on its way."""
    assert resent(keyed_call, outcomes("in progress"))


@pytest.mark.parametrize(
    "outcome",
    ["other body", 409, (409, b"<html>"), (409, {"error": {"message": "idempotency_in_progress"}}), (409, ["code"])],
    ids=["conflict", "no body", "html", "in the message alone", "a list"],
)
def test_another_409_is_not_resent(every_call: Any, outcomes: Any, outcome: Any) -> None:
    """A conflict stays one."""
    assert not resent(every_call, outcomes(outcome))


def test_409_in_progress_means_nothing_without_a_key(spree_create: Any, outcomes: Any) -> None:
    """A system without keys cannot have a first use running."""
    assert not resent(spree_create, outcomes("in progress"))


def test_a_success_that_cannot_be_read_is_asked_for_again(call_with_result: Any, outcomes: Any) -> None:
    """A success cut short is a broken response."""
    assert resent(call_with_result, outcomes("cut short"))


@pytest.mark.parametrize("outcome", [503, 408, "in progress", 429])
def test_a_server_may_ask_not_to_be_asked_again(keyed_call: Any, outcomes: Any, outcome: Any) -> None:
    """`X-Should-Retry: false` is a veto on any resend."""
    status, body = (409, {"error": {"code": "idempotency_in_progress"}}) if outcome == "in progress" else (outcome, b"")
    assert not resent(keyed_call, outcomes((status, body, {"X-Should-Retry": "False"})))
    assert resent(keyed_call, outcomes((503, b"", {"X-Should-Retry": "true"})))


def test_two_resends_are_the_default(repeatable_call: Any, outcomes: Any) -> None:
    """Three attempts in all, and the error tells so."""
    met = outcomes(503)
    with pytest.raises(StoreCreditError) as raised:
        repeatable_call(met)

    assert len(met.sent) == 3
    assert raised.value.attempts == 3


@pytest.mark.parametrize("retries", [0, 1, 5])
def test_a_client_has_a_budget_and_a_call_may_have_its_own(outcomes: Any, retries: int) -> None:
    """`max_retries` of the call wins over that of the client, which stays as it was."""
    client = outcomes(500).spree(max_retries=3)
    for options, expected in [({"max_retries": retries}, retries + 1), ({}, 4)]:
        with pytest.raises(ServerError) as raised:
            client.store_credits.retrieve("7", **options)
        assert raised.value.attempts == expected


def test_a_result_tells_how_many_attempts_it_took(outcomes: Any) -> None:
    """The response behind it counts from one."""
    credit = outcomes("connect", 503, "vinr credit").vinr().store_credit.retrieve("sc_1")

    assert credit.last_response.attempts == 3


def test_every_attempt_puts_the_same_request_on_the_wire(every_call: Any, outcomes: Any) -> None:
    """Method, target, headers and body do not change between attempts."""
    met = outcomes("connect")
    with pytest.raises(StoreCreditError):
        every_call(met, extra_headers={"X-Trace": "1"}, extra_query={"a": "b c"})
    first, *others = [(one.method, one.target, one.headers, one.content) for one in met.sent]

    assert others == [first, first]


def test_every_operation_stands_in_the_tables(calls: dict[str, Any], outcomes: Any) -> None:
    """The agreed operations are all tried; one added later follows the same rules, which are generated with it."""
    tested: set[str] = set()
    for call in calls.values():
        met = outcomes(404)
        with pytest.raises(NotFoundError):
            call(met)
        tested.add(met.sent[0].operation)
    modules = [import_module(f"store_credit.api.{one.name}") for one in iter_modules(api.__path__)]
    generated = {one.id for module in modules for one in vars(module).values() if isinstance(one, Operation)}

    assert tested <= generated
    assert len(tested) >= 23
