"""Ends a served mock with the process that started it, so that a test run that is killed leaves none behind."""

from __future__ import annotations

import os
from typing import Final

__all__ = ["PARENT", "Parent"]

PARENT: Final = "parent"
"""What stands for the process that started this one."""
_DIRECT: Final = frozenset({PARENT, "1", "true", "yes", "on"})
"""Process 1 ends a container with itself, so that `1` can mean what it means in other environment variables."""
_OFF: Final = frozenset({"0", "false", "no", "off"})


class Parent:
    """A process whose end is waited for; asked again and again, which works on every system.

    Args:
        pid: Of the process; None for the one that started this one.

    Raises:
        ValueError: There is no process to watch.
    """

    def __init__(self, pid: int | None = None) -> None:
        self._direct = os.getppid()
        self._pid = self._direct if pid is None else pid
        if pid is None and self._direct == 1:
            raise ValueError(
                "--exit-with-parent: the process that started this one either has already ended or is process 1, which "
                "ends only after all other processes; omit the option, or set a process ID: --exit-with-parent=PID"
            )

    @classmethod
    def read(cls, text: str | None) -> Parent | None:
        """Read the option; None where nothing is to be watched.

        Raises:
            ValueError: It names no process.
        """
        if text is None or text.lower() in _OFF:
            return None
        if text.lower() in _DIRECT:
            return cls()
        if not (text.isascii() and text.isdigit() and 1 < int(text) < 2**31):
            raise ValueError(f"--exit-with-parent: {text[:50]!r} is not a valid process ID")
        return cls(int(text))

    @property
    def gone(self) -> bool:
        """Whether it has ended."""
        if self._pid == self._direct:
            # Another process has adopted this one.
            return os.getppid() != self._pid
        try:
            os.kill(self._pid, 0)
        except ProcessLookupError:
            return True
        except OSError:  # It is there, and somebody else's.
            return False
        return False
