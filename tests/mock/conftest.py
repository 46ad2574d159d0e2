"""Fixtures of the mock's tests: engines that raise their own defects."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Any

import pytest

from benches import Bench, Maker
from control_document import ResponseValidator
from store_credit_mock import Contract, Engine, Options, Request, Response, Storage
from store_credit_mock.control.dispatcher import ControlPlane


@pytest.fixture(scope="session", autouse=True)
def control_responses() -> Iterator[ResponseValidator]:
    """Validate every response of a control plane in this process against the plane's own document."""
    validator, handle = ResponseValidator(), ControlPlane.handle_steps

    def checked(plane: ControlPlane, request: Request) -> Generator[float, None, Response]:
        response = yield from handle(plane, request)
        validator.check(plane, request, response)
        return response

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ControlPlane, "handle_steps", checked)
        yield validator


@pytest.fixture
def bench_of(store_credit_mock_contract: Contract) -> Iterator[Maker]:
    """Make engines with options; they are closed at the end."""
    made: list[Engine] = []

    def make(storage: Storage | None = None, **options: Any) -> Bench:
        options.setdefault("seed", 1)
        engine = Engine(store_credit_mock_contract, storage, Options(**options))
        made.append(engine)
        return Bench(engine)

    yield make
    for engine in made:
        engine.close()


@pytest.fixture
def bench(bench_of: Maker) -> Bench:
    """A strict, seeded engine in memory."""
    return bench_of()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a real PostgreSQL server; tests that need one are skipped where none can be started."""
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    from postgres import NoPostgresError, server

    try:
        with server() as address:
            yield address
    except NoPostgresError as error:
        pytest.skip(f"no PostgreSQL: {error}")


@pytest.fixture
def database(postgres: str) -> str:
    """The address of an empty database."""
    from postgres import new_database

    return new_database(postgres)
