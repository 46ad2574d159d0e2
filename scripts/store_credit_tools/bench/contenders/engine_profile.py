"""Where the time of a call on the engine goes: its parts, each timed in a loop of its own."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from time import perf_counter_ns
from typing import Any

import orjson

from store_credit_mock import Engine, Request

__all__: list[str] = []

LOOPS = 4000
RECORDS = 2000
_HEADERS = [(b"host", b"127.0.0.1:4010"), (b"x-api-key", b"sk_test_benchmarks")]
_JSON = [*_HEADERS, (b"content-type", b"application/json")]
_BODY = b'{"customer":"cust_8aZ2","amount":%d,"currency":"USD"}'


def _requests(engine: Engine) -> dict[str, Callable[[], Request]]:
    path = "/v1/store-credit"
    # Each body another one, and each record in its turn, as in a load of one's own.
    numbers = itertools.count(1)

    def issue(amount: int) -> Request:
        body = _BODY % amount
        return Request("POST", path, "", [*_JSON, (b"content-length", b"%d" % len(body))], body)

    made = [orjson.loads(engine.handle(issue(next(numbers))).body)["id"] for _ in range(RECORDS)]
    turns = itertools.cycle(made)
    return {
        "GET one": lambda: Request("GET", f"{path}/{next(turns)}", "", list(_HEADERS)),
        "POST refused": lambda: issue(-next(numbers)),
        "POST accepted": lambda: issue(next(numbers)),
    }


def _parts(engine: Engine) -> dict[str, list[tuple[Any, str]]]:
    storage, contract = engine.storage, engine.contract
    return {
        "statements": [(storage, name) for name in ("one", "all", "run")],
        "transaction": [(storage, name) for name in ("begin", "commit", "rollback")],
        "checks": [(contract, name) for name in ("check_request", "check_response", "check_webhook")],
        "record": [(type(engine.exchanges), "add")],
    }


class _Watch:
    """Counts the nanoseconds that some functions take, while it is entered."""

    def __init__(self, functions: list[tuple[Any, str]]) -> None:
        self._functions = functions
        self.spent = 0

    def __enter__(self) -> _Watch:
        self._found = [(owner, name, getattr(owner, name), name in vars(owner)) for owner, name in self._functions]
        for owner, name, function, _ in self._found:
            setattr(owner, name, self._timed(function))
        return self

    def __exit__(self, *_: object) -> None:
        for owner, name, function, own in self._found:
            if own:
                setattr(owner, name, function)
            else:
                delattr(owner, name)

    def _timed(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*arguments: Any, **named: Any) -> Any:
            start = perf_counter_ns()
            try:
                return function(*arguments, **named)
            finally:
                self.spent += perf_counter_ns() - start

        return timed


def parts() -> Callable[[], str]:
    """Microseconds by `request/part`, and `request/whole` of a loop that nothing is timed in."""
    engine = Engine()
    requests = _requests(engine)

    def work() -> str:
        figures: dict[str, float] = {}
        for what, request in requests.items():
            for part, functions in {"whole": [], **_parts(engine)}.items():
                asked = [request() for _ in range(LOOPS)]
                with _Watch(functions) as watch:
                    start = perf_counter_ns()
                    for one in asked:
                        engine.handle(one)
                    spent = perf_counter_ns() - start
                figures[f"{what}/{part}"] = (watch.spent if functions else spent) / LOOPS / 1000
        return json.dumps(figures)

    return work
