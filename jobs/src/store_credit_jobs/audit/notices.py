"""What expires soon: a line of JSON for each credit, for the program that tells the customers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final, Self

import attrs

from store_credit_jobs.audit.database import Database
from store_credit_jobs.audit.figures import EXPIRES_SOON

__all__ = ["Window", "notices"]

_WINDOW: Final = re.compile(r"([1-9][0-9]{0,4})([dhw])", re.ASCII)
_SECONDS: Final = {"h": 3600, "d": 86_400, "w": 604_800}


@attrs.frozen(slots=True)
class Window:
    """A length of time, as it was written (`30d`), and in seconds."""

    text: str
    seconds: int

    @classmethod
    def read(cls, text: str) -> Self:
        """Read a number of hours, days or weeks, such as `30d`.

        Raises:
            ValueError: It is not one.
        """
        found = _WINDOW.fullmatch(text)
        if found is None:
            raise ValueError(f"{text!r} is not a valid duration; use hours, days or weeks, such as 30d")
        return cls(text, int(found[1]) * _SECONDS[found[2]])


def notices(database: Database, at: int, window: Window) -> Iterator[str]:
    """Write a line of JSON for each credit of which something is left, and which expires within a window after `at`.

    The `notice_key` of a credit is the same in each run until its expiry is moved: who keeps the keys that were told
    tells each customer once. `minor` is what is left, in minor units.
    """
    query = f"""
        select id, customer, email, minor - used - authorized, currency, expires from credit
        where {EXPIRES_SOON.format(at=at, until=at + window.seconds)} order by expires, id"""  # noqa: S608
    for credit, customer, email, minor, currency, expires in database.rows(query):
        notice = {
            "notice_key": f"{credit}:{window.text}:{expires}",
            "credit": credit,
            "customer": customer,
            "email": email,
            "minor": minor,
            "currency": currency,
            "expires_at": datetime.fromtimestamp(expires, UTC).isoformat().replace("+00:00", "Z"),
        }
        yield json.dumps({name: value for name, value in notice.items() if value is not None})
