"""Many sandboxes on one server: named by header or by key, made on first use, isolated in everything."""

from __future__ import annotations

import queue
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from served_mock import SPREE_TOKEN, served, start
from store_credit_mock import (
    Contract,
    Engine,
    Fault,
    Mock,
    Options,
    Request,
    Response,
    Server,
    http_libraries,
    open_storage,
)
from store_credit_mock.control import Control
from store_credit_mock.core.sandboxes import Sandboxes
from store_credit_mock.systems.control_route import ControlError

CREDIT = b'{"customer":"cust_8aZ2","amount":500,"currency":"USD"}'
KEY = {"X-Api-Key": "sk_test_any"}


def send(engine: Engine, method: str = "GET", headers: Any = None, **more: Any) -> Response:
    """Send a request of VINR: list the credits, or create one."""
    sent = {**(headers or KEY), "Content-Type": "application/json", **more}
    return engine.handle(Request.build(method, "/v1/store-credit", sent, CREDIT if method == "POST" else b""))


def ids(engine: Engine, name: str | None = None) -> list[str]:
    response = send(engine, headers=KEY | ({"X-Mock-Sandbox": name} if name else {}))
    assert response.status == 200, response.body
    return [credit["id"] for credit in orjson.loads(response.body)["data"]]


def inside(engine: Engine, name: str) -> Control:
    return Control.inside(engine.control, sandbox=name)


