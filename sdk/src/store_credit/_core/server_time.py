"""What time it was at the server, as far as its responses have told: the machine's own clock may be wrong."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from store_credit._core.retry import http_date

__all__ = ["ServerTime", "surely_before"]

_CLOCK_KNOWN: Final = timedelta(minutes=5)
_CLOCK_UNKNOWN: Final = timedelta(days=1)
"""How far clocks may differ: a `Date` of the server was seen, or only this machine's clock is known."""


def surely_before(moment: datetime, *, by_server_clock: bool) -> str | None:
    """A time, in ISO 8601, that a record made after `moment` is surely not older than, whatever the clocks show.

    None where there is no such time: a server may write the first moment of the year 1.
    """
    try:
        return (moment - (_CLOCK_KNOWN if by_server_clock else _CLOCK_UNKNOWN)).isoformat()
    except OverflowError:
        return None


class ServerTime:
    """The `Date` of the last response and when it arrived; read only when it is needed."""

    __slots__ = ("_seen",)

    def __init__(self) -> None:
        self._seen: tuple[bytes, float] | None = None

    def note(self, date: bytes | None, monotonic: float) -> None:
        """Keep the `Date` of a response that has just arrived. `monotonic` is in seconds."""
        if date is not None:
            self._seen = (date, monotonic)

    def at(self, monotonic: float) -> datetime | None:
        """The server's time at a moment of the monotonic clock, aware; None where no response told it.

        A `Date` has whole seconds and is written before the response arrives, so that this is early rather than late.
        """
        if self._seen is None:
            return None
        date, arrived = self._seen
        moment = http_date(date.decode("latin-1"))
        try:
            return None if moment is None else moment + timedelta(seconds=monotonic - arrived)
        except OverflowError:
            # A server may write the last moment of the year 9999.
            return None
