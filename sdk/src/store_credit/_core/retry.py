"""When to send again, and after how long. No clock and no I/O here.

Sources: contract/vinr.md sections 7 and 9 and decision 51; contract/spree.md sections 2 and 5; the defaults of SDKs
people know. A retry library is not used: the fitting ones import asyncio and more, which costs more than the whole
package may.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

__all__ = ["backoff", "http_date", "refuses_retry", "retry_after"]

FIRST_DELAY: Final = 0.5
"""Upper bound of the first wait, in seconds."""
LONGEST_DELAY: Final = 8.0
"""Upper bound of any wait that the server did not ask for, in seconds."""
LONGEST_RETRY_AFTER: Final = 120.0
"""A server that asks for a longer wait, in seconds, is not waited for: the error is raised."""

_SECONDS = re.compile(r"\d+(\.\d+)?\Z", re.ASCII)


def backoff(retry: int, uniform: Callable[[float, float], float] = random.uniform) -> float:
    """Seconds to wait before the `retry`-th resend (1, 2, ...): full jitter below a bound doubling from 0.5 to 8 s."""
    return uniform(0.0, min(LONGEST_DELAY, FIRST_DELAY * 2.0 ** min(retry - 1, 10)))


def retry_after(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Seconds that a response asks to wait: the longest it names, None where it names none that can be read.

    `Retry-After` in either of its forms (fractions of a second too, and repeated), or `Retry-After-Ms`.
    """
    found: list[float] = []
    milliseconds = headers.get("retry-after-ms", "")
    if _SECONDS.match(milliseconds):
        found.append(float(milliseconds) / 1000)
    value = headers.get("retry-after")
    if value is not None:
        # A date has a comma of its own, behind the name of a day; the others separate repeated headers.
        for part in re.split(r",(?!\s*\d{1,2}[ -][A-Za-z])", value):
            text = part.strip()
            if _SECONDS.match(text):
                found.append(float(text))
            elif (moment := http_date(text)) is not None:
                found.append(max(0.0, (moment - (now or datetime.now(UTC))).total_seconds()))
    return max(found, default=None)


def http_date(text: str) -> datetime | None:
    """A date of HTTP as an aware moment in UTC, or None where it cannot be read."""
    try:
        moment = parsedate_to_datetime(text)
    except (IndexError, OverflowError, TypeError, ValueError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def refuses_retry(headers: Mapping[str, str]) -> bool:
    """Whether the server asks not to send again (`X-Should-Retry: false`)."""
    return headers.get("x-should-retry", "").strip().lower() == "false"
