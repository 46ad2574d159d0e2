"""Pages of lists from storages that hold few credits and many."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from time import perf_counter_ns
from typing import Any

import orjson

from store_credit_mock import Engine, Options, Request, open_storage

__all__: list[str] = []

TOKEN = "spree-token-of-the-benchmarks"  # noqa: S105
_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})"
# Rows as the mock writes them; made by the storage itself, since a million calls would take minutes.
_CREDITS = (
    "INSERT INTO vinr_credit (sandbox, id, number, customer, amount, currency, remaining, expires_at, created)"
    " {numbers} SELECT 'default', 'sc_' || (CAST(i AS BIGINT) * 7919 + 100000000), i, 'cust_' || (i - i / 5 * 5),"
    " 1000 + i, 'USD',"
    " 1000, NULL, 1795305600 + i FROM n"
)
_SPREE_CREDITS = (
    "INSERT INTO spree_credit (sandbox, id, user_id, category_id, type_id, created_by_id, amount, used, authorized,"
    " currency, public_metadata, private_metadata, created_at, updated_at) {numbers} SELECT 'default', i, 2, 1, 1, 1,"
    " 1000 + i, 0, 0, 'USD', '{{}}', '{{}}', 1795305600000 + i, 1795305600000 + i FROM n"
)
_SPREE_EVENTS = (
    "INSERT INTO spree_event (sandbox, id, credit_id, action, amount, code, user_total, created_at, updated_at)"
    " {numbers} SELECT 'default', i, i, 'allocation', 1000 + i, 'SC-' || i, 1000, 1795305600000, 1795305600000 FROM n"
)
_FILL = (
    _CREDITS,
    "INSERT INTO vinr_total (sandbox, customer, credits) SELECT 'default', '', {count}",
    _SPREE_CREDITS,
    _SPREE_EVENTS,
    (
        "INSERT INTO spree_counter (sandbox, name, value) VALUES ('default', 'live store credits', {count}),"
        " ('default', 'store_credit', {count})"
    ),
)


def _filled(address: str, count: int) -> Engine:
    engine = Engine(storage=open_storage(address), options=Options(spree_token=TOKEN))

    def work(call: Any) -> None:
        for statement in _FILL:
            call.db.run(statement.format(numbers=_NUMBERS.format(count=count), count=count))
        if call.db.dialect == "postgresql":
            call.db.run("ANALYZE")

    engine.transaction(work)
    return engine


def _page(engine: Engine, page: str, count: int) -> Callable[[], None]:
    """Ask for one page; what comes is looked at once."""
    middle = count // 2
    target = {
        "VINR first": "/v1/store-credit?limit=100",
        "VINR deep": f"/v1/store-credit?limit=100&starting_after=sc_{middle * 7919 + 100000000}",
        "VINR customer": "/v1/store-credit?limit=100&customer=cust_1",
        "Spree first": "/api/v2/platform/store_credits?per_page=100",
        "Spree deep": f"/api/v2/platform/store_credits?per_page=100&page={max(middle // 100, 2)}",
        "Spree gap": f"/api/v2/platform/store_credits?per_page=100&page={max(middle // 100, 2)}",
    }[page]
    headers = {"X-Api-Key": "sk_test_benchmarks", "Authorization": f"Bearer {TOKEN}", "Host": "127.0.0.1"}
    if target.startswith("/api"):
        del headers["X-Api-Key"]
    request = Request.build("GET", target, headers)
    answer = engine.handle(request)
    value = orjson.loads(answer.body)
    if answer.status != 200 or len(value["data"]) != 100:
        raise RuntimeError(f"{target}: {answer.status} {answer.body[:500]!r}")

    def ask() -> None:
        engine.handle(Request(request.method, request.path, request.query, request.headers))

    return ask


def _write(call: Any) -> None:
    """Write to what is read, so that a storage that remembers what it found has to look again."""
    for table in ("vinr_credit", "vinr_total", "spree_credit", "spree_event", "spree_counter"):
        call.db.run(f"UPDATE {table} SET sandbox = sandbox WHERE sandbox = ?", ("nobody",))  # noqa: S608


def _walk(engine: Engine, offset: int) -> Callable[[], None]:
    """The ids of the page in the middle, and nothing else."""
    sql = "SELECT id FROM spree_credit WHERE sandbox = ? AND deleted_at IS NULL ORDER BY id LIMIT 100 OFFSET ?"

    def ask() -> None:
        engine.storage.begin(write=False)
        engine.storage.all(sql, ("default", offset))
        engine.storage.commit()

    return ask


def pages(addresses: Sequence[str], counts: Sequence[int], wanted: Sequence[str], rounds: int) -> Callable[[], str]:
    """Microseconds for each page, round by round: `page/few` and `page/many`."""

    def work() -> str:
        engines = [_filled(address, count) for address, count in zip(addresses, counts, strict=True)]
        labelled = list(zip(("few", "many"), engines, counts, strict=True))
        asking = {
            f"{page}/{label}": _page(engine, page, count)
            for page in wanted
            if page != "Spree gap"
            for label, engine, count in labelled
        }
        figures = _measured(engines, asking, rounds)
        if "Spree gap" in wanted:
            for engine in engines:
                gone = Request.build("DELETE", "/api/v2/platform/store_credits/1", {"Authorization": f"Bearer {TOKEN}"})
                if engine.handle(gone).status != 204:
                    raise RuntimeError("a credit could not be deleted")
            asking = {f"Spree gap/{label}": _page(engine, "Spree gap", count) for label, engine, count in labelled}
            asking["offset/many"] = _walk(engines[1], counts[1] // 2)
            figures |= _measured(engines, asking, rounds)
        return json.dumps(figures)

    return work


def _measured(
    engines: Sequence[Engine], asking: Mapping[str, Callable[[], None]], rounds: int
) -> dict[str, list[float]]:
    figures: dict[str, list[float]] = {}
    for turn in range(-2, rounds):
        for name, ask in asking.items():
            # The quickest of five: what else the machine does would count as the page's own.
            spent: list[int] = []
            for _ in range(5):
                for engine in engines:
                    engine.transaction(_write)
                start = perf_counter_ns()
                ask()
                spent.append(perf_counter_ns() - start)
            if turn >= 0:
                figures.setdefault(name, []).append(min(spent) / 1000)
    return figures
