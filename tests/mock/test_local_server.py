"""The mock on a real socket inside a test: `Server`, and the fixture `store_credit_server`."""

from __future__ import annotations

import asyncio
import os
import queue
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

pytest.importorskip("uvicorn", reason="the extra `server` is not installed")

import store_credit
from store_credit_mock import Contract, Mock, Options, Server
from store_credit_mock.in_process import ViolationsFoundError

NAMES = ("VINR_BASE_URL", "VINR_SECRET_KEY", "SPREE_URL", "SPREE_TOKEN", "STORE_CREDIT_MOCK_CONTROL_TOKEN")


@pytest.fixture
def server(store_credit_mock_contract: Contract) -> Iterator[Server]:
    with Server(store_credit_mock_contract, seed=1) as made:
        yield made


def issue(client: Any) -> str:
    return client.store_credit.create(customer="cust_8aZ2", amount=5, currency="USD").id


def test_clients_find_it_by_the_environment(server: Server) -> None:
    """Clients that are told nothing, here and in a process of their own, and any HTTP library, reach one sandbox."""
    with store_credit.VinrClient() as client:
        made = issue(client)
    with store_credit.SpreeClient() as spree:
        assert list(spree.store_credits.list()) == []
    script = "import store_credit; print(*(credit.id for credit in store_credit.VinrClient().store_credit.list()))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    answered = httpx.get(f"{server.url}/v1/store-credit", headers={"X-Api-Key": "sk_test_any"}, trust_env=False)

    assert done.stdout.split() == [made] == [credit["id"] for credit in answered.json()["data"]]
    assert [credit.id for credit in server.vinr.store_credit.list()] == [made]
    assert server.control.vinr.buy("cust_8aZ2", 3, "USD").paid_by_credit == 3


