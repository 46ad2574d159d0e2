"""What time it was at the server, as far as its responses have told."""

from datetime import UTC, datetime, timedelta

from store_credit._core.server_time import ServerTime
from together import together

DATE = b"Sun, 22 Nov 2026 12:00:30 GMT"
MOMENT = datetime(2026, 11, 22, 12, 0, 30, tzinfo=UTC)


def test_nothing_is_known_before_a_response_has_told_it() -> None:
    """One without a Date tells nothing, and takes nothing back."""
    seen = ServerTime()
    assert seen.at(0.0) is None
    seen.note(None, 1.0)
    assert seen.at(1.0) is None
    seen.note(DATE, 2.0)
    seen.note(None, 3.0)
    assert seen.at(2.0) == MOMENT


@together("seconds", [-3600.0, -1.5, 0.0, 0.25, 86400.0])
def test_the_time_of_another_moment_follows_from_the_monotonic_clock(seconds: float) -> None:
    """Before the response and after it: a call began before the response that told the time."""
    seen = ServerTime()
    seen.note(DATE, 1000.0)

    assert seen.at(1000.0 + seconds) == MOMENT + timedelta(seconds=seconds)


def test_the_last_response_counts() -> None:
    """A clock that was put right meanwhile is believed."""
    seen = ServerTime()
    seen.note(b"Sun, 22 Nov 2026 11:00:00 GMT", 0.0)
    seen.note(DATE, 10.0)

    assert seen.at(10.0) == MOMENT


@together("date", [b"Sunday, 22-Nov-26 12:00:30 GMT", b"Sun Nov 22 12:00:30 2026", b"Sun, 22 Nov 2026 13:00:30 +0100"])
def test_every_form_of_a_date_is_read_and_aware(date: bytes) -> None:
    """Those that are obsolete too (RFC 9110, 5.6.7)."""
    seen = ServerTime()
    seen.note(date, 0.0)
    moment = seen.at(0.0)

    assert moment == MOMENT
    assert moment is not None
    assert moment.utcoffset() is not None


@together("date", [b"", b"soon", b"Xyz, 99 Foo 2026", b"\xff\xfe", b"9" * 5000])
def test_a_date_that_cannot_be_read_tells_nothing(date: bytes) -> None:
    """Whatever the server writes there."""
    seen = ServerTime()
    seen.note(date, 0.0)

    assert seen.at(0.0) is None


@together("date", [b"Mon, 01 Jan 0001 00:00:00 GMT", b"Fri, 31 Dec 9999 23:59:59 GMT"])
def test_a_date_at_the_end_of_all_dates_does_no_harm(date: bytes) -> None:
    """Python has no moment before or after it: then nothing is known."""
    seen = ServerTime()
    seen.note(date, 1000.0)

    for seconds in (0.0, 500.0, 1000.0, 5000.0):
        moment = seen.at(seconds)
        assert moment is None or moment.utcoffset() is not None
