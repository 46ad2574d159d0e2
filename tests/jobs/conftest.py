"""Fixtures of the tests of jobs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


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
