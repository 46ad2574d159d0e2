"""How long is waited between two attempts."""

from typing import Any

import pytest

from store_credit import APIStatusError, RateLimitError, StoreCreditError


def test_waits_grow_and_stay_below_their_bounds(repeatable_call: Any, outcomes: Any) -> None:
    """Half a second at most before the first resend, doubling up to eight."""
    met = outcomes("connect")
    with pytest.raises(StoreCreditError):
        repeatable_call(met, max_retries=8)

    for waited, bound in zip(met.waits, [0.5, 1, 2, 4, 8, 8, 8, 8], strict=True):
        assert 0 <= waited <= bound


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_the_server_is_waited_for_as_long_as_it_asks(repeatable_call: Any, outcomes: Any, status: int) -> None:
    """`Retry-After` takes the place of the SDK's own wait on whatever is resent."""
    met = outcomes((status, b"", {"Retry-After": "7"}))
    with pytest.raises(APIStatusError if status == 429 else StoreCreditError):
        repeatable_call(met)

    assert met.waits == [7.0, 7.0]


def test_the_wait_for_a_running_first_use_is_respected(keyed_call: Any, outcomes: Any) -> None:
    """409 in progress comes with a Retry-After of its own."""
    running = {"error": {"code": "idempotency_in_progress"}}
    met = outcomes((409, running, {"Retry-After": "1"}), "vinr credit")
    keyed_call(met)

    assert met.waits == [1.0]


@pytest.mark.parametrize(("text", "seconds"), [("0", 0), ("120", 120), ("Sun, 06 Nov 1994 08:49:37 GMT", 0)])
def test_both_forms_of_retry_after_are_read(outcomes: Any, text: str, seconds: float) -> None:
    """Seconds up to two minutes, or a moment; one that has passed means at once."""
    met = outcomes((429, b"", {"Retry-After": text}), "spree record")
    met.spree().store_credits.retrieve("7")

    assert met.waits == [seconds]


@pytest.mark.parametrize(
    "text", ["121", "86400", "9" * 400, "Fri, 31 Dec 9999 23:59:59 GMT"], ids=lambda text: text[:9]
)
@pytest.mark.parametrize("status", [429, 503])
def test_a_longer_wait_is_the_callers_to_decide(outcomes: Any, text: str, status: int) -> None:
    """More than 120 seconds are not waited: the error is raised at once."""
    met = outcomes((status, b"", {"Retry-After": text}))
    with pytest.raises(APIStatusError):
        met.spree().store_credits.retrieve("7")

    assert len(met.sent) == 1
    assert met.waits == []


@pytest.mark.parametrize("text", ["soon", "", "-5", "1.5", "Mon, 01 Jan 99999999999999 00:00:00 GMT", "Xyz, 99 Foo"])
def test_an_unreadable_retry_after_counts_as_none(outcomes: Any, text: str) -> None:
    """The SDK's own wait is used."""
    met = outcomes((429, b"", {"Retry-After": text}), "spree record")
    met.spree().store_credits.retrieve("7")

    assert len(met.waits) == 1
    assert 0 <= met.waits[0] <= 0.5


def test_a_rate_limit_error_says_how_long_to_wait(every_call: Any, outcomes: Any) -> None:
    """`retry_after` is in seconds, and None where the server did not say."""
    with pytest.raises(RateLimitError) as asked:
        every_call(outcomes((429, b"", {"retry-after": "300"})))
    with pytest.raises(RateLimitError) as silent:
        every_call(outcomes(429))

    assert asked.value.retry_after == 300.0
    assert silent.value.retry_after is None
