"""Replays recorded exchanges: against the document, and through the SDK to the recorded server and back."""

from store_credit_tools.replay.sdk.replay import replay
from store_credit_tools.replay.sdk.report import Finding, Known, Replayed, Report, lines, to_dict

__all__ = ["Finding", "Known", "Replayed", "Report", "lines", "replay", "to_dict"]
