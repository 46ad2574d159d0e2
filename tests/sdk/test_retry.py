"""The arithmetic of waiting: bounds, jitter, and what a server may write into `Retry-After`."""

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

from hypothesis import example, given
from hypothesis import strategies as st

from store_credit._core.retry import FIRST_DELAY, LONGEST_DELAY, backoff, retry_after

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@given(retry=st.integers(1, 10_000))
def test_a_wait_lies_between_nothing_and_a_bound_that_doubles_up_to_eight_seconds(retry: int) -> None:
    """0.5, 1, 2, 4 and then 8 seconds are the most that is waited."""
    bound = [0.5, 1.0, 2.0, 4.0, 8.0][min(retry, 5) - 1]

    assert backoff(retry, lambda low, high: high) == bound
    assert backoff(retry, lambda low, high: low) == 0
    assert 0 <= backoff(retry) <= bound


def test_waits_are_spread_over_the_whole_range() -> None:
    """Full jitter: clients that failed together do not come back together."""
    waits = [backoff(5) for _ in range(300)]

    assert len(set(waits)) > 200
    assert min(waits) < LONGEST_DELAY / 4
    assert max(waits) > LONGEST_DELAY * 3 / 4


def test_the_first_wait_is_short() -> None:
    """A hiccup of a moment costs a moment."""
    assert FIRST_DELAY == 0.5


@given(seconds=st.integers(0, 10**12), before=st.sampled_from(["", " ", "\t"]), after=st.sampled_from(["", "  "]))
def test_seconds_are_read_as_they_are(seconds: int, before: str, after: str) -> None:
    """Blanks around the number change nothing."""
    assert retry_after(f"{before}{seconds}{after}") == float(seconds)


@given(
    seconds=st.integers(-(10**8), 10**8),
    zone=st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)
def test_a_moment_is_read_as_the_seconds_until_it(seconds: int, zone: timezone) -> None:
    """In whichever zone it is written; one that has passed gives 0."""
    text = format_datetime((NOW + timedelta(seconds=seconds)).astimezone(zone))

    assert retry_after(text, NOW) == max(0, seconds)


def test_a_moment_in_the_form_of_http_is_read() -> None:
    """`GMT` is the zone that HTTP writes."""
    assert retry_after("Sun, 22 Nov 2026 12:00:30 GMT", NOW) == 30


def test_a_moment_without_a_zone_is_in_utc() -> None:
    """HTTP knows no other."""
    assert retry_after("Sun, 22 Nov 2026 12:00:30 -0000", NOW) == 30


@given(
    text=st.text()
    | st.from_regex(r"[A-Z][a-z]{2}, ?\d{1,3} [A-Z][a-z]{2} \d{1,20} \d{1,3}:\d\d(:\d\d)? ?(GMT|[+-]\d{1,9})?")
)
@example("Mon, 01 Jan 99999999999999 00:00:00 GMT")
@example("Fri, 31 Dec 9999 23:59:59 -2359")
@example("Mon, 01 Jan 0001 00:00:00 +2359")
@example("9" * 5000)
@example("²")
@example("1.5")
@example("-1")
@example("inf")
def test_whatever_the_header_holds_reading_it_does_not_fail(text: str) -> None:
    """The result is a number of seconds from 0 on, or None."""
    seconds = retry_after(text, NOW)

    assert seconds is None or seconds >= 0


def test_no_header_is_no_wish() -> None:
    """None stands for what is not there."""
    assert retry_after(None) is None
