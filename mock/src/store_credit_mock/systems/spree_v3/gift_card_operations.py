"""Gift cards on a cart: put one on, take it off again; preparation, which the document lacks."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from store_credit_mock.systems.call import Abort, Call, SystemResponse
from store_credit_mock.systems.spree_v3 import (
    apply_credit,
    credit_events,
    errors,
    gift_cards,
    payments,
    purchases,
    store_credits,
)
from store_credit_mock.systems.spree_v3.cart_operations import held
from store_credit_mock.systems.spree_v3.gift_cards import GiftCard
from store_credit_mock.systems.spree_v3.profiles import profile_of
from store_credit_mock.systems.spree_v3.purchase_serializers import cart_shape
from store_credit_mock.systems.spree_v3.purchases import Purchase
from store_credit_mock.systems.spree_v3.state import state_of
from store_credit_mock.systems.spree_v3.store_credits import GIFT_CARD, Credit

__all__ = ["apply", "remove"]

_CREDIT_APPLIED: Final = "You can't apply the Gift Card after you applied the store credit."
_OTHER_CURRENCY: Final = "Gift Card cannot be applied with current currency."
_GUEST: Final = "Gift Card cannot be applied with guest user."
_OTHER_CUSTOMER: Final = "This gift card is associated with another user."
_EMPTY: Final = "The Gift Card has no amount remaining."
_REDEEMED: Final = "The Gift Card has already been redeemed."


def apply(call: Call) -> SystemResponse:
    """Put a gift card on a cart: a store credit is made of it, without a customer on a guest's cart of 6.0."""
    cart: Purchase = state_of(call).record
    refused = held(call, cart)
    if refused is not None:
        return refused
    code = state_of(call).parameters(call).get("code")
    card = gift_cards.find_code(call, cart.store_id, code) if isinstance(code, str) else None
    if card is None:
        return errors.error("gift_card_not_found", "The Gift Card was not found.", status=404)
    if card.status == "redeemed":
        return errors.error("gift_card_already_redeemed", _REDEEMED)
    problem = _problem(call, cart, card)
    if problem is not None:
        return errors.error("processing_error", problem)
    if cart.customer_id is None and not profile_of(call).is_v6:
        raise Abort(errors.invalid([("user", "must exist")]))
    amount = min(card.remaining, cart.total)
    credit = Credit(
        0, cart.store_id, cart.customer_id, None, None, amount, 0, 0, cart.currency, None, "{}", GIFT_CARD, card.id,
        None, call.now, call.now,
    )  # fmt: skip
    store_credits.insert(call, credit)
    gift_cards.draw(call, card, amount)
    cart.gift_card_id = card.id
    purchases.save(call, cart)
    apply_credit.add_payment(call, cart, credit, amount)
    return SystemResponse(201, cart_shape(call, cart))


def remove(call: Call) -> SystemResponse:
    """Take the gift card off, and give it back what was drawn."""
    cart: Purchase = state_of(call).record
    refused = held(call, cart)
    if refused is not None:
        return refused
    card = None if cart.gift_card_id is None else gift_cards.find(call, cart.gift_card_id)
    if card is not None:
        for payment in payments.of_purchase(call, cart):
            credit = credit_events.find_any(call, payment.credit_id)
            if credit is None or payment.status != "checkout" or credit.originator_id != card.id:
                continue
            payments.save(call, payment, "invalid")
            gift_cards.draw(call, card, -payment.amount)
            store_credits.save(call, credit, replace(credit, deleted_at=call.now), "delete")
        cart.gift_card_id = None
        purchases.save(call, cart)
    return SystemResponse(200, cart_shape(call, cart))


def _problem(call: Call, cart: Purchase, card: GiftCard) -> str | None:
    if payments.applied(call, cart) > 0:
        return _CREDIT_APPLIED
    if card.currency != cart.currency:
        return _OTHER_CURRENCY
    if card.customer_id is not None and cart.customer_id != card.customer_id:
        return _GUEST if cart.customer_id is None else _OTHER_CUSTOMER
    return _EMPTY if card.remaining <= 0 < cart.total else None
