"""Which page shows which name of the SDK. What is exported and stands on none of them is an error of the build."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = [
    "CLIENTS",
    "METHOD_PAGES",
    "NAME_PAGES",
    "RECORD_PAGES",
    "ClientOfSdk",
    "MethodPage",
    "NamePage",
    "RecordPage",
]


@dataclass(frozen=True, slots=True)
class ClientOfSdk:
    """A pair of clients, and what leads from it to the operations it calls."""

    name: str
    variable: str
    """What samples call it."""
    operations: str
    """What the operationIds of its methods begin with."""


@dataclass(frozen=True, slots=True)
class MethodPage:
    """The methods of some resources of one client."""

    slug: str
    title: str
    about: str
    """What they do, in a sentence of the overview."""
    client: ClientOfSdk
    resources: tuple[str, ...]
    """Those whose own name, or that of a resource they belong to, is one of these; the first page of a client also has
    those that no page of it names."""


@dataclass(frozen=True, slots=True)
class NamePage:
    """Names that the package exports."""

    slug: str
    title: str
    lead: str
    names: tuple[str, ...]
    before: str = ""
    """Text above them, as Markdown."""


@dataclass(frozen=True, slots=True)
class RecordPage:
    """The classes of records whose names begin alike."""

    slug: str
    title: str
    lead: str
    begins: tuple[str, ...]
    """Of several pages the first whose pattern fits has a class."""


_VINR: Final = ClientOfSdk("VinrClient", "vinr", "vinr")
_SPREE: Final = ClientOfSdk("SpreeClient", "spree", "spree")
_ADMIN: Final = ClientOfSdk("SpreeAdminClient", "admin", "spree_v3.admin")
_STORE: Final = ClientOfSdk("SpreeStoreClient", "store", "spree_v3.store")
CLIENTS: Final = (_VINR, _ADMIN, _STORE, _SPREE)

METHOD_PAGES: Final = (
    MethodPage("sdk-vinr", "VinrClient methods", "Create, retrieve, update and list store credits on VINR.", _VINR, ()),
    MethodPage(
        "sdk-spree-admin",
        "SpreeAdminClient methods",
        "Manage customers' store credits in the back office of Spree's API v3, and sign staff members in.",
        _ADMIN,
        ("auth", "customers", "store_credits"),
    ),
    MethodPage(
        "sdk-spree-admin-orders",
        "SpreeAdminClient methods: orders",
        "Apply store credit to orders in Spree's API v3, complete and cancel orders, and capture and void payments.",
        _ADMIN,
        ("orders", "store_credit_categories"),
    ),
    MethodPage(
        "sdk-spree-store",
        "SpreeStoreClient methods",
        "Let shoppers read their credits and apply them to carts in Spree's API v3.",
        _STORE,
        (),
    ),
    MethodPage(
        "sdk-spree",
        "SpreeClient methods",
        "Manage, apply and read store credits in Spree's API v2.",
        _SPREE,
        ("store_credits", "orders", "checkout", "account"),
    ),
    MethodPage(
        "sdk-spree-categories",
        "SpreeClient methods: categories and types",
        "Manage the categories and types of store credits in Spree's API v2.",
        _SPREE,
        ("store_credit_categories", "store_credit_types"),
    ),
)

NAME_PAGES: Final = (
    NamePage(
        "sdk-clients",
        "Clients and options",
        "How to create a client, what every client can do, and the options of a client and of a single call.",
        (
            "VinrClient",
            "AsyncVinrClient",
            "SpreeAdminClient",
            "AsyncSpreeAdminClient",
            "SpreeStoreClient",
            "AsyncSpreeStoreClient",
            "SpreeClient",
            "AsyncSpreeClient",
            "ClientOptions",
            "CallOptions",
            "Timeout",
            "TokenProvider",
            "ClientCredentials",
            "AsyncClientCredentials",
            "default_http_client",
            "default_async_http_client",
        ),
    ),
    NamePage(
        "sdk-errors",
        "SDK errors",
        "Every error that the SDK raises, what it tells you about the call, and what to do about it.",
        (
            "StoreCreditError",
            "ConfigurationError",
            "InvalidArgumentError",
            "MissingFieldError",
            "MoneyError",
            "WebhookVerificationError",
            "OutcomeUnknownError",
            "SentRequest",
            "Mismatch",
            "APIConnectionError",
            "APITimeoutError",
            "InvalidResponseError",
            "APIStatusError",
            "NotModifiedError",
            "ValidationError",
            "AuthenticationError",
            "PermissionDeniedError",
            "NotFoundError",
            "ConflictError",
            "RateLimitError",
            "ServerError",
        ),
    ),
    NamePage(
        "sdk-records",
        "Records, pages and money",
        "What all records have in common, how to iterate over a list, and amounts in minor units.",
        (
            "Model",
            "Resource",
            "UNSET",
            "Unset",
            "Maybe",
            "CursorPage",
            "NumberedPage",
            "CountedPage",
            "AsyncPages",
            "AsyncCursorPage",
            "AsyncNumberedPage",
            "AsyncCountedPage",
            "to_minor_units",
            "from_minor_units",
            "spree_id",
            "models",
            "__version__",
        ),
    ),
    NamePage(
        "sdk-observing",
        "Responses, hooks and logs",
        "The raw response behind a result, an event for each attempt, and the log.",
        (
            "Response",
            "Headers",
            "RawResult",
            "EventHook",
            "AsyncEventHook",
            "Event",
            "RequestSent",
            "ResponseReceived",
            "AttemptFailed",
            "RetryScheduled",
            "CallEnded",
        ),
    ),
    NamePage(
        "sdk-webhooks",
        "SDK webhooks",
        "Check that an event is genuine and recent, read it, and sign your own events in tests.",
        ("webhooks", "spree_webhooks"),
    ),
)

RECORD_PAGES: Final = (
    RecordPage("sdk-models-vinr", "Records of VINR", "The classes of VINR's records and events.", ("Vinr",)),
    RecordPage(
        "sdk-models-spree-v3",
        "Records of Spree API v3",
        "The classes of the records and events of Spree's API v3, from A to O.",
        tuple(f"SpreeV3{letter}" for letter in "ABCDEFGHIJKLMNO"),
    ),
    RecordPage(
        "sdk-models-spree-v3-p-to-z",
        "Records of Spree API v3, P to Z",
        "The classes of the records and events of Spree's API v3, from P to Z.",
        ("SpreeV3",),
    ),
    RecordPage(
        "sdk-models-spree", "Records of Spree API v2", "The classes of the records of Spree's API v2.", ("Spree",)
    ),
)
