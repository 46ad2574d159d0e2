"""Requests made of arbitrary bytes, near enough to the document that they come past its first gate; and what must hold.

One decoder serves hypothesis and atheris: both only ever bring bytes.
"""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import orjson

from store_credit_mock import Engine, Exchange, Request, Response
from store_credit_mock.systems.spree_v3.profiles import DEFAULT as VERSION

__all__ = ["SPREE_TOKEN", "Fuzzed", "decode", "hold"]

SPREE_TOKEN = "spree-token-of-the-fuzzing"
SECONDS = 20
"""After so long a response counts as a hang; thousands of times what one takes."""

_T = TypeVar("_T")
_FORM = "application/x-www-form-urlencoded"
_STUMBLES = b'{"status":500,"error":"Internal Server Error"}'
"""Where the real Spree fails, as recorded; what the mock itself fails over raises."""
_METHODS = ("GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS", "get", "BREW")
_IDS = (
    "1",
    "2",
    "0",
    "-1",
    "cust_8aZ2",
    "sc_1",
    "1e9",
    "9" * 40,
    "%00",
    "%2F",
    "..",
    "%ff",
    "%0d%0aX:1",
    "é",
    " ",
    "'--",
)
_TYPES = ("application/json", _FORM, "application/vnd.api+json", "text/plain", "", "application/json; charset=utf-16")
_WORDS = (
    "customer", "amount", "currency", "expires_at", "metadata", "store_credit", "user_id", "category_id",
    "created_by_id", "memo", "type_id", "name", "order_number", "limit", "starting_after", "ending_before", "created",
    "page", "per_page", "filter[currency_eq]", "filter[", "filter[a][b][]", "include", "fields[store_credit]", "sort",
    "data", "attributes", "private_metadata", "public_metadata", "USD", "JPY", "usd", "cust_8aZ2", "10.00", "1000",
)  # fmt: skip
_NUMBERS = (0, 1, -1, 1000, 2**31, 2**63, 2**64, -(2**63) - 1, 10**30, 1.5, 1e308, 0.1, 253402300800)
_HEADERS = (
    "Idempotency-Key", "Accept", "Content-Length", "X-Spree-Order-Token", "VINR-Version", "Content-Encoding",
    "Authorization", "X-Api-Key", "Cookie", "X-Forwarded-For", "Accept-Language", "Content-Type",
)  # fmt: skip


class Fuzzed:
    """What every request of a run is held against.

    Args:
        engine: Answers; its own defects raise.

    Attributes:
        operations: Those of the document, in its order.
        seen: The last exchange.
    """

    def __init__(self, engine: Engine) -> None:
        engine.raise_errors = True
        self.engine = engine
        self.operations = list(engine.contract.operations.values())
        self.seen: list[Exchange] = []
        engine.exchanges.listeners.append(self._see)

    def _see(self, exchange: Exchange) -> None:
        self.seen[:] = [exchange]


