"""Replays recorded exchanges: against the document, and through the SDK to the recorded server and back."""

from store_credit_tools.replay.sdk.replay import replay

__all__ = ["replay"]
