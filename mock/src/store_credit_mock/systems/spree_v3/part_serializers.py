"""What carts and orders are made of, as responses show it: lines, parcels, payments, markets, gift cards."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from store_credit_mock.systems.call import Call
from store_credit_mock.systems.rails.datetimes import shown
from store_credit_mock.systems.spree_v3 import (
    credit_events,
    fulfillments,
    gift_cards,
    ids,
    money,
    payments,
    serializers,
    variants,
)
from store_credit_mock.systems.spree_v3.addresses import country_name
from store_credit_mock.systems.spree_v3.payments import Method, Payment
from store_credit_mock.systems.spree_v3.profiles import profile_of
from store_credit_mock.systems.spree_v3.purchases import Line, Purchase, lines
from store_credit_mock.systems.spree_v3.state import state_of

__all__ = [
    "amounts",
    "fulfillment_shapes",
    "gift_card_shape",
    "line_shapes",
    "market_shape",
    "method_shape",
    "number_of",
    "payment_shapes",
    "unit_id",
]

_NAMES: Final = {fulfillments.STANDARD: "Standard", fulfillments.PICKUP: "Store Pickup"}


def amounts(call: Call, currency: str, named: Iterable[tuple[str, int]], *, admin: bool = False) -> dict[str, Any]:
    """Members `x` and `display_x` for each amount; the admin side of 6.0 has no `display_x`."""
    shape: dict[str, Any] = {}
    displayed = not admin or profile_of(call).admin_display
    for name, amount in named:
        shape[name] = money.amount_shown(call, amount, currency)
        if displayed:
            shape["display_" + name] = money.display(call, amount, currency)
    return shape


def unit_id(prefix: str, number: int) -> str:
    """The id of a record that the mock keeps no rows of."""
    return f"{prefix}_{ids.encode(number)}"


def number_of(call: Call, purchase: Purchase) -> str:
    """The number of a cart or an order; a cart of 6.0 has its id there."""
    return purchase.number or ids.shown(call, "cart", purchase.id) or ""


def line_shapes(call: Call, purchase: Purchase) -> list[dict[str, Any]]:
    """The line items."""
    return [_line(call, purchase, line) for line in lines(call, purchase)]


def _line(call: Call, purchase: Purchase, line: Line) -> dict[str, Any]:
    profile = profile_of(call)
    variant = variants.find(call, line.variant_id)
    total = line.price * line.quantity
    shape: dict[str, Any] = {
        "id": ids.shown(call, "line_item", line.id),
        "variant_id": ids.shown(call, "variant", line.variant_id),
    }
    if profile.is_v6:
        shape["seller_id"] = None
    if profile.name != "5.5":
        shape |= {"preorder": False, "preorder_ships_at": None}
    shape |= {
        "quantity": line.quantity,
        "currency": purchase.currency,
        "name": "" if variant is None else variant.name,
        "slug": "" if variant is None else variant.slug,
        "options_text": "",
    }
    named = [
        ("price", line.price), ("total", total), ("adjustment_total", 0), ("additional_tax_total", 0),
        ("included_tax_total", 0), ("discount_total", 0), ("pre_tax_amount", total), ("discounted_amount", total),
    ]  # fmt: skip
    shape |= amounts(call, purchase.currency, named)
    shape["display_compare_at_amount"] = money.display(call, 0, purchase.currency)
    return shape | {"compare_at_amount": None, "thumbnail_url": None, "option_values": [], "digital_links": []}


def fulfillment_shapes(call: Call, purchase: Purchase) -> list[dict[str, Any]]:
    """The parcels."""
    parcel = fulfillments.parcel(purchase)
    if parcel is None:
        return []
    is_v6 = profile_of(call).is_v6
    chosen: Any = next((rate for rate in parcel["rates"] if rate[3]), parcel["rates"][0])
    shape: dict[str, Any] = {
        "id": ids.shown(call, "fulfillment", parcel["id"]),
        "number": f"{number_of(call, purchase)}-F1" if is_v6 else parcel["number"],
        "tracking": None,
        "tracking_url": None,
    }
    if is_v6:
        shape |= {
            "tracking_carrier": None, "tracking_carrier_name": None, "pickup_point_data": None,
            "selected_delivery_rate_id": ids.shown(call, "delivery_rate", chosen[0]),
        }  # fmt: skip
    named = [
        ("cost", chosen[2]), ("total", chosen[2]), ("discount_total", 0), ("additional_tax_total", 0),
        ("included_tax_total", 0), ("tax_total", 0),
    ]  # fmt: skip
    shape |= amounts(call, purchase.currency, named)
    shape |= {"status": parcel["status"], "fulfillment_type": "shipping", "fulfilled_at": None}
    if is_v6:
        shape |= {"tracking_status": None, "estimated_delivery_at": None, "delivered_at": None}
    items = [
        {
            "item_id": ids.shown(call, "line_item", line.id),
            "variant_id": ids.shown(call, "variant", line.variant_id),
            "quantity": line.quantity,
        }
        for line in lines(call, purchase)
    ]
    rates = [_rate(call, purchase.currency, rate) for rate in parcel["rates"]]
    location: dict[str, Any] = {"id": unit_id("sloc", 1), "name": "Shop location", "address1": None, "city": None}
    if is_v6:
        location |= {
            "zipcode": None, "country_code": "US", "country_name": country_name(call, "US"), "state_code": None,
            "state_text": None, "pickup_ready_in_minutes": None, "pickup_instructions": None,
        }  # fmt: skip
    else:
        location |= {
            "state_abbr": None, "zipcode": None, "country_iso": "US", "country_name": country_name(call, "US"),
            "state_text": None,
        }  # fmt: skip
    shape |= {
        "items": items,
        "delivery_method": _delivery_method(call, chosen[1]),
        "stock_location": location,
        "delivery_rates": rates,
    }
    return [shape]


def _rate(call: Call, currency: str, rate: list[Any]) -> dict[str, Any]:
    identity, method, cost, selected = rate
    named = [("cost", cost), ("total", cost), ("additional_tax_total", 0), ("included_tax_total", 0), ("tax_total", 0)]
    shape: dict[str, Any] = {
        "id": ids.shown(call, "delivery_rate", identity),
        "delivery_method_id": unit_id("dm", method),
        "name": _NAMES[method],
        "selected": selected,
        **amounts(call, currency, named),
    }
    if profile_of(call).is_v6:
        shape |= {"carrier": None, "service_level": None, "estimated_delivery_date": None}
    return {**shape, "delivery_method": _delivery_method(call, method)}


def _delivery_method(call: Call, method: int) -> dict[str, Any]:
    shape: dict[str, Any] = {"id": unit_id("dm", method), "name": _NAMES[method], "code": None}
    if profile_of(call).is_v6:
        shape |= {
            "estimated_transit_business_days_min": None, "estimated_transit_business_days_max": None, "digital": False,
            "pickup": method == fulfillments.PICKUP, "pickup_point": False,
        }  # fmt: skip
    return shape


def payment_shapes(call: Call, purchase: Purchase, *, admin: bool = False) -> list[dict[str, Any]]:
    """The payments, as shoppers or the back office see them."""
    methods = {method.id: method for method in payments.methods(call)}
    found = payments.of_purchase(call, purchase)
    return [
        _payment(call, purchase, payment, position, methods.get(payment.method_id), admin=admin)
        for position, payment in enumerate(found, 1)
    ]


def _payment(
    call: Call, purchase: Purchase, payment: Payment, position: int, method: Method | None, *, admin: bool
) -> dict[str, Any]:
    is_v6 = profile_of(call).is_v6
    credit = credit_events.find_any(call, payment.credit_id)
    source = None
    if credit is not None:
        source = serializers.admin_credit(call, credit) if admin else serializers.customer_credit(call, credit)
    shape: dict[str, Any] = {
        "id": ids.shown(call, "payment", payment.id),
        "payment_method_id": ids.shown(call, "payment_method", payment.method_id),
        "response_code": payment.code,
        "number": f"{number_of(call, purchase)}-P{position}" if is_v6 else payment.number,
        **amounts(call, purchase.currency, [("amount", payment.amount)], admin=admin),
        "status": payment.status,
        "source_type": None if credit is None else "store_credit",
        "source_id": None if credit is None else ids.shown(call, "credit", credit.id),
        "source": source,
    }
    if not admin:
        return {**shape, "payment_method": None if method is None else method_shape(call, method)}
    return {
        **shape,
        "metadata": {},
        "avs_response": None,
        "cvv_response_code": None,
        "cvv_response_message": None,
        "created_at": shown(payment.created_at),
        "updated_at": shown(payment.updated_at),
        "captured_amount": money.amount_shown(call, payment.captured, purchase.currency),
        "order_id": ids.shown(call, "order", payment.owner_id),
    }


def method_shape(call: Call, method: Method) -> dict[str, Any]:
    """A payment method as shoppers see it."""
    return {
        "id": ids.shown(call, "payment_method", method.id),
        "name": method.name,
        "description": method.description,
        "type": method.type,
        "session_required": False,
        "source_required": method.type == "store_credit",
    }


def market_shape(call: Call, *, admin: bool = False) -> dict[str, Any]:
    """The market that a purchase is made in: the store's own."""
    is_v6 = profile_of(call).is_v6
    store = state_of(call).store
    shape: dict[str, Any] = {
        "id": unit_id("mkt", store.id),
        "name": "United States",
        "currency": store.currency,
        "default_locale": store.locales[0],
        "tax_inclusive": False,
        "default": True,
        "country_codes" if is_v6 else "country_isos": ["US"],
        "supported_locales": [store.locales[0]],
    }
    if admin:
        opened = shown(call.sandbox.clock.start)
        shape |= {**({"tax_provider": None} if is_v6 else {}), "created_at": opened, "updated_at": opened}
    return shape


def gift_card_shape(call: Call, purchase: Purchase) -> dict[str, Any] | None:
    """The gift card that pays."""
    if purchase.gift_card_id is None:
        return None
    card = gift_cards.find(call, purchase.gift_card_id)
    return None if card is None else gift_cards.shape(call, card)
