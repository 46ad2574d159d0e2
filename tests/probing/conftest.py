"""The mocks that are probed, and how long."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx
import pytest

from contract import Document
from store_credit_mock import Contract, Engine, Options
from store_credit_mock.control import Control
from store_credit_mock.transport import EngineTransport

from .mutants import Mutant
from .scenarios import Target
from .world import SPREE_TOKEN, VINR_KEY

Engines = Callable[..., Engine]
Targets = Callable[[Engine | Mutant], Target]


@pytest.fixture(scope="session")
def document() -> Document:
    """`openapi.yaml`, read once."""
    return Document.read()


@pytest.fixture(scope="session")
def long(request: pytest.FixtureRequest) -> bool:
    """Whether `--hypothesis-profile=long` asks for the long run."""
    return request.config.getoption("--hypothesis-profile") == "long"


@pytest.fixture
def engine_of(store_credit_mock_contract: Contract) -> Iterator[Engines]:
    """Make engines; they are closed at the end."""
    made: list[Engine] = []

    def make(*, strict: bool = True) -> Engine:
        options = Options(seed=1, strict=strict, spree_token=SPREE_TOKEN)
        made.append(Engine(store_credit_mock_contract, None, options))
        return made[-1]

    yield make
    for engine in made:
        engine.close()


@pytest.fixture
def target_of() -> Iterator[Targets]:
    """Make the target of the scenarios out of an engine or a mutant."""
    clients: list[httpx.Client] = []

    def make(mock: Engine | Mutant) -> Target:
        control = Control.inside(mock.engine if isinstance(mock, Mutant) else mock)
        transport = EngineTransport(mock)  # pyright: ignore[reportArgumentType]
        vinr = httpx.Client(transport=transport, base_url="http://vinr.test", headers={"X-Api-Key": VINR_KEY})
        bearer = {"Authorization": f"Bearer {SPREE_TOKEN}"}
        spree = httpx.Client(transport=transport, base_url="http://spree.test", headers=bearer)
        clients.extend((vinr, spree))
        return target(control, vinr, spree)

    yield make
    for client in clients:
        client.close()


def target(control: Control, vinr: httpx.Client, spree: httpx.Client) -> Target:
    """What the scenarios need of a mock, with its control plane for what the document has no operation for."""

    def buy(customer: str, amount: int, currency: str) -> None:
        control.vinr.buy(customer, amount, currency)

    def order(user: str, amount: str) -> None:
        cart = control.spree.create_cart(user_id=int(user), currency="USD")
        control.spree.add_item(cart["number"], price=amount)
        spree.post(
            "/api/v2/storefront/checkout/add_store_credit",
            json={},
            headers={"Authorization": "", "X-Spree-Order-Token": cart["token"]},
        )
        control.spree.complete(cart["number"])

    return Target(vinr, spree, buy=buy, order=order)
