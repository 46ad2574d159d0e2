"""The engine's two modes, its record, its control plane, its faults and its determinism."""

from __future__ import annotations

import json
from typing import Any, Literal

import orjson
import pytest

from benches import Bench, Maker, error
from store_credit_mock import Contract, Engine, EngineError, Fault, Options, Request
from store_credit_mock.control import Control, ControlError
from store_credit_mock.core.engine import BaseEngine
from store_credit_mock.factory import default_systems
from store_credit_mock.storage import SQLiteStorage
from store_credit_mock.systems.call import SystemResponse
from store_credit_mock.systems.vinr import Vinr

PATH = "/v1/store-credit"
GOOD = {"customer": "cust_8aZ2", "amount": 1000, "currency": "USD"}
AUTH = {"X-Api-Key": "sk_test_1"}


def test_strict_refuses_what_the_rule_lets_pass(bench_of: Maker) -> None:
    """What breaks the document and would succeed is rolled back and refused; observe lets it through and says so."""
    strict, observe = bench_of(), bench_of(strict=False)

    refused = strict.send("POST", f"{PATH}?nonsense=1", GOOD, {"Idempotency-Key": "k"})
    taken = observe.send("POST", f"{PATH}?nonsense=1", GOOD)

    assert (refused.status, error(refused)["param"]) == (400, "nonsense")
    assert taken.status == 201
    for response in (refused, taken):
        said = response.header("x-mock-violation") or ""
        assert "/query" in said
        assert "additionalProperties" in said
        assert "openapi.yaml:" in said
    assert orjson.loads(strict.send("GET", PATH).body)["data"] == []
    # The key was rolled back with the rest.
    assert strict.send("POST", PATH, GOOD, {"Idempotency-Key": "k"}).status == 201


@pytest.mark.parametrize("resource", ["store_credits/1", "store_credit_categories/2", "store_credit_types/2"])
def test_a_refused_delete_is_no_defect_of_the_mock(bench: Bench, resource: str) -> None:
    """Strict refuses a delete that breaks the document with a documented 400 (D7), not with a 500 of its own."""
    bench.control.seed({"spree": {"store_credits": [{"user_id": 2, "amount": "1.00"}]}})
    bearer = {"Authorization": f"Bearer {bench.engine.sandbox.setting('spree.token')}", "X-Request-Id": "0" * 256}
    path = f"/api/v2/platform/{resource}"

    assert bench.send("DELETE", path, headers=bearer).status == 400
    assert bench.send("GET", path, headers={**bearer, "X-Request-Id": "x"}).status == 200


def test_strict_gives_the_rules_own_refusal_unchanged(bench_of: Maker) -> None:
    """The rule's own 4xx is the same in both modes, and carries the violation in both."""
    body = {**GOOD, "amount": 0}
    answers = [bench_of(strict=strict).send("POST", PATH, body) for strict in (True, False)]

    assert answers[0].body == answers[1].body
    assert all("minimum" in (answer.header("x-mock-violation") or "") for answer in answers)


def test_a_violation_names_its_rule(bench_of: Maker, store_credit_mock_contract: Contract) -> None:
    """Pointer, keyword, expected, got, and the line of openapi.yaml where the rule stands."""
    bench = bench_of(strict=False)
    bench.send("GET", f"{PATH}?limit=0")

    violation = bench.control.exchanges(violations=True)[-1].violations[0]
    line = store_credit_mock_contract.document.source.read_text("utf-8").splitlines()[(violation.line or 0) - 1]

    assert (violation.pointer, violation.keyword) == ("/query/limit", "minimum")
    assert (violation.expected, violation.got) == ("1", "0")
    assert line.strip() == "minimum: 1"


class BrokenVinr(Vinr):
    """Answers one operation with a body the document does not have."""

    def __init__(self, answer: SystemResponse) -> None:
        def rule(call: Any) -> SystemResponse:
            return SystemResponse(answer.status, answer.body, answer.media_type)

        self.operations = {**Vinr.operations, "vinr.store_credit.retrieve": rule}


