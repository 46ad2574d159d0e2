"""Carts and orders: rows, lines, totals, and which of the two a version keeps (spree-v3.md section 2)."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import Final

from store_credit_mock.systems.call import Call
from store_credit_mock.systems.spree_v3.profiles import profile_of
from store_credit_mock.systems.spree_v3.tables import next_id

__all__ = [
    "Line",
    "Purchase",
    "cart_kind",
    "copy_lines",
    "create",
    "delete",
    "find",
    "lines",
    "move_rows",
    "of_cart",
    "recount",
    "save",
    "set_quantity",
]

_NAMES: Final = (
    "kind", "id", "number", "token", "store_id", "customer_id", "email", "currency", "locale", "note", "state",
    "status", "item_total", "delivery_total", "quantity", "payment_total", "payment_status", "fulfillment_status",
    "bill_address", "ship_address", "fulfillment", "gift_card_id", "cart_id", "canceler_id", "completing_at",
    "completed_at", "completed_by", "canceled_at", "created_at", "updated_at",
)  # fmt: skip
_COLUMNS: Final = ", ".join(_NAMES)
_VALUES: Final = attrgetter(*_NAMES)
_FIND: Final = f"SELECT {_COLUMNS} FROM spree_v3_purchase WHERE sandbox = ?"  # noqa: S608
_INSERT: Final = f"INSERT INTO spree_v3_purchase (sandbox, {_COLUMNS}) VALUES ({', '.join('?' * (len(_NAMES) + 1))})"  # noqa: S608
_UPDATE: Final = (
    f"UPDATE spree_v3_purchase SET {', '.join(f'{name} = ?' for name in _NAMES[2:])}"  # noqa: S608
    " WHERE sandbox = ? AND kind = ? AND id = ?"
)
_LINES: Final = (
    "SELECT id, variant_id, quantity, price FROM spree_v3_line WHERE sandbox = ? AND kind = ? AND owner_id = ?"
    " ORDER BY id"
)
_FIRST_NUMBER: Final = 1000


@dataclass(slots=True)
class Purchase:
    """A row: a cart or an order. Amounts are ten-thousandths, times Unix milliseconds.

    Attributes:
        kind: `cart` or `order`; a cart of 5.x is an `order` too.
        state: The step of 5.x's checkout: `cart`, `address`, `delivery`, `payment`, `complete`.
        status: `draft`, `placed` or `canceled`.
        bill_address: JSON, or None.
        ship_address: JSON, or None.
        fulfillment: JSON, or None.
        cart_id: The cart that an order of 6.0 was made of.
        completing_at: Since when a completion holds the cart; only on 6.0.
        completed_by: Number of the request that completed it.
    """

    kind: str
    id: int
    number: str
    token: str
    store_id: int
    customer_id: int | None
    email: str | None
    currency: str
    locale: str
    note: str | None
    state: str
    status: str
    item_total: int
    delivery_total: int
    quantity: int
    payment_total: int
    payment_status: str | None
    fulfillment_status: str | None
    bill_address: str | None
    ship_address: str | None
    fulfillment: str | None
    gift_card_id: int | None
    cart_id: int | None
    canceler_id: int | None
    completing_at: int | None
    completed_at: int | None
    completed_by: int | None
    canceled_at: int | None
    created_at: int
    updated_at: int

    @property
    def total(self) -> int:
        """Items and delivery; never lowered by store credit."""
        return self.item_total + self.delivery_total

    @property
    def outstanding(self) -> int:
        """What is still to be paid, or to be given back if negative."""
        return -self.payment_total if self.status == "canceled" else self.total - self.payment_total


@dataclass(slots=True)
class Line:
    """A line item; the price is in ten-thousandths."""

    id: int
    variant_id: int
    quantity: int
    price: int


def cart_kind(call: Call) -> str:
    """The kind that a cart has in this version."""
    return "cart" if profile_of(call).is_v6 else "order"


def find(call: Call, kind: str, number: int) -> Purchase | None:
    """A purchase by its database number."""
    row = call.db.one(_FIND + " AND kind = ? AND id = ?", (call.sandbox.name, kind, number))
    return None if row is None else Purchase(*row)


def of_cart(call: Call, cart_id: int) -> Purchase | None:
    """The order that a cart of 6.0 was made into, a draft of a failed completion included."""
    row = call.db.one(_FIND + " AND kind = 'order' AND cart_id = ?", (call.sandbox.name, cart_id))
    return None if row is None else Purchase(*row)


def create(
    call: Call, kind: str, store_id: int, customer_id: int | None, email: str | None, currency: str, locale: str
) -> Purchase:
    """Open a cart or a draft."""
    identity = next_id(call, kind)
    if not profile_of(call).is_v6:
        number = "R" + str(int(call.sandbox.random_id("v3 order number", length=12), 16) % 10**9).zfill(9)
    elif kind == "order":
        number = f"R{_FIRST_NUMBER + identity}"
    else:
        number = ""
    purchase = Purchase(
        kind, identity, number, call.sandbox.key_prefix + call.sandbox.random_id("v3 order token", length=32), store_id,
        customer_id, email, currency, locale, None, "cart", "draft", 0, 0, 0, 0, None, None, None, None, None, None,
        None, None, None, None, None, None, call.now, call.now,
    )  # fmt: skip
    call.db.run(_INSERT, (call.sandbox.name, *_VALUES(purchase)))
    return purchase


def save(call: Call, purchase: Purchase) -> None:
    """Keep a changed purchase."""
    purchase.updated_at = call.now
    values = _VALUES(purchase)
    call.db.run(_UPDATE, (*values[2:], call.sandbox.name, purchase.kind, purchase.id))


def delete(call: Call, purchase: Purchase) -> None:
    """Delete a purchase and its lines for good; its payments must have gone elsewhere before."""
    where = (call.sandbox.name, purchase.kind, purchase.id)
    call.db.run("DELETE FROM spree_v3_line WHERE sandbox = ? AND kind = ? AND owner_id = ?", where)
    call.db.run("DELETE FROM spree_v3_purchase WHERE sandbox = ? AND kind = ? AND id = ?", where)


def lines(call: Call, purchase: Purchase) -> list[Line]:
    """The line items of a purchase by id."""
    return [Line(*row) for row in call.db.all(_LINES, (call.sandbox.name, purchase.kind, purchase.id))]


def set_quantity(call: Call, purchase: Purchase, variant_id: int, quantity: int, price: int) -> None:
    """Set how many of a variant a purchase has; none takes the line out."""
    where = (call.sandbox.name, purchase.kind, purchase.id, variant_id)
    line = next((line for line in lines(call, purchase) if line.variant_id == variant_id), None)
    if quantity < 1:
        call.db.run(
            "DELETE FROM spree_v3_line WHERE sandbox = ? AND kind = ? AND owner_id = ? AND variant_id = ?", where
        )
    elif line is None:
        _insert_line(call, purchase, variant_id, quantity, price)
    else:
        call.db.run(
            "UPDATE spree_v3_line SET quantity = ? WHERE sandbox = ? AND kind = ? AND owner_id = ? AND variant_id = ?",
            (quantity, *where),
        )


def copy_lines(call: Call, source: Purchase, target: Purchase) -> None:
    """Give an order lines of its own like those of its cart."""
    for line in lines(call, source):
        _insert_line(call, target, line.variant_id, line.quantity, line.price)


def recount(call: Call, purchase: Purchase) -> None:
    """Add the lines up; the caller keeps the purchase."""
    found = lines(call, purchase)
    purchase.item_total = sum(line.price * line.quantity for line in found)
    purchase.quantity = sum(line.quantity for line in found)


def move_rows(call: Call, table: str, source: Purchase, target: Purchase) -> None:
    """Give the rows of a table, payments, from one purchase to another."""
    call.db.run(
        f"UPDATE {table} SET kind = ?, owner_id = ? WHERE sandbox = ? AND kind = ? AND owner_id = ?",  # noqa: S608
        (target.kind, target.id, call.sandbox.name, source.kind, source.id),
    )


def _insert_line(call: Call, purchase: Purchase, variant_id: int, quantity: int, price: int) -> None:
    call.db.run(
        "INSERT INTO spree_v3_line (sandbox, id, kind, owner_id, variant_id, quantity, price)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (call.sandbox.name, next_id(call, "line_item"), purchase.kind, purchase.id, variant_id, quantity, price),
    )
