"""Faults by what a request has, with a response of one's own, and those that a request asks for itself."""

from __future__ import annotations

import socket
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit

import orjson
import pytest

from benches import Bench, error
from http_library import httpx
from served_mock import served
from spreebench import CREDITS
from store_credit_mock import Contract, Fault, Options, Request, Response
from store_credit_mock.core.request_matching import RequestMatch
from store_credit_mock.mock import SPREE_TOKEN, VINR_KEY, VINR_URL, Mock
from store_credit_mock.systems.control_route import ControlError

PATH = "/v1/store-credit"
GOOD = {"customer": "cust_8aZ2", "amount": 1000, "currency": "USD"}
CREATE = "vinr.store_credit.create"


def of_spree(
    bench: Bench, method: str, target: str, body: Any = None, headers: dict[str, str] | None = None
) -> Response:
    """Send one request of an admin of Spree."""
    token = bench.control.spree.issue_token(scopes="admin").token
    sent = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", **(headers or {})}
    return bench.engine.handle(Request.build(method, target, sent, b"" if body is None else orjson.dumps(body)))


@pytest.mark.parametrize(
    ("match", "struck"),
    [
        ({"headers": {"idempotency-key": "a*"}}, [True, False, False, False]),
        ({"body": {"/amount": 7}}, [False, True, True, False]),
        ({"body": {"/amount": "7"}}, [False, False, True, False]),
        ({"customer": "cust_8*"}, [True, True, True, True]),
        ({"customer": "cust_9*"}, [False, False, False, False]),
        ({"query": {"customer": "cust_8aZ2"}}, [False, False, False, True]),
        ({"headers": {"Idempotency-Key": "a1"}, "body": {"/amount": 7}}, [False, False, False, False]),
    ],
)
def test_only_requests_that_match_are_struck(bench: Bench, match: dict[str, Any], struck: list[bool]) -> None:
    """By header, query, customer and body, JSON or a form, all of them together; the others are not even counted."""
    bench.control.call("POST", "/_mock/faults", {"operation": "vinr.*", "match": match, "status": 503})
    statuses = [
        bench.send("POST", PATH, GOOD, {"Idempotency-Key": "a1"}).status,
        bench.send("POST", PATH, {**GOOD, "amount": 7}).status,
        bench.send("POST", PATH, form="customer=cust_8aZ2&amount=7&currency=USD").status,
        bench.send("GET", f"{PATH}?customer=cust_8aZ2").status,
    ]
    assert [status == 503 for status in statuses] == struck
    assert [fault.seen for fault in bench.control.faults()] == [sum(struck)]


def test_nth_counts_what_matches(bench: Bench) -> None:
    """The second request of a customer's, whatever others do in between; Spree's users have numbers."""
    bench.engine.faults.add(Fault("*", nth=2, status=500, match=RequestMatch(customer="2")))
    body = {"store_credit": {"user_id": 2, "amount": "1.00", "currency": "USD", "category_id": 1, "created_by_id": 1}}
    statuses = [
        of_spree(bench, "POST", CREDITS, body).status,
        of_spree(bench, "GET", f"{CREDITS}?filter[user_id_eq]=1").status,
        of_spree(bench, "GET", f"{CREDITS}?filter[user_id_eq]=2").status,
        of_spree(bench, "GET", f"{CREDITS}?filter[user_id_eq]=2").status,
    ]
    assert [status == 500 for status in statuses] == [False, False, True, False]


def test_a_customer_may_stand_in_the_path(bench: Bench) -> None:
    """As in Spree's API v3, whatever the rest of the path is."""
    bench.engine.faults.add(Fault("*", nth=2, status=500, match=RequestMatch(customer="cus_UkLWZg9DAJ")))
    key = {"X-Spree-Api-Key": "sk_full"}
    paths = ["cus_UkLWZg9DAJ", "cus_gbHJdmfrXB/store_credits", "cus_UkLWZg9DAJ/store_credits", "cus_UkLWZg9DAJ"]
    statuses = [bench.send("GET", f"/api/v3/admin/customers/{path}", headers=key).status for path in paths]

    assert [status == 500 for status in statuses] == [False, False, True, False]