@pytest.mark.parametrize(
    ("answer", "keyword"),
    [
        (SystemResponse(200, {"id": "sc_1"}), "required"),
        (SystemResponse(202, {"id": "sc_1"}), "status"),
        (SystemResponse(200, b"<html>", "text/html"), "content-type"),
        (
            SystemResponse(200, {"id": "sc_1", "customer": "c", "amount": 1, "currency": "USD", "balance_remaining": 1,
                         "expires_at": None, "created": 1, "status": "new"}),
            "additionalProperties",
        ),
    ],
)  # fmt: skip
def test_own_answers_are_checked(store_credit_mock_contract: Contract, answer: SystemResponse, keyword: str) -> None:
    """A response of the mock's own that breaks the document is a 500 in strict mode, and only reported in observe."""
    for strict, status in ((True, 500), (False, answer.status)):
        options = Options(seed=1, strict=strict)
        engine = Engine(store_credit_mock_contract, options=options, systems=[BrokenVinr(answer)])
        response = engine.handle(Request.build("GET", f"{PATH}/sc_1", AUTH))
        assert response.status == status
        assert {violation.keyword for violation in engine.exchanges[-1].violations} == {keyword}
        assert engine.exchanges[-1].violations[0].side == "response"


def test_a_defect_of_a_rule_is_a_500_and_leaves_nothing(store_credit_mock_contract: Contract) -> None:
    """An exception inside a rule is rolled back and answered in the system's shape."""

    def broken(call: Any) -> SystemResponse:
        call.db.run("UPDATE vinr_customer SET email = 'lost' WHERE sandbox = ?", (call.sandbox.name,))
        raise RuntimeError("a defect")

    system = BrokenVinr(SystemResponse(200))
    system.operations = {**Vinr.operations, "vinr.store_credit.create": broken}
    engine = Engine(store_credit_mock_contract, options=Options(seed=1), systems=[system])
    sent = {**AUTH, "Content-Type": "application/json"}
    response = engine.handle(Request.build("POST", PATH, sent, json.dumps(GOOD)))

    assert (response.status, error(response)["type"]) == (500, "api_error")
    assert Control.inside(engine.control).vinr.customers()[0].email != "lost"


def test_every_operation_of_the_bundled_document_has_a_handler(store_credit_mock_contract: Contract) -> None:
    """Adding an operation to it without one is noticed here: for users it would be served from its examples."""
    handled = {name for system in default_systems() for name in system.operations}

    assert set(store_credit_mock_contract.operations) - handled == set()
    assert Engine(store_credit_mock_contract).examples is None


def test_an_operation_without_a_handler_stops_what_serves_no_examples(store_credit_mock_contract: Contract) -> None:
    """An engine that was told neither of examples nor to be partial does not start."""
    system = Vinr()
    system.operations = {}
    with pytest.raises(EngineError, match=r"vinr\.store_credit\.create"):
        BaseEngine(store_credit_mock_contract, SQLiteStorage(), Options(), [system], left_out=["spree"])


def test_what_no_system_has_is_404(bench: Bench) -> None:
    """A path of neither system is answered plainly."""
    response = bench.engine.handle(Request.build("GET", "/favicon.ico"))

    assert response.status == 404
    assert bench.send("GET", "/v1/unknown").status == 404


def test_the_last_thousand_exchanges_are_kept_without_secrets(bench: Bench) -> None:
    """The record has an end, numbers its exchanges, and masks credentials."""
    for _ in range(1005):
        bench.engine.handle(Request.build("GET", f"{PATH}?limit=1", {"X-Api-Key": "sk_test_secret"}))

    kept = bench.control.exchanges(limit=1000)
    assert (len(kept), kept[0].number, kept[-1].number) == (1000, 6, 1005)
    assert "sk_test_secret" not in str(kept)
    assert "sk_test_secret" not in str(bench.engine.exchanges[-1])
    bench.control.clear_exchanges()
    assert bench.control.exchanges().data == []


# The control plane


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


# The clock


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


# Faults


