"""Categories and types of store credit: names that credits point to (spree.md section 5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from store_credit_mock.systems.call import Call
from store_credit_mock.systems.spree.tables import next_id

__all__ = ["CATEGORY", "TYPE", "Named", "NamedTable", "expiry_type"]


@dataclass(slots=True)
class Named:
    """A category or a type; a category has no priority. Times are Unix milliseconds."""

    id: int
    name: str
    priority: int | None
    created_at: int
    updated_at: int


@dataclass(frozen=True, slots=True)
class NamedTable:
    """Where one of the two is kept."""

    table: str
    counter: str
    prioritised: bool

    @property
    def columns(self) -> str:
        """As `Named` has them."""
        return f"id, name, {'priority' if self.prioritised else 'NULL'}, created_at, updated_at"

    def find(self, call: Call, identity: int | None) -> Named | None:
        """One record."""
        if identity is None:
            return None
        sql = f"SELECT {self.columns} FROM {self.table} WHERE sandbox = ? AND id = ?"  # noqa: S608
        row = call.db.one(sql, (call.sandbox.name, identity))
        return None if row is None else Named(*row)

    def insert(self, call: Call, name: str, priority: int | None) -> Named:
        """Add a record."""
        made = Named(next_id(call, self.counter), name, priority, call.now, call.now)
        values: list[Any] = [call.sandbox.name, made.id, name, call.now, call.now]
        extra = ""
        if self.prioritised:
            extra = ", priority"
            values.append(priority)
        marks = ", ".join("?" * len(values))
        call.db.run(
            f"INSERT INTO {self.table} (sandbox, id, name, created_at, updated_at{extra}) VALUES ({marks})",  # noqa: S608
            values,
        )
        return made

    def save(self, call: Call, record: Named) -> None:
        """Keep a changed record."""
        extra, values = "", [record.name, record.created_at, record.updated_at]
        if self.prioritised:
            extra = ", priority = ?"
            values.append(record.priority)  # pyright: ignore[reportArgumentType]
        call.db.run(
            f"UPDATE {self.table} SET name = ?, created_at = ?, updated_at = ?{extra} WHERE sandbox = ? AND id = ?",  # noqa: S608
            (*values, call.sandbox.name, record.id),
        )

    def delete(self, call: Call, identity: int) -> None:
        """Delete for good."""
        call.db.run(f"DELETE FROM {self.table} WHERE sandbox = ? AND id = ?", (call.sandbox.name, identity))  # noqa: S608


CATEGORY: Final = NamedTable("spree_category", "store_credit_category", prioritised=False)
TYPE: Final = NamedTable("spree_type", "store_credit_type", prioritised=True)


def expiry_type(call: Call, category_id: int | None) -> int:
    """The type that 4.5 fills in: `Non-expiring` for a gift card, else `Expiring`; made if missing (section 4)."""
    category = CATEGORY.find(call, category_id)
    name = "Non-expiring" if category is not None and category.name == "Gift Card" else "Expiring"
    row = call.db.one("SELECT id FROM spree_type WHERE sandbox = ? AND name = ? ORDER BY id", (call.sandbox.name, name))
    return TYPE.insert(call, name, None).id if row is None else row[0]
