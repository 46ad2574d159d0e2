"""VINR as the engine sees it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, ClassVar, Final

from store_credit_mock.contract import Violation
from store_credit_mock.http import Header, Request
from store_credit_mock.ledger import InvariantViolation
from store_credit_mock.sandbox import Sandbox
from store_credit_mock.systems.call import Call, SystemResponse
from store_credit_mock.systems.control_route import ControlRoute
from store_credit_mock.systems.outbox import Outbox
from store_credit_mock.systems.system import RouteMatch, System
from store_credit_mock.systems.vinr import invariants, rate_limiting
from store_credit_mock.systems.vinr.authentication import Caller, caller, sandbox_of
from store_credit_mock.systems.vinr.clients import VINR_KEY, VINR_URL
from store_credit_mock.systems.vinr.errors import KINDS, error
from store_credit_mock.systems.vinr.events import prune
from store_credit_mock.systems.vinr.fixtures import FIXTURES, SAMPLE_WEBHOOK_SECRET, SAMPLES, load, seed
from store_credit_mock.systems.vinr.operations import OPERATIONS
from store_credit_mock.systems.vinr.options import OPTIONS
from store_credit_mock.systems.vinr.tables import TABLES
from store_credit_mock.systems.vinr.webhook_deliveries import OUTBOX

__all__ = ["ACCOUNT_VERSION", "Vinr"]

ACCOUNT_VERSION: Final = "2026-04-01"
"""The API version of a request that names none."""
_CODES: Final = {
    400: "parameter_invalid",
    401: "invalid_api_key",
    402: "card_declined",
    403: "permission_denied",
    404: "resource_missing",
    405: "resource_missing",
    409: "idempotency_conflict",
    410: "resource_missing",
    422: "amount_too_large",
    429: "rate_limited",
}
"""The code of an error by its status, where nothing else chooses one."""
_READING: Final = frozenset({"GET", "HEAD"})


@lru_cache(maxsize=16)
def _versioned(version: str) -> Header:
    """The header that says which version answered."""
    return b"vinr-version", version.encode()


class Vinr(System):
    """VINR's sandbox host."""

    name: ClassVar[str] = "vinr"
    media_type: ClassVar[str] = "application/json"
    tables = TABLES
    fixtures = FIXTURES
    samples = SAMPLES
    operations = OPERATIONS
    options = OPTIONS
    base_urls = (VINR_URL,)
    error_codes: ClassVar[Mapping[str, int]] = {code: status for code, (status, _) in KINDS.items()}
    customer_fields = ("/customer",)

    @property
    def outbox(self) -> Outbox:
        return OUTBOX

    def serves(self, path: str) -> bool:
        return path.startswith("/v1/") or path == "/v1"

    def route(self, request: Request, *, strict: bool) -> RouteMatch | None:
        """HEAD leads where GET does (RFC 9110, 9.3.2); it is not a departure from the document."""
        match = self.contract.find("GET", request.path) if request.method == "HEAD" else None
        if match is None:
            return None
        operation = match.operation
        return RouteMatch(self.handler(operation.id), operation, match.path, writes=False)

    def not_found(self, call: Call, allowed: Sequence[str], *, strict: bool) -> SystemResponse:
        method, path = call.request.method, call.request.path
        if allowed:
            text = f"{method} is not allowed here; {', '.join(allowed)} are"
            return self._method_not_allowed(call, text, ", ".join(allowed))
        near = call.contract.nearest(path)
        meant = "" if near is None else f"; did you mean {near}?"
        return error("resource_missing", f"there is nothing at {path[:200]}{meant}", call.request_id)

    @staticmethod
    def _method_not_allowed(call: Call, text: str, allowed: str) -> SystemResponse:
        """The document has no such response and so no code of its own for it."""
        return error("resource_missing", text, call.request_id, status=405, headers=(("allow", allowed),))

    def authenticate(self, call: Call) -> SystemResponse | None:
        request, sandbox = call.request, call.sandbox
        found = caller(call)
        if isinstance(found, SystemResponse):
            return found
        writes = request.method not in _READING
        bucket = found.bucket = rate_limiting.bucket_of(sandbox, found.key, call.now, writes=writes)
        call.extra = ACCOUNT_VERSION
        call.caller = found
        if not bucket.take(call.now) and rate_limiting.limit_of(sandbox) is not None:
            text = f"too many requests; try again in {bucket.wait} s"
            return error("rate_limited", text, call.request_id, headers=(("retry-after", str(bucket.wait)),))
        return None

    def opening_headers(self, sandbox: Sandbox) -> Mapping[str, str]:
        return {"x-api-key": "sk_test_any"}

    def reject(self, call: Call, violations: Sequence[Violation]) -> SystemResponse:
        first = violations[0]
        code = {"required": "parameter_missing", "additionalProperties": "parameter_unknown"}.get(
            first.keyword, "parameter_invalid"
        )
        if first.keyword == "method":
            return self._method_not_allowed(call, first.message, first.expected)
        param = {"vinr-version": "Vinr-Version", "idempotency-key": "Idempotency-Key"}.get(first.param, first.param)
        return error(code, first.message, call.request_id, param.partition(".")[0])

    def error_response(self, call: Call, status: int, message: str) -> SystemResponse:
        return self.planned_error(call, status, message, None)

    def planned_error(self, call: Call, status: int, message: str, code: str | None) -> SystemResponse:
        if code is None:
            # Whatever else the client has done wrong is no failure of the server's.
            code = _CODES.get(status, "parameter_invalid" if 400 <= status < 500 else "internal_error")
        headers = (("retry-after", "1"),) if status == 429 else ()
        return error(code, message, call.request_id, status=status, headers=headers)

    def finalize(self, call: Call, answer: SystemResponse) -> None:
        caller: Caller | None = call.caller
        # Who was not recognised is told of a bucket that is full, since the second that runs.
        bucket = (
            rate_limiting.Bucket(
                *(rate_limiting.limit_of(call.sandbox) or rate_limiting.SANDBOX_BUCKET), call.now // 1000 * 1000
            )
            if caller is None
            else caller.bucket
        )
        if call.request.method == "HEAD" and answer.body is not None:
            answer.body = b""
        answer.raw += (
            (b"x-vinr-request-id", b"req_" + call.request_id.encode()),
            _versioned(call.extra or ACCOUNT_VERSION),
            bucket.header,
            (b"x-ratelimit-remaining", b"%d" % bucket.left),
            (b"x-ratelimit-reset", b"%d" % bucket.full_at),
        )

    def seed(self, call: Call) -> None:
        seed(call)

    def load(self, call: Call, fixtures: Mapping[str, Any]) -> None:
        load(call, fixtures)

    def on_restore(self, call: Call) -> None:
        rate_limiting.forget(call.sandbox)

    def on_clock_changed(self, call: Call) -> None:
        prune(call)

    def control_routes(self) -> Sequence[ControlRoute]:
        from store_credit_mock.systems.vinr import control_routes

        return control_routes.routes

    def sandbox_of(self, headers: Mapping[bytes, bytes]) -> str | None:
        return sandbox_of(headers)

    def environment(self, url: str, sandbox: Sandbox) -> Mapping[str, str]:
        samples = {"VINR_WEBHOOK_SECRET": SAMPLE_WEBHOOK_SECRET} if sandbox.options.samples else {}
        return {"VINR_BASE_URL": url, "VINR_SECRET_KEY": VINR_KEY, **samples}

    def invariants(self, call: Call) -> Iterable[InvariantViolation]:
        return invariants.check(call)
