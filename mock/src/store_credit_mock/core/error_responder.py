"""Answers in a system's own shape to requests that no handler will see: the proxy's and the replay's own words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import orjson

from store_credit_mock.contract import Match, Violation, read_body, read_query
from store_credit_mock.core.responses import VIOLATION_HEADER, header_text, rendered
from store_credit_mock.http import Request, Response
from store_credit_mock.systems.call import Call, SystemResponse
from store_credit_mock.systems.system import System

if TYPE_CHECKING:
    from store_credit_mock.core.engine import BaseEngine

__all__ = ["ErrorResponder"]


class ErrorResponder:
    """Refuses as the systems of an engine do.

    Args:
        engine: Whose systems speak; nothing in its sandbox is changed.
    """

    def __init__(self, engine: BaseEngine) -> None:
        self._engine = engine
        self._count = 0

    def reject(self, request: Request, match: Match | None, violations: Sequence[Violation]) -> Response:
        """Refuse a request that breaks the OpenAPI document, as the mock does in strict mode."""
        system = self._system(request)
        if system is None:
            answered = _plain(400, str(violations[0]))
        else:
            call = self._call(request, match)
            answered = self._finished(system, call, system.reject(call, violations))
        answered.headers.append((VIOLATION_HEADER, header_text(violations)))
        return answered

    def fail(self, request: Request, status: int, text: str) -> Response:
        """Answer with a status of our own choice and a sentence."""
        system = self._system(request)
        if system is None:
            return _plain(status, text)
        call = self._call(request, None)
        return self._finished(system, call, system.error_response(call, status, text))

    def close(self) -> None:
        """Let go of the engine."""
        self._engine.close()

    def _system(self, request: Request) -> System | None:
        return next((known for known in self._engine.systems.values() if known.serves(request.path)), None)

    def _call(self, request: Request, match: Match | None) -> Call:
        engine = self._engine
        self._count += 1
        return Call(
            request,
            None if match is None else match.operation,
            {} if match is None else match.path,
            None if match is None else match.alias,
            read_body(request),
            read_query(request.query),
            engine.sandbox,
            engine.storage,
            engine.contract,
            engine.sandbox.clock.now(),
            engine.sandbox.random_id("refusal", self._count, 16),
        )

    @staticmethod
    def _finished(system: System, call: Call, answer: SystemResponse) -> Response:
        system.finalize(call, answer)
        return rendered(system, answer)[0]


def _plain(status: int, text: str) -> Response:
    return Response(status, [(b"content-type", b"application/json")], orjson.dumps({"error": text}))
