"""Webhooks from VINR: check that an event is genuine and fresh, and read it.

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

Sources: VINR's pages on events and webhook endpoints, read 2026-11-22; what they leave open is decided in
`openapi.yaml` (V38 to V41): hex HMAC-SHA256 of `<timestamp>.<raw body>` under the whole `whsec_...` text, 300 seconds
of tolerance.
"""

from __future__ import annotations

import hashlib
import hmac
import math
import reprlib
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol, TypeAlias, cast

from store_credit._core import codec
from store_credit._core.errors import ConfigurationError, WebhookVerificationError
from store_credit._core.settings import Secret, environment

if TYPE_CHECKING:
    from store_credit.models import AnyEvent

__all__ = ["DEFAULT_TOLERANCE", "parse", "sign", "test_headers", "verify"]

DEFAULT_TOLERANCE: Final = 300
"""Seconds the timestamp may lie from now, in either direction."""

_SIGNATURE = ("x-vinr-signature", "vinr-signature")
_TIMESTAMP = ("x-vinr-timestamp",)
_VARIABLE = "VINR_WEBHOOK_SECRET"


class _WithItems(Protocol):
    """Headers as an `email.message.Message` or a framework's own class gives them."""

    def items(self) -> Iterable[tuple[Any, Any]]: ...


Headers: TypeAlias = Mapping[str, Any] | _WithItems | Iterable[tuple[Any, Any]]


def sign(payload: bytes, timestamp: int | str, secret: str) -> str:
    """Sign a body as VINR does, in lower-case hex; `timestamp` is in Unix seconds. For tests and for senders."""
    key = Secret(secret)
    # From here on no frame of this package holds the secret in a readable form: trackers of errors send their locals.
    del secret
    return _signature(payload, timestamp, key)


