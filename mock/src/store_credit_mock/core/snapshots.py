"""Named snapshots of a sandbox, kept beside it in the storage: taken once, restored as often as a test likes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any, Final, cast

import orjson

from store_credit_mock.core.engine import BaseEngine
from store_credit_mock.operation_names import known_name
from store_credit_mock.storage import SNAPSHOTS
from store_credit_mock.systems.call import Call
from store_credit_mock.systems.json_types import Count

__all__ = ["NamedSnapshot", "Snapshots"]

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


@dataclass(frozen=True)
class NamedSnapshot:
    """A stored snapshot."""

    name: Annotated[str, "Its name."]
    at: Annotated[int, "The sandbox's time when the snapshot was taken, in Unix milliseconds."]
    rows: Annotated[Count, "The number of rows in all tables."]


class Snapshots:
    """The named snapshots of one engine's sandbox. They outlive a reset, and the process if the sandbox does.

    Args:
        engine: Whose.
    """

    def __init__(self, engine: BaseEngine) -> None:
        self._engine = engine

    def save(self, name: str) -> NamedSnapshot:
        """Keep everything the sandbox holds under a name, in place of what had the name before.

        Raises:
            StorageError: The storage has no room for a second copy, or fails.
            ValueError: The name is not valid.
        """
        if not _NAME.fullmatch(name):
            raise ValueError(
                f"{name[:200]!r} is not a valid snapshot name: use 1 to 100 characters from A-Z, a-z, 0-9 and ._-,"
                " beginning with a letter or digit"
            )
        engine = self._engine

        def work(call: Call) -> NamedSnapshot:
            sandbox, db = engine.sandbox, engine.storage
            db.drop_copy(engine.tables, sandbox.name, name)
            rows = db.keep_copy(engine.tables, sandbox.name, name)
            db.run(
                f"INSERT INTO {SNAPSHOTS.name} (sandbox, name, at_ms, row_count, state) VALUES (?, ?, ?, ?, ?)",  # noqa: S608
                (sandbox.name, name, call.now, rows, orjson.dumps(sandbox.state()).decode()),
            )
            return NamedSnapshot(name, call.now, rows)

        return engine.transaction(work)

    def restore(self, name: str) -> None:
        """Make the sandbox what it was when the snapshot was taken, but for faults, exchanges and coverage.

        Raises:
            StorageError: The storage fails.
            UnknownNameError: There is no snapshot of this name.
        """
        engine = self._engine

        def work(_: Call) -> dict[str, Any]:
            state = self._find(name)
            engine.storage.restore_copy(engine.tables, engine.sandbox.name, name)
            return orjson.loads(state)

        engine.become(work)

    def all(self) -> list[NamedSnapshot]:
        """List them by name."""
        rows = self._engine.storage.all(
            f"SELECT name, at_ms, row_count FROM {SNAPSHOTS.name} WHERE sandbox = ? ORDER BY name",  # noqa: S608
            (self._engine.sandbox.name,),
        )
        return [NamedSnapshot(*row) for row in rows]

    def remove(self, name: str) -> None:
        """Remove one.

        Raises:
            UnknownNameError: There is no snapshot of this name.
        """
        self._find(name)
        self._engine.storage.drop_copy(self._engine.tables, self._engine.sandbox.name, name)

    def _find(self, name: str) -> str:
        row = self._engine.storage.one(
            f"SELECT state FROM {SNAPSHOTS.name} WHERE sandbox = ? AND name = ?",  # noqa: S608
            (self._engine.sandbox.name, name),
        )
        if row is None:
            known_name(name, {one.name for one in self.all()}, "snapshot")  # refuses it
        return cast("Any", row)[0]
