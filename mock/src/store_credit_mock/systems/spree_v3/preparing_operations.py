"""What the document lacks and the operations need before: carts, drafts, gift cards, payment methods, currencies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

from store_credit_mock.systems.call import Abort, Call, SystemResponse
from store_credit_mock.systems.rails.parameters import to_integer
from store_credit_mock.systems.spree_v3 import (
    addresses,
    checkout,
    customers,
    errors,
    fulfillments,
    gift_cards,
    ids,
    money,
    payments,
    purchases,
    variants,
)
from store_credit_mock.systems.spree_v3.cart_operations import held
from store_credit_mock.systems.spree_v3.order_operations import expanded, tell_statuses
from store_credit_mock.systems.spree_v3.profiles import profile_of
from store_credit_mock.systems.spree_v3.purchase_serializers import admin_order_shape, cart_shape
from store_credit_mock.systems.spree_v3.purchases import Purchase
from store_credit_mock.systems.spree_v3.state import state_of

__all__ = [
    "associate",
    "create_cart",
    "create_gift_card",
    "create_order",
    "list_currencies",
    "update_cart",
    "update_method",
]

_NAMES: Final = {
    "EUR": ("Euro", "€"),
    "GBP": ("British Pound", "£"),
    "JPY": ("Japanese Yen", "¥"),
    "KWD": ("Kuwaiti Dinar", "د.ك"),
    "USD": ("United States Dollar", "$"),
}


def create_cart(call: Call) -> SystemResponse:
    """Open a cart for whoever is signed in, or for nobody, with items and addresses."""
    state = state_of(call)
    cart = purchases.create(
        call, purchases.cart_kind(call), state.store.id, call.caller.customer_id, None, state.currency(call),
        state.locale(call),
    )  # fmt: skip
    if not profile_of(call).is_v6:
        customer = customers.find(call, cart.customer_id)
        cart.email = None if customer is None else customer.email
    _change(call, cart, state.parameters(call))
    return SystemResponse(201, cart_shape(call, cart))


def update_cart(call: Call) -> SystemResponse:
    """Change whose address, what items, and whom to write to."""
    cart: Purchase = state_of(call).record
    refused = held(call, cart)
    if refused is not None:
        return refused
    _change(call, cart, state_of(call).parameters(call))
    return SystemResponse(200, cart_shape(call, cart))


def associate(call: Call) -> SystemResponse:
    """Make a guest's cart the caller's own; whoever had the token may."""
    cart: Purchase = state_of(call).record
    customer = customers.find(call, call.caller.customer_id)
    assert customer is not None
    cart.customer_id, cart.email = customer.id, customer.email
    addresses.assign_standard(call, cart)
    purchases.save(call, cart)
    return SystemResponse(200, cart_shape(call, cart, loaded=True))


def create_order(call: Call) -> SystemResponse:
    """Make a draft in the back office."""
    state = state_of(call)
    sent = state.parameters(call)
    customer = None
    if sent.get("customer_id"):
        number = ids.number_of(call, "customer", str(sent["customer_id"]))
        customer = customers.find(call, number)
        if customer is None:
            raise errors.not_found(profile_of(call).customer_label)
    email = _text(sent.get("email")) or (None if customer is None else customer.email)
    currency = (_text(sent.get("currency")) or state.store.currency).upper()
    order = purchases.create(
        call, "order", state.store.id, None if customer is None else customer.id, email, currency, state.locale(call)
    )
    order.note = _text(sent.get("customer_note"))
    addresses.assign(call, order, billing=sent.get("billing_address"), shipping=sent.get("shipping_address"))
    problem = _put_items(call, order, sent.get("items"))
    if problem is not None:
        raise Abort(errors.error("processing_error", problem))
    purchases.recount(call, order)
    if order.ship_address is not None and order.quantity:
        fulfillments.rebuild(call, order)
    purchases.save(call, order)
    answer = SystemResponse(201, admin_order_shape(call, order, expanded(call)))
    if order.fulfillment is not None:
        tell_statuses(call, order)
    return answer


def create_gift_card(call: Call) -> SystemResponse:
    """Issue a gift card."""
    state = state_of(call)
    sent = state.parameters(call)
    amount = money.amount_sent(call, sent.get("amount"))[0] or 0
    if amount <= 0:
        return errors.invalid([("amount", "must be greater than 0")])
    currency = (_text(sent.get("currency")) or state.store.currency).upper()
    number = ids.number_of(call, "customer", str(sent.get("customer_id") or sent.get("user_id") or ""))
    card = gift_cards.add(call, state.store.id, amount, currency, _text(sent.get("code")), number)
    return SystemResponse(201, gift_cards.shape(call, card, admin=True))


def update_method(call: Call) -> SystemResponse:
    """Say whether a payment method takes the money at completion."""
    number = ids.number_of(call, "payment_method", call.path["id"])
    store_id = state_of(call).store.id
    method = next((one for one in payments.methods(call) if one.id == number and one.store_id == store_id), None)
    if method is None:
        raise errors.not_found("Payment method")
    sent = state_of(call).parameters(call)
    captures, active = method.captures, method.active
    if "auto_capture" in sent:
        captures = sent["auto_capture"] in {True, "true", "1"}
    if profile_of(call).is_v6 and "capture_method" in sent:
        captures = sent["capture_method"] == "checkout"
    if "active" in sent:
        active = sent["active"] in {True, "true", "1"}
    payments.save_method(call, method.id, captures=captures, active=active)
    return SystemResponse(
        200,
        {
            "id": ids.shown(call, "payment_method", method.id),
            "name": method.name,
            "description": method.description,
            "type": method.type,
            "active": active,
            "auto_capture": captures,
        },
    )


def list_currencies(call: Call) -> SystemResponse:
    """List what the store sells in; without the number of decimals, whatever the published document says."""
    shapes = [
        {"iso_code": code, "name": _NAMES.get(code, (code, code))[0], "symbol": _NAMES.get(code, (code, code))[1]}
        for code in state_of(call).store.currencies
    ]
    headers = (
        ("cache-control", "max-age=300, public, stale-while-revalidate=30"),
        ("vary", "Accept, x-spree-currency, x-spree-locale, x-spree-channel"),
    )
    return SystemResponse(200, {"data": shapes}, headers=headers)


def _change(call: Call, cart: Purchase, sent: Mapping[str, Any]) -> None:
    """Change a cart as asked for, and follow the change.

    Raises:
        Abort: An item that is not there (404), or has no price (422, on 5.x).
    """
    cart.email = _text(sent.get("email")) or cart.email
    if "customer_note" in sent:
        cart.note = _text(sent["customer_note"])
    cart.currency = (_text(sent.get("currency")) or cart.currency).upper()
    cart.locale = _text(sent.get("locale")) or cart.locale
    shipping, billing = sent.get("shipping_address"), sent.get("billing_address")
    before = cart.ship_address
    addresses.assign(call, cart, billing=billing, shipping=shipping)
    if profile_of(call).is_v6 and (cart.email or cart.ship_address):
        addresses.assign_standard(call, cart)
    items = sent.get("items")
    problem = _put_items(call, cart, items)
    if problem is not None and not profile_of(call).is_v6:
        raise Abort(errors.error("processing_error", problem))
    moved = isinstance(shipping, Mapping) or cart.ship_address != before
    checkout.recalculate(call, cart, items=isinstance(items, list), address=moved)


def _put_items(call: Call, purchase: Purchase, items: Any) -> str | None:
    """Set the quantity of each item. Returns None, or the text that says which has no price in the currency."""
    problem: str | None = None
    for item in cast("list[Any]", items) if isinstance(items, list) else []:
        asked = cast("dict[str, Any]", item) if isinstance(item, dict) else {}
        text = asked.get("variant_id")
        if not text:
            continue
        number = ids.number_of(call, "variant", str(text))
        variant = None if number is None else variants.find(call, number)
        if variant is None:
            raise errors.not_found("Variant", "variant_not_found")
        price = variant.prices.get(purchase.currency)
        if price is None:
            problem = f"{variant.name} is not available in {purchase.currency}"
            continue
        quantity = to_integer(asked.get("quantity", 1))
        purchases.set_quantity(call, purchase, variant.id, 1 if quantity is None else quantity, price)
    return problem


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
