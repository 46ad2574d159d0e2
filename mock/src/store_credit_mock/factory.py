"""The composition root: an engine that plays every system of the document, with its control plane."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from store_credit_mock.contract import Contract
from store_credit_mock.control.dispatcher import PREFIX, WAITING, ControlPlane
from store_credit_mock.core.engine import BaseEngine
from store_credit_mock.sandbox import Options
from store_credit_mock.storage import SQLiteStorage, Storage
from store_credit_mock.systems.spree import Spree
from store_credit_mock.systems.system import System
from store_credit_mock.systems.vinr import Vinr

__all__ = ["Engine", "default_systems"]


def default_systems() -> list[System]:
    """One of each system the document describes."""
    return [Vinr(), Spree()]


class Engine(BaseEngine):
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
        control: What answers below `/_mock/`.

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
        known = default_systems()
        chosen = known if systems is None else systems
        super().__init__(
            contract or Contract(),
            storage or SQLiteStorage(),
            options or Options(),
            chosen,
            left_out={system.name for system in known} - {system.name for system in chosen},
            sandbox=sandbox,
            machine=machine,
            sleep=sleep,
            partial=partial,
        )
        self.control = ControlPlane(self)
        self.mount(PREFIX, self.control.handle_steps, waiting=WAITING)
