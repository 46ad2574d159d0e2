"""Web pages cannot drive a mock that runs on the machine of whoever looks at them; other clients notice nothing."""

from __future__ import annotations

import orjson
import pytest

from store_credit_mock import Contract, Engine, Options, Request, Response
from store_credit_mock.server.gateway import Gateway
from store_credit_mock.server.origin_guard import TOLD, OriginGuard

HOST = "127.0.0.1:4010"
LIST = "/v1/store-credit"
HEALTH = "/_mock/health"
GOOD = b'{"customer": "cust_8aZ2", "amount": 5, "currency": "USD"}'


class Asked:
    """A gateway with short words for what comes to it."""

    def __init__(self, contract: Contract, guard: OriginGuard | None = None) -> None:
        self.engine = Engine(contract, options=Options(control_token="secret"))
        self.gateway = Gateway(self.engine, guard)

    def __call__(self, method: str, path: str, body: bytes = b"", /, **headers: str) -> Response:
        sent = {"x-api-key": "sk_test_1", **({"content-type": "application/json"} if body else {})}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self.gateway.handle(Request.build(method, path, sent, body))


@pytest.fixture
def asked(store_credit_mock_contract: Contract) -> Asked:
    return Asked(store_credit_mock_contract)


def error(response: Response) -> str:
    return orjson.loads(response.body)["error"]


@pytest.mark.parametrize(
    "host",
    [HOST, "localhost", "LOCALHOST:4010", "localhost.:4010", "app.localhost:3", "127.8.9.1", "[::1]:4010", "[::1]",
     "host.docker.internal:4010", "host.testcontainers.internal", "HOST.containers.internal"],
)  # fmt: skip
def test_loopback_is_always_meant(asked: Asked, host: str) -> None:
    """By whatever loopback name a client comes, it is served; so is one without a name at all."""
    assert asked("GET", LIST, host=host).status == 200
    assert asked("GET", HEALTH, host=host).status == 200
    assert asked("POST", LIST, GOOD, host=host, origin=f"http://{host}").status == 201
    assert asked("GET", LIST).status == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:4010",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "notlocalhost",
        "mock",
        "10.0.0.5",
        "0.0.0.0",
        "[::2]",
        "",
        "127.0.0.1:4010@evil.example",
        "127.0.0.1:4010/",
        "localhost:4010:1",
        "127.0.0.1\xa0",
        "2130706433",
        "internal",
        "host.docker.internal.evil.example",
    ],
)
@pytest.mark.parametrize("path", [LIST, HEALTH, "/_mock/ui", "/anything"])
def test_a_name_somebody_else_points_here_is_refused(asked: Asked, host: str, path: str) -> None:
    """DNS rebinding: the page's own name is in `Host`, whatever address it leads to. The response says what to do."""
    refused = asked("GET", path, host=host)

    assert refused.status == 403
    assert "--allow-host" in error(refused)
    assert asked("GET", path, host=host, authorization="Bearer secret").status == 403
    assert len(asked.engine.exchanges) == 0


@pytest.mark.parametrize(
    ("host", "good", "bad"),
    [
        ("192.168.1.7", ["192.168.1.7:80", "127.0.0.1"], ["192.168.1.8", "mock"]),
        ("mock.test", ["mock.test", "MOCK.test:4010"], ["mock", "evil.test"]),
        ("0.0.0.0", ["10.0.0.5:4010", "mock:4010", "[fe80::1]"], ["evil.example", "mock.evil.example", ".", ""]),
        ("::", ["10.0.0.5", "mock"], ["evil.example"]),
    ],
)
def test_what_it_listens_on_is_its_name(
    host: str, good: list[str], bad: list[str], store_credit_mock_contract: Contract
) -> None:
    """On every address each address is right, and each name without a dot, as containers have: no page can have one."""
    asked = Asked(store_credit_mock_contract, OriginGuard(host))

    assert {name: asked("GET", LIST, host=name).status for name in good} == dict.fromkeys(good, 200)
    assert {name: asked("GET", LIST, host=name).status for name in bad} == dict.fromkeys(bad, 403)


