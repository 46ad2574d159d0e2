"""The control plane: all of it typed and described, bad input changes nothing, and sandboxes and clocks obey it."""

from __future__ import annotations

import json
import re
from typing import Any

import orjson
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from benches import Bench, Maker
from store_credit_mock import Engine, Fault, Options, Request
from store_credit_mock.control import ControlError
from store_credit_mock.control.dispatcher import OPEN

PATH = "/v1/store-credit"
GOOD = {"customer": "cust_8aZ2", "amount": 1000, "currency": "USD"}
AUTH = {"X-Api-Key": "sk_test_1"}


def test_it_is_a_valid_openapi_document(bench: Bench) -> None:
    """Another library agrees that it is one."""
    errors = list(OpenAPIV31SpecValidator(bench.control.call("GET", "/_mock/openapi.json")).iter_errors())

    assert errors == []


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": ""}], ids=str)
def test_nothing_works_without_the_token(headers: dict[str, str]) -> None:
    """Each route, whatever its method, but the two that tell nothing: otherwise whoever reaches the port has it all."""
    engine = Engine(options=Options(control_token="the-token"))
    plane = engine.control
    statuses: dict[str, int] = {}
    for route in plane.routes:
        path = re.sub(r"\{\w+\}", "1", route.path)
        response = engine.handle(Request.build(route.method, path, {"Host": "127.0.0.1:4010", **headers}, b""))
        statuses[route.id] = response.status
    engine.close()

    assert len(statuses) > 60
    assert {name for name, status in statuses.items() if status != 401} == set(OPEN)


ODD: list[Any] = [None, -1, 0, 1e308, 2**63, 2**70, "", "x" * 1000, [], {}, True, "\0", ["x"]]
# These may well be right; they are tried below.
ADDING = {"mock.reset", "mock.seed", "mock.restore"}


def test_odd_input_is_refused_by_place_and_never_a_defect(bench: Bench) -> None:
    """Whatever is sent to whichever route: a response below 500, a refusal in the plane's own shape."""
    authorized = {"Authorization": f"Bearer {bench.engine.control.token}"}
    before = bench.control.snapshot()
    refused = 0
    for route in bench.engine.control.routes:
        path = re.sub(r"\{\w+\}", "nothing", route.path)
        bodies: list[bytes] = [b"{", b"[]", b"5", b"null", b"\xff", b'{"zzz":1}', b'{"a":' * 300 + b"1" + b"}" * 300]
        if route.body is not None and route.id not in ADDING:
            names = bench.control.document()["components"]["schemas"][route.arguments[route.body].__name__][
                "properties"
            ]
            bodies += [orjson.dumps({name: value}) for name in names for value in ODD if value != 2**70]
            bodies += [b'{"%s":1180591620717411303424}' % name.encode() for name in names]
        for body in bodies:
            answer = bench.engine.handle(Request.build(route.method, path, authorized, body))
            assert answer.status < 500, (route.id, body[:80])
            if answer.status >= 400:
                refused += 1
                assert set(orjson.loads(answer.body)) == {"error"}
                if body == b'{"zzz":1}' and route.id not in ADDING:
                    bench.control.restore(before)
    assert refused > 500


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"version": 2}, "/version"),
        ({"rows": {"vinr_credit": 5}}, "/rows/vinr_credit"),
        ({"rows": {"vinr_credit": [5]}}, "/rows/vinr_credit/0"),
        ({"rows": {"vinr_credit": [[1]]}}, "/rows/vinr_credit/0"),
        ({"rows": {"vinr_credit": [[{}] * 8]}}, "/rows/vinr_credit/0/0"),
        ({"rows": {"nothing": []}}, "/rows/nothing"),
        ({"sandbox": {}}, "/sandbox"),
    ],
)
def test_a_broken_snapshot_is_refused_by_place(bench: Bench, change: dict[str, Any], place: str) -> None:
    """Nothing is restored of what is not a snapshot."""
    bench.issue()
    before = bench.control.snapshot()
    with pytest.raises(ControlError, match=f"^{place}: ") as refused:
        bench.control.restore({**before, **change})

    assert refused.value.status == 400
    assert bench.control.snapshot() == before


def test_a_restored_sandbox_goes_on_as_it_did(bench: Bench) -> None:
    """After a restore the same requests give the same bytes, ids and times included."""
    bench.control.vinr.add_endpoint("https://receiver.test/")
    bench.issue(expires_at=4_000_000_000)
    kept = bench.control.snapshot()

    def play() -> list[Any]:
        bench.control.vinr.buy("cust_8aZ2", 5, "USD")
        answers = [bench.send("GET", "/v1/store-credit?expand[]=customer"), bench.send("PUT", "/v1/store-credit")]
        bench.issue()
        return [(answer.headers, answer.body) for answer in answers] + [bench.control.snapshot()]

    bench.control.restore(kept)
    first = play()
    bench.control.restore(kept)
    assert play() == first


