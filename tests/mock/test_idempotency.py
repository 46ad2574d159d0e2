"""Idempotency keys: V47, V51 to V54."""

from __future__ import annotations

import orjson
import pytest

from benches import Bench, Maker, error
from store_credit_mock import Fault, Request

PATH = "/v1/store-credit"
GOOD = {"customer": "cust_8aZ2", "amount": 1000, "currency": "USD"}
KEY = {"Idempotency-Key": "one"}


def count(bench: Bench) -> int:
    return orjson.loads(bench.send("GET", PATH).body)["page"]["total_estimate"]


def test_a_repeat_gets_the_first_answer(bench: Bench) -> None:
    """The same key gives the same bytes and issues nothing more; the marker says so."""
    first = bench.send("POST", PATH, GOOD, KEY)
    again = bench.send("POST", PATH, GOOD, KEY)

    assert (first.status, again.status, again.body) == (201, 201, first.body)
    assert (first.header("idempotent-replayed"), again.header("idempotent-replayed")) == (None, "true")
    assert count(bench) == 1


def test_the_order_of_fields_and_the_encoding_do_not_matter(bench: Bench) -> None:
    """What is compared is the body as read, so a form and JSON that say the same are the same."""
    first = bench.send("POST", PATH, GOOD, KEY)
    turned = bench.send("POST", PATH, dict(reversed(GOOD.items())), KEY)
    form = bench.send("POST", PATH, form="customer=cust_8aZ2&amount=1000&currency=USD", headers=KEY)

    assert first.body == turned.body == form.body


@pytest.mark.parametrize("change", [{"amount": 1001}, {"currency": "EUR"}, {"expires_at": None}])
def test_other_content_is_a_conflict(bench: Bench, change: dict[str, object]) -> None:
    """The key with other content is 409 and does nothing."""
    bench.send("POST", PATH, GOOD, KEY)

    response = bench.send("POST", PATH, {**GOOD, **change}, KEY)

    assert (response.status, error(response)["code"], error(response)["type"]) == (
        409, "idempotency_conflict", "billing_error",
    )  # fmt: skip
    assert response.header("retry-after") is None
    assert count(bench) == 1


def test_another_query_is_a_conflict(bench: Bench) -> None:
    """The query is part of what must be the same."""
    bench.send("POST", PATH, GOOD, KEY)

    assert bench.send("POST", f"{PATH}?expand[]=customer", GOOD, KEY).status == 409


def test_a_key_belongs_to_one_operation_of_the_account(bench: Bench) -> None:
    """Scope is account and endpoint: another operation may use it, another key of the account may not."""
    identity = orjson.loads(bench.send("POST", PATH, GOOD, KEY).body)["id"]

    assert bench.send("POST", f"{PATH}/{identity}", {"expires_at": None}, KEY).status == 200
    assert bench.send("POST", PATH, GOOD, {**KEY, "X-Api-Key": "sk_test_other"}).header("idempotent-replayed") == "true"
    assert bench.send("POST", f"{PATH}/sc_other", {"expires_at": None}, KEY).status == 409


def test_a_missing_customer_is_remembered(bench: Bench) -> None:
    """404 is stored: the response stays the same even when the customer exists by then; header and body agree."""
    body = {**GOOD, "customer": "cust_late"}
    first = bench.send("POST", PATH, body, KEY)
    bench.control.vinr.add_customer("cust_late")
    again = bench.send("POST", PATH, body, KEY)

    assert (first.status, again.status, again.body) == (404, 404, first.body)
    assert again.header("x-vinr-request-id") == error(again)["request_id"]


def test_a_refused_parameter_is_not_remembered(bench: Bench) -> None:
    """400 is not stored: the key can be used for the corrected request."""
    assert bench.send("POST", PATH, {**GOOD, "amount": 0}, KEY).status == 400
    assert bench.send("POST", PATH, GOOD, KEY).status == 201


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_failure_is_not_remembered(bench: Bench, status: int) -> None:
    """429 and 5xx are not stored: a retry with the key is carried out once."""
    bench.engine.faults.add(Fault("*", nth=1, status=status))

    assert bench.send("POST", PATH, GOOD, KEY).status == status
    assert bench.send("POST", PATH, GOOD, KEY).header("idempotent-replayed") is None
    assert count(bench) == 1


