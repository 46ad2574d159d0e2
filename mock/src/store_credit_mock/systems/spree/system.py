"""Spree as the engine sees it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from hashlib import md5
from typing import Any, ClassVar, Final

from store_credit_mock.contract import Violation
from store_credit_mock.http import Request
from store_credit_mock.ledger import InvariantViolation
from store_credit_mock.sandbox import Sandbox
from store_credit_mock.systems.call import Call, Handler, SystemResponse
from store_credit_mock.systems.control_route import ControlRoute
from store_credit_mock.systems.rails.parameters import is_broken
from store_credit_mock.systems.spree import (
    authentication,
    credit_operations,
    errors,
    invariants,
    oauth,
    order_operations,
    response_cache,
)
from store_credit_mock.systems.spree.clients import SPREE_URL
from store_credit_mock.systems.spree.fixtures import FIXTURES, SAMPLE_TOKENS, SAMPLES, admit, load, seed
from store_credit_mock.systems.spree.options import OPTIONS
from store_credit_mock.systems.spree.tables import TABLES
from store_credit_mock.systems.spree.taxonomy_operations import CATEGORIES, TYPES
from store_credit_mock.systems.spree.versions import profile_of
from store_credit_mock.systems.system import RouteMatch, System

__all__ = ["Spree"]

_PLATFORM: Final = "/api/v2/platform/"
_OAUTH: Final = "/spree_oauth/"
_CACHED: Final = (b"cache-control", b"max-age=0, private, must-revalidate")
_UNCACHED: Final = (b"cache-control", b"no-cache")
_RESOURCE: Final = re.compile(r"/api/v2/platform/store_credit(?:s|_categories|_types)/(?:new|[^/]+/edit)")
_SUFFIX: Final = re.compile(r"\.(?:json|xml)")
_REQUEST_ID: Final = re.compile(r"[^\w\-@]", re.ASCII)


class Spree(System):
    """Spree's API v2, as far as it touches store credit."""

    name: ClassVar[str] = "spree"
    media_type: ClassVar[str] = "application/vnd.api+json; charset=utf-8"
    tables = TABLES
    fixtures = FIXTURES
    samples = SAMPLES
    options = OPTIONS
    base_urls = (SPREE_URL,)
    customer_fields = ("/store_credit/user_id", "/filter/user_id_eq")

    def __init__(self) -> None:
        self.operations: Mapping[str, Handler] = {
            "spree.store_credits.list": credit_operations.list_,
            "spree.store_credits.create": credit_operations.create,
            "spree.store_credits.retrieve": credit_operations.retrieve,
            "spree.store_credits.update": credit_operations.update,
            "spree.store_credits.delete": credit_operations.delete,
            **{f"spree.store_credit_categories.{name}": handler for name, handler in CATEGORIES.items()},
            **{f"spree.store_credit_types.{name}": handler for name, handler in TYPES.items()},
            "spree.orders.use_store_credit": order_operations.use_store_credit,
            "spree.checkout.add_store_credit": order_operations.add_store_credit,
            "spree.checkout.remove_store_credit": order_operations.remove_store_credit,
            "spree.account.retrieve": order_operations.account,
            **{f"spree.oauth.{name}": handler for name, handler in oauth.OPERATIONS.items()},
        }

    def serves(self, path: str) -> bool:
        return path.startswith(("/api/v2/", _OAUTH))

    def route(self, request: Request, *, strict: bool) -> RouteMatch | None:
        """HEAD, PUT, a suffix and a slash at the end lead to the operation; so do routes without an action (13.10)."""
        path = request.path.rstrip("/")
        head, dot, suffix = path.rpartition(".")
        if dot and _SUFFIX.fullmatch(dot + suffix):
            path = head
        if request.method in {"GET", "HEAD"} and _RESOURCE.fullmatch(path):
            return RouteMatch(_no_action, writes=False)
        match = self.contract.find("GET" if request.method == "HEAD" else request.method, path)
        if match is None:
            return None
        operation = match.operation
        if strict and match.alias is not None:
            return None
        keyword, expected, got = ("path", operation.template, request.path)
        text = f"the OpenAPI document has no {request.method} {request.path}"
        if path == request.path:
            keyword, expected, got = ("method", operation.method, request.method)
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
        request = call.request
        if strict and allowed:
            methods = ", ".join(allowed)
            text = f"{request.method} is not allowed here; {methods} are"
            return SystemResponse(405, {"error": text}, headers=(("allow", methods),), checked=False)
        return errors.missing_page(request.header("accept"))

    def authenticate(self, call: Call) -> SystemResponse | None:
        operation = call.operation
        if operation is None:
            return None
        if call.request.query and profile_of(call).is_v5 and is_broken(call):
            return errors.silent_400()
        if operation.template.startswith(_PLATFORM):
            if call.path.get("id") == "new" and operation.method == "GET":
                # Rails routes it before anyone is asked for a token, to an action that is not there.
                return errors.missing_page(None, json=True)
            return authentication.platform(call)
        if operation.template.startswith(_OAUTH):
            return authentication.token_endpoint(call)
        return authentication.storefront(call)

    def opening_headers(self, sandbox: Sandbox) -> Mapping[str, str]:
        token = sandbox.of_systems["spree_token"] or sandbox.setting("spree.token")
        return {"authorization": f"Bearer {token}"}

    def reject(self, call: Call, violations: Sequence[Violation]) -> SystemResponse:
        first = violations[0]
        if first.keyword == "method":
            return SystemResponse(405, {"error": first.message}, headers=(("allow", first.expected),), checked=False)
        text = f"{first.param}: {first.message}" if first.param else first.message
        if call.operation is not None and call.operation.template.startswith(_OAUTH):
            return oauth.refused("invalid_request", text)
        return errors.error(400, text)

    def error_response(self, call: Call, status: int, message: str) -> SystemResponse:
        if status >= 500:
            return errors.server_error(status, message)
        if status == 422:
            return SystemResponse(422, {"error": message, "errors": {}})
        headers = (("retry-after", "1"),) if status == 429 else ()
        return SystemResponse(status, {"error": message}, headers=headers)

    def finalize(self, call: Call, answer: SystemResponse) -> None:
        """Request id, ETag and caching; a GET whose ETag is known already is answered 304 (spree.md 13.1)."""
        request = call.request
        sent = request.header("x-request-id")
        wanted = _REQUEST_ID.sub("", sent)[:255] if sent else ""
        answer.raw.append((b"x-request-id", (wanted or _uuid(call.request_id)).encode()))
        if answer.media_type is not None:
            pass
        elif answer.status in {200, 201} and answer.body is not None:
            tag = f'W/"{answer.digest()}"'
            answer.raw += ((b"etag", tag.encode()), _CACHED)
            if request.method in {"GET", "HEAD"} and _matches(request.header("if-none-match"), tag):
                answer.status, answer.body = 304, None
        else:
            answer.raw.append(_UNCACHED)
        if request.method == "HEAD" and answer.body is not None:
            answer.body = b""

    def seed(self, call: Call) -> None:
        seed(call)

    def on_restore(self, call: Call) -> None:
        response_cache.forget(call)

    def on_open(self, call: Call) -> None:
        admit(call)

    def load(self, call: Call, fixtures: Mapping[str, Any]) -> None:
        load(call, fixtures)

    def control_routes(self) -> Sequence[ControlRoute]:
        from store_credit_mock.systems.spree import control_routes

        return control_routes.routes

    def sandbox_of(self, headers: Mapping[bytes, bytes]) -> str | None:
        return authentication.sandbox_of(headers)

    def environment(self, url: str, sandbox: Sandbox) -> Mapping[str, str]:
        samples = SAMPLE_TOKENS if sandbox.options.samples else {}
        return {"SPREE_URL": url, "SPREE_TOKEN": authentication.admin_token(sandbox), **samples}

    def startup(self, sandbox: Sandbox) -> Mapping[str, Any]:
        return {"spree_token": authentication.admin_token(sandbox), "profile": sandbox.of_systems["profile"]}

    def startup_notes(self, sandbox: Sandbox) -> Iterable[str]:
        made_up = sandbox.setting("spree.token")
        if sandbox.of_systems["spree_token"] is None and made_up:
            yield f"Spree admin token: {made_up}"

    def invariants(self, call: Call) -> Iterable[InvariantViolation]:
        return invariants.check(call)


def _no_action(call: Call) -> SystemResponse:  # noqa: ARG001 - a handler like any other
    return errors.missing_page(None, json=True)


def _uuid(digits: str) -> str:
    long = md5(digits.encode(), usedforsecurity=False).hexdigest()
    return f"{long[:8]}-{long[8:12]}-4{long[13:16]}-8{long[17:20]}-{long[20:]}"


def _matches(header: str | None, tag: str) -> bool:
    if header is None:
        return False
    return header.strip() == "*" or tag in {part.strip() for part in header.split(",")}
