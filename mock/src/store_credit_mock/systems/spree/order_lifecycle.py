"""What happens to a cart and an order beside the documented operations; the control plane drives it (D28, D29)."""

from __future__ import annotations

from typing import Final, cast

import orjson

from store_credit_mock.systems.call import Call
from store_credit_mock.systems.spree import apply_credit, orders, payments
from store_credit_mock.systems.spree.orders import Line, Order
from store_credit_mock.systems.spree.payments import Payment
from store_credit_mock.systems.spree.tables import next_id
from store_credit_mock.systems.spree.versions import profile_of

__all__ = [
    "ImpossibleError",
    "add_item",
    "add_other_payment",
    "address",
    "advance",
    "cancel",
    "capture",
    "complete",
    "refund",
    "set_quantity",
    "settle",
    "void",
]  # fmt: skip


NO_PAYMENT: Final = "No payment found"


class ImpossibleError(Exception):
    """The order is in no state for this; the text says why."""


def add_item(call: Call, order: Order, variant_id: int | None, quantity: int, price: int | None) -> Line:
    """Put something into a cart, by variant or at a price. Applied store credit is dropped (spree.md section 7)."""
    _open(order)
    if price is None:
        price = _price(call, order, variant_id or 0)
    line = orders.add_line(call, order, variant_id or 0, quantity, price)
    _changed(call, order)
    return line


def set_quantity(call: Call, order: Order, line_id: int, quantity: int) -> None:
    """Change a line; 0 takes it out. Applied store credit is dropped (spree.md section 7)."""
    _open(order)
    if all(line.id != line_id for line in orders.lines(call, order.id)):
        raise ImpossibleError(f"order {order.number} has no line {line_id}")
    where = (call.sandbox.name, line_id)
    if quantity:
        call.db.run("UPDATE spree_line SET quantity = ? WHERE sandbox = ? AND id = ?", (quantity, *where))
    else:
        call.db.run("DELETE FROM spree_line WHERE sandbox = ? AND id = ?", where)
    _changed(call, order)


def _changed(call: Call, order: Order) -> None:
    """Follow a change of the lines: applied store credit is dropped, and a cart with a shipment goes back to address.

    Shipping is not charged then (spree.md section 7; recorded on 5.3.6).
    """
    payments.delete_applied(call, order)
    if order.shipment_id is not None:
        order.state, order.shipment_id, order.ship_total = "address", None, 0
        order.changes = orders.new_change(call, order.changes)
    orders.recalculate(call, order)


def address(call: Call, order: Order, email: str | None) -> None:
    """Say where the order goes."""
    _open(order)
    order.email = email or order.email
    order.bill_address_id = next_id(call, "address")
    # From 5.x on equal addresses are one record, and the control plane gives only one.
    order.ship_address_id = order.bill_address_id if profile_of(call).is_v5 else next_id(call, "address")
    order.state = "address"
    orders.touch(call, order)


def advance(call: Call, order: Order) -> None:
    """Take a cart one step on: address, delivery, payment. Shipping is charged from delivery on (R20).

    From 5.1 on, a cart that has store credit applied gets the most there is when it enters payment, whatever amount was
    asked for before (R19, recorded on 5.3.6).
    """
    _open(order)
    following = {"cart": "address", "address": "delivery", "delivery": "payment"}.get(order.state)
    if following is None:
        raise ImpossibleError(f"order {order.number} is in {order.state}; complete it")
    order.state = following
    order.changes = orders.new_change(call, order.changes)
    if following == "delivery":
        order.shipment_id = next_id(call, "shipment")
        costs = cast("dict[str, int]", call.sandbox.setting("spree.shipping", {}))
        order.ship_total = costs.get(order.currency, 0)
    orders.touch(call, order)
    if following == "payment" and profile_of(call).is_v5 and apply_credit.is_applied(call, order):
        apply_credit.apply(call, order, None)


def add_other_payment(call: Call, order: Order, method_id: int, amount: int | None) -> Payment:
    """Add a payment by other means, of what store credit leaves open if no amount is given.

    A fully covered order takes them as well (R4).
    """
    _open(order)
    if amount is None:
        applied = sum(payment.amount for payment in payments.of_order(call, order.id) if payment.valid)
        amount = max(order.outstanding - applied, 0)
    return payments.add(call, order, method_id, amount, None)


