"""Servers that do as little as there is: what serving costs before any mock does anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import orjson

from store_credit_mock import Engine, Request
from store_credit_mock.control.sessions import Sessions
from store_credit_mock.core.faults import FaultPlan
from store_credit_mock.http import Response
from store_credit_mock.sandbox import Options, Sandbox
from store_credit_mock.server.app import App
from store_credit_mock.server.run import Server

__all__ = ["main"]

BODY = (
    b'{"id":"sc_0123456789abcdef0123","customer":"cust_8aZ2","amount":1000,"currency":"USD","balance_remaining":1000,'
    b'"expires_at":null,"created":1795305600}'
)


HEADERS = [(b"content-type", b"application/json")]


class Stand:
    """What the server asks of an engine besides responses."""

    faults = FaultPlan(lambda _purpose, _number: 0.0)
    systems: Mapping[str, Any] = {}
    control = SimpleNamespace(sessions=Sessions())
    sandboxes = SimpleNamespace(touched=frozenset[Any](), with_endpoints=lambda: ())
    sandbox: Sandbox

    def may_wait(self, request: Request) -> bool:
        """Say that nothing has to wait."""
        del request
        return False

    def http_date(self) -> bytes:
        """The time, as an engine tells it."""
        return self.sandbox.clock.http_date()


class Constant(Stand):
    """In the place of an engine: the same response to everything."""

    def __init__(self) -> None:
        self.sandbox = Sandbox("default", Options())

    def handle(self, request: Request) -> Response:
        """Answer."""
        del request
        return Response(200, HEADERS, BODY)


class Bare(Stand):
    """In the place of an engine: no more than a create cannot do without.

    The body is read and checked, the rows of a credit, its entry and its event are written in one transaction, event
    and answer are checked and written. There is no engine, no key, no rule, no header and no record around it.
    """

    def __init__(self) -> None:
        engine = Engine()
        self.sandbox = engine.sandbox
        self._storage = storage = engine.storage
        run = storage.run
        statements: list[tuple[str, list[Any]]] = []

        def listen(sql: str, values: Sequence[Any] = ()) -> int:
            statements.append((sql, list(values)))
            return run(sql, values)

        storage.run = listen  # type: ignore[method-assign]
        body = b'{"customer":"cust_8aZ2","amount":1000,"currency":"USD"}'
        headers = {"X-Api-Key": "sk_test_1", "Content-Type": "application/json"}
        answer = engine.handle(Request.build("POST", "/v1/store-credit", headers, body))
        storage.run = run  # type: ignore[method-assign]
        self._number = 0
        self._credit: dict[str, Any] = orjson.loads(answer.body)
        operation = engine.contract.operations["vinr.store_credit.create"]
        self._taken = operation.request_bodies["application/json"].is_valid
        given = operation.schema(201, "application/json")
        assert given is not None
        self._given = given.is_valid
        self._told = engine.contract.webhooks["store_credit.created"].is_valid
        (self._insert, self._count, self._entry, self._event) = statements

    def handle(self, request: Request) -> Response:
        """Issue a credit."""
        storage = self._storage
        assert self._taken(orjson.loads(request.body))
        storage.begin(write=True)
        storage.one("SELECT email FROM vinr_customer WHERE sandbox = ? AND id = ?", ("default", "cust_8aZ2"))
        self._number = number = self._number + 3
        # Spread over the index as the mock's own ids are.
        digits = f"{number * 2654435761 % 4294967296:020x}"
        credit = {**self._credit, "id": "sc_" + digits}
        sql, values = self._insert
        storage.run(sql, [values[0], credit["id"], values[2] + number, *values[3:]])
        storage.run(*self._count)
        sql, values = self._entry
        storage.run(sql, [values[0], values[1] + number, credit["id"], *values[3:]])
        sql, values = self._event
        event: dict[str, Any] = {
            "id": "evt_" + digits,
            "type": "store_credit.created",
            "data": {"object": credit},
            "created": 1795305600,
        }
        assert self._told(event)
        text = orjson.dumps(event).decode()
        storage.run(sql, [values[0], event["id"], values[2] + number, values[3], text])
        storage.commit()
        assert self._given(credit)
        return Response(201, HEADERS, orjson.dumps(credit))


def main(kind: str) -> None:
    """Serve until ended.

    Args:
        kind: `app`, an ASGI app on uvicorn; `wire`, the mock's own protocol with a constant behind it; `bare`, with no
            more behind it than a create cannot do without.
    """

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        del scope, receive
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(BODY))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": BODY})

    def ready(host: str, port: int) -> None:
        print(f"http://{host}:{port} ready", flush=True)

    engine: Any = Bare() if kind == "bare" else Constant()
    server = Server(App(engine), "127.0.0.1", 0, ready)
    if kind == "app":
        server.config.app = answer
        server.config.http = "httptools"
    server.run()
