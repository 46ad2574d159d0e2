"""Replays recorded exchanges: against the document, and through the SDK to the recorded server and back."""

from replaying.replay import replay
from replaying.report import Finding, Known, Replayed, Report, lines, to_dict

__all__ = ["Finding", "Known", "Replayed", "Report", "lines", "replay", "to_dict"]
