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

    email: Annotated[Text, "Email address."]
    first_name: Annotated[Text | None, "Given name."] = None
    last_name: Annotated[Text | None, "Family name."] = None
    admin: Annotated[bool, "Whether the user may use the Platform API."] = False
    password: Annotated[GivenSecret | None, "For the token endpoint; by default, `spree123`."] = field(
        default=None, repr=False
    )


@dataclass(frozen=True)
class User:
    """A user."""

    id: Annotated[int, "Its number."]
    email: Annotated[str, "Email address."]


@dataclass(frozen=True)
class NewAccessToken:
    """An access token to issue: a user's own, or an application's if no user is named."""

    user_id: Annotated[Id | None, "Id of the user that the token belongs to; alternatively, use `email`."] = None
    email: Annotated[Text | None, "Email address of the user that the token belongs to."] = None
    application: Annotated[str | None, "Name of the application; by default, `back-office` if no user is named."] = None
    scopes: Annotated[str | None, "Separated by spaces; by default, `admin` for an application."] = None
    token: Annotated[GivenSecret | None, "By default, generated."] = field(default=None, repr=False)
    expires_in: Annotated[Id | None, "Seconds, or null for never; by default, the server's own lifetime."] = None


@dataclass(frozen=True)
class AccessToken:
    """An access token."""

    token: Annotated[Secret, "The token."] = field(repr=False)
    user_id: Annotated[int | None, "Id of the user that the token belongs to."]
    application: Annotated[str | None, "Name of the application."]
    scopes: Annotated[str, "Its scopes, separated by spaces."]
    expires_in: Annotated[int | None, "Seconds; null for never."]


@dataclass(frozen=True)
class ChosenTokens:
    """Which access tokens to change. Set exactly one member."""

    token: Annotated[Secret | None, "The token."] = field(default=None, repr=False)
    user_id: Annotated[Id | None, "All tokens of this user."] = None
    scopes: Annotated[str | None, "All tokens with these scopes."] = None


@dataclass(frozen=True)
class TokenCount:
    """How many access tokens were changed."""

    tokens: Annotated[int, "The number of tokens."]


@dataclass(frozen=True)
class NewStore:
    """A store to add."""

    name: Annotated[Text, "Its name."]
    default_currency: Annotated[Text | None, "ISO 4217; by default, the first supported currency."] = None
    supported_currencies: Annotated[
        Annotated[list[Text], Schema(minItems=1)] | None, "ISO 4217; by default, only USD."
    ] = None


@dataclass(frozen=True)
class NewVariant:
    """A variant to add."""

    name: Annotated[Text, "Its name."]
    prices: Annotated[dict[str, Amount], "Unit price as a decimal, by currency (ISO 4217)."]


@dataclass(frozen=True)
class Created:
    """The added record."""

    id: Annotated[int, "Its number."]


@dataclass(frozen=True)
class PaymentMethod:
    """A payment method."""

    id: Annotated[int, "Its number."]
    type: Annotated[str, "Its class in Spree."]
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

    repair_leaks: Annotated[
        bool | None, "Whether to repair the known leaks of the real server, or to imitate them (the default)."
    ] = None
    shipping: Annotated[dict[str, Amount] | None, "Shipping costs as a decimal, by currency (ISO 4217)."] = None


@dataclass(frozen=True)
class Settings:
    """The settings."""

    repair_leaks: Annotated[bool, "Whether the known leaks of the real server are repaired."]
    shipping: Annotated[dict[str, Money], "Shipping costs as a decimal, by currency (ISO 4217)."]


@dataclass(frozen=True)
class NewCart:
    """A cart to create; without a user, it belongs to a guest."""

    user_id: Annotated[Id | None, "Id of its user; alternatively, use `email`."] = None
    email: Annotated[Text | None, "Email address of its user."] = None
    currency: Annotated[Text | None, "ISO 4217; by default, the store's currency."] = None
    store_id: Annotated[Id, "By default, the first store."] = 1
    number: Annotated[
        Annotated[str, Schema(pattern="^R[0-9]{1,20}$")] | None, "`R` followed by digits; by default, generated."
    ] = None


