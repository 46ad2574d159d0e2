"""The entry points: the transport for both HTTP libraries, embedded mock, respx, pytest plugin."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

import pytest
import respx

import store_credit
from store_credit_mock import Contract, Options, http_libraries
from store_credit_mock.httpx_transport import EngineTransport
from store_credit_mock.mock import SPREE_URL, VINR_URL, Mock

PATH = f"{VINR_URL}/v1/store-credit"
AUTH = {"X-Api-Key": "sk_test_1"}


@pytest.fixture
def mock(store_credit_mock_contract: Contract) -> Iterator[Mock]:
    with Mock(store_credit_mock_contract, options=Options(seed=1)) as made:
        made.engine.raise_errors = True
        yield made


@pytest.fixture(params=["httpx", "httpx2"])
def backend(request: pytest.FixtureRequest) -> Any:
    """The name of each HTTP library."""
    pytest.importorskip(request.param)
    return request.param


def test_a_client_of_either_library_gets_real_responses(mock: Mock, backend: Literal["httpx"]) -> None:
    """Status, headers, body and length are as over a socket, in the client's own library."""
    with mock.http_client(backend) as client:
        made = client.post(PATH, headers=AUTH, json={"customer": "cust_8aZ2", "amount": 5, "currency": "USD"})
        listed = client.get(PATH, headers=AUTH, params={"limit": 1})
        with client.stream("GET", PATH, headers=AUTH) as streamed:
            parts = b"".join(streamed.iter_bytes())

    assert type(made) is import_module(backend).Response
    assert (made.status_code, made.headers["content-length"]) == (201, str(len(made.content)))
    assert (made.http_version, made.reason_phrase, made.elapsed) == ("HTTP/1.1", "Created", timedelta(0))
    assert listed.json()["data"] == [made.json()]
    assert listed.headers["content-type"] == "application/json"
    assert parts == listed.content


def test_the_sdk_works_sync_and_async(mock: Mock) -> None:
    """The ready clients call the mock, and see the same sandbox."""
    credit = mock.vinr.store_credit.create(customer="cust_8aZ2", amount=1000, currency="USD")

    async def read() -> store_credit.models.VinrStoreCredit:
        return await mock.async_vinr.store_credit.retrieve(credit.id)

    assert asyncio.run(read()) == credit


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ({"drop": True}, "RemoteProtocolError"),
        ({"drop": True, "when": "after"}, "RemoteProtocolError"),
        ({"truncate": 5}, "RemoteProtocolError"),
        ({"delay": 60.0}, "ReadTimeout"),
        ({"delay": 60.0, "when": "after"}, "ReadTimeout"),
    ],
)
@pytest.mark.parametrize("asynchronous", [False, True])
def test_dropped_and_late_responses_are_errors_of_the_clients_library(
    mock: Mock, backend: Literal["httpx"], fault: dict[str, object], expected: str, asynchronous: bool
) -> None:
    """What a client sees on a broken connection is what its library raises over a socket, without any waiting."""
    mock.fault("*", nth=1, **fault)

    def sync() -> int:
        with mock.http_client(backend) as client:
            return client.get(PATH, headers=AUTH, timeout=5).status_code

    async def awaited() -> int:
        async with mock.async_http_client(backend) as client:
            return (await client.get(PATH, headers=AUTH, timeout=5)).status_code

    with pytest.raises(getattr(import_module(backend), expected)):
        asyncio.run(awaited()) if asynchronous else sync()
    assert (asyncio.run(awaited()) if asynchronous else sync()) == 200


def test_delays_are_waited_for_where_asked(mock: Mock, backend: str) -> None:
    """With a sleep given, the transport waits as long as the fault says."""
    waited: list[float] = []
    mock.fault("*", nth=1, delay=2.5)
    transport = EngineTransport(mock.engine, sleep=waited.append)
    with http_libraries.library(backend).Client(transport=transport) as client:
        answer = client.get(PATH, headers=AUTH)

    assert (answer.status_code, waited, answer.elapsed) == (200, [2.5], timedelta(seconds=2.5))


