"""What the control plane can do to the v3 system: people, keys, rows that somebody holds, webhooks."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from store_credit_mock.systems.call import FixturesError
from store_credit_mock.systems.control_route import ControlCall, ControlError, ControlRoutes
from store_credit_mock.systems.ledger_store import LedgerEntry, shown_entries
from store_credit_mock.systems.spree_v3 import (
    api_keys,
    back_office,
    customers,
    fixtures,
    ids,
    purchases,
    row_locks,
    shop_control_routes,
    staff,
    store_credits,
    stores,
    webhook_control_routes,
)
from store_credit_mock.systems.spree_v3 import control_models as models
from store_credit_mock.systems.spree_v3.passwords import PASSWORD

__all__ = ["routes"]

routes = ControlRoutes("/_mock/spree_v3", "spree_v3.")


@routes.add("POST", "/customers", "customers.create", status=201)
def add_customer(control: ControlCall, body: models.NewSpreeCustomer) -> models.AddedSpreeCustomer:
    """Add a customer."""
    call = control.call
    if customers.find_by_email(call, body.email) is not None:
        raise ControlError(409, f"there is a customer with the address {body.email} already")
    password = PASSWORD if body.password is None else body.password
    added = customers.add(call, body.email, body.first_name, body.last_name, password=password)
    return models.AddedSpreeCustomer(ids.shown(call, "customer", added.id) or "", added.email)


@routes.add("POST", "/staff", "staff.create", status=201)
def add_staff(control: ControlCall, body: models.NewSpreeStaff) -> models.AddedSpreeCustomer:
    """Add a staff member."""
    call = control.call
    if staff.find_by_email(call, body.email) is not None:
        raise ControlError(409, f"there is a member of the staff with the address {body.email} already")
    every = [store.id for store in stores.every(call)]
    chosen = every if body.store_ids is None else body.store_ids
    if unknown := sorted(set(chosen) - set(every)):
        raise ControlError(404, f"store_ids: there is no store {unknown[0]}; there are {every}")
    added = staff.add(call, body.email, None, None, PASSWORD if body.password is None else body.password, chosen)
    return models.AddedSpreeCustomer(ids.shown(call, "staff", added.id) or "", added.email)


@routes.add("POST", "/keys", "keys.create", status=201)
def issue_key(control: ControlCall, body: models.NewSpreeKey) -> models.IssuedSpreeKey:
    """Issue an API key."""
    call = control.call
    prefix = api_keys.SECRET if body.kind == "secret" else api_keys.PUBLISHABLE
    token = body.key or api_keys.made_up(call, prefix, "spree_v3 key")
    if not token.startswith(prefix) or token == prefix:
        raise ControlError(422, f"key: a {body.kind} key begins with {prefix}")
    if api_keys.known(call, token):
        raise ControlError(409, "this key already exists; leave `key` out to have one made up")
    _store(control, body.store_id)
    scopes = [] if body.kind == "publishable" else ["write_all"] if body.scopes is None else list(body.scopes)
    added = api_keys.add(call, body.name, token, scopes, store_id=body.store_id)
    return models.IssuedSpreeKey(ids.shown(call, "api_key", added) or "", token, body.kind, scopes, body.store_id)


@routes.add("POST", "/keys/{id}/revoke", "keys.revoke")
def revoke_key(control: ControlCall, id: str) -> None:
    """Revoke an API key."""
    number = ids.number(id)
    if number is None or not api_keys.revoke(control.call, number):
        raise ControlError(404, f"there is no API key {id[:100]}")


@routes.add("POST", "/store-credits", "store_credits.give", status=201)
def give_credit(control: ControlCall, body: models.NewSpreeCredit) -> models.GivenSpreeCredit:
    """Issue store credit to a customer.

    Issue it as a back office does, without the API's checks; webhooks are sent.
    """
    call, store = control.call, _store(control, body.store_id)
    customer = _customer(control, body.customer)
    with back_office.working(call, store.id), _named():
        amount = fixtures.amount_of(body.amount, "amount")
        if amount <= 0:
            raise ControlError(422, "amount: store credit is more than 0")
        credit = fixtures.give(call, customer.id, store.id, amount, body.currency, body.memo)
    return models.GivenSpreeCredit(ids.shown(call, "credit", credit.id) or "")


@routes.add("GET", "/store-credits/{id}/entries", "store_credits.entries")
def entries(control: ControlCall, id: str) -> list[LedgerEntry]:
    """Show the ledger entries of a store credit.

    Return the last 1,000 in order, even if the store credit was deleted.
    """
    number = ids.number(id)
    found = shown_entries(control.call.db, control.call.sandbox.name, store_credits.account_name(number or 0))
    if not found:
        raise ControlError(404, f"there is no store credit {id[:100]}")
    return found


def _customer(control: ControlCall, email: str) -> customers.Customer:
    found = customers.find_by_email(control.call, email)
    if found is None:
        raise ControlError(404, f"customer: there is no customer {email[:200]}; add one by add_customer()")
    return found


def _store(control: ControlCall, store_id: int) -> stores.Store:
    every = stores.every(control.call)
    found = next((store for store in every if store.id == store_id), None)
    if found is None:
        raise ControlError(404, f"store_id: there is no store {store_id}; there are {[one.id for one in every]}")
    return found


@contextmanager
def _named() -> Generator[None]:
    """Refuse what fixtures refuse, naming the member."""
    try:
        yield
    except FixturesError as error:
        raise ControlError(422, str(error).removeprefix("/")) from None


@routes.add("POST", "/row-locks", "row_locks.hold")
def hold_row(control: ControlCall, body: models.HeldRow) -> models.HeldRow:
    """Lock a cart or an order.

    Lock its row as another database session would: requests that change it get 409.
    """
    row_locks.hold(control.call, _purchase(control, body.id))
    return body


@routes.add("DELETE", "/row-locks/{id}", "row_locks.release")
def release_row(control: ControlCall, id: str) -> None:
    """Unlock a cart or an order.

    Nothing happens if its row is not locked.
    """
    row_locks.release(control.call, _purchase(control, id))


def _purchase(control: ControlCall, identity: str) -> purchases.Purchase:
    call = control.call
    prefix, number = identity.partition("_")[0], ids.number(identity)
    kind = {"cart": purchases.cart_kind(call), "or": "order"}.get(prefix)
    found = None if kind is None or number is None else purchases.find(call, kind, number)
    if found is None:
        raise ControlError(404, f"there is no cart and no order {identity[:100]}")
    return found


routes.extend(shop_control_routes.routes)
routes.extend(webhook_control_routes.routes)
