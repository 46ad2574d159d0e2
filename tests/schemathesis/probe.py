"""The mock probed, with a second opinion that shares no code with it."""

from __future__ import annotations

from typing import Any

from store_credit_mock.verify.fuzz import schemathesis_run as generated
from store_credit_mock.verify.fuzz.existing_records import KnownRecords
from store_credit_mock.verify.fuzz.report import Report
from store_credit_tools.contract import Document

from .wire import Opinion

__all__ = ["Report", "probe"]


def probe(document: Document, target: Any, world: KnownRecords, **how: Any) -> Report:
    """Probe an ASGI app or the address of a server; see `store_credit_mock.verify.fuzz.schemathesis_run`."""
    opinion = Opinion(document)
    return generated.probe(
        document.data, target, world, breaks=lambda request: bool(opinion.violations(request)), **how
    )
