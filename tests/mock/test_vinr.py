"""VINR's operations follow the decisions V1 to V62 of the document."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from benches import Bench, Maker, error
from store_credit_mock import Fault
from store_credit_mock.contract import Document
from store_credit_mock.systems.vinr.errors import KINDS

PATH = "/v1/store-credit"
GOOD = {"customer": "cust_8aZ2", "amount": 1000, "currency": "USD"}


def test_create_answers_201_with_the_whole_record(bench: Bench) -> None:
    """V18: created is 201; the record has the seven documented fields and no other."""
    response = bench.send("POST", PATH, {**GOOD, "currency": "usd", "expires_at": bench.seconds() + 60})

    assert response.status == 201
    record = orjson.loads(response.body)
    assert record == {
        "id": record["id"],
        "customer": "cust_8aZ2",
        "amount": 1000,
        "currency": "USD",
        "balance_remaining": 1000,
        "expires_at": bench.seconds() + 60,
        "created": bench.seconds(),
    }
    assert bench.credit(record["id"]) == record


@pytest.mark.parametrize(
    ("change", "status", "code", "param"),
    [
        ({"customer": None}, 400, "parameter_invalid", "customer"),
        ({"customer": "cust_nobody"}, 404, "resource_missing", "customer"),
        ({"amount": 0}, 400, "parameter_invalid", "amount"),
        ({"amount": -1}, 400, "parameter_invalid", "amount"),
        ({"amount": 1.5}, 400, "parameter_invalid", "amount"),
        ({"amount": "1000"}, 400, "parameter_invalid", "amount"),
        ({"amount": True}, 400, "parameter_invalid", "amount"),
        ({"amount": 2**70}, 400, "parameter_invalid", "amount"),
        ({"currency": "US"}, 400, "parameter_invalid", "currency"),
        ({"currency": "U5D"}, 400, "parameter_invalid", "currency"),
        ({"expires_at": 1748736000}, 400, "parameter_invalid", "expires_at"),
        ({"expires_at": 1795305600000}, 400, "parameter_invalid", "expires_at"),
        ({"expires_at": "2026-12-31"}, 400, "parameter_invalid", "expires_at"),
        ({"balance_remaining": 5}, 400, "parameter_unknown", "balance_remaining"),
        ({"metadata": {}}, 400, "parameter_unknown", "metadata"),
        ({"idempotencyKey": "k"}, 400, "parameter_unknown", "idempotencyKey"),
    ],
)
@pytest.mark.parametrize("strict", [True, False])
def test_create_refuses(
    bench_of: Maker, strict: bool, change: dict[str, object], status: int, code: str, param: str
) -> None:
    """V19 to V26, V53, V60: what cannot be issued is refused by name, in both modes, and nothing is written."""
    bench = bench_of(strict=strict)

    response = bench.send("POST", PATH, {**GOOD, **change})

    found = error(response)
    assert (response.status, found["code"], found["param"]) == (status, code, param)
    assert found["request_id"] == response.header("x-vinr-request-id")
    assert found["doc_url"].endswith("error-codes#" + code)
    assert orjson.loads(bench.send("GET", PATH).body)["page"]["total_estimate"] == 0


@pytest.mark.parametrize("name", ["customer", "amount", "currency"])
def test_create_needs_three_fields(bench: Bench, name: str) -> None:
    """V19: customer, amount and currency are required."""
    response = bench.send("POST", PATH, {key: value for key, value in GOOD.items() if key != name})

    assert (response.status, error(response)["code"], error(response)["param"]) == (400, "parameter_missing", name)


def test_a_whole_number_written_with_a_point_is_taken(bench: Bench) -> None:
    """`1000.0` is a whole number in the document's schemas, and is shown as one."""
    response = bench.send("POST", PATH, b'{"customer":"cust_8aZ2","amount":1000.0,"currency":"USD"}')

    assert response.status == 201
    assert b'"amount":1000,' in response.body


def test_forms_and_json_say_the_same(bench: Bench) -> None:
    """V2, V23: a form is taken, its empty expiry is null."""
    made = orjson.loads(bench.send("POST", PATH, form="customer=cust_8aZ2&amount=1000&currency=EUR&expires_at=").body)

    assert (made["amount"], made["currency"], made["expires_at"]) == (1000, "EUR", None)
    changed = bench.send("POST", f"{PATH}/{made['id']}", form=f"expires_at={bench.seconds() + 9}")
    assert orjson.loads(changed.body)["expires_at"] == bench.seconds() + 9
    removed = bench.send("POST", f"{PATH}/{made['id']}", form="expires_at=")
    assert orjson.loads(removed.body)["expires_at"] is None