def test_the_environment_is_put_back(store_credit_mock_contract: Contract, monkeypatch: pytest.MonkeyPatch) -> None:
    """In whatever order servers stop, and whatever was done to a variable meanwhile; what was not there goes."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SPREE_URL", "https://shop.example")
    first = Server(store_credit_mock_contract, control_token="first").start()
    second = Server(store_credit_mock_contract, control_token="second").start()
    assert os.environ["VINR_BASE_URL"] == second.url
    assert os.environ["STORE_CREDIT_MOCK_CONTROL_TOKEN"] == "second"
    os.environ["SPREE_URL"] = "https://changed.example"
    del os.environ["SPREE_TOKEN"]
    first.stop()
    assert os.environ["VINR_BASE_URL"] == os.environ["SPREE_URL"] == second.url
    second.stop()

    assert {name: os.environ.get(name) for name in NAMES} == {
        **dict.fromkeys(NAMES), "SPREE_URL": "https://shop.example"
    }  # fmt: skip


def test_a_proxy_of_the_environment_is_passed_by(
    store_credit_mock_contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a build server's proxy cannot reach is not sent there; hosts that were named before stay."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "intern.example")
    monkeypatch.delenv("no_proxy", raising=False)
    with Server(store_credit_mock_contract) as server:
        assert httpx.get(f"{server.url}/_mock/health").status_code == 200
        assert os.environ["NO_PROXY"] == "intern.example,127.0.0.1"
    assert os.environ["NO_PROXY"] == "intern.example"
    assert "no_proxy" not in os.environ


def test_it_starts_again_and_not_twice(store_credit_mock_contract: Contract, tmp_path: Path) -> None:
    """In memory a start begins anew, on a file it goes on; what misuse does is said."""
    server = Server(store_credit_mock_contract, seed=1)
    kept = Server(store_credit_mock_contract, db=str(tmp_path / "kept.db"))
    with pytest.raises(RuntimeError, match="never started"):
        server.exchanges  # noqa: B018
    for one, expected in ((server, 0), (kept, 1)):
        for held in (0, expected):
            with one:
                assert len(list(one.vinr.store_credit.list())) == held
                issue(one.vinr)
                with pytest.raises(RuntimeError, match=f"is already running, at {one.url}"):
                    one.start()
        one.stop()
        with pytest.raises(RuntimeError, match="is not running"):
            one.url  # noqa: B018
    assert [exchange.response.status for exchange in server.exchanges] == [200, 201]
    with pytest.raises(TypeError, match="not both"):
        Server(options=Options(), seed=1)


def test_a_port_that_is_taken_is_told(server: Server, store_credit_mock_contract: Contract) -> None:
    """As any program is told; nothing is left behind."""
    other = Server(store_credit_mock_contract, port=int(server.url.rpartition(":")[2]))
    with pytest.raises(OSError, match=r"[Aa]ddress already in use"):
        other.start()
    assert os.environ["VINR_BASE_URL"] == server.url
    assert httpx.get(f"{server.url}/_mock/health", trust_env=False).status_code == 200


def test_stopping_answers_what_is_in_flight(store_credit_mock_contract: Contract) -> None:
    """A request that waits for a planned delay gets its response; one that comes later gets no connection."""
    server = Server(store_credit_mock_contract).start()
    url, came = server.url, threading.Event()
    server.fault("vinr.store_credit.list", delay=0.5, nth=1, when="after")
    server.engine.exchanges.listeners.append(lambda _: came.set())
    statuses: list[int] = []

    def ask() -> None:
        headers = {"X-Api-Key": "sk_test_any"}
        statuses.append(httpx.get(f"{url}/v1/store-credit", headers=headers, trust_env=False).status_code)

    thread = threading.Thread(target=ask)
    thread.start()
    assert came.wait(10)
    server.stop()
    thread.join(10)

    assert statuses == [200]
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{url}/_mock/health", trust_env=False)


def test_it_serves_a_program_of_asyncio(store_credit_mock_contract: Contract) -> None:
    """Started and stopped inside a loop, which it does not use; the control plane may be called there."""

    async def program() -> tuple[int, int]:
        with Server(store_credit_mock_contract, seed=1) as server:
            async with store_credit.AsyncVinrClient() as client:
                made = await asyncio.gather(*(issue_async(client) for _ in range(10)))
            return len(set(made)), server.control.vinr.buy("cust_8aZ2", 20, "USD").paid_by_credit

    async def issue_async(client: store_credit.AsyncVinrClient) -> str:
        return (await client.store_credit.create(customer="cust_8aZ2", amount=5, currency="USD")).id

    assert asyncio.run(program()) == (10, 20)


def test_webhooks_come_by_themselves(server: Server) -> None:
    """Into a function, signed; those that the control plane causes as well; one that raises is tried again."""
    came: queue.Queue[str] = queue.Queue()
    broken = [True]

    def take(body: bytes, headers: Any) -> None:
        if broken and broken.pop():
            raise RuntimeError("not now")
        came.put(store_credit.webhooks.parse(body, dict(headers), secret).type)

    secret = server.receive(take)
    issue(server.vinr)
    server.control.vinr.buy("cust_8aZ2", 3, "USD")
    assert came.get(timeout=10) == "store_credit.updated"
    server.control.advance(3600)

    assert came.get(timeout=10) == "store_credit.created"


@pytest.mark.parametrize("kind", [Mock, Server])
def test_violations_fail_a_block_that_asks_for_it(kind: Any, store_credit_mock_contract: Contract) -> None:
    """In observe mode a request that breaks the OpenAPI document passes, and is listed at the end, without its key."""

    def run(*, fail: bool) -> None:
        with kind(store_credit_mock_contract, seed=1, strict=False, fail_on_violations=fail) as mock:
            address = mock.url if kind is Server else "https://sandbox.api.vinr.com"
            headers = {"X-Api-Key": "sk_test_hidden"}
            with mock.http_client() as client:
                assert client.get(f"{address}/v1/store-credit?colour=blue", headers=headers).status_code == 200
                assert client.get(f"{address}/v1/store-credit", headers=headers).status_code == 200
            # What a reset clears was sent all the same.
            mock.control.reset()

    run(fail=False)
    with pytest.raises(ViolationsFoundError) as failure:
        run(fail=True)
    text = str(failure.value)
    assert text.startswith("1 exchange violated the OpenAPI document:\n#1 GET /v1/store-credit?colour=blue -> 200")
    assert "openapi.yaml:" in text
    assert "sk_test_hidden" not in text


# The fixture, as a user's pytest runs it

SCOPES = """
import os
import httpx
import pytest

seen = []

def look(server, expected):
    assert os.environ["VINR_BASE_URL"] == server.url
    answered = httpx.get(server.url + "/v1/store-credit", headers={"X-Api-Key": "sk_test_1"}, trust_env=False)
    assert len(answered.json()["data"]) == expected
    server.vinr.store_credit.create(customer="cust_8aZ2", amount=5, currency="USD")
    os.environ["VINR_BASE_URL"] = "https://changed.example"