def test_further_names_can_be_allowed(store_credit_mock_contract: Contract) -> None:
    """`--allow-host` opens all of the mock to a name, and to no other."""
    asked = Asked(store_credit_mock_contract, OriginGuard(allow_hosts=["Mock.Test"]))

    assert asked("GET", LIST, host="mock.test:4010").status == 200
    assert asked("GET", HEALTH, host="mock.test").status == 200
    assert asked("GET", LIST, host="a.mock.test").status == 403


@pytest.mark.parametrize(
    ("pattern", "good", "bad"),
    [
        ("*.svc", ["mock.default.svc", "MOCK.svc:4010"], ["svc", "mock.svc.evil.example", "mocksvc"]),
        (".svc.cluster.local", ["mock.default.svc.cluster.local.", "a.svc.cluster.local"], ["svc.cluster.local.x"]),
        ("::2", ["[::2]:4010", "[0:0:0:0:0:0:0:2]"], ["[::3]"]),
    ],
)
def test_names_below_one_can_be_allowed(
    pattern: str, good: list[str], bad: list[str], store_credit_mock_contract: Contract
) -> None:
    """As a cluster makes them: every name below, not the name itself, and none that only looks like it."""
    asked = Asked(store_credit_mock_contract, OriginGuard(allow_hosts=[pattern]))

    assert {name: asked("GET", LIST, host=name).status for name in good} == dict.fromkeys(good, 200)
    assert {name: asked("GET", LIST, host=name).status for name in bad} == dict.fromkeys(bad, 403)


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://127.0.0.1:3000", "http://localhost:4010", "http://127.0.0.1"]
)
def test_pages_of_another_origin_change_nothing(asked: Asked, origin: str) -> None:
    """Another port or name of this machine is another origin. What only reads is answered, but no page can read it."""
    for method in ("POST", "PATCH", "DELETE", "PUT"):
        refused = asked(method, LIST, GOOD, host=HOST, origin=origin)
        assert refused.status == 403
        assert "--allow-origin" in error(refused)
    for method, path in (("GET", HEALTH), ("POST", "/_mock/reset"), ("OPTIONS", "/_mock/reset"), ("GET", "/_mock/ui")):
        assert asked(method, path, host=HOST, origin=origin, authorization="Bearer secret").status == 403
    read = asked("GET", LIST, host=HOST, origin=origin)
    assert read.status == 200
    assert read.header("access-control-allow-origin") is None
    assert orjson.loads(read.body)["data"] == []


def test_planned_faults_do_not_open_it(asked: Asked) -> None:
    """Where the response waits it goes another way through the engine, past the same guard."""
    from store_credit_mock import Fault

    asked.engine.faults.add(Fault(delay=0.5))
    foreign = Request.build("POST", LIST, {"host": HOST, "origin": "http://evil.example"}, GOOD)

    with pytest.raises(StopIteration) as stop:
        next(asked.gateway.handle_steps(foreign))
    assert stop.value.value.status == 403
    assert next(asked.gateway.handle_steps(Request.build("GET", LIST, {"host": HOST}))) == 0.5


def test_what_a_browser_says_of_itself_counts_without_an_origin(asked: Asked) -> None:
    """An image or a script of another page has no `Origin`; the control plane is shut to it all the same."""
    for site in ("cross-site", "same-site"):
        assert asked("GET", HEALTH, host=HOST, sec_fetch_site=site, sec_fetch_mode="no-cors").status == 403
    assert asked("GET", HEALTH, host=HOST, sec_fetch_site="same-origin").status == 200
    # A link to the inspector may be followed from anywhere.
    assert asked("GET", "/_mock/ui", host=HOST, sec_fetch_site="cross-site", sec_fetch_mode="navigate").status == 401


