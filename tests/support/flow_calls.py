"""The flow driven by hand: outcomes that the test prepares stand where a client has its transport, and a clock too."""

import json
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeAlias

from echoing import creates, echoed
from http_library import httpx
from sample_calls import CREDIT, SPREE_CREATE
from store_credit import SpreeClient, StoreCreditError, VinrClient
from store_credit._core.actions import AskToken, Held, Wait, WireRequest
from store_credit._core.clock import Clock
from store_credit._core.faults import Fault
from store_credit._core.flow import flow
from store_credit._core.operation import Call
from store_credit._core.response import Response
from store_credit._core.settings import Settings
from store_credit._core.turns import Turn

__all__ = [
    "CREATES",
    "DELETES",
    "EVERY",
    "KEYED",
    "KNOWN_IF_LOST",
    "ONE_WAY",
    "OTHERS",
    "PAYMENTS",
    "READ_OR_CHANGE",
    "REPEATABLE",
    "SPREE_CREATES",
    "UNKNOWN_IF_LOST",
    "Outcomes",
    "error_of",
]

Outcome: TypeAlias = "str | int | tuple[Any, ...]"

FAULTS: Final = {
    "connect": httpx.ConnectError("refused"),
    "timeout": httpx.ReadTimeout("slow"),
    "broken": httpx.RemoteProtocolError("gone"),
}
ANSWERS: Final[dict[str, tuple[int | None, Any]]] = {
    # Without a status: the one that says it was done.
    "vinr credit": (None, CREDIT),
    "spree record": (None, {"data": {"id": "7", "type": "store_credit", "attributes": {}}}),
    "spree page": (None, {"data": [], "meta": {"total_pages": 1}}),
    "cut short": (None, b'{"id": "sc_'),
    "in progress": (409, {"error": {"code": "idempotency_in_progress", "message": "still running"}}),
    "other body": (409, {"error": {"code": "idempotency_conflict", "message": "used with another body"}}),
    "saved, then refused": (400, {"error": "brand is not specified as a relationship on Spree::CreditSerializer"}),
}


class Hands(Clock):
    """A clock that goes on when somebody moves its hands."""

    __slots__ = ("passed",)
    began: Final = datetime(2026, 11, 28, 12, tzinfo=UTC)

    def __init__(self) -> None:
        self.passed = 0.0

    def monotonic(self) -> float:
        """Seconds since a moment that means nothing."""
        return 1000.0 + self.passed

    def now(self) -> datetime:
        """Noon of a Saturday, and what has passed since."""
        return self.began + timedelta(seconds=self.passed)


class Outcomes:
    """Gives the flow prepared outcomes, one for each request, the last one from then on, and keeps what it asked for.

    An outcome is a fault's kind, a name of `ANSWERS`, a status, or a tuple of status, body and headers; a status of
    None stands for the one that says it was done.

    Attributes:
        sent: The attempts that were put on the wire.
        waits: All waits, in seconds.
        held: Those of them that were for the rate limit.
        refused: The secrets that were refused when a token was asked for.
    """

    def __init__(self, *prepared: Outcome) -> None:
        self.prepared = deque(prepared)
        self.tokens = deque(["first", "second", "third"])
        self.sent: list[WireRequest] = []
        self.waits: list[float] = []
        self.held: list[float] = []
        self.refused: list[Any] = []
        self.clock = Hands()

    def call(self, call: Call, settings: Settings) -> Any:
        """Drive a call as a transport does."""
        settings.clock = self.clock
        steps = flow(call, settings)
        try:
            action, outcome = next(steps), None
            while True:
                match action:
                    case WireRequest():
                        outcome = self.send(action)
                        action = steps.send(outcome)
                    case Wait(seconds):
                        self.sleep(seconds)
                        if isinstance(outcome, Held):
                            self.held.append(seconds)
                        action = next(steps)
                    case AskToken(refused):
                        self.refused.append(refused)
                        action = steps.send(settings.credential.accept(self.tokens.popleft()))
                    case Turn():
                        action = steps.send(action.wait())
                    case _:
                        raise AssertionError(action)
        except StopIteration as stop:
            return stop.value

    def sleep(self, seconds: float) -> None:
        """Wait, in no time. No sleep is shorter than asked; sums of floats may be."""
        self.waits.append(seconds)
        self.clock.passed += seconds + 1e-6

    def send(self, wire: WireRequest) -> Response | Fault | Held:
        """Put an attempt on the wire, once the gate lets it through."""
        held = wire.ticket.enter(self.clock.monotonic())
        if held:
            return Held(held)
        assert list(wire.begin(wire)) == []
        self.sent.append(wire)
        return self.next(wire)

    def next(self, wire: WireRequest) -> Response | Fault:
        """Make the next outcome."""
        outcome = self.prepared.popleft() if len(self.prepared) > 1 else self.prepared[0]
        if isinstance(outcome, int):
            return Response(outcome, [], b"")
        if isinstance(outcome, str) and outcome in FAULTS:
            return Fault(outcome, FAULTS[outcome])  # type: ignore[arg-type]
        status, body, *rest = ANSWERS[outcome] if isinstance(outcome, str) else outcome
        if outcome == "spree record":
            # The record that was asked for: another kind is not a response to a create.
            kind = wire.route.rpartition("/platform/")[2].partition("/")[0]
            kind = kind.replace("categories", "category").removesuffix("s") or "store_credit"
            body = {"data": {**body["data"], "type": kind}}
        if status is None:
            status = 201 if creates(wire.method, wire.target) else 200
        if status < 300 and isinstance(outcome, str):
            body = echoed(wire.method, wire.target, wire.content, body)
        headers = [(name.encode(), value.encode()) for name, value in (rest[0] if rest else {}).items()]
        return Response(status, headers, body if isinstance(body, bytes) else json.dumps(body).encode())

    def vinr(self, **settings: Any) -> VinrClient:
        """A VINR client that meets these outcomes."""
        client = VinrClient(**{"api_key": "sk_test_1", "base_url": "http://vinr.test", **settings})
        client._transport = self  # type: ignore[assignment]
        return client

    def spree(self, **settings: Any) -> SpreeClient:
        """A Spree client that meets these outcomes."""
        client = SpreeClient(**{"base_url": "http://spree.test", "token": "admin", **settings})
        client._transport = self  # type: ignore[assignment]
        return client

    def headers(self, name: bytes) -> list[bytes | None]:
        """The value of a header in every request sent."""
        return [
            next((value for key, value in request.headers if key.lower() == name.lower()), None)
            for request in self.sent
        ]