@pytest.mark.parametrize(
    "form", ["customer=cust_8aZ2&amount=10.5&currency=EUR", "customer=cust_8aZ2&amount=&currency=EUR"]
)
def test_a_form_with_no_whole_amount_is_refused(bench: Bench, form: str) -> None:
    """V20 holds for forms too."""
    response = bench.send("POST", PATH, form=form)

    assert (response.status, error(response)["param"]) == (400, "amount")


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"', b"\xff"])
def test_a_body_that_is_no_object_is_refused(bench: Bench, body: bytes) -> None:
    """A body that cannot be read, or holds no object, is a 400."""
    response = bench.send("POST", PATH, body)

    assert (response.status, error(response)["code"]) == (400, "parameter_invalid")


def test_update_changes_only_the_expiry(bench: Bench) -> None:
    """V25, V27: `expires_at` alone can be changed; an expired credit comes back to life."""
    credit = bench.issue(expires_at=bench.seconds() + 10)
    bench.control.advance(60)

    changed = bench.send("POST", f"{PATH}/{credit['id']}", {"expires_at": bench.seconds() + 100})
    money = bench.send("POST", f"{PATH}/{credit['id']}", {"amount": 1})
    past = bench.send("POST", f"{PATH}/{credit['id']}", {"expires_at": 1})
    empty = bench.send("POST", f"{PATH}/{credit['id']}", {})
    missing = bench.send("POST", f"{PATH}/sc_none", {"expires_at": None})

    assert changed.status == 200
    assert (money.status, error(money)["code"], error(money)["param"]) == (400, "parameter_unknown", "amount")
    assert (past.status, error(past)["param"]) == (400, "expires_at")
    assert empty.body == changed.body
    assert (missing.status, error(missing)["code"]) == (404, "resource_missing")


def test_expiry_does_not_touch_the_balance(bench: Bench) -> None:
    """V28: an expired credit is shown with the balance it had."""
    credit = bench.issue(expires_at=bench.seconds() + 10)
    bench.control.advance(60)

    assert bench.credit(credit["id"])["balance_remaining"] == 1000


def test_the_customer_is_an_id_until_it_is_expanded(bench: Bench) -> None:
    """V14 to V16: expansion works on all four operations; another name is a 400."""
    made = bench.send("POST", f"{PATH}?expand[]=customer", GOOD)
    identity = orjson.loads(made.body)["id"]
    shown = bench.send("GET", f"{PATH}/{identity}?expand%5B%5D=customer")
    changed = bench.send("POST", f"{PATH}/{identity}?expand[]=customer", {"expires_at": None})
    pages = [orjson.loads(bench.send("GET", f"{PATH}?expand[]={name}").body) for name in ("customer", "data.customer")]
    wrong = bench.send("GET", f"{PATH}/{identity}?expand[]=owner")

    for record in (orjson.loads(made.body), orjson.loads(shown.body), orjson.loads(changed.body), pages[0]["data"][0]):
        assert record["customer"]["id"] == "cust_8aZ2"
        assert record["customer"]["email"]
    assert pages[0] == pages[1]
    assert bench.credit(identity)["customer"] == "cust_8aZ2"
    assert (wrong.status, error(wrong)["param"]) == (400, "expand[]")


def test_pages_go_both_ways_and_meet(bench: Bench) -> None:
    """V9 to V13: newest first; cursors walk down and up; has_more and next_cursor speak of the direction asked."""
    made = [bench.issue(amount)["id"] for amount in range(1, 8)]
    newest = made[::-1]

    seen: list[str] = []
    target = f"{PATH}?limit=3"
    page: dict[str, Any] = {}
    for _ in range(3):
        page = orjson.loads(bench.send("GET", target).body)
        seen += [record["id"] for record in page["data"]]
        assert page["page"]["total_estimate"] == 7
        target = f"{PATH}?limit=3&starting_after={page['page']['next_cursor']}"
    assert seen == newest
    assert (page["page"]["has_more"], page["page"]["next_cursor"]) == (False, None)

    back = orjson.loads(bench.send("GET", f"{PATH}?limit=3&ending_before={newest[5]}").body)
    assert [record["id"] for record in back["data"]] == newest[2:5]
    assert (back["page"]["has_more"], back["page"]["next_cursor"]) == (True, newest[2])
    top = orjson.loads(bench.send("GET", f"{PATH}?limit=3&ending_before={newest[2]}").body)
    assert [record["id"] for record in top["data"]] == newest[:2]
    assert (top["page"]["has_more"], top["page"]["next_cursor"]) == (False, None)


def test_lists_are_filtered_by_customer(bench: Bench) -> None:
    """The filter keeps to one customer; an unknown one gives an empty page."""
    bench.control.vinr.add_customer("cust_other")
    mine, other = bench.issue()["id"], bench.issue(customer="cust_other")["id"]

    def ids(target: str) -> list[str]:
        return [record["id"] for record in orjson.loads(bench.send("GET", target).body)["data"]]

    assert ids(f"{PATH}?customer=cust_8aZ2") == [mine]
    assert ids(f"{PATH}?customer=cust_other") == [other]
    assert ids(f"{PATH}?customer=cust_none") == []