def test_the_nth_request_is_struck_and_no_other(bench: Bench) -> None:
    """`nth` counts the operation's requests; `times` lets it strike again."""
    bench.control.add_fault(Fault("vinr.*.list", nth=3, times=2, status=503))
    statuses = [bench.send("GET", PATH).status for _ in range(6)]
    bench.send("GET", f"{PATH}/sc_none")

    assert statuses == [200, 200, 503, 503, 200, 200]
    assert [(fault.seen, fault.struck) for fault in bench.control.faults()] == [(6, 2)]


def test_the_others_strike_when_one_is_removed(bench: Bench) -> None:
    """Removing a fault leaves those that were planned before and after it."""
    planned = [bench.control.add_fault(Fault("vinr.*.list", status=status, nth=1)) for status in (500, 502, 503)]
    bench.control.remove_fault(planned[1].id)
    statuses = [bench.send("GET", PATH).status for _ in range(3)]

    assert statuses == [500, 503, 200]
    bench.control.remove_fault(planned[0].id)
    bench.control.add_fault(Fault("vinr.*.list", status=504))
    assert bench.send("GET", PATH).status == 504
    with pytest.raises(ControlError, match=planned[1].id):
        bench.control.remove_fault(planned[1].id)


def test_chance_follows_the_seed(bench_of: Maker) -> None:
    """A probability strikes the same requests again under a seed, others under another, about as often as said."""

    def struck(seed: int) -> list[int]:
        bench = bench_of(seed=seed)
        bench.engine.faults.add(Fault("*", probability=0.3, status=500))
        return [number for number in range(300) if bench.send("GET", PATH).status == 500]

    assert struck(1) == struck(1) != struck(2)
    assert 50 < len(struck(1)) < 130


def test_cut_answers_say_where_they_end(bench: Bench) -> None:
    """Dropped answers send nothing, truncated ones part of the body, always less than all of it."""
    for fault, dropped, end in (
        (Fault(drop=True), True, lambda _: None),
        (Fault(truncate=7), False, lambda _: 7),
        (Fault(truncate=10**6), False, lambda length: length - 1),
    ):
        bench.engine.faults.clear()
        bench.engine.faults.add(fault)
        response = bench.send("GET", PATH)
        assert (response.dropped, response.truncate_at) == (dropped, end(len(response.body)))


def test_a_broken_answer_is_no_json_or_breaks_the_document(bench: Bench) -> None:
    """`malformed` cannot be parsed; `breaks_document` can, and is not what the document says."""
    bench.engine.faults.add(Fault(nth=1, malformed=True))
    with pytest.raises(orjson.JSONDecodeError):
        orjson.loads(bench.send("GET", PATH).body)
    bench.engine.faults.clear()
    bench.engine.faults.add(Fault(nth=1, breaks_document=True))
    assert "data" not in orjson.loads(bench.send("GET", PATH).body)


def test_401_comes_before_faults_and_violations(bench: Bench) -> None:
    """Who may not call is told so, whatever is planned."""
    bench.engine.faults.add(Fault("*", status=500))

    assert bench.send("POST", f"{PATH}?x=1", b"{", {"X-Api-Key": "bad"}).status == 401


@pytest.mark.parametrize(
    "wrong",
    [{}, {"status": 200}, {"status": 500, "drop": True}, {"drop": True, "probability": 2}, {"drop": True, "nth": 0},
     {"drop": True, "nth": 1, "probability": 0.5}, {"delay": -1}],
)  # fmt: skip
def test_faults_that_make_no_sense_are_refused(wrong: dict[str, Any]) -> None:
    """A fault says what it does, and does one thing."""
    with pytest.raises(ValueError, match=r"."):
        Fault(**wrong)


def test_a_fault_that_could_never_strike_is_refused(bench: Bench) -> None:
    """A slip in a name is told when the fault is planned, and not by a test that passes for the wrong reason."""
    with pytest.raises(ValueError, match=r"vinr\.store_credit\.creat' matches no operation of the OpenAPI document; did you mean vinr\.store_credit\.create\?"):
        bench.engine.faults.add(Fault("vinr.store_credit.creat", drop=True))
    with pytest.raises(ControlError, match=r"'nothing\.like\.it' matches no operation of the OpenAPI document"):
        bench.control.add_fault(Fault("nothing.like.it", drop=True))

    assert bench.control.faults().data == []


