"""The log that `--log FILE` asks for: JSON lines of events, and of what the packages log."""

from __future__ import annotations

import json
import logging
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Final

from store_credit_jobs.engine.events import Event, Progress, as_json
from store_credit_jobs.errors import JobsError

__all__ = ["LogFile"]

_LOGGERS: Final = ("store_credit", "store_credit_jobs")
_EVERY: Final = 10.0
"""Seconds between two lines of progress."""


class LogFile(logging.Handler):
    """Adds lines to a file: those of the loggers `store_credit` and `store_credit_jobs`, and events.

    Bodies are never logged, and the SDK replaces credentials in what its logger says. A log that cannot be written any
    more does not stop a job: what became of each request is in the journal.

    Args:
        path: The file. A new one can be read by its owner alone, since customers are named in it.

    Raises:
        JobsError: `log_unwritable`.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(logging.INFO)
        try:
            self._file: IO[str] = open(  # noqa: SIM115 - closed by close()
                path, "a", encoding="utf-8", newline="\n", opener=lambda name, flags: os.open(name, flags, 0o600)
            )
        except OSError as error:
            raise JobsError(
                "log_unwritable", f"--log {path}: {error.strerror}; pass a writable file. Nothing was sent."
            ) from error
        self._told = -_EVERY
        self._levels = [logging.getLogger(name).level for name in _LOGGERS]
        for name in _LOGGERS:
            logger = logging.getLogger(name)
            logger.addHandler(self)
            if not logger.isEnabledFor(logging.INFO):
                logger.setLevel(logging.INFO)
        self.failed: str | None = None
        """Why nothing is written any more, or None."""

    def write(self, event: Event) -> None:
        """Log an event; of those of progress one in ten seconds."""
        if isinstance(event, Progress):
            if event.seconds - self._told < _EVERY:
                return
            self._told = event.seconds
        self.acquire()
        try:
            self._write(as_json(event))
        finally:
            self.release()

    def emit(self, record: logging.LogRecord) -> None:
        """Log what a package said; never its arguments or a traceback, which may hold what the text does not."""
        self._write({"level": record.levelname, "logger": record.name, "message": record.getMessage()})

    def _write(self, members: dict[str, Any]) -> None:
        if self.failed is not None:
            return
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        try:
            self._file.write(json.dumps({"time": now, **members}) + "\n")
            self._file.flush()
        except OSError as error:
            self.failed = error.strerror

    def close(self) -> None:
        """Let go of the loggers and the file."""
        if self._file.closed:
            return
        for name, level in zip(_LOGGERS, self._levels, strict=True):
            logger = logging.getLogger(name)
            logger.removeHandler(self)
            logger.setLevel(level)
        try:
            self._file.close()
        except OSError as error:
            self.failed = error.strerror
        super().close()
