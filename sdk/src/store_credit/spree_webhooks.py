"""Webhooks from Spree (its API v3): check that an event is genuine and recent, read it, and find its customer.

```python
event = spree_webhooks.parse(request.body, request.headers, secret="<the 64 hex digits>")
match event.name:
    case "store_credit.created" | "store_credit.updated":
        customer = spree_webhooks.fetch_customer(event, admin)
        print(event.data.amount_remaining, event.data.currency, customer)
    case "store_credit.deleted":
        print("gone", event.data.id)
    case "unknown":
        print("of a name that this version does not know:", event.raw_name)
```

A delivery may arrive again with the same `event.id`, so store the ids that you have seen. `store_credit.updated` also
arrives when nothing in `data` has changed, such as after the memo was edited, or when credit is applied to a cart.

Sources: contract/spree-v3.md section 9 (recorded): hex HMAC-SHA256 of `<timestamp>.<raw body>` with the 64 hex digits
as the key, which the server shows only once, when the endpoint is created. The tolerance is this package's own.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from store_credit._core import signatures
from store_credit._core.errors import ConfigurationError, InvalidArgumentError, NotFoundError
from store_credit._core.settings import Secret
from store_credit._core.signatures import DEFAULT_TOLERANCE, Headers, Scheme

if TYPE_CHECKING:
    from store_credit.client import AsyncSpreeAdminClient, SpreeAdminClient
    from store_credit.models import AnySpreeV3Event, SpreeV3Customer

__all__ = [
    "DEFAULT_TOLERANCE",
    "fetch_customer",
    "fetch_customer_async",
    "parse",
    "sign",
    "test_headers",
    "verify",
]

_SCHEME: Final = Scheme(
    "SPREE_WEBHOOK_SECRET",
    "the 64 hex digits that Spree shows when the endpoint is created",
    ("x-spree-webhook-signature",),
    ("x-spree-webhook-timestamp",),
)


def sign(payload: bytes, timestamp: int | str, secret: str) -> str:
    """Sign a body as Spree does, for tests and senders. The result is lowercase hex; `timestamp` is in Unix seconds."""
    key = Secret(secret)
    # From here on no frame of this package holds the secret in a readable form: trackers of errors send their locals.
    del secret
    return signatures.signature(payload, timestamp, key)


def test_headers(payload: bytes, secret: str, event: str, *, timestamp: int | None = None) -> dict[str, str]:  # noqa: PT028
    """Create the headers that Spree sends with a body, to test the code that receives it.

    Args:
        payload: The body, as it will be received.
        secret: The secret that the receiver uses to check the signature.
        event: The event's name, such as `store_credit.created`.
        timestamp: The time of sending, in Unix seconds; by default, now.

    Raises:
        ConfigurationError: `verify` would not accept the secret.
    """
    keys = signatures.read_keys(secret, _SCHEME)
    del secret
    moment = int(time.time()) if timestamp is None else timestamp
    return {
        "Content-Type": "application/json",
        "X-Spree-Webhook-Signature": signatures.signature(payload, moment, keys.checked()[0]),
        "X-Spree-Webhook-Timestamp": str(moment),
        "X-Spree-Webhook-Event": event,
    }


# Its name would make pytest run it as a test wherever it is imported.
test_headers.__test__ = False  # type: ignore[attr-defined]  # pyright: ignore[reportFunctionMemberAccess]


def verify(
    payload: bytes,
    signature: str,
    timestamp: int | str,
    secret: str | Sequence[str] | None = None,
    tolerance: float | None = DEFAULT_TOLERANCE,
    *,
    now: float | None = None,
) -> None:
    """Check an event's signature and age.

    Args:
        payload: The body exactly as received: bytes, before any decoding.
        signature: Value of the header `X-Spree-Webhook-Signature`.
        timestamp: Value of the header `X-Spree-Webhook-Timestamp`, Unix seconds.
        secret: The endpoint's secret, or several secrets while one replaces another; by default, the environment
            variable `SPREE_WEBHOOK_SECRET` (several separated by commas).
        tolerance: Seconds that the timestamp may differ from the current time in either direction; with None, the age
            is not checked.
        now: The time to use as the current time, in Unix seconds.

    Raises:
        WebhookVerificationError: A check failed; `check` says which one, but never how close the value was.
        ConfigurationError: The secret is missing, or has a line break or whitespace around it.
    """
    keys = signatures.read_keys(secret, _SCHEME)
    del secret
    signatures.check(payload, signature, timestamp, keys, tolerance, now)


def parse(
    payload: bytes,
    headers: Headers,
    secret: str | Sequence[str] | None = None,
    tolerance: float | None = DEFAULT_TOLERANCE,
    *,
    now: float | None = None,
) -> AnySpreeV3Event:
    """Check an event and read it.

    Args:
        payload: The body exactly as received: bytes, before any decoding.
        headers: The request's headers: a mapping, anything else with `items()`, pairs of text or of bytes (ASGI), or
            the environ of WSGI and Django's META. Names are not case-sensitive. The type of event is read from the
            body, which is signed, and not from `X-Spree-Webhook-Event`, which is not signed.
        secret: See `verify`.
        tolerance: See `verify`.
        now: See `verify`.

    Returns:
        The event, as an instance of the class for its `name`. If this version does not know the name, the event is a
        plain `SpreeV3Event`.

    Raises:
        WebhookVerificationError: A header is missing or a check failed.
        ConfigurationError: The secret is missing, or has a line break or whitespace around it.
    """
    keys = signatures.read_keys(secret, _SCHEME)
    del secret
    signatures.check(payload, *signatures.signed_by(headers, _SCHEME), keys, tolerance, now)
    body = signatures.json_object(payload)
    from store_credit import models

    return models.event_of_spree_v3(body.get("name")).from_dict(body)


def fetch_customer(event: AnySpreeV3Event, client: SpreeAdminClient) -> SpreeV3Customer | None:
    """Fetch the customer of an event's credit. The event itself does not name the customer.

    This makes two calls: one for the credit, which only servers of version 6.0 and later can find without its customer,
    and one for the customer.

    Args:
        event: The event, as `parse` returns it.
        client: A client for the same shop, with the scopes `read_store_credits` and `read_customers`.

    Returns:
        The customer, or None for a credit without one, such as that of a gift card on a guest's cart.

    Raises:
        InvalidArgumentError: The event is about a deleted credit, which the server no longer knows, or about something
            other than a credit; no request was made.
        ConfigurationError: The server cannot find a credit without its customer (5.x). Store the customer of each
            credit when you create the credit.
        NotFoundError: The credit or the customer is gone.
        StoreCreditError: Any error that the two methods raise.
    """
    try:
        credit = client.store_credits.get(_credit(event))
    except NotFoundError as error:
        raise _explained(error) from error
    return None if credit.customer_id is None else client.customers.get(credit.customer_id)


async def fetch_customer_async(event: AnySpreeV3Event, client: AsyncSpreeAdminClient) -> SpreeV3Customer | None:
    """Fetch the customer of an event's credit; see `fetch_customer`."""
    try:
        credit = await client.store_credits.get(_credit(event))
    except NotFoundError as error:
        raise _explained(error) from error
    return None if credit.customer_id is None else await client.customers.get(credit.customer_id)


def _credit(event: Any) -> str:
    """The id of the credit that an event is about.

    Raises:
        InvalidArgumentError: There is none that could be asked for.
    """
    name = getattr(event, "name", None)
    if name == "store_credit.deleted":
        raise InvalidArgumentError(
            "the credit of a store_credit.deleted event is gone, and the server tells nobody whose it was; keep the "
            "customer of each credit when you create it"
        )
    if name not in ("store_credit.created", "store_credit.updated"):
        raise InvalidArgumentError(f"the event is {getattr(event, 'raw_name', name)!r}, not one of a store credit")
    return event.data.id


def _explained(error: NotFoundError) -> NotFoundError | ConfigurationError:
    """The error to raise: a server without the route has no error code, one without the record has."""
    if error.code is not None:
        return error
    return ConfigurationError(
        "this server finds no credit without its customer: Spree has that from 6.0 on, 5.5 and 5.6 do not. Keep the "
        "customer of each credit when you create it, or look through the credits of the customers who may have it",
        response=error.response,
        operation=error.operation,
    )
