"""Idempotency keys under which a call may still be running, on servers whose keys do not lock.

There a second request under a key is executed as well while the first one runs. So for a while after a call of unknown
outcome nothing else is sent under its key: whoever repeats it is told its outcome again, which can be settled.
"""

from __future__ import annotations

from copy import copy
from datetime import datetime, timedelta
from typing import Final

from store_credit._core import logs
from store_credit._core.clock import Clock
from store_credit._core.errors import OutcomeUnknownError
from store_credit._core.operation import Call

__all__ = ["GRACE", "Unsettled"]

GRACE: Final = 120.0
"""Seconds after the last attempt before which nobody can say that a request has not happened."""

_MOST: Final = 10_000


class Unsettled:
    """The keys of one client and of its copies; those of a child process come with it by fork."""

    __slots__ = ("_errors",)

    def __init__(self) -> None:
        self._errors: dict[str, OutcomeUnknownError] = {}

    def note(self, call: Call, error: BaseException, clock: Clock) -> None:
        """Remember a call that ended without an outcome: by this error, or cut off from outside while it was sent."""
        if call.sent_key is None or not call.operation.unlocked:
            return
        now = clock.now()
        if not isinstance(error, OutcomeUnknownError):
            if call.settles is not None or not (call.uncertain or call.on_wire):
                return
            error = OutcomeUnknownError("", operation=call.operation.id, idempotency_key=str(call.key), ended_at=now)
        # The oldest first.
        for name, one in list(self._errors.items()):
            if len(self._errors) > _MOST or _age(one, now) >= timedelta(seconds=GRACE):
                self._errors.pop(name, None)
        for name in {call.sent_key, str(call.key)}:
            self._errors[name] = error

    def check(self, call: Call, clock: Clock) -> None:
        """Let an attempt be sent, unless another call under the same key may still be running.

        Raises:
            OutcomeUnknownError: One may; its outcome is what the error is about.
        """
        error = None if call.sent_key is None else self._errors.get(call.sent_key)
        if error is None:
            return
        now = clock.now()
        age = _age(error, now)
        settled = call.settles is not None and error.ended_at <= call.settles.ended_at
        if settled or age >= timedelta(seconds=GRACE):
            return
        again = copy(error)
        again.__dict__.update(error.__dict__)
        left = GRACE - age.total_seconds()
        what = f"Repeat it in {left:.0f} s" if error.sent is None else "Pass this error to the client's settle()"
        text = (
            f"{call.operation.id}: nothing was sent. An earlier call with idempotency_key {str(call.key)!r} ended "
            f"{age.total_seconds():.0f} s ago without a known outcome. It may still be running, and a second call "
            f"would also be executed. {what}"
        )
        again.message = logs.shown(text)
        again.args = (again.message,)
        raise again


def _age(error: OutcomeUnknownError, now: datetime) -> timedelta:
    return max(timedelta(0), now - error.ended_at)
