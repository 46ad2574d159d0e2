"""One runner for a journal: a lock that the kernel lets go of when its process ends, however that ends."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import socket
import sys
import weakref
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, cast

from store_credit_jobs.errors import JobsError
from store_credit_jobs.exit_codes import ExitCode

__all__ = ["JournalLock", "holder"]

_NAME: Final = "journal.lock"
_HELD: Final[weakref.WeakSet[JournalLock]] = weakref.WeakSet()


class JournalLock:
    """The lock of a workspace's journal, from here until `release()`.

    It belongs to this process: a fork does not inherit it, so that no child keeps it when this process is gone. The
    folder is locked as well as the file, since people delete a file that is called a lock, and another one of its name
    would be free.

    Args:
        folder: The workspace.

    Raises:
        JobsError: `journal_locked`, with exit code 6: another runner has it, and the message says which; or the file
            system has no locks. `disk_full`: the file cannot be made.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / _NAME
        try:
            self._file: int | None = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise JobsError(
                "disk_full", f"{self.path}: {error.strerror}. The runner must be able to write to the workspace"
            ) from error
        self._folder: int | None = None
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._folder = _lock_folder(folder)
        except OSError as error:
            os.close(self._file)
            raise _refusal(self.path, error) from error
        _HELD.add(self)
        told = {
            "pid": os.getpid(),
            "host": socket.gethostname(),
            "since": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
            "command": Path(sys.argv[0]).name if sys.argv else "",
        }
        # Only for those who are refused: the lock holds without it, on a full disk, too.
        with contextlib.suppress(OSError):
            os.ftruncate(self._file, 0)
            os.pwrite(self._file, json.dumps(told).encode(), 0)

    def release(self) -> None:
        """Let go. The file stays: whoever removed it would let a second runner lock another file of its name."""
        if self._file is not None:
            with contextlib.suppress(OSError):
                os.ftruncate(self._file, 0)
            self.abandon()

    def abandon(self) -> None:
        """Close the file. Where another process has it open as well, the lock stays with that."""
        held, self._file, self._folder = (self._file, self._folder), None, None
        for one in held:
            if one is not None:
                os.close(one)


def _lock_folder(folder: Path) -> int | None:
    """Lock a folder, where the file system lets folders be locked: some network file systems do not."""
    opened = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(opened)
        if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
            raise
        return None
    return opened


def _close_in_child() -> None:
    for lock in list(_HELD):
        lock.abandon()


os.register_at_fork(after_in_child=_close_in_child)


def holder(folder: Path) -> dict[str, Any] | None:
    """Tell who wrote the lock file last and did not let go: `pid`, `host`, `since`, `command`; None if nobody did."""
    try:
        told = json.loads((folder / _NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return cast("dict[str, Any]", told) if isinstance(told, dict) else None


def _refusal(path: Path, error: OSError) -> JobsError:
    if error.errno not in (errno.EWOULDBLOCK, errno.EACCES):
        why = f"{path}: {error.strerror}: this file system does not support locks; put the workspace on a local disk"
        return JobsError("journal_locked", why, exit_code=ExitCode.LOCKED)
    told = holder(path.parent) or {}
    who = "another runner"
    if "pid" in told:
        who += f": process {told['pid']} on {told.get('host')}, since {told.get('since')}"
    return JobsError(
        "journal_locked",
        f"{path}: {who}. Wait until it ends, or end it: the lock ends with its process. Nothing was sent.",
        exit_code=ExitCode.LOCKED,
    )
