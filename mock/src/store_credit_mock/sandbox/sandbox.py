"""One isolated world inside a storage: counters, clock and settings that live with its rows."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from hashlib import blake2b
from typing import Any, Final, cast

import orjson

from store_credit_mock.sandbox.clock import LATEST, SEEDED_START, Clock, Moment
from store_credit_mock.sandbox.options import Options
from store_credit_mock.sandbox.random_ids import random_hex
from store_credit_mock.storage import Storage, StorageError, Table

__all__ = ["STATE", "TABLE", "Sandbox"]

TABLE: Final = Table(
    "mock_sandbox",
    {"name": "TEXT", "counter": "BIGINT", "ordinal": "BIGINT", "clock": "TEXT", "settings": "TEXT"},
    key=("name",),
)

STATE: Final = {
    "type": "object",
    "required": ["counter", "ordinal", "clock", "settings"],
    "properties": {
        "counter": {"type": "integer", "minimum": 0, "maximum": 2**63 - 1},
        "ordinal": {"type": "integer", "minimum": 0, "maximum": 2**63 - 1},
        "clock": {
            "type": "object",
            "required": ["mode", "start", "offset"],
            "properties": {
                "mode": {"type": "string", "enum": ["real", "frozen", "stepping"]},
                "start": {"type": "integer", "minimum": -LATEST, "maximum": LATEST},
                "offset": {"type": "integer", "minimum": -LATEST, "maximum": LATEST},
            },
        },
        "settings": {"type": "object", "additionalProperties": True},
    },
}
"""JSON Schema of a sandbox's own part of a snapshot."""


