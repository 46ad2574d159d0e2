"""What every exchange of a proxy shares."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from store_credit_mock.contract import Document, ExchangeValidator
from store_credit_mock.core.error_responder import ErrorResponder
from store_credit_mock.core.exchange_log import Exchange
from store_credit_mock.host_names import HostNames
from store_credit_mock.proxy.reporter import Reporter
from store_credit_mock.proxy.upstream import Upstream
from store_credit_mock.recording import CapturedExchange, Recorder, RecordingError
from store_credit_mock.redaction import Redactor

__all__ = ["ProxyContext", "Settings"]


@dataclass(slots=True)
class Settings:
    """How exchanges are passed on.

    Attributes:
        validator: Checks them; None passes and records only.
        enforce: Whether a request that breaks the OpenAPI document is refused here.
        limit: Bytes of a body that are copied, to be checked and recorded.
        hosts: What `Host` may name; None takes any.
        recorder: Writes exchanges down.
        listeners: Called with every exchange that was checked and passed whole, its bodies decoded.
    """

    validator: ExchangeValidator | None
    enforce: bool
    limit: int
    hosts: HostNames | None = None
    recorder: Recorder | None = None
    listeners: list[Callable[[Exchange], None]] = field(default_factory=list[Callable[[Exchange], None]])


class ProxyContext:
    """A proxy without the way of its exchanges.

    Args:
        upstream: The server behind.
        settings: How.
        refusals: Answers where the server cannot.
        reporter: Is told of every exchange.
        secrets: Knows what must not be told.
        document: What exchanges are validated against.

    Attributes:
        count: Exchanges so far.
        ending: Whether it has been told to end.
    """

    def __init__(
        self,
        upstream: Upstream,
        settings: Settings,
        refusals: ErrorResponder,
        reporter: Reporter,
        secrets: Redactor,
        document: Document,
    ) -> None:
        self.document = document
        self.upstream = upstream
        self.settings = settings
        self.refusals = refusals
        self.reporter = reporter
        self.secrets = secrets
        self.count = 0
        self.ending = False

    def close(self) -> None:
        """Let go of the recording and of what speaks for the systems."""
        self.refusals.close()
        if self.settings.recorder is not None:
            self.settings.recorder.close()

    def recorded(self, taken: CapturedExchange) -> None:
        """Write an exchange down; a recording that cannot go on is said once and ended."""
        recorder = self.settings.recorder
        if recorder is None:
            return
        try:
            recorder.add(taken)
        except RecordingError as error:
            self.reporter.say(f"recording ended: {error}")
            self.settings.recorder = None
            self.reporter.lost_recording = True
