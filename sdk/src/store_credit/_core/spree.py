"""Spree Commerce: tokens, the error bodies, what the server does before it refuses.

Sources: contract/spree.md sections 2 and 8, and the recordings of Spree 4.5.5 and 4.10.3.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast
from urllib.parse import unquote

from store_credit._core.credentials import Credential, Secret, TokenProvider, check_secret, seal
from store_credit._core.errors import ConfigurationError
from store_credit._core.keyring import Key
from store_credit._core.options import (
    DEFAULT_MAX_CONNECTIONS,
    DEFAULT_MAX_RESPONSE_BYTES,
    DEFAULT_MAX_RETRIES,
    DEFAULT_RATE_LIMIT_WAIT,
    DEFAULT_TIMEOUT,
    Timeout,
    TimeoutLike,
)
from store_credit._core.settings import Settings, environment
from store_credit._core.system import ErrorDetails, Identity, Rules

if TYPE_CHECKING:
    from store_credit._core.hooks import AsyncEventHook, EventHook
    from store_credit._core.httplib import Backend

__all__ = ["SpreeConnection"]

H = TypeVar("H")


class SpreeSystem(Rules):
    """The rules that hold for all of Spree's operations."""

    name = "Spree"
    package = "store_credit"
    credential_name = "token"
    takes_keys = False
    security: tuple[tuple[Key, ...], ...] = ()

    def check_credential(self, secret: Secret) -> None:
        """Spree's tokens do not tell what they are."""
        del secret

    def collect(self, options: dict[str, Any]) -> Any:
        """Take a credential out of options and hide it."""
        return seal(options.pop(self.credential_name, None))

    def credential_header(self, scheme: str, secret: str) -> tuple[bytes, bytes]:
        """The Platform API takes a bearer token."""
        return b"Authorization", f"{scheme} {secret}".encode()

    def may_carry_credential(self, path: str) -> str | None:
        """The admin token goes to the Platform API and nowhere else: a storefront call acts for a customer."""
        plain = unquote(path)
        return "Bearer" if plain.startswith("/api/v2/platform/") and ".." not in plain else None

    def error_details(self, body: Any) -> ErrorDetails:
        """Read `{"error": text}` and `{"error": text, "errors": {field: [texts]}}`."""
        if not isinstance(body, dict):
            return ErrorDetails()
        said = cast("dict[str, Any]", body)
        message: Any = said.get("error")
        description = said.get("error_description")
        if isinstance(message, str) and isinstance(description, str):
            message = f"{message}: {description}"
        errors: dict[str, list[str]] = {}
        fields = said.get("errors")
        if isinstance(fields, dict):
            for name, texts in cast("dict[str, Any]", fields).items():
                listed: list[Any] = cast("list[Any]", texts) if isinstance(texts, list) else [texts]
                errors[name] = [str(text) for text in listed]
        return ErrorDetails(message if isinstance(message, str) and message else None, errors=errors)

    def saved_before_refusing(self, status: int, details: ErrorDetails) -> bool:
        """An unknown `include` is noticed after all is saved (contract/spree.md section 8 and D24, recorded)."""
        return status == 400 and "is not specified as a relationship on" in (details.message or "")

    def refused_for_good(self, status: int, details: ErrorDetails) -> bool:
        """Without keys nothing proves what became of an earlier attempt."""
        del status, details
        return False

    def still_running(self, status: int, details: ErrorDetails) -> bool:
        """Spree has no idempotency keys."""
        del status, details
        return False


class SpreeConnection(Generic[H]):
    """How a Spree client is made."""

    _settings: Settings

    def __init__(
        self,
        base_url: str | None = None,
        token: str | TokenProvider | None = None,
        *,
        timeout: float | Timeout | TimeoutLike | None = DEFAULT_TIMEOUT,
        deadline: float | None = None,
        max_retries: int = DEFAULT_MAX_RETRIES,
        max_rate_limit_wait: float = DEFAULT_RATE_LIMIT_WAIT,
        max_response_bytes: int = DEFAULT_MAX_RESPONSE_BYTES,
        max_connections: int = DEFAULT_MAX_CONNECTIONS,
        event_hooks: Sequence[EventHook | AsyncEventHook] = (),
        headers: Mapping[str, str] | None = None,
        app_info: str | None = None,
        http_client: H | None = None,
        backend: Backend | None = None,
    ) -> None:
        """Make a client.

        Args:
            base_url: The shop's address, such as `https://shop.example.com`; by default, the environment variable
                `SPREE_URL`.
            token: A bearer token of the Platform API, or a function that returns one: it is called before the first
                request, and again if the server responds with 401. By default, the environment variable `SPREE_TOKEN`.
                Storefront calls never send it, so a client that makes only such calls needs no token.
            timeout: Seconds to wait for each step (a connection, each piece of the response): 30 by default, and 5 for
                connecting. A Timeout, this package's or httpx's, sets each step separately.
            deadline: Seconds that a call may take in total, including all attempts and waits; None, the default,
                means no limit.
            max_retries: Maximum number of times that a call is resent; 2 by default. Waiting for a rate limit does not
                count.
            max_rate_limit_wait: Maximum number of seconds that a call waits for the server's rate limit; 60 by default.
            max_response_bytes: Maximum size of a response's body in bytes, decompressed; 64 MiB by default.
            max_connections: Maximum number of connections, and so of simultaneous attempts; 100 by default.
            event_hooks: Functions that are called for every attempt, response, failure, resend and end of a call; an
                async client also accepts async functions.
            headers: Headers to add to every request; they replace the SDK's own headers of the same names.
            app_info: Your program's name and version, such as `my-shop/1.4`, added to the User-Agent.
            http_client: An HTTP client of your own (httpx or httpx2), with its proxies, certificates and limits; you
                have to close it. `default_http_client(...)` creates one like the SDK's own.
            backend: `httpx` or `httpx2`, if no http_client is passed; by default, the environment variable
                `STORE_CREDIT_BACKEND`, or else httpx.

        Raises:
            ConfigurationError: A setting is missing or not valid; the message says which one, and what to pass.
        """
        given: Any = seal(environment("SPREE_TOKEN") if token is None else token)
        token = None
        identity = self._identity(given, base_url)
        settings = Settings(
            identity.system,
            identity.credential,
            identity.base_url,
            base_url_name=identity.base_url_name,
            timeout=timeout,
            deadline=deadline,
            max_retries=max_retries,
            max_rate_limit_wait=max_rate_limit_wait,
            max_response_bytes=max_response_bytes,
            max_connections=max_connections,
            event_hooks=event_hooks,
            headers=headers,
            app_info=app_info,
        )
        self._open(settings, http_client, backend)

    def _identity(self, secret: Any, base_url: str | None) -> Identity:
        """Which system, credential and address belong to a token."""
        url, name = base_url, "base_url"
        if url is None and hasattr(self, "_settings"):
            url = self._settings.origin + self._settings.path_prefix
        if url is None:
            url, name = environment("SPREE_URL"), "SPREE_URL"
        if url is None:
            raise ConfigurationError("the address of the Spree server is missing; pass base_url= or set SPREE_URL")
        given: Secret | TokenProvider | None = secret
        if not callable(secret):
            given = None if secret is None else check_secret(secret, "token")
        advice = "Check the token (token= or SPREE_TOKEN), its expiry and its scopes"
        return Identity(SpreeSystem(), Credential(given, advice), url, name)

    def _open(self, settings: Settings, http_client: H | None, backend: Backend | None) -> None:
        raise NotImplementedError
