"""What the API shows of credits, customers, categories and events, by version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson

from store_credit_mock.systems.call import Call
from store_credit_mock.systems.rails.datetimes import shown
from store_credit_mock.systems.spree_v3 import categories, customers, ids, order_facts, staff, store_credits, stores
from store_credit_mock.systems.spree_v3.caller import Staff
from store_credit_mock.systems.spree_v3.categories import Category
from store_credit_mock.systems.spree_v3.customers import Customer
from store_credit_mock.systems.spree_v3.money import amount_shown, display, plain, total_shown
from store_credit_mock.systems.spree_v3.profiles import profile_of
from store_credit_mock.systems.spree_v3.state import state_of
from store_credit_mock.systems.spree_v3.store_credits import Credit

__all__ = [
    "admin_credit",
    "amounts_of",
    "category",
    "chosen_fields",
    "customer",
    "customer_credit",
    "expands",
    "originator",
    "profile",
    "staff_member",
]

_ORIGINATORS: Final = {
    "Spree::GiftCard": "gift_card",
    "Spree::Refund": "refund",
    "Spree::Return": "return",
    "Spree::Exchange": "exchange",
    "Spree::Claim": "claim",
}
_KINDS: Final = frozenset(ids.PREFIXES)


def expands(call: Call, name: str) -> bool:
    """Whether `expand` asks for an association, or for one below it."""
    return any(part == name or part.startswith(name + ".") for part in _parts(call, "expand"))


def chosen_fields(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """What `fields` leaves of a record: always the id and what was expanded; unknown names choose nothing."""
    fields = _parts(call, "fields")
    if not fields:
        return body
    kept = {"id", *fields, *(part.partition(".")[0] for part in _parts(call, "expand"))}
    return {name: value for name, value in body.items() if name in kept}


def amounts_of(
    call: Call, currency: str, amounts: Mapping[str, int], *, displayed: bool = True
) -> dict[str, str | None]:
    """Amounts by name, and below them what people are shown, where the version shows it."""
    body: dict[str, str | None] = {name: amount_shown(call, amount, currency) for name, amount in amounts.items()}
    if displayed:
        body.update({f"display_{name}": display(call, amount, currency) for name, amount in amounts.items()})
    return body


def customer_credit(call: Call, credit: Credit, *, displayed: bool = True) -> dict[str, Any]:
    """A credit as its owner sees it, and as webhooks carry it: without memo and customer."""
    amounts = {"amount": credit.amount, "amount_used": credit.used, "amount_remaining": credit.remaining}
    return {
        "id": ids.shown(call, "credit", credit.id),
        **amounts_of(call, credit.currency, amounts, displayed=displayed),
        "currency": credit.currency,
    }


def admin_credit(call: Call, credit: Credit) -> dict[str, Any]:
    """A credit as the admin side sees it."""
    version = profile_of(call)
    body = {
        **customer_credit(call, credit, displayed=version.admin_display),
        "memo": credit.memo,
        "metadata": orjson.loads(credit.metadata),
        "created_at": shown(credit.created_at),
        "updated_at": shown(credit.updated_at),
    }
    if version.ledger:
        authorized = {"amount_authorized": credit.authorized}
        body |= amounts_of(call, credit.currency, authorized, displayed=version.admin_display)
    if version.outstanding:
        body["outstanding"] = credit.outstanding
    body |= {
        "customer_id": ids.shown(call, "customer", credit.customer_id),
        "created_by_id": ids.shown(call, "staff", credit.created_by_id),
    }
    if version.categories:
        own = categories.find(call, credit.category_id)
        body |= {
            "category_id": ids.shown(call, "category", credit.category_id),
            "category_name": None if own is None else own.name,
        }
    if version.ledger:
        body |= originator(call, credit.originator_type, credit.originator_id)
        body |= _expanded(call, credit)
    return body


def originator(call: Call, kind: str | None, number: int | None) -> dict[str, str | None]:
    """What a credit or an event comes from: a short name, and the id."""
    name = None if kind is None else _ORIGINATORS.get(kind, kind.rpartition(":")[2].lower())
    known = name if name in _KINDS else None
    return {"originator_type": name, "originator_id": None if known is None else ids.shown(call, known, number)}


def category(call: Call, record: Category) -> dict[str, Any]:
    """A category."""
    return {
        "id": ids.shown(call, "category", record.id),
        "name": record.name,
        "created_at": shown(record.created_at),
        "updated_at": shown(record.updated_at),
        "non_expiring": False,
    }


def profile(call: Call, record: Customer) -> dict[str, Any]:
    """A customer as the customer sees it."""
    body = {**_person(call, record), "addresses": order_facts.addresses(call, record.id)}
    standard = order_facts.standard_address(call, record.id)
    body |= {"default_billing_address": standard, "default_shipping_address": standard}
    return {**body, "newsletter_subscriber": None, "customer_groups": []} if profile_of(call).groups else body


def customer(call: Call, record: Customer) -> dict[str, Any]:
    """A customer as the admin side sees it."""
    version = profile_of(call)
    currency = state_of(call).currency(call)
    orders, spent, last = order_facts.totals(call, record.id)
    times = {"created_at": shown(record.created_at), "updated_at": shown(record.updated_at)}
    person = _person(call, record, displayed=version.admin_display)
    if version.is_v6:
        body = {**person, "failed_attempts": record.failed_attempts, "metadata": orjson.loads(record.metadata), **times}
        body |= {"tags": [], "internal_note": None}
    else:
        body = {**person, "login": None, "metadata": orjson.loads(record.metadata), "last_sign_in_at": None}
        body |= {"current_sign_in_at": None, **times, "sign_in_count": 0, "failed_attempts": record.failed_attempts}
        body |= {"last_sign_in_ip": None, "current_sign_in_ip": None, "tags": []}
    standard = (order_facts.standard_address(call, record.id) or {}).get("id")
    body |= {
        "internal_note_html": None,
        "default_billing_address_id": standard,
        "default_shipping_address_id": standard,
        "orders_count": orders,
        "total_spent": amount_shown(call, spent, currency) if version.padded else plain(spent),
    }
    if version.admin_display:
        body["display_total_spent"] = display(call, spent, currency)
    second = None if last is None else f"{shown(last // 1000 * 1000)}".replace(".000", "")
    body["last_order_completed_at"] = second
    return {**body, "customer_group_ids": []} if version.groups else body


def staff_member(call: Call, record: Staff) -> dict[str, Any]:
    """A member of the staff, with the roles in the store and, from 5.6 on, all stores."""
    version, store = profile_of(call), state_of(call).store
    roles = [{"id": ids.shown(call, "role", store.id), "name": "admin"}] if store.id in record.stores else []
    body: dict[str, Any] = {
        "id": ids.shown(call, "staff", record.id),
        "email": record.email,
        "first_name": record.first_name,
        "last_name": record.last_name,
        "full_name": " ".join(name for name in (record.first_name, record.last_name) if name),
    }
    if version.stores_on_sign_in:
        body["selected_locale"] = None
    body |= {"created_at": shown(record.created_at), "updated_at": shown(record.updated_at)}
    if not version.stores_on_sign_in:
        return {**body, "roles": roles}
    own = sorted((known for known in stores.every(call) if known.id in record.stores), key=lambda known: known.name)
    listed = [{"id": ids.shown(call, "store", one.id), "name": one.name, "code": one.code} for one in own]
    return {**body, "avatar_url": None, "roles": roles, "stores": listed}


def _person(call: Call, record: Customer, *, displayed: bool = True) -> dict[str, Any]:
    state = state_of(call)
    currency = state.currency(call)
    number, total = store_credits.available(call, record.id, state.store.id, currency)
    body: dict[str, Any] = {
        "id": ids.shown(call, "customer", record.id),
        "email": record.email,
        "first_name": record.first_name,
        "last_name": record.last_name,
        "phone": record.phone,
        "accepts_email_marketing": bool(record.accepts_email_marketing),
        "full_name": record.full_name,
        "available_store_credit_total": total_shown(call, number, total, currency),
    }
    if displayed:
        body["display_available_store_credit_total"] = display(call, total, currency)
    return body


def _expanded(call: Call, credit: Credit) -> dict[str, Any]:
    """Customer and creator, where `expand` asks for them; before the ledger it does nothing on credits."""
    body: dict[str, Any] = {}
    if expands(call, "customer"):
        owner = customers.find(call, credit.customer_id)
        body["customer"] = None if owner is None else customer(call, owner)
    if expands(call, "created_by"):
        giver = staff.find(call, credit.created_by_id)
        body["created_by"] = None if giver is None else staff_member(call, giver)
    return body


def _parts(call: Call, name: str) -> list[str]:
    """A list parted by commas. One sent as `fields[]=` is written as Ruby writes lists, so that no name fits."""
    sent = state_of(call).parameters(call).get(name)
    if sent is None or sent in ("", []):
        return []
    text = sent if isinstance(sent, str) else orjson.dumps(sent).decode()
    return [part.strip() for part in text.split(",")]
