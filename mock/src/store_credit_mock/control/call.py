"""What the control plane's own routes are called with: the whole engine, where those of a system get its sandbox."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from store_credit_mock.control.sessions import Sessions
from store_credit_mock.core.engine import BaseEngine
from store_credit_mock.core.sandboxes import Sandboxes
from store_credit_mock.systems.control_route import ControlCall

if TYPE_CHECKING:
    from store_credit_mock.coverage import Coverage

__all__ = ["ControlState", "SandboxCall"]


class ControlState(ABC):
    """What a control plane knows besides its routes.

    Attributes:
        engine: What it controls where a request names no other sandbox.
        sandboxes: All it controls; None where there is only that one.
        token: What opens it.
        sessions: Who has signed in to the inspector.
        coverage: What counts which parts of the document the exchanges exercise; None while nothing counts.
    """

    def __init__(self, engine: BaseEngine, sandboxes: Sandboxes | None = None) -> None:
        self.engine = engine
        self.sandboxes = sandboxes
        self.token = engine.options.control_token or engine.sandbox.random_id("control-token", 0, 32)
        self.sessions = Sessions()
        self.coverage: Coverage | None = None

    @property
    @abstractmethod
    def document(self) -> dict[str, Any]:
        """The control plane's OpenAPI document."""

    def track_coverage(self, coverage: Coverage) -> None:
        """Count from now on; a reset of the sandbox takes nothing away from what was counted."""
        if self.coverage is not coverage:
            self.coverage = coverage
            self.engine.exchanges.everywhere.append(lambda exchange, _: coverage.add(exchange))


@dataclass(slots=True)
class SandboxCall(ControlCall):
    """A call of one of the control plane's own routes.

    Attributes:
        plane: The control plane.
        engine: The engine of the sandbox that the request names.
    """

    plane: ControlState
    engine: BaseEngine
