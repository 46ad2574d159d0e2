"""What this process holds in memory."""

from __future__ import annotations

import sys
from pathlib import Path

__all__ = ["peak", "present"]

_STATM = Path("/proc/self/statm")


def peak() -> float:
    """The most that was resident at any time, in MiB."""
    import resource

    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Linux counts KiB, macOS bytes.
    return size / (2**20 if sys.platform == "darwin" else 2**10)


def present() -> float:
    """What is resident now, in MiB; where the system does not tell, the peak so far."""
    import resource

    if not _STATM.exists():
        return peak()
    return int(_STATM.read_text("ascii").split()[1]) * resource.getpagesize() / 2**20
