"""Mocks with one seeded defect each, which stand where an engine stands: behind every entry point.

A defect in the engine's own rules would be noticed by the engine's check of its responses (tests/schemathesis);
these change what has already left it, as a defect of any other server would.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson

from store_credit_mock import Engine, Request, Response
from store_credit_mock.core.faults import FaultPlan

__all__ = ["MUTANTS", "NO_FAULTS", "SPREE_TOKEN", "SPREE_V3_KEY", "VINR_KEY", "Mutant"]

VINR_KEY = "sk_test_probing"
SPREE_TOKEN = "spree-token-of-the-probe"
SPREE_V3_KEY = "sk_of_the_probe"

NO_FAULTS = FaultPlan(lambda _purpose, _number: 0.0)
"""What stands where an engine stands has no planned faults of its own."""

Change = Callable[[Engine, dict[Any, Any]], Callable[[Request], Response]]


class Mutant:
    """An engine with a defect.

    Args:
        engine: The whole one.
        change: Makes the defective `handle`.
        control: Whether the control plane is answered by it too.
    """

    faults = NO_FAULTS

    def __init__(self, engine: Engine, change: Change, *, control: bool = False) -> None:
        self.engine = engine
        self._control = control
        self._handle = change(engine, {})

    def handle(self, request: Request) -> Response:
        """Answer, wrongly."""
        if request.path.startswith("/_mock/") and not self._control:
            return self.engine.handle(request)
        return self._handle(request)

    def __getattr__(self, name: str) -> Any:
        # Whatever else a server asks of an engine: the time, the control plane, the systems.
        return getattr(self.engine, name)


def _is_record(request: Request) -> bool:
    return _holds_credits(request.path.rpartition("/")[0])


def _is_collection(request: Request) -> bool:
    return _holds_credits(request.path)


def _holds_credits(path: str) -> bool:
    of_customer = path.startswith("/api/v3/admin/customers/") and path.endswith("/store_credits")
    return of_customer or path in {"/v1/store-credit", "/api/v2/platform/store_credits"}


def wrong_schema(engine: Engine, memory: dict[Any, Any]) -> Callable[[Request], Response]:
    """A field of another type: the amount of a retrieved credit."""

    def handle(request: Request) -> Response:
        response = engine.handle(request)
        if request.method == "GET" and _is_record(request) and response.status == 200:
            body = orjson.loads(response.body)
            if "data" in body:
                body["data"]["attributes"]["amount"] = {"value": 1}
            else:
                body["amount"] = "1000" if isinstance(body["amount"], int) else {"value": 1}
            response.body = orjson.dumps(body)
        return response

    return handle


def wrong_status(engine: Engine, memory: dict[Any, Any]) -> Callable[[Request], Response]:
    """A status that is not documented: 202 for a retrieved credit."""

    def handle(request: Request) -> Response:
        response = engine.handle(request)
        if request.method == "GET" and _is_record(request) and response.status == 200:
            response.status = 202
        return response

    return handle


def wrong_content_type(engine: Engine, memory: dict[Any, Any]) -> Callable[[Request], Response]:
    """Another content type: plain text for a retrieved credit."""

    def handle(request: Request) -> Response:
        response = engine.handle(request)
        if request.method == "GET" and _is_record(request) and response.status == 200:
            others = [header for header in response.headers if header[0] != b"content-type"]
            response.headers = [(b"content-type", b"text/plain"), *others]
        return response

    return handle


def lost_write(engine: Engine, memory: dict[Any, Any]) -> Callable[[Request], Response]:
    """A credit is answered with 201 and not stored."""

    def handle(request: Request) -> Response:
        if request.method != "POST" or not _is_collection(request):
            return engine.handle(request)
        before = engine.snapshot()
        response = engine.handle(request)
        if response.status == 201:
            engine.restore(before)
        return response

    return handle


def ignored_auth(engine: Engine, memory: dict[Any, Any]) -> Callable[[Request], Response]:
    """Whoever comes is let in."""

    def handle(request: Request) -> Response:
        names = {b"x-api-key", b"x-spree-api-key", b"authorization"}
        others = [header for header in request.headers if header[0].lower() not in names]
        if request.path.startswith("/v1/"):
            others.append((b"x-api-key", VINR_KEY.encode()))
        elif request.path.startswith("/api/v2/platform/"):
            others.append((b"authorization", f"Bearer {SPREE_TOKEN}".encode()))
        elif request.path.startswith("/api/v3/admin/"):
            others.append((b"x-spree-api-key", SPREE_V3_KEY.encode()))
        else:
            return engine.handle(request)
        return engine.handle(Request(request.method, request.path, request.query, others, request.body))

    return handle


def leak_after_delete(engine: Engine, memory: dict[Any, Any]) -> Callable[[Request], Response]:
    """A deleted record can still be read."""

    def handle(request: Request) -> Response:
        if request.method == "DELETE":
            look = Request("GET", request.path, "", request.headers)
            shown = engine.handle(look)
            response = engine.handle(request)
            if response.status == 204:
                memory[request.path] = shown
            return response
        response = engine.handle(request)
        if request.method == "GET" and response.status == 404 and request.path in memory:
            kept: Response = memory[request.path]
            return Response(kept.status, list(kept.headers), kept.body)
        return response

    return handle


def _stale(engine: Engine, memory: dict[Any, Any], which: Callable[[Request], bool]) -> Callable[[Request], Response]:
    """The amounts that were shown first are shown for ever."""
    names = ("balance_remaining", "amount_used", "amount_remaining")

    def age(item: Any) -> None:
        values = item.get("attributes", item)
        first = memory.setdefault(item["id"], {name: values[name] for name in names if name in values})
        values.update(first)

    def handle(request: Request) -> Response:
        response = engine.handle(request)
        if request.method == "GET" and which(request) and response.status == 200:
            body = orjson.loads(response.body)
            found = body.get("data", body)
            for item in found if isinstance(found, list) else [found]:
                age(item)
            response.body = orjson.dumps(body)
        return response

    return handle


def stale_retrieve(engine: Engine, memory: dict[Any, Any]) -> Callable[[Request], Response]:
    """A retrieved credit has the balance it had when it was first looked at."""
    return _stale(engine, memory, _is_record)


def stale_list(engine: Engine, memory: dict[Any, Any]) -> Callable[[Request], Response]:
    """So have the credits of a list."""
    return _stale(engine, memory, _is_collection)


def replay_runs_twice(engine: Engine, memory: dict[Any, Any]) -> Callable[[Request], Response]:
    """A second attempt with the same idempotency key is carried out again."""

    def handle(request: Request) -> Response:
        others = [header for header in request.headers if header[0].lower() != b"idempotency-key"]
        return engine.handle(Request(request.method, request.path, request.query, others, request.body))

    return handle


MUTANTS: dict[str, Change] = {
    change.__name__: change
    for change in (
        wrong_schema,
        wrong_status,
        wrong_content_type,
        lost_write,
        ignored_auth,
        leak_after_delete,
        stale_retrieve,
        stale_list,
        replay_runs_twice,
    )
}
