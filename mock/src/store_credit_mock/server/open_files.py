"""How many files, sockets among them, the process may open."""

from __future__ import annotations

import contextlib
from typing import Final

__all__ = ["ENOUGH", "allow_enough", "allowed"]

ENOUGH: Final = 8_192
"""More than a server uses; a system that allows any number seldom means it."""

_UNKNOWN: Final = 512
"""Where the system does not say, as on Windows."""


def allowed() -> int:
    """Tell how many the process may open, `ENOUGH` at most."""
    try:
        import resource
    except ImportError:
        return _UNKNOWN
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return ENOUGH if soft == resource.RLIM_INFINITY else min(soft, ENOUGH)


def allow_enough() -> None:
    """Let the process open as many as it may allow itself, up to `ENOUGH`: shells begin with 1,024, or 256 on macOS."""
    try:
        import resource
    except ImportError:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = ENOUGH if hard == resource.RLIM_INFINITY else min(hard, ENOUGH)
    if wanted > allowed():
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
