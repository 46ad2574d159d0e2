"""Categories of credits, which 5.x has and 6.0 has not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from store_credit_mock.storage import Row
from store_credit_mock.systems.call import Call
from store_credit_mock.systems.spree_v3.tables import next_id

__all__ = ["COLUMNS", "Category", "add", "find", "first", "read"]

COLUMNS: Final = "id, name, created_at, updated_at"
_SELECT: Final = f"SELECT {COLUMNS} FROM spree_v3_category WHERE sandbox = ?"  # noqa: S608


@dataclass(frozen=True, slots=True)
class Category:
    """A row; times are Unix milliseconds."""

    id: int
    name: str
    created_at: int
    updated_at: int


def read(row: Row) -> Category:
    """A category from a row in the order of `COLUMNS`."""
    return Category(*row)


def find(call: Call, category_id: int | None) -> Category | None:
    """A category by number."""
    row = None if category_id is None else call.db.one(f"{_SELECT} AND id = ?", (call.sandbox.name, category_id))
    return None if row is None else Category(*row)


def first(call: Call) -> Category | None:
    """The category a credit gets that names none: the first."""
    row = call.db.one(f"{_SELECT} ORDER BY id LIMIT 1", (call.sandbox.name,))
    return None if row is None else Category(*row)


def add(call: Call, name: str) -> Category:
    """Add a category."""
    category = Category(next_id(call, "category"), name, call.now, call.now)
    call.db.run(
        f"INSERT INTO spree_v3_category (sandbox, {COLUMNS}) VALUES (?, ?, ?, ?, ?)",  # noqa: S608
        (call.sandbox.name, category.id, name, category.created_at, category.updated_at),
    )
    return category
