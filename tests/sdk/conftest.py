"""What the SDK's unit tests share: a clean environment, waits that pass at once, scripted and recorded responses."""

import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeAlias, cast

# The library that respx hands out requests in and takes responses in, whichever one it stands in for.
import httpx as respx_httpx
import pytest
import respx
from hypothesis import settings

from desk import Desk, fates
from echoing import creates, echoed
from http_library import httpx
from shops import Fate
from store_credit import AsyncSpreeClient, AsyncVinrClient, SpreeClient, VinrClient
from store_credit._core import codec
from store_credit._core.clock import Clock
from virtual import World

# The same examples on every machine and run.
settings.register_profile("derandomized", settings.get_profile("repository"), derandomize=True)
settings.load_profile("derandomized")

RECORDINGS = Path(__file__).parents[1] / "recordings"
OURS = ("VINR_", "SPREE_", "STORE_CREDIT_", "SSL_CERT_")
# What `scripts/test --http` sets; the run is about it.
KEPT = "STORE_CREDIT_BACKEND"

Answer: TypeAlias = "int | dict[str, Any] | tuple[Any, ...] | Exception | Callable[[httpx.Request], httpx.Response]"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment that holds no setting of ours and no proxy; the test may set its own."""
    for name in list(os.environ):
        if (name.startswith(OURS) and name != KEPT) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    return monkeypatch


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Every wait between attempts, in seconds; none is waited for, but the clients' clocks go on as if it were."""
    seconds: list[float] = []
    running = time.monotonic

    async def nap(delay: float) -> None:
        seconds.append(delay)

    def slept() -> float:
        # No sleep is shorter than asked; sums of floats may be.
        return sum(seconds) + 1e-6 * len(seconds)

    monkeypatch.setattr("time.sleep", seconds.append)
    monkeypatch.setattr("anyio.sleep", nap)
    monkeypatch.setattr(Clock, "monotonic", lambda self: running() + slept())
    monkeypatch.setattr(Clock, "now", lambda self: datetime.now(UTC) + timedelta(seconds=slept()))
    return seconds


def answer(wanted: Answer, request: httpx.Request) -> httpx.Response:
    """Make a response from its short form: a status, a body (then 200 or 201), or a tuple of status, body and headers.

    A body that is one record holds what the request says of it; see `echoing`. Bytes and functions are left alone.
    """
    if isinstance(wanted, Exception):
        raise wanted
    if callable(wanted):
        return wanted(request)
    if isinstance(wanted, int):
        return httpx.Response(wanted)
    target = request.url.raw_path.decode()
    status, body, *rest = wanted if isinstance(wanted, tuple) else (None, wanted)
    if status is None:
        status = 201 if creates(request.method, target) else 200
    if status < 300:
        body = echoed(request.method, target, request.content, body)
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return httpx.Response(status, content=content, headers=rest[0] if rest else None)


class Requests(list[httpx.Request]):
    """What a server was sent; far fewer than this many by any test whose lists have an end."""

    MOST = 2_000

    def append(self, request: httpx.Request) -> None:
        if len(self) == self.MOST:
            pytest.fail(
                f"{self.MOST} requests were sent, the last one {request.method} {request.url}: does it never end?"
            )
        super().append(request)


class Server:
    """A server that gives prepared answers, one a request, the last one from then on, and keeps what it was sent."""

    def __init__(self, answers: tuple[Answer, ...]) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = Requests()

    def __call__(self, request: httpx.Request) -> respx_httpx.Response:
        self.requests.append(request)
        given = answer(self.answers.pop(0) if len(self.answers) > 1 else self.answers[0], request)
        stream = respx_httpx.ByteStream(b"".join(cast("Iterable[bytes]", given.stream)))
        return respx_httpx.Response(given.status_code, headers=given.headers.raw, stream=stream)

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
    """Starts a server with these responses. It stands where either library would open connections: nothing leaves."""
    with ExitStack() as stack:
        # pytest-httpx2 teaches respx the second.
        patched = [name for name in ("httpcore", "httpcore2") if find_spec(name) is not None]
        routers = [stack.enter_context(respx.mock(assert_all_called=False, using=name)) for name in patched]

        def start(*answers: Answer) -> Server:
            server = Server(answers)
            for router in routers:
                router.route().mock(side_effect=server)
            return server

        yield start


@pytest.fixture
def desk(request: pytest.FixtureRequest) -> Callable[..., Desk]:
    """Opens a shop with these fates, and a desk at it."""

    def open_(shop: type[Any], *prepared: Fate, **options: Any) -> Desk:
        world = World()
        return Desk(getattr(request, "param", "sync"), shop(world, fates(*prepared), **options), world)

    return open_


@pytest.fixture
def credit() -> dict[str, Any]:
    """A VINR credit as a response holds it."""
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
    """A Spree credit, whole, as the document of a response holds it."""
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


@pytest.fixture
def read_credit(serve: Callable[..., Any]) -> Callable[[Any], Any]:
    """Reads a credit from the body of a response."""
    return lambda body: serve(body).spree().store_credits.retrieve(body["data"]["id"])
