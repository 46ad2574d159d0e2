"""What a purchase says of its money and its parcel, derived from payments and refunds."""

from __future__ import annotations

from store_credit_mock.systems.call import Call
from store_credit_mock.systems.spree_v3 import fulfillments, payments, purchases
from store_credit_mock.systems.spree_v3.profiles import profile_of
from store_credit_mock.systems.spree_v3.purchases import Purchase

__all__ = ["settle", "update_statuses"]


def settle(call: Call, purchase: Purchase, saves: int = 0) -> None:
    """Bring totals in line with the payments, of a placed order the statuses too, and keep the purchase.

    Args:
        call: In a write transaction.
        purchase: The cart or order.
        saves: How often 5.x keeps payments for what was done.
    """
    payments.settle_total(call, purchase)
    if purchase.completed_at is not None and not profile_of(call).is_v6:
        fulfillments.renew_rates(call, purchase, saves)
    if purchase.completed_at is not None:
        update_statuses(call, purchase)
    else:
        purchases.save(call, purchase)


def update_statuses(call: Call, order: Purchase) -> None:
    """Derive the statuses and keep the order."""
    if profile_of(call).is_v6:
        order.payment_status = _v6_payment_status(call, order)
        parcel = fulfillments.parcel(order)
        order.fulfillment_status = None if parcel is None else parcel["status"]
    else:
        _v5(call, order)
    purchases.save(call, order)


def _v5(call: Call, order: Purchase) -> None:
    found = payments.of_purchase(call, order)
    valid = [payment for payment in found if payment.valid]
    if found and not valid:
        order.payment_status = "failed"
    elif order.status == "canceled" and order.payment_total == 0:
        order.payment_status = "void"
    else:
        due = order.outstanding
        order.payment_status = "balance_due" if due > 0 else "credit_owed" if due < 0 else "paid"
    parcel = fulfillments.parcel(order)
    if parcel is None:
        order.fulfillment_status = None
        return
    paid = all(payment.status == "completed" for payment in valid)
    paid = paid and sum(payment.amount for payment in valid) >= order.total
    status = "canceled" if "canceled" in {parcel["status"], order.status} else "ready" if paid else "pending"
    fulfillments.set_status(order, status)
    order.fulfillment_status = status


def _v6_payment_status(call: Call, order: Purchase) -> str:
    found = payments.of_purchase(call, order)
    captured = sum(payment.amount for payment in found if payment.status == "completed")
    authorized = sum(payment.amount for payment in found if payment.status == "pending")
    refunded = sum(payments.refunded(call, payment.id) for payment in found)
    net, target = captured - refunded, order.total - refunded
    if order.status == "canceled" and net <= 0 and captured > 0:
        return "voided"
    if refunded > 0:
        return "refunded" if net <= 0 else "partially_refunded"
    if captured == 0:
        return "none" if authorized == 0 else "authorized"
    if net > target:
        return "overcharged"
    return "paid" if net >= target else "partially_paid"
