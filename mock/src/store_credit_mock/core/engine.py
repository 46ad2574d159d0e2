"""The engine: a request in, a response out, without any transport; and what can be done to its sandbox as a whole.

What happens to a request in between is the `passage`'s business.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Mapping, Sequence
from functools import cached_property
from threading import RLock
from typing import TYPE_CHECKING, Any, Final

import jsonschema_rs

from store_credit_mock.contract import Body, Contract
from store_credit_mock.core.exchange_log import Record
from store_credit_mock.core.faults import Fault, FaultPlan
from store_credit_mock.core.pipeline import EngineError, Passage
from store_credit_mock.core.sandbox import STATE, TABLE, Options, Sandbox
from store_credit_mock.core.slow_commits import Unfinished
from store_credit_mock.http import NOTHING, Request, Response
from store_credit_mock.storage import SQLiteStorage, Storage, Table, check_rows
from store_credit_mock.systems.base import Call, System
from store_credit_mock.systems.ledger_store import ENTRIES

if TYPE_CHECKING:
    from store_credit_mock.control.dispatcher import ControlPlane
    from store_credit_mock.coverage import Coverage

__all__ = ["SNAPSHOT", "Engine", "EngineError"]

SNAPSHOT: Final = {
    "type": "object",
    "required": ["version", "rows", "sandbox"],
    "properties": {
        "version": {"const": 1},
        "rows": {"type": "object", "description": "By table.", "additionalProperties": {"type": "array"}},
        "sandbox": STATE,
    },
}
"""JSON Schema of what `Engine.snapshot` gives."""

_CONTROL: Final = "/_mock/"

Answering = Callable[[Request, Fault | None, int | None], Response]
"""Answers a request under a planned fault, at a time of its own where that is not the present one."""


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
        partial: Start even where operations of the document have no handler, as in a document of one's own: a request
            for one is answered 501 in its system's shape, or 404 where it belongs to no system of the mock.

    Attributes:
        contract: The compiled document.
        sandbox: Clock, ids, options.
        faults: The faults planned.
        exchanges: The last 1,000 exchanges.
        coverage: What counts which parts of the document they exercise; None while nothing counts.
        systems: By name.

    Raises:
        EngineError: An operation of the document has no handler, and `partial` was not asked for.
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
        partial: bool = False,
    ) -> None:
        from store_credit_mock.systems import default_systems

        self.contract = contract or Contract()
        self.options = options or Options()
        self.storage = storage or SQLiteStorage()
        self.sandbox = Sandbox(sandbox, self.options, machine)
        self.faults = FaultPlan(self.sandbox.chance, self.contract.operations.keys())
        self.exchanges = Record()
        self.coverage: Coverage | None = None
        known = default_systems()
        self.systems: Mapping[str, System] = {system.name: system for system in (known if systems is None else systems)}
        self.tables: tuple[Table, ...] = (
            ENTRIES,
            *(table for system in self.systems.values() for table in system.tables),
        )
        self._sleep = sleep
        self._lock = RLock()
        self.in_flight = self.sandbox.in_flight
        for system in self.systems.values():
            system.bind(self.contract)
        self._passage = Passage(
            self.contract,
            self.systems,
            self.sandbox,
            self.storage,
            self.exchanges,
            left_out={system.name for system in known} - self.systems.keys(),
            partial=partial,
        )
        self._answered_by: Answering = self._passage.answer
        self._unfinished = Unfinished()
        self.control_token = self.options.control_token or self.sandbox.token("control-token", 0, 32)
        self._open_sandbox()

    # The door

    def handle(self, request: Request) -> Response:
        """Answer a request. Waits as long as a planned delay says."""
        if not self.faults.any:
            with self._lock:
                if request.path.startswith(_CONTROL) or self._unfinished:
                    return self._answer(request, None)
                return self._answered_by(request, None, None)
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
            if fault is None or (fault.delay <= 0 and fault.commit_after is None):
                return self._answer(request, fault)
            response: Response | None = None
            mark: object = None
            if fault.commit_after is not None:
                due = self.sandbox.clock.now() + round(fault.commit_after * 1000)
                self._unfinished.add(due, request, fault, self._mark(request))
                response = Response(503, [], b"", NOTHING)
            elif fault.when == "after":
                response = self._answer(request, fault)
            else:
                mark = self._mark(request)
        if response is not None:
            if fault.delay > 0:
                yield fault.delay
            return response
        try:
            yield fault.delay
        finally:
            self.in_flight.discard(mark)
        with self._lock:
            return self._answer(request, fault)

    def _answer(self, request: Request, fault: Fault | None) -> Response:
        self._finish_due()
        if request.path.startswith(_CONTROL):
            # The clock stands while the sandbox is being controlled, so that looking at it changes nothing.
            return self.control.handle(request)
        return self._answered_by(request, fault, None)

    def _finish_due(self) -> None:
        """Carry out what runs on behind a lost response, as far as the sandbox's clock has come."""
        unfinished = self._unfinished
        while unfinished and (one := unfinished.take(self.sandbox.clock.now())) is not None:
            self.in_flight.discard(one.mark)
            self._answered_by(one.request, one.fault, one.due)

    def _end_unfinished(self) -> None:
        """End it without a trace."""
        while (one := self._unfinished.take()) is not None:
            self.in_flight.discard(one.mark)

    @property
    def unfinished(self) -> int:
        """How many requests still run although their responses are lost, see `Fault.commit_after`."""
        with self._lock:
            self._finish_due()
            return len(self._unfinished)

    def answer_with(self, answers: Answering) -> None:
        """Let something else than the systems' rules answer; the control plane stays as it is."""
        self._answered_by = answers

    @property
    def raise_errors(self) -> bool:
        """Whether a defect of the mock itself raises instead of becoming a 500; for the mock's own tests."""
        return self._passage.raise_errors

    @raise_errors.setter
    def raise_errors(self, chosen: bool) -> None:
        self._passage.raise_errors = chosen

    def transact(self, work: Callable[[Call], Any], *, write: bool = True) -> Any:
        """Run something in a transaction of this sandbox, outside of any request: seeds, deliveries, tests."""
        with self._lock:
            self._finish_due()
            self.storage.begin(write=write)
            try:
                if write:
                    self.sandbox.enter(self.storage)
                result = work(self.context())
                if write:
                    self.sandbox.keep(self.storage)
                self.storage.commit()
                self.sandbox.kept()
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

    def http_date(self) -> bytes:
        """The sandbox's time as the `Date` of a response."""
        return self.sandbox.clock.http_date()

    def close(self) -> None:
        """Let go of the storage."""
        with self._lock:
            self.storage.close()

    @cached_property
    def control(self) -> ControlPlane:
        """What answers below `/_mock/`."""
        from store_credit_mock.control.dispatcher import ControlPlane

        return ControlPlane(self)

    def count(self, coverage: Coverage) -> None:
        """Count from now on; a reset of the sandbox takes nothing away from what was counted."""
        if self.coverage is not coverage:
            self.coverage = coverage
            self.exchanges.listeners.append(coverage.add)

    # Whole sandboxes

    def reset(self) -> None:
        """Empty the sandbox and seed it again; clock, ids, faults and exchanges start over."""

        def work(call: Call) -> None:
            self.storage.clear((*self.tables, TABLE), self.sandbox.name)
            self.sandbox.start_over()
            self.sandbox.create(call.db)
            self._seed()

        with self._lock:
            self._end_unfinished()
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
            ValueError: It is no snapshot of this version; the text says where.
        """
        for error in jsonschema_rs.Draft202012Validator(SNAPSHOT).iter_errors(dict(snapshot)):
            place = "".join(f"/{step}" for step in error.instance_path) or "snapshot"
            raise ValueError(f"{place}: {error.message[:500]}: this is no snapshot of this version of the mock")
        check_rows(self.tables, snapshot["rows"])

        def work(call: Call) -> None:
            self.storage.load(self.tables, self.sandbox.name, snapshot["rows"])
            self.sandbox.set_state(snapshot["sandbox"])
            for system in self.systems.values():
                system.restored(call)

        with self._lock:
            self._end_unfinished()
            self.transact(work)

    # Faults

    def _planned(self, request: Request) -> Fault | None:
        if request.path.startswith(_CONTROL) or not self.faults.any:
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
            self.sandbox.kept()
        except BaseException:
            self.storage.rollback()
            raise

    def _seed(self) -> None:
        call = self.context()
        for system in self.systems.values():
            system.seed(call)
        if self.options.fixtures is not None:
            from store_credit_mock.systems.fixtures import fill

            fill(self.systems, call, self.options.fixtures)
