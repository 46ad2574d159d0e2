"""The mock probed, with a second opinion that shares no code with it."""

from __future__ import annotations

from typing import Any

from contract import Document
from store_credit_mock.verifying.generated import probe as generated
from store_credit_mock.verifying.generated.living import World
from store_credit_mock.verifying.generated.report import Report

from .wire import Opinion

__all__ = ["Report", "probe"]


def probe(document: Document, target: Any, world: World, **how: Any) -> Report:
    """Probe an ASGI app or the address of a server; see `store_credit_mock.verifying.generated.probe`."""
    opinion = Opinion(document)
    return generated.probe(
        document.data, target, world, breaks=lambda request: bool(opinion.violations(request)), **how
    )
