"""What `verify` knows of Spree's API v2."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping
from typing import Any, ClassVar, Final, cast
from urllib.parse import urlsplit

from store_credit_mock.contract import Operation
from store_credit_mock.control import Control
from store_credit_mock.http_libraries import httpx
from store_credit_mock.systems.control_route import ControlError
from store_credit_mock.systems.spree.versions import PROFILES
from store_credit_mock.verify.created_records import CreatedRecord, CreatedRecords
from store_credit_mock.verify.credentials import Credentials
from store_credit_mock.verify.safety import is_loopback
from store_credit_mock.verify.scenarios import spree_crud, spree_lists, spree_spending
from store_credit_mock.verify.scenarios.assertions import Scenario, Target
from store_credit_mock.verify.scenarios.spree_crud import PLATFORM, ROOTS, members_of, new
from store_credit_mock.verify.systems.base import Argument, CannotRunError, VerifiedSystem, member

__all__ = ["VerifiedSpree"]

TOKEN: Final = "SPREE_TOKEN"  # noqa: S105 - names of variables
ORDER: Final = "SPREE_ORDER_TOKEN"
CUSTOMER: Final = "SPREE_CUSTOMER_TOKEN"
_NUMBER: Final = r"\d{1,18}"
_CREDITS: Final = "spree.store_credits"
_OWN_CART: Final = "spree.checkout."
"""What acts on the cart of its token, which is the user's or the run's own."""
_PLAUSIBLE: Final = {
    # The server reads an id up to its first character that is not a digit; no table has come as far as 13 of them.
    "": re.compile(r"\s*\+?0*\d{1,12}(\D|$)"),
    "spree.orders": re.compile(r"\s*\+?\w+"),
}


class VerifiedSpree(VerifiedSystem):
    """Spree: an admin's bearer; tokens of a cart and of a shopper for the storefront."""

    roles_by_id = True
    title = "Spree"
    arguments = (
        Argument(TOKEN, "--token", "an admin's bearer token", "TOKEN", secret=True),
        Argument(ORDER, "--order-token", "the token of a cart to be paid with store credit", "TOKEN", secret=True),
        Argument(CUSTOMER, "--customer-token", "a shopper's bearer token", "TOKEN", secret=True),
        Argument("user_id", "--user", "the user to issue credit to", default="2", pattern=_NUMBER),
        Argument("created_by_id", "--creator", "the user who issues the credit", default="1", pattern=_NUMBER),
        Argument("category_id", "--category", "the category of the credit", default="1", pattern=_NUMBER),
        Argument(
            "spree.orders",
            "--order",
            "an order that may be paid with store credit",
            "NUMBER",
            pattern=r"[\w-]{1,64}",
            may_change=True,
        ),
    )
    scenarios: ClassVar[tuple[Scenario, ...]] = (
        *spree_crud.SCENARIOS,
        *spree_lists.SCENARIOS,
        *spree_spending.SCENARIOS,
    )
    wrong_credentials = ("Authorization", "Bearer wrong")
    versions = tuple({"profile": name} for name in PROFILES)
    reference_options: ClassVar[Mapping[str, str]] = {"spree_token": "reference"}
    reference_secrets: ClassVar[Mapping[str, str]] = {TOKEN: "reference"}

    def check_credentials(self, credentials: Credentials) -> None:
        if credentials.get(TOKEN) is None:
            raise ValueError(f"no credentials: pass --token or set {TOKEN}")

    def why_live(self, address: str, credentials: Credentials) -> str | None:
        """Spree's tokens say nothing, so every server but this machine counts as live."""
        del credentials
        host = urlsplit(address).hostname or ""
        text = f"{host} is not this machine, and a Spree token does not show whether it is live"
        return None if is_loopback(address) else text

    def headers(self, credentials: Credentials) -> dict[str, str]:
        return {"Authorization": f"Bearer {credentials.get(TOKEN)}"}

    def opening_headers(self, operation: str, credentials: Credentials) -> list[tuple[str, str]]:
        if operation.startswith(_OWN_CART):
            return [("X-Spree-Order-Token", credentials.get(ORDER) or "")]
        name = CUSTOMER if operation.startswith("spree.account.") else TOKEN
        return [("Authorization", f"Bearer {credentials.get(name)}")]

    def credential_hint(self) -> str:
        return f"--token or {TOKEN}"

    def first_list(self) -> tuple[str, dict[str, str]]:
        return f"{PLATFORM}/store_credits", {"per_page": "1"}

    def check_ids(self, target: Target) -> httpx.Response:
        sent = {ROOTS["store_credits"]: members_of(target, "store_credits")}
        answer = target.client.post(f"{PLATFORM}/store_credits", json=sent)
        errors = member(answer, "errors")
        named = " ".join(cast("dict[str, Any]", errors)) if isinstance(errors, dict) else ""
        if answer.status_code == 422 and any(name in named for name in ("user", "category", "created_by")):
            ids = target.ids
            raise CannotRunError(
                f"the server does not accept user {ids['user_id']}, category {ids['category_id']} and creator"
                f" {ids['created_by_id']} together ({named}): choose others with --user, --category and --creator"
            )
        return answer

    def removable(self) -> tuple[str, ...]:
        return (_CREDITS, "spree.store_credit_categories", "spree.store_credit_types")

    def remove(self, target: Target, record: CreatedRecord, made: CreatedRecords) -> None:
        path = f"{PLATFORM}/{record.resource.removeprefix('spree.')}/{record.id}"
        answer = target.client.delete(path)
        # 422 is what the document has; another server may refuse in another way.
        refused = answer.status_code == 422 or (record.used and answer.status_code not in {204, 404})
        # As long as an order stands, what it has used is not to be denied.
        if refused and record.resource == _CREDITS and not made.undo:
            target.client.patch(path, json={"store_credit": {"amount_used": 0, "amount_authorized": 0}})
            answer = target.client.delete(path)
        if answer.status_code == 404:
            record.removed = True
        elif not record.removed:
            record.note = f"DELETE returned {answer.status_code}"

    def absent_id(self, number: int, resource: str = "") -> str:
        return f"9{number % 10**16:017d}"

    def is_plausible(self, resource: str, identity: str) -> bool:
        return (_PLAUSIBLE.get(resource) or _PLAUSIBLE[""]).match(identity) is not None

    def writes_anywhere(self, operation: Operation) -> bool:
        return not operation.id.startswith(_OWN_CART) and super().writes_anywhere(operation)

    def is_used(self, resource: str, record: Mapping[str, Any]) -> bool:
        # A response that was asked for fewer fields does not say.
        attributes: Any = record.get("attributes")
        used: Any = cast("dict[str, Any]", attributes).get("amount_used") if isinstance(attributes, dict) else None
        return resource == _CREDITS and str(used).strip("0.") != ""

    def existing_ids(self, target: Target, control: Control | None, credentials: Credentials) -> dict[str, list[str]]:
        existing = {name: [value] for name, value in target.ids.items() if name != "spree.orders"}
        if control is not None:
            with contextlib.suppress(httpx.HTTPError, ControlError):
                self._open_carts(target, control, credentials, existing)
        if "spree.orders" in target.ids:
            existing["spree.orders"] = [target.ids["spree.orders"]]
        return existing

    def _open_carts(
        self, target: Target, control: Control, credentials: Credentials, existing: dict[str, list[str]]
    ) -> None:
        """A cart, an order and a shopper's token, for the operations that need them."""
        user = int(target.ids["user_id"])
        carts = [control.spree.create_cart(user_id=user, currency="USD") for _ in range(2)]
        for cart in carts:
            target.made.add(CreatedRecord("spree.carts", cart.number, note="the control plane removes none"))
            control.spree.add_item(cart.number, price="5.00")
        existing["spree.orders"] = [carts[1].number]
        target.made.allowed.setdefault("spree.orders", set()).add(carts[1].number)
        credentials.add(ORDER, carts[0].token)
        credentials.add(CUSTOMER, control.spree.issue_token(user_id=user).token)

    def make_record(self, target: Target, resource: str) -> str | None:
        name = resource.removeprefix("spree.")
        return str(new(target, name)["id"]) if name in ROOTS else None

    def skipped(self, operation: str, existing: Mapping[str, Any], credentials: Credentials) -> str | None:
        if operation.startswith("spree.orders.") and "spree.orders" not in existing:
            return "it needs the number of an order: --order, or --control-token"
        if operation.startswith(_OWN_CART) and credentials.get(ORDER) is None:
            return "it needs the token of a cart: --order-token, or --control-token"
        if operation.startswith("spree.account.") and credentials.get(CUSTOMER) is None:
            return "it needs the token of a shopper: --customer-token, or --control-token"
        return None
