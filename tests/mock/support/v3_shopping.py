"""Short words for what tests do with carts, orders and payments of the mock's Spree API v3."""

from __future__ import annotations

from typing import Any

import orjson

from store_credit_mock import Response
from store_credit_mock.systems.spree_v3.ids import encode
from v3bench import SHOP, V3Bench

__all__ = ["ADDRESS", "Shopping", "shape_of"]

ADDRESS = {
    "first_name": "Alice", "last_name": "Archer", "address1": "1 Main St", "city": "New York", "postal_code": "10001",
    "phone": "5551234567", "country_iso": "US", "state_abbr": "NY", "country_code": "US", "state_code": "NY",
}  # fmt: skip


class Shopping:
    """A shop with shoppers who are signed in, and a back office.

    Args:
        v3: The shop.
    """

    def __init__(self, v3: V3Bench) -> None:
        self.v3 = v3
        self._tokens: dict[str, str] = {}
        self._sign_ins = 0

    @property
    def is_v6(self) -> bool:
        """Whether it plays the dialect of 6.0."""
        return self.v3.prefix == "cust"

    def send(self, method: str, path: str, body: Any = None, who: str | None = "alice", **more: Any) -> Response:
        """Send a request of the store side as a shopper, or as nobody."""
        token = None if who is None else self._token(who)
        return self.v3.send(method, f"/api/v3/store/{path}", body, key=SHOP, token=token, **more)

    def ask(self, method: str, path: str, body: Any = None, who: str | None = "alice", **more: Any) -> Any:
        """The same where it succeeds; returns what is in the response."""
        return shape_of(self.send(method, path, body, who, **more))

    def cart(
        self, who: str | None = "alice", variant: int = 1, *, addressed: bool = True, currency: str = "USD"
    ) -> dict[str, Any]:
        """Open a cart with a T-shirt (1, 19.99), a mug (2, 10.00) or a coat (3, 250.00); delivery is 5.00 more."""
        items = [{"variant_id": f"variant_{encode(variant)}", "quantity": 1}]
        cart = self.ask("POST", "carts", {"items": items}, who, X_Spree_Currency=currency)
        if not addressed:
            return cart
        changed = {"email": f"{who}@example.com", "shipping_address": ADDRESS, "billing_address": ADDRESS}
        return self.ask("PATCH", f"carts/{cart['id']}", changed, who)

    def apply(self, cart: Any, who: str | None = "alice", **body: Any) -> Response:
        """Put store credit on a cart."""
        return self.send("POST", f"carts/{cart['id']}/store_credits", body, who)

    def applied(self, who: str = "alice", variant: int = 1, **body: Any) -> dict[str, Any]:
        """Open a cart and put store credit on it."""
        return shape_of(self.apply(self.cart(who, variant), who, **body))

    def remove(self, cart: Any, who: str = "alice") -> Response:
        """Take store credit off a cart."""
        return self.send("DELETE", f"carts/{cart['id']}/store_credits", None, who)

    def complete(self, cart: Any, who: str = "alice", **more: Any) -> Response:
        """Complete a cart."""
        return self.send("POST", f"carts/{cart['id']}/complete", {}, who, **more)

    def show(self, cart: Any, who: str = "alice") -> dict[str, Any]:
        """A cart as it is now."""
        return self.ask("GET", f"carts/{cart['id']}", None, who)

    def ordered(self, who: str = "alice", variant: int = 1) -> dict[str, Any]:
        """An order that store credit pays."""
        return shape_of(self.complete(self.applied(who, variant), who))

    def draft(self, customer: int | None = 1, variant: int = 2, *, addressed: bool = True) -> dict[str, Any]:
        """A draft of the back office: of a mug and its delivery, unless told otherwise."""
        body: dict[str, Any] = {
            "email": "someone@example.com",
            "items": [{"variant_id": f"variant_{encode(variant)}", "quantity": 1}],
        }
        if customer is not None:
            body["customer_id"] = self.v3.customer(customer)
        if addressed:
            body |= {"shipping_address": ADDRESS, "billing_address": ADDRESS}
        return self.admin("POST", "", body)

    def admin(self, method: str, path: str, body: Any = None) -> Any:
        """Do something with the orders in the back office that succeeds."""
        return shape_of(self.office(method, path, body))

    def office(self, method: str, path: str, body: Any = None, **more: Any) -> Response:
        """Do something with the orders in the back office: `/or_.../cancel`."""
        return self.v3.send(method, f"/api/v3/admin/orders{path}", body, **more)

    def payments(self, order: Any) -> list[dict[str, Any]]:
        """The payments of an order."""
        return self.admin("GET", f"/{order['id']}/payments")["data"]

    def credit(self, credit: Any, customer: int = 1) -> tuple[str, str]:
        """What is used and what remains of a credit."""
        shown = self.v3.json("GET", self.v3.credits(customer, credit["id"]))
        return shown["amount_used"], shown["amount_remaining"]

    def events(self, credit: Any) -> list[tuple[str, str]]:
        """Action and amount of a credit's events, the oldest first; only with the ledger."""
        found = self.v3.json("GET", f"/api/v3/admin/store_credits/{credit['id']}/events")["data"]
        return [(event["action"], event["amount"]) for event in reversed(found)]

    def capture(self, *, at_completion: bool) -> None:
        """Say when credit is captured; else it is only authorized when an order is placed."""
        change = {"auto_capture": at_completion, "capture_method": "checkout" if at_completion else "manual"}
        self.v3.json("PATCH", f"/api/v3/admin/payment_methods/pm_{encode(1)}", change)

    def sign_out(self) -> None:
        """Have everybody sign in again: a token lives for an hour."""
        self._tokens.clear()

    def _token(self, who: str) -> str:
        if who not in self._tokens:
            # 6.0 lets one address sign in five times a minute.
            self._sign_ins += 1
            address = f"2001:db8::{self._sign_ins:x}"
            self._tokens[who] = self.v3.sign_in(f"{who}@example.com", X_Forwarded_For=address)
        return self._tokens[who]


def shape_of(response: Response) -> Any:
    """What is in a response to something that succeeded."""
    assert response.status < 300, response.body
    return orjson.loads(response.body) if response.body else None
