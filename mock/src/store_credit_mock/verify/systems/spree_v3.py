"""What `verify` knows of Spree's API v3."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any, ClassVar, Final, cast
from urllib.parse import unquote, urlsplit

from sqids import Sqids

from store_credit_mock.contract import Contract, Match, Operation
from store_credit_mock.control import Control
from store_credit_mock.http_libraries import httpx
from store_credit_mock.systems.control_route import ControlError
from store_credit_mock.verify.created_records import CreatedRecord, CreatedRecords
from store_credit_mock.verify.credentials import Credentials
from store_credit_mock.verify.roles import Role, role_by_id
from store_credit_mock.verify.safety import is_loopback
from store_credit_mock.verify.scenarios import (
    spree_v3_crud,
    spree_v3_idempotency,
    spree_v3_lists,
    spree_v3_spending,
)
from store_credit_mock.verify.scenarios.assertions import Scenario, Target
from store_credit_mock.verify.scenarios.spree_v3_crud import ADMIN, body_of, new, path_of
from store_credit_mock.verify.systems.base import Argument, CannotRunError, VerifiedSystem, member

__all__ = ["VerifiedSpreeV3"]

KEY: Final = "SPREE_ADMIN_KEY"
PUBLISHABLE: Final = "SPREE_PUBLISHABLE_KEY"
CUSTOMER: Final = "SPREE_CUSTOMER_TOKEN"
_ID: Final = r"[a-z]+_\w{1,80}"
_CREDITS: Final = "spree_v3.admin.customers.store_credits"
_ORDERS: Final = "spree_v3.admin.orders"
_CARTS: Final = "spree_v3.store.carts"
_OF_CREDITS: Final = (_CREDITS, "spree_v3.admin.store_credits", "spree_v3.store.customer.store_credits")
_LACKING: Final = "operations that are not there"
_LARGE: Final = 10**12
"""A number that no table of a shop comes to."""
_SQIDS: Final = Sqids(min_length=10)
_DEFAULT: Final = "cus_UkLWZg9DAJ"
_NEWER: Final = "cust_UkLWZg9DAJ"


class VerifiedSpreeV3(VerifiedSystem):
    """Spree's Admin API by a secret key, its Store API by a publishable key and a shopper's token."""

    roles_by_id = True
    title = "Spree v3"
    arguments = (
        Argument(KEY, "--secret-key", "a secret key with write_store_credits and read_customers", "KEY", secret=True),
        Argument(PUBLISHABLE, "--publishable-key", "a publishable key", "KEY", secret=True),
        Argument(CUSTOMER, "--customer-token", "a shopper's token", "TOKEN", secret=True),
        Argument("customer_id", "--customer", "the customer to issue credit to", default=_DEFAULT, pattern=_ID),
        Argument(_ORDERS, "--order", "an order that may be paid with store credit", pattern=_ID, may_change=True),
        Argument(_CARTS, "--cart", "a cart that may be paid with store credit", pattern=_ID, may_change=True),
    )
    scenarios: ClassVar[tuple[Scenario, ...]] = (
        *spree_v3_crud.SCENARIOS,
        *spree_v3_lists.SCENARIOS,
        *spree_v3_idempotency.SCENARIOS,
        *spree_v3_spending.SCENARIOS,
    )
    wrong_credentials = ("X-Spree-Api-Key", "sk_wrong")
    versions = tuple({"spree_v3_profile": name} for name in ("5.5", "5.6", "6.0-alpha", "6.0-alpha+ledger", "6.0"))
    reference_options: ClassVar[Mapping[str, str]] = {
        "spree_v3_secret_key": "sk_reference",
        "spree_v3_publishable_key": "pk_reference",
    }
    reference_secrets: ClassVar[Mapping[str, str]] = {KEY: "sk_reference", PUBLISHABLE: "pk_reference"}

    def __init__(self, name: str, contract: Contract) -> None:
        super().__init__(name, contract)
        self._owners: dict[str, str] = {}

    def role(self, operation: Operation) -> Role:
        """Say what an operation does: its last part, but for calls on a cart or an order, which its path names."""
        resource, action = role_by_id(operation).resource, role_by_id(operation).action
        if resource in _OF_CREDITS:
            identity = "store_credit_id" if "{store_credit_id}" in operation.template else "id"
            return Role(_CREDITS, {"get": "retrieve"}.get(action, action), identity)
        for parent, identity in ((_ORDERS, "order_id"), (_CARTS, "cart_id")):
            if resource == f"{parent}.store_credits":
                return Role(parent, action, identity)
        if resource == "spree_v3.admin.store_credits.events":
            return Role(_CREDITS, "list", "store_credit_id")
        return Role(resource, {"get": "retrieve"}.get(action, action))

    def reference_ids(self, options: Mapping[str, str]) -> dict[str, str]:
        return {"customer_id": _NEWER if options["spree_v3_profile"].startswith("6") else _DEFAULT}

    # What opens it

    def check_credentials(self, credentials: Credentials) -> None:
        if credentials.get(KEY) is None:
            raise ValueError(f"no credentials: pass --secret-key or set {KEY}")

    def why_live(self, address: str, credentials: Credentials) -> str | None:
        """Spree's keys say nothing, so every server but this machine counts as live."""
        del credentials
        host = urlsplit(address).hostname or ""
        text = f"{host} is not this machine, and a Spree key does not show whether it is live"
        return None if is_loopback(address) else text

    def headers(self, credentials: Credentials) -> dict[str, str]:
        return {"X-Spree-Api-Key": credentials.get(KEY) or ""}

    def opening_headers(self, operation: str, credentials: Credentials) -> list[tuple[str, str]]:
        if not operation.startswith("spree_v3.store."):
            return [("X-Spree-Api-Key", credentials.get(KEY) or "")]
        return [
            ("X-Spree-Api-Key", credentials.get(PUBLISHABLE) or ""),
            ("Authorization", f"Bearer {credentials.get(CUSTOMER)}"),
        ]

    def credential_hint(self) -> str:
        return f"--secret-key or {KEY}"

    # Whether it is there

    def first_list(self) -> tuple[str, dict[str, str]]:
        return f"{ADMIN}/customers", {"limit": "1"}

    def check_ids(self, target: Target) -> httpx.Response:
        customer = target.ids["customer_id"]
        target.made.allowed["customer_id"] = {customer}
        answer = target.client.post(path_of(target), json=body_of())
        if answer.status_code == 404 and customer == _DEFAULT and isinstance(target.ids, dict):
            # What is `cus_` to 5.x is `cust_` from 6.0 on.
            target.ids["customer_id"] = _NEWER
            target.made.allowed["customer_id"] = {target.ids["customer_id"]}
            answer = target.client.post(path_of(target), json=body_of())
        if answer.status_code == 404:
            raise CannotRunError(f"the server has no customer {customer}; select another with --customer")
        error: Any = member(answer, "error")
        if answer.status_code == 403 and isinstance(error, dict):
            said = cast("dict[str, Any]", error).get("message")
            raise CannotRunError(f"this key is not allowed to issue store credit: {said}")
        return answer

    # What a run makes there

    def removable(self) -> tuple[str, ...]:
        return (_CREDITS,)

    def remove(self, target: Target, record: CreatedRecord, made: CreatedRecords) -> None:
        del made
        answer = target.client.delete(path_of(target, record.id, self._owners.get(record.id)))
        if answer.status_code == 404:
            record.removed = True
        elif not record.removed:
            used = answer.status_code == 422
            why = (
                "it has been used, and API v3 cannot delete used credit"
                if used
                else f"answered with {answer.status_code}"
            )
            record.note = f"DELETE: {why}"

    def absent_id(self, number: int, resource: str = "") -> str:
        prefix = "or" if resource.startswith(_ORDERS) else "cart" if resource.startswith(_CARTS) else "credit"
        return f"{prefix}_{_SQIDS.encode([9_007_199_254_000_000 + number])}"

    def is_plausible(self, resource: str, identity: str) -> bool:
        """Whether a server reads a small number from it: 5.x looks at no prefix, and any letters are some number."""
        del resource
        numbers = _SQIDS.decode(identity.partition("_")[2])
        return bool(numbers) and numbers[0] < _LARGE

    def is_elsewhere(self, match: Match, allowed: Mapping[str, set[str]]) -> bool:
        """Credit goes to the named customer, and what is paid is of a cart or an order that was named."""
        for name, resource in (("customer_id", "customer_id"), ("order_id", _ORDERS), ("cart_id", _CARTS)):
            value = match.path.get(name)
            if value is not None and unquote(value) not in allowed.get(resource, set()):
                return self.is_plausible(resource, unquote(value))
        return False

    def writes_anywhere(self, operation: Operation) -> bool:
        # The path of every call that writes names what it changes, but for signing in.
        return operation.id.endswith(".login")

    def record_in(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        # Whose a credit is has to be known to delete it.
        if body.get("customer_id") and "amount_used" in body:
            self._owners[str(body["id"])] = str(body["customer_id"])
        return body

    def is_used(self, resource: str, record: Mapping[str, Any]) -> bool:
        return resource == _CREDITS and str(record.get("amount_used", "0")).strip("0.") != ""

    # Generated requests

    def existing_ids(self, target: Target, control: Control | None, credentials: Credentials) -> dict[str, list[str]]:
        existing = {name: [value] for name, value in target.ids.items()}
        existing["spree_v3.admin.customers"] = existing["customer_id"]
        existing[_LACKING] = self._lacking(target)
        if control is not None:
            with contextlib.suppress(httpx.HTTPError, ControlError):
                self._open_shop(target, control, credentials, existing)
        for name, resource in (("order_id", _ORDERS), ("cart_id", _CARTS)):
            if resource in existing:
                existing[name] = existing[resource]
        return existing

    def _open_shop(
        self, target: Target, control: Control, credentials: Credentials, existing: dict[str, list[str]]
    ) -> None:
        """A cart, an order and a shopper, for the operations that need them."""
        shop, customer = control.spree_v3, target.ids["customer_id"]
        if credentials.get(PUBLISHABLE) is None:
            key = shop.issue_key("verify", kind="publishable")
            credentials.add(PUBLISHABLE, key.key)
            target.made.undo.append(("a publishable key", lambda: shop.revoke_key(key.id)))
        credentials.add(CUSTOMER, shop.issue_customer_token(customer).token)
        cart = shop.fill_cart(customer).id
        target.made.add(CreatedRecord(_CARTS, cart, note="the control plane removes none"))
        target.made.allowed.setdefault(_CARTS, set()).add(cart)
        existing[_CARTS] = [cart]
        bought = self._bought(target, control, credentials)
        if bought is not None:
            order, payments = bought
            existing[_ORDERS] = [order]
            existing[f"{_ORDERS}.payments"] = payments

    def _bought(self, target: Target, control: Control, credentials: Credentials) -> tuple[str, list[str]] | None:
        """An order that credit has paid, and its payments; None where the server does not sell."""
        customer, client = target.ids["customer_id"], target.client
        opened = dict(self.opening_headers("spree_v3.store.carts.complete", credentials))
        cart = control.spree_v3.fill_cart(customer).id
        target.made.add(CreatedRecord(_CARTS, cart, note="the control plane removes none"))
        target.made.allowed[_CARTS].add(cart)
        new(target, amount="50.00")
        path = f"/api/v3/store/carts/{cart}"
        client.post(f"{path}/store_credits", json={}, headers=opened)
        order = member(client.post(f"{path}/complete", json={}, headers=opened), "id")
        if not isinstance(order, str):
            return None
        target.made.allowed.setdefault(_ORDERS, set()).add(order)
        target.made.undo.append((f"order {order}", lambda: client.patch(f"{ADMIN}/orders/{order}/cancel", json={})))
        listed: Any = member(client.get(f"{ADMIN}/orders/{order}/payments"), "data")
        payments = [str(one["id"]) for one in listed]
        target.made.allowed.setdefault(f"{_ORDERS}.payments", set()).update(payments)
        return order, payments

    def _lacking(self, target: Target) -> list[str]:
        """The operations that the server's version has no route for, as it says itself."""
        found: list[str] = []
        for begun in ("spree_v3.admin.store_credits.", "spree_v3.admin.store_credit_categories."):
            path = (
                self.contract.operations[f"{begun}list"].template if f"{begun}list" in self.contract.operations else ""
            )
            with contextlib.suppress(httpx.HTTPError):
                if path and target.client.get(path, params={"limit": "1"}).status_code == 404:
                    found += [one.id for one in self.operations if one.id.startswith(begun)]
        return found

    def make_record(self, target: Target, resource: str) -> str | None:
        return str(new(target)["id"]) if resource == _CREDITS else None

    def skipped(self, operation: str, existing: Mapping[str, Any], credentials: Credentials) -> str | None:
        if operation.endswith(".login"):
            return "it needs a password"
        if operation in existing.get(_LACKING, ()):
            return "the server's version does not have this operation"
        if operation.startswith("spree_v3.store."):
            missing = [flag for name, flag in ((PUBLISHABLE, "--publishable-key"), (CUSTOMER, "--customer-token"))
                       if credentials.get(name) is None]  # fmt: skip
            if missing:
                return f"it needs a shopper: {' and '.join(missing)}, or --control-token"
        if operation.startswith(_ORDERS) and _ORDERS not in existing:
            return "it needs an order: --order, or --control-token"
        if operation.startswith(_CARTS) and _CARTS not in existing:
            return "it needs a cart: --cart, or --control-token"
        return None
