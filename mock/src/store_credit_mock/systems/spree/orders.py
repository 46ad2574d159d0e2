"""Orders and carts: rows, lines, totals and who may reach them (spree.md section 2 and 7)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import orjson

from store_credit_mock.systems.call import Call
from store_credit_mock.systems.rails.parameters import to_integer
from store_credit_mock.systems.spree import users
from store_credit_mock.systems.spree.tables import next_id

__all__ = [
    "Line",
    "Order",
    "add_line",
    "create",
    "currencies",
    "current",
    "find",
    "lines",
    "new_change",
    "recalculate",
    "save",
    "touch",
]

_NAMES: Final = (
    "id", "number", "token", "user_id", "store_id", "currency", "state", "email", "item_total", "ship_total",
    "item_count", "payment_total", "payment_state", "shipment_state", "shipment_id", "bill_address_id",
    "ship_address_id", "canceler_id", "changes", "completed_at", "canceled_at", "created_at", "updated_at",
)  # fmt: skip
_COLUMNS: Final = ", ".join(_NAMES)
_FIND: Final = f"SELECT {_COLUMNS} FROM spree_order WHERE sandbox = ?"  # noqa: S608
_INSERT: Final = f"INSERT INTO spree_order (sandbox, {_COLUMNS}) VALUES ({', '.join('?' * (len(_NAMES) + 1))})"  # noqa: S608
_UPDATE: Final = f"UPDATE spree_order SET {', '.join(f'{n} = ?' for n in _NAMES[1:])} WHERE sandbox = ? AND id = ?"  # noqa: S608
_OPEN: Final = " AND completed_at IS NULL AND canceled_at IS NULL AND store_id = 1 AND currency = ?"


@dataclass(slots=True)
class Order:
    """A row; a cart is an order that is not complete. Amounts are hundredths, times Unix milliseconds.

    Attributes:
        changes: Ids of its state changes, as JSON.
    """

    id: int
    number: str
    token: str
    user_id: int | None
    store_id: int
    currency: str
    state: str
    email: str | None
    item_total: int
    ship_total: int
    item_count: int
    payment_total: int
    payment_state: str | None
    shipment_state: str | None
    shipment_id: int | None
    bill_address_id: int | None
    ship_address_id: int | None
    canceler_id: int | None
    changes: str
    completed_at: int | None
    canceled_at: int | None
    created_at: int
    updated_at: int

    @property
    def total(self) -> int:
        """Items and shipping; never lowered by store credit (spree.md section 7)."""
        return self.item_total + self.ship_total

    @property
    def outstanding(self) -> int:
        """What is still to be paid, or to be given back if negative."""
        return -self.payment_total if self.canceled_at is not None else self.total - self.payment_total


@dataclass(slots=True)
class Line:
    """A line item."""

    id: int
    order_id: int
    variant_id: int
    quantity: int
    price: int


def find(call: Call, name: str) -> Order | None:
    """An order by its number, or else by its id (recorded: use_store_credit_by_id)."""
    row = call.db.one(_FIND + " AND number = ?", (call.sandbox.name, name))
    if row is None:
        row = call.db.one(_FIND + " AND id = ?", (call.sandbox.name, to_integer(name)))
    return None if row is None else Order(*row)


def current(call: Call, token: str | None, user_id: int | None, currency: str) -> Order | None:
    """The cart of a storefront request: by token, else the user's newest (spree.md section 2)."""
    row: Any = None
    if token:
        row = call.db.one(_FIND + _OPEN + " AND token = ?", (call.sandbox.name, currency, token))
    if row is None and user_id is not None:
        row = call.db.one(
            _FIND + _OPEN + " AND user_id = ? ORDER BY id DESC LIMIT 1", (call.sandbox.name, currency, user_id)
        )
    return None if row is None else Order(*row)


def currencies(call: Call, store_id: int = 1) -> list[str]:
    """What a store takes, its default first."""
    row = call.db.one(
        "SELECT currency, currencies FROM spree_store WHERE sandbox = ? AND id = ?", (call.sandbox.name, store_id)
    )
    if row is None:
        return []
    return [row[0], *(name for name in orjson.loads(row[1]) if name != row[0])]


def create(call: Call, user_id: int | None, currency: str, store_id: int = 1, number: str | None = None) -> Order:
    """Open a cart; its number is made up if not given."""
    user = users.find(call, user_id)
    if number is None:
        number = "R" + str(int(call.sandbox.random_id("order number", length=12), 16) % 10**9).zfill(9)
    order = Order(
        next_id(call, "order"), number,
        call.sandbox.key_prefix + call.sandbox.random_id("order token", length=40), user_id, store_id, currency, "cart",
        None if user is None else user.email, 0, 0, 0, 0, None, None, None, None, None, None, "[]", None, None,
        call.now, call.now,
    )  # fmt: skip
    call.db.run(_INSERT, (call.sandbox.name, *_row(order)))
    return order


def save(call: Call, order: Order) -> None:
    """Keep a changed order."""
    call.db.run(_UPDATE, (*_row(order)[1:], call.sandbox.name, order.id))


def touch(call: Call, order: Order) -> None:
    """Note that a payment of the order changed."""
    order.updated_at = call.now
    save(call, order)


def new_change(call: Call, kept: str) -> str:
    """Add a state change to those a record has, given and returned as JSON."""
    return orjson.dumps([*orjson.loads(kept), next_id(call, "state_change")]).decode()


def lines(call: Call, order_id: int) -> list[Line]:
    """The line items of an order by id."""
    rows = call.db.all(
        "SELECT id, order_id, variant_id, quantity, price FROM spree_line WHERE sandbox = ? AND order_id = ?"
        " ORDER BY id",
        (call.sandbox.name, order_id),
    )
    return [Line(*row) for row in rows]


def add_line(call: Call, order: Order, variant_id: int, quantity: int, price: int) -> Line:
    """Put something into a cart; the same variant adds to its line."""
    for line in lines(call, order.id):
        if (line.variant_id, line.price) == (variant_id, price):
            line.quantity += quantity
            call.db.run(
                "UPDATE spree_line SET quantity = ? WHERE sandbox = ? AND id = ?",
                (line.quantity, call.sandbox.name, line.id),
            )
            return line
    line = Line(next_id(call, "line_item"), order.id, variant_id, quantity, price)
    call.db.run(
        "INSERT INTO spree_line (sandbox, id, order_id, variant_id, quantity, price) VALUES (?, ?, ?, ?, ?, ?)",
        (call.sandbox.name, line.id, line.order_id, line.variant_id, line.quantity, line.price),
    )
    return line


def recalculate(call: Call, order: Order) -> None:
    """Add the lines up and keep the order."""
    found = lines(call, order.id)
    order.item_total = sum(line.price * line.quantity for line in found)
    order.item_count = sum(line.quantity for line in found)
    touch(call, order)


def _row(order: Order) -> tuple[Any, ...]:
    return tuple(getattr(order, name) for name in _NAMES)
