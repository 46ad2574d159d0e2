"""The mock probed, with a second opinion on whether the document allows what was sent.

schemathesis calls a case valid, or not, by the values it made. Bytes may say something else: into a body it now and
then puts a member that is not allowed, it knows neither this document's formats nor `x-decimal-places`, and `false` in
a query is a text like any other. So a case that was not answered as it expects is looked at once more.
"""

from __future__ import annotations

from typing import Any

from store_credit_mock.contract import Document, ExchangeValidator
from store_credit_mock.verify.fuzz import schemathesis_run as generated
from store_credit_mock.verify.fuzz.existing_records import KnownRecords
from store_credit_mock.verify.fuzz.report import Report
from store_credit_mock.verify.fuzz.runner import plain_request

__all__ = ["Report", "probe"]


def probe(document: Document, target: Any, world: KnownRecords, **how: Any) -> Report:
    """Probe an ASGI app or the address of a server; see `store_credit_mock.verify.fuzz.schemathesis_run`."""
    validator = ExchangeValidator(document)

    def breaks(request: Any) -> bool:
        plain = plain_request(request)
        located = validator.locate(plain.method, plain.path)
        return located.match is None or bool(validator.request(located, plain).violations)

    return generated.probe(document.data, target, world, breaks=breaks, **how)
