"""A sandbox: its clock, its ids and its options. Nothing else in the mock asks the machine for time or chance."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import formatdate
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final, Literal, cast

import orjson

from store_credit_mock.storage import StorageError, Table

if TYPE_CHECKING:
    from store_credit_mock.storage import Storage

__all__ = ["LATEST", "PROFILES", "SEEDED_START", "STATE", "TABLE", "Clock", "Options", "Sandbox"]

SEEDED_START: Final = 1_795_305_600_000
"""Where the clock of a seeded sandbox starts: 2026-11-22T00:00:00Z, in Unix milliseconds."""

PROFILES: Final = ("4.5", "4.10", "5.3")
"""The versions of Spree that can be played."""

LATEST: Final = 253_402_214_400_000
"""How far a clock is set: 9999-12-31T00:00:00Z in Unix milliseconds. Dates are written with four digits of a year."""

TABLE: Final = Table(
    "mock_sandbox",
    {"name": "TEXT", "counter": "BIGINT", "ordinal": "BIGINT", "clock": "TEXT", "extras": "TEXT"},
    key=("name",),
)


STATE: Final = {
    "type": "object",
    "required": ["counter", "ordinal", "clock", "extras"],
    "properties": {
        "counter": {"type": "integer", "minimum": 0, "maximum": 2**63 - 1},
        "ordinal": {"type": "integer", "minimum": 0, "maximum": 2**63 - 1},
        "clock": {
            "type": "object",
            "required": ["mode", "start", "offset"],
            "properties": {
                "mode": {"enum": ["real", "frozen", "stepping"]},
                "start": {"type": "integer", "minimum": -LATEST, "maximum": LATEST},
                "offset": {"type": "integer", "minimum": -LATEST, "maximum": LATEST},
            },
        },
        "extras": {"type": "object"},
    },
}
"""JSON Schema of a sandbox's own part of a snapshot."""


class _Machine:
    """Digits from the machine's chance, asked for in blocks: asking for each id costs more than the rest of it."""

    def __init__(self) -> None:
        self.forget()
        if hasattr(os, "register_at_fork"):
            # Two processes must never take the same bytes.
            os.register_at_fork(after_in_child=self.forget)

    def forget(self) -> None:
        """Use nothing of what is left of the blocks."""
        self._pieces: dict[int, list[str]] = {}

    def __call__(self, length: int) -> str:
        try:
            # Whatever is taken out is gone at once, so that no two threads get the same.
            return self._pieces[length].pop()
        except LookupError:
            block = os.urandom(2048).hex()
            pieces = [block[place : place + length] for place in range(0, len(block) - length + 1, length)]
            piece = pieces.pop()
            self._pieces[length] = pieces
            return piece


_chance_of_the_machine = _Machine()

Mode = Literal["real", "frozen", "stepping"]
_Moment = tuple[Mode, int, int]


@dataclass(frozen=True, slots=True)
class Options:
    """How a sandbox behaves; given at the start and the same for its whole life.

    Raises:
        ValueError: An option is not one that is known.

    Attributes:
        strict: Refuse what breaks the document (see the engine); False only observes.
        profile: The Spree version played: `4.5`, `4.10` or `5.3`.
        seed: Makes clock, ids and fault decisions come out the same again; None takes chance and real time.
        rate_limit: Requests per second and bucket size of VINR's limiter; None leaves limiting off.
        spree_token: The admin bearer a fresh sandbox knows; None makes one up (seeded: always the same).
        control_token: What opens the control plane; None makes one up.
        fixtures: Loaded into a fresh sandbox after the systems' own seeds: `{"vinr": {...}, "spree": {...}}`.
    """

    strict: bool = True
    profile: str = "4.5"
    seed: int | str | None = None
    rate_limit: tuple[float, int] | None = None
    spree_token: str | None = field(default=None, repr=False)
    control_token: str | None = field(default=None, repr=False)
    fixtures: dict[str, Any] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if not isinstance(cast("object", self.strict), bool):
            raise ValueError(f"strict is True or False, not {self.strict!r}")
        if self.profile not in PROFILES:
            raise ValueError(f"profile is one of {', '.join(PROFILES)}, not {self.profile!r}")
        limit: Any = self.rate_limit
        if limit is not None and (
            not isinstance(limit, tuple | list)
            or len(cast("list[Any]", limit)) != 2
            or not all(isinstance(number, int | float) for number in cast("list[Any]", limit))
            or not (0 < limit[0] < float("inf") and limit[1] >= 1)
        ):
            raise ValueError(f"rate_limit is requests per second and the size of the bucket, not {limit!r}")
        for name in ("spree_token", "control_token"):
            token: str | None = getattr(self, name)
            if token is not None and (not token or not all("!" <= letter <= "~" for letter in token)):
                raise ValueError(f"{name} is one or more visible ASCII characters, without spaces")