# Determinism


def test_a_seed_makes_everything_come_out_the_same(bench_of: Maker) -> None:
    """Ids, times and bytes are the same again; another seed gives other ids; without a seed nothing repeats."""

    def play(seed: int | None) -> tuple[list[bytes], list[str]]:
        bench = bench_of(seed=seed)
        bench.control.vinr.add_endpoint("https://receiver.test/")
        answers = [bench.send("POST", PATH, GOOD), bench.send("GET", PATH), bench.send("GET", f"{PATH}/none")]
        events = [event.id for event in bench.control.vinr.events()]
        return [answer.body for answer in answers], events + [
            str(answer.header("x-vinr-request-id")) for answer in answers
        ]

    assert play(7) == play(7)
    assert play(7) != play(8)
    assert not set(play(None)[1]) & set(play(None)[1])


# What strict mode takes back, what the record keeps


def test_what_strict_refuses_leaves_nothing(bench: Bench) -> None:
    """No row: no record, no entry, no event, no delivery, no idempotency key; and no number is used up."""
    bench.control.vinr.add_endpoint("https://receiver.test/")
    before = bench.control.snapshot()
    refused = bench.send("POST", f"{PATH}?unknown=1", GOOD, {"Idempotency-Key": "k"})
    after = bench.control.snapshot()

    assert refused.status == 400
    assert after["rows"] == before["rows"]
    assert after["sandbox"]["counter"] == before["sandbox"]["counter"]
    assert bench.send("POST", PATH, GOOD, {"Idempotency-Key": "k"}).header("idempotent-replayed") is None


def test_secrets_in_bodies_and_queries_are_masked(bench: Bench) -> None:
    """However a name is written, in JSON, forms and queries, on both sides."""
    cart = bench.control.spree.create_cart(user_id=2)
    headers = {"X-Spree-Order-Token": cart.token, "Proxy-Authorization": "Basic hidden-0"}
    bench.send("POST", "/api/v2/storefront/checkout/add_store_credit", None, headers)
    bench.send("POST", "/spree_oauth/token?Client%5FSecret=hidden-1", {"password": 'hidden-2\\"hidden-3'})
    bench.send("POST", "/spree_oauth/token", form="client_secret=hidden-4&grant_type=x")
    bench.send("GET", f"{PATH}?api_key=hidden-5")
    bench.send("POST", f"/api/v2/storefront/checkout/add_store_credit?order_token={'hidden-6' * 40}")
    assert "hidden" not in str(bench.engine.exchanges[-1].response.header("x-mock-violation"))
    shown = json.dumps(bench.control.call("GET", "/_mock/exchanges")) + "".join(
        str(exchange) for exchange in bench.engine.exchanges
    )

    assert "hidden" not in shown
    assert cart.token not in shown
    assert "grant_type=x" in shown


def test_the_record_keeps_little_of_a_long_body(bench: Bench) -> None:
    """A thousand long requests do not fill the memory; the length is still told."""
    bench.send("POST", PATH, b"x" * 1_000_000)
    exchange = bench.engine.exchanges[-1]

    assert len(exchange.request.body) == 65_536
    assert exchange.as_dict()["request"]["body"].endswith("... (1000000 bytes)")


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("status", [402, 429, 451, 599])
def test_a_planned_status_is_given_as_planned(bench: Bench, status: int, when: Literal["before", "after"]) -> None:
    """Also one that the document lacks, in strict mode and on both systems; a fault is not a defect of the mock."""
    bench.engine.faults.add(Fault("*", status=status, when=when))
    token = bench.control.spree.issue_token(scopes="admin").token
    answers = [
        bench.send("GET", PATH),
        bench.send("GET", "/api/v2/platform/store_credits", None, {"Authorization": f"Bearer {token}"}),
    ]

    assert [answer.status for answer in answers] == [status, status]
