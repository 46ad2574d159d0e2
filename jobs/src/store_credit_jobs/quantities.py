"""Durations and rates as people write them: `24h`, `90`, `8/s`, `300/min`."""

from __future__ import annotations

import math
import re
from typing import Final

__all__ = ["duration", "rate"]

_NUMBER: Final = r"(?P<number>[0-9]{1,9}(?:\.[0-9]{1,6})?)"
_DURATION: Final = re.compile(_NUMBER + r" ?(?P<unit>s|m|min|h|d)?", re.ASCII)
_RATE: Final = re.compile(_NUMBER + r"(?: ?/ ?(?P<unit>s|sec|m|min|h))?", re.ASCII)
_SECONDS: Final = {None: 1, "s": 1, "sec": 1, "m": 60, "min": 60, "h": 3600, "d": 86_400}


def duration(value: object) -> float:
    """Read a number of seconds, or text such as `90s`, `15m`, `24h`, `30d`; returns seconds.

    Raises:
        ValueError: It is neither; the text says what to write.
    """
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and value >= 0:
        return float(value)
    found = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError('must be a number of seconds, or a number followed by s, m, h or d, such as "24h"')
    return float(found["number"]) * _SECONDS[found["unit"]]


def rate(value: object) -> float:
    """Read a number of requests a second, or text such as `8/s`, `300/min`; returns requests a second.

    Raises:
        ValueError: It is neither, or nothing could ever be sent; the text says what to write.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        number = float(value)
    elif isinstance(value, str) and (found := _RATE.fullmatch(value)) is not None:
        number = float(found["number"]) / _SECONDS[found["unit"]]
    else:
        number = 0.0
    if not 0 < number < math.inf:
        raise ValueError('must be a number of requests per unit of time, such as "8/s" or "300/min"')
    return number
