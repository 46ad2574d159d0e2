"""The exit codes of `store-credit`; where several apply, the worst is given."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from typing import Final

__all__ = ["ExitCode", "worst"]


class ExitCode(IntEnum):
    """How a command ended."""

    DONE = 0
    """All rows are done, or there was nothing to do."""
    REFUSED = 1
    """The server refused rows."""
    USAGE = 2
    """The plan or the arguments were rejected; nothing was sent."""
    OPEN = 3
    """The outcome of some rows is unknown, or some rows need a person's decision."""
    STOPPED = 4
    """A limit stopped the job: `--max-total`, `--stop-after`, `--deadline`, or hours of waiting for the server."""
    BROKEN = 5
    """A guarantee is broken: a credit was made twice, or sums differ."""
    LOCKED = 6
    """Another runner is using the workspace or the account."""
    CREDENTIALS = 7
    """The server refused the credentials."""
    DEFECT = 70
    """A defect of `store-credit` itself. What was sent is in the journal; to continue, run the command again."""
    INTERRUPTED = 130
    """Stopped by Ctrl-C or SIGTERM; to continue, run the command again."""


_WORST_FIRST: Final = (
    ExitCode.BROKEN,
    ExitCode.CREDENTIALS,
    ExitCode.DEFECT,
    ExitCode.LOCKED,
    ExitCode.INTERRUPTED,
    ExitCode.STOPPED,
    ExitCode.OPEN,
    ExitCode.USAGE,
    ExitCode.REFUSED,
    ExitCode.DONE,
)


def worst(codes: Iterable[ExitCode]) -> ExitCode:
    """Give the worst of several exit codes; that of none is `DONE`."""
    return min(codes, key=_WORST_FIRST.index, default=ExitCode.DONE)