class Sandbox:
    """One isolated world inside a storage.

    Attributes:
        name: On every row that belongs to it.
        options: How it behaves.
        of_systems: The value of each option of its systems.
        clock: Its time.
        settings: Small settings of the systems that live with the sandbox (which payment method is active); JSON values
            by name. Change them with `set_extra` inside a write transaction.
        named: Whether it is only for requests that name it.
        gone: Whether it was removed.
    """

    __slots__ = (
        "_dirty",
        "_key",
        "_saved",
        "clock",
        "counter",
        "gone",
        "in_flight",
        "name",
        "named",
        "of_systems",
        "options",
        "ordinal",
        "process_cache",
        "settings",
    )

    def __init__(
        self,
        name: str,
        options: Options,
        of_systems: Mapping[str, Any] | None = None,
        machine: Callable[[], float] = time.time,
    ) -> None:
        self.name = name
        self.named = self.gone = False
        self.options = options
        self.of_systems: Mapping[str, Any] = of_systems or {}
        self._key = None if options.seed is None else f"{options.seed}".encode()[:64]
        self.clock = Clock(
            "real" if self._key is None else "stepping", 0 if self._key is None else SEEDED_START, machine
        )
        self.counter = 0
        self.ordinal = 0
        self.settings: dict[str, Any] = {}
        self.process_cache: dict[str, Any] = {}
        """What a system remembers in this process only (the buckets of a limiter); gone with a reset."""
        self.in_flight: set[object] = set()
        """`(operationId, idempotency key)` of each request that a planned delay holds ahead of its handler."""
        self._dirty = False
        self._saved: tuple[int, dict[str, Any], Moment] | None = None

    @property
    def seeded(self) -> bool:
        """Whether everything comes out the same again."""
        return self._key is not None

    @property
    def key_prefix(self) -> str:
        """What tokens of this sandbox begin with, so that they lead to it: `sandbox_NAME_`, or nothing."""
        return f"sandbox_{self.name}_" if self.named and "_" not in self.name else ""

    def next(self) -> int:
        """The next number of this sandbox, from 1. Only inside a write transaction; rolled back with it."""
        self.counter += 1
        return self.counter

    def random_id(self, purpose: str, number: int | None = None, length: int = 20) -> str:
        """Make hexadecimal digits that nobody has had before, at most 128 of them.

        Args:
            purpose: Keeps the ids of different things apart under a seed.
            number: Under a seed the digits follow from purpose and number; None takes `next()`.
            length: How many digits.
        """
        if self._key is None:
            return random_hex(length)
        if number is None:
            number = self.next()
        return blake2b(f"{purpose}:{number}".encode(), key=self._key, digest_size=(length + 1) // 2).hexdigest()[
            :length
        ]

    def random(self, purpose: str, number: int) -> float:
        """A number from 0 up to 1, the same again under a seed."""
        if self._key is None:
            return int.from_bytes(os.urandom(7)) / (1 << 56)
        return int.from_bytes(blake2b(f"{purpose}:{number}".encode(), key=self._key, digest_size=7).digest()) / (
            1 << 56
        )

    def setting(self, name: str, default: Any = None) -> Any:
        """A setting of a system."""
        return self.settings.get(name, default)

    def set_setting(self, name: str, value: Any) -> None:
        """Change a setting; kept with the transaction."""
        self.settings = {**self.settings, name: value}
        self._dirty = True

    def mark_dirty(self) -> None:
        """Say that the clock was changed, so that the change is kept with the transaction."""
        self._dirty = True

    def state(self) -> dict[str, Any]:
        """Everything of it, for a snapshot."""
        return {
            "counter": self.counter,
            "ordinal": self.ordinal,
            "clock": self.clock.state(),
            "now": self.clock.now(),
            "settings": self.settings,
        }

    def set_state(self, state: dict[str, Any]) -> None:
        """Become what `state` said, within a write transaction; a seeded sandbox goes on with its numbers of then."""
        self.counter = int(state["counter"])
        self.settings = dict(state["settings"])
        if self.seeded:
            self.ordinal = int(state["ordinal"])
        self.clock.restore(state["clock"])
        self.clock.step(self.ordinal)
        self._dirty = True

    def start_over(self) -> None:
        """Become new, within a write transaction."""
        self.counter = 0
        self.ordinal = 0
        self.settings = {}
        self.process_cache.clear()
        self.clock.mode = "stepping" if self.seeded else "real"
        self.clock.start, self.clock.offset = (SEEDED_START if self.seeded else 0), 0
        self.clock.step(0)
        self._dirty = True

    # Kept beside the rows

    def load(self, db: Storage, *, hold: bool = True) -> bool:
        """Read what is kept; False if the storage does not know this sandbox yet.

        With a storage that several processes share this also holds the others off until the transaction ends, unless
        `hold` is False, as in a transaction that only reads.
        """
        self._saved = None
        sql = "SELECT counter, ordinal, clock, settings FROM mock_sandbox WHERE sandbox = ?"
        row = db.one(sql + (db.for_update if hold else ""), (self.name,))
        if row is None:
            return False
        try:
            clock, settings = orjson.loads(row[2]), orjson.loads(row[3])
        except orjson.JSONDecodeError as error:
            text = f"sandbox {self.name}: its clock and settings are damaged ({error}); restore a copy of the storage"
            raise StorageError(text) from error
        self.counter = cast("int", row[0])
        self.ordinal = max(self.ordinal, cast("int", row[1]))
        self.clock.restore(clock)
        self.settings = settings
        self._dirty = False
        return True

    def begin(self, db: Storage) -> None:
        """Call when a write transaction begins: saves the state to return to on rollback."""
        if db.persistent and not self.load(db):
            self.gone = True
            raise StorageError(f"the sandbox {self.name} was removed by another process; send the request again")
        clock = self.clock
        self._saved = (self.counter, self.settings, (clock.mode, clock.start, clock.offset))

    def save(self, db: Storage) -> None:
        """Write what changed, before the commit."""
        if not db.persistent or self._saved is None:
            return
        if self._dirty:
            clock, settings = orjson.dumps(self.clock.state()).decode(), orjson.dumps(self.settings).decode()
            db.run(
                "UPDATE mock_sandbox SET counter = ?, ordinal = ?, clock = ?, settings = ? WHERE sandbox = ?",
                (self.counter, self.ordinal, clock, settings, self.name),
            )
            self._dirty = False
        elif self.counter != self._saved[0]:
            db.run(
                "UPDATE mock_sandbox SET counter = ?, ordinal = ? WHERE sandbox = ?",
                (self.counter, self.ordinal, self.name),
            )

    def committed(self) -> None:
        """Call after commit: drops the saved state, so that a later rollback cannot undo it."""
        self._saved = None

    def rolled_back(self) -> None:
        """Call after rollback: restores the saved state."""
        if self._saved is not None:
            self.counter, self.settings, moment = self._saved
            self.clock.mode, self.clock.start, self.clock.offset = moment
            self._saved = None
        self._dirty = False

    def create(self, db: Storage) -> None:
        """Write the row of a new sandbox, within a write transaction; what follows is kept with it."""
        self._saved = (self.counter, self.settings, (self.clock.mode, self.clock.start, self.clock.offset))
        self._dirty = True
        clock, settings = orjson.dumps(self.clock.state()).decode(), orjson.dumps(self.settings).decode()
        db.run(
            "INSERT INTO mock_sandbox (sandbox, name, counter, ordinal, clock, settings) VALUES (?, ?, ?, ?, ?, ?)",
            (self.name, self.name, self.counter, self.ordinal, clock, settings),
        )
