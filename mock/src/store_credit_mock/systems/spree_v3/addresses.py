"""Addresses of carts and orders, and the one a customer of 5.x gets by default."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson

from store_credit_mock.systems.call import Call
from store_credit_mock.systems.spree_v3 import customers, ids
from store_credit_mock.systems.spree_v3.profiles import profile_of
from store_credit_mock.systems.spree_v3.purchases import Purchase
from store_credit_mock.systems.spree_v3.state import state_of
from store_credit_mock.systems.spree_v3.tables import next_id

__all__ = ["address_shape", "assign", "assign_standard", "copy", "country_name"]

_TEXTS: Final = ("first_name", "last_name", "address1", "address2", "city", "postal_code", "phone", "company")
_OTHER_NAMES: Final = {"firstname": "first_name", "lastname": "last_name", "zipcode": "postal_code"}
_COUNTRIES: Final = {"US": "United States", "DE": "Germany", "FR": "France", "GB": "United Kingdom", "JP": "Japan"}
_STATES: Final = {"NY": "New York", "CA": "California", "TX": "Texas", "WA": "Washington", "FL": "Florida"}


def assign(call: Call, purchase: Purchase, *, billing: Any = None, shipping: Any = None) -> None:
    """Say where a purchase goes and who pays; what is not an object is ignored. The caller keeps the purchase."""
    if isinstance(shipping, Mapping):
        purchase.ship_address = _kept(call, purchase, shipping)  # pyright: ignore[reportUnknownArgumentType]
    if isinstance(billing, Mapping):
        purchase.bill_address = _kept(call, purchase, billing)  # pyright: ignore[reportUnknownArgumentType]


def assign_standard(call: Call, purchase: Purchase) -> None:
    """Fill the addresses that lack with the customer's own.

    That is the last one given with a cart or an order on 5.x, and with an order alone on 6.0-alpha.
    """
    if purchase.customer_id is None:
        return
    row = call.db.one(
        "SELECT id, fields FROM spree_v3_address WHERE sandbox = ? AND customer_id = ? AND standard = 1",
        (call.sandbox.name, purchase.customer_id),
    )
    if row is None:
        return
    kept = orjson.dumps({"id": row[0], **orjson.loads(row[1])}).decode()
    purchase.bill_address = purchase.bill_address or kept
    purchase.ship_address = purchase.ship_address or kept


def copy(call: Call, kept: str | None, customer_id: int | None) -> str | None:
    """Make a record of its own out of an address, as an order of 6.0 has one; the customer has it too from then on."""
    if kept is None:
        return None
    fields = orjson.loads(kept)
    fields.pop("id")
    identity = _insert(call, customer_id, orjson.dumps(fields).decode())
    return orjson.dumps({"id": identity, **fields}).decode()


def address_shape(call: Call, kept: str | None) -> dict[str, Any] | None:
    """An address as carts and orders show it."""
    if kept is None:
        return None
    profile = profile_of(call)
    fields = orjson.loads(kept)
    country, state = fields["country"], fields["state"]
    standard = _is_standard(call, fields["id"])
    named = ("country_code", "state_code") if profile.is_v6 else ("country_iso", "state_abbr")
    shape = {
        "id": ids.shown(call, "address", fields["id"]),
        "first_name": fields["first_name"],
        "last_name": fields["last_name"],
        "full_name": " ".join(name for name in (fields["first_name"], fields["last_name"]) if name),
        "address1": fields["address1"],
        "address2": fields["address2"],
        "postal_code": fields["postal_code"],
        "city": fields["city"],
        "phone": fields["phone"],
        "company": fields["company"],
        "country_name": country_name(call, country),
        named[0]: country,
        "state_text": state,
        named[1]: state,
        "quick_checkout": False,
        "is_default_billing": standard,
        "is_default_shipping": standard,
    }
    if profile.is_v6:
        shape |= {"state_abbr": state, "country_iso": country}
    return {**shape, "state_name": _STATES.get(state or "", state)}


def country_name(call: Call, code: str | None) -> str | None:
    """What a country is called; 6.0 has longer names in other locales than English."""
    name = _COUNTRIES.get(code or "", code)
    if code == "US" and profile_of(call).is_v6 and state_of(call).locale(call) != "en":
        return f"{name} of America"
    return name


def _kept(call: Call, purchase: Purchase, sent: Mapping[str, Any]) -> str:
    """The record of what was sent: one that the customer, or nobody, has already, else a new one."""
    given = {_OTHER_NAMES.get(name, name): value for name, value in sent.items()}
    fields: dict[str, str | None] = {name: _text(given.get(name)) for name in _TEXTS}
    fields["country"] = _text(given.get("country_code")) or _text(given.get("country_iso"))
    fields["state"] = _text(given.get("state_code")) or _text(given.get("state_abbr")) or _text(given.get("state_name"))
    text = orjson.dumps(fields).decode()
    name, customer = call.sandbox.name, purchase.customer_id
    whose = "customer_id IS NULL" if customer is None else "customer_id = ?"
    row = call.db.one(
        f"SELECT id FROM spree_v3_address WHERE sandbox = ? AND fields = ? AND {whose} ORDER BY id",  # noqa: S608
        (name, text) if customer is None else (name, text, customer),
    )
    identity = _insert(call, customer, text) if row is None else row[0]
    if customer is not None and (purchase.kind == "order" or not profile_of(call).is_v6):
        call.db.run(
            "UPDATE spree_v3_address SET standard = CASE WHEN id = ? THEN 1 ELSE 0 END"
            " WHERE sandbox = ? AND customer_id = ?",
            (identity, name, customer),
        )
    return orjson.dumps({"id": identity, **fields}).decode()


def _insert(call: Call, customer_id: int | None, fields: str) -> int:
    identity = next_id(call, "address")
    call.db.run(
        "INSERT INTO spree_v3_address (sandbox, id, customer_id, fields, standard) VALUES (?, ?, ?, ?, 0)",
        (call.sandbox.name, identity, customer_id, fields),
    )
    _tell_customer(call, customer_id, orjson.loads(fields))
    return identity


def _tell_customer(call: Call, customer_id: int | None, fields: Mapping[str, str | None]) -> None:
    """Fill what is not known of a customer from a new address; the customer counts as changed either way."""
    customer = customers.find(call, customer_id)
    if customer is None:
        return
    known = (customer.first_name, customer.last_name)
    names = known if any(known) else (fields["first_name"], fields["last_name"])
    customer.first_name, customer.last_name = names
    customer.phone = customer.phone or fields["phone"]
    customers.save(call, customer)


def _is_standard(call: Call, identity: int) -> bool:
    row = call.db.one(
        "SELECT standard FROM spree_v3_address WHERE sandbox = ? AND id = ?", (call.sandbox.name, identity)
    )
    return row is not None and bool(row[0])


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
