"""The arithmetic of waiting: bounds, jitter, and what a server may write into `Retry-After`."""

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

from hypothesis import example, given
from hypothesis import strategies as st

from store_credit._core.retry import LONGEST_DELAY, backoff, refuses_retry, retry_after
from together import together

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


@given(seconds=st.integers(0, 10**12), before=st.sampled_from(["", " ", "\t"]), after=st.sampled_from(["", "  "]))
def test_seconds_are_read_as_they_are(seconds: int, before: str, after: str) -> None:
    """Blanks around the number change nothing."""
    assert retry_after({"retry-after": f"{before}{seconds}{after}"}) == float(seconds)


@given(
    seconds=st.integers(-(10**8), 10**8),
    zone=st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)
def test_a_moment_is_read_as_the_seconds_until_it(seconds: int, zone: timezone) -> None:
    """In whichever zone it is written; one that has passed gives 0."""
    text = format_datetime((NOW + timedelta(seconds=seconds)).astimezone(zone))

    assert retry_after({"retry-after": text}, NOW) == max(0, seconds)


@together(
    ("text", "seconds"),
    [
        ("Sun, 22 Nov 2026 12:00:30 GMT", 30),
        # HTTP knows no other zone.
        ("Sun, 22 Nov 2026 12:00:30 -0000", 30),
        # The obsolete forms, which a recipient must take (RFC 9110, 5.6.7).
        ("Sunday, 22-Nov-26 12:00:30 GMT", 30),
        ("Sun Nov 22 12:00:30 2026", 30),
        ("1.5", 1.5),
        ("3, 9", 9),
        ("9, 3", 9),
        ("5, soon", 5),
        ("Sun, 22 Nov 2026 12:00:30 GMT, 40", 40),
        ("Sun, 22 Nov 2026 12:00:30 GMT, Sun, 22 Nov 2026 12:00:50 GMT", 50),
        ("2, Sunday, 22-Nov-26 12:00:30 GMT", 30),
        ("soon", None),
        ("", None),
        ("-1", None),
        ("1e3", None),
        ("+5", None),
        ("\N{ARABIC-INDIC DIGIT FIVE}", None),
    ],
)
def test_every_form_of_the_header_is_read(text: str, seconds: float | None) -> None:
    """Seconds, fractions of one, a moment, and the longest of several headers."""
    assert retry_after({"retry-after": text}, NOW) == seconds


@together(
    ("headers", "seconds"),
    [
        ({"retry-after-ms": "250"}, 0.25),
        ({"retry-after-ms": "0.5"}, 0.0005),
        ({"retry-after-ms": "250", "retry-after": "1"}, 1),
        ({"retry-after-ms": "2500", "retry-after": "1"}, 2.5),
        ({"retry-after-ms": "soon"}, None),
        ({"retry-after-ms": "soon", "retry-after": "1"}, 1),
        ({"retry-after-ms": "-5"}, None),
        ({}, None),
    ],
)
def test_milliseconds_have_a_header_of_their_own(headers: dict[str, str], seconds: float | None) -> None:
    """The longer of the two counts."""
    assert retry_after(headers, NOW) == seconds


@given(
    text=st.text()
    | st.from_regex(r"[A-Z][a-z]{2}, ?\d{1,3} [A-Z][a-z]{2} \d{1,20} \d{1,3}:\d\d(:\d\d)? ?(GMT|[+-]\d{1,9})?"),
    name=st.sampled_from(["retry-after", "retry-after-ms"]),
)
@example("Mon, 01 Jan 99999999999999 00:00:00 GMT", "retry-after")
@example("Fri, 31 Dec 9999 23:59:59 -2359", "retry-after")
@example("Mon, 01 Jan 0001 00:00:00 +2359", "retry-after")
@example("9" * 5000, "retry-after")
@example("9" * 5000, "retry-after-ms")
@example("9" * 5000 + ".5", "retry-after")
@example("\N{SUPERSCRIPT TWO}", "retry-after")
@example("-1", "retry-after-ms")
@example("inf", "retry-after")
@example("nan", "retry-after-ms")
def test_whatever_the_headers_hold_reading_them_does_not_fail(text: str, name: str) -> None:
    """The result is a number of seconds from 0 on, or None."""
    seconds = retry_after({name: text}, NOW)

    assert seconds is None or seconds >= 0


@together(
    ("headers", "refuses"),
    [
        ({"x-should-retry": "false"}, True),
        ({"x-should-retry": " False "}, True),
        ({"x-should-retry": "true"}, False),
        ({"x-should-retry": "no"}, False),
        ({}, False),
    ],
)
def test_a_server_may_refuse_a_repeat(headers: dict[str, str], refuses: bool) -> None:
    """`X-Should-Retry: false`, and nothing else."""
    assert refuses_retry(headers) is refuses
