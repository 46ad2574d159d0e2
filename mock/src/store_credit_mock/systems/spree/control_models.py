"""What Spree's routes of the control plane take and send: their schemas, and the typed client's results."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any

from store_credit_mock.systems.json_types import Named, Schema
from store_credit_mock.systems.spree.money import decimal_text
from store_credit_mock.systems.spree.orders import Line
from store_credit_mock.systems.spree.payments import Payment
from store_credit_mock.systems.spree.store_credits import Credit

__all__ = [
    "AccessToken",
    "AddItem",
    "Address",
    "Cancel",
    "Capture",
    "Cart",
    "CartDocument",
    "CartLine",
    "CartPayment",
    "ChangePaymentMethod",
    "ChangeSettings",
    "ChosenCredits",
    "ChosenTokens",
    "Created",
    "CreditState",
    "DestroyedCredits",
    "NewAccessToken",
    "NewCart",
    "NewStore",
    "NewUser",
    "NewVariant",
    "Pay",
    "PaymentMethod",
    "Quantity",
    "Refund",
    "Settings",
    "TokenCount",
    "User",
    "UserId",
    "Void",
]

Text = Annotated[str, Schema(minLength=1, maxLength=500)]
Id = Annotated[int, Schema(minimum=1)]
UserId = Annotated[int, Schema(minimum=1, maximum=9223372036854775807)]
Amount = Annotated[float | str, Schema(format="decimal")]
Money = Annotated[str, Schema(format="decimal")]
Secret = Annotated[str, Schema(format="password")]
_ANY_OBJECT = {"type": "object", "additionalProperties": True}
CartDocument = Annotated[
    dict[str, Any],
    Named(
        "CartDocument",
        {
            "type": "object",
            "description": "A cart as Spree's storefront shows it: a JSON:API document.",
            "required": ["data"],
            "properties": {
                "data": {
                    "type": "object",
                    "required": ["id", "type", "attributes"],
                    "properties": {
                        "id": {"type": "string"},
                        "type": {"type": "string", "const": "cart"},
                        "attributes": _ANY_OBJECT,
                        "relationships": _ANY_OBJECT,
                    },
                },
                "included": {"type": "array", "items": _ANY_OBJECT},
            },
        },
    ),
]


@dataclass(frozen=True)
class NewUser:
    """A user to add.

    Attributes:
        email: E-mail address.
        first_name: Given name.
        last_name: Family name.
        admin: Whether they may use the Platform API.
    """

    email: Text
    first_name: Text | None = None
    last_name: Text | None = None
    admin: bool = False


@dataclass(frozen=True)
class User:
    """A user.

    Attributes:
        id: Its number.
        email: E-mail address.
    """

    id: int
    email: str


@dataclass(frozen=True)
class NewAccessToken:
    """An access token to issue: a user's own, or an application's if no user is named.

    Attributes:
        user_id: Whom it stands for; or give `email`.
        email: Whom it stands for.
        application: Name of the application; `back-office` if left out and no user is named.
        scopes: Separated by blanks; `admin` for an application if left out.
        token: Made up if left out.
        expires_in: Seconds; null for never, the server's own time if left out.
    """

    user_id: Id | None = None
    email: Text | None = None
    application: str | None = None
    scopes: str | None = None
    token: Annotated[str, Schema(minLength=1, maxLength=500, format="password")] | None = field(
        default=None, repr=False
    )
    expires_in: Id | None = None


@dataclass(frozen=True)
class AccessToken:
    """An access token.

    Attributes:
        token: The token.
        user_id: Whom it stands for.
        application: Name of the application.
        scopes: What it opens, separated by blanks.
        expires_in: Seconds; null for never.
    """

    token: Secret = field(repr=False)
    user_id: int | None
    application: str | None
    scopes: str
    expires_in: int | None


@dataclass(frozen=True)
class ChosenTokens:
    """Which access tokens: by exactly one of these.

    Attributes:
        token: The token.
        user_id: All of a user.
        scopes: All with these scopes.
    """

    token: Secret | None = field(default=None, repr=False)
    user_id: Id | None = None
    scopes: str | None = None


@dataclass(frozen=True)
class TokenCount:
    """How many access tokens were changed.

    Attributes:
        tokens: Their number.
    """

    tokens: int


@dataclass(frozen=True)
class NewStore:
    """A store to add.

    Attributes:
        name: Its name.
        default_currency: ISO 4217; the first of those it takes if left out.
        supported_currencies: ISO 4217; USD alone if left out.
    """

    name: Text
    default_currency: Text | None = None
    supported_currencies: Annotated[list[Text], Schema(minItems=1)] | None = None


@dataclass(frozen=True)
class NewVariant:
    """Something to buy.

    Attributes:
        name: Its name.
        prices: A decimal for one piece, by currency (ISO 4217).
    """

    name: Text
    prices: dict[str, Amount]


@dataclass(frozen=True)
class Created:
    """Something was added.

    Attributes:
        id: Its number.
    """

    id: int


@dataclass(frozen=True)
class PaymentMethod:
    """A payment method.

    Attributes:
        id: Its number.
        type: Spree's class.
        name: Its name.
        active: Whether it may be used.
        auto_capture: Whether payments are captured at once.
    """

    id: int
    type: str
    name: str
    active: bool
    auto_capture: bool


@dataclass(frozen=True)
class ChangePaymentMethod:
    """What is to change of a payment method; what is left out stays.

    Attributes:
        active: Whether it may be used.
        auto_capture: Whether payments are captured at once.
    """

    active: bool | None = None
    auto_capture: bool | None = None


@dataclass(frozen=True)
class ChangeSettings:
    """What is to change of the settings; what is left out stays.

    Attributes:
        repair_leaks: Repair what the real server leaks, or do as it does (the default).
        shipping: Costs of shipping, a decimal by currency (ISO 4217).
    """

    repair_leaks: bool | None = None
    shipping: dict[str, Amount] | None = None


@dataclass(frozen=True)
class Settings:
    """The settings.

    Attributes:
        repair_leaks: Whether what the real server leaks is repaired.
        shipping: Costs of shipping, a decimal by currency (ISO 4217).
    """

    repair_leaks: bool
    shipping: dict[str, Money]


@dataclass(frozen=True)
class NewCart:
    """A cart to open; without a user it is a guest's.

    Attributes:
        user_id: Whose; or give `email`.
        email: Whose.
        currency: ISO 4217; the store's own if left out.
        store_id: The first store if left out.
        number: R and digits; made up if left out.
    """

    user_id: Id | None = None
    email: Text | None = None
    currency: Text | None = None
    store_id: Id = 1
    number: Annotated[str, Schema(pattern="^R[0-9]{1,20}$")] | None = None


@dataclass(frozen=True)
class CartLine:
    """A line of a cart.

    Attributes:
        id: Its number.
        variant_id: What is bought.
        quantity: How many pieces.
        price: A decimal for one piece.
    """

    id: int
    variant_id: int
    quantity: int
    price: Money

    @classmethod
    def of(cls, line: Line) -> CartLine:
        """Show a line."""
        return cls(line.id, line.variant_id, line.quantity, decimal_text(line.price))


@dataclass(frozen=True)
class CartPayment:
    """A payment of a cart or an order.

    Attributes:
        id: Its number.
        amount: A decimal.
        state: `checkout`, `pending`, `completed`, `invalid`, `void` or `failed`.
        response_code: The authorization's code.
        store_credit_id: The store credit that pays; null for other means.
    """

    id: int
    amount: Money
    state: str
    response_code: str | None
    store_credit_id: int | None

    @classmethod
    def of(cls, payment: Payment) -> CartPayment:
        """Show a payment."""
        return cls(payment.id, decimal_text(payment.amount), payment.state, payment.code, payment.credit_id)


@dataclass(frozen=True)
class Cart:
    """A cart or an order.

    Attributes:
        id: Its number.
        number: R and digits.
        token: Goes into X-Spree-Order-Token.
        state: `cart`, `address`, `delivery`, `payment`, `complete` or `canceled`.
        currency: ISO 4217.
        user_id: Whose; null for a guest's.
        total: A decimal.
        payment_total: What was paid, a decimal.
        payment_state: `balance_due`, `paid`, `credit_owed`, `failed` or `void`; null before it is complete.
        line_items: What is bought.
        payments: How it is paid.
    """

    id: int
    number: str
    token: Secret = field(repr=False)
    state: str
    currency: str
    user_id: int | None
    total: Money
    payment_total: Money
    payment_state: str | None
    line_items: list[CartLine]
    payments: list[CartPayment]


@dataclass(frozen=True)
class AddItem:
    """What is put into a cart: a variant, or something at a price.

    Attributes:
        variant_id: What is bought; or give `price`.
        price: A decimal for one piece.
        quantity: How many pieces.
    """

    variant_id: Id | None = None
    price: Amount | None = None
    quantity: Annotated[int, Schema(minimum=1, maximum=1000000)] = 1


@dataclass(frozen=True)
class Quantity:
    """How much there is to be of a line.

    Attributes:
        quantity: How many pieces; 0 takes the line out.
    """

    quantity: Annotated[int, Schema(minimum=0, maximum=1000000)]


@dataclass(frozen=True)
class Address:
    """Where a cart goes.

    Attributes:
        email: E-mail address of a guest.
    """

    email: Text | None = None


@dataclass(frozen=True)
class Pay:
    """A payment by other means than store credit.

    Attributes:
        payment_method_id: The payment method.
        amount: A decimal; what store credit leaves open if left out.
    """

    payment_method_id: Id
    amount: Amount | None = None


@dataclass(frozen=True)
class Capture:
    """What is to be captured.

    Attributes:
        amount: A decimal; all of it if left out.
        payment_id: The newest pending payment with store credit if left out.
    """

    amount: Amount | None = None
    payment_id: Id | None = None


@dataclass(frozen=True)
class Void:
    """What is to be voided.

    Attributes:
        payment_id: The newest pending payment with store credit if left out.
    """

    payment_id: Id | None = None


@dataclass(frozen=True)
class Refund:
    """What is to be refunded.

    Attributes:
        amount: A decimal; all that was not refunded yet if left out.
        payment_id: The newest completed payment with store credit if left out.
        reason: Why.
    """

    amount: Amount | None = None
    payment_id: Id | None = None
    reason: Text | None = None


@dataclass(frozen=True)
class Cancel:
    """Who cancels an order.

    Attributes:
        user_id: The user.
    """

    user_id: Id | None = None


@dataclass(frozen=True)
class ChosenCredits:
    """Which store credit: by exactly one of these.

    Attributes:
        id: The one of this number.
        currency: All in this currency (ISO 4217).
    """

    id: Id | None = None
    currency: Text | None = None


@dataclass(frozen=True)
class DestroyedCredits:
    """How much store credit was deleted for good.

    Attributes:
        store_credits: How many there were.
    """

    store_credits: int


@dataclass(frozen=True)
class CreditState:
    """Store credit as it is kept.

    Attributes:
        id: Its number.
        user_id: Whose.
        amount: A decimal.
        amount_used: A decimal.
        amount_authorized: A decimal.
        amount_remaining: A decimal.
        currency: ISO 4217.
        memo: Why it was given.
        created_at: Unix milliseconds.
        deleted_at: Unix milliseconds.
    """

    id: int
    user_id: int | None
    amount: Money
    amount_used: Money
    amount_authorized: Money
    amount_remaining: Money
    currency: str | None
    memo: str | None
    created_at: int
    deleted_at: int | None

    @classmethod
    def of(cls, credit: Credit) -> CreditState:
        """Show a store credit."""
        amounts = (credit.amount, credit.used, credit.authorized, credit.remaining)
        shown = [decimal_text(amount) for amount in amounts]
        return cls(
            credit.id, credit.user_id, *shown, credit.currency, credit.memo, credit.created_at, credit.deleted_at
        )
