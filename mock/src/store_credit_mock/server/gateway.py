"""Where requests from a socket come in: past the guard, to the inspector's pages or to the engine."""

from __future__ import annotations

from collections.abc import Generator
from time import perf_counter

from store_credit_mock.control.dispatcher import refusal
from store_credit_mock.factory import Engine
from store_credit_mock.http import Request, Response
from store_credit_mock.server.cors import is_preflight
from store_credit_mock.server.inspector import InspectorRoutes
from store_credit_mock.server.origin_guard import CONTROL, OriginGuard
from store_credit_mock.server.telemetry import METRICS, Telemetry
from store_credit_mock.systems.control_route import ControlError

__all__ = ["Gateway"]


class Gateway:
    """Answers what comes over the network. Inside a process nobody needs it.

    Args:
        engine: What answers in the end.
        guard: Who is let in; by default loopback only.
        scheme: Of its own address, `http` or `https`.
        telemetry: Notes every exchange.
    """

    def __init__(
        self,
        engine: Engine,
        guard: OriginGuard | None = None,
        scheme: str = "http",
        telemetry: Telemetry | None = None,
    ) -> None:
        self._engine = engine
        self._guard = guard or OriginGuard()
        self._pages = InspectorRoutes(engine.control.sessions, scheme)
        self._telemetry = telemetry

    def handle(self, request: Request) -> Response:
        """Answer a request; like `Engine.handle`."""
        if self._telemetry is None:
            return self._answer(request)
        started = perf_counter()
        response = self._answer(request)
        self._telemetry.note(request, response, perf_counter() - started)
        return response

    def handle_steps(self, request: Request) -> Generator[float, None, Response]:
        """Answer a request, leaving the waiting to the caller; like `Engine.handle_steps`."""
        started = perf_counter()
        response = self._early(request)
        if response is None:
            response = self.shared(request, (yield from self._engine.handle_steps(request)))
        if self._telemetry is not None:
            self._telemetry.note(request, response, perf_counter() - started)
        return response

    def refuse(self, request: Request, response: Response) -> Response:
        """Refuse a request of which only the head was read."""
        response = self.shared(request, response)
        if self._telemetry is not None:
            self._telemetry.note(request, response, 0.0)
        return response

    def _answer(self, request: Request) -> Response:
        early = self._early(request)
        if early is not None:
            return early
        response = self._engine.handle(request)
        return self.shared(request, response) if self._guard.origins else response

    def longest_body(self, request: Request, usual: int) -> int | Response:
        """How many bytes the body of a request may have, from its head alone, or what refuses it at once.

        Args:
            request: The head; its body does not count.
            usual: The limit of any request.
        """
        refused = self._guard.refusal(request)
        if refused is not None:
            return refused
        if not request.path.startswith(CONTROL):
            return usual
        try:
            return self._engine.control.longest_body(request) or usual
        except ControlError as error:
            return refusal(error.status, error, error.headers)

    def _early(self, request: Request) -> Response | None:
        refused = self._guard.refusal(request)
        if refused is not None:
            return refused
        if is_preflight(request) and (origin := self._guard.allowed_origin(request)) is not None:
            return self._guard.origins.preflight(request, origin)
        if not request.path.startswith(CONTROL):
            return None
        return self._metrics(request) if request.path == METRICS else self._pages.answer(request)

    def _metrics(self, request: Request) -> Response:
        telemetry = self._telemetry
        if telemetry is None or telemetry.metrics is None:
            return refusal(404, "metrics are off: start the mock with --metrics")
        telemetry.flush()
        return telemetry.metrics.response(request)

    def shared(self, request: Request, response: Response) -> Response:
        """A response as the page may read it that the request comes from, where its origin was allowed."""
        origins = self._guard.origins
        if not origins or request.path.startswith(CONTROL):
            return response
        return origins.share(response, self._guard.allowed_origin(request))
