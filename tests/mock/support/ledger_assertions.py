"""What the state machines share that try to break the books of either system."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from store_credit_mock import Engine
from store_credit_mock.control.models import Invariants
from store_credit_mock.ledger import Entry
from store_credit_mock.systems.ledger_store import read_entries

if TYPE_CHECKING:
    import pytest

__all__ = ["FINE", "Journal", "broken_rules", "plant", "search"]

FINE = Invariants(holds=True, broken=[], allowed=[])
"""What the live check says of books that are right."""

LONG = 20_000
"""Examples in a long run, of 50 steps each."""


def search(machine: type[RuleBasedStateMachine], request: pytest.FixtureRequest, short: int) -> None:
    """Let a machine try: the same few examples in every run of the tests, new ones with `--hypothesis-profile=long`."""
    long = request.config.getoption("--hypothesis-profile") == "long"
    chosen = settings(
        max_examples=LONG if long else short,
        stateful_step_count=50,
        derandomize=not long,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        database=None,
    )
    run_state_machine_as_test(machine, settings=chosen)  # pyright: ignore[reportUnknownMemberType]


class Journal:
    """Sees that entries are only ever added: what was read once stays what it was, until a snapshot is restored."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._seen: dict[tuple[str, int], Entry] = {}

    def read(self) -> Iterable[Entry]:
        """Every entry as it is now."""
        return self._engine.transaction(lambda call: list(read_entries(call.db, call.sandbox.name)), write=False)

    def check(self) -> None:
        """Compare with what was read before."""
        now = {(entry.account, entry.number): entry for entry in self.read()}
        assert now.items() >= self._seen.items(), "an entry was changed or deleted"
        self._seen = now

    def forget(self) -> None:
        """The entries of another time are there now."""
        self._seen = {}


def plant(engine: Engine, breach: Sequence[str] | Callable[[Any], None]) -> None:
    """Break the books behind the mock's back: with SQL, or with something to be done in a transaction."""

    def work(call: Any) -> None:
        if callable(breach):
            breach(call)
            return
        for sql in breach:
            assert call.db.run(sql) != 0, f"changed nothing: {sql}"

    engine.transaction(work)


def broken_rules(found: Invariants) -> set[str]:
    """The names of what is broken."""
    return {finding.rule for finding in found.broken}
