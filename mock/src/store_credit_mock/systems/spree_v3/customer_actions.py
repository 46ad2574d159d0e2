"""Customers as the admin side lists them, and how they are made."""

from __future__ import annotations

import re
from typing import Any, Final

from store_credit_mock.systems.call import Call, SystemResponse
from store_credit_mock.systems.rails.parameters import to_text
from store_credit_mock.systems.rails.ransack import ID, TEXT, TIME
from store_credit_mock.systems.spree_v3 import customers, errors, ids, listing, serializers
from store_credit_mock.systems.spree_v3.actions import Action, Route
from store_credit_mock.systems.spree_v3.credit_actions import permitted
from store_credit_mock.systems.spree_v3.customers import Customer
from store_credit_mock.systems.spree_v3.filters import caller_of
from store_credit_mock.systems.spree_v3.profiles import profile_of
from store_credit_mock.systems.spree_v3.state import state_of

__all__ = ["CUSTOMER_ACTIONS", "CUSTOMER_ROUTES", "made"]


def _search(text: str) -> listing.Clause:
    """Who has a text in address, first or last name; of two words the first or the rest may be in its own (read)."""
    found = [(name, text) for name in ("email", "first_name", "last_name")]
    first, _, last = text.strip().partition(" ")
    if last.strip():
        found += [("first_name", first), ("last_name", last.strip())]
    return listing.any_contains(found)


_LISTED: Final = listing.Listed(
    "spree_v3_customer",
    customers.COLUMNS,
    customers.read,
    {
        "id": ID("r.id"),
        **{name: TEXT(f"r.{name}") for name in ("email", "first_name", "last_name", "phone")},
        "created_at": TIME("r.created_at"),
        "updated_at": TIME("r.updated_at"),
    },
    searches=dict.fromkeys(("search", "multi_search"), _search),
)
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+")


def list_(call: Call) -> SystemResponse:
    """List the customers, who are the same in every store; a member of the staff without a role sees none."""
    where = (" AND 1 = 0", list[Any]()) if _sees_none(call) else ("", list[Any]())
    return listing.answer(call, _LISTED, where, lambda one: _fields(call, one))


def get(call: Call) -> SystemResponse:
    """Show one customer."""
    return SystemResponse(200, _fields(call, state_of(call).record))


def create(call: Call) -> SystemResponse:
    """Add a customer, with or without a password."""
    found = made(call)
    return found if isinstance(found, SystemResponse) else SystemResponse(201, _fields(call, found))


def made(call: Call, *, password: bool = False) -> Customer | SystemResponse:
    """Add the customer that a body describes, or say what is wrong with it."""
    sent = {name: to_text(value) for name, value in permitted(call, "email", "first_name", "last_name").items()}
    secret = permitted(call, "password").get("password")
    email = (sent.get("email") or "").strip()
    errors.no_null_byte(*sent.values())
    problems: errors.Errors = []
    if not email:
        problems.append(("email", "can't be blank"))
    elif not _EMAIL.fullmatch(email):
        problems.append(("email", "is invalid"))
    elif customers.find_by_email(call, email) is not None:
        problems.append(("email", "has already been taken"))
    if password and not secret:
        problems.append(("password", "can't be blank"))
    if problems:
        return errors.invalid(problems)
    text = None if secret is None else str(secret)
    return customers.add(call, email, sent.get("first_name"), sent.get("last_name"), password=text)


def _find(call: Call) -> None:
    found = customers.find(call, ids.number_of(call, "customer", call.path["id"]))
    if found is None or _sees_none(call):
        raise errors.not_found(profile_of(call).customer_label)
    state_of(call).record = found


def _sees_none(call: Call) -> bool:
    staff = caller_of(call).staff
    return staff is not None and state_of(call).store.id not in staff.stores


def _fields(call: Call, record: Customer) -> dict[str, Any]:
    return serializers.chosen_fields(call, serializers.customer(call, record))


def _action(run: Any, find: Any = None, *, writes: bool = False) -> Action:
    return Action(
        run=run, side="admin", controller="admin/customers", scope="customers", writes=writes, find=find
    )  # fmt: skip


CUSTOMER_ACTIONS: Final = {
    "spree_v3.admin.customers.list": _action(list_),
    "spree_v3.admin.customers.get": _action(get, _find),
}
CUSTOMER_ROUTES: Final = (Route("POST", "/api/v3/admin/customers", _action(create, writes=True)),)
