"""Where the exchanges of a report differ."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from store_credit_tools.replay.report import SdkReport

__all__ = ["ATTRIBUTES", "BOTH", "RETRIEVE", "Folder", "Recorded", "places"]


Recorded = Callable[[str], dict[str, Any]]
Folder = Callable[..., Path]

RETRIEVE = "platform.store_credits.retrieve_full"
ATTRIBUTES = "/response/body/data/attributes"


def places(report: SdkReport) -> dict[str, tuple[str, ...]]:
    """Where the exchanges of a report differ, and what found it."""
    return {finding.difference.where: finding.drivers for exchange in report.exchanges for finding in exchange.findings}


BOTH = ("sync", "async")
