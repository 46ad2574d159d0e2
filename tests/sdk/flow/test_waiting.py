"""How long is waited between two attempts."""

from typing import Any

import pytest

from flow_calls import EVERY, KEYED, REPEATABLE, Outcomes, error_of
from store_credit import APIStatusError, RateLimitError, ServerError
from store_credit._core.rate_gate import Ticket
from store_credit._core.response import Response


def test_waits_grow_and_stay_below_their_bounds(subtests: pytest.Subtests) -> None:
    """Half a second at most before the first resend, doubling up to eight."""
    for name, call in REPEATABLE.items():
        with subtests.test(call=name):
            met = Outcomes("connect")
            error_of(call, met, max_retries=8)
            for waited, bound in zip(met.waits, [0.5, 1, 2, 4, 8, 8, 8, 8], strict=True):
                assert 0 <= waited <= bound


def test_the_server_is_waited_for_as_long_as_it_asks(subtests: pytest.Subtests) -> None:
    """`Retry-After` takes the place of the SDK's own wait on whatever is resent."""
    for name, call in REPEATABLE.items():
        with subtests.test(call=name):
            for status in (408, 500, 502, 503, 504):
                met = Outcomes((status, b"", {"Retry-After": "7"}))
                error_of(call, met)
                assert met.waits == [7.0, 7.0], status


def test_the_rate_limit_is_waited_for_as_long_as_the_server_asks(subtests: pytest.Subtests) -> None:
    """And up to a tenth longer, so that many waiters spread; until a minute is over, whatever the budget.

    The error says in seconds how long the server asks to wait, and None where it did not say.
    """
    for name, call in EVERY.items():
        with subtests.test(call=name):
            met = Outcomes((429, b"", {"Retry-After": "7"}))
            error: Any = error_of(call, met, max_retries=1)

            assert all(7 <= waited <= 7.7 for waited in met.waits)
            assert met.waits == met.held
            assert 53 < sum(met.waits) <= 60
            assert (type(error), error.retry_after) == (RateLimitError, 7)
            assert len(met.sent) == len(met.waits) + 1
            silent: Any = error_of(call, Outcomes(429))
            assert (type(silent), silent.retry_after) == (RateLimitError, None)


def test_a_call_that_was_never_refused_waits_in_the_queue_however_long_it_is() -> None:
    """Two thousand calls before it at one a second: it is sent once, in its turn, and not given up."""
    met = Outcomes("vinr credit")
    client = met.vinr()
    gate = client._settings.gates.gate(client._settings.credential.current, writes=True)
    first = Ticket(gate)
    first.enter(met.clock.monotonic())
    limit = [(b"x-ratelimit-limit", b"50"), (b"x-ratelimit-remaining", b"0"), (b"retry-after", b"1")]
    first.leave(Response(429, limit, b""), met.clock.monotonic(), met.clock.now)
    gate.rate = 1.0
    for _ in range(2000):
        Ticket(gate).enter(met.clock.monotonic())
    client.store_credit.create(customer="c", amount=1, currency="USD")

    assert 1990 < sum(met.waits) < 2300
    assert len(met.sent) == 1


def test_a_server_that_asks_everybody_for_a_long_wait_is_not_waited_for() -> None:
    """An hour is more than any call has: the call is sent, and its refusal is raised."""
    met = Outcomes((429, b"", {"Retry-After": "3600"}))
    client = met.vinr()
    for _ in range(2):
        with pytest.raises(RateLimitError):
            client.store_credit.create(customer="c", amount=1, currency="USD")

    assert met.waits == []
    assert len(met.sent) == 2


@pytest.mark.parametrize("keyed_call", KEYED.values(), ids=KEYED)
def test_the_wait_for_a_running_first_use_is_respected(keyed_call: Any) -> None:
    """409 in progress comes with a Retry-After of its own."""
    running = {"error": {"code": "idempotency_in_progress"}}
    met = Outcomes((409, running, {"Retry-After": "1"}), "vinr credit")
    keyed_call(met)

    assert met.waits == [1.0]


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "3", "retry-after": "Sun, 06 Nov 1994 08:49:37 GMT"}, 3),
        ({"Retry-After-Ms": "250", "Retry-After": "120"}, 120),
        ({"Date": "Sun, 06 Nov 1994 08:49:37 GMT", "Retry-After": "Sun, 06 Nov 1994 08:49:47 GMT"}, 10),
    ],
    ids=["repeated", "milliseconds", "a moment"],
)
def test_a_retry_after_of_any_form_is_waited_for(headers: dict[str, str], seconds: float) -> None:
    """Seconds up to two minutes, and a moment by the server's own clock; the forms are in test_retry.py."""
    met = Outcomes((503, b"", headers), "spree record")
    met.spree().store_credits.retrieve("7")

    assert met.waits == [seconds]


