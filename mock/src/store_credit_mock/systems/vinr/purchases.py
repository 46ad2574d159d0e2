"""Purchases paid with store credit, and their refunds.

VINR publishes no operation that spends credit (V30), so these are reached through the control plane only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from store_credit_mock.systems.call import Call
from store_credit_mock.systems.vinr import store_credits
from store_credit_mock.systems.vinr.store_credits import COLUMNS, REMAINING, SPENT

__all__ = ["Purchase", "PurchasePart", "RefundTooLargeError", "UnknownPurchaseError", "buy", "find", "refund"]


class UnknownPurchaseError(Exception):
    """There is no such customer or purchase."""


class RefundTooLargeError(Exception):
    """Less is left of a purchase than was to be refunded."""


@dataclass(frozen=True)
class PurchasePart:
    """What one credit paid."""

    credit: Annotated[str, "Id of the store credit."]
    amount: Annotated[int, "Minor units."]
    refunded: Annotated[int, "How much was given back to this credit, in minor units."]


@dataclass(frozen=True)
class Purchase:
    """A purchase."""

    id: Annotated[str, "Begins with `pur_`."]
    customer: Annotated[str, "Id of the customer."]
    currency: Annotated[str, "ISO 4217."]
    due: Annotated[int, "The amount to pay, in minor units."]
    paid_by_credit: Annotated[int, "The amount that credit covered, in minor units."]
    refunded: Annotated[int, "The amount refunded to the credits, in minor units."]
    returned: Annotated[int, "The amount refunded to the payment method, in minor units."]
    created: Annotated[int, "Unix seconds."]
    charged: Annotated[int, "The rest, which the payment method pays, in minor units."]
    parts: Annotated[list[PurchasePart], "What each credit paid, in the order in which credits were spent."]


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
        UnknownPurchaseError: There is no such customer.
    """
    db, sandbox = call.db, call.sandbox
    if store_credits.customer(db, sandbox.name, customer) is None:
        raise UnknownPurchaseError(f"there is no customer {customer}")
    number = sandbox.next()
    identity = f"pur_{sandbox.random_id('purchase', number)}"
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
        UnknownPurchaseError: There is none of that id.
    """
    row = call.db.one(
        "SELECT id, customer, currency, due, paid_by_credit, refunded, returned, created FROM vinr_purchase"
        " WHERE sandbox = ? AND id = ?",
        (call.sandbox.name, identity),
    )
    if row is None:
        raise UnknownPurchaseError(f"there is no purchase {identity}")
    parts = call.db.all(
        "SELECT credit, amount, refunded FROM vinr_purchase_part WHERE sandbox = ? AND purchase = ? ORDER BY place",
        (call.sandbox.name, identity),
    )
    return Purchase(*row, charged=row[3] - row[4], parts=[PurchasePart(*part) for part in parts])


def refund(call: Call, identity: str, amount: int | None = None) -> Purchase:
    """Take a purchase back, wholly or in part.

    Credit is given back first, to the records it came from, the last spent first (V34); their expiry stays as it is.
    What is more than credit paid goes to the payment method.

    Args:
        call: Inside a write transaction.
        identity: The purchase.
        amount: Minor units; None is everything not yet refunded.

    Raises:
        UnknownPurchaseError: There is no such purchase.
        RefundTooLargeError: Less is left of it; VINR's refunds say `amount_too_large`.
    """
    purchase = find(call, identity)
    open_amount = purchase.due - purchase.refunded - purchase.returned
    asked = open_amount if amount is None else amount
    if asked > open_amount:
        raise RefundTooLargeError(
            f"amount_too_large: {asked} was asked, {open_amount} of {identity} is not yet refunded"
        )
    db, sandbox = call.db, call.sandbox
    left = min(asked, purchase.paid_by_credit - purchase.refunded)
    to_credit = left
    for place in range(len(purchase.parts) - 1, -1, -1):
        part = purchase.parts[place]
        back = min(left, part.amount - part.refunded)
        if back == 0:
            continue
        row: Any = store_credits.find(call, part.credit)
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