def test_an_allowed_origin_may_use_the_systems_and_nothing_else(store_credit_mock_contract: Contract) -> None:
    """`--allow-origin`: preflight and CORS headers for that origin; the control plane stays shut."""
    mine = "http://localhost:3000"
    asked = Asked(store_credit_mock_contract, OriginGuard(allow_origins=[mine]))
    sent = {"host": HOST, "origin": mine}

    preflight = asked(
        "OPTIONS", LIST, **sent, access_control_request_method="POST", access_control_request_headers="x-api-key"
    )
    made = asked("POST", LIST, GOOD, **sent)

    assert (preflight.status, preflight.header("access-control-allow-headers")) == (204, "x-api-key")
    assert {preflight.header("access-control-allow-origin"), made.header("access-control-allow-origin")} == {mine}
    assert made.status == 201
    for response in (preflight, made):
        assert (response.header("access-control-allow-credentials"), response.header("vary")) == ("true", "Origin")
    # Where credentials are sent a `*` names no header.
    assert "x-vinr-request-id" in (made.header("access-control-expose-headers") or "")
    refused = asked("POST", LIST, b"{}", **sent)
    assert (refused.status, refused.header("access-control-allow-origin")) == (400, mine), "its page may read errors"
    assert asked("GET", LIST, host=HOST).header("vary") == "Origin", "no cache gives this to the page"
    assert len(asked.engine.exchanges) == 3
    assert asked("POST", "/_mock/reset", **sent, authorization="Bearer secret").status == 403
    assert asked("POST", LIST, GOOD, host=HOST, origin="http://localhost:3001").status == 403


@pytest.mark.parametrize(
    ("pattern", "good", "bad"),
    [
        (
            "http://localhost:*",
            ["http://localhost:5173", "http://localhost", "HTTP://LOCALHOST:1"],
            ["https://localhost:5173", "http://localhost:5173.evil.example", "http://localhost.evil:1", "null"],
        ),
        (
            "https://*.shop.test",
            ["https://a.b.shop.test"],
            ["https://shop.test", "https://ashop.test", "http://a.shop.test"],
        ),
        ("http://[::1]:*", ["http://[::1]:80"], ["http://[::2]:80"]),
    ],
)
def test_origins_can_be_allowed_by_a_pattern(
    pattern: str, good: list[str], bad: list[str], store_credit_mock_contract: Contract
) -> None:
    """What fits may use the systems, with credentials; what only looks like it may not."""
    asked = Asked(store_credit_mock_contract, OriginGuard(allow_origins=[pattern]))

    for origin in good:
        made = asked("POST", LIST, GOOD, host=HOST, origin=origin)
        assert (made.status, made.header("access-control-allow-origin")) == (201, origin)
        assert made.header("access-control-allow-credentials") == "true"
    assert {name: asked("POST", LIST, GOOD, host=HOST, origin=name).status for name in bad} == dict.fromkeys(bad, 403)


def test_the_origin_null_gets_no_credentials(store_credit_mock_contract: Contract) -> None:
    """Any page can make a frame of that origin."""
    asked = Asked(store_credit_mock_contract, OriginGuard(allow_origins=["null"]))

    made = asked("POST", LIST, GOOD, host=HOST, origin="null")
    assert (made.status, made.header("access-control-allow-credentials")) == (201, None)


def test_a_refused_page_says_what_to_do(store_credit_mock_contract: Contract) -> None:
    """A preflight is a 403 that names the option, in a body the browser shows; one line is said per origin."""
    told: list[str] = []
    asked = Asked(store_credit_mock_contract, OriginGuard(tell=told.append))
    sent = {"host": HOST, "origin": "http://localhost:5173"}
    for _ in range(2):
        preflight = asked("OPTIONS", LIST, **sent, access_control_request_method="POST")
        assert preflight.status == 403
        assert "--allow-origin" in error(preflight)
        assert preflight.header("access-control-allow-origin") == sent["origin"]
        assert preflight.header("access-control-allow-methods") is None
        assert asked("GET", LIST, **sent).status == 200
    assert len(asked.engine.exchanges) == 2, "what was refused is no exchange"
    origin = "http://localhost:5173"
    assert told == [
        f"a page from {origin} cannot use this mock; to allow it, start the mock with --allow-origin {origin}"
    ]
    for number in range(1000):
        asked("POST", LIST, GOOD, host=HOST, origin=f"http://a{number}.evil.example\n")
    assert len(told) == TOLD
    assert not any("\n" in line for line in told)


def test_allowed_names_must_be_names() -> None:
    """A whole address where a name is wanted would silently allow nothing."""
    for name in ("http://mock", "mock:4010", "", "a b", "*", "*.", "a.*", "*svc"):
        with pytest.raises(ValueError, match="is not a valid host"):
            OriginGuard(allow_hosts=[name])
    for origin in ("localhost:3000", "http://localhost:3000/", "*", "http://a@b", "http://*", "*://a", "http://a.*:1"):
        with pytest.raises(ValueError, match="is not a valid origin"):
            OriginGuard(allow_origins=[origin])
