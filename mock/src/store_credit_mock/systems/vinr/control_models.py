"""What VINR's routes of the control plane take and send: their schemas, and the typed client's results."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal

from store_credit_mock.systems.json_types import Count, Page, Schema
from store_credit_mock.systems.vinr.parameters import MAXIMUM_TIME

__all__ = [
    "ChangeEndpoint",
    "ChangeKey",
    "Customer",
    "Delivery",
    "DeliveryList",
    "DeliveryOrder",
    "DeliveryState",
    "Duplication",
    "Endpoint",
    "Event",
    "EventData",
    "EventType",
    "Hold",
    "Key",
    "NewCustomer",
    "NewEndpoint",
    "NewKey",
    "NewPurchase",
    "NewlySent",
    "RateLimit",
    "RefundPurchase",
    "SignedEndpoint",
    "StoreCredit",
]

Text = Annotated[str, Schema(minLength=1, maxLength=255)]
OptionalText = Annotated[str | None, Schema(maxLength=320)]
Secret = Annotated[str, Schema(minLength=1, maxLength=255, format="password")]
MinorUnits = Annotated[int, Schema(minimum=1, maximum=9007199254740991)]
Currency = Annotated[str, Schema(pattern="^[A-Za-z]{3}$")]
Seconds = Annotated[int, Schema(minimum=0)]
Scope = Literal["store_credit:read", "store_credit:write"]
EventType = Literal["*", "store_credit.created", "store_credit.updated"]
DeliveryState = Literal["pending", "delivered", "failed"]
EventTypes = Annotated[list[EventType], Schema(minItems=1)]
EndpointStatus = Literal["enabled", "disabled"]


@dataclass(frozen=True)
class NewCustomer:
    """A customer to add."""

    id: Annotated[Text | None, "By default, generated."] = None
    email: Annotated[Text | None, "By default, generated."] = None
    name: Annotated[OptionalText, "As the API shows it."] = None
    phone: Annotated[OptionalText, "As the API shows it."] = None
    default_payment_method: Annotated[OptionalText, "Id of a payment method."] = None


@dataclass(frozen=True)
class Customer:
    """A customer."""

    id: Annotated[str, "Begins with `cust_` if generated."]
    email: Annotated[str, "Email address."]
    name: Annotated[str | None, "As the API shows it."]
    phone: Annotated[str | None, "As the API shows it."]
    default_payment_method: Annotated[str | None, "Id of a payment method."]
    created: Annotated[Seconds, "Unix seconds."]


@dataclass(frozen=True)
class NewKey:
    """A key to issue or to change."""

    key: Annotated[Secret | None, "By default, a generated key (`rk_test_...`)."] = field(default=None, repr=False)
    scopes: Annotated[list[Scope] | None, "By default, both."] = None
    expires_at: Annotated[float | None, Schema(minimum=0, maximum=MAXIMUM_TIME), "Unix seconds; by default, never."] = (
        None
    )


@dataclass(frozen=True)
class ChangeKey:
    """What to do with a key."""

    key: Annotated[Secret, "The key."] = field(repr=False)
    action: Annotated[
        Literal["expire", "revoke", "restore"], "Whether to expire the key now, revoke it, or restore it."
    ]


@dataclass(frozen=True)
class Key:
    """A key and what it may do."""

    key: Annotated[Secret, "The key."] = field(repr=False)
    scopes: Annotated[list[Scope], "What it may do."]
    expires_at: Annotated[float | None, "Unix seconds; null if it does not expire."]
    revoked: Annotated[bool, "Whether it was revoked."]


@dataclass(frozen=True)
class RateLimit:
    """How many requests a key may make."""

    rate: Annotated[float | None, Schema(exclusiveMinimum=0), "Requests per second of each key; null for no limit."] = (
        None
    )
    size: Annotated[int, Schema(minimum=1), "Size of the bucket: how many requests a key may make at once."] = 50


@dataclass(frozen=True)
class NewPurchase:
    """A purchase to make."""

    customer: Annotated[Text, "Id of the customer, whose credit pays as much as it can."]
    amount: Annotated[MinorUnits, "Minor units."]
    currency: Annotated[Currency, "ISO 4217."]


@dataclass(frozen=True)
class RefundPurchase:
    """How much of a purchase to refund."""

    amount: Annotated[MinorUnits | None, "Minor units; by default, everything that has not been refunded yet."] = None


@dataclass(frozen=True)
class StoreCredit:
    """Store credit as the API shows it."""

    id: Annotated[str, "Begins with `sc_`."]
    customer: Annotated[str, "Id of its owner."]
    amount: Annotated[int, "The amount that was issued, in minor units."]
    currency: Annotated[str, "ISO 4217."]
    balance_remaining: Annotated[int, "Minor units."]
    expires_at: Annotated[int | None, "Unix seconds; null if it does not expire."]
    created: Annotated[Seconds, "Unix seconds."]


@dataclass(frozen=True)
class NewEndpoint:
    """A webhook endpoint to register."""

    url: Annotated[str, Schema(pattern="^https?://"), "Where deliveries are sent."]
    enabled_events: Annotated[EventTypes | None, "Types of events that it receives; by default, all (`*`)."] = None
    secret: Annotated[Secret | None, "Signs the deliveries; by default, generated (`whsec_...`)."] = field(
        default=None, repr=False
    )


@dataclass(frozen=True)
class ChangeEndpoint:
    """Changes to an endpoint; what is left out stays unchanged."""

    status: Annotated[EndpointStatus | None, "A disabled endpoint receives nothing."] = None
    enabled_events: Annotated[EventTypes | None, "Types of events that it receives."] = None


@dataclass(frozen=True)
class Endpoint:
    """A webhook endpoint."""

    id: Annotated[str, "Begins with `we_`."]
    url: Annotated[str, "Where deliveries are sent."]
    status: Annotated[EndpointStatus, "A disabled endpoint receives nothing."]
    enabled_events: Annotated[EventTypes, "Types of events that it receives."]
    created: Annotated[Seconds, "Unix seconds."]


@dataclass(frozen=True)
class SignedEndpoint(Endpoint):
    """A webhook endpoint that was just registered."""

    secret: Annotated[Secret, "Signs the deliveries; shown only here."] = field(repr=False)


@dataclass(frozen=True)
class EventData:
    """The subject of an event."""

    object: Annotated[StoreCredit, "The store credit as it was at that time."]


@dataclass(frozen=True)
class Event:
    """An event, as sent in its deliveries."""

    id: Annotated[str, "Begins with `evt_`."]
    type: Annotated[Literal["store_credit.created", "store_credit.updated"], "What happened."]
    data: Annotated[EventData, "The record that the event is about."]
    created: Annotated[Seconds, "Unix seconds."]


@dataclass(frozen=True)
class Duplication:
    """How many times to deliver an event again."""

    times: Annotated[int, Schema(minimum=1, maximum=100), "To each endpoint that subscribes to its type."] = 1


@dataclass(frozen=True)
class NewlySent:
    """A delivery that was added to the queue."""

    id: Annotated[str, "Begins with `dlv_`."]
    event: Annotated[str, "Id of its event."]
    endpoint: Annotated[str, "Id of its endpoint."]


@dataclass(frozen=True)
class Delivery:
    """A delivery of an event to an endpoint."""

    id: Annotated[str, "Begins with `dlv_`."]
    event: Annotated[str, "Id of its event."]
    endpoint: Annotated[str, "Id of its endpoint."]
    state: Annotated[DeliveryState, "Whether it is still to be sent."]
    attempts: Annotated[int, Schema(minimum=0), "How many times it was sent."]
    due: Annotated[int, "When it will be sent next, in Unix milliseconds."]
    last_status: Annotated[int | None, "HTTP status of the last response."]
    last_error: Annotated[str | None, "Why there was no response to the last attempt."]


@dataclass(frozen=True)
class DeliveryList(Page[Delivery]):
    """The deliveries."""

    data: Annotated[list[Delivery], "In the order in which they are due."]
    held: Annotated[bool, "Whether deliveries are held back."]
    total: Annotated[Count, "How many match, on all pages."]


@dataclass(frozen=True)
class DeliveryOrder:
    """The order of the deliveries that are due."""

    order: Annotated[
        Literal["oldest", "newest", "shuffled"] | list[Text],
        "Oldest or newest first, in random order, or beginning with the deliveries that have these ids.",
    ] = "newest"


@dataclass(frozen=True)
class Hold:
    """Whether deliveries are held back."""

    held: Annotated[bool, "False releases the deliveries."] = True
