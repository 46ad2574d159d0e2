"""What was written and checked before: never a stale record, never one that breaks the OpenAPI document."""

from __future__ import annotations

import sys
import tracemalloc
from collections import Counter
from typing import Any

import orjson
import pytest

from store_credit_mock import Contract, Engine, Options, Request
from store_credit_mock.contract import Operation, SerializedPage, SerializedRecord, Violation
from store_credit_mock.core.exchange_log import LONG_BODY, MAX_EXCHANGES, MAX_LONG_BYTES, ExchangeLog
from store_credit_mock.http import Response

KEY = {"X-Api-Key": "sk_test_1", "Content-Type": "application/json"}
PATH = "/v1/store-credit"
GOOD = b'{"customer":"cust_8aZ2","amount":1000,"currency":"USD"}'


@pytest.fixture
def listing(store_credit_mock_contract: Contract) -> Operation:
    return store_credit_mock_contract.operations["vinr.store_credit.list"]


def credit(**members: Any) -> dict[str, Any]:
    record = {"id": "sc_1", "customer": "cust_1", "amount": 5, "currency": "USD", "balance_remaining": 5}
    return {**record, "expires_at": None, "created": 1795305600, **members}


def envelope(**members: Any) -> dict[str, Any]:
    page = {"has_more": False, "next_cursor": None, "total_estimate": 1}
    return {"object": "list", "data": [], "page": page, **members}


def found(contract: Contract, listing: Operation, body: Any) -> list[str]:
    violations = contract.check_response(listing, 200, GIVEN, "application/json", body)
    return [violation.pointer for violation in violations]


GIVEN = [
    (b"content-type", b"application/json"),
    (b"x-vinr-request-id", b"req_0123456789abcdef"),
    (b"vinr-version", b"2026-04-01"),
    (b"x-ratelimit-limit", b"50"),
    (b"x-ratelimit-remaining", b"49"),
    (b"x-ratelimit-reset", b"1795305600"),
]


def test_a_page_of_checked_records_is_right(store_credit_mock_contract: Contract, listing: Operation) -> None:
    """Piece by piece it is checked as the whole would be, and its JSON is the whole's."""
    schema = listing.schema(200, "application/json")
    assert schema is not None
    assert schema.items is not None
    items = schema.items.cache.get_all(["a", "b"], lambda key: credit(id=f"sc_{key}"))
    assert items is not None
    page = SerializedPage(envelope(), items, schema.items)

    assert found(store_credit_mock_contract, listing, page) == []
    assert orjson.loads(page.text()) == {**envelope(), "data": [credit(id="sc_a"), credit(id="sc_b")]}


def test_what_breaks_the_document_does_not_lie_on_a_shelf(listing: Operation) -> None:
    """Neither alone nor among others; the rule then answers with the whole, whose check says why."""
    schema = listing.schema(200, "application/json")
    assert schema is not None
    assert schema.items is not None
    shelf = schema.items.cache

    assert shelf.get("bad", lambda _: credit(amount="5")) is None
    assert shelf.get("more", lambda _: credit(surprise=1)) is None
    assert shelf.get_all(["good", "bad"], lambda key: credit(amount=5 if key == "good" else -5)) is None


def test_a_page_that_breaks_the_document_is_found(store_credit_mock_contract: Contract, listing: Operation) -> None:
    """An envelope that is wrong, too many items, items that were checked against something else."""
    schema = listing.schema(200, "application/json")
    assert schema is not None
    assert schema.items is not None
    good = schema.items.cache.get("good", lambda _: credit())
    assert good is not None
    check = store_credit_mock_contract, listing

    assert found(*check, SerializedPage(envelope(page={}), [good], schema.items)) != []
    assert found(*check, SerializedPage(envelope(), [good] * 100, schema.items)) == []
    assert found(*check, SerializedPage(envelope(), [good] * 101, schema.items)) == ["/body/data"]
    other = SerializedRecord(orjson.dumps(credit(amount="5")), schema)
    assert found(*check, SerializedPage(envelope(), [other], schema)) == ["/body/data/0/amount"]
    assert found(*check, SerializedRecord(orjson.dumps(credit()), schema.items)) != []