def test_a_lost_answer_does_not_double_the_credit(mock: Mock) -> None:
    """The SDK's retry under its own key finds the first response."""
    mock.fault("vinr.*.create", nth=1, drop=True, when="after")
    credit = mock.vinr.with_options(max_retries=1).store_credit.create(customer="cust_8aZ2", amount=5, currency="USD")

    assert [found.id for found in mock.vinr.store_credit.list()] == [credit.id]


ONE_LIBRARY = """
import asyncio, sys
import {library}
from store_credit_mock.mock import Mock
from store_credit_mock.httpx_transport import EngineTransport

PATH, AUTH = "https://sandbox.api.vinr.com/v1/store-credit", {{"X-Api-Key": "sk_test_1"}}

async def awaited(transport):
    async with {library}.AsyncClient(transport=transport) as client:
        return (await client.get(PATH, headers=AUTH)).status_code

with Mock() as mock:
    with {library}.Client(transport=EngineTransport(mock.engine)) as client:
        assert client.get(PATH, headers=AUTH).status_code == 200
    assert asyncio.run(awaited(mock.transport)) == 200
    with mock.http_client() as client:
        assert type(client) is {library}.Client
    assert mock.vinr.store_credit.create(customer="cust_8aZ2", amount=5, currency="USD").amount == 5
print(*(name for name in ("httpx", "httpx2") if name in sys.modules))
"""


