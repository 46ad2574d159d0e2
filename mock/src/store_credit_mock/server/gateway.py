"""Where requests from a socket come in: past the guard, to the inspector's pages or to the engine."""

from __future__ import annotations

from collections.abc import Generator
from copy import copy

from store_credit_mock.control.dispatcher import refusal
from store_credit_mock.factory import Engine
from store_credit_mock.http import Header, Request, Response
from store_credit_mock.server.inspector import InspectorRoutes
from store_credit_mock.server.origin_guard import CONTROL, OriginGuard
from store_credit_mock.systems.control_route import ControlError

__all__ = ["Gateway"]


class Gateway:
    """Answers what comes over the network. Inside a process nobody needs it.

    Args:
        engine: What answers in the end.
        guard: Who is let in; by default loopback only.
    """

    def __init__(self, engine: Engine, guard: OriginGuard | None = None) -> None:
        self._engine = engine
        self._guard = guard or OriginGuard()
        self._pages = InspectorRoutes(engine.control.sessions)

    def handle(self, request: Request) -> Response:
        """Answer a request; like `Engine.handle`."""
        early = self._early(request)
        return self._shared(request, self._engine.handle(request)) if early is None else early

    def handle_steps(self, request: Request) -> Generator[float, None, Response]:
        """Answer a request, leaving the waiting to the caller; like `Engine.handle_steps`."""
        early = self._early(request)
        if early is not None:
            return early
        return self._shared(request, (yield from self._engine.handle_steps(request)))

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
        refusal = self._guard.refusal(request)
        if refusal is not None:
            return refusal
        origin = self._guard.allowed_origin(request)
        if origin is not None and request.method == "OPTIONS" and request.header("access-control-request-method"):
            asked = request.header("access-control-request-headers")
            headers = [*_open_to(origin), (b"access-control-allow-methods", b"GET, POST, PUT, PATCH, DELETE")]
            if asked is not None:
                headers.append((b"access-control-allow-headers", asked.encode("latin-1")))
            return Response(204, headers, b"")
        return self._pages.answer(request)

    def _shared(self, request: Request, response: Response) -> Response:
        origin = self._guard.allowed_origin(request)
        if origin is None:
            return response
        headers = [*response.headers, *_open_to(origin), (b"access-control-expose-headers", b"*")]
        # The exchange keeps the other one.
        shared = copy(response)
        shared.headers = headers
        return shared


def _open_to(origin: str) -> list[Header]:
    return [(b"access-control-allow-origin", origin.encode("latin-1")), (b"vary", b"Origin")]
