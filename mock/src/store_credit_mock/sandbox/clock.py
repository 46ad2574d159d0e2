"""The sandbox's clock: real, frozen or stepping."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import formatdate
from typing import Any, Final, Literal, TypeAlias

__all__ = ["LATEST", "SEEDED_START", "Clock", "Mode", "Moment", "as_iso", "as_milliseconds"]

SEEDED_START: Final = 1_795_305_600_000
"""Where the clock of a seeded sandbox starts: 2026-11-22T00:00:00Z, in Unix milliseconds."""

LATEST: Final = 253_402_300_799_999
"""The last time a clock shows, in Unix milliseconds: 9999-12-31T23:59:59.999Z. A year is written with four digits."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)

Mode: TypeAlias = Literal["real", "frozen", "stepping"]
Moment: TypeAlias = tuple[Mode, int, int]


def as_iso(milliseconds: int) -> str:
    """A time in Unix milliseconds as ISO 8601 in UTC, exactly: `2026-11-22T10:00:00.001Z`."""
    at = _EPOCH + milliseconds * _MILLISECOND
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def as_milliseconds(moment: datetime) -> int:
    """A time with a zone in Unix milliseconds, exactly; what is less than one is dropped."""
    return (moment - _EPOCH) // _MILLISECOND


class Clock:
    """The sandbox's time, in Unix milliseconds (UTC).

    `real` is the machine's time plus what was advanced; `frozen` stands still; `stepping` moves 1 ms with each request,
    which is how a seeded sandbox starts. At the end of the year 9999 it stands.
    """

    __slots__ = ("_date", "_step", "machine", "mode", "offset", "start")

    def __init__(self, mode: Mode = "real", start: int = 0, machine: Callable[[], float] = time.time) -> None:
        self.mode: Mode = mode
        self.start = start
        self.offset = 0
        self.machine = machine
        self._step = 0
        self._date = (-1, b"")

    def now(self) -> int:
        """The time, in Unix milliseconds."""
        return self.step(self._step)

    def http_date(self) -> bytes:
        """The time as a response's `Date` says it (RFC 9110, 5.6.7), by which clients reckon what the server means."""
        second = self.step(self._step) // 1000
        made, text = self._date
        if made != second:
            text = formatdate(second, usegmt=True).encode()
            # In one piece: threads share it.
            self._date = (second, text)
        return text

    def step(self, ordinal: int) -> int:
        """Take note of a request's number, and say the time of that request."""
        self._step = ordinal
        if self.mode == "real":
            now = int(self.machine() * 1000) + self.offset
        else:
            now = self.start + self.offset + (ordinal if self.mode == "stepping" else 0)
        if now > LATEST:
            return LATEST
        return now

    def freeze(self, at: int | None = None) -> None:
        """Stand still, at a time or at the present one.

        Raises:
            ValueError: The time lies before 1970 or after 9999.
        """
        now = self.now() if at is None else at
        if not 0 <= now <= LATEST:
            raise ValueError("the clock must be between 1970-01-01 and 9999-12-31 (UTC)")
        self.mode, self.start, self.offset = "frozen", now, 0

    def advance(self, milliseconds: int) -> None:
        """Jump ahead. The clock goes on in the mode it is in.

        Raises:
            ValueError: The jump leads back, or beyond the year 9999.
        """
        if milliseconds < 0:
            raise ValueError("the clock only moves forward; freeze it to set an earlier time")
        if self.now() + milliseconds > LATEST:
            raise ValueError("the clock cannot be set later than 9999-12-31 (UTC)")
        self.offset += milliseconds

    def resume(self, *, seeded: bool = False) -> None:
        """Run on from the present time: with the machine, or under a seed 1 ms a request."""
        now = self.now()
        if seeded:
            self.mode, self.start, self.offset = "stepping", now - self._step, 0
        else:
            self.mode, self.start, self.offset = "real", 0, now - int(self.machine() * 1000)

    def state(self) -> dict[str, Any]:
        """What `restore` takes."""
        return {"mode": self.mode, "start": self.start, "offset": self.offset}

    def restore(self, state: dict[str, Any]) -> None:
        """Go back to a state."""
        self.mode, self.start, self.offset = state["mode"], int(state["start"]), int(state["offset"])
