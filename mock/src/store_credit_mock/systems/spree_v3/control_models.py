"""What the v3 system's routes of the control plane take and send: their schemas, and the typed client's results."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal

from store_credit_mock.systems.json_types import Count, Page, Schema

__all__ = [
    "AddedSpreeCustomer",
    "ChangeWebhookEndpoint",
    "GivenSpreeCredit",
    "HeldRow",
    "IssuedSpreeKey",
    "NewSpreeCredit",
    "NewSpreeCustomer",
    "NewSpreeKey",
    "NewSpreeStaff",
    "NewWebhookEndpoint",
    "SignedWebhookEndpoint",
    "WebhookDelivery",
    "WebhookDeliveryList",
    "WebhookEndpoint",
]

Text = Annotated[str, Schema(minLength=1, maxLength=255)]
Address = Annotated[str, Schema(minLength=1, maxLength=2000)]
Secret = Annotated[str, Schema(minLength=1, maxLength=255, format="password")]
StoreId = Annotated[int, Schema(minimum=1, maximum=9223372036854775807)]
Amount = Annotated[float | str, Schema(format="decimal")]
Currency = Annotated[str, Schema(pattern="^[A-Z]{3}$")]
HttpStatus = Annotated[int, Schema(minimum=100, maximum=599)]
DeliveryState = Literal["pending", "delivered", "failed"]


@dataclass(frozen=True)
class NewSpreeCustomer:
    """A customer to add."""

    email: Annotated[Text, "Email address; must be new."]
    first_name: Annotated[Text | None, "Given name."] = None
    last_name: Annotated[Text | None, "Family name."] = None
    password: Annotated[
        Secret | None, "For signing in; by default, the password that all users of a fresh sandbox have."
    ] = field(default=None, repr=False)


@dataclass(frozen=True)
class AddedSpreeCustomer:
    """A customer, or a member of the staff."""

    id: Annotated[str, "As the API shows it."]
    email: Annotated[str, "Email address."]


@dataclass(frozen=True)
class NewSpreeStaff:
    """A member of the staff to add."""

    email: Annotated[Text, "Email address; must be new."]
    store_ids: Annotated[
        list[StoreId] | None, "Stores in which the person has the role admin; by default, all stores."
    ] = None
    password: Annotated[
        Secret | None, "For signing in; by default, the password that all users of a fresh sandbox have."
    ] = field(default=None, repr=False)


@dataclass(frozen=True)
class NewSpreeKey:
    """An API key to issue."""

    name: Annotated[Text, "Its name."]
    kind: Annotated[
        Literal["secret", "publishable"], "`secret` for the Admin API, `publishable` for the Store API."
    ] = "secret"
    scopes: Annotated[list[Text] | None, "What a secret key may do; by default, `write_all`."] = None
    store_id: Annotated[StoreId, "Number of the store it belongs to."] = 1
    key: Annotated[Secret | None, "`sk_...` or `pk_...`; by default, generated."] = field(default=None, repr=False)


@dataclass(frozen=True)
class IssuedSpreeKey:
    """An API key and what it may do."""

    id: Annotated[str, "As the API shows it."]
    key: Annotated[Secret, "The key."] = field(repr=False)
    kind: Annotated[Literal["secret", "publishable"], "`secret` for the Admin API, `publishable` for the Store API."]
    scopes: Annotated[list[str], "What it may do."]
    store_id: Annotated[int, "Number of the store it belongs to."]


@dataclass(frozen=True)
class NewSpreeCredit:
    """Store credit to issue without the API's checks."""

    customer: Annotated[Text, "Email address of the customer."]
    amount: Annotated[Amount, "A decimal above 0."]
    currency: Annotated[Currency, "ISO 4217."] = "USD"
    memo: Annotated[str | None, "As the API shows it."] = None
    store_id: Annotated[StoreId, "Number of the store that issues it."] = 1


@dataclass(frozen=True)
class GivenSpreeCredit:
    """Store credit that was issued."""

    id: Annotated[str, "As the API shows it."]


@dataclass(frozen=True)
class HeldRow:
    """The row of a cart or an order."""

    id: Annotated[Text, "Id of the cart or the order."]


@dataclass(frozen=True)
class NewWebhookEndpoint:
    """A webhook endpoint to register at any address, also on this machine."""

    url: Annotated[Address, "The address to POST to."]
    subscriptions: Annotated[list[Text] | None, "Names of events; `*` matches anything. By default, every event."] = (
        None
    )
    name: Annotated[Text | None, "Its name."] = None
    store_id: Annotated[StoreId, "Number of the store whose events it receives."] = 1
    secret: Annotated[Secret | None, "Signs the deliveries; by default, generated (64 hexadecimal digits)."] = field(
        default=None, repr=False
    )


@dataclass(frozen=True)
class ChangeWebhookEndpoint:
    """Changes to a webhook endpoint; what is left out stays unchanged."""

    url: Annotated[Address | None, "The new address to POST to; may be on this machine."] = None
    active: Annotated[bool | None, "Whether it receives events."] = None
    refused_with: Annotated[
        HttpStatus | None, "A status to record for deliveries instead of sending them; null resumes sending."
    ] = None


@dataclass(frozen=True)
class WebhookEndpoint:
    """A webhook endpoint."""

    id: Annotated[str, "As the API shows it."]
    url: Annotated[str, "Its address."]
    subscriptions: Annotated[list[str], "Names of events; `*` matches anything, and an empty list means every event."]
    active: Annotated[bool, "Whether it receives events."]
    disabled_reason: Annotated[str | None, "Why it was disabled."]
    refused_with: Annotated[int | None, "If set, deliveries are not sent, and this status is recorded for them."]


@dataclass(frozen=True)
class SignedWebhookEndpoint:
    """A webhook endpoint that was just registered."""

    id: Annotated[str, "As the API shows it."]
    secret: Annotated[Secret, "Signs the deliveries; shown only here."] = field(repr=False)


@dataclass(frozen=True)
class WebhookDelivery:
    """A delivery."""

    id: Annotated[str, "As the API shows it."]
    endpoint: Annotated[str, "Id of the endpoint."]
    event: Annotated[str, "Name of the event."]
    event_id: Annotated[str | None, "Id of the event; null for a manual redelivery."]
    state: Annotated[DeliveryState, "Whether it was delivered."]
    attempts: Annotated[Count, "How many times it was sent."]
    due: Annotated[float, "When it will be sent next or was sent, in Unix seconds of sandbox time."]
    last_status: Annotated[int | None, "The status of the receiver's last response."]
    last_error: Annotated[str | None, "Why there was no response to the last attempt."]


@dataclass(frozen=True)
class WebhookDeliveryList(Page[WebhookDelivery]):
    """Deliveries in the order they were created."""

    data: Annotated[list[WebhookDelivery], "At most `limit`."]
    more: Annotated[bool, "Whether there are more."]