LONG = ["121", "86400", "9" * 400, "Fri, 31 Dec 9999 23:59:59 GMT"]


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("text", LONG, ids=lambda text: text[:9])
def test_a_longer_wait_is_the_callers_to_decide(text: str, status: int) -> None:
    """More than 120 seconds, or the client's `max_rate_limit_wait`, are not waited: the error is raised at once."""
    met = Outcomes((status, b"", {"Retry-After": text}))
    with pytest.raises(APIStatusError):
        met.spree().store_credits.retrieve("7")

    assert len(met.sent) == 1
    assert met.waits == []


@pytest.mark.parametrize("text", ["soon", "-5"])
@pytest.mark.parametrize("status", [429, 503])
def test_an_unreadable_retry_after_counts_as_none(text: str, status: int) -> None:
    """The SDK's own wait is used."""
    met = Outcomes((status, b"", {"Retry-After": text}), "spree record")
    met.spree().store_credits.retrieve("7")

    assert len(met.waits) == 1
    assert 0 <= met.waits[0] <= 0.55


# The gate of the rate limit


@pytest.mark.parametrize("asked", [1, 30, 54.6, 59.9, 60])
def test_a_wait_that_fits_is_waited_for_and_no_request_is_wasted(asked: float) -> None:
    """The jitter ends where the call's time does, so that the next attempt is the first after the wait."""
    for _ in range(20):
        met = Outcomes((429, b"", {"Retry-After": f"{asked}"}), "spree record")
        met.spree().store_credits.retrieve("7")
        (waited,) = met.waits

        assert len(met.sent) == 2
        assert asked <= waited <= min(60, 1.1 * asked)


@pytest.mark.parametrize("asked", ["20", "31", "59.9", "60"])
def test_a_server_that_goes_on_refusing_is_not_hammered(asked: str) -> None:
    """However the waits add up to the minute: there is one before every request but the first."""
    for _ in range(20):
        met = Outcomes((429, b"", {"Retry-After": asked}))
        with pytest.raises(RateLimitError):
            met.spree().store_credits.retrieve("7")

        assert len(met.sent) == len(met.waits) + 1


@pytest.mark.parametrize(
    ("setting", "asked", "waits"),
    [({"max_rate_limit_wait": 5}, 6, 0), ({"max_rate_limit_wait": 300}, 200, 1), ({"max_rate_limit_wait": 0}, 1, 0)],
    ids=str,
)
def test_how_long_a_rate_limit_is_waited_for_is_a_setting(setting: dict[str, float], asked: int, waits: int) -> None:
    """In seconds, for all waits of a call together."""
    met = Outcomes((429, b"", {"Retry-After": f"{asked}"}))
    with pytest.raises(RateLimitError):
        met.spree(**setting).store_credits.retrieve("7")

    assert len(met.waits) == waits
    assert len(met.sent) == waits + 1


@pytest.mark.parametrize(("deadline", "sent"), [(10, 1), (40, 2), (100, 3)])
def test_the_rate_limit_is_not_waited_for_past_the_deadline(deadline: float, sent: int) -> None:
    """The error says what the server said, and comes while there is time to act on it."""
    met = Outcomes((429, b"", {"Retry-After": "25"}))
    with pytest.raises(RateLimitError):
        met.spree().store_credits.retrieve("7", deadline=deadline)

    assert len(met.sent) == sent
    assert met.clock.passed < deadline


@pytest.mark.parametrize(("deadline", "sent"), [(6, 1), (10, 2), (15, 3), (None, 3)])
def test_no_wait_ends_after_the_deadline(deadline: float | None, sent: int) -> None:
    """A resend that could not be finished is not begun."""
    met = Outcomes((503, b"", {"Retry-After": "7"}))
    with pytest.raises(ServerError):
        met.spree(deadline=deadline).store_credits.retrieve("7")

    assert len(met.sent) == sent


def test_calls_of_one_credential_share_the_gate() -> None:
    """What one call has learned keeps the next from being refused; another credential has a limit of its own."""
    met = Outcomes((429, b"", {"Retry-After": "30"}), "spree record")
    client = met.spree()
    client.store_credits.retrieve("7")
    met.prepared.appendleft((429, b"", {"Retry-After": "30"}))
    with pytest.raises(RateLimitError):
        client.store_credits.retrieve("7", max_retries=0)
    met.waits.clear()
    client.with_options(token="another").store_credits.retrieve("7")
    assert met.waits == []
    client.with_options(timeout=5).store_credits.retrieve("7")

    assert len(met.waits) == 1
    assert 30 <= met.waits[0] <= 33


def test_reads_and_writes_have_gates_of_their_own() -> None:
    """As they have limits of their own (contract/vinr.md section 9)."""
    met = Outcomes((429, b"", {"Retry-After": "30"}), "vinr credit")
    client = met.vinr()
    with pytest.raises(RateLimitError):
        client.store_credit.retrieve("sc_1", max_retries=0)
    client.store_credit.update("sc_1", expires_at=None)
    assert met.waits == []
    client.store_credit.retrieve("sc_1")

    assert len(met.waits) == 1
