"""What the routes of the control plane about a shopper take and send."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from store_credit_mock.systems.json_types import Schema

__all__ = ["FilledCart", "IssuedCustomerToken", "NewCustomerToken", "NewFilledCart"]

Identity = Annotated[str, Schema(minLength=1, maxLength=255)]
Quantity = Annotated[int, Schema(minimum=1, maximum=10000)]
VariantNumber = Annotated[int, Schema(minimum=1, maximum=9223372036854775807)]
Currency = Annotated[str, Schema(pattern="^[A-Z]{3}$")]
Secret = Annotated[str, Schema(format="password")]


@dataclass(frozen=True)
class NewCustomerToken:
    """The customer to create a token for."""

    customer_id: Annotated[Identity, "Id of the customer."]


@dataclass(frozen=True)
class IssuedCustomerToken:
    """A customer's token."""

    token: Annotated[Secret, "For `Authorization: Bearer`; expires after an hour of sandbox time."] = field(repr=False)


@dataclass(frozen=True)
class NewFilledCart:
    """A cart to create."""

    customer_id: Annotated[Identity | None, "Id of its customer; if left out, the cart belongs to a guest."] = None
    variant: Annotated[VariantNumber, "Number of the variant in the cart."] = 1
    quantity: Annotated[Quantity, "The quantity."] = 1
    currency: Annotated[Currency | None, "By default, the store's currency."] = None
    address: Annotated[bool, "Whether it has an address, so that it can be completed."] = True
    store_credit: Annotated[bool, "Whether store credit is applied, up to the available amount."] = False


@dataclass(frozen=True)
class FilledCart:
    """A cart."""

    id: Annotated[str, "As the API shows it."]
    token: Annotated[Secret, "For `X-Spree-Token`."] = field(repr=False)
    total: Annotated[str, "The total, including delivery."]