@pytest.mark.parametrize(
    ("fault", "status", "code", "kind"),
    [
        ({"status": 402}, 402, "card_declined", "payment_error"),
        ({"status": 409}, 409, "idempotency_conflict", "billing_error"),
        ({"status": 418}, 418, "parameter_invalid", "validation_error"),
        ({"code": "rate_limited"}, 429, "rate_limited", "rate_limit_error"),
        ({"code": "idempotency_in_progress", "status": 400}, 400, "idempotency_in_progress", "billing_error"),
    ],
)
def test_an_error_has_a_code_that_fits(bench: Bench, fault: dict[str, Any], status: int, code: str, kind: str) -> None:
    """By its status, or the one that was asked for, with the status that it usually has; and a message of one's own."""
    bench.engine.faults.add(Fault("vinr.*", message="no money today", **fault))
    response = bench.send("POST", PATH, GOOD)
    detail = error(response)
    assert (response.status, detail["code"], detail["type"], detail["message"]) == (
        status, code, kind, "no money today",
    )  # fmt: skip
    assert bench.control.vinr.credits() == []


@pytest.mark.parametrize(
    ("fault", "status", "headers", "body"),
    [
        ({"status": 429, "headers": {"Retry-After": "30"}}, 429, {"retry-after": "30"}, None),
        ({"status": 307, "headers": {"location": "/v1/x"}}, 307, {"location": "/v1/x"}, b""),
        ({"status": 502, "body": "<h1>Bad Gateway</h1>"}, 502, {"content-type": "text/html; charset=utf-8"},
         b"<h1>Bad Gateway</h1>"),
        ({"status": 500, "body": {"a": [1]}}, 500, {"content-type": "application/json"}, b'{"a":[1]}'),
        ({"status": 500, "body": "a,b", "headers": {"content-type": "text/csv"}}, 500, {"content-type": "text/csv"},
         b"a,b"),
        ({"headers": {"x-ratelimit-remaining": "0"}}, 201, {"x-ratelimit-remaining": "0"}, None),
        ({"status": 401, "headers": {"www-authenticate": "X"}}, 401, {"www-authenticate": "X"}, None),
    ],
)  # fmt: skip
def test_a_response_of_ones_own(
    bench: Bench, fault: dict[str, Any], status: int, headers: dict[str, str], body: bytes | None
) -> None:
    """Status, headers in the place of the mock's own, body; each header once."""
    planned = bench.control.call("POST", "/_mock/faults", {"operation": CREATE, **fault})
    assert {name: planned[name] for name in fault} == fault
    response = bench.send("POST", PATH, GOOD)
    assert response.status == status
    for name, value in headers.items():
        assert [sent for key, sent in response.headers if key == name.encode()] == [value.encode()]
    assert body is None or response.body == body


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"status": 302}, "a redirect (302) needs a target: set the location header"),
        ({"status": 200}, "200 is less than the minimum of 300"),
        ({"statsu": 500}, "did you mean status?"),
        ({"code": "rate_limit"}, "vinr has no error 'rate_limit'; did you mean rate_limited?"),
        ({"code": "rate_limited", "operation": "spree.*"}, "its errors have no code; set status or body"),
        ({"code": "rate_limited", "operation": "*"}, "spree has no error 'rate_limited'"),
        ({"status": 500, "match": {}}, "match: set headers, query, customer or body"),
        (
            {"status": 500, "match": {"header": {}}},
            "/match: Additional properties are not allowed ('header' was unexpected); did you mean",
        ),
        ({"status": 500, "match": {"body": {"amount": 1}}}, "did you mean '/amount'?"),
        ({"status": 500, "headers": {"Content-Length": "1"}}, "Content-Length is set by the server"),
        ({"status": 500, "headers": {"a": "b\r\nc: d"}}, "the name or the value of 'a' is not valid"),
        ({"status": 500, "body": 1, "message": "x"}, "body replaces the whole error"),
        ({"drop": True, "body": 1}, "require either a status or a code"),
        ({"reset": True, "headers": {"a": "b"}}, "commit_after, which send no response"),
        ({"reset": True, "drop": True}, "at most one of"),
        ({"named": True, "status": 500}, "needs an id"),
    ],
)
def test_what_makes_no_sense_is_refused_when_it_is_set(bench: Bench, wrong: dict[str, Any], words: str) -> None:
    """In words that say what to do, and nothing is planned."""
    with pytest.raises(ControlError) as refused:
        bench.control.call("POST", "/_mock/faults", {"operation": CREATE, **wrong})
    assert refused.value.status == 400
    assert words in str(refused.value)
    assert bench.control.faults().data == []


