"""Exchanges written down and played back: HAR files, and folders in the form of `tests/recordings/`.

Every secret is taken out before anything is written. Knows the document and the messages, no transport.
"""

from store_credit_mock.recording.har import HarFile, RecordingError, read_har
from store_credit_mock.recording.recorded_exchange import CapturedExchange, RecordedExchange, content_type, redacted

from store_credit_mock.recording.json_folder import (  # isort: skip
    ExchangeFile,
    Folder,
    body_bytes,
    body_text,
    read_file,
    read_files,
    read_folder,
)
from store_credit_mock.recording.journal import SUFFIX, Journal, documents, read_exchanges, read_journal
from store_credit_mock.recording.recorder import Recorder, open_recorder, read_recording

__all__ = [
    "SUFFIX",
    "CapturedExchange",
    "ExchangeFile",
    "Folder",
    "HarFile",
    "Journal",
    "RecordedExchange",
    "Recorder",
    "RecordingError",
    "body_bytes",
    "body_text",
    "content_type",
    "documents",
    "open_recorder",
    "read_exchanges",
    "read_file",
    "read_files",
    "read_folder",
    "read_har",
    "read_journal",
    "read_recording",
    "redacted",
]