class Clock:
    """The sandbox's time, in Unix milliseconds (UTC).

    `real` is the machine's time plus what was advanced; `frozen` stands still; `stepping` moves 1 ms with each request,
    which is how a seeded sandbox starts.
    """

    __slots__ = ("_date", "_step", "machine", "mode", "offset", "start")

    def __init__(self, mode: Mode = "real", start: int = 0, machine: Callable[[], float] = time.time) -> None:
        self.mode: Mode = mode
        self.start = start
        self.offset = 0
        self.machine = machine
        self._step = 0
        self._date = (-1, b"")

    def now(self) -> int:
        """The time, in Unix milliseconds."""
        if self.mode == "real":
            return int(self.machine() * 1000) + self.offset
        return self.start + self.offset + (self._step if self.mode == "stepping" else 0)

    def http_date(self) -> bytes:
        """The time as a response's `Date` says it (RFC 9110, 5.6.7), by which clients reckon what the server means."""
        second = self.now() // 1000
        made, text = self._date
        if made != second:
            text = formatdate(second, usegmt=True).encode()
            # In one piece: threads share it.
            self._date = (second, text)
        return text

    def step(self, ordinal: int) -> int:
        """Take note of a request's number, and say the time of that request."""
        self._step = ordinal
        if self.mode == "real":
            return int(self.machine() * 1000) + self.offset
        return self.start + self.offset + (ordinal if self.mode == "stepping" else 0)

    def freeze(self, at: int | None = None) -> None:
        """Stand still, at a time or at the present one.

        Raises:
            ValueError: The time lies before 1970 or after 9999.
        """
        now = self.now() if at is None else at
        if not 0 <= now <= LATEST:
            raise ValueError("the clock runs from 1970-01-01 to 9999-12-31 (UTC)")
        self.mode, self.start, self.offset = "frozen", now, 0

    def advance(self, milliseconds: int) -> None:
        """Jump ahead. The clock goes on in the mode it is in.

        Raises:
            ValueError: The jump leads back, or beyond the year 9999.
        """
        if milliseconds < 0:
            raise ValueError("the clock only moves forward; freeze it to set an earlier time")
        if self.now() + milliseconds > LATEST:
            raise ValueError("the clock runs to 9999-12-31 (UTC) and not beyond")
        self.offset += milliseconds

    def resume(self, *, seeded: bool = False) -> None:
        """Run on from the present time: with the machine, or under a seed 1 ms a request."""
        now = self.now()
        if seeded:
            self.mode, self.start, self.offset = "stepping", now - self._step, 0
        else:
            self.mode, self.start, self.offset = "real", 0, now - int(self.machine() * 1000)

    def state(self) -> dict[str, Any]:
        """What `restore` takes."""
        return {"mode": self.mode, "start": self.start, "offset": self.offset}

    def restore(self, state: dict[str, Any]) -> None:
        """Go back to a state."""
        self.mode, self.start, self.offset = state["mode"], int(state["start"]), int(state["offset"])