def test_no_two_have_one_id(bench: Bench) -> None:
    """Or nobody would know which one is named or removed; a made up id is none that is there."""
    bench.engine.faults.add(Fault(status=500, id="fault_1"))
    assert bench.engine.faults.add(Fault(status=500)).id == "fault_2"
    with pytest.raises(ValueError, match="fault fault_1 already exists"):
        bench.engine.faults.add(Fault(status=500, id="fault_1"))


def test_a_slip_in_the_fixture_is_told(store_credit_mock_contract: Contract) -> None:
    """A match may be a mapping; in the process nothing validates it but the class itself."""
    with Mock(store_credit_mock_contract, options=Options(seed=1)) as mock:
        mock.fault("vinr.*", status=500, match={"customer": "cust_8aZ2"})
        with pytest.raises(ValueError, match="match: 'costumer' is not a valid member; did you mean customer"):
            mock.fault("vinr.*", status=500, match={"costumer": "cust_8aZ2"})


def test_a_reset_is_one_on_the_wire_and_in_the_process(store_credit_mock_contract: Contract) -> None:
    """TCP's RST in the place of an orderly end, before and after the commit; httpx says the same in the process."""
    with served() as mock:
        mock.control.add_fault(Fault(CREATE, reset=True, when="after"))
        address = urlsplit(mock.url)
        with closing(socket.create_connection((address.hostname, address.port), timeout=30)) as connection:
            body = orjson.dumps(GOOD)
            connection.sendall(
                b"POST /v1/store-credit HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Api-Key: sk_test_1\r\n"
                b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
            )
            with pytest.raises(ConnectionResetError):
                connection.recv(1)
        assert len(mock.control.vinr.credits()) == 1

    with Mock(store_credit_mock_contract, options=Options(seed=1)) as inside:
        inside.fault(CREATE, reset=True)
        with pytest.raises(httpx.ReadError, match="reset by peer"):
            inside.http_client().post(f"{VINR_URL}{PATH}", json=GOOD, headers={"X-Api-Key": VINR_KEY})
        assert inside.control.vinr.credits() == []


# What a request asks for


@pytest.mark.parametrize(
    ("headers", "status", "more"),
    [
        ({"Prefer": "code=429"}, 429, {"retry-after": "1"}),
        ({"Prefer": 'respond-async, code="503"'}, 503, {}),
        ({"Prefer": "code=201"}, 201, {}),
        ({"Prefer": "return=minimal"}, 201, {}),
        ({"X-Mock-Fault": "status=429; headers.retry-after=30"}, 429, {"retry-after": "30"}),
        ({"X-Mock-Fault": '{"code":"card_declined","headers":{"x-a":"b"}}'}, 402, {"x-a": "b"}),
        ({"X-Mock-Fault": "code=rate_limited;message=wait"}, 429, {}),
        ({"X-Mock-Fault": "status=500;", "Prefer": "code=429"}, 500, {}),
    ],
)
def test_a_request_asks_for_a_fault(bench: Bench, headers: dict[str, str], status: int, more: dict[str, str]) -> None:
    """`X-Mock-Fault` wins over `Prefer`, and both over what is planned, which does not see the request."""
    bench.engine.faults.add(Fault("vinr.*", nth=2, status=599))
    response = bench.send("POST", PATH, GOOD, headers)
    assert response.status == status
    assert all(response.header(name) == value for name, value in more.items())
    plain = status == 201
    assert len(bench.control.vinr.credits()) == plain
    assert [fault.seen for fault in bench.control.faults()] == [int(plain)]