def test_headers(payload: bytes, secret: str, *, timestamp: int | None = None) -> dict[str, str]:  # noqa: PT028
    """Make the headers that VINR sends with a body, for tests of the code that receives it.

    Args:
        payload: The body, as it will be received.
        secret: The secret that the receiver checks with.
        timestamp: When it is sent, in Unix seconds; without it, now.

    Returns:
        `Content-Type`, `X-Vinr-Signature` and `X-Vinr-Timestamp`. VINR sends the event's id in the body alone.

    Raises:
        ConfigurationError: The secret is not one that `verify` takes.
    """
    keys = _keys(secret)
    del secret
    moment = int(time.time()) if timestamp is None else timestamp
    return {
        "Content-Type": "application/json",
        "X-Vinr-Signature": _signature(payload, moment, keys.checked()[0]),
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
        secret: The endpoint's secret, or several while one replaces another; without it the environment's
            `VINR_WEBHOOK_SECRET` (several separated by commas).
        tolerance: Seconds the timestamp may lie from now in either direction; None leaves the age unchecked.
        now: Unix seconds to take for now.

    Raises:
        WebhookVerificationError: A check failed; `check` says which, and never how close it was.
        ConfigurationError: There is no secret to check with, or it has a line break or white space around it.
    """
    keys = _keys(secret)
    del secret
    _verify(payload, signature, timestamp, keys, tolerance, now)


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
            the environ of WSGI and Django's META. Names are matched without regard to case.
        secret: As for `verify`.
        tolerance: As for `verify`.
        now: As for `verify`.

    Returns:
        The event, of the class for its `type`; one of a type this version does not know is a plain `VinrEvent`.

    Raises:
        WebhookVerificationError: A header is missing or a check failed.
        ConfigurationError: There is no secret to check with, or it has a line break or white space around it.
    """
    keys = _keys(secret)
    del secret
    pairs = _pairs(headers)
    signature = _header(pairs, _SIGNATURE)
    timestamp = _header(pairs, _TIMESTAMP)
    _verify(payload, signature, timestamp, keys, tolerance, now)
    try:
        body = codec.decode(bytes(payload))
    except ValueError:
        body = None
    if not codec.is_object(body):
        raise WebhookVerificationError("the payload is signed and is not a JSON object", check="payload")
    from store_credit import models

    return models.event(body.get("type")).from_dict(body)


class _Keys(NamedTuple):
    """Secrets that show themselves nowhere, or what is wrong with those that were given."""

    secrets: list[Secret]
    problem: str | None

    def checked(self) -> list[Secret]:
        """Return the secrets.

        Raises:
            ConfigurationError: There is none, or one of them is not usable.
        """
        if self.problem is not None:
            raise ConfigurationError(self.problem)
        return self.secrets


def _keys(secret: Any) -> _Keys:
    """Wrap the secrets. Nothing is raised here, where they stand in the open."""
    if secret is None:
        # White space around the commas is not part of a secret.
        texts: list[Any] = [part.strip() for part in (environment(_VARIABLE) or "").split(",")]
        names = [_VARIABLE] * len(texts)
    elif isinstance(secret, Sequence) and not isinstance(secret, str | bytes):
        texts = list(cast("Sequence[Any]", secret))
        names = [f"secret[{place}]" for place in range(len(texts))]
    else:
        texts, names = [secret], ["secret"]
    for name, text in zip(names, texts, strict=True):
        problem = _problem(text)
        if problem is not None:
            return _Keys([], f"{name} {problem}")
    found = [Secret(text) for text in texts if text]
    return _Keys(found, None if found else f"no webhook secret: pass secret= or set {_VARIABLE}")


def _problem(text: object) -> str | None:
    """What is wrong with a secret, in words that do not show it."""
    if not isinstance(text, str):
        return f"is a {type(text).__name__}, not a str; pass the whole whsec_... text, or a list of several"
    if "\n" in text or "\r" in text:
        return "holds a line break, as a secret read from a file often does; pass it without, such as by text.strip()"
    if text != text.strip():
        return "has white space around it; pass it without, such as by text.strip()"
    if text and not text.isprintable():
        return "holds a control character; copy it again"
    return None


def _signature(payload: bytes, timestamp: int | str, secret: Secret) -> str:
    signed = f"{timestamp}.".encode() + payload
    return hmac.new(secret.reveal().encode(), signed, hashlib.sha256).hexdigest()


def _verify(
    payload: bytes,
    signature: str,
    timestamp: int | str,
    keys: _Keys,
    tolerance: float | None,
    now: float | None,
) -> None:
    if not isinstance(payload, bytes | bytearray | memoryview):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise WebhookVerificationError(
            f"the payload is a {type(payload).__name__}; pass the raw bytes of the body, as they were received",
            check="payload",
        )
    secrets = keys.checked()
    if tolerance is not None and not (isinstance(tolerance, int | float) and 0 <= tolerance < math.inf):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise ConfigurationError(
            f"tolerance is {reprlib.repr(tolerance)}; pass seconds from 0 on, or None to leave the age unchecked"
        )
    if not isinstance(signature, str):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise WebhookVerificationError(f"the signature is a {type(signature).__name__}; pass a str", check="signature")
    text = str(timestamp)
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        raise WebhookVerificationError("the timestamp is not a number of Unix seconds", check="timestamp")
    given = signature.strip().lower().encode("utf-8", "replace")
    # Every secret is tried whatever the outcome, so that the time taken tells nothing.
    matches = [hmac.compare_digest(_signature(bytes(payload), text, known).encode(), given) for known in secrets]
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


def _pairs(headers: Any) -> list[tuple[Any, Any]]:
    kind = type(headers).__name__
    items: Any = getattr(headers, "items", None)
    try:
        given: Any = items() if callable(items) else headers
        return [(name, value) for name, value in given]
    except (TypeError, ValueError):
        raise WebhookVerificationError(
            f"headers is a {kind}; pass the request's headers as a mapping or as pairs", check="headers"
        ) from None


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
