"""Spree's routes of the control plane: everything the recorded script's preparation and back office did."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final, cast

from store_credit_mock.systems.control_route import ControlCall, ControlError, ControlRoutes
from store_credit_mock.systems.json_types import Limit
from store_credit_mock.systems.ledger_store import LedgerEntry, shown_entries
from store_credit_mock.systems.rails.money import decimal_text
from store_credit_mock.systems.spree import (
    applications,
    authentication,
    fixtures,
    oauth_control_routes,
    order_control_routes,
    postings,
    store_credits,
    users,
)
from store_credit_mock.systems.spree import control_models as models
from store_credit_mock.systems.spree.versions import profile_of

__all__ = ["routes"]

_CREDITS: Final = f"SELECT {store_credits.COLUMNS} FROM spree_credit WHERE sandbox = ?"  # noqa: S608

routes = ControlRoutes("/_mock/spree", "spree.")


@routes.add("POST", "/users", "users.create")
def add_user(control: ControlCall, body: models.NewUser) -> models.User:
    """Add a user."""
    user = users.add(control.call, body.email, body.first_name, body.last_name, admin=body.admin)
    if body.password is not None:
        applications.set_password(control.call, user.id, body.password)
    return models.User(user.id, user.email)


@routes.add("POST", "/tokens", "tokens.issue")
def issue_token(control: ControlCall, body: models.NewAccessToken) -> models.AccessToken:
    """Issue an access token.

    The token belongs to the user or, if none is named, to an application.
    """
    call = control.call
    token = body.token or call.sandbox.key_prefix + call.sandbox.random_id("spree access token", length=43)
    if call.db.one("SELECT token FROM spree_token WHERE sandbox = ? AND token = ?", (call.sandbox.name, token)):
        raise ControlError(409, "this token already exists")
    user_id = order_control_routes.user_id_of(control, body.user_id, body.email)
    application = body.application
    if "application" not in control.sent and user_id is None:
        application = "back-office"
    scopes = body.scopes
    if scopes is None:
        scopes = "" if application is None else "admin"
    life = body.expires_in if "expires_in" in control.sent else profile_of(call).token_life
    authentication.issue(call, token, user_id, application, scopes, life)
    return models.AccessToken(token, user_id, application, scopes, life)


@routes.add("POST", "/tokens/expire", "tokens.expire")
def expire_tokens(control: ControlCall, body: models.ChosenTokens) -> models.TokenCount:
    """Expire tokens now."""
    where, values = _one_of(control, body)
    changed = control.call.db.run(
        f"UPDATE spree_token SET expires_at = ? WHERE sandbox = ? AND {where}",  # noqa: S608
        [control.call.now, *values],
    )
    return models.TokenCount(changed)


@routes.add("POST", "/tokens/revoke", "tokens.revoke")
def revoke_tokens(control: ControlCall, body: models.ChosenTokens) -> models.TokenCount:
    """Revoke tokens now."""
    where, values = _one_of(control, body)
    changed = control.call.db.run(
        f"UPDATE spree_token SET revoked_at = ? WHERE sandbox = ? AND revoked_at IS NULL AND {where}",  # noqa: S608
        [control.call.now, *values],
    )
    return models.TokenCount(changed)


def _one_of(control: ControlCall, body: models.ChosenTokens | models.ChosenCredits) -> tuple[str, list[Any]]:
    """The condition on the one member that was sent, and its values."""
    members = asdict(body)
    given = {name: value for name, value in members.items() if value is not None}
    if len(given) != 1:
        raise ControlError(400, f"name one of {', '.join(members)}")
    ((name, value),) = given.items()
    return f"{name} = ?", [control.call.sandbox.name, value]


@routes.add("POST", "/stores", "stores.create")
def add_store(control: ControlCall, body: models.NewStore) -> models.Created:
    """Add a store."""
    currencies = body.supported_currencies or ["USD"]
    currency = body.default_currency or currencies[0]
    return models.Created(fixtures.add_store(control.call, body.name, currency, currencies))


@routes.add("POST", "/variants", "variants.create")
def add_variant(control: ControlCall, body: models.NewVariant) -> models.Created:
    """Add a variant."""
    prices = {name: fixtures.amount_of(value, name) for name, value in body.prices.items()}
    return models.Created(fixtures.add_variant(control.call, body.name, prices))


@routes.add("GET", "/payment_methods", "payment_methods.list")
def payment_methods(control: ControlCall) -> list[models.PaymentMethod]:
    """List the payment methods."""
    return order_control_routes.payment_methods(control)


@routes.add("PATCH", "/payment_methods/{id}", "payment_methods.update")
def set_payment_method(control: ControlCall, id: int, body: models.ChangePaymentMethod) -> models.PaymentMethod:
    """Change a payment method.

    Set whether it is active, and whether it captures payments immediately.
    """
    control.call.db.run(
        "UPDATE spree_method SET active = COALESCE(?, active), auto_capture = COALESCE(?, auto_capture)"
        " WHERE sandbox = ? AND id = ?",
        (*(None if flag is None else int(flag) for flag in (body.active, body.auto_capture)),
         control.call.sandbox.name, id),
    )  # fmt: skip
    found = next((method for method in payment_methods(control) if method.id == id), None)
    if found is None:
        raise ControlError(404, f"there is no payment method {id}")
    return found


@routes.add("PATCH", "/settings", "settings.update")
def change_settings(control: ControlCall, body: models.ChangeSettings) -> models.Settings:
    """Change the settings.

    Set the shipping costs, and whether the known leaks are fixed.
    """
    sandbox = control.call.sandbox
    if body.repair_leaks is not None:
        sandbox.set_setting("spree.repair_leaks", body.repair_leaks)
    if body.shipping is not None:
        costs = {name: fixtures.amount_of(value, name) for name, value in body.shipping.items()}
        sandbox.set_setting("spree.shipping", costs)
    costs = cast("dict[str, int]", sandbox.setting("spree.shipping", {}))
    return models.Settings(
        bool(sandbox.setting("spree.repair_leaks", False)), {name: decimal_text(cost) for name, cost in costs.items()}
    )


@routes.add("GET", "/store_credits", "credits.list")
def credits_(
    control: ControlCall, limit: Limit = 100, user_id: models.UserId | None = None
) -> list[models.CreditState]:
    """List the store credits.

    Return the newest first.

    Args:
        control: The call.
        limit: Maximum number.
        user_id: Only this user's credits; 404 if there is no user with this id.
    """
    call = control.call
    if user_id is not None and users.find(call, user_id) is None:
        raise ControlError(404, f"there is no user {user_id}")
    where, values = ("", ()) if user_id is None else (" AND user_id = ?", (user_id,))
    rows = call.db.all(f"{_CREDITS}{where} ORDER BY id DESC LIMIT ?", (call.sandbox.name, *values, limit))
    return [models.CreditState.of(store_credits.read(row)) for row in rows]


@routes.add("GET", "/store_credits/{id}/entries", "credits.entries")
def entries(control: ControlCall, id: int) -> list[LedgerEntry]:
    """Show the ledger entries of a store credit.

    Return the last 1,000 in order, even if the store credit was permanently deleted.
    """
    call = control.call
    found = shown_entries(call.db, call.sandbox.name, postings.account_name(id))
    # A credit of 0 has no entries; one that was deleted for good has nothing else.
    if not found and store_credits.find(call, id) is None:
        raise ControlError(404, f"there is no store credit {id}")
    return found


@routes.add("POST", "/store_credits/destroy", "credits.destroy")
def destroy_store_credits(control: ControlCall, body: models.ChosenCredits) -> models.DestroyedCredits:
    """Delete store credit permanently.

    Its rows and events are removed; its ledger entries stay and end at 0.
    """
    where, values = _one_of(control, body)
    rows = control.call.db.all(f"{_CREDITS} AND {where}", values)
    for row in rows:
        store_credits.destroy(control.call, store_credits.read(row))
    return models.DestroyedCredits(len(rows))


routes.extend(oauth_control_routes.routes)
routes.extend(order_control_routes.routes)
