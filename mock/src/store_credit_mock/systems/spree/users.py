"""Users: whom credit belongs to, and who gave it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from store_credit_mock.systems.call import Call
from store_credit_mock.systems.spree.tables import next_id

__all__ = ["User", "add", "exists", "find", "reports"]

_FIND: Final = (
    "SELECT id, email, first_name, last_name, admin, created_at, updated_at FROM spree_user"
    " WHERE sandbox = ? AND id = ?"
)


@dataclass(slots=True)
class User:
    """A row; times are Unix milliseconds."""

    id: int
    email: str
    first_name: str | None
    last_name: str | None
    admin: int
    created_at: int
    updated_at: int


def find(call: Call, user_id: int | None) -> User | None:
    """A user by id."""
    row = None if user_id is None else call.db.one(_FIND, (call.sandbox.name, user_id))
    return None if row is None else User(*row)


def exists(call: Call, user_id: int | None) -> bool:
    """Whether there is such a user."""
    return find(call, user_id) is not None


def add(call: Call, email: str, first_name: str | None, last_name: str | None, *, admin: bool = False) -> User:
    """Add a user."""
    user = User(next_id(call, "user"), email, first_name, last_name, int(admin), call.now, call.now)
    call.db.run(
        "INSERT INTO spree_user (sandbox, id, email, first_name, last_name, admin, created_at, updated_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (call.sandbox.name, user.id, email, first_name, last_name, user.admin, call.now, call.now),
    )
    return user


def reports(call: Call, user_id: int) -> list[tuple[str, int, int]]:
    """Currency, number and sum of a user's finished orders, in the order the currencies came."""
    rows = call.db.all(
        "SELECT currency, COUNT(*), SUM(item_total + ship_total), MIN(id) FROM spree_order"
        " WHERE sandbox = ? AND user_id = ? AND completed_at IS NOT NULL GROUP BY currency ORDER BY MIN(id)",
        (call.sandbox.name, user_id),
    )
    return [(row[0], int(row[1]), int(row[2])) for row in rows]
