"""The engine: a request in, a response out, without any transport.

The way of a request: find the operation, ask the system who is calling, see whether a fault is planned, run the
system's rule inside one transaction, check the request against the document, check the answer against the closed copy,
commit or roll back, record the exchange, make bytes.

*Observe* gives the rule's answer and reports what breaks the document. *Strict* gives the rule's own 4xx unchanged;
where the rule would answer 2xx or 5xx to a request that breaks the document, everything is rolled back and the system
refuses. A 401 comes before both. An own answer that breaks the document is a 500 in strict mode, and always recorded.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Mapping, Sequence
from functools import cached_property
from threading import RLock
from typing import TYPE_CHECKING, Any, Final

import orjson

from store_credit_mock.contract import Body, Contract, Operation, Violation, read_body, read_query
from store_credit_mock.exchange import Exchange, Record
from store_credit_mock.faults import Fault, FaultPlan
from store_credit_mock.message import NOTHING, Request, Response
from store_credit_mock.sandbox import TABLE, Options, Sandbox
from store_credit_mock.storage import SQLiteStorage, Storage, StorageError, Table
from store_credit_mock.systems.base import Answer, Call, Located, Refusal, System
from store_credit_mock.systems.bookkeeping import ENTRIES

if TYPE_CHECKING:
    from store_credit_mock.control.plane import ControlPlane

__all__ = ["Engine", "EngineError"]

VIOLATION_HEADER: Final = b"x-mock-violation"
_CONTROL: Final = "/_mock/"


class EngineError(Exception):
    """The engine cannot start as asked; the text says why and what to do."""


class Engine:
    """The mock of every system, over one sandbox of one storage. Safe to call from several threads.

    Args:
        contract: The compiled document; made from the bundled one if None. Share it between engines.
        storage: Where state is kept; in memory if None. The engine closes it.
        options: How it behaves.
        sandbox: Name of the sandbox inside the storage. It is made and seeded if the storage does not know it.
        systems: The systems to play; all the document has if None.
        machine: The machine's time in Unix seconds, asked by a clock that runs.
        sleep: How `handle` waits for a planned delay.

    Attributes:
        contract: The compiled document.
        sandbox: Clock, ids, options.
        faults: The faults planned.
        exchanges: The last 1,000 exchanges.
        systems: By name.

    Raises:
        EngineError: An operation of the document has no rule.
        StorageError: The storage cannot be used.
    """

    def __init__(
        self,
        contract: Contract | None = None,
        storage: Storage | None = None,
        options: Options | None = None,
        *,
        sandbox: str = "default",
        systems: Sequence[System] | None = None,
        machine: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        from store_credit_mock.systems import default_systems

        self.contract = contract or Contract()
        self.options = options or Options()
        self.storage = storage or SQLiteStorage()
        self.sandbox = Sandbox(sandbox, self.options, machine)
        self.faults = FaultPlan(self.sandbox.chance)
        self.exchanges = Record()
        self.systems: Mapping[str, System] = {
            system.name: system for system in (default_systems() if systems is None else systems)
        }
        self.tables: tuple[Table, ...] = (
            ENTRIES,
            *(table for system in self.systems.values() for table in system.tables),
        )
        self._sleep = sleep
        self._strict = self.options.strict
        self._lock = RLock()
        self.in_flight = self.sandbox.in_flight
        self._rules: dict[str, tuple[System, Callable[[Call], Answer]]] = {}
        for system in self.systems.values():
            system.bind(self.contract)
        self._bind_rules()
        self.control_token = self.options.control_token or self.sandbox.token("control-token", 0, 32)
        self._open_sandbox()

    # The door

    def handle(self, request: Request) -> Response:
        """Answer a request. Waits as long as a planned delay says."""
        if not self.faults:
            with self._lock:
                return self._answer(request, None)
        steps = self.steps(request)
        try:
            while True:
                self._sleep(next(steps))
        except StopIteration as stop:
            return stop.value

    def steps(self, request: Request) -> Generator[float, None, Response]:
        """Answer a request, leaving the waiting to the caller: yields seconds to wait, returns the response."""
        with self._lock:
            fault = self._planned(request)
            if fault is None or fault.delay <= 0:
                return self._answer(request, fault)
            response = self._answer(request, fault) if fault.when == "after" else None
            mark = self._mark(request) if response is None else None
        if response is not None:
            yield fault.delay
            return response
        try:
            yield fault.delay
        finally:
            self.in_flight.discard(mark)
        with self._lock:
            return self._answer(request, fault)

    def transact(self, work: Callable[[Call], Any], *, write: bool = True) -> Any:
        """Run something in a transaction of this sandbox, outside of any request: seeds, deliveries, tests."""
        with self._lock:
            self.storage.begin(write=write)
            try:
                if write:
                    self.sandbox.enter(self.storage)
                result = work(self.context())
                if write:
                    self.sandbox.keep(self.storage)
                self.storage.commit()
            except BaseException:
                self._roll_back()
                raise
        return result

    def context(self, request: Request | None = None) -> Call:
        """A call that came from nobody, at the present time, for work in a transaction."""
        request = request or Request("POST", "")
        return Call(
            request, None, {}, None, Body("none"), [], self.sandbox, self.storage, self.contract,
            self.sandbox.clock.now(), "0" * 16,
        )  # fmt: skip

    def close(self) -> None:
        """Let go of the storage."""
        with self._lock:
            self.storage.close()

    @cached_property
    def control(self) -> ControlPlane:
        """What answers below `/_mock/`."""
        from store_credit_mock.control.plane import ControlPlane

        return ControlPlane(self)

    # Whole sandboxes

    def reset(self) -> None:
        """Empty the sandbox and seed it again; clock, ids, faults and exchanges start over."""

        def work(call: Call) -> None:
            self.storage.clear((*self.tables, TABLE), self.sandbox.name)
            self.sandbox.start_over()
            self.sandbox.create(call.db)
            self._seed()

        self.transact(work)
        self.faults.clear()
        self.exchanges.clear()

    def snapshot(self) -> dict[str, Any]:
        """Everything the sandbox holds, as one JSON value for `restore`."""

        def work(_: Call) -> dict[str, Any]:
            return {
                "version": 1,
                "sandbox": self.sandbox.state(),
                "rows": self.storage.dump(self.tables, self.sandbox.name),
            }

        return self.transact(work)

    def restore(self, snapshot: Mapping[str, Any]) -> None:
        """Make the sandbox what it was when the snapshot was taken.

        Raises:
            ValueError: It is no snapshot of this version.
        """
        if snapshot.get("version") != 1 or not isinstance(snapshot.get("rows"), dict):
            raise ValueError("this is no snapshot of this version of the mock")

        def work(_: Call) -> None:
            self.storage.load(self.tables, self.sandbox.name, snapshot["rows"])
            self.sandbox.set_state(snapshot["sandbox"])

        self.transact(work)

    # The way of a request

    def _answer(self, request: Request, fault: Fault | None) -> Response:
        sandbox = self.sandbox
        if request.path.startswith(_CONTROL):
            # The clock stands while the sandbox is being controlled, so that looking at it changes nothing.
            return self._control_answer(request)
        sandbox.ordinal = ordinal = sandbox.ordinal + 1
        now = sandbox.clock.step(ordinal)
        match = self.contract.find(request.method, request.path)
        located: Located | None = None
        operation: Operation | None = None
        system: System | None = None
        path: Mapping[str, str] = {}
        alias: str | None = None
        early: tuple[Violation, ...] = ()
        if match is not None and (match.alias is None or not self._strict):
            operation, path, alias = match.operation, match.path, match.alias
            system, rule = self._rules[operation.id]
            writes = operation.writes
            if alias is not None:
                early = (_method_violation(self.contract, operation, request),)
        else:
            system = next((known for known in self.systems.values() if known.owns(request.path)), None)
            if system is None:
                return self._nowhere(request, ordinal, now)
            located = system.locate(request, strict=self._strict)
            if located is None:
                return self._unmatched(system, request, ordinal, now, fault)
            operation, path, alias, early = located.operation, located.path, located.alias, located.violations
            rule, writes = located.handler, located.writes
        request_id = sandbox.token("request", ordinal, 16)
        body = read_body(request)
        pairs = read_query(request.query)
        call = Call(request, operation, path, alias, body, pairs, sandbox, self.storage, self.contract, now, request_id)
        return self._perform(system, rule, call, writes, early, fault, ordinal)

    def _perform(
        self,
        system: System,
        rule: Callable[[Call], Answer],
        call: Call,
        writes: bool,
        early: tuple[Violation, ...],
        fault: Fault | None,
        ordinal: int,
    ) -> Response:
        storage, operation = self.storage, call.operation
        violations = early
        try:
            storage.begin(write=writes)
            if writes:
                self.sandbox.enter(storage)
            if storage.others:
                # Another process may have moved the clock, issued a key, registered an endpoint.
                if not writes:
                    self.sandbox.opened(storage, hold=False)
                call.now = self.sandbox.clock.step(ordinal)
            keep = True
            answer = system.authenticate(call)
            if answer is None:
                if fault is not None and fault.when == "before" and (fault.status is not None or fault.drop):
                    keep = False
                    answer = system.failure(call, fault.status or 500, "a planned fault")
                else:
                    try:
                        answer = rule(call)
                    except Refusal as refusal:
                        keep, answer = False, refusal.answer
                    if operation is not None:
                        found = self.contract.check_request(
                            operation, call.path, call.query_pairs, call.request, call.body
                        )
                        if found:
                            violations = (*violations, *found)
                    if violations and self._strict and (answer.status < 400 or answer.status >= 500):
                        keep = False
                        answer = system.refuse(call, violations)
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
                    self.sandbox.forget()
                storage.rollback()
            else:
                if writes:
                    self.sandbox.keep(storage)
                storage.commit()
        except StorageError as error:
            self._roll_back()
            answer = system.failure(call, 503, str(error))
            response, violations = self._render(system, call, answer, violations)
        except Exception as error:
            self._roll_back()
            message = f"the mock failed: {type(error).__name__}: {error}"
            answer = system.failure(call, 500, message)
            response, violations = self._render(system, call, answer, violations)
            self._record(call, response, violations, ordinal, f"{message}")
            if self.raise_errors:
                raise
            return response
        if fault is not None and answer.status != 401:
            if fault.status is not None and fault.when == "after":
                late = system.failure(call, fault.status, "a planned fault")
                response, violations = self._render(system, call, late, violations)
            response = _spoil(response, fault)
        self._record(call, response, violations, ordinal, None if fault is None else fault.id)
        return response

    raise_errors: bool = False
    """Whether a defect of the mock itself raises instead of becoming a 500; for the mock's own tests."""

    def _render(
        self, system: System, call: Call, answer: Answer, violations: tuple[Violation, ...]
    ) -> tuple[Response, tuple[Violation, ...]]:
        """Make bytes, after the system's last word and the check of the answer."""
        system.finish(call, answer)
        response, media_type = _bytes(system, answer)
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
                    text = f"the mock's own answer breaks the document: {found[0]}"
                    failure = system.failure(call, 500, text)
                    system.finish(call, failure)
                    response, _ = _bytes(system, failure)
        if violations:
            response.headers.append((VIOLATION_HEADER, _header_text(violations)))
        return response, violations

    def _record(
        self, call: Call, response: Response, violations: tuple[Violation, ...], ordinal: int, fault: str | None
    ) -> None:
        operation = call.operation
        if violations:
            self.exchanges.violations += 1
        self.exchanges.append(
            Exchange(
                ordinal, call.now, "" if operation is None else operation.id, call.request, response, violations, fault
            )
        )

    def _unmatched(self, system: System, request: Request, ordinal: int, now: int, fault: Fault | None) -> Response:
        allowed = self.contract.allowed(request.path)
        keyword, expected = ("method", ", ".join(allowed)) if allowed else ("path", "a path of the document")
        got = request.method if allowed else request.path
        text = f"the document has no {request.method} {request.path}"
        violation = Violation("request", "", "/" + keyword, keyword, expected, got[:200], text)
        call = Call(
            request, None, {}, None, read_body(request), read_query(request.query), self.sandbox, self.storage,
            self.contract, now, self.sandbox.token("request", ordinal, 16),
        )  # fmt: skip

        def rule(call: Call) -> Answer:
            return system.unmatched(call, allowed, strict=self._strict)

        return self._perform(system, rule, call, False, (violation,), fault, ordinal)

    def _nowhere(self, request: Request, ordinal: int, now: int) -> Response:
        owned = ", ".join(self.systems)
        body = orjson.dumps({"error": f"no system of this mock ({owned}) has anything at {request.path}"})
        response = Response(404, [(b"content-type", b"application/json")], body)
        violation = Violation(
            "request", "", "/path", "path", "a path of the document", request.path[:200], "no system has this path"
        )
        response.headers.append((VIOLATION_HEADER, _header_text((violation,))))
        self.exchanges.violations += 1
        self.exchanges.append(Exchange(ordinal, now, "", request, response, (violation,), None))
        return response

    def _control_answer(self, request: Request) -> Response:
        return self.control.handle(request)

    def _planned(self, request: Request) -> Fault | None:
        if request.path.startswith(_CONTROL) or not self.faults:
            return None
        match = self.contract.find(request.method, request.path)
        return None if match is None else self.faults.strike(match.operation.id)

    def _mark(self, request: Request) -> object:
        """Note what a request that waits ahead of its rule has claimed: its operation's idempotency key."""
        match = self.contract.find(request.method, request.path)
        key = request.header("idempotency-key")
        if match is None or key is None:
            return None
        mark = (match.operation.id, key)
        self.in_flight.add(mark)
        return mark

    def _roll_back(self) -> None:
        self.storage.rollback()
        self.sandbox.forget()

    # The start

    def _bind_rules(self) -> None:
        missing: list[str] = []
        for operation in self.contract.operations.values():
            system = self.systems.get(operation.system)
            if system is None:
                continue
            rule = system.operations.get(operation.id)
            if rule is None:
                missing.append(operation.id)
            else:
                self._rules[operation.id] = (system, rule)
        if missing:
            raise EngineError(f"the document has operations without a rule: {', '.join(missing)}")

    def _open_sandbox(self) -> None:
        self.storage.prepare((TABLE, *self.tables))
        self.storage.begin(write=True)
        try:
            self.storage.alone()
            if not self.sandbox.opened(self.storage):
                self.sandbox.create(self.storage)
                self._seed()
            else:
                self.sandbox.enter(self.storage)
                call = self.context()
                for system in self.systems.values():
                    system.opened(call)
            self.sandbox.keep(self.storage)
            self.storage.commit()
        except BaseException:
            self.storage.rollback()
            raise

    def _seed(self) -> None:
        call = self.context()
        for system in self.systems.values():
            system.seed(call)
        fixtures = self.options.fixtures or {}
        unknown = set(fixtures) - set(self.systems)
        if unknown:
            raise ValueError(f"fixtures: {', '.join(sorted(unknown))}: no such system; {', '.join(self.systems)} are")
        for name, part in fixtures.items():
            self.systems[name].load(call, part)


