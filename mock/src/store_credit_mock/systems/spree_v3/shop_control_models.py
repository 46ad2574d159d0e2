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
    """Whose token is to be made."""

    customer_id: Annotated[Identity, "Id of the customer."]


@dataclass(frozen=True)
class IssuedCustomerToken:
    """A customer's token."""

    token: Annotated[Secret, "For `Authorization: Bearer`; it lives for an hour of the sandbox."] = field(repr=False)


@dataclass(frozen=True)
class NewFilledCart:
    """A cart to open."""

    customer_id: Annotated[Identity | None, "Id of its customer; a guest's if left out."] = None
    variant: Annotated[VariantNumber, "Number of the variant in it."] = 1
    quantity: Annotated[Quantity, "How many of it."] = 1
    currency: Annotated[Currency | None, "The store's own if left out."] = None
    address: Annotated[bool, "Whether it knows where it goes, so that it can be completed."] = True
    store_credit: Annotated[bool, "Whether store credit is applied, as much as there is."] = False


@dataclass(frozen=True)
class FilledCart:
    """A cart."""

    id: Annotated[str, "As the API shows it."]
    token: Annotated[Secret, "For `X-Spree-Token`."] = field(repr=False)
    total: Annotated[str, "What it costs, with delivery."]
