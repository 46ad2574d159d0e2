"""When to send again, and after how long. No clock and no I/O here.

Sources: contract/vinr.md sections 7 and 9 and decision 51; contract/spree.md sections 2 and 5; the defaults of SDKs
people know. A retry library is not used: the fitting ones import asyncio and more, which costs more than the whole
package may.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

__all__ = ["backoff", "retry_after"]

FIRST_DELAY: Final = 0.5
"""Upper bound of the first wait, in seconds."""
LONGEST_DELAY: Final = 8.0
"""Upper bound of any wait that the server did not ask for, in seconds."""
LONGEST_RETRY_AFTER: Final = 120.0
"""A server that asks for a longer wait, in seconds, is not waited for: the error is raised."""


def backoff(retry: int, uniform: Callable[[float, float], float] = random.uniform) -> float:
    """Seconds to wait before the `retry`-th resend (1, 2, ...): full jitter below a bound doubling from 0.5 to 8 s."""
    return uniform(0.0, min(LONGEST_DELAY, FIRST_DELAY * 2.0 ** min(retry - 1, 10)))


def retry_after(value: str | None, now: datetime | None = None) -> float | None:
    """Seconds a `Retry-After` header asks for, from either of its forms; None when it is absent or unreadable."""
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (IndexError, OverflowError, TypeError, ValueError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - (now or datetime.now(UTC))).total_seconds())
