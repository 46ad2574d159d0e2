"""The signature of webhooks: the hex HMAC-SHA256 of `<timestamp>.<raw body>`, and how old it may be.

Two systems sign so; what differs between them is a `Scheme`.
"""

from __future__ import annotations

import hashlib
import hmac
import math
import reprlib
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple, Protocol, TypeAlias, cast

from store_credit._core import codec
from store_credit._core.errors import ConfigurationError, WebhookVerificationError, kind_of
from store_credit._core.settings import Secret, environment

__all__ = [
    "DEFAULT_TOLERANCE",
    "Headers",
    "Keys",
    "Scheme",
    "check",
    "json_object",
    "read_keys",
    "signature",
    "signed_by",
]

DEFAULT_TOLERANCE: Final = 300
"""Seconds the timestamp may lie from now, in either direction."""

_READERS: Final = {"x-vinr-signature": "webhooks", "x-spree-webhook-signature": "spree_webhooks"}
"""The module that reads what is signed under a header."""


class Scheme(NamedTuple):
    """How one system signs.

    Attributes:
        variable: Of the environment, with the secret.
        secret: What the secret is called, for messages.
        signature: Names of the header with the signature, in lower case.
        timestamp: Names of the header with the time.
    """

    variable: str
    secret: str
    signature: tuple[str, ...]
    timestamp: tuple[str, ...]


class _WithItems(Protocol):
    """Headers as an `email.message.Message` or a framework's own class gives them."""

    def items(self) -> Iterable[tuple[Any, Any]]: ...


Headers: TypeAlias = Mapping[str, Any] | _WithItems | Iterable[tuple[Any, Any]]


class Keys(NamedTuple):
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


def read_keys(secret: Any, scheme: Scheme) -> Keys:
    """Wrap the secrets. Nothing is raised here, where they stand in the open."""
    if secret is None:
        # White space around the commas is not part of a secret.
        texts: list[Any] = [part.strip() for part in (environment(scheme.variable) or "").split(",")]
        names = [scheme.variable] * len(texts)
    elif isinstance(secret, Sequence) and not isinstance(secret, str | bytes):
        texts = list(cast("Sequence[Any]", secret))
        names = [f"secret[{place}]" for place in range(len(texts))]
    else:
        texts, names = [secret], ["secret"]
    for name, text in zip(names, texts, strict=True):
        problem = _problem(text, scheme)
        if problem is not None:
            return Keys([], f"{name} {problem}")
    found = [Secret(text) for text in texts if text]
    return Keys(found, None if found else f"no webhook secret: pass secret= or set {scheme.variable}")


def _problem(text: object, scheme: Scheme) -> str | None:
    """What is wrong with a secret, in words that do not show it."""
    if not isinstance(text, str):
        return f"is {kind_of(text)}, not a str; pass {scheme.secret}, or a list of several"
    if "\n" in text or "\r" in text:
        return (
            "contains a line break, which is common in secrets read from files; remove it, for example with "
            "text.strip()"
        )
    if text != text.strip():
        return "has leading or trailing whitespace; remove it, for example with text.strip()"
    if text and not text.isprintable():
        return "contains a control character; copy it again"
    return None


def signature(payload: bytes, timestamp: int | str, secret: Secret) -> str:
    """Sign a body, in lower-case hex; `timestamp` is in Unix seconds."""
    signed = f"{timestamp}.".encode() + payload
    return hmac.new(secret.reveal().encode(), signed, hashlib.sha256).hexdigest()


def check(
    payload: bytes,
    given: str,
    timestamp: int | str,
    keys: Keys,
    tolerance: float | None,
    now: float | None,
) -> None:
    """Check a signature and its age.

    Raises:
        WebhookVerificationError: A check failed; `check` says which, and never how close it was.
        ConfigurationError: The secret or the tolerance is not usable.
    """
    if not isinstance(payload, bytes | bytearray | memoryview):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise WebhookVerificationError(
            f"the payload is {kind_of(payload)}; pass the raw bytes of the body as they were received",
            check="payload",
        )
    secrets = keys.checked()
    if tolerance is not None and not (isinstance(tolerance, int | float) and 0 <= tolerance < math.inf):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise ConfigurationError(
            f"tolerance is {reprlib.repr(tolerance)}; pass 0 or more seconds, or None to skip the age check"
        )
    if not isinstance(given, str):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise WebhookVerificationError(f"the signature is {kind_of(given)}; pass a str", check="signature")
    text = str(timestamp)
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        raise WebhookVerificationError("the timestamp is not a valid Unix time in seconds", check="timestamp")
    sent = given.strip().lower().encode("utf-8", "replace")
    # Every secret is tried whatever the outcome, so that the time taken tells nothing.
    matches = [hmac.compare_digest(signature(bytes(payload), text, known).encode(), sent) for known in secrets]
    if not any(matches):
        raise WebhookVerificationError(
            "the signature does not match; check the endpoint's secret, and pass the body exactly as it was received",
            check="signature",
        )
    if tolerance is not None and abs((time.time() if now is None else now) - int(text)) > tolerance:
        raise WebhookVerificationError(
            f"the timestamp is more than {tolerance:g} seconds from the current time: the event was replayed, or "
            "a clock is wrong",
            check="tolerance",
        )


def signed_by(headers: Any, scheme: Scheme) -> tuple[str, str]:
    """The signature and the time that a request's headers hold.

    Raises:
        WebhookVerificationError: One is missing, or came several times.
    """
    pairs = _pairs(headers)
    return _header(pairs, scheme.signature), _header(pairs, scheme.timestamp)


def json_object(payload: bytes) -> dict[str, Any]:
    """The JSON object of a body whose signature is right.

    Raises:
        WebhookVerificationError: It is none.
    """
    try:
        body = codec.decode(bytes(payload))
    except ValueError:
        body = None
    if not codec.is_object(body):
        raise WebhookVerificationError("the payload is signed, but it is not a JSON object", check="payload")
    return body


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
        found = _values(pairs, name)
        if len(found) == 1:
            return found[0]
        if found:
            raise WebhookVerificationError(f"the header {name} was sent {len(found)} times", check="headers")
    other = next(
        (f"; to read this event, use store_credit.{_READERS[name]}" for name in _READERS if _values(pairs, name)), ""
    )
    raise WebhookVerificationError(f"the header {names[0]} is missing{other}", check="headers")


def _values(pairs: list[tuple[Any, Any]], name: str) -> list[str]:
    return [_text(value) for key, value in pairs if _text(key).lower().replace("_", "-") in (name, f"http-{name}")]
