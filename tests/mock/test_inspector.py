"""What the inspector's page asks for: sign-in, files, and the control plane's routes behind its views."""

from __future__ import annotations

import re
import subprocess
import sys

import orjson
import pytest

from benches import Bench
from http_library import httpx
from served_mock import CONTROL_TOKEN, served
from store_credit_mock import Request, Response
from store_credit_mock.control import ControlError
from store_credit_mock.control.models import BriefExchange
from store_credit_mock.control.sessions import KEPT, Sessions
from store_credit_mock.server.gateway import Gateway
from store_credit_mock.systems.vinr.control_models import StoreCredit

HOST = "127.0.0.1:4010"
OWN = f"http://{HOST}"


class Browser:
    """Keeps a cookie, and says of itself what browsers say."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway
        self.cookie = ""

    def __call__(self, method: str, path: str, body: bytes = b"", /, **headers: str) -> Response:
        sent = {"host": HOST} | {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookie:
            sent["cookie"] = f"other=1; {self.cookie}"
        answer = self.gateway.handle(Request.build(method, path, sent, body))
        given = answer.header("set-cookie")
        if given is not None:
            self.cookie = given.partition(";")[0]
        return answer


@pytest.fixture
def browser(bench: Bench) -> Browser:
    return Browser(Gateway(bench.engine))


@pytest.fixture
def signed_in(bench: Bench, browser: Browser) -> Browser:
    assert browser("GET", bench.control.open_inspector().path).status == 200
    return browser


# Sign-in


def test_a_ticket_works_once(bench: Bench, browser: Browser) -> None:
    """It gives the page and a strict cookie; used or wrong it gives a page that says how to get another."""
    path = bench.control.open_inspector().path
    opened = browser("GET", path)

    assert opened.status == 200
    assert opened.header("content-type") == "text/html; charset=utf-8"
    cookie = opened.header("set-cookie") or ""
    assert re.fullmatch(r"store_credit_mock_4010=[\w-]{43}; HttpOnly; SameSite=Strict; Path=/_mock", cookie)
    for again in (path, "/_mock/ui?ticket=wrong", "/_mock/ui?ticket="):
        shut = Browser(browser.gateway)("GET", again)
        assert shut.status == 401
        assert b"already been used" in shut.body
        assert f"{OWN}/_mock/ui/tickets".encode() in shut.body
        assert shut.header("set-cookie") is None
    assert Browser(browser.gateway)("GET", "/_mock/ui").status == 401
    # Who is in already is not thrown out by the link in the history.
    assert browser("GET", path).status == 200


def test_looking_at_a_link_does_not_use_it_up(bench: Bench, browser: Browser) -> None:
    """Mail and chat programs send HEAD to what is pasted into them."""
    path = bench.control.open_inspector().path

    assert browser("HEAD", path).status == 401
    assert browser("GET", path).status == 200


def test_the_cookie_opens_the_control_plane_to_its_own_page_only(signed_in: Browser) -> None:
    """It reads; it changes something only where the browser says that our own page asks for it."""
    assert signed_in("GET", "/_mock/exchanges").status == 200
    assert signed_in("POST", "/_mock/clock/freeze", b"{}", origin=OWN).status == 200
    assert signed_in("POST", "/_mock/clock/freeze", b"{}", sec_fetch_site="same-origin").status == 200
    assert signed_in("DELETE", "/_mock/faults").status == 403
    for foreign in ({"origin": "http://127.0.0.1:3000"}, {"origin": "null"}, {"sec_fetch_site": "same-site"}):
        assert signed_in("GET", "/_mock/exchanges", **foreign).status == 403
        assert signed_in("POST", "/_mock/reset", **foreign).status == 403
    # It is not a key to the systems.
    assert signed_in("GET", "/v1/store-credit").status == 401


def test_another_cookie_opens_nothing(bench: Bench, browser: Browser) -> None:
    """Nor does the ticket itself, or the cookie of another process."""
    ticket = bench.control.open_inspector().path.partition("=")[2]
    for value in ("store_credit_mock_4010=x", f"store_credit_mock_4010={ticket}", "store_credit_mock_4010="):
        browser.cookie = value
        assert browser("GET", "/_mock/exchanges").status == 401
    other = Sessions()
    browser.cookie = (other.redeem(other.ticket(), HOST) or "").partition(";")[0]
    assert browser("GET", "/_mock/ui").status == 401


def test_sign_ins_are_bounded(bench: Bench) -> None:
    """Somebody with the token may ask for links for ever; the oldest are forgotten."""
    sessions = Sessions()
    tickets = [sessions.ticket() for _ in range(KEPT + 1)]

    assert sessions.redeem(tickets[0], HOST) is None
    assert sessions.redeem(tickets[1], "[::1]") is not None


def test_its_files_run_nothing_but_their_own_script(browser: Browser) -> None:
    """A strict policy on page and files, nothing inline, nothing from outside, and no file but the three."""
    for path, kind in (
        ("/_mock/ui", "html"),
        ("/_mock/ui/inspector.css", "css"),
        ("/_mock/ui/inspector.js", "javascript"),
    ):
        answer = browser("GET", path)
        policy = answer.header("content-security-policy") or ""
        assert kind in (answer.header("content-type") or "")
        assert "default-src 'none'; script-src 'self'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert "trusted-types 'none'" in policy
        assert answer.header("x-content-type-options") == "nosniff"
        text = answer.body.decode()
        assert not re.search(r"https?://(?!127\.0\.0\.1)", text)
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|<style|style=| on\w+=\"", text
        )
    assert browser("GET", "/_mock/ui/pages.py").status in {401, 404}
    assert browser("GET", "/_mock/ui/../cli.py").status in {401, 404}


def test_a_host_is_no_markup_either(browser: Browser) -> None:
    """The page that is shut names the address it was asked at."""
    shut = browser.gateway.handle(Request.build("GET", "/_mock/ui", {"host": '"><script>'}))

    assert shut.status == 403
    assert b"<script>" not in browser("GET", "/_mock/ui").body.replace(b"<script src", b"")


# What serve says


def test_serve_prints_the_link_before_it_is_ready() -> None:
    """On stderr and in the JSON line the same link; `ready` stays last. It is what a browser needs, over the wire."""
    with served("--allow-origin", "http://localhost:3000", "--allow-host", "mock.test") as mock:
        link = mock.started["inspector"]
        lines = mock.log().splitlines()
        assert lines[-2] == f"inspector, opens once: {link}"
        assert lines[-1].endswith(" ready")
        with httpx.Client(trust_env=False) as client:
            assert client.get(link).status_code == 200
            assert client.get(f"{mock.url}/_mock/clock").status_code == 200
            assert client.post(f"{mock.url}/_mock/reset").status_code == 403
            assert client.post(f"{mock.url}/_mock/reset", headers={"origin": mock.url}).status_code == 204
            key = {"x-api-key": "sk_test_1"}
            assert client.get(f"{mock.url}/v1/store-credit", headers={**key, "host": "mock.test"}).status_code == 200
            assert client.get(f"{mock.url}/v1/store-credit", headers={**key, "host": "evil.test"}).status_code == 403
            foreign = {**key, "origin": "http://evil.test"}
            assert client.post(f"{mock.url}/v1/store-credit", headers=foreign).status_code == 403
            allowed = client.get(f"{mock.url}/v1/store-credit", headers={**key, "origin": "http://localhost:3000"})
            assert allowed.headers["access-control-allow-origin"] == "http://localhost:3000"
        with httpx.Client(trust_env=False) as client:
            assert client.get(link).status_code == 401
            bearer = {"authorization": f"Bearer {CONTROL_TOKEN}"}
            another = client.post(f"{mock.url}/_mock/ui/tickets", headers=bearer)
            assert another.status_code == 201
            assert client.get(mock.url + another.json()["path"]).status_code == 200


@pytest.mark.parametrize("option", [["--allow-host", "http://mock"], ["--allow-origin", "localhost:3000"]])
def test_serve_refuses_what_is_no_name(option: list[str]) -> None:
    """Exit code 2 and a sentence."""
    command = [sys.executable, "-m", "store_credit_mock", "serve", "--port", "0", *option]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    assert ended.returncode == 2
    assert option[1] in ended.stderr


# What the page asks for


def test_every_path_of_the_page_is_in_the_control_planes_document(bench: Bench, browser: Browser) -> None:
    """What can be done there can be done through the control plane."""
    script = browser("GET", "/_mock/ui/inspector.js").body.decode()
    named = set(re.findall(r"[\"`](/_mock/[\w/.-]*)", script))
    named |= {f"/_mock/vinr/{name}" for name in ("webhook-endpoints", "deliveries", "events")} - {"/_mock/vinr/"}
    document = orjson.loads(browser("GET", "/_mock/openapi.json").body)
    known = [re.sub(r"\{\w+\}.*", "", path) for path in document["paths"]]

    assert len(named) > 12
    assert [
        path for path in named if path.rstrip("/") not in {one.rstrip("/") for one in known} | {"/_mock/vinr"}
    ] == []
    assert document["components"]["securitySchemes"].keys() == {"controlToken", "inspector"}


def test_exchanges_are_told_shortly_and_from_where_one_left_off(bench: Bench) -> None:
    """A line for each, those after a number, of one system; `cleared` says that numbers may start again."""
    bench.issue()
    bench.send("POST", "/v1/store-credit?access_token=secret", {"amount": 0})
    bench.send("GET", "/nowhere")

    first, second, third = bench.control.brief_exchanges()
    assert first == BriefExchange(
        number=1, at=first.at, operation="vinr.store_credit.create", method="POST",
        path="/v1/store-credit", query="", status=201, dropped=False, violations=0, fault=None,
    )  # fmt: skip
    assert second.violations > 0
    assert second.query == "access_token=%3Ctoken%3E"
    assert third.operation is None
    assert [one.number for one in bench.control.brief_exchanges(after=1)] == [2, 3]
    assert [one.number for one in bench.control.exchanges(after=1, system="vinr")] == [2]
    assert [one.number for one in bench.control.brief_exchanges(violations=False)] == [1]
    assert bench.control.brief_exchanges(system="spree").data == []
    whole = bench.control.exchanges(limit=1)
    assert (whole.total, whole.last, whole.cleared) == (3, 3, 0)
    assert whole.data == [bench.control.exchange(3)]
    bench.control.clear_exchanges()
    assert bench.control.exchanges().cleared == 1
    with pytest.raises(ControlError, match="no longer"):
        bench.control.exchange(3)
    for query in ({"after": "-1"}, {"limit": "0"}, {"brief": "1"}, {"violations": "yes"}):
        with pytest.raises(ControlError) as refused:
            bench.control.call("GET", "/_mock/exchanges", query=query)
        assert refused.value.status == 400


def test_operations_have_their_lines(bench: Bench) -> None:
    """One for each of the document, with the line it stands on."""
    operations = {one.id: one for one in bench.control.operations()}

    assert len(operations) == len(bench.engine.contract.operations)
    create = operations["vinr.store_credit.create"]
    assert (create.system, create.method, create.path) == ("vinr", "POST", "/v1/store-credit")
    assert create.line == bench.engine.contract.document.line("#/paths/~1v1~1store-credit/post")


def test_vinr_credits_and_what_moved_them(bench: Bench) -> None:
    """Newest first, as the API shows them; the entries add up to what remains."""
    other = bench.control.vinr.add_customer("cust_other").id
    first, second = bench.issue(1000), bench.issue(500, customer=other)
    bench.control.vinr.buy("cust_8aZ2", 400, "USD")

    assert [one.id for one in bench.control.vinr.credits()] == [second["id"], first["id"]]
    assert bench.control.vinr.credits(customer="cust_8aZ2") == [StoreCredit(**bench.credit(first["id"]))]
    assert len(bench.control.vinr.credits(limit=1)) == 1
    moves = [(one.action, one.source, one.target, one.amount) for one in bench.control.vinr.entries(first["id"])]
    assert moves == [("issue", "outside", "remaining", 1000), ("spend", "remaining", "spent", 400)]
    assert {one.unit for one in bench.control.vinr.entries(first["id"])} == {"minor"}
    with pytest.raises(ControlError, match="there is no store credit"):
        bench.control.vinr.entries("sc_none")


def test_endpoints_and_whether_deliveries_are_held(bench: Bench) -> None:
    """The list has no secrets; holding shows."""
    endpoint = bench.control.vinr.add_endpoint("https://receiver.test/")
    bench.control.vinr.hold()

    assert [one.url for one in bench.control.vinr.endpoints()] == [endpoint.url]
    assert not hasattr(bench.control.vinr.endpoints()[0], "secret")
    assert bench.control.vinr.deliveries().held
    bench.control.vinr.hold(False)
    assert not bench.control.vinr.deliveries().held
