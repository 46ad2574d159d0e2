"""The engine's two modes, its record and its determinism."""

from __future__ import annotations

import json
from typing import Any

import orjson
import pytest

from benches import Bench, Maker, error
from store_credit_mock import Contract, Engine, EngineError, Options, Request
from store_credit_mock.control import Control
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
