"""The platform API's resources around a store credit (spree.md section 3)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from store_credit_mock.contract import Schema, SerializedRecord
from store_credit_mock.storage import Row
from store_credit_mock.systems.rails.datetimes import shown
from store_credit_mock.systems.rails.money import column, decimal_text, plain_text
from store_credit_mock.systems.rails.numbers import Numbers
from store_credit_mock.systems.spree import store_credits, taxonomy, users
from store_credit_mock.systems.spree.jsonapi import Kind, Relation, View, identifier
from store_credit_mock.systems.spree.store_credits import Credit
from store_credit_mock.systems.spree.taxonomy import Named
from store_credit_mock.systems.spree.users import User

__all__ = [
    "ADMIN_USER", "CATEGORY", "CREDIT", "EVENT", "TYPE", "USER", "Event", "credit_of", "display_action", "events_of",
    "prefetch", "recalled", "written", "written_alone",
]  # fmt: skip

_ACTIONS: Final = {
    "capture": "Used",
    "authorize": "Authorized",
    "allocation": "Added",
    "void": "Credit",
    "credit": "Credit",
}
_WIDE: Final = 10**8
_CODE: Final = re.compile(r"[A-Z]{3}", re.ASCII)
_CAPITALS: Final = re.compile(r"[A-Z]{2,3}", re.ASCII)
_EVENTS: Final = (
    "SELECT id, credit_id, action, amount, code, user_total, originator_type, originator_id, created_at, updated_at"
    " FROM spree_event WHERE sandbox = ? AND credit_id = ? ORDER BY id"
)


_EVENT_RANGE: Final = (
    "SELECT credit_id, id FROM spree_event WHERE sandbox = ? AND credit_id BETWEEN ? AND ? ORDER BY credit_id, id"
)
_EVENT_PLACES: Final = (
    "SELECT credit_id, id FROM spree_event WHERE sandbox = ? AND credit_id IN ({}) ORDER BY credit_id, id"
)


@dataclass(slots=True)
class Event:
    """A row of a credit's ledger as Spree shows it."""

    id: int
    credit_id: int
    action: str
    amount: int
    code: str
    user_total: int
    originator_type: str | None
    originator_id: int | None
    created_at: int
    updated_at: int


def prefetch(view: View, ids: Sequence[int]) -> dict[int, list[int]]:
    """Read the event ids of a whole page of credits at once; also kept in the view."""
    listed: dict[int, list[int]] = {identity: [] for identity in ids}
    if listed:
        sandbox = view.call.sandbox.name
        least, most = min(ids), max(ids)
        if most - least < 4 * len(ids):
            # Neighbours, as on most pages: one walk through the index.
            rows = view.call.db.all(_EVENT_RANGE, (sandbox, least, most))
        else:
            sql = _EVENT_PLACES.format(", ".join("?" * len(ids)))
            rows = view.call.db.all(sql, (sandbox, *ids))
        for credit_id, identity in rows:
            if credit_id in listed:
                listed[credit_id].append(identity)
    view.memory["events"] = listed
    return listed


def recalled(view: View, rows: Sequence[Row]) -> Credit:
    """The credit that rows of `store_credits.with_events` are of, whose events are kept in the view."""
    credit = store_credits.read(rows[0][:-1])
    view.memory["events"] = {credit.id: [row[-1] for row in rows if row[-1] is not None]}
    return credit


def written(view: View, rows: Sequence[Row], schema: Schema | None) -> list[SerializedRecord] | None:
    """Credits as JSON that was checked before; None where the schema is not known or a record breaks it.

    Args:
        view: Without includes and chosen fields.
        rows: Of live records, in the order of `store_credits.COLUMNS`.
        schema: Of one record.
    """
    if schema is None:
        return None
    world = _world(view)
    events = prefetch(view, [row[0] for row in rows])
    keys = [(world, row, *events[row[0]]) for row in rows]
    return schema.cache.get_all(keys, lambda key: _whole_credit(view, store_credits.read(key[1])))


def written_alone(view: View, rows: Sequence[Row]) -> SerializedRecord | None:
    """One credit as a document of its own, see `written`; the rows are those of `store_credits.with_events`."""
    operation = view.call.operation
    schema = None if operation is None else operation.schema(200, "application/vnd.api+json")
    if schema is None:
        return None
    return schema.cache.get((_world(view), *rows), lambda _: {"data": _whole_credit(view, recalled(view, rows))})


def _world(view: View) -> tuple[str, str, Numbers]:
    """What a credit's texts depend on besides the credit."""
    return view.profile.name, store_credits.default_currency(view.call), view.numbers


