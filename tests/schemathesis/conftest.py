"""The mocks that are probed, and how long."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from http_library import httpx
from mutants import Mutant
from store_credit_mock import Contract, Engine, Options
from store_credit_mock.contract import Document
from store_credit_mock.control import Control
from store_credit_mock.httpx_transport import EngineTransport
from store_credit_mock.systems.outbox import Delivery
from store_credit_mock.systems.spree_v3 import webhook_deliveries as spree_deliveries
from store_credit_mock.systems.system import System
from store_credit_mock.systems.vinr import webhook_deliveries as vinr_deliveries
from store_credit_mock.verify.created_records import CreatedRecords
from store_credit_mock.verify.credentials import Credentials
from store_credit_mock.verify.scenarios import Target
from store_credit_mock.verify.systems import KNOWN

from .world import SPREE_TOKEN, SPREE_V3_KEY, VINR_KEY

Engines = Callable[..., Engine]
Targets = Callable[[Engine | Mutant], list[Target]]


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

    def make(*, strict: bool = True, systems: Sequence[System] | None = None, **of_systems: str) -> Engine:
        keys: dict[str, Any] = {} if systems is not None else {"spree_v3_secret_key": SPREE_V3_KEY, **of_systems}
        options = Options(seed=1, strict=strict, spree_token=SPREE_TOKEN, **keys)
        made.append(Engine(store_credit_mock_contract, None, options, systems=systems))
        return made[-1]

    yield make
    for engine in made:
        engine.close()


@pytest.fixture
def target_of() -> Iterator[Targets]:
    """Make the targets of the scenarios out of an engine or a mutant."""
    clients: list[httpx.Client] = []

    def make(mock: Engine | Mutant) -> list[Target]:
        engine = mock.engine if isinstance(mock, Mutant) else mock
        control = Control.inside(engine.control)
        transport = EngineTransport(mock)  # pyright: ignore[reportArgumentType]
        made: list[Target] = []
        for name, kind in KNOWN.items():
            system = kind(name, engine.contract)
            given = {"VINR_SECRET_KEY": VINR_KEY, "SPREE_TOKEN": SPREE_TOKEN, "SPREE_ADMIN_KEY": SPREE_V3_KEY}
            secrets = Credentials(given)
            base_url = f"http://{system.name.replace('_', '-')}.test"
            client = httpx.Client(transport=transport, base_url=base_url, headers=system.headers(secrets))
            clients.append(client)
            ids = {one.name: one.default for one in system.arguments if one.default is not None}
            mail = mailbox(engine)
            made.append(Target(system.name, client, CreatedRecords(system), ids, control, "http://receiver.test", mail))
        return made

    yield make
    for client in clients:
        client.close()


def mailbox(engine: Engine) -> Callable[[], tuple[bytes, dict[str, str]] | None]:
    """Deliver what is due, and give out one delivery after another."""
    came: list[tuple[bytes, dict[str, str]]] = []

    def take(delivery: Delivery) -> int:
        came.append((delivery.body, {name.lower(): value for name, value in delivery.headers.items()}))
        return 200

    def received() -> tuple[bytes, dict[str, str]] | None:
        for outbox in (vinr_deliveries.OUTBOX, spree_deliveries.OUTBOX):
            outbox.deliver(engine, take)
        return came.pop(0) if came else None

    return received
