"""Benches for the mock's Spree API v3."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from store_credit_mock import Contract, Engine, Options
from v3bench import V3Bench


@pytest.fixture
def v3_of(store_credit_mock_contract: Contract) -> Iterator[Callable[..., V3Bench]]:
    """Make benches of a version, with options; observing unless asked otherwise, as the real servers take all."""
    made: list[Engine] = []

    def make(profile: str = "5.6", **options: Any) -> V3Bench:
        chosen = {"seed": 1, "strict": False, "spree_v3_profile": profile, **options}
        engine = Engine(store_credit_mock_contract, None, Options(**chosen))
        made.append(engine)
        return V3Bench(engine)

    yield make
    for engine in made:
        engine.close()


@pytest.fixture(params=["5.5", "5.6", "6.0-alpha", "6.0-alpha+ledger", "6.0"])
def v3(request: pytest.FixtureRequest, v3_of: Callable[..., V3Bench]) -> V3Bench:
    """A shop of every version in turn."""
    return v3_of(request.param)
