"""What a system is to the engine: the operations it answers, and the shapes of everything it says besides."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import md5
from typing import TYPE_CHECKING, Any, ClassVar

import orjson

from store_credit_mock.contract.serialization_cache import Page, Written
from store_credit_mock.http import Header, Request

if TYPE_CHECKING:
    from store_credit_mock.contract import Body, Contract, Operation, Violation
    from store_credit_mock.control.routing import ControlRoute
    from store_credit_mock.core.sandbox import Sandbox
    from store_credit_mock.ledger import Finding
    from store_credit_mock.storage import Storage, Table

__all__ = ["Answer", "Call", "FixturesError", "Handler", "Located", "Refusal", "System"]


class FixturesError(ValueError):
    """Fixtures are not understood, or name what is not there; nothing of them was kept.

    Args:
        pointer: JSON pointer to the member concerned: `/vinr/customers/0/email`.
        text: What is wrong.
    """

    def __init__(self, pointer: str, text: str) -> None:
        super().__init__(f"{pointer or 'fixtures'}: {text}")
        self.pointer = pointer


class Answer:
    """What a rule says, before it becomes bytes. Whatever its status, what the rule wrote is kept; see `Refusal`.

    Attributes:
        status: HTTP status.
        body: A JSON value, or one that was written before; `bytes` are sent as they are; None is no body.
        media_type: Content type of the body; None takes the system's own.
        headers: Further headers as text. Names in lower case.
        raw: Further headers as bytes, for what is on every answer.
        checked: False for an answer that stands outside the document by design (a Rails error page).
    """

    __slots__ = ("_bytes", "body", "checked", "headers", "media_type", "raw", "status")

    def __init__(
        self,
        status: int,
        body: Any = None,
        media_type: str | None = None,
        headers: Iterable[tuple[str, str]] = (),
        *,
        checked: bool = True,
    ) -> None:
        self.status = status
        self.body = body
        self.media_type = media_type
        self.headers: list[tuple[str, str]] = list(headers)
        self.raw: list[Header] = []
        self.checked = checked
        self._bytes: tuple[Any, bytes] | None = None

    def bytes(self) -> bytes:
        """The body as bytes; made once as long as `body` stays the same object."""
        body = self.body
        if body is None:
            return b""
        if body.__class__ is bytes:
            return body
        if body.__class__ is Written:
            return body.bytes
        made = self._bytes
        if made is None or made[0] is not body:
            made = self._bytes = (body, body.text() if body.__class__ is Page else orjson.dumps(body))
        return made[1]

    def digest(self) -> str:
        """32 hexadecimal digits that stand for the body."""
        body = self.body
        if body.__class__ is Page or body.__class__ is Written:
            return body.digest().hex()
        return md5(self.bytes(), usedforsecurity=False).hexdigest()

    def __repr__(self) -> str:
        return f"<Answer {self.status}>"


class Refusal(Exception):  # noqa: N818 - what it is, an answer; not an error of anybody's
    """Raised by a rule to take back everything it wrote in this transaction and give this answer."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __str__(self) -> str:
        return f"refused with {self.answer.status}"


class Call:
    """One request on its way through a rule.

    Attributes:
        request: The bytes that came in.
        operation: The operation of the document; None on a route of the system's own (`System.locate`).
        path: Path parameters, decoded.
        alias: The method sent, in capitals, if it is not the operation's own.
        body: The decoded body; reading it never raises.
        sandbox: Clock, ids, options and extras of this sandbox.
        db: The storage, inside this request's transaction.
        now: The sandbox's time in Unix milliseconds; the same throughout the request.
        caller: Whatever `System.authenticate` put here.
        request_id: This request's id, without prefix: 16 hexadecimal digits.
        extra: Free for the system.
    """

    __slots__ = (
        "alias",
        "body",
        "caller",
        "contract",
        "db",
        "extra",
        "now",
        "operation",
        "path",
        "query_pairs",
        "request",
        "request_id",
        "sandbox",
    )

    def __init__(
        self,
        request: Request,
        operation: Operation | None,
        path: Mapping[str, str],
        alias: str | None,
        body: Body,
        query_pairs: list[tuple[str, str]],
        sandbox: Sandbox,
        db: Storage,
        contract: Contract,
        now: int,
        request_id: str,
    ) -> None:
        self.request = request
        self.operation = operation
        self.path = path
        self.alias = alias
        self.body = body
        self.query_pairs = query_pairs
        self.sandbox = sandbox
        self.db = db
        self.contract = contract
        self.now = now
        self.request_id = request_id
        self.caller: Any = None
        self.extra: Any = None

    def query(self, name: str) -> str | None:
        """The last value of a query parameter, decoded, as Rails and most servers take it."""
        for key, value in reversed(self.query_pairs):
            if key == name:
                return value
        return None


