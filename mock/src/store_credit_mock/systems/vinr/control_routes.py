"""What the control plane can do to VINR: customers, keys, limits, purchases, and what it shows of credits."""

from __future__ import annotations

from dataclasses import fields
from typing import Final

from store_credit_mock.systems.control_route import ControlCall, ControlError, ControlRoutes
from store_credit_mock.systems.json_types import Limit
from store_credit_mock.systems.ledger_store import LedgerEntry, shown_entries
from store_credit_mock.systems.vinr import control_models as models
from store_credit_mock.systems.vinr import fixtures, purchases, rate_limiting, store_credits, webhook_control_routes
from store_credit_mock.systems.vinr.authentication import READ, WRITE, keep_key

__all__ = ["routes"]

_CREDITS: Final = f"SELECT {store_credits.COLUMNS} FROM vinr_credit WHERE sandbox = ?"  # noqa: S608

routes = ControlRoutes(
    "/_mock/vinr", "vinr.", {purchases.UnknownPurchaseError: 404, purchases.RefundTooLargeError: 422}
)


@routes.add("GET", "/customers", "customers.list")
def customers(control: ControlCall) -> list[models.Customer]:
    """List the customers.

    Return the oldest first, at most 1,000.
    """
    rows = control.call.db.all(
        "SELECT id, email, name, phone, default_payment_method, created FROM vinr_customer WHERE sandbox = ?"
        " ORDER BY number LIMIT 1000",
        (control.call.sandbox.name,),
    )
    return [models.Customer(*row) for row in rows]


@routes.add("POST", "/customers", "customers.create", status=201)
def add_customer(control: ControlCall, body: models.NewCustomer) -> models.Customer:
    """Add a customer."""
    call = control.call
    identity = body.id or f"cust_{call.sandbox.random_id('customer', length=12)}"
    if store_credits.customer(call.db, call.sandbox.name, identity) is not None:
        raise ControlError(409, f"there is a customer {identity} already")
    email = body.email or f"{identity}@example.com"
    made = fixtures.add_customer(call, identity, email, body.name, body.phone, body.default_payment_method)
    return models.Customer(**made)


@routes.add("POST", "/keys", "keys.create", status=201)
def issue_key(control: ControlCall, body: models.NewKey) -> models.Key:
    """Issue a key.

    If the key exists, change its permissions.
    """
    call = control.call
    key = body.key or f"rk_test_{call.sandbox.random_id('key', length=24)}"
    scopes: list[models.Scope] = sorted({READ, WRITE} if body.scopes is None else set(body.scopes))
    expires_ms = None if body.expires_at is None else int(body.expires_at * 1000)
    keep_key(control.call, key, scopes, expires_ms, revoked=False)
    return models.Key(key, scopes, body.expires_at, False)


@routes.add("POST", "/keys/change", "keys.change")
def change_key(control: ControlCall, body: models.ChangeKey) -> models.Key:
    """Expire, revoke or restore a key."""
    call = control.call
    row = call.db.one("SELECT scopes FROM vinr_key WHERE sandbox = ? AND key = ?", (call.sandbox.name, body.key))
    scopes: list[models.Scope] = sorted((READ, WRITE)) if row is None else row[0].split()
    expires_ms, revoked = call.now if body.action == "expire" else None, body.action == "revoke"
    keep_key(control.call, body.key, scopes, expires_ms, revoked=revoked)
    return models.Key(body.key, scopes, None if expires_ms is None else expires_ms / 1000, revoked)


@routes.add("POST", "/rate-limit", "rate_limit.set")
def rate_limit(control: ControlCall, body: models.RateLimit) -> models.RateLimit:
    """Change the rate limit.

    Without `rate`, requests are no longer limited.
    """
    memory = control.call.sandbox.process_cache
    rate_limiting.forget(control.call.sandbox)
    memory.pop("vinr.rate_limit", None)
    if body.rate is not None:
        memory["vinr.rate_limit"] = (float(body.rate), body.size)
    return body


@routes.add("POST", "/purchases", "purchases.create", status=201)
def buy(control: ControlCall, body: models.NewPurchase) -> purchases.Purchase:
    """Make a purchase.

    The customer's credit pays as much as it covers.
    """
    return purchases.buy(control.call, body.customer, body.amount, body.currency)


@routes.add("GET", "/purchases/{id}", "purchases.retrieve")
def purchase(control: ControlCall, id: str) -> purchases.Purchase:
    """Show a purchase."""
    return purchases.find(control.call, id)


@routes.add("POST", "/purchases/{id}/refund", "purchases.refund")
def refund(control: ControlCall, id: str, body: models.RefundPurchase) -> purchases.Purchase:
    """Refund a purchase.

    Refund it fully or in part.
    """
    return purchases.refund(control.call, id, body.amount)


routes.extend(webhook_control_routes.routes)


@routes.add("GET", "/store-credit", "credits.list")
def credits_(control: ControlCall, limit: Limit = 100, customer: str | None = None) -> list[models.StoreCredit]:
    """List the store credits.

    Return the newest first.

    Args:
        control: The call.
        limit: Maximum number.
        customer: Only this customer's credits; 404 if there is no customer with this id.
    """
    call = control.call
    if customer is not None and store_credits.customer(call.db, call.sandbox.name, customer) is None:
        # An empty list would say that a customer misspelt has no credit.
        raise ControlError(404, f"there is no customer {customer[:200]}")
    where, values = ("", ()) if customer is None else (" AND customer = ?", (customer,))
    rows = call.db.all(f"{_CREDITS}{where} ORDER BY number DESC LIMIT ?", (call.sandbox.name, *values, limit))
    # Only what the control plane's document names, should the API's record get another member.
    names = {field.name for field in fields(models.StoreCredit)}
    shown = (store_credits.shown(row) for row in rows)
    return [models.StoreCredit(**{name: one[name] for name in one if name in names}) for one in shown]


@routes.add("GET", "/store-credit/{id}/entries", "credits.entries")
def entries(control: ControlCall, id: str) -> list[LedgerEntry]:
    """Show the ledger entries of a store credit.

    Return the last 1,000 in order.
    """
    call = control.call
    if store_credits.find(call, id) is None:
        raise ControlError(404, f"there is no store credit {id}")
    return shown_entries(call.db, call.sandbox.name, id)
