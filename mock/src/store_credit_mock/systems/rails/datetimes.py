"""Times: Unix milliseconds inside, ISO 8601 in UTC with milliseconds outside."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

__all__ = ["compact", "parse", "shown"]

_DATE: Final = re.compile(
    r"\s*(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:[T\s]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?)?\s*",
    re.ASCII,
)
_PUNCTUATION: Final = str.maketrans("", "", "-:T")


@lru_cache(maxsize=4096)
def _second(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S").rjust(19, "0")


def shown(time: int | None) -> str | None:
    """As the API shows it: `2026-11-22T02:19:23.103Z`; None stays None."""
    if time is None:
        return None
    seconds, milliseconds = divmod(time, 1000)
    return f"{_second(seconds)}.{milliseconds:03d}Z"


def compact(time: int) -> str:
    """As in an authorization code: `20261122021923103`, to the millisecond."""
    seconds, milliseconds = divmod(time, 1000)
    return f"{_second(seconds).translate(_PUNCTUATION)}{milliseconds:03d}"


def parse(value: Any) -> int | None:
    """Read a time sent by a client, without an offset in UTC; what cannot be read is None, as Rails casts it."""
    fit = _DATE.fullmatch(value) if isinstance(value, str) else None
    if fit is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in fit.groups()[:6])
    milliseconds = int((fit[7] or "0")[:3].ljust(3, "0"))
    try:
        moment = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None
    shift = 0
    if fit[8] not in (None, "Z", "UTC"):
        digits = fit[8].replace(":", "")
        shift = (int(digits[1:3]) * 60 + int(digits[3:5])) * (60 if digits[0] == "+" else -60)
    return (int(moment.timestamp()) - shift) * 1000 + milliseconds
