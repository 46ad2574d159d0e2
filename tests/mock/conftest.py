"""Fixtures of the mock's tests: engines that raise their own defects."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from mockbench import Bench, Maker
from store_credit_mock import Contract, Engine, Options, Storage


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