Handler = Callable[[Call], Answer]
"""The rule of one operation. Runs inside the transaction; raises `Refusal` to take its writes back."""


class Located:
    """Where a request leads.

    Attributes:
        operation: The operation, or None for a route the document lacks.
        handler: The rule.
        path: Path parameters, decoded.
        alias: The method sent, in capitals, if the operation's own is another one.
        violations: What `locate` itself holds against the request (a suffix the document lacks, an alias).
        writes: Whether the rule may write, and so needs a write transaction.
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
    """One system's room. An instance serves every sandbox and keeps no state of its own."""

    name: ClassVar[str]
    """First part of its operationIds: `vinr`, `spree`."""
    media_type: ClassVar[str] = "application/json"
    """Content type of an answer that names none."""
    tables: ClassVar[tuple[Table, ...]] = ()
    """Where it keeps its state. Every table gets a `sandbox` column and is part of snapshots."""
    fixtures: ClassVar[Mapping[str, Any]] = {"type": "object", "maxProperties": 0}
    """JSON Schema of its part of a fixtures file."""
    operations: Mapping[str, Handler]
    """The handler of each operation by operationId; see `Engine` for operations of the document that have none."""

    def bind(self, contract: Contract) -> None:
        """Called once at the start, with the compiled document."""
        self.contract = contract

    def handler(self, operation: str) -> Handler:
        """The handler of an operationId; where there is none, one that answers 501 and says so."""
        return self.operations.get(operation, self._unhandled)

    def _unhandled(self, call: Call) -> Answer:
        identity = "it" if call.operation is None else call.operation.id
        answer = self.failure(call, 501, f"this mock has no handler for {identity}")
        # The document knows nothing of what a mock lacks.
        answer.checked = False
        return answer

    @abstractmethod
    def owns(self, path: str) -> bool:
        """Whether a path belongs to this system, whether or not anything is there."""

    def locate(self, request: Request, *, strict: bool) -> Located | None:
        """Say where a request leads that the document does not know as it stands: a suffix, HEAD, a route of its own.

        Called only when method and path are not those of an operation or of an alias.

        Returns:
            None if nowhere; then `unmatched` answers.
        """
        return None

    @abstractmethod
    def unmatched(self, call: Call, allowed: Sequence[str], *, strict: bool) -> Answer:
        """Answer a request that leads nowhere.

        Args:
            call: The request; `operation` is None.
            allowed: The methods, in capitals, that the document has for this path; empty if it lacks the path.
            strict: In strict mode a path with other methods is answered 405 with Allow.
        """

    @abstractmethod
    def authenticate(self, call: Call) -> Answer | None:
        """Say who is calling (`call.caller`), or answer 401. Comes before everything else, in the same transaction."""

    @abstractmethod
    def refuse(self, call: Call, violations: Sequence[Violation]) -> Answer:
        """Refuse, in strict mode, a request that breaks the document where the rule would have let it pass."""

    @abstractmethod
    def failure(self, call: Call, status: int, message: str) -> Answer:
        """Answer with a status the rule did not choose: a planned fault (429, 500, 503), or an error of the mock."""

    def finish(self, call: Call, answer: Answer) -> None:  # noqa: B027 - a system may have nothing to add
        """Add what every answer of the system carries: request id, limits, caching. The last thing before the check."""

    def seed(self, call: Call) -> None:  # noqa: B027
        """Fill a fresh sandbox with what the documents' samples name. Runs in a write transaction."""

    def opened(self, call: Call) -> None:  # noqa: B027
        """Make good what the options ask of a sandbox that was there before; in a write transaction at the start."""

    def load(self, call: Call, fixtures: Mapping[str, Any]) -> None:  # noqa: B027
        """Fill a sandbox from the system's part of a fixtures file (`{"vinr": {...}}`), which fits `fixtures`.

        Raises:
            FixturesError: They name what is not there.
        """

    def control_routes(self) -> Sequence[ControlRoute]:
        """What the system adds to the control plane, below `/_mock/<name>/`."""
        return ()

    def invariants(self, call: Call) -> Iterable[Finding]:
        """Check what must always hold. Each broken bound is one finding; one the server itself allows says so."""
        return ()

    def restored(self, call: Call) -> None:  # noqa: B027
        """Called when a snapshot was restored, in its transaction: what was remembered of the time between is wrong."""

    def due(self, call: Call) -> None:  # noqa: B027
        """Called when the clock was moved by hand, in a write transaction."""
