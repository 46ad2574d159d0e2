"""What a journal needs of a database: statements with `?`, whole transactions, and errors that say what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

__all__ = ["Database", "Value"]

Value = str | int | float | bytes | None


class Database(Protocol):
    """A connection to the database that a journal is kept in; its methods may be called from several threads.

    Raises:
        JobsError: From every method: `disk_full`, `journal_damaged`, `journal_locked`, `journal_unreachable`.
    """

    by_planned: str
    """What makes a query for planned steps `s` use the index of those, where the database has to be told."""
    by_open: str
    """Likewise, of those that are sending, unknown or held."""
    lock_claimed: str
    """What ends a query for steps `s` that are about to be claimed, so that nobody else claims them."""
    lock: str
    """Likewise, for steps that are about to be changed whoever else is at them."""
    owner: str | None
    """Who writes, where others do at the same time: about steps of its own alone. None where a lock keeps them away."""

    def all(self, sql: str, values: Sequence[Value] = ()) -> list[tuple[Any, ...]]:
        """Run a query and give all its rows."""
        ...

    def run(self, sql: str, values: Sequence[Value] = ()) -> int:
        """Run a statement and give how many rows it changed."""
        ...

    def many(self, sql: str, rows: Iterable[Sequence[Value]]) -> None:
        """Run a statement once for each row of values."""
        ...

    def transaction(self) -> AbstractContextManager[None]:
        """Keep all that is run inside, on the disk when this ends, or nothing of it where that raises."""
        ...

    def serialize(self) -> None:
        """Let no other transaction that calls this run beside this one."""
        ...

    def has(self, account: int) -> bool:
        """Whether this runner has an account, and no other until the transaction ends."""
        ...

    def close(self) -> None:
        """Let go of the database."""
        ...