@pytest.fixture(params=["memory", "file", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path, store_credit_mock_contract: Contract) -> Any:
    address = ":memory:" if request.param == "memory" else str(tmp_path / "sandbox.db")
    if request.param == "postgresql":
        address = request.getfixturevalue("database")
    options = Options(seed=1, rate_limit="1:3", spree_token=SPREE_TOKEN)
    made = Engine(store_credit_mock_contract, open_storage(address), options)
    made.raise_errors = True
    yield made
    made.close()


def test_nothing_of_one_is_seen_in_another(engine: Engine) -> None:
    """Data, clock, faults, idempotency, limits, endpoints, exchanges, snapshots, reset."""
    alpha, beta = inside(engine, "alpha"), inside(engine, "beta")
    keyed = {"Idempotency-Key": "once"}
    first = send(engine, "POST", **keyed, **{"X-Mock-Sandbox": "alpha"})
    again = send(engine, "POST", **keyed, **{"X-Mock-Sandbox": "beta"})
    assert (first.status, again.status) == (201, 201)
    assert orjson.loads(first.body)["id"] == orjson.loads(again.body)["id"], "each is seeded on its own"
    assert again.header("idempotency-replayed") is None
    assert ids(engine) == []

    alpha.freeze("2040-01-01T00:00:00Z")
    assert send(engine, **{"X-Mock-Sandbox": "alpha"}).date == b"Sun, 01 Jan 2040 00:00:00 GMT"
    assert beta.clock().now < alpha.clock().now
    alpha.add_fault(Fault("vinr.*", status=503))
    assert send(engine, **{"X-Mock-Sandbox": "alpha"}).status == 503
    for _ in range(3):
        assert send(engine, "POST", **{"X-Mock-Sandbox": "beta"}).status in {201, 429}
    assert send(engine, "POST", **{"X-Mock-Sandbox": "beta"}).status == 429
    assert send(engine, "POST").status == 201
    alpha.vinr.add_endpoint("http://127.0.0.1:9/")
    assert beta.vinr.endpoints() == []
    assert [len(alpha.exchanges().data), len(beta.exchanges().data), len(engine.exchanges)] == [3, 5, 2]
    alpha.save_snapshot("clean")
    assert beta.snapshots() == []
    with pytest.raises(ControlError, match="there is no snapshot"):
        beta.restore_snapshot("clean")

    alpha.reset()
    assert (ids(engine, "alpha"), len(ids(engine)), len(beta.vinr.credits())) == ([], 1, 3)
    alpha.restore_snapshot("clean")
    assert len(alpha.vinr.credits()) == 1
    assert [one.name for one in beta.sandboxes()] == ["default", "alpha", "beta"]
    assert all(inside(engine, one.name).invariants().holds for one in beta.sandboxes())


def test_keys_and_tokens_name_one_too(engine: Engine) -> None:
    """Every kind of credential, up to the next underscore; all others share the default."""
    assert send(engine, "POST", {"X-Api-Key": "sk_test_sandbox_a_1"}).status == 201
    assert send(engine, headers={"Authorization": "Bearer rk_test_sandbox_a_2"}).status == 200
    for key in (
        "sk_test_sandbox",
        "sk_test_sandbox_1",
        "sk_test_sandbox__1",
        "sk_test_sandbox_a_",
        "sk_test_x_sandbox_a_1",
    ):
        assert send(engine, headers={"X-Api-Key": key}).status in {200, 429}
    a, b = inside(engine, "a"), inside(engine, "b")
    assert [one.name for one in a.sandboxes()] == ["default", "a"]
    assert (len(a.vinr.credits()), len(b.vinr.credits())) == (1, 0)

    def spree(path: str, **headers: str) -> Response:
        return engine.handle(Request.build("GET", "/api/v2" + path, headers))

    a.seed({"spree": {"store_credits": [{"user_id": 2, "amount": "5.00"}]}})
    given = {token: spree("/platform/store_credits", authorization=f"Bearer {token}") for token in
             ("sandbox_a_any", "sandbox_b_any", SPREE_TOKEN)}  # fmt: skip
    assert [len(orjson.loads(one.body)["data"]) for one in given.values()] == [1, 0, 0]
    assert spree("/platform/store_credits", authorization="Bearer sandbox_default_any").status == 401
    assert spree("/platform/store_credits", authorization="Bearer wrong", **{"x-mock-sandbox": "a"}).status == 401
    customer = a.spree.issue_token(user_id=2).token
    assert spree("/storefront/account", authorization=f"Bearer {customer}").status == 200
    cart = a.spree.create_cart()
    used = Request.build("POST", "/api/v2/storefront/checkout/remove_store_credit", {"X-Spree-Order-Token": cart.token})
    assert engine.handle(used).status == 200
    assert a.exchanges().data[-1].operation == "spree.checkout.remove_store_credit"


def test_what_names_none_is_refused(store_credit_mock_contract: Contract) -> None:
    """Two names, what is not a name, one too many; nothing is made by it."""
    engine = Engine(store_credit_mock_contract, options=Options(seed=1), max_sandboxes=3)
    long = "n" * 255
    for name in ("A", "a", long):
        assert ids(engine, name) == []
    both = {"X-Api-Key": "sk_test_sandbox_a_1"}
    assert send(engine, headers=both, **{"X-Mock-Sandbox": "a"}).status == 200
    for headers, status, words in (
        ({**both, "X-Mock-Sandbox": "A"}, 400, "the header X-Mock-Sandbox names 'A', but the key names 'a'"),
        ({**KEY, "X-Mock-Sandbox": long + "n"}, 400, "1 to 255 characters from"),
        ({**KEY, "X-Mock-Sandbox": "a snapshot b"}, 400, "X-Mock-Sandbox: 'a snapshot b' is not a valid sandbox name"),
        ({**KEY, "X-Mock-Sandbox": ""}, 400, "is not a valid sandbox name"),
        ({"X-Api-Key": "sk_test_sandbox_f/x_1"}, 400, "the key: 'f/x' is not a valid sandbox name"),
        (
            {**KEY, "X-Mock-Sandbox": "fourth"},
            429,
            "3 sandboxes besides default, and no more are allowed; remove one with DELETE",
        ),
    ):
        response = send(engine, headers=headers)
        assert (response.status, words in orjson.loads(response.body)["error"]) == (status, True), response.body
    control = Control.inside(engine.control)
    with pytest.raises(ControlError, match="no more are allowed"):
        inside(engine, "fourth").clock()
    for path, token in (("/_mock/health", ""), ("/_mock/clock", "wrong")):
        headers = {"X-Mock-Sandbox": "fourth", "Authorization": f"Bearer {token}"}
        assert engine.handle(Request.build("GET", path, headers)).status in {200, 401}
    assert [one.name for one in control.sandboxes()] == ["default", "A", "a", long]
    with pytest.raises(ControlError, match="cannot be removed, because requests that name no sandbox use it"):
        control.remove_sandbox("default")
    with pytest.raises(ControlError, match="there is no sandbox named 'b'"):
        control.remove_sandbox("b")
    control.remove_sandbox("A")
    assert ids(engine, "fourth") == []
    engine.close()


def test_one_is_removed_while_a_request_waits(engine: Engine) -> None:
    """The request is answered 410 and leaves nothing; who names it next begins anew, with none of its snapshots."""
    control = inside(engine, "gone")
    send(engine, "POST", **{"X-Mock-Sandbox": "gone"})
    control.save_snapshot("clean")
    control.add_fault(Fault("vinr.*", delay=60.0))
    headers = {**KEY, "X-Mock-Sandbox": "gone", "Content-Type": "application/json"}
    steps = engine.handle_steps(Request.build("POST", "/v1/store-credit", headers, CREDIT))
    assert next(steps) == 60
    Control.inside(engine.control).remove_sandbox("gone")
    with pytest.raises(StopIteration) as stop:
        next(steps)

    assert stop.value.value.status == 410
    rows = [
        engine.storage.one(f"SELECT COUNT(*) FROM {table.name} WHERE sandbox IN ('gone', 'gone snapshot clean')")
        for table in engine.tables
    ]
    assert {row[0] for row in rows if row is not None} == {0}
    assert (ids(engine, "gone"), control.snapshots()) == ([], [])


@pytest.mark.parametrize("kind", ["file", "postgresql"])
def test_another_process_removes_one(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path, store_credit_mock_contract: Contract
) -> None:
    """What this process still knows of it writes nothing: one 503 says so, and then it begins anew."""
    address = str(tmp_path / "sandbox.db") if kind == "file" else request.getfixturevalue("database")
    one, other = (Engine(store_credit_mock_contract, open_storage(address), Options()) for _ in range(2))
    named = {"X-Mock-Sandbox": "shared"}
    assert send(one, "POST", **named).status == send(other, "POST", **named).status == 201
    assert len(ids(other, "shared")) == 2
    Control.inside(one.control).remove_sandbox("shared")

    refused = send(other, "POST", **named)
    assert (refused.status, b"was removed by another process" in refused.body) == (503, True)
    assert send(other, "POST", **named).status == 201
    assert len(ids(one, "shared")) == len(ids(other, "shared")) == 1
    one.close()
    other.close()


def test_they_outlive_a_kill(tmp_path: Path) -> None:
    """What was acknowledged in any of them is there after kill -9; what is left to deliver is delivered."""
    path = str(tmp_path / "sandbox.db")
    came: queue.Queue[str] = queue.Queue()
    mock = start("--db", path)
    headers = {**KEY, "X-Mock-Sandbox": "job-1"}
    control = Control.connect(mock.url, mock.started["control_token"], sandbox="job-1")
    made = httpx.post(f"{mock.url}/v1/store-credit", json=orjson.loads(CREDIT), headers=headers, trust_env=False)
    control.vinr.hold()
    with Server() as receiver:
        receiver.engine.exchanges.everywhere.append(lambda exchange, _: came.put(exchange.request.path))
        control.vinr.add_endpoint(f"{receiver.url}/hook")
        httpx.post(f"{mock.url}/v1/store-credit", json=orjson.loads(CREDIT), headers=headers, trust_env=False)
        mock.kill()
        storage = open_storage(path)
        storage.run("UPDATE mock_sandbox SET settings = REPLACE(settings, '\"vinr.held\":true', '\"vinr.held\":false')")
        storage.close()
        with served("--db", path, "--max-sandboxes", "5") as again:
            listed = httpx.get(f"{again.url}/v1/store-credit", headers=headers, trust_env=False).json()["data"]
            assert [credit["id"] for credit in listed][-1] == made.json()["id"]
            assert len(listed) == 2
            assert [one.name for one in again.control.sandboxes()] == ["default", "job-1"]
            assert came.get(timeout=15) == "/hook"


def test_a_server_delivers_for_all(store_credit_mock_contract: Contract) -> None:
    """Webhooks of each sandbox come by themselves, delays of one hold up no other, and the clock in Date is its own."""
    came: queue.Queue[str] = queue.Queue()
    with Server(store_credit_mock_contract, seed=1) as server, server.http_client() as client:
        server.engine.exchanges.everywhere.append(lambda exchange, _: came.put(exchange.request.path))
        for name in ("a", "b"):
            control = Control.connect(server.url, server.engine.control.token, client, sandbox=name)
            control.vinr.add_endpoint(f"{server.url}/hook-of-{name}")
        control.freeze("2040-01-01T00:00:00Z")
        control.add_fault(Fault("vinr.*.list", delay=30.0, when="after"))
        for name in ("a", "b"):
            answered = client.post(
                f"{server.url}/v1/store-credit",
                json=orjson.loads(CREDIT),
                headers={"X-Api-Key": f"sk_test_sandbox_{name}_1"},
            )
            assert answered.status_code == 201
        assert answered.headers["date"] == "Sun, 01 Jan 2040 00:00:00 GMT"
        seen = {came.get(timeout=10) for _ in range(4)} - {"/v1/store-credit"}
        assert seen == {"/hook-of-a", "/hook-of-b"}
        with pytest.raises(http_libraries.library().ReadTimeout):
            client.get(f"{server.url}/v1/store-credit", headers={"X-Api-Key": "sk_test_sandbox_b_1"}, timeout=0.2)
        assert client.get(f"{server.url}/v1/store-credit", headers=KEY).json()["data"] == []


def test_a_mock_without_a_socket_has_them_too(store_credit_mock_contract: Contract) -> None:
    """The transport of a `Mock` takes the header; a delay there takes no time, and webhooks of all are delivered."""
    with Mock(store_credit_mock_contract, seed=1) as mock, mock.http_client() as client:
        other = Control.inside(mock.engine.control, sandbox="other")
        other.add_fault(Fault("vinr.*", delay=3600.0))
        other.vinr.add_endpoint("https://receiver.test/")
        seen: list[bytes] = []
        mock.receivers["https://receiver.test/"] = lambda delivery: seen.append(delivery.body) or 200
        headers = {**KEY, "X-Mock-Sandbox": "other"}
        answered = client.post(
            "https://sandbox.api.vinr.com/v1/store-credit", json=orjson.loads(CREDIT), headers=headers, timeout=None
        )
        assert answered.status_code == 201
        assert [attempt.state for attempt in mock.deliver()] == ["delivered"]
        assert (len(seen), list(mock.vinr.store_credit.list())) == (1, [])
        assert isinstance(mock.engine.sandboxes, Sandboxes)


def test_violations_of_every_sandbox_count(store_credit_mock_contract: Contract) -> None:
    """`fail_on_violations` and coverage miss nothing that another sandbox has seen."""
    with Mock(store_credit_mock_contract, strict=False) as mock, mock.http_client() as client:
        url = "https://sandbox.api.vinr.com/v1/store-credit?colour=blue"
        assert client.get(url, headers={"X-Api-Key": "sk_test_sandbox_other_1"}).status_code == 200
        assert mock.take_violations().startswith("1 exchange violated the OpenAPI document:")
        assert mock.take_violations() == ""
