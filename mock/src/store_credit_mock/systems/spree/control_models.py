"""What Spree's routes of the control plane take and send: their schemas, and the typed client's results."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any

from store_credit_mock.systems.json_types import Named, Schema
from store_credit_mock.systems.rails.money import decimal_text
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
    "GivenSecret",
    "NewAccessToken",
    "NewCart",
    "NewStore",
    "NewUser",
    "NewVariant",
    "Pay",
    "PaymentMethod",
    "Quantity",
    "Refund",
    "Secret",
    "Settings",
    "Text",
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
GivenSecret = Annotated[str, Schema(minLength=1, maxLength=500, format="password")]
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
    """A user to add."""

    email: Annotated[Text, "E-mail address."]
    first_name: Annotated[Text | None, "Given name."] = None
    last_name: Annotated[Text | None, "Family name."] = None
    admin: Annotated[bool, "Whether they may use the Platform API."] = False
    password: Annotated[GivenSecret | None, "For the token endpoint; `spree123` if left out."] = field(
        default=None, repr=False
    )


@dataclass(frozen=True)
class User:
    """A user."""

    id: Annotated[int, "Its number."]
    email: Annotated[str, "E-mail address."]


@dataclass(frozen=True)
class NewAccessToken:
    """An access token to issue: a user's own, or an application's if no user is named."""

    user_id: Annotated[Id | None, "Id of the user that it stands for; or give `email`."] = None
    email: Annotated[Text | None, "E-mail address of the user that it stands for."] = None
    application: Annotated[str | None, "Name of the application; `back-office` if left out and no user is named."] = (
        None
    )
    scopes: Annotated[str | None, "Separated by spaces; `admin` for an application if left out."] = None
    token: Annotated[GivenSecret | None, "Generated if left out."] = field(default=None, repr=False)
    expires_in: Annotated[Id | None, "Seconds; null for never, the server's own time if left out."] = None


@dataclass(frozen=True)
class AccessToken:
    """An access token."""

    token: Annotated[Secret, "The token."] = field(repr=False)
    user_id: Annotated[int | None, "Id of the user that it stands for."]
    application: Annotated[str | None, "Name of the application."]
    scopes: Annotated[str, "Its scopes, separated by spaces."]
    expires_in: Annotated[int | None, "Seconds; null for never."]


@dataclass(frozen=True)
class ChosenTokens:
    """Which access tokens: by exactly one of these."""

    token: Annotated[Secret | None, "The token."] = field(default=None, repr=False)
    user_id: Annotated[Id | None, "All of a user."] = None
    scopes: Annotated[str | None, "All with these scopes."] = None


@dataclass(frozen=True)
class TokenCount:
    """How many access tokens were changed."""

    tokens: Annotated[int, "Their number."]


@dataclass(frozen=True)
class NewStore:
    """A store to add."""

    name: Annotated[Text, "Its name."]
    default_currency: Annotated[Text | None, "ISO 4217; the first supported currency if left out."] = None
    supported_currencies: Annotated[
        Annotated[list[Text], Schema(minItems=1)] | None, "ISO 4217; only USD if left out."
    ] = None


@dataclass(frozen=True)
class NewVariant:
    """A variant to add."""

    name: Annotated[Text, "Its name."]
    prices: Annotated[dict[str, Amount], "Price per piece, as a decimal, by currency (ISO 4217)."]


@dataclass(frozen=True)
class Created:
    """Something was added."""

    id: Annotated[int, "Its number."]


@dataclass(frozen=True)
class PaymentMethod:
    """A payment method."""

    id: Annotated[int, "Its number."]
    type: Annotated[str, "Spree's class."]
    name: Annotated[str, "Its name."]
    active: Annotated[bool, "Whether it may be used."]
    auto_capture: Annotated[bool, "Whether payments are captured immediately."]


@dataclass(frozen=True)
class ChangePaymentMethod:
    """Changes to a payment method; what is left out stays unchanged."""

    active: Annotated[bool | None, "Whether it may be used."] = None
    auto_capture: Annotated[bool | None, "Whether payments are captured immediately."] = None


@dataclass(frozen=True)
class ChangeSettings:
    """Changes to the settings; what is left out stays unchanged."""

    repair_leaks: Annotated[bool | None, "Repair what the real server leaks, or do as it does (the default)."] = None
    shipping: Annotated[dict[str, Amount] | None, "Shipping costs, a decimal by currency (ISO 4217)."] = None


@dataclass(frozen=True)
class Settings:
    """The settings."""

    repair_leaks: Annotated[bool, "Whether what the real server leaks is repaired."]
    shipping: Annotated[dict[str, Money], "Shipping costs, a decimal by currency (ISO 4217)."]


@dataclass(frozen=True)
class NewCart:
    """A cart to create; without a user, it belongs to a guest."""

    user_id: Annotated[Id | None, "Id of its user; or give `email`."] = None
    email: Annotated[Text | None, "E-mail address of its user."] = None
    currency: Annotated[Text | None, "ISO 4217; the store's own if left out."] = None
    store_id: Annotated[Id, "The first store if left out."] = 1
    number: Annotated[
        Annotated[str, Schema(pattern="^R[0-9]{1,20}$")] | None, "R and digits; generated if left out."
    ] = None


@dataclass(frozen=True)
class CartLine:
    """A line of a cart."""

    id: Annotated[int, "Its number."]
    variant_id: Annotated[int, "What is bought."]
    quantity: Annotated[int, "How many pieces."]
    price: Annotated[Money, "Price per piece, as a decimal."]

    @classmethod
    def of(cls, line: Line) -> CartLine:
        """Show a line."""
        return cls(line.id, line.variant_id, line.quantity, decimal_text(line.price))


@dataclass(frozen=True)
class CartPayment:
    """A payment of a cart or an order."""

    id: Annotated[int, "Its number."]
    amount: Annotated[Money, "A decimal."]
    state: Annotated[str, "`checkout`, `pending`, `completed`, `invalid`, `void` or `failed`."]
    response_code: Annotated[str | None, "The authorization's code."]
    store_credit_id: Annotated[int | None, "The store credit that pays; null for other means."]

    @classmethod
    def of(cls, payment: Payment) -> CartPayment:
        """Show a payment."""
        return cls(payment.id, decimal_text(payment.amount), payment.state, payment.code, payment.credit_id)


@dataclass(frozen=True)
class Cart:
    """A cart or an order."""

    id: Annotated[int, "Its number."]
    number: Annotated[str, "R and digits."]
    token: Annotated[Secret, "For the header X-Spree-Order-Token."] = field(repr=False)
    state: Annotated[str, "`cart`, `address`, `delivery`, `payment`, `complete` or `canceled`."]
    currency: Annotated[str, "ISO 4217."]
    user_id: Annotated[int | None, "Id of its user; null for a guest."]
    total: Annotated[Money, "A decimal."]
    payment_total: Annotated[Money, "What was paid, a decimal."]
    payment_state: Annotated[
        str | None, "`balance_due`, `paid`, `credit_owed`, `failed` or `void`; null before it is complete."
    ]
    line_items: Annotated[list[CartLine], "What is bought."]
    payments: Annotated[list[CartPayment], "How it is paid."]


@dataclass(frozen=True)
class AddItem:
    """An item to add to a cart: a variant, or something at a price."""

    variant_id: Annotated[Id | None, "What is bought; or give `price`."] = None
    price: Annotated[Amount | None, "Price per piece, as a decimal."] = None
    quantity: Annotated[int, Schema(minimum=1, maximum=1000000), "How many pieces."] = 1


@dataclass(frozen=True)
class Quantity:
    """The new quantity of a line."""

    quantity: Annotated[int, Schema(minimum=0, maximum=1000000), "How many pieces; 0 removes the line."]


@dataclass(frozen=True)
class Address:
    """The address of a cart."""

    email: Annotated[Text | None, "E-mail address of a guest."] = None


@dataclass(frozen=True)
class Pay:
    """A payment by other means than store credit."""

    payment_method_id: Annotated[Id, "The payment method."]
    amount: Annotated[Amount | None, "A decimal; what store credit does not cover if left out."] = None


@dataclass(frozen=True)
class Capture:
    """What to capture."""

    amount: Annotated[Amount | None, "A decimal; all of it if left out."] = None
    payment_id: Annotated[Id | None, "The newest pending payment with store credit if left out."] = None


@dataclass(frozen=True)
class Void:
    """What to void."""

    payment_id: Annotated[Id | None, "The newest pending payment with store credit if left out."] = None


@dataclass(frozen=True)
class Refund:
    """What to refund."""

    amount: Annotated[Amount | None, "A decimal; everything that was not refunded yet if left out."] = None
    payment_id: Annotated[Id | None, "The newest completed payment with store credit if left out."] = None
    reason: Annotated[Text | None, "Why."] = None


@dataclass(frozen=True)
class Cancel:
    """Who cancels an order."""

    user_id: Annotated[Id | None, "The user."] = None


@dataclass(frozen=True)
class ChosenCredits:
    """Which store credit: by exactly one of these."""

    id: Annotated[Id | None, "The one with this id."] = None
    currency: Annotated[Text | None, "All in this currency (ISO 4217)."] = None


@dataclass(frozen=True)
class DestroyedCredits:
    """How much store credit was permanently deleted."""

    store_credits: Annotated[int, "How many there were."]


@dataclass(frozen=True)
class CreditState:
    """Store credit as it is stored."""

    id: Annotated[int, "Its number."]
    user_id: Annotated[int | None, "Id of its owner."]
    amount: Annotated[Money, "A decimal."]
    amount_used: Annotated[Money, "A decimal."]
    amount_authorized: Annotated[Money, "A decimal."]
    amount_remaining: Annotated[Money, "A decimal."]
    currency: Annotated[str | None, "ISO 4217."]
    memo: Annotated[str | None, "Why it was issued."]
    created_at: Annotated[int, "Unix milliseconds."]
    deleted_at: Annotated[int | None, "Unix milliseconds."]

    @classmethod
    def of(cls, credit: Credit) -> CreditState:
        """Show a store credit."""
        return cls(
            id=credit.id,
            user_id=credit.user_id,
            amount=decimal_text(credit.amount),
            amount_used=decimal_text(credit.used),
            amount_authorized=decimal_text(credit.authorized),
            amount_remaining=decimal_text(credit.remaining),
            currency=credit.currency,
            memo=credit.memo,
            created_at=credit.created_at,
            deleted_at=credit.deleted_at,
        )
