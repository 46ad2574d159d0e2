"""The engine: a request in, a response out, without any transport; and what can be done to its sandbox as a whole.

What happens to a request in between is the pipeline's business. Which systems there are, and what controls the
sandbox from outside, is the business of `store_credit_mock.factory`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Container, Mapping, Sequence
from threading import RLock
from typing import Any

from store_credit_mock.contract import Body, Contract
from store_credit_mock.core.exchange_log import ExchangeLog
from store_credit_mock.core.faults import Fault, FaultPlan
from store_credit_mock.core.fixtures import fill, seed
from store_credit_mock.core.pipeline import EngineError, RequestPipeline
from store_credit_mock.core.requested_faults import ASKING, requested
from store_credit_mock.core.slow_commits import SlowCommits
from store_credit_mock.core.snapshot_schema import check_snapshot
from store_credit_mock.core.waiting import Steps, locked
from store_credit_mock.http import Request, Response
from store_credit_mock.sandbox import TABLE, Options, Sandbox
from store_credit_mock.storage import SNAPSHOTS, Storage, Table
from store_credit_mock.systems.call import Call
from store_credit_mock.systems.ledger_store import ENTRIES
from store_credit_mock.systems.system import System
from store_credit_mock.systems.system_option import resolve

__all__ = ["BaseEngine", "EngineError"]

Answering = Callable[[Request, Fault | None, int | None], Response]
"""Answers a request under a scheduled fault, at a time of its own where that is not the present one."""


def _asks(headers: Container[bytes]) -> bool:
    """Whether a request may ask for a fault of its own."""
    return ASKING[0] in headers or ASKING[1] in headers


class BaseEngine:
    """The mock of some systems, over one sandbox of one storage. Safe to call from several threads.

    Args:
        contract: The compiled document. Share it between engines.
        storage: Where state is kept. The engine closes it.
        options: How it behaves.
        systems: The systems to play.
        left_out: Names of systems whose operations in the document are to be passed over.
        sandbox: Name of the sandbox inside the storage. It is made and seeded if the storage does not know it.
        machine: The machine's time in Unix seconds, asked by a clock that runs.
        sleep: How `handle` waits for a planned delay.
        beside: An engine of another sandbox whose storage this one shares: it has its lock and its listeners, and the
            storage is that one's to close.
        partial: Start even where operations of the document have no handler, as in a document of one's own: a request
            for one is answered 501 in its system's shape, or 404 where it belongs to no system of the mock.

    Attributes:
        contract: The compiled document.
        sandbox: Clock, ids, options.
        faults: The faults scheduled.
        exchanges: The last 1,000 exchanges.
        systems: By name.
        created: Whether the storage did not know the sandbox, so that it was seeded and filled from fixtures.

    Raises:
        EngineError: An operation of the OpenAPI document has no handler, and `partial` was not asked for.
        StorageError: The storage cannot be used.
        ValueError: An option is not valid.
    """

    def __init__(
        self,
        contract: Contract,
        storage: Storage,
        options: Options,
        systems: Sequence[System],
        *,
        left_out: Collection[str] = (),
        sandbox: str = "default",
        machine: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
        partial: bool = False,
        beside: BaseEngine | None = None,
    ) -> None:
        self.contract = contract
        self.options = options
        self.storage = storage
        self.systems: Mapping[str, System] = {system.name: system for system in systems}
        declared = [option for system in systems for option in system.options]
        self.sandbox = Sandbox(sandbox, options, resolve(declared, options), machine)
        self.faults = FaultPlan(self.sandbox.random, self.contract.operations.keys(), self.systems)
        self.exchanges = ExchangeLog(contract.document.secret_names, sandbox=sandbox)
        self.tables: tuple[Table, ...] = (
            ENTRIES,
            *(table for system in self.systems.values() for table in system.tables),
        )
        self._sleep = sleep
        self.lock: RLock = RLock() if beside is None else beside.lock
        self.in_flight = self.sandbox.in_flight
        for system in self.systems.values():
            system.bind(self.contract)
        self._pipeline = RequestPipeline(
            self.contract,
            self.systems,
            self.sandbox,
            self.storage,
            self.exchanges,
            left_out=frozenset(left_out),
            partial=partial,
            beside=None if beside is None else beside._pipeline,
        )
        self._answered_by: Answering = self._pipeline.answer
        self._unfinished = SlowCommits()
        self._mounted: tuple[str, Callable[[Request], Steps]] | None = None
        self._waiting = "\0"
        if beside is not None:
            self.sandbox.named = True
            self.exchanges.everywhere = beside.exchanges.everywhere
        self._open_sandbox(prepare=beside is None)

    # Requests

    def mount(self, prefix: str, handler: Callable[[Request], Steps], *, waiting: str) -> None:
        """Let something else handle what comes below a prefix: no fault strikes it, and it is not an exchange.

        The clock stands while it does, so that looking at a sandbox changes nothing.

        Args:
            prefix: Where the paths begin.
            handler: Yields seconds to wait, in which other requests are answered, and returns the response.
            waiting: Where the paths begin of which any may wait.
        """
        self._mounted, self._waiting = (prefix, handler), waiting

    def may_wait(self, request: Request) -> bool:
        """Whether a request may have to wait, so that `handle_steps` must answer it where nothing may block."""
        return self.faults.active or _asks(request.first_headers) or self.awaits(request.path)

    def awaits(self, path: str) -> bool:
        """Whether a request may wait for others: they need real time to come, where a planned delay need take none."""
        return path.startswith(self._waiting)

    def handle(self, request: Request) -> Response:
        """Answer a request. Waits as long as a planned delay says, or for what the control plane was told to await."""
        mounted = self._mounted is not None and request.path.startswith(self._mounted[0])
        if not (mounted or self.faults.active or _asks(request.first_headers)):
            arrived = self.sandbox.ordinal
            with self.lock:
                if arrived != self.sandbox.ordinal:
                    self._note_arrival(request, arrived)
                if self._unfinished:
                    return self._answer(request, None)
                return self._answered_by(request, None, None)
        steps = self.handle_steps(request)
        try:
            while True:
                self._sleep(next(steps))
        except StopIteration as stop:
            return stop.value

    def handle_steps(self, request: Request) -> Steps:
        """Answer a request, leaving the waiting to the caller: yields seconds to wait, returns the response."""
        if self._mounted is not None and request.path.startswith(self._mounted[0]):
            return (yield from locked(self._mounted[1](request), self.lock, self._finish_due))
        with self.lock:
            fault = self._planned(request)
            arrived = self._arrived()
            if fault is not None and fault.as_if_concurrent:
                request.arrived = arrived - 1
            if fault is None or (fault.delay <= 0 and fault.commit_after is None):
                return self._answer(request, fault)
            response: Response | None = None
            mark: object = None
            if fault.commit_after is not None:
                due = self.sandbox.clock.now() + round(fault.commit_after * 1000)
                self._unfinished.add(due, request, fault, self._mark(request), arrived)
                response = Response(503, [], b"", dropped=True)
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
        with self.lock:
            self._note_arrival(request, arrived)
            return self._answer(request, fault)

    def _arrived(self) -> int:
        """The number of the last request handled, which another process may have been the one to handle."""
        if self.storage.multi_process:
            self.transaction(lambda _: self.sandbox.load(self.storage, hold=False), write=False)
        return self.sandbox.ordinal

    def _note_arrival(self, request: Request, arrived: int) -> None:
        """Note that others were handled while a request waited. Of other processes that is known only for delays."""
        if arrived != self.sandbox.ordinal and request.arrived is None:
            request.arrived = arrived

    def _answer(self, request: Request, fault: Fault | None) -> Response:
        self._finish_due()
        return self._answered_by(request, fault, None)

    def _finish_due(self) -> None:
        """Carry out what runs on behind a lost response, as far as the sandbox's clock has come."""
        unfinished = self._unfinished
        while unfinished and (one := unfinished.take(self.sandbox.clock.now())) is not None:
            self.in_flight.discard(one.mark)
            # Until now it did not see what was handled since: its twin, for instance.
            self._note_arrival(one.request, one.arrived)
            self._answered_by(one.request, one.fault, one.due)

    def end_unfinished(self) -> None:
        """End it without a trace."""
        while (one := self._unfinished.take()) is not None:
            self.in_flight.discard(one.mark)

    @property
    def unfinished(self) -> int:
        """How many requests still run although their responses are lost, see `Fault.commit_after`."""
        with self.lock:
            self._finish_due()
            return len(self._unfinished)

    def set_responder(self, answers: Answering) -> None:
        """Let something else than the systems' handlers answer; what is mounted stays as it is."""
        self._answered_by = answers

    @property
    def raise_errors(self) -> bool:
        """Whether a defect of the mock itself raises instead of becoming a 500; for the mock's own tests."""
        return self._pipeline.raise_errors

    @raise_errors.setter
    def raise_errors(self, chosen: bool) -> None:
        self._pipeline.raise_errors = chosen

    def transaction(self, work: Callable[[Call], Any], *, write: bool = True) -> Any:
        """Run something in a transaction of this sandbox, outside of any request: seeds, deliveries, tests."""
        with self.lock:
            self._finish_due()
            self.storage.begin(write=write)
            try:
                if write:
                    self.sandbox.begin(self.storage)
                result = work(self.context())
                if write:
                    self.sandbox.save(self.storage)
                self.storage.commit()
                self.sandbox.committed()
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
        with self.lock:
            self.storage.close()

    # Whole sandboxes

    def reset(self) -> None:
        """Empty the sandbox and seed it again; clock, ids, faults and exchanges start over."""

        def work(call: Call) -> None:
            self.storage.clear((*self.tables, TABLE), self.sandbox.name)
            self.sandbox.start_over()
            self.sandbox.create(call.db)
            self._seed()

        with self.lock:
            self.end_unfinished()
            self.faults.clear()
            self.transaction(work)
            self.exchanges.clear()

    def snapshot(self) -> dict[str, Any]:
        """Everything the sandbox holds, as one JSON value for `restore`."""

        def work(_: Call) -> dict[str, Any]:
            return {
                "version": 1,
                "sandbox": self.sandbox.state(),
                "rows": self.storage.dump(self.tables, self.sandbox.name),
            }

        return self.transaction(work)

    def restore(self, snapshot: Mapping[str, Any]) -> None:
        """Make the sandbox what it was when the snapshot was taken.

        Raises:
            ValueError: It is not a snapshot of this version; the text says where.
        """
        check_snapshot(self.tables, snapshot)

        def load(_: Call) -> dict[str, Any]:
            self.storage.load(self.tables, self.sandbox.name, snapshot["rows"])
            return snapshot["sandbox"]

        self.become(load)

    def become(self, load: Callable[[Call], dict[str, Any]]) -> None:
        """Become what something else was.

        Args:
            load: Puts the rows in place, in a write transaction, and returns what `Sandbox.state` said then.
        """

        def work(call: Call) -> None:
            self.sandbox.set_state(load(call))
            for system in self.systems.values():
                system.on_restore(call)

        with self.lock:
            self.end_unfinished()
            self.transaction(work)

    # Faults

    def _planned(self, request: Request) -> Fault | None:
        match = self.contract.find(request.method, request.path)
        operation = "" if match is None else match.operation.id
        if _asks(request.first_headers):
            system = self._pipeline.system_of(request, operation)
            reads = system is not None and system.reads_prefer and ASKING[0] not in request.first_headers
            asked = None if system is None or reads else requested(self.faults, operation, system.name, request)
            if asked is not None:
                return asked
        return self.faults.match(operation, request) if operation and self.faults.active else None

    def _mark(self, request: Request) -> object:
        """Note what a request that waits ahead of its handler has claimed: its operation's idempotency key."""
        match = self.contract.find(request.method, request.path)
        key = request.header("idempotency-key")
        if match is None or key is None:
            return None
        mark = (match.operation.id, key)
        self.in_flight.add(mark)
        return mark

    def _roll_back(self) -> None:
        self.storage.rollback()
        self.sandbox.rolled_back()

    # The start

    def _open_sandbox(self, *, prepare: bool) -> None:
        if prepare:
            self.storage.prepare((TABLE, SNAPSHOTS, *self.tables))
        self.storage.begin(write=True)
        try:
            self.storage.lock_exclusively()
            self.created = not self.sandbox.load(self.storage)
            if self.created:
                self.sandbox.create(self.storage)
                self._seed()
            else:
                self.sandbox.begin(self.storage)
                call = self.context()
                for system in self.systems.values():
                    system.on_open(call)
            self.sandbox.save(self.storage)
            self.storage.commit()
            self.sandbox.committed()
        except BaseException:
            self.storage.rollback()
            raise

    def _seed(self) -> None:
        seed(self.systems, self.sandbox, self.faults, self.context())

    def fill(self, call: Call, fixtures: Mapping[str, Any]) -> None:
        """Add what fixtures name, inside a write transaction of this sandbox.

        Raises:
            FixturesError: They are not understood, or name what is not there.
        """
        fill(self.systems, self.sandbox, self.faults, call, fixtures)
