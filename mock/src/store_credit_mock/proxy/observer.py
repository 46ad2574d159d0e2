"""Observe one exchange on its way: copy its bodies, have them validated, report what was found."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Final

from store_credit_mock.contract import ExchangeValidator, OperationMatch, ValidationResult, Violation
from store_credit_mock.core.exchange_log import Exchange
from store_credit_mock.http import Header, Request, Response
from store_credit_mock.proxy.body_buffer import BodyBuffer
from store_credit_mock.proxy.context import ProxyContext
from store_credit_mock.proxy.reporter import Outcome
from store_credit_mock.recording import CapturedExchange

__all__ = ["ExchangeObserver"]

_NO_VERDICT: Final = ValidationResult()
_NOWHERE: Final = OperationMatch(None)


class ExchangeObserver:
    """One exchange as it is seen.

    Args:
        proxy: Whose exchange.
        number: From 1.
        asked: The request; its body is filled in once it is known.
    """

    def __init__(self, proxy: ProxyContext, number: int, asked: Request) -> None:
        self.proxy = proxy
        self.settings = proxy.settings
        self.number = number
        self.at = time.time()
        self.started = time.perf_counter()
        self.asked = asked
        self.located = _NOWHERE
        self.copy = BodyBuffer(self.settings.limit)
        self.answered = BodyBuffer(self.settings.limit)
        self.status: int | None = None
        self.reason = ""
        self.given: Sequence[Header] = ()
        self.of_request: ValidationResult | None = None
        self.of_response: ValidationResult = _NO_VERDICT
        self.extra: list[Violation] = []
        self.trouble = ""
        self.refused = False
        self.own = False

    def check_request(self) -> None:
        """Check the request, once, as far as it was copied."""
        validator = self.settings.validator
        if self.of_request is not None:
            return
        if validator is None:
            self.of_request = _NO_VERDICT
            return
        copy = self.copy
        self.asked.body = copy.bytes() if copy.whole else b""
        self.of_request = validator.request(self.located, self.asked, unread=self._unread(copy))
        if self.of_request.violations:
            self._learn()
            found = self.proxy.secrets.violations(self.of_request.violations)
            self.of_request.violations = found

    def check_response(self, validator: ExchangeValidator, body: bytes) -> None:
        """Check the response."""
        assert self.status is not None
        verdict = validator.response(self.located, self.status, self.given, body, unread=self._unread(self.answered))
        if verdict.violations:
            self._learn()
            self.proxy.secrets.learn(self.given, "", verdict.content or b"")
            verdict.violations = self.proxy.secrets.violations(verdict.violations)
        self.of_response = verdict

    def found(self) -> tuple[Violation, ...]:
        """Every violation so far, of both sides."""
        before = () if self.of_request is None else self.of_request.violations
        return (*before, *self.of_response.violations, *self.extra)

    def tell(self) -> None:
        """Tell, record and hand on what came of it."""
        proxy, settings = self.proxy, self.settings
        verdict = self.of_request or _NO_VERDICT
        unchecked = [f"request: {verdict.unchecked}"] if verdict.unchecked else []
        if self.of_response.unchecked:
            unchecked.append(f"response: {self.of_response.unchecked}")
        match = self.located.match
        operation = "" if match is None else match.operation.id
        elapsed = (time.perf_counter() - self.started) * 1000
        at = int(self.at * 1000)
        violations = self.found()
        notes = (*verdict.notes, *self.of_response.notes)
        if notes or proxy.reporter.tells_all:
            # The path is said, and a token of the headers may stand in it.
            proxy.secrets.learn(self.asked.headers, self.asked.query, b"")
            notes = proxy.secrets.violations(notes)
        proxy.reporter.tell(
            Outcome(
                self.number, at, elapsed, self.asked.method, self.asked.path, self.asked.query, operation, self.status,
                violations, notes, unchecked, self.refused, self.trouble, self.status is not None and not self.own,
            )
        )  # fmt: skip
        if self.status is None or self.own or self.trouble:
            return
        if settings.listeners and not unchecked:
            asked = self.asked
            if verdict.content is not None and verdict.content is not asked.body:
                asked = Request(asked.method, asked.path, asked.query, asked.headers, verdict.content)
            response = Response(
                self.status, [(n.lower(), v) for n, v in self.given], _content(self.of_response, self.answered) or b""
            )
            lengths = (self.copy.size, self.answered.size)
            exchange = Exchange(self.number, at, operation, asked, response, violations, None, lengths)
            for listener in settings.listeners:
                listener(exchange)
        if settings.recorder is not None:
            proxy.recorded(
                CapturedExchange(
                    self.number, at, elapsed, operation, self.asked.method, self.asked.path, self.asked.query,
                    self.asked.headers, _content(verdict, self.copy), self.status, self.reason, self.given,
                    _content(self.of_response, self.answered),
                )
            )  # fmt: skip

    def _learn(self) -> None:
        self.proxy.secrets.learn(self.asked.headers, self.asked.query, self.asked.body)

    def _unread(self, copy: BodyBuffer) -> str:
        return "" if copy.whole else f"the body is longer than {self.settings.limit} bytes (--max-check)"


def _content(verdict: ValidationResult, copy: BodyBuffer) -> bytes | None:
    """A body with its coding undone, as far as there is one."""
    if not copy.whole:
        return None
    return copy.bytes() if verdict.content is None else verdict.content