@pytest.mark.parametrize(
    ("query", "param"),
    [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=ten", "limit"),
        ("limit=", "limit"),
        ("starting_after=sc_none", "starting_after"),
        ("ending_before=sc_none", "ending_before"),
        ("starting_after=a&ending_before=b", "ending_before"),
        ("expand[]=data", "expand[]"),
    ],
)
@pytest.mark.parametrize("strict", [True, False])
def test_list_refuses(bench_of: Maker, strict: bool, query: str, param: str) -> None:
    """V8 to V10, V15."""
    response = bench_of(strict=strict).send("GET", f"{PATH}?{query}")

    assert (response.status, error(response)["param"]) == (400, param)


def test_every_code_is_the_documents() -> None:
    """What the mock may send is explained there; VINR shows `card_declined` for charges, which a fault can send."""
    code = Document.read().data["components"]["schemas"]["VinrErrorDetail"]["properties"]["code"]

    assert KINDS.keys() - {"card_declined"} == set(code["x-extensible-enum"]) == set(code["x-error-codes"])


def test_a_method_the_document_lacks_is_405(bench_of: Maker) -> None:
    """V3: PATCH is taken in observe mode only, where it does what POST does; other methods are 405 with Allow."""
    strict, observe = bench_of(), bench_of(strict=False)
    one, two = strict.issue()["id"], observe.issue()["id"]

    refused = strict.send("PATCH", f"{PATH}/{one}", {"expires_at": None})
    taken = observe.send("PATCH", f"{PATH}/{two}", {"expires_at": None})
    deleted = observe.send("DELETE", f"{PATH}/{two}")

    assert (refused.status, refused.header("allow")) == (405, "GET, POST")
    assert error(refused)["code"] == "resource_missing"
    assert taken.status == 200
    assert "method" in (taken.header("x-mock-violation") or "")
    assert (deleted.status, deleted.header("allow")) == (405, "GET, POST")


def test_head_is_answered_without_a_body(bench: Bench) -> None:
    """RFC 9110, 9.1: whoever answers GET answers HEAD; no client of the document breaks it by asking."""
    identity = bench.issue()["id"]
    for target, status in ((PATH, 200), (f"{PATH}/{identity}", 200), (f"{PATH}/sc_none", 404), ("/v1/none", 404)):
        assert bench.send("GET", target).status == status
        response = bench.send("HEAD", target)
        assert response.status == status
        assert (response.header("x-mock-violation") is None) == (target != "/v1/none")
        if target != "/v1/none":
            assert response.body == b""
    assert bench.send("HEAD", f"{PATH}?limit=0").status == 400


def test_planned_answers_have_vinrs_shape(bench: Bench) -> None:
    """A fault answers in the shape the document has for its status, and leaves no trace before the commit."""
    for status, kind in ((429, "rate_limit_error"), (500, "api_error"), (502, "api_error"), (503, "api_error")):
        bench.engine.faults.add(Fault("vinr.store_credit.create", nth=1, status=status))
        response = bench.send("POST", PATH, GOOD)
        assert (response.status, error(response)["type"]) == (status, kind)
        assert response.header("x-mock-violation") is None
        bench.engine.faults.clear()
    assert orjson.loads(bench.send("GET", PATH).body)["data"] == []


def test_a_missing_body_is_named(bench: Bench) -> None:
    """What the document requires and the rule would let pass has a `param` too."""
    credit = bench.issue()
    response = bench.send("POST", f"{PATH}/{credit['id']}")

    assert (response.status, error(response)["code"], error(response)["param"]) == (400, "parameter_missing", "body")


def test_an_empty_customer_has_no_credit(bench_of: Maker) -> None:
    """Observed, the empty filter finds nothing, and counts nothing."""
    bench = bench_of(strict=False)
    bench.issue()
    listed = orjson.loads(bench.send("GET", f"{PATH}?customer=").body)

    assert (listed["data"], listed["page"]["total_estimate"]) == ([], 0)


@pytest.mark.parametrize(("levels", "param"), [(100, "a"), (101, "body"), (900, "body")])
@pytest.mark.parametrize("strict", [True, False])
def test_nesting_has_an_end(bench_of: Maker, strict: bool, levels: int, param: str) -> None:
    """A body deeper than 100 levels is not a body; a defect of a validator never shows."""
    response = bench_of(strict=strict).send("POST", PATH, b'{"a":' * levels + b"1" + b"}" * levels)

    assert (response.status, error(response)["param"]) == (400, param)