def test_other_methods_are_told_which_there_are(bench: Bench) -> None:
    """405 comes with Allow."""
    authorized = {"Authorization": f"Bearer {bench.engine.control.token}"}
    answer = bench.engine.handle(Request.build("PUT", "/_mock/faults", authorized))

    assert (answer.status, answer.header("allow")) == (405, "GET, POST, DELETE")


@pytest.mark.parametrize("at", [-1, 1e20, "0001-01-01T00:00:00+14:00", "tomorrow", "2026-01-01T00:00:00"])
def test_the_clock_keeps_to_years_of_four_digits(bench: Bench, at: Any) -> None:
    """It cannot be set, nor moved, to where dates cannot be written; it still tells the time afterwards."""
    before = bench.control.clock()
    with pytest.raises(ControlError):
        bench.control.freeze(at)
    bench.control.freeze("9999-12-30T00:00:00Z")
    with pytest.raises(ControlError, match="9999"):
        bench.control.advance(10**9)

    assert bench.control.clock().now > before.now
    assert bench.send("GET", "/v1/store-credit").status == 200


@pytest.mark.parametrize(
    "at",
    ["2342-07-08T09:10:11.501Z", "2342-07-08T09:10:11.999Z", "9999-12-31T23:59:59.999Z", "1970-01-01T00:00:00.001Z"],
)
def test_the_clock_is_exact_to_the_millisecond(bench: Bench, at: str) -> None:
    """`now` and `at` are one time, at any distance from 1970: a float loses digits there."""
    frozen = bench.control.freeze(at)
    assert (frozen.at, bench.control.clock().at) == (at, at)
    assert bench.control.freeze(frozen.now / 1000).now == frozen.now


@pytest.mark.parametrize("seed", [1, None])
def test_the_clock_stands_at_the_end_of_the_last_year(bench_of: Maker, seed: int | None) -> None:
    """It runs on from 9999-12-31T23:59:59Z into no year that cannot be written; both systems work there."""
    bench = bench_of(seed=seed, spree_token="spree-admin")
    bench.control.freeze("9999-12-31T23:59:59Z")
    bench.control.advance(0.999)
    bench.control.resume()
    credit = bench.issue(100)
    for _ in range(3):
        assert bench.send("GET", "/v1/store-credit").status == 200
    body = {"user_id": 2, "amount": "5.00", "currency": "USD", "category_id": 1, "created_by_id": 1}
    headers = {"Authorization": "Bearer spree-admin", "Content-Type": "application/json"}
    text = orjson.dumps({"store_credit": body})
    made = bench.engine.handle(Request.build("POST", "/api/v2/platform/store_credits", headers, text))

    assert made.status == 201
    assert orjson.loads(made.body)["data"]["attributes"]["created_at"] == "9999-12-31T23:59:59.999Z"
    assert credit["created"] == 253_402_300_799
    assert bench.control.clock().at == "9999-12-31T23:59:59.999Z"
    assert bench.engine.http_date() == b"Fri, 31 Dec 9999 23:59:59 GMT"


@pytest.mark.parametrize(
    ("host", "port"), [("127.0.0.1:4110", "4110"), ("localhost", "80"), ("[::1]:5000", "5000"), ("[::1]", "80")]
)
def test_the_cookie_is_described_by_the_port_it_is_at(bench: Bench, host: str, port: str) -> None:
    """The document of a mock at 4110 said that its cookie was that of 4010."""
    response = bench.engine.handle(Request.build("GET", "/_mock/openapi.json", {"Host": host}))
    schemes = orjson.loads(response.body)["components"]["securitySchemes"]
    assert schemes["inspector"]["name"] == f"store_credit_mock_{port}"


def test_health_tells_the_options_but_no_secret(bench_of: Maker) -> None:
    """Those of the systems that are set, as text; a token of the options stands nowhere in it."""
    bench = bench_of(profile="4.10", rate_limit=(5, 10), spree_token="hidden-token")
    shown = bench.control.health()

    defaults = {
        "spree_locales": "en", "spree_response_cache": "off", "spree_v3_profile": "5.6",
        "spree_v3_publishable_key": "pk_shop", "spree_v3_private_webhooks": "off",
    }  # fmt: skip
    assert shown.options == {"profile": "4.10", "rate_limit": "(5.0, 10)", **defaults}
    assert "hidden" not in repr(shown)


def test_the_control_plane_has_its_own_token(bench: Bench) -> None:
    """Without its token nothing is done; health needs none; the systems' keys do not open it."""
    for headers in ({}, AUTH, {"Authorization": "Bearer wrong"}):
        assert bench.engine.handle(Request.build("POST", "/_mock/reset", headers)).status == 401
    assert bench.engine.handle(Request.build("GET", "/_mock/health")).status == 200