def events_of(view: View, credit_id: int) -> list[Event]:
    """A credit's events by id."""
    return [Event(*row) for row in view.call.db.all(_EVENTS, (view.call.sandbox.name, credit_id))]


def credit_of(view: View, credit_id: int | None) -> Credit | None:
    """A credit, read once per document."""
    if credit_id is None:
        return None
    key = ("credit", credit_id)
    if key not in view.memory:
        view.memory[key] = store_credits.find(view.call, credit_id)
    return view.memory[key]


def display_action(view: View, action: str) -> str:
    """What an event is called (spree.md section 3)."""
    return "Eligible" if action == "eligible" and view.profile.is_v5 else _ACTIONS.get(action, "")


def _shown_in(view: View, currency: str | None) -> str | None:
    """The currency that texts for people are in (recorded: `usd` is shown as dollars, `XYZ` is not shown)."""
    if not view.profile.currency_from_capitals or currency is None or _CODE.fullmatch(currency):
        return currency
    found = _CAPITALS.search(currency)
    return store_credits.default_currency(view.call) if found is None else found[0]


def _credit(view: View, credit: Credit) -> dict[str, Any]:
    currency = _shown_in(view, credit.currency)
    amount, used, authorized = credit.amount, credit.used, credit.authorized
    if amount >= _WIDE and view.memory.get("fresh") != credit.id:
        amount, used, authorized = column(amount), column(used), column(authorized)
    attributes: dict[str, Any] = {
        "amount": decimal_text(amount),
        "amount_used": decimal_text(used),
        "memo": credit.memo,
        "deleted_at": shown(credit.deleted_at),
        "currency": credit.currency,
        "amount_authorized": decimal_text(authorized),
        "originator_type": credit.originator_type,
        "created_at": shown(credit.created_at),
        "updated_at": shown(credit.updated_at),
        "public_metadata": store_credits.metadata(credit.public_metadata),
        "private_metadata": store_credits.metadata(credit.private_metadata),
        "display_amount": view.money(amount, currency),
        "display_amount_used": view.money(used, currency),
    }
    if view.profile.is_v5:
        attributes["display_amount_remaining"] = view.money(credit.remaining, currency)
        attributes["display_amount_authorized"] = view.money(authorized, currency)
    return attributes


def _event_ids(view: View, credit: Credit) -> list[dict[str, str]]:
    listed = view.memory.get("events")
    if listed is None or credit.id not in listed:
        listed = prefetch(view, [credit.id])
    return [{"id": str(identity), "type": "store_credit_event"} for identity in listed[credit.id]]


def _user_target(view: View, user_id: int | None, kind: Kind) -> Sequence[tuple[Kind, Any]]:
    user = users.find(view.call, user_id)
    return () if user is None else ((kind, user),)


def _creator(view: View, credit: Credit) -> Sequence[tuple[Kind, Any]]:
    return _user_target(view, credit.created_by_id, ADMIN_USER if view.profile.creator == "admin_user" else USER)


def _named_target(view: View, kind: Kind, record: Named | None) -> Sequence[tuple[Kind, Any]]:
    return () if record is None else ((kind, record),)


def _event(view: View, event: Event) -> dict[str, Any]:
    credit = credit_of(view, event.credit_id)
    currency = None if credit is None else _shown_in(view, credit.currency)
    amount, total = column(event.amount), column(event.user_total)
    return {
        "action": event.action,
        "amount": decimal_text(amount),
        "authorization_code": event.code,
        "user_total_amount": decimal_text(total),
        "originator_type": event.originator_type,
        "deleted_at": None,
        "created_at": shown(event.created_at),
        "updated_at": shown(event.updated_at),
        "display_amount": view.money(amount, currency),
        "display_action": display_action(view, event.action),
        "display_user_total_amount": view.money(total, currency),
    }


def _originator(view: View, event: Event) -> Sequence[tuple[Kind, Any]]:
    if event.originator_type == "Spree::Refund" and event.originator_id is not None:
        row = view.call.db.one(
            "SELECT id, amount, reason, created_at, updated_at FROM spree_refund WHERE sandbox = ? AND id = ?",
            (view.call.sandbox.name, event.originator_id),
        )
        if row is not None:
            return ((REFUND, _Refund(*row)),)
    return ()


@dataclass(slots=True)
class _Refund:
    id: int
    amount: int
    reason: str | None
    created_at: int
    updated_at: int


def _refund(view: View, refund: _Refund) -> dict[str, Any]:
    return {
        "amount": decimal_text(refund.amount),
        "created_at": shown(refund.created_at),
        "updated_at": shown(refund.updated_at),
    }


def _originator_type(event: Event) -> str:
    return (event.originator_type or "").rpartition("::")[2].lower()


