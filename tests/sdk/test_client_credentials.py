"""`ClientCredentials` against the mock's token endpoint: tokens that end, refusals, an endpoint that is down."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from inspect import isawaitable
from typing import Any

import pytest

pytest.importorskip("store_credit_mock", reason="the mock is not installed here")

from store_credit import (
    AsyncClientCredentials,
    AsyncSpreeClient,
    AuthenticationError,
    ClientCredentials,
    ServerError,
    SpreeClient,
    ValidationError,
)
from store_credit._core.oauth import TOKEN_PATH
from store_credit_mock import Engine, Options
from store_credit_mock.contract import Document
from store_credit_mock.core.faults import Fault
from store_credit_mock.in_process import InProcess

TOKEN = "spree.oauth.token"
LIST = "spree.store_credits.list"
SHOP = "https://shop.example.com"


@pytest.fixture
def mock() -> Iterator[InProcess]:
    """A sandbox with the applications that every one has."""
    engine = Engine(options=Options(seed=1))
    engine.raise_errors = True
    yield InProcess(engine)
    engine.close()


class Shop:
    """A client whose token comes from client credentials, sync or async, and what it asked."""

    def __init__(self, mock: InProcess, *, asynchronous: bool, name: str = "back-office", **credentials: Any) -> None:
        self.mock = mock
        http: Any = mock.async_http_client() if asynchronous else mock.http_client()
        settings: dict[str, Any] = {"base_url": SHOP, "http_client": http, "max_retries": 0}
        secret = credentials.pop("secret", f"{name}-test-secret")
        fetch = (AsyncClientCredentials if asynchronous else ClientCredentials)(
            f"{name}-test-id", secret, **{**settings, **credentials}
        )
        self.client: Any = (AsyncSpreeClient if asynchronous else SpreeClient)(token=fetch, **settings)

    async def list(self) -> None:
        """List once."""
        await self._ended(self.client.store_credits.list())

    async def create(self) -> None:
        """Create a type."""
        await self._ended(self.client.store_credit_types.create(name="x", priority=1))

    async def _ended(self, made: Any) -> None:
        """Await what the async client gives."""
        if isawaitable(made):
            await made

    def asked(self) -> list[tuple[str, int]]:
        """Operation and status of each exchange since the last time."""
        found = [(one.operation, one.response.status) for one in self.mock.exchanges]
        self.mock.control.clear_exchanges()
        return found


Make = Callable[..., Shop]


@pytest.fixture(params=["sync", "async"])
def shop_of(request: pytest.FixtureRequest, mock: InProcess) -> Make:
    """Make a client of either kind."""
    return lambda **more: Shop(mock, asynchronous=request.param == "async", **more)


def test_the_path_is_the_documents() -> None:
    """`ClientCredentials` is written by hand, as the document gives the operation no method."""
    operation = Document.read().operations[TOKEN]

    assert (operation.method, operation.template) == ("POST", TOKEN_PATH)
    assert "ClientCredentials" in operation.definition["x-no-sdk-method"]


@pytest.mark.anyio
async def test_one_token_lasts_until_it_ends(shop_of: Make, mock: InProcess) -> None:
    """Fetched before the first call; when it has expired or was revoked, a call fetches another and succeeds."""
    shop = shop_of()
    await shop.list()
    await shop.list()
    assert shop.asked() == [(TOKEN, 200), (LIST, 200), (LIST, 200)]
    renewed = [(LIST, 401), (TOKEN, 200), (LIST, 200)]
    mock.advance(7200)
    await shop.list()
    assert shop.asked() == renewed
    mock.control.spree.revoke_tokens(scopes="admin")
    await shop.list()
    assert shop.asked() == renewed
    assert mock.violations == []


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("credentials", "error", "said", "status"),
    [
        ({"secret": "not-the-secret"}, AuthenticationError, "invalid_client", 401),
        ({"name": "reader"}, ValidationError, "invalid_scope", 400),
    ],
)
async def test_what_the_endpoint_refuses_is_not_asked_for_again(
    shop_of: Make, credentials: Any, error: type[Exception], said: str, status: int
) -> None:
    """The error says why, and shows no secret; nothing reaches the Platform API."""
    shop = shop_of(**credentials)
    with pytest.raises(error, match=said) as raised:
        await shop.list()

    assert shop.asked() == [(TOKEN, status)]
    assert "not-the-secret" not in f"{raised.value!r} {raised.value}"


@pytest.mark.anyio
async def test_a_token_for_reading_does_not_write(shop_of: Make) -> None:
    """The Platform API answers 401: another token is tried, which cannot help, and then the error is the caller's."""
    shop = shop_of(name="reader", scope="read")
    await shop.list()
    with pytest.raises(AuthenticationError, match="write admin"):
        await shop.create()

    create = ("spree.store_credit_types.create", 401)
    assert shop.asked() == [(TOKEN, 200), (LIST, 200), create, (TOKEN, 200), create]


@pytest.mark.anyio
async def test_an_endpoint_that_is_down_for_a_moment(shop_of: Make, mock: InProcess) -> None:
    """A token does nobody harm that is asked for twice: with retries a 503 and a lost response are asked for again."""
    mock.engine.faults.add(Fault(TOKEN, status=503, nth=1))
    with pytest.raises(ServerError):
        await shop_of().list()
    mock.control.clear_exchanges()

    mock.engine.faults.clear()
    mock.engine.faults.add(Fault(TOKEN, status=503, nth=1))
    mock.engine.faults.add(Fault(TOKEN, drop=True, when="after", nth=2))
    shop = shop_of(max_retries=2)
    await shop.list()
    assert [operation for operation, _ in shop.asked()] == [TOKEN, TOKEN, TOKEN, LIST]
