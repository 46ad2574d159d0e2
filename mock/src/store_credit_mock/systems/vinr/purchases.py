"""Purchases paid with store credit, and their refunds.

VINR publishes no operation that spends credit (V30), so these are reached through the control plane only.
"""

from __future__ import annotations

from typing import Any, TypedDict

from store_credit_mock.systems.call import Call
from store_credit_mock.systems.vinr import store_credits
from store_credit_mock.systems.vinr.store_credits import COLUMNS, REMAINING, SPENT

__all__ = ["Part", "Purchase", "PurchaseError", "buy", "find", "refund"]


class PurchaseError(Exception):
    """A purchase cannot be made, found or refunded; `status` is the HTTP status that fits."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


class Part(TypedDict):
    """What one credit paid: minor units, and how much of it was given back."""

    credit: str
    amount: int
    refunded: int


class Purchase(TypedDict):
    """A purchase. All amounts in minor units of `currency`.

    `due` is what was to be paid, `paid_by_credit` what credit covered, `charged` the rest, for the payment method.
    `refunded` went back to the credits, `returned` to the payment method. `created` is in Unix seconds.
    """

    id: str
    customer: str
    currency: str
    due: int
    paid_by_credit: int
    charged: int
    refunded: int
    returned: int
    parts: list[Part]
    created: int


# V31: the credit that ends soonest goes first, those that never end last, then the oldest, then by id.
_USABLE = (
    f"SELECT {COLUMNS} FROM vinr_credit WHERE sandbox = ? AND customer = ? AND currency = ? AND remaining > 0"  # noqa: S608
    " AND (expires_at IS NULL OR expires_at * 1000 > ?)"
    " ORDER BY CASE WHEN expires_at IS NULL THEN 1 ELSE 0 END, expires_at, created, id"
)


def buy(call: Call, customer: str, due: int, currency: str) -> Purchase:
    """Pay what is due with the customer's credit, as far as it goes (V29, V31 to V33).

    Credit in another currency is passed over, and so is credit that has expired. The rest is for the payment method.

    Raises:
        PurchaseError: There is no such customer.
    """
    db, sandbox = call.db, call.sandbox
    if store_credits.customer(db, sandbox.name, customer) is None:
        raise PurchaseError(404, f"there is no customer {customer}")
    number = sandbox.next()
    identity = f"pur_{sandbox.token('purchase', number)}"
    left = due
    usable = db.all(_USABLE, (sandbox.name, customer, currency.upper(), call.now))
    for place, row in enumerate(usable):
        if left == 0:
            break
        amount = min(left, row[4])
        store_credits.move(call, row, "spend", REMAINING, SPENT, amount, identity)
        db.run(
            "INSERT INTO vinr_purchase_part (sandbox, purchase, place, credit, amount, refunded)"
            " VALUES (?, ?, ?, ?, ?, 0)",
            (sandbox.name, identity, place, row[0], amount),
        )
        left -= amount
    db.run(
        "INSERT INTO vinr_purchase (sandbox, id, number, customer, currency, due, paid_by_credit, refunded, returned,"
        " created) VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, ?)",
        (sandbox.name, identity, number, customer, currency.upper(), due, due - left, call.now // 1000),
    )
    return find(call, identity)


def find(call: Call, identity: str) -> Purchase:
    """Show a purchase.

    Raises:
        PurchaseError: There is none of that id.
    """
    row = call.db.one(
        "SELECT id, customer, currency, due, paid_by_credit, refunded, returned, created FROM vinr_purchase"
        " WHERE sandbox = ? AND id = ?",
        (call.sandbox.name, identity),
    )
    if row is None:
        raise PurchaseError(404, f"there is no purchase {identity}")
    parts = call.db.all(
        "SELECT credit, amount, refunded FROM vinr_purchase_part WHERE sandbox = ? AND purchase = ? ORDER BY place",
        (call.sandbox.name, identity),
    )
    return {
        "id": row[0],
        "customer": row[1],
        "currency": row[2],
        "due": row[3],
        "paid_by_credit": row[4],
        "charged": row[3] - row[4],
        "refunded": row[5],
        "returned": row[6],
        "parts": [{"credit": part[0], "amount": part[1], "refunded": part[2]} for part in parts],
        "created": row[7],
    }


def refund(call: Call, identity: str, amount: int | None = None) -> Purchase:
    """Take a purchase back, wholly or in part.

    Credit is given back first, to the records it came from, the last spent first (V34); their expiry stays as it is.
    What is more than credit paid goes to the payment method.

    Args:
        call: Inside a write transaction.
        identity: The purchase.
        amount: Minor units; None is everything not yet refunded.

    Raises:
        PurchaseError: There is no such purchase, or less is left of it (422, as VINR's refunds say `amount_too_large`).
    """
    purchase = find(call, identity)
    open_amount = purchase["due"] - purchase["refunded"] - purchase["returned"]
    asked = open_amount if amount is None else amount
    if asked > open_amount:
        raise PurchaseError(
            422, f"amount_too_large: {asked} was asked, {open_amount} of {identity} is not yet refunded"
        )
    db, sandbox = call.db, call.sandbox
    left = min(asked, purchase["paid_by_credit"] - purchase["refunded"])
    to_credit = left
    for place in range(len(purchase["parts"]) - 1, -1, -1):
        part = purchase["parts"][place]
        back = min(left, part["amount"] - part["refunded"])
        if back == 0:
            continue
        row: Any = store_credits.find(call, part["credit"])
        store_credits.move(call, row, "restore", SPENT, REMAINING, back, identity)
        db.run(
            "UPDATE vinr_purchase_part SET refunded = refunded + ? WHERE sandbox = ? AND purchase = ? AND place = ?",
            (back, sandbox.name, identity, place),
        )
        left -= back
    db.run(
        "UPDATE vinr_purchase SET refunded = refunded + ?, returned = returned + ? WHERE sandbox = ? AND id = ?",
        (to_credit, asked - to_credit, sandbox.name, identity),
    )
    return find(call, identity)
