"""Notes every exchange of a server: in its metrics, and as a line of its access log."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Final

from store_credit_mock.core.responses import VIOLATION_HEADER
from store_credit_mock.factory import Engine
from store_credit_mock.http import Request, Response
from store_credit_mock.redaction import MASK, Redactor
from store_credit_mock.server.log import Log

if TYPE_CHECKING:
    from store_credit_mock.server.metrics import Metrics

__all__ = ["METRICS", "Telemetry"]

METRICS: Final = "/_mock/metrics"
"""Where metrics are: open, as health is, since they hold counts and no data."""


class Telemetry:
    """What is noted of every exchange, whichever sandbox it is for.

    Args:
        engine: What answers.
        metrics: Where exchanges are counted.
        access: Where each is said.
    """

    def __init__(self, engine: Engine, metrics: Metrics | None = None, access: Log | None = None) -> None:
        self.metrics = metrics
        self._access = access
        self._engine = engine
        self._noted: list[tuple[Request, Response, float, int]] = []
        of_systems = engine.sandbox.of_systems
        secrets = [of_systems[o.name] for system in engine.systems.values() for o in system.options if o.secret]
        known = {str(secret): MASK for secret in (engine.control.token, *secrets) if secret}
        self._redactor = Redactor(engine.contract.document.secret_names, known)

    def note(self, request: Request, response: Response, seconds: float) -> None:
        """Note an exchange, and see to it that `flush` follows.

        Args:
            request: The request.
            response: Its response.
            seconds: How long it took.
        """
        noted = self._noted
        noted.append((request, response, seconds, time.time_ns() // 1_000_000))
        if len(noted) == 1:
            try:
                asyncio.get_running_loop().call_soon(self.flush)
            except RuntimeError:  # Nobody comes back later.
                self.flush()

    def flush(self) -> None:
        """Count what was noted, and write its lines: all of one turn of the event loop at once.

        One by one they take three times as long, since the processor comes to each from an exchange.
        """
        noted, self._noted = self._noted, []
        metrics, access, text = self.metrics, self._access, self._redactor.text
        lines: list[str] = []
        for request, response, seconds, at in noted:
            operation = request.operation or self._engine.control.operation(request)
            status = None if response.dropped else response.status
            # The last of the mock's own, before what a browser is told.
            broken = VIOLATION_HEADER in dict(response.headers)
            if metrics is not None:
                metrics.add(operation, request.method, status, seconds, broken=broken)
            if access is not None:
                # Whole: of a secret that is cut a part would be shown.
                path, query = text(request.path), self._redactor.query(request.query)
                lines.append(access.exchange(request.method, path, query, status, at, seconds, operation, broken))
        if access is not None and lines:
            access.write(lines)
