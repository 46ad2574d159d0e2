"""Applying store credit to a cart or an order and taking it off again (spree-v3.md sections 2.1 A9, 2.2 S1)."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from store_credit_mock.systems.call import Abort, Call
from store_credit_mock.systems.spree_v3 import credit_events, errors, lifecycle, money, payments, store_credits
from store_credit_mock.systems.spree_v3.payments import Payment
from store_credit_mock.systems.spree_v3.profiles import profile_of
from store_credit_mock.systems.spree_v3.purchases import Purchase
from store_credit_mock.systems.spree_v3.store_credits import Credit

__all__ = ["NO_CREDITS", "add_payment", "apply", "has_credit", "is_applied", "remove"]

NO_CREDITS: Final = "User does not have any Store Credits available"
_LARGEST: Final = 10**8 * money.SCALE
"""What a payment's column of ten digits has no room for."""


def apply(call: Call, purchase: Purchase, amount: Decimal | None) -> str | None:
    """Apply store credit: what is applied already is changed in place, the rest is taken from further credits.

    Args:
        call: In a write transaction.
        purchase: The cart or order.
        amount: How much in its currency; None is all that is outstanding.

    Returns:
        None if store credit counts for it now; else the text of the refusal, which may be empty. What was applied
        before is taken off either way.

    Raises:
        Abort: A payment that is not valid (422), so that nothing is kept.
    """
    if purchase.customer_id is None or not credit_events.any_of_customer(call, purchase.customer_id):
        return NO_CREDITS
    rest = Decimal(purchase.outstanding) / money.SCALE
    if amount is not None:
        rest = min(amount, rest)
    if profile_of(call).is_v6:
        rest = max(rest, Decimal(0))
    applied = [p for p in payments.of_purchase(call, purchase) if p.credit_id is not None and p.status == "checkout"]
    if applied:
        rest = _change(call, applied, rest)
    if rest > 0 or (not applied and rest != 0):
        _take(call, purchase, rest)
    return None if is_applied(call, purchase) else ""


def remove(call: Call, purchase: Purchase) -> str | None:
    """Take applied store credit off. Returns None, or the text of the refusal if some is past the checkout."""
    if purchase.completed_at is None:
        for payment in payments.of_purchase(call, purchase):
            if payment.credit_id is not None and payment.status == "checkout":
                payments.save(call, payment, "invalid")
    return "" if is_applied(call, purchase) else None


def is_applied(call: Call, purchase: Purchase) -> bool:
    """Whether a store-credit payment of the purchase counts."""
    return any(p.credit_id is not None and p.valid for p in payments.of_purchase(call, purchase))


def has_credit(call: Call, purchase: Purchase) -> bool:
    """Whether a purchase may be paid with store credit: by a gift card, or as something is left in its currency."""
    if purchase.gift_card_id is not None:
        return True
    owner = purchase.customer_id
    return owner is not None and store_credits.available(call, owner, purchase.store_id, purchase.currency)[1] > 0


def add_payment(call: Call, purchase: Purchase, credit: Credit, amount: int) -> Payment:
    """Add a payment of an amount in ten-thousandths with store credit, and the credit's `eligible` event.

    Raises:
        Abort: The payment is not valid (422).
    """
    method = payments.credit_method(call)
    if method is None:
        raise errors.crash("there is no active payment method for store credit")
    if not has_credit(call, purchase) or method.store_id != purchase.store_id:
        raise Abort(errors.invalid([("payment_method", "is invalid")]))
    held = (
        [] if purchase.customer_id is None else store_credits.of_customer(call, purchase.customer_id, purchase.store_id)
    )
    fresh = [other.remaining for other in held if other.currency == purchase.currency and other.outstanding]
    largest = purchase.total - purchase.payment_total
    if fresh:
        largest = min(max(fresh), largest)
    if amount > largest:
        text = f"is greater than the allowed maximum amount of {money.plain(largest)}"
        raise Abort(errors.invalid([("amount", text)]))
    if abs(amount) >= _LARGEST:
        raise errors.crash("the amount is more than the database's column holds")
    code = store_credits.authorization_code(call, credit.id)
    payment = payments.add(call, purchase, method.id, credit.id, amount, code)
    credit_events.move(call, credit, "eligible", amount, code)
    # The new event saves its credit, so that webhooks tell of it although nothing of it has changed (recorded).
    lifecycle.publish(call, "updated", credit)
    return payment


def _change(call: Call, applied: list[Payment], rest: Decimal) -> Decimal:
    """Change the payments there are, without an event; return what they do not cover."""
    places = profile_of(call).places
    for payment in applied:
        credit = credit_events.find_any(call, payment.credit_id)
        there = payment.amount + (0 if credit is None else credit.remaining)
        wanted = min(Decimal(there) / money.SCALE, rest)
        if wanted > 0:
            payment.amount = money.units(wanted, places)
            # The server writes the column alone (recorded: v3.admin.orders.payments_after_twins).
            payments.save(call, payment, touch=False)
            rest -= wanted
        else:
            payments.save(call, payment, "invalid")
    return rest


def _take(call: Call, purchase: Purchase, rest: Decimal) -> None:
    """Draw on the credits of the customer, the oldest first; 5.x takes those in other currencies too."""
    is_v6, places = profile_of(call).is_v6, profile_of(call).places
    for credit in store_credits.of_customer(call, purchase.customer_id or 0, purchase.store_id):
        if rest == 0:
            return
        if credit.remaining == 0 or (is_v6 and credit.currency != purchase.currency):
            continue
        taken = min(Decimal(credit.remaining) / money.SCALE, rest)
        add_payment(call, purchase, credit, money.units(taken, places))
        rest -= taken
