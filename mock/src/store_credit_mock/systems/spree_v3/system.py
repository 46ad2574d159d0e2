"""Spree's API v3 as the engine sees it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, Final

from store_credit_mock.contract import Violation
from store_credit_mock.http import Request
from store_credit_mock.ledger import InvariantViolation
from store_credit_mock.sandbox import Sandbox
from store_credit_mock.systems.call import Call, Handler, SystemResponse
from store_credit_mock.systems.control_route import ControlRoute
from store_credit_mock.systems.outbox import Outbox
from store_credit_mock.systems.spree_v3 import (
    api_keys,
    errors,
    filters,
    invariants,
    rate_limiting,
    response_headers,
    web_tokens,
)
from store_credit_mock.systems.spree_v3.actions import Action
from store_credit_mock.systems.spree_v3.clients import SPREE_V3_URL
from store_credit_mock.systems.spree_v3.fixtures import FIXTURES, load
from store_credit_mock.systems.spree_v3.options import OPTIONS
from store_credit_mock.systems.spree_v3.order_tables import ORDER_TABLES
from store_credit_mock.systems.spree_v3.registry import ACTIONS, ROUTES
from store_credit_mock.systems.spree_v3.samples import SAMPLES, sample_environment
from store_credit_mock.systems.spree_v3.seeding import admit, seed
from store_credit_mock.systems.spree_v3.tables import TABLES
from store_credit_mock.systems.spree_v3.webhook_deliveries import OUTBOX
from store_credit_mock.systems.spree_v3.webhook_tables import WEBHOOK_TABLES
from store_credit_mock.systems.system import RouteMatch, System

__all__ = ["SpreeV3"]

_PATH: Final = "/api/v3/"
_SUFFIX: Final = re.compile(r"\.(?:json|xml)")


class SpreeV3(System):
    """Spree's API v3, as far as it touches store credit."""

    name: ClassVar[str] = "spree_v3"
    media_type: ClassVar[str] = "application/json; charset=utf-8"
    tables = (*TABLES, *ORDER_TABLES, *WEBHOOK_TABLES)
    options = OPTIONS
    base_urls = (SPREE_V3_URL,)
    fixtures = FIXTURES
    samples = SAMPLES
    error_codes = errors.CODES
    customer_fields = ("/api/v3/admin/customers/{customer}", "/q/customer_id_eq", "/q/user_id_eq")
    operations: Mapping[str, Handler] = dict.fromkeys(ACTIONS, filters.handle)

    def serves(self, path: str) -> bool:
        return path.startswith(_PATH)

    def route(self, request: Request, *, strict: bool) -> RouteMatch | None:
        """HEAD, PUT, a suffix and a slash at the end lead to the operation; so do routes the document lacks."""
        path = _plain(request.path)
        own = ROUTES.find(request.method, path)
        if own is not None:
            return RouteMatch(filters.handle, None, own[1], writes=request.method != "GET")
        method = {"HEAD": "GET", "PUT": "PATCH"}.get(request.method, request.method)
        match = self.contract.find(method, path)
        if match is None:
            return None
        operation = match.operation
        if strict and match.alias is not None:
            return None
        keyword, expected, got = "path", operation.template, request.path
        text = f"the OpenAPI document has no {request.method} {request.path}"
        if path == request.path:
            keyword, expected, got = "method", operation.method, request.method
        else:
            text += f"; did you mean {path}?"
        violation = Violation(
            "request", operation.id, "/" + keyword, keyword, expected, got[:200], text,
            self.contract.document.line(operation.pointer),
        )  # fmt: skip
        # RFC 9110: whoever answers GET answers HEAD; no client of the document breaks it by asking.
        violations = () if request.method == "HEAD" and path == request.path else (violation,)
        return RouteMatch(
            self.handler(operation.id), operation, match.path, match.alias, violations, writes=operation.writes
        )

    def not_found(self, call: Call, allowed: Sequence[str], *, strict: bool) -> SystemResponse:
        if strict and allowed:
            methods = ", ".join(allowed)
            text = f"{call.request.method} is not allowed here; {methods} are"
            body = errors.envelope("invalid_request", text)
            return SystemResponse(405, body, headers=(("allow", methods),), checked=False)
        return errors.missing_route()

    def authenticate(self, call: Call) -> SystemResponse | None:
        action = _action(call)
        return None if action is None else filters.admit(call, action)

    def opening_headers(self, sandbox: Sandbox) -> Mapping[str, str]:
        return {api_keys.HEADER: api_keys.secret_key(sandbox)}

    def reject(self, call: Call, violations: Sequence[Violation]) -> SystemResponse:
        first = violations[0]
        if first.keyword == "method":
            body = errors.envelope("invalid_request", first.message)
            return SystemResponse(405, body, headers=(("allow", first.expected),), checked=False)
        text = f"{first.param}: {first.message}" if first.param else first.message
        return errors.error("invalid_request", text)

    def error_response(self, call: Call, status: int, message: str) -> SystemResponse:
        return self.planned_error(call, status, message, None)

    def planned_error(self, call: Call, status: int, message: str, code: str | None) -> SystemResponse:
        if code is None and status >= 500:
            return errors.rails_error(status, message)
        if code is None:
            code = next((known for known, own in errors.CODES.items() if own == status), "invalid_request")
        answer = errors.error(code, message, status=status)
        if status == 429:
            answer.headers.append(("retry-after", str(rate_limiting.WINDOW)))
        return answer

    def finalize(self, call: Call, answer: SystemResponse) -> None:
        response_headers.finish(call, answer)

    def seed(self, call: Call) -> None:
        seed(call)

    def load(self, call: Call, fixtures: Mapping[str, Any]) -> None:
        load(call, fixtures)

    def on_open(self, call: Call) -> None:
        admit(call)

    def on_restore(self, call: Call) -> None:
        rate_limiting.forget(call.sandbox)

    def control_routes(self) -> Sequence[ControlRoute]:
        from store_credit_mock.systems.spree_v3 import control_routes

        return control_routes.routes

    @property
    def outbox(self) -> Outbox | None:
        return OUTBOX

    def sandbox_of(self, headers: Mapping[bytes, bytes]) -> str | None:
        return api_keys.sandbox_of(headers) or web_tokens.sandbox_of(headers)

    def environment(self, url: str, sandbox: Sandbox) -> Mapping[str, str]:
        return {
            "SPREE_URL": url,
            "SPREE_ADMIN_KEY": api_keys.secret_key(sandbox),
            "SPREE_PUBLISHABLE_KEY": api_keys.publishable_key(sandbox),
            **sample_environment(sandbox),
        }

    def startup(self, sandbox: Sandbox) -> Mapping[str, Any]:
        return {
            "spree_v3_secret_key": api_keys.secret_key(sandbox),
            "spree_v3_publishable_key": api_keys.publishable_key(sandbox),
            "spree_v3_profile": sandbox.of_systems["spree_v3_profile"],
        }

    def invariants(self, call: Call) -> Iterable[InvariantViolation]:
        return invariants.check(call)


def _plain(path: str) -> str:
    """A path without what Rails passes over: slashes at the end, and a suffix."""
    path = path.rstrip("/")
    head, dot, suffix = path.rpartition(".")
    return head if dot and _SUFFIX.fullmatch(dot + suffix) else path


def _action(call: Call) -> Action | None:
    """What the server does for a request; None for one that leads nowhere."""
    if call.operation is not None:
        return ACTIONS.get(call.operation.id)
    found = ROUTES.find(call.request.method, _plain(call.request.path))
    return None if found is None else found[0]
