"""Exchanges written down and played back: HAR files, and folders in the form of `tests/recordings/`.

Every secret is taken out before anything is written. Knows the document and the messages, no transport.
"""

from store_credit_mock.recording.har import HarFile, RecordingError, read_har
from store_credit_mock.recording.recorded_exchange import CapturedExchange, RecordedExchange, content_type, redacted

from store_credit_mock.recording.json_folder import Folder, read_folder  # isort: skip
from store_credit_mock.recording.recorder import Recorder, open_recorder, read_recording

__all__ = [
    "CapturedExchange",
    "Folder",
    "HarFile",
    "RecordedExchange",
    "Recorder",
    "RecordingError",
    "content_type",
    "open_recorder",
    "read_folder",
    "read_har",
    "read_recording",
    "redacted",
]
