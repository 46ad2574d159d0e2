"""The composition root: an engine that plays every system of the document, with its control plane."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Generator, Sequence
from typing import Any, Final

from store_credit_mock.contract import Contract
from store_credit_mock.control.dispatcher import PREFIX, WAITING, ControlPlane
from store_credit_mock.core.engine import BaseEngine
from store_credit_mock.core.sandboxes import MAX_SANDBOXES, SandboxError, Sandboxes, check_sandbox_name
from store_credit_mock.http import Request, Response
from store_credit_mock.sandbox import Options
from store_credit_mock.storage import SQLiteStorage, Storage, StorageError
from store_credit_mock.systems.examples import Examples
from store_credit_mock.systems.spree import Spree
from store_credit_mock.systems.spree_v3 import SpreeV3
from store_credit_mock.systems.system import System
from store_credit_mock.systems.vinr import Vinr

__all__ = ["Engine", "default_systems", "systems_of"]

_LOG: Final = logging.getLogger("store_credit_mock")


def default_systems() -> list[System]:
    """One of each system the document describes."""
    return [Vinr(), Spree(), SpreeV3()]


def systems_of(contract: Contract, others: Sequence[System] = (), *, named: bool = False) -> list[System]:
    """One of each system that handles an operation of a document, and others; for the bundled one that is each.

    Args:
        contract: The document, compiled.
        others: Systems that are played whatever the document has.
        named: Whether it is enough that an operationId begins with a system's name.
    """
    names = {operation.system for operation in contract.operations.values()}
    known = (
        system
        for system in default_systems()
        if (named and system.name in names) or not system.operations.keys().isdisjoint(contract.operations)
    )
    return [*known, *others]


def _examples(contract: Contract, systems: Sequence[System], left_out: Collection[str]) -> Examples | None:
    """Make what serves the operations without a handler, and say so; None if there is nothing for it to do."""
    handled = {name for system in systems for name in system.operations}
    served = [one.id for one in contract.operations.values() if one.id not in handled and one.system not in left_out]
    if not served and systems:
        return None
    made = Examples(contract, served)
    if made.told:
        _LOG.warning(made.told)
    return made


class Engine(BaseEngine):
    """The mock of every system, over one sandbox of one storage. Safe to call from several threads.

    Args:
        contract: The compiled document; made from the bundled one if None. Share it between engines.
        storage: Where state is kept; in memory if None. The engine closes it.
        options: How it behaves.
        sandbox: Name of the sandbox inside the storage. It is made and seeded if the storage does not know it.
        systems: The systems to play; all the document has if None. Operations of others are served from their examples.
        machine: The machine's time in Unix seconds, asked by a clock that runs.
        sleep: How `handle` waits for a planned delay.
        partial: Do not serve operations that have no handler from their examples: a request for one is answered 501 in
            its system's shape, or 404 where it belongs to no system of the mock.
        max_sandboxes: How many further sandboxes there may be; with 0 no request can name another one.

    Attributes:
        sandboxes: This one, and those that requests have named, by the header `X-Mock-Sandbox` or by their key.
        control: What answers below `/_mock/`.

    Raises:
        StorageError: The storage cannot be used.
    """

    examples: Examples | None
    """What serves the operations that no system has a handler for; None where there are none."""

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
        max_sandboxes: int = MAX_SANDBOXES,
    ) -> None:
        contract = contract or Contract()
        chosen = list(systems_of(contract, named=partial) if systems is None else systems)
        left_out = {system.name for system in systems_of(contract)} - {system.name for system in chosen}
        self.examples = None if partial else _examples(contract, chosen, left_out)
        if self.examples is not None:
            chosen.append(self.examples)
        super().__init__(
            contract,
            storage or SQLiteStorage(),
            options or Options(),
            chosen,
            left_out=left_out,
            sandbox=check_sandbox_name(sandbox),
            machine=machine,
            sleep=sleep,
            partial=partial,
        )
        self._arguments: dict[str, Any] = {"machine": machine, "sleep": sleep, "partial": partial}
        self.sandboxes = Sandboxes(self, max_sandboxes, self._beside)
        self.control = ControlPlane(self, self.sandboxes)
        self.mount(PREFIX, self.control.handle_steps, waiting=WAITING)

    def _beside(self, name: str) -> BaseEngine:
        systems = list(self.systems.values())
        left_out = {system.name for system in default_systems()} - set(self.systems)
        made = BaseEngine(
            self.contract, self.storage, self.options, systems, left_out=left_out, sandbox=name, beside=self,
            **self._arguments,
        )  # fmt: skip
        made.raise_errors = self.raise_errors
        return made

    # Requests, each for the sandbox that it names

    def may_wait(self, request: Request) -> bool:
        """Whether a request may have to wait in the sandbox it names; see `BaseEngine.may_wait`."""
        if request.path.startswith(PREFIX):
            return super().may_wait(request)
        request.engine = engine = self.sandboxes.found(request.path, request.first_headers)
        return BaseEngine.may_wait(engine or self, request)

    def handle(self, request: Request) -> Response:
        """Answer a request in the sandbox it names; see `BaseEngine.handle`."""
        known: BaseEngine | None = request.engine
        if known is None or (known is not self and (request.method != "GET" or known.sandbox.gone)):
            engine = self._chosen(request)
        else:
            engine = known
        if engine is self:
            return super().handle(request)
        return engine if isinstance(engine, Response) else _dated(engine.handle(request), engine)

    def handle_steps(self, request: Request) -> Generator[float, None, Response]:
        """Answer a request in the sandbox it names; see `BaseEngine.handle_steps`."""
        engine = self._chosen(request)
        if engine is self:
            return (yield from super().handle_steps(request))
        return engine if isinstance(engine, Response) else _dated((yield from engine.handle_steps(request)), engine)

    def _chosen(self, request: Request) -> BaseEngine | Response:
        # The control plane looks at the header itself, once it has seen the token.
        if request.path.startswith(PREFIX):
            return self
        engine: BaseEngine | None = request.engine
        try:
            if engine is None or engine.sandbox.gone:
                engine = self.sandboxes.choose(request.path, request.first_headers)
        except SandboxError as error:
            return error.response()
        except StorageError as error:
            return SandboxError(503, str(error)).response()
        if engine is not self and request.method != "GET":
            self.sandboxes.touched.add(engine)
        return engine


def _dated(response: Response, engine: BaseEngine) -> Response:
    response.date = engine.http_date()
    return response