def test_one_library_is_enough(backend: str, tmp_path: Path) -> None:
    """Transport, embedded mock and the SDK's clients make do with it; `STORE_CREDIT_BACKEND` names it."""
    (other,) = {"httpx", "httpx2"} - {backend}
    (tmp_path / f"{other}.py").write_text("raise ImportError('not installed')\n", "utf-8")
    path = os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = dict(os.environ, STORE_CREDIT_BACKEND=backend, PYTHONPATH=path)
    line = [sys.executable, "-c", ONE_LIBRARY.format(library=backend)]
    done = subprocess.run(line, env=environment, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (0, f"{backend}\n", "")


def test_a_backend_that_is_not_valid_is_named(mock: Mock, monkeypatch: pytest.MonkeyPatch) -> None:
    """A misspelt library is refused by its name, one that is missing with the command that installs it."""
    with pytest.raises(ValueError, match="'httpx3' is not a valid backend"):
        mock.http_client("httpx3")  # pyright: ignore[reportArgumentType, reportCallIssue]
    monkeypatch.setenv("STORE_CREDIT_BACKEND", "requests")
    with pytest.raises(ValueError, match=r"'requests' is not a valid backend; .* STORE_CREDIT_BACKEND"):
        mock.http_client()
    monkeypatch.setitem(sys.modules, "httpx2", None)
    with pytest.raises(ImportError, match=r"httpx2 is not installed; run pip install 'store-credit-mock\[httpx2\]'"):
        mock.async_http_client("httpx2")


@pytest.mark.parametrize(
    "command", [("serve", "--port", "0"), ("verify", "http://127.0.0.1:9", "--system=vinr", "--key=sk_test_1")]
)
def test_commands_refuse_a_backend_that_is_not_valid(command: tuple[str, ...]) -> None:
    """They say so before anything else, not when the first webhook is due."""
    environment = dict(os.environ, STORE_CREDIT_BACKEND="requests")
    line = [sys.executable, "-m", "store_credit_mock", *command]
    done = subprocess.run(line, env=environment, capture_output=True, text=True, check=False, timeout=60)

    assert done.returncode == 2
    assert "'requests' is not a valid backend" in done.stderr


def test_what_is_not_a_request_is_refused(mock: Mock) -> None:
    """The transport names the class it was given."""
    with pytest.raises(TypeError, match="is not an httpx or httpx2 request"):
        http_libraries.library_of(mock)


def test_threads_share_an_engine(mock: Mock) -> None:
    """Concurrent purchases spend each credit once."""
    mock.vinr.store_credit.create(customer="cust_8aZ2", amount=100, currency="USD")
    paid: list[int] = []

    def spend() -> None:
        paid.extend(mock.control.vinr.buy("cust_8aZ2", 3, "USD").paid_by_credit for _ in range(10))

    threads = [threading.Thread(target=spend) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(paid) == 100
    assert mock.control.invariants().holds


def test_respx_routes_both_hosts_here(mock: Mock, backend: str) -> None:
    """A respx router sends VINR and Spree to the mock, and sees the calls; it patches the library it is told to."""
    with respx.mock(assert_all_called=False, using=backend.replace("httpx", "httpcore")) as router:
        mock.respx(router)
        assert http_libraries.library(backend).get(PATH, headers=AUTH).status_code == 200
        assert router.calls.call_count == 1
    assert mock.exchanges[-1].operation == "vinr.store_credit.list"
    assert SPREE_URL.startswith("https://")


def test_webhooks_reach_a_function(mock: Mock) -> None:
    """A registered function gets signed events, without a socket."""
    seen: list[str] = []
    secret = mock.receive(lambda body, headers: seen.append(store_credit.webhooks.parse(body, headers, secret).type))
    mock.vinr.store_credit.create(customer="cust_8aZ2", amount=5, currency="USD")

    assert [attempt.state for attempt in mock.deliver()] == ["delivered"]
    assert seen == ["store_credit.created"]


# The plugin, run as a user's pytest would run it

USERS_TEST = """
def test_issue(store_credit_mock):
    credit = store_credit_mock.vinr.store_credit.create(customer="cust_8aZ2", amount=1000, currency="USD")
    store_credit_mock.control.vinr.buy("cust_8aZ2", 400, "USD")
    assert store_credit_mock.vinr.store_credit.retrieve(credit.id).balance_remaining == 600
"""


@pytest.mark.takes_seconds
def test_a_users_test_is_five_lines(pytester: pytest.Pytester) -> None:
    """The fixture is there as soon as the package is installed."""
    pytester.makepyfile(USERS_TEST)

    pytester.runpytest_subprocess("--strict-markers", "-W", "error").assert_outcomes(passed=1)


@pytest.mark.takes_seconds
def test_each_test_has_its_own_sandbox(pytester: pytest.Pytester) -> None:
    """Nothing of one test is seen by another, also when many workers run them; the marker sets options."""
    pytest.importorskip("xdist")
    pytester.makepyfile(
        textwrap.dedent(
            """
            import pytest

            @pytest.mark.parametrize("number", range(20))
            def test_fresh(store_credit_mock, number):
                assert list(store_credit_mock.vinr.store_credit.list()) == []
                made = store_credit_mock.vinr.store_credit.create(customer="cust_8aZ2", amount=5, currency="USD")
                assert made.created.year == 2026

            @pytest.mark.store_credit_mock(strict=False, seed=3)
            def test_marked(store_credit_mock):
                assert not store_credit_mock.engine.options.strict
            """
        )
    )

    pytester.runpytest_subprocess("-n", "2").assert_outcomes(passed=21)


@pytest.mark.takes_seconds
def test_a_failed_test_shows_what_happened(pytester: pytest.Pytester) -> None:
    """Exchanges and violations are in the report of a test that failed, and keys are not."""
    pytester.makepyfile(
        textwrap.dedent(
            """
            import httpx

            def test_fails(store_credit_mock):
                with store_credit_mock.http_client() as client:
                    url = "https://sandbox.api.vinr.com/v1/store-credit?limit=0"
                    assert client.get(url, headers={"X-Api-Key": "sk_test_hidden"}).status_code == 200
            """
        )
    )

    result = pytester.runpytest_subprocess()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*GET /v1/store-credit?limit=0 -> 400*", "*/query/limit: minimum*openapi.yaml:*"])
    # Ours only: after it pytest repeats the test's own line, whole where the environment says CI.
    section = result.stdout.str().partition("- store_credit_mock -")[2].partition("short test summary")[0]
    assert "sk_test_hidden" not in section


@pytest.mark.takes_seconds
def test_an_unknown_option_is_told(pytester: pytest.Pytester) -> None:
    """A marker with a word the mock does not know stops the test with a reason."""
    pytester.makepyfile(
        textwrap.dedent(
            """
            import pytest

            @pytest.mark.store_credit_mock(sede=3)
            def test_marked(store_credit_mock):
                pass
            """
        )
    )

    result = pytester.runpytest_subprocess()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*sede is not a valid option*"])
