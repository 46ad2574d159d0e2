"""The line of a journal about itself: which one it is, how far it has come, and what it may have lost.

A journal that was restored from an older copy does not know what was sent since. So nothing of it is sent as if it was
new: each step that may have been sent meanwhile is looked up first, by its mark or by what the customer has.
"""

from __future__ import annotations

import secrets
from typing import Final

import attrs

from store_credit_jobs.journal.database import Database, Value
from store_credit_jobs.journal.steps import RESTORED

__all__ = [
    "BEGIN",
    "Origin",
    "accept_loss",
    "begin_values",
    "follow_clock",
    "look_up_first",
    "raise_counter",
    "read_origin",
]

BEGIN: Final = "INSERT INTO origin (journal, counter, began, at) VALUES (?, ?, ?, ?)"
_SET_BY: Final = 0.1
"""Seconds: clocks that differ by less were not set in between."""
_SAID: Final = "the journal was restored from an older copy, so the row is looked up before it is sent"
_LOOK_UP: Final = (
    "state = 'unknown', code = ?, said = ?, first_sent = ?, first_attempt = attempt, last_sent = ?, credential = NULL"
)
_OPEN: Final = "state IN ('sending', 'unknown', 'held')"


@attrs.frozen(slots=True)
class Origin:
    """What a journal says of itself.

    Attributes:
        journal: Its id, which copies of it share.
        counter: How often it was marked.
        began: When it was made, seconds since 1970.
        at: When it was marked last: what was lost was written after that.
        boot: Of which start of which machine the clock was, or None where that is not known.
        ahead: Seconds since 1970 at that start, by the clock as it was set then.
        lost_since: From when on it may lack what was sent, or None where it lacks nothing.
        lost_until: Until when.
    """

    journal: str
    counter: int
    began: float
    at: float
    boot: str | None
    ahead: float | None
    lost_since: float | None
    lost_until: float | None


def begin_values(now: float) -> tuple[Value, ...]:
    """Give the values of `BEGIN` for a journal that is made."""
    return f"jr_{secrets.token_hex(10)}", 0, now, now


def read_origin(db: Database) -> Origin | None:
    """Give what a journal says of itself; None for one that is not there yet."""
    found = db.all("SELECT journal, counter, began, at, boot, ahead, lost_since, lost_until FROM origin")
    return Origin(*found[0]) if found else None


def raise_counter(db: Database, now: float, *, above: int = 0) -> int:
    """Mark a journal once more, inside a transaction of the caller's; returns its counter."""
    db.run("UPDATE origin SET counter = CASE WHEN counter < ? THEN ? ELSE counter END + 1, at = ?", (above, above, now))
    return db.all("SELECT counter FROM origin")[0][0]


def follow_clock(db: Database, origin: Origin, now: float, boot: str | None, ahead: float) -> None:
    """Have the times of open steps be of this process's clock, inside a transaction of the caller's.

    Where the machine has not been started anew, it is known by how much its clock was set meanwhile. Elsewhere each
    request counts as sent just now, so that the whole grace is waited. A time is only ever moved so that more is looked
    at and longer waited for.

    Args:
        db: The journal.
        origin: What it said of itself.
        now: Seconds since 1970.
        boot: Which start of which machine this is, or None.
        ahead: Seconds since 1970 at that start, by the clock as it is set now.
    """
    db.run("UPDATE origin SET boot = ?, ahead = ?", (boot, ahead))
    if boot is None or origin.boot != boot or origin.ahead is None:
        db.run(f"UPDATE step SET last_sent = ? WHERE {_OPEN} AND last_sent < ?", (now, now))
        return
    by = ahead - origin.ahead
    if by > _SET_BY:
        db.run(f"UPDATE step SET last_sent = last_sent + ? WHERE {_OPEN}", (by,))
    elif by < -_SET_BY:
        db.run(
            f"UPDATE step SET first_sent = first_sent + ? WHERE {_OPEN} OR (state = 'planned' AND first_sent > 0)",
            (by,),
        )


def accept_loss(db: Database, since: float, until: float) -> None:
    """Write that what was sent in a time may be missing, and have all that may have been sent then looked up first.

    Inside a transaction of the caller's. Further rows of this journal are looked up, too: a job that is missing may
    have sent them.
    """
    db.run(
        "UPDATE origin SET lost_until = ?, lost_since = CASE WHEN lost_since < ? THEN lost_since ELSE ? END",
        (until, since, since),
    )
    look_up_first(db, "s.job > 0", ())
    # What was being sent may have been sent again until now.
    db.run("UPDATE step SET last_sent = ? WHERE state IN ('sending', 'unknown')", (until,))


def look_up_first(db: Database, which: str, values: tuple[Value, ...]) -> None:
    """Have planned steps that may have been sent in the time that is missing be looked up before they are sent.

    Args:
        db: The journal.
        which: A condition for steps `s`.
        values: Its values.
    """
    lost = db.all("SELECT lost_since, lost_until FROM origin WHERE lost_until IS NOT NULL")
    if not lost:
        return
    since, until = lost[0]
    db.run(
        f"UPDATE step AS s SET {_LOOK_UP} WHERE {which} AND s.state = 'planned' AND s.first_sent IS NULL"
        " AND (s.last_sent IS NULL OR s.last_sent < ?)",
        (RESTORED, _SAID, since, until, *values, until),
    )
