"""What a system is to the engine: the operations it handles, and the shape of every other response of its own."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from store_credit_mock.contract import Contract, Operation, Violation
from store_credit_mock.http import Request
from store_credit_mock.ledger import InvariantViolation
from store_credit_mock.sandbox import Sandbox
from store_credit_mock.storage import Table
from store_credit_mock.systems.call import Call, Handler, SystemResponse
from store_credit_mock.systems.control_route import ControlRoute
from store_credit_mock.systems.outbox import Outbox
from store_credit_mock.systems.system_option import SystemOption

__all__ = ["RouteMatch", "System"]


class RouteMatch:
    """Where a request leads.

    Attributes:
        operation: The operation, or None for a route the document lacks.
        handler: The handler.
        path: Path parameters, decoded.
        alias: The method sent, in capitals, if the operation's own is another one.
        violations: What `route` itself holds against the request (a suffix the document lacks, an alias).
        writes: Whether the handler may write, and so needs a write transaction.
    """

    __slots__ = ("alias", "handler", "operation", "path", "violations", "writes")

    def __init__(
        self,
        handler: Handler,
        operation: Operation | None = None,
        path: Mapping[str, str] | None = None,
        alias: str | None = None,
        violations: Sequence[Violation] = (),
        *,
        writes: bool = True,
    ) -> None:
        self.handler = handler
        self.operation = operation
        self.path: Mapping[str, str] = path or {}
        self.alias = alias
        self.violations = tuple(violations)
        self.writes = writes


class System(ABC):
    """One system. An instance serves every sandbox and keeps no state of its own."""

    name: ClassVar[str]
    """First part of its operationIds: `vinr`, `spree`."""
    media_type: ClassVar[str] = "application/json"
    """Content type of a response that names none."""
    tables: ClassVar[tuple[Table, ...]] = ()
    """Where it keeps its state. Every table gets a `sandbox` column and is part of snapshots."""
    options: ClassVar[tuple[SystemOption, ...]] = ()
    """What it can be told at the start."""
    base_urls: ClassVar[tuple[str, ...]] = ()
    """Where its clients send to when they are told nothing else; a router of respx takes these over."""
    fixtures: ClassVar[Mapping[str, Any]] = {"type": "object", "maxProperties": 0}
    """JSON Schema of its part of a fixtures file."""
    samples: ClassVar[Mapping[str, Any]] = {}
    """Fixtures for a first look."""
    error_codes: ClassVar[Mapping[str, int]] = {}
    """The codes that its errors may have, each with the status it usually comes with."""
    customer_fields: ClassVar[tuple[str, ...]] = ()
    """Where a request may name the customer it is about: JSON pointers into the body, and into a query whose
    `filter[user]` is `/filter/user`; and paths in which `{customer}` stands for it."""
    reads_prefer: ClassVar[bool] = False
    """Whether its handlers read `Prefer` themselves, so that it asks for no fault."""
    operations: Mapping[str, Handler]
    """The handler of each operation by operationId; see `Engine` for operations of the document that have none."""

    def bind(self, contract: Contract) -> None:
        """Called once at the start, with the compiled document."""
        self.contract = contract

    def handler(self, operation: str) -> Handler:
        """The handler of an operationId; where there is none, one that answers 501 and says so."""
        return self.operations.get(operation, self._unhandled)

    def _unhandled(self, call: Call) -> SystemResponse:
        identity = "it" if call.operation is None else call.operation.id
        answer = self.error_response(call, 501, f"this mock has no handler for {identity}")
        # The document knows nothing of what a mock lacks.
        answer.checked = False
        return answer

    @abstractmethod
    def serves(self, path: str) -> bool:
        """Whether a path belongs to this system, whether or not anything is there."""

    def route(self, request: Request, *, strict: bool) -> RouteMatch | None:
        """Say where a request leads that the document does not know as it stands: a suffix, HEAD, a route of its own.

        Called only when method and path are not those of an operation or of an alias.

        Returns:
            None if nowhere; then `not_found` answers.
        """
        return None

    @abstractmethod
    def not_found(self, call: Call, allowed: Sequence[str], *, strict: bool) -> SystemResponse:
        """Answer a request that leads nowhere.

        Args:
            call: The request; `operation` is None.
            allowed: The methods, in capitals, that the document has for this path; empty if it lacks the path.
            strict: In strict mode a path with other methods is answered 405 with Allow.
        """

    @abstractmethod
    def authenticate(self, call: Call) -> SystemResponse | None:
        """Say who is calling (`call.caller`), or answer 401. Comes before everything else, in the same transaction."""

    def opening_headers(self, sandbox: Sandbox) -> Mapping[str, str]:
        """Return headers that open everything on this mock, for who plays requests of others on it."""
        return {}

    @abstractmethod
    def reject(self, call: Call, violations: Sequence[Violation]) -> SystemResponse:
        """Refuse, in strict mode, a request that breaks the document where the handler would have let it pass."""

    @abstractmethod
    def error_response(self, call: Call, status: int, message: str) -> SystemResponse:
        """Answer with a status the handler did not choose: a scheduled fault (429, 500, 503), or the mock's error."""

    def planned_error(self, call: Call, status: int, message: str, code: str | None) -> SystemResponse:
        """Answer with an error that a scheduled fault asks for; `code` is None or one of `error_codes`."""
        return self.error_response(call, status, message)

    def finalize(self, call: Call, answer: SystemResponse) -> None:  # noqa: B027 - a system may have nothing to add
        """Add what every response of the system carries: request id, limits, caching. Last before the check."""

    def seed(self, call: Call) -> None:  # noqa: B027
        """Fill a fresh sandbox with what the documents' samples name. Runs in a write transaction."""

    def on_open(self, call: Call) -> None:  # noqa: B027
        """Apply the options to an existing sandbox. Runs once at startup, in a write transaction."""

    def load(self, call: Call, fixtures: Mapping[str, Any]) -> None:  # noqa: B027
        """Fill a sandbox from the system's part of a fixtures file (`{"vinr": {...}}`), which fits `fixtures`.

        Raises:
            FixturesError: They name what is not there.
        """

    def control_routes(self) -> Sequence[ControlRoute]:
        """What the system adds to the control plane, below `/_mock/<name>/`."""
        return ()

    @property
    def outbox(self) -> Outbox | None:
        """Its webhook deliveries; None where it sends no events."""
        return None

    def sandbox_of(self, headers: Mapping[bytes, bytes]) -> str | None:
        """Return the sandbox that a request of this system names by its credentials; None if by none.

        Args:
            headers: The first of each name in lower case.
        """
        return None

    def environment(self, url: str, sandbox: Sandbox) -> Mapping[str, str]:
        """Return the variables by which clients of this system find a mock at an address, and are let in there."""
        return {}

    def startup(self, sandbox: Sandbox) -> Mapping[str, Any]:
        """Return what whoever starts the mock wants to know, by name: for the JSON line of `serve`."""
        return {}

    def startup_notes(self, sandbox: Sandbox) -> Iterable[str]:
        """Return the same for people, as far as they do not know it already: one line each."""
        return ()

    def invariants(self, call: Call) -> Iterable[InvariantViolation]:
        """Check what must always hold. Each broken bound is one finding; one the server itself allows says so."""
        return ()

    def on_restore(self, call: Call) -> None:  # noqa: B027
        """Called after a snapshot was restored, in its transaction: discard what was cached since it was taken."""

    def on_clock_changed(self, call: Call) -> None:  # noqa: B027
        """Called after the clock was moved through the control plane, in a write transaction."""
