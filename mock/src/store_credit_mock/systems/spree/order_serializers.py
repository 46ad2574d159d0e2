"""Orders and payments as the Platform API shows them (spree.md section 3; recordings)."""

from __future__ import annotations

from typing import Any, Final

from store_credit_mock.systems.rails.datetimes import shown
from store_credit_mock.systems.rails.money import decimal_text
from store_credit_mock.systems.spree import payments, store_credits, users
from store_credit_mock.systems.spree.jsonapi import Kind, Relation, View, identifier
from store_credit_mock.systems.spree.order_relations import (
    NO_LIST,
    NO_ONE,
    Targets,
    applied_credit,
    identifiers,
    kept_identifiers,
    lines_of,
    nothing,
    payments_of,
    shipments_of,
)
from store_credit_mock.systems.spree.orders import Order
from store_credit_mock.systems.spree.payments import Payment
from store_credit_mock.systems.spree.serializers import (
    CREDIT,
    USER,
    credit_of,
)

__all__ = ["ORDER"]

_BACK: Final = "Spree::Api::V2::Platform::"


def _order(view: View, order: Order) -> dict[str, Any]:
    currency = order.currency
    zero = decimal_text(0)

    def money(amount: int) -> str | None:
        return view.money(amount, currency)

    available = store_credits.available(view.call, order.user_id, currency)[1]
    applied = applied_credit(view, order)
    # order/store_credit.rb: from the payment step on what is applied counts, before it what the user has in the default
    # store's currency, whatever the order's is.
    spendable = min(order.total, store_credits.user_total(view.call, order.user_id))
    applicable = applied if order.state in {"payment", "confirm", "complete"} else spendable
    attributes: dict[str, Any] = {
        "number": order.number,
        "item_total": decimal_text(order.item_total),
        "total": decimal_text(order.total),
        "state": order.state,
        "adjustment_total": zero,
        "completed_at": shown(order.completed_at),
        "payment_total": decimal_text(order.payment_total),
        "shipment_state": order.shipment_state,
        "payment_state": order.payment_state,
        "email": order.email,
        "special_instructions": None,
        "created_at": shown(order.created_at),
        "updated_at": shown(order.updated_at),
        "currency": currency,
        "last_ip_address": None,
        "shipment_total": decimal_text(order.ship_total),
        "additional_tax_total": zero,
        "promo_total": zero,
        "channel": "spree",
        "included_tax_total": zero,
        "item_count": order.item_count,
        "approved_at": None,
        "confirmation_delivered": order.completed_at is not None,
        "canceled_at": shown(order.canceled_at),
        "state_lock_version": 0,
        "taxable_adjustment_total": zero,
        "non_taxable_adjustment_total": zero,
        "store_owner_notification_delivered": None,
        "public_metadata": {},
        "private_metadata": {},
        "internal_note": _note(order) if view.profile.is_v5 else None,
        "display_ship_total": money(order.ship_total),
        "display_shipment_total": money(order.ship_total),
        "display_outstanding_balance": money(order.outstanding),
        "display_item_total": money(order.item_total),
        "display_adjustment_total": money(0),
        "display_included_tax_total": money(0),
        "display_additional_tax_total": money(0),
        "display_tax_total": money(0),
        "display_promo_total": money(0),
        "display_total": money(order.total),
        "display_cart_promo_total": money(0),
        "display_pre_tax_item_amount": money(order.item_total),
        "display_pre_tax_total": money(order.total),
        "display_total_applicable_store_credit": money(-applicable),
        "display_total_applied_store_credit": money(-applied),
        "display_order_total_after_store_credit": money(order.total - applicable),
        "display_total_available_store_credit": money(available),
        "display_store_credit_remaining_after_capture": money(available - applicable),
    }
    if view.profile.is_v5:
        attributes["accept_marketing"] = False
        attributes["signup_for_an_account"] = False
        attributes["display_gift_card_total"] = money(0)
        attributes["display_payment_total"] = money(order.payment_total)
        attributes["display_total_minus_store_credits"] = money(order.total - applied)
    return attributes