def _user(view: View, user: User) -> dict[str, Any]:
    call = view.call
    attributes: dict[str, Any] = {
        "email": user.email,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "created_at": shown(user.created_at),
        "updated_at": shown(user.updated_at),
        **dict.fromkeys(("public_metadata", "private_metadata"), None if view.profile.is_v5 else {}),
    }
    if view.profile.locale:
        attributes["selected_locale"] = None
    finished = users.reports(call, user.id)
    attributes["average_order_value"] = [
        {"currency": currency.upper(), "amount": plain_text((total + count // 2) // count, currency)}
        for currency, count, total in finished
    ]
    attributes["lifetime_value"] = [
        {"currency": currency.upper(), "amount": plain_text(total, currency)} for currency, _, total in finished
    ]
    attributes["store_credits"] = [
        {"currency": code.upper(), "amount": plain_text(remaining, code)}
        for currency, remaining in store_credits.holdings(call, user.id)
        for code in (_shown_in(view, currency) or currency,)
    ]
    return attributes


def _category(view: View, record: Named) -> dict[str, Any]:
    return {"name": record.name, "created_at": shown(record.created_at), "updated_at": shown(record.updated_at)}


def _type(view: View, record: Named) -> dict[str, Any]:
    return {
        "name": record.name,
        "priority": record.priority,
        "created_at": shown(record.created_at),
        "updated_at": shown(record.updated_at),
    }


def _none(view: View, record: Any) -> None:
    return None


def _nothing(view: View, record: Any) -> Sequence[tuple[Kind, Any]]:
    return ()


_NAMESPACE: Final = "Spree::Api::V2::Platform::"
_ADDRESSES: Final = {"bill_address": Relation(_none, _nothing), "ship_address": Relation(_none, _nothing)}

CATEGORY: Final = Kind("store_credit_category", _NAMESPACE + "StoreCreditCategorySerializer", _category)
TYPE: Final = Kind("store_credit_type", _NAMESPACE + "StoreCreditTypeSerializer", _type)
REFUND: Final = Kind("refund", _NAMESPACE + "RefundSerializer", _refund)
USER: Final = Kind("user", _NAMESPACE + "UserSerializer", _user, _ADDRESSES)
ADMIN_USER: Final = Kind("admin_user", _NAMESPACE + "AdminUserSerializer", _user, _ADDRESSES)


def _events(view: View, credit: Credit) -> Sequence[tuple[Kind, Any]]:
    view.memory.setdefault(("credit", credit.id), credit)
    return [(EVENT, event) for event in events_of(view, credit.id)]


def _credit_of_event(view: View, event: Event) -> Sequence[tuple[Kind, Any]]:
    credit = credit_of(view, event.credit_id)
    return () if credit is None else ((CREDIT, credit),)


def _whole_credit(view: View, credit: Credit) -> dict[str, Any]:
    return {
        "id": str(credit.id),
        "type": "store_credit",
        "attributes": _credit(view, credit),
        "relationships": {
            "user": {"data": identifier("user", credit.user_id)},
            "created_by": {"data": identifier(view.profile.creator, credit.created_by_id)},
            "store_credit_category": {"data": identifier("store_credit_category", credit.category_id)},
            "store_credit_type": {"data": identifier("store_credit_type", credit.type_id)},
            "store_credit_events": {"data": _event_ids(view, credit)},
        },
    }


EVENT: Final = Kind(
    "store_credit_event",
    _NAMESPACE + "StoreCreditEventSerializer",
    _event,
    {
        "store_credit": Relation(lambda view, event: identifier("store_credit", event.credit_id), _credit_of_event),
        "originator": Relation(
            lambda view, event: identifier(_originator_type(event), event.originator_id), _originator
        ),
    },
)
CREDIT: Final = Kind(
    "store_credit",
    _NAMESPACE + "StoreCreditSerializer",
    _credit,
    {
        "user": Relation(
            lambda view, credit: identifier("user", credit.user_id),
            lambda view, credit: _user_target(view, credit.user_id, USER),
        ),
        "created_by": Relation(lambda view, credit: identifier(view.profile.creator, credit.created_by_id), _creator),
        "store_credit_category": Relation(
            lambda view, credit: identifier("store_credit_category", credit.category_id),
            lambda view, credit: _named_target(view, CATEGORY, taxonomy.CATEGORY.find(view.call, credit.category_id)),
        ),
        "store_credit_type": Relation(
            lambda view, credit: identifier("store_credit_type", credit.type_id),
            lambda view, credit: _named_target(view, TYPE, taxonomy.TYPE.find(view.call, credit.type_id)),
        ),
        "store_credit_events": Relation(_event_ids, _events),
    },
    _whole_credit,
)