"""

USERS_TESTS = {
    "function": """
        def test_one(store_credit_server):
            look(store_credit_server, 0)

        def test_two(store_credit_server):
            look(store_credit_server, 0)

        def test_after():
            assert "VINR_BASE_URL" not in os.environ

        @pytest.mark.parametrize("anyio_backend", ["asyncio"])
        @pytest.mark.anyio
        async def test_awaited(store_credit_server, anyio_backend):
            async with httpx.AsyncClient(trust_env=False) as client:
                assert (await client.get(os.environ["SPREE_URL"] + "/_mock/health")).status_code == 200
        """,
    "module": """
        pytestmark = pytest.mark.store_credit_server(scope="module")

        def test_one(store_credit_server):
            look(store_credit_server, 0)

        def test_two(store_credit_server):
            look(store_credit_server, 1)

        @pytest.mark.store_credit_mock(strict=False)
        def test_other(store_credit_server):
            look(store_credit_server, 0)

        def test_three(store_credit_server):
            look(store_credit_server, 2)
        """,
}


@pytest.fixture
def own(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    return pytester


def write(pytester: pytest.Pytester, text: str, name: str = "test_it") -> None:
    pytester.makepyfile(**{name: SCOPES + textwrap.dedent(text)})


@pytest.mark.takes_seconds
def test_each_scope_has_its_server(own: pytest.Pytester) -> None:
    """One for each test, or for each module and choice of options; under xdist each worker has its own."""
    pytest.importorskip("xdist")
    for name, text in USERS_TESTS.items():
        write(own, text, f"test_{name}")

    own.runpytest_subprocess("--strict-markers", "-W", "error", "-n", "2", "--dist", "loadfile").assert_outcomes(
        passed=8
    )


@pytest.mark.takes_seconds
def test_the_ini_file_gives_defaults(own: pytest.Pytester) -> None:
    """One server for the whole session, which fixtures of the session may use; a marker that cannot count is told."""
    own.makeini(
        """
        [pytest]
        store_credit_server_scope = session
        store_credit_mock_seed = 7
        store_credit_mock_strict = false
        store_credit_mock_fixtures = customers.yaml
        store_credit_mock_options =
            profile=4.10
            rate_limit=25:50
        """
    )
    own.makefile(".yaml", customers="vinr: {customers: [{id: cust_ini, email: ini@example.com}]}")
    text = """
        @pytest.fixture(scope="session")
        def application(store_credit_server):
            return os.environ["VINR_BASE_URL"]

        def test_one(application, store_credit_server):
            look(store_credit_server, 0)
            health = store_credit_server.control.health()
            assert (health.mode, health.options["profile"]) == ("observe", "4.10")
            assert store_credit_server.engine.options.seed == "7"
            assert "cust_ini" in [customer.id for customer in store_credit_server.control.vinr.customers()]

        def test_two(store_credit_server, store_credit_mock):
            look(store_credit_server, 1)
            assert not store_credit_mock.engine.options.strict

        @pytest.mark.store_credit_server(seed=3)
        def test_not_possible(store_credit_server):
            pass
        """
    write(own, text, "test_a")
    write(own, "def test_later(store_credit_server):\n    look(store_credit_server, 2)", "test_b")

    result = own.runpytest_inprocess("--strict-markers", "-W", "error")
    result.assert_outcomes(passed=3, errors=1)
    result.stdout.fnmatch_lines(["*one server for each session, so a single test cannot set its own options*"])


@pytest.mark.takes_seconds
def test_what_the_ini_file_has_wrong_is_told(own: pytest.Pytester) -> None:
    """By the name of the setting."""
    own.makeini("[pytest]\nstore_credit_server_scope = class")
    write(own, "def test_it(store_credit_server):\n    pass")

    result = own.runpytest_inprocess()
    assert result.ret != 0
    result.stdout.fnmatch_lines(["*store_credit_server_scope must be one of function, module, session, not 'class'*"])


@pytest.mark.takes_seconds
def test_violations_fail_the_test_that_caused_them(own: pytest.Pytester) -> None:
    """With either fixture and in every scope; another test of the same server passes."""
    write(
        own,
        """
        from store_credit_mock.mock import VINR_URL

        pytestmark = pytest.mark.store_credit_mock(strict=False, fail_on_violations=True)

        def wrong(client, url):
            answered = client.get(url + "/v1/store-credit?colour=blue", headers={"X-Api-Key": "sk_test_hidden"})
            assert answered.status_code == 200

        def test_mock(store_credit_mock):
            wrong(store_credit_mock.http_client(), VINR_URL)

        @pytest.mark.parametrize("number", range(2))
        @pytest.mark.store_credit_server(scope="session")
        def test_server(store_credit_server, number):
            if number == 0:
                wrong(store_credit_server.http_client(), store_credit_server.url)

        @pytest.fixture
        def late(store_credit_server):
            yield
            wrong(store_credit_server.http_client(), store_credit_server.url)

        def test_late(late):
            pass

        @pytest.mark.store_credit_mock(fail_on_violations=False)
        def test_on_purpose(store_credit_mock):
            wrong(store_credit_mock.http_client(), VINR_URL)
        """,
    )

    result = own.runpytest_inprocess("-W", "error")
    result.assert_outcomes(failed=2, passed=3, errors=1)
    result.stdout.fnmatch_lines(
        ["1 exchange violated the OpenAPI document:", "#1 GET /v1/store-credit?colour=blue -> 200"]
    )


@pytest.mark.takes_seconds
def test_unittest_uses_either(own: pytest.Pytester) -> None:
    """A TestCase takes the fixture by its name, or starts a server of its own."""
    write(
        own,
        """
        import unittest
        import store_credit
        from store_credit_mock import Server

        class Own(unittest.TestCase):
            @classmethod
            def setUpClass(cls):
                cls.server = Server(seed=1).start()
                cls.addClassCleanup(cls.server.stop)

            def test_it(self):
                with store_credit.VinrClient() as client:
                    assert list(client.store_credit.list()) == []

        @pytest.mark.usefixtures("store_credit_server")
        class Given(unittest.TestCase):
            def test_it(self):
                with store_credit.VinrClient() as client:
                    assert list(client.store_credit.list()) == []
        """,
    )

    own.runpytest_inprocess("-W", "error").assert_outcomes(passed=2)
