"""Differences that are expected, each with its reason. One that does not happen any more fails the replay."""

from __future__ import annotations

from store_credit_tools.replay.sdk.report import Known

__all__ = ["KNOWN"]

KNOWN: tuple[Known, ...] = (
    Known(
        "platform.categories.retrieve_numeric_prefix_id",
        "/response/status",
        "the server finds record 4 for the id '4abc'; another record than was asked for is not a valid response",
    ),
)
