"""The two HTTP libraries: which one a client uses, and that a call comes to the same end on each.

Unlike elsewhere, each library is a case of its own here, whatever `scripts/test --http` says.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from store_credit import (
    APIConnectionError,
    APITimeoutError,
    AsyncVinrClient,
    ConfigurationError,
    OutcomeUnknownError,
    StoreCreditError,
    VinrClient,
    default_async_http_client,
    default_http_client,
)
from store_credit._core.faults import fault_of
from together import together

pytestmark = pytest.mark.takes_seconds

LIBRARIES = ["httpx", "httpx2"]
ERRORS = {
    "ConnectError": "connect",
    "ConnectTimeout": "connect",
    "PoolTimeout": "connect",
    "ProxyError": "connect",
    "ReadTimeout": "timeout",
    "WriteTimeout": "timeout",
    "ReadError": "broken",
    "WriteError": "broken",
    "CloseError": "broken",
    "RemoteProtocolError": "broken",
    "DecodingError": "broken",
    "TooManyRedirects": "broken",
}
UNSENDABLE = ["UnsupportedProtocol", "LocalProtocolError"]
KEY = "sk_test_S3CRETKEY"


def module(name: str) -> Any:
    """A library, or the reason why it is not tried."""
    return pytest.importorskip(name, reason=f"{name} is not installed here")


@pytest.fixture(params=LIBRARIES)
def library(request: pytest.FixtureRequest) -> Any:
    """The library of a client."""
    return module(request.param)


@pytest.fixture(params=LIBRARIES)
def foreign(request: pytest.FixtureRequest) -> Any:
    """The library of an error: the client's own, or the one that a transport or a mock of the user's is made with."""
    return module(request.param)


# Errors


def raised(client: Any, error: Callable[[Any], Exception]) -> StoreCreditError:
    """What a create through a client ends with whose transport raises."""

    def handle(request: Any) -> Any:
        raise error(request)

    with client.Client(transport=client.MockTransport(handle)) as http_client:
        vinr = VinrClient(KEY, base_url="http://vinr.test", http_client=http_client, max_retries=0)
        with pytest.raises(StoreCreditError) as caught:
            vinr.store_credit.create(customer="cust_1", amount=5, currency="USD", idempotency_key="mine")
    return caught.value


@together(("name", "kind"), ERRORS.items())
def test_an_error_of_either_library_is_the_same_fault(library: Any, foreign: Any, name: str, kind: str) -> None:
    """Whichever client raised it: whether a create can have happened must not depend on where a class comes from."""
    outcome = raised(library, lambda request: getattr(foreign, name)("what it says", request=request))
    first = module("httpx")
    on_the_first = raised(first, lambda request: getattr(first, name)("what it says", request=request))

    assert type(outcome) is (APIConnectionError if kind == "connect" else OutcomeUnknownError)
    assert name in str(outcome)
    assert str(outcome) == str(on_the_first)
    assert fault_of(getattr(foreign, name)("what it says"))[0] == kind


@together("name", UNSENDABLE)
def test_what_cannot_be_sent_is_a_wrong_setting_on_either_library(library: Any, foreign: Any, name: str) -> None:
    """Nothing was sent, and sending it again would not help."""
    outcome = raised(library, lambda request: getattr(foreign, name)("what it says", request=request))

    assert type(outcome) is ConfigurationError
    assert "what it says" in str(outcome)


def chained(error: BaseException | None) -> list[BaseException]:
    """An error and all that it was raised from."""
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found


@together("name", [*ERRORS, *UNSENDABLE])
def test_the_cause_of_an_error_carries_no_request_of_ours(library: Any, foreign: Any, name: str) -> None:
    """Neither its headers, with the credential, nor its body; of the cause and of what that was raised from."""

    def error(request: Any) -> Exception:
        try:
            raise library.ReadError("underneath", request=request)
        except library.ReadError as inner:
            outer: Exception = getattr(foreign, name)("what it says", request=request)
            outer.__cause__ = inner
            return outer

    causes: list[Any] = chained(raised(library, error).__cause__)

    assert [type(cause) for cause in causes] == [getattr(foreign, name), library.ReadError]
    for cause in causes:
        assert isinstance(cause.request, sys.modules[type(cause).__module__].Request)
        assert not {"x-api-key", "idempotency-key"} & set(cause.request.headers)
        assert cause.request.read() == b""


def test_a_timeout_of_either_library_is_a_timeout(library: Any, foreign: Any, credit: Any) -> None:
    """Also of a call that creates nothing."""

    def handle(request: Any) -> Any:
        raise foreign.ReadTimeout("slow", request=request)

    with library.Client(transport=library.MockTransport(handle)) as http_client:
        vinr = VinrClient(KEY, base_url="http://vinr.test", http_client=http_client, max_retries=0)
        with pytest.raises(APITimeoutError):
            vinr.store_credit.retrieve("sc_1")


# Which library


PROGRAM = """
import asyncio
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from store_credit import AsyncVinrClient, VinrClient

CREDIT = {"id": "sc_1", "customer": "cust_1", "amount": 5, "currency": "USD", "balance_remaining": 5,
          "expires_at": None, "created": 1780000000}

class Server(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(CREDIT).encode())

    def log_message(self, *_):
        pass

server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
threading.Thread(target=server.serve_forever, daemon=True).start()
SETTINGS = {"api_key": "sk_test_1", "base_url": f"http://127.0.0.1:{server.server_port}"}