def _bytes(system: System, answer: Answer) -> tuple[Response, str | None]:
    """The answer as bytes, and its content type without parameters."""
    media_type: str | None = None
    if answer.body is None:
        headers = answer.raw
    else:
        media_type = answer.media_type or system.media_type
        headers = [(b"content-type", media_type.encode("latin-1")), *answer.raw]
        if ";" in media_type:
            media_type = media_type.partition(";")[0]
    for name, value in answer.headers:
        headers.append((name.encode("latin-1"), value.encode("latin-1", "replace")))
    return Response(answer.status, headers, answer.bytes()), media_type


def _method_violation(contract: Contract, operation: Operation, request: Request) -> Violation:
    text = f"{request.method} is an alias that the document does not have as an operation; use {operation.method}"
    line = contract.document.line(operation.pointer)
    return Violation("request", operation.id, "/method", "method", operation.method, request.method, text, line)


def _header_text(violations: Sequence[Violation]) -> bytes:
    texts = [str(violation) for violation in violations[:5]]
    if len(violations) > 5:
        texts.append(f"and {len(violations) - 5} more")
    text = "; ".join(texts)
    return "".join(letter if " " <= letter <= "~" else "?" for letter in text)[:2000].encode("ascii")


def _spoil(response: Response, fault: Fault) -> Response:
    """What a planned fault leaves of an answer whose rule has been carried out."""
    if fault.drop:
        return Response(response.status, response.headers, response.body, NOTHING)
    if fault.truncate is not None:
        return Response(
            response.status, response.headers, response.body, min(fault.truncate, max(len(response.body) - 1, 0))
        )
    if fault.malformed:
        return Response(response.status, response.headers, response.body[: len(response.body) // 2] + b"{]")
    if fault.breaks_document:
        return Response(response.status, response.headers, b'{"mock":"this answer breaks the document on purpose"}')
    return response