@dataclass(frozen=True)
class CartLine:
    """A line of a cart."""

    id: Annotated[int, "Its number."]
    variant_id: Annotated[int, "What is bought."]
    quantity: Annotated[int, "The quantity."]
    price: Annotated[Money, "Unit price, as a decimal."]

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
    store_credit_id: Annotated[int | None, "The store credit that is used; null for other payment methods."]

    @classmethod
    def of(cls, payment: Payment) -> CartPayment:
        """Show a payment."""
        return cls(payment.id, decimal_text(payment.amount), payment.state, payment.code, payment.credit_id)


@dataclass(frozen=True)
class Cart:
    """A cart or an order."""

    id: Annotated[int, "Its number."]
    number: Annotated[str, "`R` followed by digits."]
    token: Annotated[Secret, "For the header X-Spree-Order-Token."] = field(repr=False)
    state: Annotated[str, "`cart`, `address`, `delivery`, `payment`, `complete` or `canceled`."]
    currency: Annotated[str, "ISO 4217."]
    user_id: Annotated[int | None, "Id of its user; null for a guest."]
    total: Annotated[Money, "A decimal."]
    payment_total: Annotated[Money, "The paid amount, as a decimal."]
    payment_state: Annotated[
        str | None, "`balance_due`, `paid`, `credit_owed`, `failed` or `void`; null before it is complete."
    ]
    line_items: Annotated[list[CartLine], "What is bought."]
    payments: Annotated[list[CartPayment], "How the cart or order is paid."]


@dataclass(frozen=True)
class AddItem:
    """An item to add to a cart: a variant, or an item at a given price."""

    variant_id: Annotated[Id | None, "The variant to buy; alternatively, use `price`."] = None
    price: Annotated[Amount | None, "Unit price, as a decimal."] = None
    quantity: Annotated[int, Schema(minimum=1, maximum=1000000), "The quantity."] = 1


@dataclass(frozen=True)
class Quantity:
    """The new quantity of a line."""

    quantity: Annotated[int, Schema(minimum=0, maximum=1000000), "The quantity; 0 removes the line."]


@dataclass(frozen=True)
class Address:
    """The address of a cart."""

    email: Annotated[Text | None, "Email address of a guest."] = None


@dataclass(frozen=True)
class Pay:
    """A payment by a method other than store credit."""

    payment_method_id: Annotated[Id, "The payment method."]
    amount: Annotated[Amount | None, "A decimal; by default, what store credit does not cover."] = None


@dataclass(frozen=True)
class Capture:
    """What to capture."""

    amount: Annotated[Amount | None, "A decimal; by default, the whole amount."] = None
    payment_id: Annotated[Id | None, "By default, the newest pending payment with store credit."] = None


@dataclass(frozen=True)
class Void:
    """What to void."""

    payment_id: Annotated[Id | None, "By default, the newest pending payment with store credit."] = None


@dataclass(frozen=True)
class Refund:
    """What to refund."""

    amount: Annotated[Amount | None, "A decimal; by default, everything that has not been refunded yet."] = None
    payment_id: Annotated[Id | None, "By default, the newest completed payment with store credit."] = None
    reason: Annotated[Text | None, "The reason."] = None


@dataclass(frozen=True)
class Cancel:
    """Who cancels an order."""

    user_id: Annotated[Id | None, "The user."] = None


@dataclass(frozen=True)
class ChosenCredits:
    """Which store credit to delete. Set exactly one member."""

    id: Annotated[Id | None, "The credit with this id."] = None
    currency: Annotated[Text | None, "All credits in this currency (ISO 4217)."] = None


@dataclass(frozen=True)
class DestroyedCredits:
    """How much store credit was permanently deleted."""

    store_credits: Annotated[int, "The number of deleted credits."]


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