def _note(order: Order) -> dict[str, Any]:
    """An empty rich text (recorded at 5.3.6)."""
    return {
        "id": None,
        "name": "internal_note",
        "body": None,
        "record_type": "Spree::Order",
        "record_id": order.id,
        "created_at": None,
        "updated_at": None,
        "locale": "en",
    }


def _payment(view: View, payment: Payment) -> dict[str, Any]:
    order = view.memory.get(("order", payment.order_id))
    currency = "USD" if order is None else order.currency
    attributes: dict[str, Any] = {
        "amount": decimal_text(payment.amount),
        "source_type": None if payment.credit_id is None else "Spree::StoreCredit",
        "state": payment.state,
        "response_code": payment.code,
        "avs_response": None,
        "created_at": shown(payment.created_at),
        "updated_at": shown(payment.updated_at),
        "number": payment.number,
        "cvv_response_code": None,
        "cvv_response_message": None,
        "public_metadata": {},
        "private_metadata": {},
        "display_amount": view.money(payment.amount, currency),
    }
    if view.profile.is_v5:
        attributes["display_source_name"] = None if payment.credit_id is None else "Store Credit"
        allowed = payment.amount - payments.refunded(view.call, payment.id)
        attributes["display_credit_allowed"] = view.money(allowed, currency)
    return attributes


def _refunds(view: View, payment: Payment) -> list[dict[str, str]]:
    rows = view.call.db.all(
        "SELECT id FROM spree_refund WHERE sandbox = ? AND payment_id = ? ORDER BY id",
        (view.call.sandbox.name, payment.id),
    )
    return [{"id": str(row[0]), "type": "refund"} for row in rows]


def _payment_source(view: View, payment: Payment) -> Targets:
    credit = credit_of(view, payment.credit_id)
    return () if credit is None else ((CREDIT, credit),)


def _payment_order(view: View, payment: Payment) -> Targets:
    order = view.memory.get(("order", payment.order_id))
    return () if order is None else ((ORDER, order),)


_PAYMENT: Final = Kind(
    "payment",
    _BACK + "PaymentSerializer",
    _payment,
    {
        "order": Relation(lambda view, payment: identifier("order", payment.order_id), _payment_order),
        "payment_method": Relation(lambda view, payment: identifier("payment_method", payment.method_id), nothing),
        "source": Relation(lambda view, payment: identifier("store_credit", payment.credit_id), _payment_source),
        "log_entries": Relation(lambda view, payment: kept_identifiers("log_entry", payment.logs), nothing),
        "state_changes": Relation(lambda view, payment: kept_identifiers("state_change", payment.changes), nothing),
        "payment_capture_events": Relation(
            lambda view, payment: kept_identifiers("payment_capture_event", payment.captures), nothing
        ),
        "refunds": Relation(_refunds, nothing),
    },
)


def _order_payments(view: View, order: Order) -> Targets:
    view.memory[("order", order.id)] = order
    return [(_PAYMENT, payment) for payment in payments_of(view, order)]


def _order_user(view: View, order: Order) -> Targets:
    user = users.find(view.call, order.user_id)
    return () if user is None else ((USER, user),)


ORDER: Final = Kind(
    "order",
    _BACK + "OrderSerializer",
    _order,
    {
        "user": Relation(lambda view, order: identifier("user", order.user_id), _order_user),
        "created_by": NO_ONE,
        "approver": NO_ONE,
        "canceler": Relation(lambda view, order: identifier(view.profile.creator, order.canceler_id), nothing),
        "bill_address": Relation(lambda view, order: identifier("address", order.bill_address_id), nothing),
        "ship_address": Relation(lambda view, order: identifier("address", order.ship_address_id), nothing),
        "line_items": Relation(lambda view, order: identifiers("line_item", lines_of(view, order)), nothing),
        "payments": Relation(lambda view, order: identifiers("payment", payments_of(view, order)), _order_payments),
        "shipments": Relation(shipments_of, nothing),
        "state_changes": Relation(lambda view, order: kept_identifiers("state_change", order.changes), nothing),
        "return_authorizations": NO_LIST,
        "reimbursements": NO_LIST,
        "adjustments": NO_LIST,
        "all_adjustments": NO_LIST,
        "order_promotions": NO_LIST,
    },
)