def test_a_request_names_a_planned_fault(bench: Bench) -> None:
    """One that is `named` strikes nobody else, keeps its limit, and says so where it does not strike."""
    bench.engine.faults.add(Fault(CREATE, status=503, id="down", named=True, times=1))
    named = {"X-Mock-Fault": "down"}
    statuses = [bench.send("POST", PATH, GOOD, headers).status for headers in (None, named)]
    again, elsewhere = bench.send("POST", PATH, GOOD, named), bench.send("GET", PATH, None, named)
    assert statuses == [201, 503]
    assert [again.status, elsewhere.status] == [400, 400]
    assert "the fault down does not apply to this request" in error(again)["message"]
    assert [(fault.seen, fault.struck) for fault in bench.control.faults()] == [(2, 1)]


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        ({"Prefer": "code=99"}, "Prefer: code=99 is not valid; use a status from 400 to 599"),
        ({"Prefer": "code=many"}, "Prefer: code=many is not valid; use a status from 400 to 599"),
        ({"Prefer": "code=302"}, "or the X-Mock-Fault header"),
        ({"X-Mock-Fault": ""}, "X-Mock-Fault: the value is empty"),
        ({"X-Mock-Fault": "dwon"}, "did you mean down?"),
        ({"X-Mock-Fault": "statsu=500"}, "did you mean status?"),
        ({"X-Mock-Fault": "status=many"}, "status: "),
        ({"X-Mock-Fault": "status=500;status=501"}, "status was given more than once"),
        ({"X-Mock-Fault": "headers=1;headers.a=b"}, "headers was given more than once"),
        ({"X-Mock-Fault": "delay=1e400"}, "delay"),
        ({"X-Mock-Fault": "status=500;nth=2"}, "nth is only for scheduled faults"),
        ({"X-Mock-Fault": "{"}, "not valid JSON"),
        ({"X-Mock-Fault": "status=302"}, "a redirect (302) needs a target"),
        ({"X-Mock-Fault": "code=nothing_like_it"}, "vinr has no error 'nothing_like_it'"),
        ({"X-Mock-Fault": "when=after"}, "a fault must do something"),
        ({"X-Mock-Fault": "\xe4=1"}, "is neither a scheduled fault"),
    ],
)
def test_what_cannot_be_understood_is_told(bench: Bench, headers: dict[str, str], words: str) -> None:
    """As a 400 in the system's own shape; nothing is done."""
    bench.engine.faults.add(Fault(CREATE, status=503, id="down", named=True))
    response = bench.send("POST", PATH, GOOD, headers)
    assert response.status == 400
    assert words in error(response)["message"]
    assert bench.control.vinr.credits() == []


def test_it_is_asked_of_either_system_and_of_paths_that_lead_nowhere(bench: Bench) -> None:
    """In the system's shape; who may not call is told so first; the control plane is not struck."""
    assert of_spree(bench, "GET", CREDITS, None, {"Prefer": "code=503"}).status == 503
    assert orjson.loads(of_spree(bench, "GET", CREDITS, None, {"Prefer": "code=422"}).body)["errors"] == {}
    assert bench.send("GET", "/v1/none", None, {"Prefer": "code=418"}).status == 418
    assert bench.send("GET", PATH, None, {"Prefer": "code=503", "X-Api-Key": "bad"}).status == 401
    token = {"Authorization": f"Bearer {bench.engine.control.token}", "X-Mock-Fault": "status=500"}
    assert bench.engine.handle(Request.build("GET", "/_mock/clock", token)).status == 200


def test_a_served_mock_waits_for_others_meanwhile() -> None:
    """A delay that one request asked for holds up no other; the connection is cut as with a planned fault."""
    with served() as mock, httpx.Client(base_url=mock.url, headers={"X-Api-Key": "sk_test_1"}) as client:
        assert client.get(PATH, headers={"X-Mock-Fault": "delay=0.001"}).status_code == 200
        with pytest.raises(httpx.RemoteProtocolError):
            client.post(PATH, json=GOOD, headers={"X-Mock-Fault": "drop;when=after"})
        assert len(client.get(PATH).json()["data"]) == 1
        spree = {"Authorization": f"Bearer {SPREE_TOKEN}"}
        assert client.get(CREDITS, headers={**spree, "Prefer": "code=500"}).status_code == 401
        assert mock.control.faults().data == []