def complete(call: Call, order: Order) -> str | None:
    """Finish a cart: each payment is captured or authorised as its method says; what is not covered stays due.

    Returns:
        None if it is finished. Else the text of the server's 422: a payment was declined, and is `failed`; those before
        it stay captured, so that the shopper's credit is gone without an order (R18, on 4.5.5 and 5.3.6). The same
        where something is to be paid and no payment is left to try.

    Raises:
        ImpossibleError: It is finished already, or has no lines.
    """
    _open(order)
    if not order.item_count:
        raise ImpossibleError(f"order {order.number} is empty")
    waiting = [payment for payment in payments.of_order(call, order.id) if payment.state == "checkout"]
    if not waiting and order.payment_total < order.total:
        return NO_PAYMENT
    for payment in waiting:
        if order.payment_total >= order.total:
            break
        try:
            _process(call, order, payment)
        except payments.DeclinedError as refusal:
            payments.fail(call, payment)
            orders.touch(call, order)
            return refusal.sentence(v5=profile_of(call).is_v5)
        if payment.completed:
            order.payment_total += payment.amount
    order.state = "complete"
    order.completed_at = call.now
    settle(call, order)
    return None


def _process(call: Call, order: Order, payment: Payment) -> None:
    captures = _captures(call, payment.method_id)
    if payment.credit_id is None:
        payments.set_state(call, payment, "processing", "completed" if captures else "pending")
    elif captures:
        payments.purchase(call, payment, order)
    else:
        payments.authorize(call, payment, order)


def capture(call: Call, order: Order, payment: Payment, amount: int | None) -> None:
    """Capture a pending payment, whole or in part."""
    if payment.state != "pending":
        raise ImpossibleError(f"payment {payment.number} is {payment.state}, not pending")
    if payment.credit_id is None:
        payments.set_state(call, payment, "processing", "completed")
    else:
        repair = bool(call.sandbox.setting("spree.repair_leaks", False))
        payments.capture(call, payment, order, payment.amount if amount is None else amount, repair=repair)
    settle(call, order)


def void(call: Call, order: Order, payment: Payment) -> None:
    """Void a pending payment."""
    if payment.state != "pending":
        raise ImpossibleError(f"payment {payment.number} is {payment.state}, not pending")
    if payment.credit_id is None:
        payments.set_state(call, payment, "void")
    else:
        payments.release(call, payment)
    settle(call, order)


def refund(call: Call, order: Order, payment: Payment, amount: int, reason: str | None) -> int:
    """Refund a completed payment, whole or in part; returns the refund's id."""
    if payment.state != "completed":
        raise ImpossibleError(f"payment {payment.number} is {payment.state}, not completed")
    identity = payments.give_back(call, payment, amount, reason)
    settle(call, order)
    return identity


def cancel(call: Call, order: Order, canceler_id: int | None) -> None:
    """Cancel a finished order: what was captured goes back whole; what was only authorised stays locked (13.14).

    Raises:
        ImpossibleError: It is not finished, or cancelled already.
        DeclinedError: Part of it was refunded before (spree.md 13.15, R15).
    """
    if order.completed_at is None or order.canceled_at is not None:
        raise ImpossibleError(f"order {order.number} is {order.state}")
    for payment in payments.of_order(call, order.id):
        if payment.state == "completed":
            if payment.credit_id is not None:
                payments.credit_back(call, payment, payment.amount)
            payments.set_state(call, payment, "void")
        elif payment.state == "pending" and payment.credit_id is not None:
            if call.sandbox.setting("spree.repair_leaks", False):
                payments.unlock(call, payment)
            payments.set_state(call, payment, "void")
    order.state = "canceled"
    order.canceled_at = call.now
    order.canceler_id = canceler_id
    order.shipment_state = "canceled"
    settle(call, order)


def settle(call: Call, order: Order) -> None:
    """Bring an order's totals and states in line with its payments, and keep it."""
    found = payments.of_order(call, order.id)
    order.payment_total = sum(
        payment.amount - payments.refunded(call, payment.id) for payment in found if payment.state == "completed"
    )
    if found and not any(payment.valid for payment in found) and order.canceled_at is None:
        order.payment_state = "failed"
    elif order.canceled_at is not None and order.payment_total == 0:
        order.payment_state = "void"
    elif order.outstanding > 0:
        order.payment_state = "balance_due"
    else:
        order.payment_state = "paid" if order.outstanding == 0 else "credit_owed"
    if order.canceled_at is None:
        order.shipment_state = "ready" if order.outstanding <= 0 else "pending"
    orders.touch(call, order)


def _open(order: Order) -> None:
    if order.completed_at is not None or order.canceled_at is not None:
        raise ImpossibleError(f"order {order.number} is {order.state}")


def _price(call: Call, order: Order, variant_id: int) -> int:
    row = call.db.one("SELECT prices FROM spree_variant WHERE sandbox = ? AND id = ?", (call.sandbox.name, variant_id))
    price = None if row is None else orjson.loads(row[0]).get(order.currency)
    if price is None:
        raise ImpossibleError(f"variant {variant_id} has no price in {order.currency}")
    return price


def _captures(call: Call, method_id: int) -> bool:
    row = call.db.one(
        "SELECT auto_capture FROM spree_method WHERE sandbox = ? AND id = ?", (call.sandbox.name, method_id)
    )
    return row is not None and bool(row[0])
