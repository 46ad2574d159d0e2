"""Webhooks from VINR: check that an event is genuine and recent, and read it.

```python
event = webhooks.parse(request.body, request.headers, secret="whsec_...")
match event.type:
    case "store_credit.created":
        print("issued", event.data.object.id, event.data.object.amount)
    case "store_credit.updated":
        print("changed", event.data.object.id, event.data.object.balance_remaining)
    case "unknown":
        print("of a type that this version does not know:", event.raw_type)
```

Sources: VINR's pages on events and webhook endpoints, read 2026-11-22, and decisions V38 to V41 in `openapi.yaml` on
what they leave open: hex HMAC-SHA256 of `<timestamp>.<raw body>` with the whole `whsec_...` text as the key, and 300
seconds of tolerance.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from store_credit._core import signatures
from store_credit._core.settings import Secret
from store_credit._core.signatures import DEFAULT_TOLERANCE, Headers, Scheme

if TYPE_CHECKING:
    from store_credit.models import AnyEvent

__all__ = ["DEFAULT_TOLERANCE", "parse", "sign", "test_headers", "verify"]

_SCHEME: Final = Scheme(
    "VINR_WEBHOOK_SECRET", "the whole whsec_... text", ("x-vinr-signature", "vinr-signature"), ("x-vinr-timestamp",)
)


def sign(payload: bytes, timestamp: int | str, secret: str) -> str:
    """Sign a body as VINR does, for tests and senders. The result is lowercase hex; `timestamp` is in Unix seconds."""
    key = Secret(secret)
    # From here on no frame of this package holds the secret in a readable form: trackers of errors send their locals.
    del secret
    return signatures.signature(payload, timestamp, key)


def test_headers(payload: bytes, secret: str, *, timestamp: int | None = None) -> dict[str, str]:  # noqa: PT028
    """Create the headers that VINR sends with a body, to test the code that receives it.

    Args:
        payload: The body, as it will be received.
        secret: The secret that the receiver uses to check the signature.
        timestamp: The time of sending, in Unix seconds; by default, now.

    Returns:
        `Content-Type`, `X-Vinr-Signature` and `X-Vinr-Timestamp`. VINR sends the event's id only in the body.

    Raises:
        ConfigurationError: `verify` would not accept the secret.
    """
    keys = signatures.read_keys(secret, _SCHEME)
    del secret
    moment = int(time.time()) if timestamp is None else timestamp
    return {
        "Content-Type": "application/json",
        "X-Vinr-Signature": signatures.signature(payload, moment, keys.checked()[0]),
        "X-Vinr-Timestamp": str(moment),
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
        signature: Value of the header `X-Vinr-Signature` (or `Vinr-Signature`).
        timestamp: Value of the header `X-Vinr-Timestamp`, Unix seconds.
        secret: The endpoint's secret, or several secrets while one replaces another; by default, the environment
            variable `VINR_WEBHOOK_SECRET` (several separated by commas).
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
) -> AnyEvent:
    """Check an event and read it.

    Args:
        payload: The body exactly as received: bytes, before any decoding.
        headers: The request's headers: a mapping, anything else with `items()`, pairs of text or of bytes (ASGI), or
            the environ of WSGI and Django's META. Names are not case-sensitive.
        secret: See `verify`.
        tolerance: See `verify`.
        now: See `verify`.

    Returns:
        The event, as an instance of the class for its `type`. If this version does not know the type, the event is a
        plain `VinrEvent`.

    Raises:
        WebhookVerificationError: A header is missing or a check failed.
        ConfigurationError: The secret is missing, or has a line break or whitespace around it.
    """
    keys = signatures.read_keys(secret, _SCHEME)
    del secret
    signatures.check(payload, *signatures.signed_by(headers, _SCHEME), keys, tolerance, now)
    body = signatures.json_object(payload)
    from store_credit import models

    return models.event(body.get("type")).from_dict(body)
