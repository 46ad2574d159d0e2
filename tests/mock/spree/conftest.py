"""Benches for the mock's Spree."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from spreebench import ADMIN, SpreeBench
from store_credit_mock import Contract, Engine, Options


@pytest.fixture
def spree_of(store_credit_mock_contract: Contract) -> Iterator[Callable[..., SpreeBench]]:
    """Make benches with options; strict unless asked otherwise."""
    made: list[Engine] = []

    def make(**options: Any) -> SpreeBench:
        engine = Engine(store_credit_mock_contract, None, Options(**{"seed": 1, "spree_token": ADMIN, **options}))
        made.append(engine)
        return SpreeBench(engine)

    yield make
    for engine in made:
        engine.close()


@pytest.fixture
def spree(spree_of: Callable[..., SpreeBench]) -> SpreeBench:
    """A strict, seeded Spree 4.5."""
    return spree_of()