@pytest.mark.parametrize(
    "fault",
    [
        Fault("*", nth=1, status=503, when="after"),
        Fault("*", nth=1, drop=True, when="after"),
        Fault("*", nth=1, truncate=3),
        Fault("*", nth=1, malformed=True),
        Fault("*", nth=1, breaks_document=True),
    ],
)
def test_an_answer_lost_after_the_commit_is_given_again(bench: Bench, fault: Fault) -> None:
    """What was kept is kept: the retry is the replay of the first, and the credit exists once."""
    bench.engine.faults.add(fault)

    bench.send("POST", PATH, GOOD, KEY)
    again = bench.send("POST", PATH, GOOD, KEY)

    assert (again.status, again.header("idempotent-replayed")) == (201, "true")
    assert count(bench) == 1


def test_a_request_dropped_before_the_commit_leaves_nothing(bench: Bench) -> None:
    """Dropped before: the retry is the first to be carried out."""
    bench.engine.faults.add(Fault("*", nth=1, drop=True))

    assert bench.send("POST", PATH, GOOD, KEY).dropped
    assert bench.send("POST", PATH, GOOD, KEY).header("idempotent-replayed") is None
    assert count(bench) == 1


def test_a_twin_in_flight_is_told_so(bench: Bench) -> None:
    """V51: while the first waits the second gets 409 `idempotency_in_progress` with Retry-After, then the replay."""
    bench.engine.faults.add(Fault("*", nth=1, delay=5.0))
    request = Request.build(
        "POST", PATH, {"X-Api-Key": "sk_test_1", "Content-Type": "application/json", **KEY}, orjson.dumps(GOOD)
    )
    first = bench.engine.handle_steps(request)

    assert next(first) == 5.0
    twin = bench.send("POST", PATH, GOOD, KEY)
    assert (twin.status, error(twin)["code"], twin.header("retry-after")) == (409, "idempotency_in_progress", "1")
    assert bench.send("POST", PATH, GOOD, {"Idempotency-Key": "two"}).status == 201
    with pytest.raises(StopIteration) as done:
        next(first)
    assert done.value.value.status == 201
    again = bench.send("POST", PATH, GOOD, KEY)
    assert (again.body, again.header("idempotent-replayed")) == (done.value.value.body, "true")


def test_a_client_that_gives_up_waiting_frees_the_key(bench: Bench) -> None:
    """A request that is abandoned ahead of its rule does not hold its key for ever."""
    bench.engine.faults.add(Fault("*", nth=1, delay=5.0))
    request = Request.build(
        "POST", PATH, {"X-Api-Key": "sk_test_1", "Content-Type": "application/json", **KEY}, orjson.dumps(GOOD)
    )
    first = bench.engine.handle_steps(request)
    next(first)
    first.close()

    assert bench.send("POST", PATH, GOOD, KEY).status == 201


def test_keys_are_forgotten_after_a_day(bench: Bench) -> None:
    """24 hours by the sandbox's clock."""
    bench.control.freeze()
    bench.send("POST", PATH, GOOD, KEY)
    bench.control.advance(24 * 3600 - 1)
    assert bench.send("POST", PATH, GOOD, KEY).header("idempotent-replayed") == "true"
    bench.control.advance(1)
    assert bench.send("POST", PATH, {**GOOD, "amount": 2}, KEY).status == 201
    assert count(bench) == 2


@pytest.mark.parametrize(("key", "status"), [("x" * 255, 201), ("x" * 256, 400), ("", 400)])
def test_keys_have_a_length(bench: Bench, key: str, status: int) -> None:
    """V54: at most 255 characters."""
    response = bench.send("POST", PATH, GOOD, {"Idempotency-Key": key})

    assert response.status == status
    if status == 400:
        assert error(response)["param"] == "Idempotency-Key"


def test_keys_are_ignored_on_reads_and_honoured_on_the_alias(bench_of: Maker) -> None:
    """V52: GET ignores the key; PATCH, in observe mode, is the same as POST."""
    bench = bench_of(strict=False)
    identity = bench.issue()["id"]

    assert bench.send("GET", f"{PATH}/{identity}", headers=KEY).header("idempotent-replayed") is None
    bench.send("POST", f"{PATH}/{identity}", {"expires_at": None}, KEY)
    alias = bench.send("PATCH", f"{PATH}/{identity}", {"expires_at": None}, KEY)
    assert alias.header("idempotent-replayed") == "true"
