"""What the SDK's unit tests share: a clean environment, waits that pass at once, scripted servers, recorded answers."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import httpx
import pytest
import respx
from hypothesis import settings

from store_credit import AsyncSpreeClient, AsyncVinrClient, SpreeClient, VinrClient
from store_credit._core import codec

# The same examples on every machine and run, and no clock: the machine that runs them may be busy.
settings.register_profile("repository", deadline=None, derandomize=True)
settings.load_profile("repository")

RECORDINGS = Path(__file__).parents[1] / "recordings"
OURS = ("VINR_", "SPREE_", "STORE_CREDIT_", "SSL_CERT_")

Answer: TypeAlias = "int | dict[str, Any] | tuple[Any, ...] | Exception | Callable[[httpx.Request], httpx.Response]"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment that holds no setting of ours and no proxy; the test may set its own."""
    for name in list(os.environ):
        if name.startswith(OURS) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    return monkeypatch


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Every wait between attempts, in seconds; none is waited for."""
    seconds: list[float] = []

    async def nap(delay: float) -> None:
        seconds.append(delay)

    monkeypatch.setattr("time.sleep", seconds.append)
    monkeypatch.setattr("anyio.sleep", nap)
    return seconds


def answer(wanted: Answer, request: httpx.Request) -> httpx.Response:
    """Make an answer from its short form: a status, a body (then 200), or a tuple of status, body and headers."""
    if isinstance(wanted, Exception):
        raise wanted
    if callable(wanted):
        return wanted(request)
    if isinstance(wanted, int):
        return httpx.Response(wanted)
    status, body, *rest = wanted if isinstance(wanted, tuple) else (200, wanted)
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return httpx.Response(status, content=content, headers=rest[0] if rest else None)


class Server:
    """A server that gives prepared answers, one a request, the last one from then on, and keeps what it was sent."""

    def __init__(self, answers: tuple[Answer, ...]) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return answer(self.answers.pop(0) if len(self.answers) > 1 else self.answers[0], request)

    @property
    def request(self) -> httpx.Request:
        """The only request it was sent."""
        (only,) = self.requests
        return only

    @property
    def body(self) -> Any:
        """The JSON body of the only request."""
        return json.loads(self.request.content)

    def vinr(self, **settings: Any) -> VinrClient:
        """A client of this server."""
        return VinrClient(**{"api_key": "sk_test_1", "base_url": "http://vinr.test", **settings})

    def spree(self, **settings: Any) -> SpreeClient:
        """A client of this server."""
        return SpreeClient(**{"base_url": "http://spree.test", "token": "admin-token", **settings})

    def async_vinr(self, **settings: Any) -> AsyncVinrClient:
        """A client of this server."""
        return AsyncVinrClient(**{"api_key": "sk_test_1", "base_url": "http://vinr.test", **settings})

    def async_spree(self, **settings: Any) -> AsyncSpreeClient:
        """A client of this server."""
        return AsyncSpreeClient(**{"base_url": "http://spree.test", "token": "admin-token", **settings})


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    """Starts a server with these answers. It stands where httpx would open connections: nothing leaves the process."""
    with respx.mock(assert_all_called=False) as router:

        def start(*answers: Answer) -> Server:
            server = Server(answers)
            router.route().mock(side_effect=server)
            return server

        yield start


@pytest.fixture
def credit() -> dict[str, Any]:
    """A VINR credit as an answer holds it."""
    return {
        "id": "sc_4Bk9mQ",
        "customer": "cust_8aZ2",
        "amount": 1000,
        "currency": "USD",
        "balance_remaining": 750,
        "expires_at": 1893456000,
        "created": 1780000000,
    }


@pytest.fixture
def store_credit() -> dict[str, Any]:
    """A Spree credit, whole, as the document of an answer holds it."""
    return {
        "data": {
            "id": "7",
            "type": "store_credit",
            "attributes": {
                "amount": "25.0",
                "amount_used": "0.0",
                "amount_authorized": "10.5",
                "memo": None,
                "currency": "USD",
                "originator_type": None,
                "deleted_at": None,
                "created_at": "2026-11-22T02:19:23.126Z",
                "updated_at": "2026-11-22T02:19:24.000Z",
                "public_metadata": {},
                "private_metadata": {"ticket": 42},
                "display_amount": "$25.00",
                "display_amount_used": "$0.00",
            },
            "relationships": {
                "user": {"data": {"id": "2", "type": "user"}},
                "created_by": {"data": {"id": "5", "type": "admin_user"}},
                "store_credit_category": {"data": {"id": "4", "type": "store_credit_category"}},
                "store_credit_type": {"data": None},
                "store_credit_events": {"data": [{"id": "71", "type": "store_credit_event"}]},
            },
        }
    }


@pytest.fixture(scope="session")
def recorded() -> Callable[[str], Any]:
    """Gives the body a real Spree server answered with, by the name of its recording."""

    def body(name: str) -> Any:
        return json.loads((RECORDINGS / f"{name}.json").read_text("utf-8"))["response"]["body"]

    return body


@pytest.fixture
def choose_json_library(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Has responses read with the extra `fast` ("msgspec") or without it ("standard library")."""

    def choose(library: str) -> None:
        if library == "msgspec":
            pytest.importorskip("msgspec", reason="the extra `fast` is not installed")
        else:
            monkeypatch.setitem(sys.modules, "msgspec", None)
            monkeypatch.setitem(sys.modules, "msgspec.json", None)
        monkeypatch.setattr(codec, "_decode", None)

    return choose


@pytest.fixture(params=["msgspec", "standard library"])
def json_library(request: pytest.FixtureRequest, choose_json_library: Callable[[str], None]) -> str:
    """Each of the two ways to read a response."""
    choose_json_library(request.param)
    return str(request.param)