def test_what_is_shown_follows_every_change(store_credit_mock_contract: Contract) -> None:
    """A record on the shelf is not shown once it was spent, updated, or taken back with a snapshot."""
    engine = Engine(store_credit_mock_contract, options=Options(seed=1))

    def ask(method: str, path: str = PATH, body: bytes = b"") -> Any:
        return orjson.loads(engine.handle(Request.build(method, path, KEY, body)).body)

    made = ask("POST", body=GOOD)
    one = f"{PATH}/{made['id']}"
    assert ask("GET", one) == made
    snapshot = engine.snapshot()
    ask("POST", one, b'{"expires_at":1900000000}')
    assert ask("GET", one)["expires_at"] == ask("GET")["data"][0]["expires_at"] == 1900000000
    assert ask("GET", one + "?expand[]=customer")["customer"]["id"] == "cust_8aZ2"
    engine.restore(snapshot)
    assert ask("GET", one) == ask("GET")["data"][0] == made
    engine.close()


def test_what_is_kept_takes_no_more_memory_than_it_is_long() -> None:
    """Of a record in the cache, and of a response in the journal; orjson's own buffers take several times as much."""
    # A contract of its own: another test of the same seed may have left the same records in the cache.
    engine = Engine(Contract(), options=Options(seed=1))
    requests = [Request.build("POST", PATH, KEY, body) for body in (GOOD, b'{"amount":0}') for _ in range(20)]
    tracemalloc.start()
    try:
        kept = [engine.handle(request).body for request in requests]
        places = [f"{PATH}/{orjson.loads(body)['id']}" for body in kept[:20]]
        kept += [engine.handle(Request.build("GET", place, KEY)).body for place in places]
        sizes = Counter(trace.size for trace in tracemalloc.take_snapshot().traces)
    finally:
        tracemalloc.stop()
    # Where a body is there twice, it may be the same object.
    expected = Counter(sys.getsizeof(body) for body in {id(body): body for body in kept}.values())
    assert {size: sizes[size] for size in expected if sizes[size] < expected[size] - 1} == {}
    engine.close()


def test_the_record_of_exchanges_does_not_grow_with_long_bodies() -> None:
    """All are there; the oldest long bodies are cut once they take more than 8 MiB together, short ones never."""
    record = ExchangeLog()
    size = MAX_LONG_BYTES // 100
    for number in range(1, MAX_EXCHANGES + 501):
        request = Request.build("POST", "/", {}, b"%d" % number)
        record.add(number, 0, "", request, Response(200, [], b"x" * size), (), None)

    assert [exchange.request.body for exchange in record] == [b"%d" % n for n in range(501, MAX_EXCHANGES + 501)]
    lengths = [len(exchange.response.body) for exchange in record]
    assert lengths == [LONG_BODY] * (MAX_EXCHANGES - 99) + [size] * 99
    wrong = (Violation("request", "", "/path", "path", "", "", ""),)
    record.add(0, 0, "", Request.build("GET", "/"), Response(200, [], b""), wrong, None)
    assert record.violations == 1
    record.clear()
    assert (len(record), record.violations, record.evicted) == (0, 0, 0)


def test_the_record_gives_back_what_went_through() -> None:
    """Headers that repeat, a response that was cut, a body that is long."""
    record = ExchangeLog()
    request = Request("POST", "/a", "b=1", [(b"a", b"1"), (b"a", b"2")], b"y" * 2 * LONG_BODY)
    record.add(7, 8, "vinr.x", request, Response(201, [(b"c", b"")], b"z", 0), (), "fault_1")
    exchange = record[0]

    assert (exchange.number, exchange.at, exchange.operation, exchange.fault) == (7, 8, "vinr.x", "fault_1")
    assert (exchange.request.headers, exchange.request.body) == (request.headers, request.body)
    assert (exchange.response.status, exchange.response.headers) == (201, [(b"c", b"")])
    assert (exchange.response.body, exchange.response.truncate_at) == (b"z", 0)
