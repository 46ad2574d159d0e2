"""A typed client of Spree's routes of the control plane."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypedDict

if TYPE_CHECKING:
    from store_credit_mock.systems.ledger_store import LedgerEntry

__all__ = [
    "Cart",
    "CartLine",
    "CartPayment",
    "CreditState",
    "IssuedToken",
    "PaymentMethod",
    "SpreeControl",
    "SpreeUser",
]


class SpreeUser(TypedDict):
    """A user that was added."""

    id: int
    email: str


class IssuedToken(TypedDict):
    """An access token: whom it stands for, and what it opens. `expires_in` is seconds."""

    token: str
    user_id: int | None
    application: str | None
    scopes: str
    expires_in: int | None


class CartLine(TypedDict):
    """A line; `price` is a decimal for one piece."""

    id: int
    variant_id: int
    quantity: int
    price: str


class CartPayment(TypedDict):
    """A payment; `amount` is a decimal."""

    id: int
    amount: str
    state: str
    response_code: str | None
    store_credit_id: int | None


class Cart(TypedDict):
    """A cart or an order. `token` goes into X-Spree-Order-Token; totals are decimals."""

    id: int
    number: str
    token: str
    state: str
    currency: str
    user_id: int | None
    total: str
    payment_total: str
    payment_state: str | None
    line_items: list[CartLine]
    payments: list[CartPayment]


class CreditState(TypedDict):
    """Store credit as it is kept; amounts are decimals, times Unix milliseconds."""

    id: int
    user_id: int | None
    amount: str
    amount_used: str
    amount_authorized: str
    amount_remaining: str
    currency: str | None
    memo: str | None
    created_at: int
    deleted_at: int | None


class PaymentMethod(TypedDict):
    """A payment method."""

    id: int
    type: str
    name: str
    active: bool
    auto_capture: bool


Amount = Decimal | str | int


class SpreeControl:
    """Spree's part of the control plane. Every method raises `ControlError` where the mock refuses."""

    def __init__(self, call: Callable[..., Any]) -> None:
        self._call = call

    def add_user(
        self, email: str, *, first_name: str | None = None, last_name: str | None = None, admin: bool = False
    ) -> SpreeUser:
        """Add a user."""
        return self._post("users", email=email, first_name=first_name, last_name=last_name, admin=admin)

    def issue_token(
        self,
        *,
        user_id: int | None = None,
        email: str | None = None,
        application: str | None = None,
        scopes: str | None = None,
        token: str | None = None,
        expires_in: int | None = None,
    ) -> IssuedToken:
        """Issue an access token: a user's own, or an application's if no user is named."""
        return self._post(
            "tokens", user_id=user_id, email=email, application=application, scopes=scopes, token=token,
            expires_in=expires_in,
        )  # fmt: skip

    def expire_tokens(self, *, token: str | None = None, user_id: int | None = None, scopes: str | None = None) -> int:
        """Let tokens expire now; returns how many."""
        return self._post("tokens/expire", token=token, user_id=user_id, scopes=scopes)["tokens"]

    def revoke_tokens(self, *, token: str | None = None, user_id: int | None = None, scopes: str | None = None) -> int:
        """Revoke tokens now; returns how many."""
        return self._post("tokens/revoke", token=token, user_id=user_id, scopes=scopes)["tokens"]

    def add_store(self, name: str, *, default_currency: str = "USD", supported_currencies: list[str]) -> int:
        """Add a store; returns its id."""
        return self._post(
            "stores", name=name, default_currency=default_currency, supported_currencies=supported_currencies
        )["id"]

    def add_variant(self, name: str, prices: dict[str, Amount]) -> int:
        """Add something to buy; returns its id."""
        return self._post("variants", name=name, prices={key: str(value) for key, value in prices.items()})["id"]

    def payment_methods(self) -> list[PaymentMethod]:
        """List the payment methods."""
        return self._call("GET", "/_mock/spree/payment_methods")

    def set_payment_method(
        self, method_id: int, *, active: bool | None = None, auto_capture: bool | None = None
    ) -> PaymentMethod:
        """Make a payment method active or not, capturing at once or not."""
        return self._send("PATCH", f"payment_methods/{method_id}", active=active, auto_capture=auto_capture)

    def repair_leaks(self, repair: bool) -> None:
        """Repair what the real server leaks, or do as it does (the default)."""
        self._send("PATCH", "settings", repair_leaks=repair)

    def create_cart(
        self,
        *,
        user_id: int | None = None,
        email: str | None = None,
        currency: str | None = None,
        number: str | None = None,
    ) -> Cart:
        """Open a cart; without a user it is a guest's. A number, R and digits, is made up if not given."""
        return self._post("carts", user_id=user_id, email=email, currency=currency, number=number)

    def cart(self, number: str) -> Cart:
        """Show a cart or an order."""
        return self._call("GET", f"/_mock/spree/carts/{number}")

    def add_item(
        self, number: str, *, variant_id: int | None = None, price: Amount | None = None, quantity: int = 1
    ) -> Cart:
        """Put something into a cart, by variant or at a price."""
        return self._post(
            f"carts/{number}/items", variant_id=variant_id, price=None if price is None else str(price),
            quantity=quantity,
        )  # fmt: skip

    def set_quantity(self, number: str, line_id: int, quantity: int) -> Cart:
        """Change a line of a cart; 0 takes it out."""
        return self._send("PATCH", f"carts/{number}/items/{line_id}", quantity=quantity)

    def set_address(self, number: str, *, email: str | None = None) -> Cart:
        """Say where a cart goes."""
        return self._post(f"carts/{number}/address", email=email)

    def next(self, number: str) -> Cart:
        """Take a cart one step on: address, delivery, payment."""
        return self._post(f"carts/{number}/next")

    def pay(self, number: str, payment_method_id: int, amount: Amount | None = None) -> Cart:
        """Add a payment by other means; without an amount, of what store credit leaves open."""
        return self._post(
            f"carts/{number}/payments", payment_method_id=payment_method_id,
            amount=None if amount is None else str(amount),
        )  # fmt: skip

    def complete(self, number: str) -> Cart:
        """Complete a cart."""
        return self._post(f"carts/{number}/complete")

    def capture(self, number: str, amount: Amount | None = None, *, payment_id: int | None = None) -> Cart:
        """Capture a pending store-credit payment, the newest if none is named, whole if no amount is."""
        return self._post(
            f"orders/{number}/capture", payment_id=payment_id, amount=None if amount is None else str(amount)
        )

    def void(self, number: str, *, payment_id: int | None = None) -> Cart:
        """Void a pending store-credit payment, the newest if none is named."""
        return self._post(f"orders/{number}/void", payment_id=payment_id)

    def refund(
        self,
        number: str,
        amount: Amount | None = None,
        *,
        payment_id: int | None = None,
        reason: str | None = None,
    ) -> Cart:
        """Refund a completed store-credit payment, the newest if none is named, whole if no amount is."""
        return self._post(
            f"orders/{number}/refund", payment_id=payment_id, amount=None if amount is None else str(amount),
            reason=reason,
        )  # fmt: skip

    def cancel(self, number: str, *, user_id: int | None = None) -> Cart:
        """Cancel a completed order."""
        return self._post(f"orders/{number}/cancel", user_id=user_id)

    def destroy_store_credits(self, *, id: int | None = None, currency: str | None = None) -> int:
        """Delete store credit for good; returns how many there were."""
        return self._post("store_credits/destroy", id=id, currency=currency)["store_credits"]

    def credits(self, limit: int = 100, user_id: int | None = None) -> list[CreditState]:
        """Store credit, newest first, at most 1,000; of one user if that is named."""
        query = {"limit": limit, "user_id": user_id}
        return self._call("GET", "/_mock/spree/store_credits", query=query)["data"]

    def entries(self, credit_id: int) -> list[LedgerEntry]:
        """The movements of one credit in their order, the last 1,000; also of one that was deleted for good."""
        return self._call("GET", f"/_mock/spree/store_credits/{credit_id}/entries")["data"]

    def _post(self, path: str, **members: Any) -> Any:
        return self._send("POST", path, **members)

    def _send(self, method: str, path: str, **members: Any) -> Any:
        body = {name: value for name, value in members.items() if value is not None}
        return self._call(method, f"/_mock/spree/{path}", body)
