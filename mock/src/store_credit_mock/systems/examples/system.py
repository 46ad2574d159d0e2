"""A system that has nothing but its document: every operation is served from the examples of its responses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, Final

from store_credit_mock.contract import Contract, Operation, Violation
from store_credit_mock.http import Request
from store_credit_mock.systems.call import Call, Handler, SystemResponse
from store_credit_mock.systems.examples.credentials import Security
from store_credit_mock.systems.examples.documented_responses import DocumentedResponses, NotOfferedError
from store_credit_mock.systems.examples.negotiation import Preferences
from store_credit_mock.systems.system import RouteMatch, System

__all__ = ["Examples"]

_PROBLEM: Final = "application/problem+json"
_NAMED: Final = 10
"""Operations that are named at the start."""


class Examples(System):
    """Serves operations that no other system has a handler for.

    Nothing is kept: the same request gets the same response. Credentials are looked for, and not looked at. A request
    that breaks the document is refused with the response that the document has for that (422, 400, by range or by
    default), or else with a problem of RFC 9457.

    Args:
        contract: The document, compiled.
        operations: The ids of those it serves.
    """

    name: ClassVar[str] = "examples"
    media_type: ClassVar[str] = _PROBLEM
    reads_prefer: ClassVar[bool] = True

    def __init__(self, contract: Contract, operations: Iterable[str]) -> None:
        self.contract = contract
        self.operations: Mapping[str, Handler] = dict.fromkeys(operations, self._respond)
        self._responses = DocumentedResponses(contract)
        self._security: dict[str, Security] = {}

    @property
    def told(self) -> str:
        """Say which operations it serves; empty if none."""
        names = list(self.operations)
        if not names:
            return ""
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        return (
            f"served from its examples: {len(names)} operation{'s' * (len(names) > 1)} of the document without a"
            f" handler: {', '.join(names[:_NAMED])}{more}"
        )

    def serves(self, path: str) -> bool:
        return True

    def route(self, request: Request, *, strict: bool) -> RouteMatch | None:
        match = self.contract.find("GET", request.path) if request.method == "HEAD" else None
        if match is None:
            return None
        return RouteMatch(self.handler(match.operation.id), match.operation, match.path, writes=False)

    def authenticate(self, call: Call) -> SystemResponse | None:
        operation = call.operation
        if operation is None:
            return None
        security = self._security.get(operation.id)
        if security is None:
            security = self._security[operation.id] = Security(self.contract.document, operation)
        if not security.lacks(call):
            return None
        answer = self._documented(call, operation, 401)
        if answer is None:
            answer = self.error_response(call, 401, f"the document asks for credentials: {security.wanted()}")
        if not any(name == "www-authenticate" for name, _ in answer.headers):
            answer.headers.extend(("www-authenticate", challenge) for challenge in security.challenges())
        return answer

    def _respond(self, call: Call) -> SystemResponse:
        operation = call.operation
        assert operation is not None
        asked = Preferences.of(call.request)
        name, status = self._responses.success(operation)
        if asked.code is not None:
            status = int(asked.code) if re.fullmatch("[2-5][0-9]{2}", asked.code) else 0
            found = self._responses.named(operation, status) if status else None
            if found is None:
                known = ", ".join(operation.responses)
                return self.error_response(call, 404, f"Prefer: code={asked.code[:20]}: {operation.id} has {known}")
            name = found
            if status >= 400 and call.sandbox.options.strict:
                # The engine leaves a refusal as it is; a wrong request is refused for what is wrong with it.
                wrong = self.contract.check_request(operation, call.path, call.query_pairs, call.request, call.body)
                if wrong:
                    return self.reject(call, wrong)
        try:
            return self._responses.respond(
                operation, name, status, accept=call.request.header("accept"), example=asked.example,
                dynamic=asked.dynamic,
            )  # fmt: skip
        except NotOfferedError as error:
            return self.error_response(call, error.status, str(error))

    def _documented(self, call: Call, operation: Operation, *statuses: int) -> SystemResponse | None:
        """Give what the document has for the first of some statuses: exactly, else by range or default."""
        exact = [status for status in statuses if str(status) in operation.responses]
        for status in (*exact, *statuses[:1]):
            name = self._responses.named(operation, status)
            if name is not None:
                accept = call.request.header("accept")
                try:
                    return self._responses.respond(operation, name, status, accept=accept)
                except NotOfferedError:
                    return self._responses.respond(operation, name, status)
        return None

    def reject(self, call: Call, violations: Sequence[Violation]) -> SystemResponse:
        first = violations[0]
        statuses = (415, 422, 400) if first.keyword == "content-type" else (422, 400)
        answer = None if call.operation is None else self._documented(call, call.operation, *statuses)
        if answer is not None:
            return answer
        found = [{"in": one.pointer, "message": one.message} for one in violations]
        return _problem(statuses[0], "the request breaks the OpenAPI document", first.message, violations=found)

    def not_found(self, call: Call, allowed: Sequence[str], *, strict: bool) -> SystemResponse:
        request = call.request
        if allowed:
            text = f"{request.method} is not allowed here; {', '.join(allowed)} are"
            answer = self.error_response(call, 405, text)
            answer.headers.append(("allow", ", ".join(allowed)))
            return answer
        near = call.contract.nearest(request.path)
        meant = "" if near is None else f"; did you mean {near}?"
        return self.error_response(call, 404, f"the OpenAPI document has no {request.method} {request.path}{meant}")

    def error_response(self, call: Call, status: int, message: str) -> SystemResponse:
        return _problem(status, "the mock says", message)

    def planned_error(self, call: Call, status: int, message: str, code: str | None) -> SystemResponse:
        known = None if call.operation is None else self._documented(call, call.operation, status)
        return known or self.error_response(call, status, message)


def _problem(status: int, title: str, detail: str, **more: Any) -> SystemResponse:
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    return SystemResponse(status, body, _PROBLEM, checked=False)
