"""Where exchanges are recorded and read from, by the kind of the path."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from store_credit_mock.recording.har import HarFile, read_har
from store_credit_mock.recording.journal import SUFFIX, read_journal
from store_credit_mock.recording.json_folder import Folder, as_recorded, read_folder
from store_credit_mock.recording.recorded_exchange import CapturedExchange, RecordedExchange, redacted
from store_credit_mock.redaction import Redactor

__all__ = ["Recorder", "open_recorder", "read_recording"]


class _Place(Protocol):
    def add(self, entry: RecordedExchange) -> None: ...
    def close(self) -> None: ...


class Recorder:
    """Writes exchanges down without their secrets.

    Args:
        place: Where to.
        secrets: Knows what is secret.
    """

    def __init__(self, place: _Place, secrets: Redactor) -> None:
        self._place = place
        self._secrets = secrets

    def add(self, taken: CapturedExchange) -> None:
        """Write one exchange.

        Raises:
            RecordingError: It could not be written.
        """
        self._place.add(redacted(taken, self._secrets))

    def close(self) -> None:
        """Let go of the file."""
        self._place.close()


def open_recorder(path: Path, secrets: Redactor, origin: str) -> Recorder:
    """Begin a recording: a HAR file if the name ends in `.har`, else a folder.

    Raises:
        RecordingError: It is there already, or cannot be made.
    """
    return Recorder(HarFile(path, origin) if path.suffix.lower() == ".har" else Folder(path), secrets)


def read_recording(path: Path) -> list[RecordedExchange]:
    """Read a HAR file, a journal (`.jsonl`) or a folder.

    Raises:
        RecordingError: It cannot be read or is neither.
    """
    if path.suffix.lower() == SUFFIX:
        return [as_recorded(one) for one in read_journal(path)]
    return read_folder(path) if path.is_dir() else read_har(path)