class Sandbox:
    """One isolated world inside a storage.

    Attributes:
        name: On every row that belongs to it.
        options: How it behaves.
        clock: Its time.
        extras: Small settings of the systems that live with the sandbox (which payment method is active); JSON values
            by name. Change them with `set_extra` inside a write transaction.
    """

    __slots__ = (
        "_dirty",
        "_key",
        "_saved",
        "clock",
        "counter",
        "extras",
        "in_flight",
        "memory",
        "name",
        "options",
        "ordinal",
    )

    def __init__(self, name: str, options: Options, machine: Callable[[], float] = time.time) -> None:
        self.name = name
        self.options = options
        self._key = None if options.seed is None else f"{options.seed}".encode()[:64]
        self.clock = Clock(
            "real" if self._key is None else "stepping", 0 if self._key is None else SEEDED_START, machine
        )
        self.counter = 0
        self.ordinal = 0
        self.extras: dict[str, Any] = {}
        self.memory: dict[str, Any] = {}
        """What a system remembers in this process only (the buckets of a limiter); gone with a reset."""
        self.in_flight: set[object] = set()
        """`(operationId, idempotency key)` of each request that a planned delay holds ahead of its rule."""
        self._dirty = False
        self._saved: tuple[int, dict[str, Any], _Moment] | None = None

    @property
    def seeded(self) -> bool:
        """Whether everything comes out the same again."""
        return self._key is not None

    def next(self) -> int:
        """The next number of this sandbox, from 1. Only inside a write transaction; rolled back with it."""
        self.counter += 1
        return self.counter

    def token(self, purpose: str, number: int | None = None, length: int = 20) -> str:
        """Make hexadecimal digits that nobody has had before, at most 128 of them.

        Args:
            purpose: Keeps the ids of different things apart under a seed.
            number: Under a seed the digits follow from purpose and number; None takes `next()`.
            length: How many digits.
        """
        if self._key is None:
            return _chance_of_the_machine(length)
        if number is None:
            number = self.next()
        return blake2b(f"{purpose}:{number}".encode(), key=self._key, digest_size=(length + 1) // 2).hexdigest()[
            :length
        ]

    def chance(self, purpose: str, number: int) -> float:
        """A number from 0 up to 1, the same again under a seed."""
        if self._key is None:
            return int.from_bytes(os.urandom(7)) / (1 << 56)
        return int.from_bytes(blake2b(f"{purpose}:{number}".encode(), key=self._key, digest_size=7).digest()) / (
            1 << 56
        )

    def extra(self, name: str, default: Any = None) -> Any:
        """A setting of a system."""
        return self.extras.get(name, default)

    def set_extra(self, name: str, value: Any) -> None:
        """Change a setting; kept with the transaction."""
        self.extras = {**self.extras, name: value}
        self._dirty = True

    def touch(self) -> None:
        """Say that the clock was changed, so that the change is kept with the transaction."""
        self._dirty = True

    def state(self) -> dict[str, Any]:
        """Everything of it, for a snapshot."""
        return {
            "counter": self.counter,
            "ordinal": self.ordinal,
            "clock": self.clock.state(),
            "now": self.clock.now(),
            "extras": self.extras,
        }

    def set_state(self, state: dict[str, Any]) -> None:
        """Become what `state` said, within a write transaction; a seeded sandbox goes on with its numbers of then."""
        self.counter = int(state["counter"])
        self.extras = dict(state["extras"])
        if self.seeded:
            self.ordinal = int(state["ordinal"])
        self.clock.restore(state["clock"])
        self.clock.step(self.ordinal)
        self._dirty = True

    def start_over(self) -> None:
        """Become new, within a write transaction."""
        self.counter = 0
        self.ordinal = 0
        self.extras = {}
        self.memory.clear()
        self.clock.mode = "stepping" if self.seeded else "real"
        self.clock.start, self.clock.offset = (SEEDED_START if self.seeded else 0), 0
        self.clock.step(0)
        self._dirty = True

    # Kept beside the rows

    def opened(self, db: Storage, *, hold: bool = True) -> bool:
        """Read what is kept; False if the storage does not know this sandbox yet.

        With a storage that several processes share this also holds the others off until the transaction ends, unless
        `hold` is False, as in a transaction that only reads.
        """
        self._saved = None
        sql = "SELECT counter, ordinal, clock, extras FROM mock_sandbox WHERE sandbox = ?"
        row = db.one(sql + (db.for_update if hold else ""), (self.name,))
        if row is None:
            return False
        try:
            clock, extras = orjson.loads(row[2]), orjson.loads(row[3])
        except orjson.JSONDecodeError as error:
            text = f"sandbox {self.name}: its clock and settings are damaged ({error}): restore a copy of the storage"
            raise StorageError(text) from error
        self.counter = cast("int", row[0])
        self.ordinal = max(self.ordinal, cast("int", row[1]))
        self.clock.restore(clock)
        self.extras = extras
        self._dirty = False
        return True

    def enter(self, db: Storage) -> None:
        """Begin a write transaction's part."""
        if db.shared:
            self.opened(db)
        clock = self.clock
        self._saved = (self.counter, self.extras, (clock.mode, clock.start, clock.offset))

    def keep(self, db: Storage) -> None:
        """Write what changed, before the commit."""
        if not db.shared or self._saved is None:
            return
        if self._dirty:
            clock, extras = orjson.dumps(self.clock.state()).decode(), orjson.dumps(self.extras).decode()
            db.run(
                "UPDATE mock_sandbox SET counter = ?, ordinal = ?, clock = ?, extras = ? WHERE sandbox = ?",
                (self.counter, self.ordinal, clock, extras, self.name),
            )
            self._dirty = False
        elif self.counter != self._saved[0]:
            db.run(
                "UPDATE mock_sandbox SET counter = ?, ordinal = ? WHERE sandbox = ?",
                (self.counter, self.ordinal, self.name),
            )

    def kept(self) -> None:
        """The transaction is over and what it changed stays; a later one that fails must not take it back."""
        self._saved = None

    def forget(self) -> None:
        """Take back what this transaction changed, after a rollback."""
        if self._saved is not None:
            self.counter, self.extras, moment = self._saved
            self.clock.mode, self.clock.start, self.clock.offset = moment
            self._saved = None
        self._dirty = False

    def create(self, db: Storage) -> None:
        """Write the row of a new sandbox, within a write transaction; what follows is kept with it."""
        self._saved = (self.counter, self.extras, (self.clock.mode, self.clock.start, self.clock.offset))
        self._dirty = True
        clock, extras = orjson.dumps(self.clock.state()).decode(), orjson.dumps(self.extras).decode()
        db.run(
            "INSERT INTO mock_sandbox (sandbox, name, counter, ordinal, clock, extras) VALUES (?, ?, ?, ?, ?, ?)",
            (self.name, self.name, self.counter, self.ordinal, clock, extras),
        )