def test_the_control_plane_describes_itself(bench: Bench) -> None:
    """Its own OpenAPI document names every route."""
    document = orjson.loads(bench.engine.handle(Request.build("GET", "/_mock/openapi.json")).body)
    described = {(method.upper(), path) for path, item in document["paths"].items() for method in item}

    assert described == {(route.method, route.path) for route in bench.engine.control.routes}
    assert len({route.id for route in bench.engine.control.routes}) == len(bench.engine.control.routes)


def test_the_control_plane_refuses_what_it_does_not_know(bench: Bench) -> None:
    """Unknown routes, methods, fields and parameters are told."""
    for method, path, body, status in (
        ("GET", "/_mock/none", None, 404),
        ("PUT", "/_mock/reset", None, 405),
        ("POST", "/_mock/clock/advance", {"seconds": -1}, 400),
        ("POST", "/_mock/clock/advance", {"minutes": 1}, 400),
        ("POST", "/_mock/faults", {"status": 200}, 400),
        ("POST", "/_mock/faults", {"status": 500, "drop": True}, 400),
        ("DELETE", "/_mock/faults/none", None, 404),
        ("POST", "/_mock/seed", {"nobody": {}}, 400),
        ("POST", "/_mock/seed", {"vinr": {"wallets": []}}, 400),
        ("POST", "/_mock/restore", {"version": 2, "rows": {}, "sandbox": {}}, 400),
    ):
        with pytest.raises(ControlError) as refused:
            bench.control.call(method, path, body)
        assert refused.value.status == status, path


def test_snapshots_bring_everything_back(bench: Bench) -> None:
    """Records, balances, keys, clock and idempotency are what they were; a snapshot survives JSON."""
    headers = {"Idempotency-Key": "k"}
    first = bench.send("POST", PATH, GOOD, headers)
    snapshot = json.loads(json.dumps(bench.control.snapshot()))
    now = bench.control.clock()
    bench.control.vinr.buy("cust_8aZ2", 600, "USD")
    bench.control.advance(5000)
    bench.issue()
    bench.control.restore(snapshot)

    assert bench.control.clock() == now
    assert bench.send("POST", PATH, GOOD, headers).body == first.body
    page = orjson.loads(bench.send("GET", PATH).body)
    assert [record["balance_remaining"] for record in page["data"]] == [1000]
    assert bench.control.invariants().holds


def test_a_refused_look_takes_nothing_back(bench: Bench) -> None:
    """A control call that only reads and is refused leaves clock and numbers as they are."""
    bench.issue()
    moved = bench.control.advance(100)
    with pytest.raises(ControlError):
        bench.control.vinr.purchase("pur_none")

    assert bench.control.clock() == moved
    assert bench.issue()["created"] >= moved.now // 1000


def test_a_reset_sandbox_is_a_fresh_one(bench: Bench) -> None:
    """Records, faults and exchanges are gone, the samples' customer is there, and ids come out as in a new sandbox."""
    first = bench.issue()
    bench.engine.faults.add(Fault("*", drop=True))
    bench.control.reset()

    assert bench.control.faults().data == []
    assert bench.issue() == first


def test_fixtures_fill_a_sandbox(bench_of: Maker) -> None:
    """At the start and later: customers, and credits that are partly spent."""
    fixtures = {
        "vinr": {
            "customers": [{"id": "cust_f", "email": "f@example.com"}],
            "store_credits": [{"id": "sc_f", "customer": "cust_f", "amount": 500, "currency": "eur", "spent": 200}],
        }
    }
    for bench in (bench_of(fixtures=fixtures), bench_of()):
        if not bench.control.vinr.customers()[1:]:
            bench.control.seed(fixtures)
        assert bench.credit("sc_f")["balance_remaining"] == 300
        assert bench.control.invariants().holds


def test_the_clock_moves_only_forward_unless_frozen(bench_of: Maker) -> None:
    """Frozen it stands, advanced it jumps, resumed it runs on from there; seeded, by 1 ms a request."""
    bench = bench_of()
    start = bench.control.clock().now
    bench.send("GET", PATH)
    assert bench.control.clock().now == start + 1
    frozen = bench.control.freeze("2026-05-21T14:00:00Z")
    bench.send("GET", PATH)
    assert bench.control.clock().now == frozen.now == 1_779_372_000_000
    bench.control.advance(1.5)
    assert bench.control.clock().now == frozen.now + 1500
    bench.control.resume()
    bench.send("GET", PATH)
    assert bench.control.clock().now == frozen.now + 1501
    with pytest.raises(ControlError):
        bench.control.freeze("2026-05-21T14:00:00")
