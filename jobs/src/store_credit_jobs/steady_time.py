"""The time of day as this process knows it: read once, and counted on from there.

A clock that is set while a job runs would put times into the journal at which nothing was sent, and a lookup that is
bounded by them would miss what is there: it would be sent again. Counted on, all times of one process are wrong by what
the clock was wrong by at its start, and that is compared with the server's clock before anything is sent.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

__all__ = ["BEGAN", "boot", "now"]

# Of Linux, the one that goes on while the machine sleeps; elsewhere the monotonic one does.
_STEADY: Final[int] = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
BEGAN: Final = time.time() - time.clock_gettime(_STEADY)
"""When the machine was started, by the clock as it was set when this process began; in seconds since 1970, UTC."""


def now() -> float:
    """Give the time in seconds since 1970, UTC; never set back or forth while the process lives."""
    return BEGAN + time.clock_gettime(_STEADY)


def boot() -> str | None:
    """Give an id of this start of this machine, in which `BEGAN` changes only where its clock is set.

    None where there is none: on systems other than Linux the steady clock may stand while the machine sleeps.
    """
    if not hasattr(time, "CLOCK_BOOTTIME"):
        return None
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip() or None
    except (OSError, ValueError):
        return None
