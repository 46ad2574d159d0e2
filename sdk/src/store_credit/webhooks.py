"""Webhooks from VINR: check that an event is genuine and fresh, and read it.

```python
event = webhooks.parse(request.body, request.headers, secret="whsec_...")
if event.type == "store_credit.updated":
    print(event.data.object.balance_remaining)
```

Sources: VINR's pages on events and webhook endpoints, read 2026-11-22; what they leave open is decided in
`openapi.yaml` (V38 to V41): hex HMAC-SHA256 of `<timestamp>.<raw body>` under the whole `whsec_...` text, 300 seconds
of tolerance.
"""

from __future__ import annotations

import hashlib
import hmac
import math
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, cast

from store_credit._core import codec
from store_credit._core.errors import ConfigurationError, WebhookVerificationError
from store_credit._core.settings import environment

if TYPE_CHECKING:
    from store_credit.models import AnyEvent

__all__ = ["DEFAULT_TOLERANCE", "parse", "sign", "verify"]

DEFAULT_TOLERANCE: Final = 300
"""Seconds the timestamp may lie from now, in either direction."""

_SIGNATURE = ("x-vinr-signature", "vinr-signature")
_TIMESTAMP = ("x-vinr-timestamp",)


def sign(payload: bytes, timestamp: int | str, secret: str) -> str:
    """Sign a body as VINR does, in lower-case hex; `timestamp` is in Unix seconds. For tests and for senders."""
    return hmac.new(secret.encode(), f"{timestamp}.".encode() + payload, hashlib.sha256).hexdigest()


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
        secret: The endpoint's secret, or several while one replaces another; without it the environment's
            `VINR_WEBHOOK_SECRET` (several separated by commas).
        tolerance: Seconds the timestamp may lie from now in either direction; None leaves the age unchecked.
        now: Unix seconds to take for now.

    Raises:
        WebhookVerificationError: A check failed; `check` says which, and never how close it was.
        ConfigurationError: There is no secret to check with.
    """
    if not isinstance(payload, bytes | bytearray | memoryview):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise WebhookVerificationError(
            f"the payload is a {type(payload).__name__}; pass the raw bytes of the body, as they were received",
            check="payload",
        )
    secrets = _secrets(secret)
    if tolerance is not None and not (isinstance(tolerance, int | float) and 0 <= tolerance < math.inf):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise ConfigurationError(
            f"tolerance is {tolerance!r}; pass seconds from 0 on, or None to leave the age unchecked"
        )
    if not isinstance(signature, str):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise WebhookVerificationError(f"the signature is a {type(signature).__name__}; pass a str", check="signature")
    text = str(timestamp)
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        raise WebhookVerificationError("the timestamp is not a number of Unix seconds", check="timestamp")
    given = signature.strip().lower().encode("utf-8", "replace")
    # Every secret is tried whatever the outcome, so that the time taken tells nothing.
    matches = [hmac.compare_digest(sign(bytes(payload), text, known).encode(), given) for known in secrets]
    if not any(matches):
        raise WebhookVerificationError(
            "the signature does not match: check the endpoint's secret, and that the body is the raw one",
            check="signature",
        )
    if tolerance is not None and abs((time.time() if now is None else now) - int(text)) > tolerance:
        raise WebhookVerificationError(
            f"the timestamp lies more than {tolerance:g} seconds from now: an old event sent again, or a wrong clock",
            check="tolerance",
        )


def parse(
    payload: bytes,
    headers: Mapping[str, Any] | Iterable[tuple[Any, Any]],
    secret: str | Sequence[str] | None = None,
    tolerance: float | None = DEFAULT_TOLERANCE,
    *,
    now: float | None = None,
) -> AnyEvent:
    """Check an event and read it.

    Args:
        payload: The body exactly as received: bytes, before any decoding.
        headers: The request's headers, as a mapping or as pairs; names are matched without regard to case.
        secret: As for `verify`.
        tolerance: As for `verify`.
        now: As for `verify`.

    Returns:
        The event, of the class for its `type`; one of a type this version does not know is a plain `VinrEvent`.

    Raises:
        WebhookVerificationError: A header is missing or a check failed.
        ConfigurationError: There is no secret to check with.
    """
    given: Any = headers
    kind = type(given).__name__
    try:
        if isinstance(given, Mapping):
            given = cast("Mapping[Any, Any]", given).items()
        pairs: list[tuple[Any, Any]] = [(name, value) for name, value in given]
    except (TypeError, ValueError):
        raise WebhookVerificationError(
            f"headers is a {kind}; pass the request's headers as a mapping or as pairs", check="headers"
        ) from None
    signature = _header(pairs, _SIGNATURE)
    timestamp = _header(pairs, _TIMESTAMP)
    verify(payload, signature, timestamp, secret, tolerance, now=now)
    try:
        body = codec.decode(bytes(payload))
    except ValueError:
        body = None
    if not codec.is_object(body):
        raise WebhookVerificationError("the payload is signed and is not a JSON object", check="payload")
    from store_credit import models

    return models.event(body.get("type")).from_dict(body)


def _secrets(secret: str | Sequence[str] | None) -> list[str]:
    if secret is None:
        secrets = [part.strip() for part in (environment("VINR_WEBHOOK_SECRET") or "").split(",")]
    else:
        secrets = [secret] if isinstance(secret, str) or not isinstance(secret, Sequence) else list(secret)  # pyright: ignore[reportUnnecessaryIsInstance]
    if not all(isinstance(known, str) for known in secrets):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise ConfigurationError("secret holds something that is not a str; pass the whole whsec_... text, or several")
    secrets = [known for known in secrets if known]
    if not secrets:
        raise ConfigurationError("no webhook secret: pass secret= or set VINR_WEBHOOK_SECRET")
    return secrets


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("latin-1")
    if codec.is_array(value) and len(value) == 1:
        return str(value[0])
    return str(value)


def _header(pairs: list[tuple[Any, Any]], names: tuple[str, ...]) -> str:
    for name in names:
        found = [_text(value) for key, value in pairs if _text(key).lower().replace("_", "-") in (name, f"http-{name}")]
        if len(found) == 1:
            return found[0]
        if found:
            raise WebhookVerificationError(f"the header {name} came {len(found)} times", check="headers")
    raise WebhookVerificationError(f"the header {names[0]} is missing", check="headers")