Method: TypeAlias = Callable[..., Any]


VINR_CREATE: Final[dict[str, Method]] = {
    "create": lambda met, **o: met.vinr().store_credit.create(customer="c", amount=1, currency="USD", **o),
}
VINR_UPDATE: Final[dict[str, Method]] = {
    "update": lambda met, **o: met.vinr().store_credit.update("sc_1", expires_at=None, **o),
}
SPREE_CREATES: Final[dict[str, Method]] = {
    "credit create": lambda met, **o: met.spree().store_credits.create(**SPREE_CREATE, **o),
    "category create": lambda met, **o: met.spree().store_credit_categories.create(name="x", **o),
    "type create": lambda met, **o: met.spree().store_credit_types.create(name="x", priority=1, **o),
}
DELETES: Final[dict[str, Method]] = {
    "credit delete": lambda met, **o: met.spree().store_credits.delete("7", **o),
    "category delete": lambda met, **o: met.spree().store_credit_categories.delete("4", **o),
    "type delete": lambda met, **o: met.spree().store_credit_types.delete("4", **o),
}
OTHERS: Final[dict[str, Method]] = {
    "retrieve": lambda met, **o: met.vinr().store_credit.retrieve("sc_1", **o),
    "list": lambda met, **o: met.vinr().store_credit.list(**o),
    "credit retrieve": lambda met, **o: met.spree().store_credits.retrieve("7", **o),
    "credit list": lambda met, **o: met.spree().store_credits.list(**o),
    "credit update": lambda met, **o: met.spree().store_credits.update("7", memo="x", **o),
    "category retrieve": lambda met, **o: met.spree().store_credit_categories.retrieve("4", **o),
    "category list": lambda met, **o: met.spree().store_credit_categories.list(**o),
    "category update": lambda met, **o: met.spree().store_credit_categories.update("4", name="x", **o),
    "type retrieve": lambda met, **o: met.spree().store_credit_types.retrieve("4", **o),
    "type list": lambda met, **o: met.spree().store_credit_types.list(**o),
    "type update": lambda met, **o: met.spree().store_credit_types.update("4", name="x", **o),
    "remove": lambda met, **o: met.spree().checkout.remove_store_credit(order_token="t", **o),
    "account": lambda met, **o: met.spree().account.retrieve(customer_token="c", **o),
}
PAYMENTS: Final[dict[str, Method]] = {
    "use": lambda met, **o: met.spree().orders.use_store_credit("R1", **o),
    "add": lambda met, **o: met.spree().checkout.add_store_credit(order_token="t", **o),
}
KEYED: Final = VINR_CREATE | VINR_UPDATE
CREATES: Final = VINR_CREATE | SPREE_CREATES
ONE_WAY: Final = SPREE_CREATES | PAYMENTS
"""They have no key and are not idempotent: what may have been executed is not sent again."""
UNKNOWN_IF_LOST: Final = VINR_CREATE | ONE_WAY
KNOWN_IF_LOST: Final = VINR_UPDATE | DELETES | OTHERS
"""A repeat does what one request does, so that nothing about them is unknown."""
READ_OR_CHANGE: Final = VINR_UPDATE | OTHERS
REPEATABLE: Final = KEYED | DELETES | OTHERS
EVERY: Final = REPEATABLE | ONE_WAY


def error_of(call: Method, met: Outcomes, **options: Any) -> StoreCreditError:
    """The error that a call ends with."""
    try:
        found = call(met, **options)
    except StoreCreditError as error:
        return error
    raise AssertionError(f"it gave {found!r}")
