"""What VINR's routes of the control plane take and send: their schemas, and the typed client's results."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal

from store_credit_mock.systems.json_types import Page, Schema
from store_credit_mock.systems.vinr.parameters import MAXIMUM_TIME

__all__ = [
    "ChangeEndpoint",
    "ChangeKey",
    "Customer",
    "Delivery",
    "DeliveryList",
    "DeliveryOrder",
    "Duplication",
    "Endpoint",
    "Event",
    "EventData",
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
EventTypes = Annotated[list[EventType], Schema(minItems=1)]
EndpointStatus = Literal["enabled", "disabled"]


@dataclass(frozen=True)
class NewCustomer:
    """A customer to add.

    Attributes:
        id: Made up if left out.
        email: Made up if left out.
        name: As the API shows it.
        phone: As the API shows it.
        default_payment_method: Id of a payment method.
    """

    id: Text | None = None
    email: Text | None = None
    name: OptionalText = None
    phone: OptionalText = None
    default_payment_method: OptionalText = None


@dataclass(frozen=True)
class Customer:
    """A customer.

    Attributes:
        id: Begins with `cust_` if it was made up.
        email: E-mail address.
        name: As the API shows it.
        phone: As the API shows it.
        default_payment_method: Id of a payment method.
        created: Unix seconds.
    """

    id: str
    email: str
    name: str | None
    phone: str | None
    default_payment_method: str | None
    created: Seconds


@dataclass(frozen=True)
class NewKey:
    """A key to issue or to change.

    Attributes:
        key: Made up (`rk_test_...`) if left out.
        scopes: Both if left out.
        expires_at: Unix seconds; never if left out.
    """

    key: Secret | None = field(default=None, repr=False)
    scopes: list[Scope] | None = None
    expires_at: Annotated[float | None, Schema(minimum=0, maximum=MAXIMUM_TIME)] = None


@dataclass(frozen=True)
class ChangeKey:
    """What is to become of a key.

    Attributes:
        key: The key.
        action: Let it expire now, take it back, or let it work again.
    """

    key: Secret = field(repr=False)
    action: Literal["expire", "revoke", "restore"]


@dataclass(frozen=True)
class Key:
    """A key and what it may do.

    Attributes:
        key: The key.
        scopes: What it may do.
        expires_at: Unix seconds; null if it does not expire.
        revoked: Whether it was taken back.
    """

    key: Secret = field(repr=False)
    scopes: list[Scope]
    expires_at: float | None
    revoked: bool


@dataclass(frozen=True)
class RateLimit:
    """How many requests a key may make.

    Attributes:
        rate: Requests per second of each key; null for no limit.
        size: How many it may make at once.
    """

    rate: Annotated[float | None, Schema(exclusiveMinimum=0)] = None
    size: Annotated[int, Schema(minimum=1)] = 50


@dataclass(frozen=True)
class NewPurchase:
    """Something to buy.

    Attributes:
        customer: Id of the customer, whose credit pays as far as it goes.
        amount: Minor units.
        currency: ISO 4217.
    """

    customer: Text
    amount: MinorUnits
    currency: Currency


@dataclass(frozen=True)
class RefundPurchase:
    """How much of a purchase is taken back.

    Attributes:
        amount: Minor units; all that is not yet refunded if left out.
    """

    amount: MinorUnits | None = None


@dataclass(frozen=True)
class StoreCredit:
    """Store credit as the API shows it.

    Attributes:
        id: Begins with `sc_`.
        customer: Id of its owner.
        amount: What it was issued with, in minor units.
        currency: ISO 4217.
        balance_remaining: Minor units.
        expires_at: Unix seconds; null if it does not expire.
        created: Unix seconds.
    """

    id: str
    customer: str
    amount: int
    currency: str
    balance_remaining: int
    expires_at: int | None
    created: Seconds


@dataclass(frozen=True)
class NewEndpoint:
    """A webhook endpoint to register.

    Attributes:
        url: Where deliveries are sent.
        enabled_events: Types of events it gets; all (`*`) if left out.
        secret: What they are signed with; made up (`whsec_...`) if left out.
    """

    url: Annotated[str, Schema(pattern="^https?://")]
    enabled_events: EventTypes | None = None
    secret: Secret | None = field(default=None, repr=False)


@dataclass(frozen=True)
class ChangeEndpoint:
    """What is to change of an endpoint; what is left out stays.

    Attributes:
        status: A disabled endpoint gets nothing.
        enabled_events: Types of events it gets.
    """

    status: EndpointStatus | None = None
    enabled_events: EventTypes | None = None


@dataclass(frozen=True)
class Endpoint:
    """A webhook endpoint.

    Attributes:
        id: Begins with `we_`.
        url: Where deliveries are sent.
        status: A disabled endpoint gets nothing.
        enabled_events: Types of events it gets.
        created: Unix seconds.
    """

    id: str
    url: str
    status: EndpointStatus
    enabled_events: EventTypes
    created: Seconds


@dataclass(frozen=True)
class SignedEndpoint(Endpoint):
    """A webhook endpoint that was just registered.

    Attributes:
        secret: What its deliveries are signed with; shown only now.
    """

    secret: Secret = field(repr=False)


@dataclass(frozen=True)
class EventData:
    """What an event is about.

    Attributes:
        object: The store credit as it was then.
    """

    object: StoreCredit


@dataclass(frozen=True)
class Event:
    """An event, as its deliveries carry it.

    Attributes:
        id: Begins with `evt_`.
        type: What happened.
        data: What it happened to.
        created: Unix seconds.
    """

    id: str
    type: Literal["store_credit.created", "store_credit.updated"]
    data: EventData
    created: Seconds


@dataclass(frozen=True)
class Duplication:
    """How often an event is delivered again.

    Attributes:
        times: To each endpoint that asked for its type.
    """

    times: Annotated[int, Schema(minimum=1, maximum=100)] = 1


@dataclass(frozen=True)
class NewlySent:
    """A delivery that was put into the outbox.

    Attributes:
        id: Begins with `dlv_`.
        event: Id of its event.
        endpoint: Id of its endpoint.
    """

    id: str
    event: str
    endpoint: str


@dataclass(frozen=True)
class Delivery:
    """A delivery of an event to an endpoint.

    Attributes:
        id: Begins with `dlv_`.
        event: Id of its event.
        endpoint: Id of its endpoint.
        state: Whether it is still to be sent.
        attempts: How often it was sent.
        due: When it is sent next, in Unix milliseconds.
        last_status: HTTP status of the last response.
        last_error: Why there was no response to the last attempt.
    """

    id: str
    event: str
    endpoint: str
    state: Literal["pending", "delivered", "failed"]
    attempts: Annotated[int, Schema(minimum=0)]
    due: int
    last_status: int | None
    last_error: str | None


@dataclass(frozen=True)
class DeliveryList(Page[Delivery]):
    """The deliveries.

    Attributes:
        data: In the order they are due, at most 1,000.
        held: Whether deliveries are held back.
    """

    data: list[Delivery]
    held: bool


@dataclass(frozen=True)
class DeliveryOrder:
    """The order of the deliveries that are due.

    Attributes:
        order: Oldest, newest or any first, or ids of deliveries, which the others follow.
    """

    order: Literal["oldest", "newest", "shuffled"] | list[Text] = "newest"


@dataclass(frozen=True)
class Hold:
    """Whether deliveries are held back.

    Attributes:
        held: False lets them go.
    """

    held: bool = True
