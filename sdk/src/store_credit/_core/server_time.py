"""What time it was at the server, as far as its responses have told: the machine's own clock may be wrong."""

from __future__ import annotations

from datetime import datetime, timedelta

from store_credit._core.retry import http_date

__all__ = ["ServerTime"]


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
