"""The request pipeline.

Find the operation, ask the system who is calling, see whether a fault is scheduled, run the system's handler inside
one transaction, check the request against the document, check the response against the closed copy, commit or roll
back, record the exchange, make bytes.

*Observe* returns the handler's response and reports what breaks the document. *Strict* returns the handler's own 4xx
unchanged; where the handler would respond 2xx or 5xx to a request that breaks the document, everything is rolled back
and the system rejects the request. A 401 comes before both. A response of the mock that breaks the document is a 500 in
strict mode, and always recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

import orjson

from store_credit_mock.contract import Contract, Operation, Violation, read_body, read_query
from store_credit_mock.core.exchange_log import ExchangeLog
from store_credit_mock.core.faults import Fault
from store_credit_mock.core.responses import VIOLATION_HEADER, header_text, rendered, spoiled
from store_credit_mock.http import Request, Response
from store_credit_mock.sandbox import Sandbox
from store_credit_mock.storage import Storage, StorageError
from store_credit_mock.systems.call import Abort, Call, SystemResponse, WriteNeeded
from store_credit_mock.systems.system import System

__all__ = ["EngineError", "RequestPipeline"]


class EngineError(Exception):
    """The engine cannot start as asked; the text says why and what to do."""


class RequestPipeline:
    """Takes requests, one at a time, through the handlers of their systems.

    Args:
        contract: The compiled document.
        systems: By name.
        sandbox: Clock, ids, options.
        storage: Where state is kept.
        exchanges: Where exchanges are recorded.
        left_out: Names of systems whose operations this engine does not answer on purpose.
        partial: Whether other operations may lack a handler too.
        beside: Another one of the same systems, whose handlers this one shares.

    Attributes:
        raise_errors: Whether a defect of the mock itself raises instead of becoming a 500; for the mock's own tests.

    Raises:
        EngineError: An operation of the OpenAPI document has no handler.
    """

    def __init__(
        self,
        contract: Contract,
        systems: Mapping[str, System],
        sandbox: Sandbox,
        storage: Storage,
        exchanges: ExchangeLog,
        *,
        left_out: Collection[str] = (),
        partial: bool = False,
        beside: RequestPipeline | None = None,
    ) -> None:
        self.contract = contract
        self.systems = systems
        self.sandbox = sandbox
        self.storage = storage
        self.exchanges = exchanges
        self.raise_errors = False
        self._strict = sandbox.options.strict
        self._handlers: dict[str, tuple[System, Callable[[Call], SystemResponse]]] = {}
        if beside is not None:
            self._handlers = beside._handlers
            return
        missing = self._bind_handlers(left_out)
        if missing and not partial:
            named = ", ".join(missing[:5]) + (f" and {len(missing) - 5} more" if len(missing) > 5 else "")
            raise EngineError(
                f"this mock has no handler for these operations in the document: {named}. Add each handler to the"
                ' package for its system (see "How to add an operation" in CONTRIBUTING.md); `store-credit-mock'
                " proxy` and `verify` do not need handlers"
            )

    def answer(self, request: Request, fault: Fault | None, at: int | None = None) -> Response:
        """Answer one request; the engine sees to it that only one is on its way.

        Args:
            request: The request.
            fault: The scheduled fault that strikes it.
            at: Its time in Unix milliseconds, where that is not the present one.
        """
        sandbox = self.sandbox
        sandbox.ordinal = ordinal = sandbox.ordinal + 1
        now = sandbox.clock.step(ordinal)
        if at is not None:
            now = at
        match = self.contract.find(request.method, request.path)
        operation: Operation | None
        system: System | None
        early: tuple[Violation, ...] = ()
        if match is not None and (match.alias is None or not self._strict):
            operation, path, alias = match.operation, match.path, match.alias
            bound = self._handlers.get(operation.id)
            if bound is None:
                return self._unknown_system(request, ordinal, now)
            system, handler = bound
            writes = operation.writes
            if alias is not None:
                early = (self.contract.alias_violation(operation, request.method),)
        else:
            system = next((known for known in self.systems.values() if known.serves(request.path)), None)
            if system is None:
                return self._unknown_system(request, ordinal, now)
            located = system.route(request, strict=self._strict)
            if located is None:
                return self._no_operation(system, request, ordinal, now, fault)
            operation, path, alias, early = located.operation, located.path, located.alias, located.violations
            handler, writes = located.handler, located.writes
            if operation is not None and (bound := self._handlers.get(operation.id)) is not None:
                system, handler = bound if bound[0] is not system else (system, handler)
        request.operation = None if operation is None else operation.id
        request_id = sandbox.random_id("request", ordinal, 16)
        body = read_body(request)
        pairs = read_query(request.query) if request.query else []
        call = Call(request, operation, path, alias, body, pairs, sandbox, self.storage, self.contract, now, request_id)
        return self._execute(system, handler, call, writes, early, fault, ordinal, at)

    def _execute(
        self,
        system: System,
        handler: Callable[[Call], SystemResponse],
        call: Call,
        writes: bool,
        early: tuple[Violation, ...],
        fault: Fault | None,
        ordinal: int,
        at: int | None = None,
    ) -> Response:
        storage, operation = self.storage, call.operation
        identity = "" if operation is None else operation.id
        # What is read in a memory of one's own is of one moment anyhow.
        transaction = writes or storage.persistent
        violations = early
        keep, planned = True, False
        call.writes = writes
        try:
            if transaction:
                storage.begin(write=writes)
            if writes:
                self.sandbox.begin(storage)
            if storage.multi_process:
                # Another process may have moved the clock, issued a key, registered an endpoint.
                if not writes:
                    self.sandbox.load(storage, hold=False)
                now = self.sandbox.clock.step(ordinal)
                call.now = now if at is None else at
            answer = system.authenticate(call)
            if answer is None:
                if fault is not None and fault.prevents:
                    keep, planned = False, True
                    answer = _planned_response(system, call, fault)
                else:
                    try:
                        answer = handler(call)
                    except Abort as refusal:
                        keep, answer = False, refusal.answer
                    if operation is not None:
                        found = self.contract.check_request(
                            operation, call.path, call.query_pairs, call.request, call.body
                        )
                        if found:
                            violations = (*violations, *found)
                    if violations and self._strict and (answer.status < 400 or answer.status >= 500):
                        keep = False
                        answer = system.reject(call, violations)
                        if operation is not None and str(answer.status) not in operation.responses:
                            # The refusal is the mock's, and the system has none of this kind here to be held to.
                            answer.checked = False
            elif operation is not None:
                violations = (
                    *violations,
                    *self.contract.check_request(operation, call.path, call.query_pairs, call.request, call.body),
                )
            response, violations = self._render(system, call, answer, violations)
            if response.status == 500 and answer.status != 500:
                keep = False
            if not keep:
                if writes:
                    self.sandbox.rolled_back()
                storage.rollback()
            else:
                if writes:
                    self.sandbox.save(storage)
                if transaction:
                    storage.commit()
                self.sandbox.committed()
        except WriteNeeded:
            self._roll_back()
            return self._execute(system, handler, call, True, early, fault, ordinal, at)
        except StorageError as error:
            self._roll_back()
            answer = system.error_response(call, 503, str(error))
            response, violations = self._render(system, call, answer, violations)
        except Exception as error:
            self._roll_back()
            message = f"the mock failed: {type(error).__name__}: {error}"
            answer = system.error_response(call, 500, message)
            response, violations = self._render(system, call, answer, violations)
            self.exchanges.add(ordinal, call.now, identity, call.request, response, violations, message)
            if self.raise_errors:
                raise
            return response
        if fault is not None and (planned or answer.status != 401):
            if fault.responds and fault.when == "after":
                late = _planned_response(system, call, fault)
                response, violations = self._render(system, call, late, violations)
            response = spoiled(response, fault)
        name = None if fault is None else fault.id
        self.exchanges.add(ordinal, call.now, identity, call.request, response, violations, name)
        return response

    def _render(
        self, system: System, call: Call, answer: SystemResponse, violations: tuple[Violation, ...]
    ) -> tuple[Response, tuple[Violation, ...]]:
        """Make bytes, after the system's last word and the check of the response."""
        system.finalize(call, answer)
        response, media_type = rendered(system, answer)
        operation = call.operation
        if operation is not None and answer.checked:
            found = self.contract.check_response(
                operation,
                answer.status,
                response.headers,
                media_type,
                answer.body,
                head=call.request.method == "HEAD",
            )
            if found:
                violations = (*violations, *found)
                if self._strict and answer.status < 500:
                    text = f"the mock's own response violates the OpenAPI document: {found[0]}"
                    failure = system.error_response(call, 500, text)
                    system.finalize(call, failure)
                    response, _ = rendered(system, failure)
        elif answer.found:
            violations = (*violations, *answer.found)
        if violations:
            response.headers.append((VIOLATION_HEADER, header_text(violations)))
        return response, violations

    def _no_operation(self, system: System, request: Request, ordinal: int, now: int, fault: Fault | None) -> Response:
        allowed = self.contract.allowed(request.path)
        keyword, expected = ("method", ", ".join(allowed)) if allowed else ("path", "a path of the OpenAPI document")
        got = request.method if allowed else request.path
        text = f"the OpenAPI document has no {request.method} {request.path}"
        if not allowed and (near := self.contract.nearest(request.path)) is not None:
            text += f"; did you mean {near}?"
        violation = Violation("request", "", "/" + keyword, keyword, expected, got[:200], text)
        call = Call(
            request, None, {}, None, read_body(request), read_query(request.query), self.sandbox, self.storage,
            self.contract, now, self.sandbox.random_id("request", ordinal, 16),
        )  # fmt: skip

        def handler(call: Call) -> SystemResponse:
            return system.not_found(call, allowed, strict=self._strict)

        return self._execute(system, handler, call, False, (violation,), fault, ordinal)

    def _unknown_system(self, request: Request, ordinal: int, now: int) -> Response:
        owned = ", ".join(self.systems)
        near = self.contract.nearest(request.path)
        meant = "" if near is None else f"; did you mean {near}?"
        body = orjson.dumps({"error": f"no system of this mock ({owned}) has a route for {request.path}{meant}"})
        response = Response(404, [(b"content-type", b"application/json")], body)
        violation = Violation(
            "request",
            "",
            "/path",
            "path",
            "a path of the OpenAPI document",
            request.path[:200],
            f"no system has this path{meant}",
        )
        response.headers.append((VIOLATION_HEADER, header_text((violation,))))
        self.exchanges.add(ordinal, now, "", request, response, (violation,), None)
        return response

    def _roll_back(self) -> None:
        self.storage.rollback()
        self.sandbox.rolled_back()

    def _bind_handlers(self, left_out: Collection[str]) -> list[str]:
        """Find the handler of each operation; returns those that have none."""
        missing: list[str] = []
        for operation in self.contract.operations.values():
            system = self.systems.get(operation.system)
            if system is None or operation.id not in system.operations:
                others = (each for each in self.systems.values() if operation.id in each.operations)
                other = next(others, None)
                if other is None and operation.system not in left_out:
                    missing.append(operation.id)
                system = other or system
            if system is not None:
                self._handlers[operation.id] = (system, system.handler(operation.id))
        return missing

    def system_of(self, request: Request, operation: str) -> System | None:
        """Find the system that answers a request: that of its operation, or else the first that its path belongs to."""
        bound = self._handlers.get(operation)
        if bound is not None:
            return bound[0]
        return next((known for known in self.systems.values() if known.serves(request.path)), None)


def _planned_response(system: System, call: Call, fault: Fault) -> SystemResponse:
    # What drops the connection needs a response to be lost.
    status = fault.status or system.error_codes.get(fault.code or "", 500)
    if isinstance(fault.body, str):
        answer = SystemResponse(status, fault.body.encode(), "text/html; charset=utf-8")
    elif fault.body is not None:
        answer = SystemResponse(status, fault.body)
    elif status < 400:
        answer = SystemResponse(status)
    else:
        answer = system.planned_error(call, status, fault.message or "a scheduled fault", fault.code)
    answer.checked = False  # The plan may ask for a status that the document lacks.
    return answer