async def awaited(**more):
    async with AsyncVinrClient(**SETTINGS, **more) as vinr:
        assert (await vinr.store_credit.retrieve("sc_1")).amount == 5

def blocking(**more):
    with VinrClient(**SETTINGS, **more) as vinr:
        assert vinr.store_credit.retrieve("sc_1").amount == 5

%s
print(*(name for name in ("httpx", "httpx2") if name in sys.modules))
"""

INJECTED = """
import {library}

async def injected():
    async with {library}.AsyncClient() as client:
        await awaited(http_client=client)

with {library}.Client() as client:
    blocking(http_client=client)
asyncio.run(injected())
"""
DEFAULT = """
blocking()
asyncio.run(awaited())
"""
NAMED = """
blocking(backend={library!r})
asyncio.run(awaited(backend={library!r}))
"""


@pytest.fixture
def imported(tmp_path: Path) -> Callable[..., str]:
    """Runs calls in a process of their own; says which of the two libraries it has imported at its end."""

    def run(calls: str, hidden: str | None = None, **variables: str) -> str:
        if hidden is not None:
            (tmp_path / f"{hidden}.py").write_text("raise ImportError('not installed')\n", "utf-8")
        environment = {name: value for name, value in os.environ.items() if name != "STORE_CREDIT_BACKEND"}
        path = [str(tmp_path), *filter(None, [environment.get("PYTHONPATH")])]
        environment |= {"PYTHONPATH": os.pathsep.join(path), **variables}
        line = [sys.executable, "-W", "error", "-c", PROGRAM % calls]
        done = subprocess.run(line, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    return run


@pytest.mark.parametrize("is_hidden", [False, True], ids=["both installed", "one installed"])
def test_the_other_library_is_never_imported(
    imported: Callable[..., str], library: ModuleType, is_hidden: bool
) -> None:
    """Whether it is there or not, sync and async, for a client that was injected and for one made of a name."""
    (other,) = set(LIBRARIES) - {library.__name__}

    assert (
        imported((INJECTED + NAMED).format(library=library.__name__), other if is_hidden else None) == library.__name__
    )


def test_a_default_client_uses_httpx(imported: Callable[..., str]) -> None:
    """With both installed; the environment may name the other."""
    module("httpx2")

    assert imported(DEFAULT) == "httpx"
    assert imported(DEFAULT, STORE_CREDIT_BACKEND="httpx2") == "httpx2"


def test_a_package_that_brings_the_second_library_changes_nothing(imported: Callable[..., str], tmp_path: Path) -> None:
    """As openai does, which imports httpx2: which certificates are trusted and which tracing sees a call stays."""
    module("httpx2")
    (tmp_path / "openai.py").write_text("import httpx2\n\nclient = httpx2.Client()\n", "utf-8")
    calls = """
import openai
import httpx
import httpx2

sending = []
for library in (httpx, httpx2):
    for kind, name in ((library.HTTPTransport, "handle_request"), (library.AsyncHTTPTransport, "handle_async_request")):
        def handle(self, request, real=getattr(kind, name), library=library):
            sending.append(library.__name__)
            return real(self, request)
        setattr(kind, name, handle)
blocking()
asyncio.run(awaited())
assert sending == ["httpx", "httpx"], sending
"""

    assert imported(calls) == "httpx httpx2"


@pytest.mark.anyio
async def test_the_clients_made_for_injection_are_of_the_library_that_is_named(library: Any) -> None:
    """Sync and async; the SDK's clients take them."""
    with default_http_client(backend=library.__name__) as made:  # type: ignore[attr-defined]
        assert type(made) is library.Client
        VinrClient(KEY, http_client=made).close()
    async with default_async_http_client(backend=library.__name__) as awaited:  # type: ignore[attr-defined]
        assert type(awaited) is library.AsyncClient
        await AsyncVinrClient(KEY, http_client=awaited).close()


def test_a_backend_that_is_not_valid_is_named(environment: pytest.MonkeyPatch) -> None:
    """In the argument and in the environment."""
    with pytest.raises(ConfigurationError, match="'requests'"):
        VinrClient(KEY, backend="requests")  # type: ignore[arg-type]
    environment.setenv("STORE_CREDIT_BACKEND", "requests")
    with pytest.raises(ConfigurationError, match=r"'requests'.*STORE_CREDIT_BACKEND"):
        VinrClient(KEY)


def test_a_library_that_is_not_installed_is_named_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra brings it."""
    monkeypatch.setitem(sys.modules, "httpx2", None)
    with pytest.raises(ConfigurationError, match=r"pip install .*store-credit\[httpx2\]"):
        VinrClient(KEY, backend="httpx2")


def test_a_client_of_one_library_and_the_name_of_the_other_contradict(library: Any) -> None:
    """Rather than silently using one of them."""
    (other,) = set(LIBRARIES) - {library.__name__}
    with library.Client() as http_client, pytest.raises(ConfigurationError, match=rf"{library.__name__}.*{other}"):
        VinrClient(KEY, http_client=http_client, backend=other)  # type: ignore[arg-type]


def test_a_record_is_the_same_on_either_library(serve: Callable[..., Any], library: Any, credit: Any) -> None:
    """Body, status, headers."""
    server = serve((200, json.dumps(credit).encode(), {"x-vinr-request-id": "req_1"}))
    client = server.vinr(backend=library.__name__)
    record = client.store_credit.retrieve("sc_4Bk9mQ")

    assert record.amount == 1000
    assert record.last_response.headers["x-vinr-request-id"] == "req_1"
    assert import_module(library.__name__) is library