class _Source:
    """Bytes, taken piece by piece; after the last there are only zeros."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._place = 0

    def byte(self) -> int:
        self._place += 1
        return self._data[self._place - 1] if self._place <= len(self._data) else 0

    def of(self, choices: Sequence[_T]) -> _T:
        return choices[self.byte() % len(choices)]

    def some(self) -> bytes:
        length = self.byte() % 48
        piece = self._data[self._place : self._place + length]
        self._place += length
        return piece

    def rest(self) -> bytes:
        piece = self._data[self._place :]
        self._place = len(self._data)
        return piece

    def text(self) -> str:
        """What may stand in an address: anything but what ends it."""
        return "".join(letter for letter in self.some().decode("latin-1") if letter not in " ?#\r\n")

    def value(self, depth: int = 0) -> Any:
        """A JSON value."""
        kind = self.byte() % (8 if depth < 4 else 6)
        simple: tuple[Callable[[], Any], ...] = (
            lambda: self.of(_WORDS), lambda: self.of(_NUMBERS), lambda: None, lambda: self.byte() > 127,
            lambda: self.some().decode("latin-1"), lambda: self.of(_WORDS) * (self.byte() + 1),
        )  # fmt: skip
        if kind < 6:
            return simple[kind]()
        if kind == 6:
            return [self.value(depth + 1) for _ in range(self.byte() % 4)]
        return {self.of(_WORDS): self.value(depth + 1) for _ in range(self.byte() % 6)}


def decode(fuzzed: Fuzzed, data: bytes) -> Request:
    """Make a request of bytes."""
    source = _Source(data)
    operation = source.of(fuzzed.operations)
    path = operation.template
    while "{" in path:
        before, _, rest = path.partition("{")
        path = before + (source.of(_IDS) if source.byte() < 200 else source.text()) + rest.partition("}")[2]
    if source.byte() > 230:
        path += source.text()
    method = operation.method if source.byte() < 220 else source.of(_METHODS)
    pairs: list[str] = []
    for _ in range(source.byte() % 5):
        value = source.of((*_IDS, *_WORDS)) if source.byte() < 128 else source.text()
        pairs.append(f"{source.of(_WORDS)}={value}")
    headers = {"X-Api-Key": "sk_test_fuzz", "Authorization": f"Bearer {SPREE_TOKEN}", "Host": "localhost"}
    headers["Content-Type"] = source.of(_TYPES)
    for _ in range(source.byte() % 4):
        headers[source.of(_HEADERS)] = source.some().decode("latin-1").translate({10: " ", 13: " ", 0: " "})
    return Request.build(method, path + ("?" + "&".join(pairs) if pairs else ""), headers, _body(source))


def _body(source: _Source) -> bytes:
    kind = source.byte() % 4
    if kind == 0:
        return source.rest()
    if kind == 1:
        names = [source.of(_WORDS) for _ in range(source.byte() % 6)]
        return "&".join(f"{name}={source.of((*_IDS, *_WORDS))}" for name in names).encode()
    value = source.value()
    if kind == 3:
        # The shape most bodies have, with something odd in it.
        value = {"customer": "cust_8aZ2", "amount": 1000, "currency": "USD", source.of(_WORDS): value}
    text = json.dumps(value, ensure_ascii=bool(source.byte() & 1)).encode("utf-8", "surrogatepass")
    return text if source.byte() < 240 else text[: source.byte()] + source.some()


def hold(fuzzed: Fuzzed, request: Request) -> Response:
    """Answer a request, and see that the response is one: no defect, as documented, and no header that becomes two."""
    engine = fuzzed.engine
    with _alarm():
        response = engine.handle(request)
    stumbles = b"" if request.method == "HEAD" else _STUMBLES
    assert 200 <= response.status < 500 or response.body == stumbles, (response.status, response.body)
    for name, value in response.headers:
        assert not {*b"\r\n\0"} & {*name, *value}, (name, value)
    (exchange,) = fuzzed.seen
    operation = engine.contract.operations.get(exchange.operation)
    kind = response.header("content-type")
    as_json = kind is not None and "json" in kind
    value: Any = orjson.loads(response.body) if as_json and response.body else response.body.decode()
    sides = {one.side for one in exchange.violations}
    assert "response" not in sides, exchange
    if operation is None or (response.status >= 400 and "request" in sides):
        # A refusal of what breaks the document may be of a kind that the document does not have, such as Rails' own.
        return response
    definition = engine.contract.document.operations[operation.id].definition
    if response.status == 404 and VERSION not in definition.get("x-versions", [VERSION]):
        # What the version played lacks is no route there, for which Rails has a response of its own.
        return response
    media_type = None if kind is None else kind.partition(";")[0]
    head = request.method == "HEAD"
    found = engine.contract.check_response(operation, response.status, response.headers, media_type, value, head=head)
    assert found == (), found
    return response


@contextmanager
def _alarm() -> Generator[None]:
    """End what hangs, where the platform can."""
    if not hasattr(signal, "SIGALRM"):
        yield
        return

    def hung(*_: object) -> None:
        raise AssertionError(f"no response within {SECONDS} seconds")

    previous = signal.signal(signal.SIGALRM, hung)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, previous)
