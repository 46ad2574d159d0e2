"""Spree Commerce: tokens, the error bodies, what the server does before it refuses.

Sources: contract/spree.md sections 2 and 8, and the recordings of Spree 4.5.5 and 4.10.3.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast
from urllib.parse import unquote

from store_credit._core.errors import ConfigurationError
from store_credit._core.options import DEFAULT_MAX_RETRIES, DEFAULT_TIMEOUT, Timeout, check_headers
from store_credit._core.settings import Credential, Settings, TokenProvider, check_secret, environment
from store_credit._core.system import ErrorDetails

if TYPE_CHECKING:
    from store_credit._core.hooks import EventHook

__all__ = ["SpreeConnection"]

H = TypeVar("H")


class SpreeSystem:
    """The rules that hold for all of Spree's operations."""

    name = "Spree"
    takes_keys = False

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
        """An unknown `include` is noticed after the record is saved (contract/spree.md section 8, recorded)."""
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

    def __init__(
        self,
        base_url: str | None = None,
        token: str | TokenProvider | None = None,
        *,
        timeout: float | Timeout | None = DEFAULT_TIMEOUT,
        max_retries: int = DEFAULT_MAX_RETRIES,
        event_hooks: Sequence[EventHook] = (),
        headers: Mapping[str, str] | None = None,
        http_client: H | None = None,
    ) -> None:
        """Make a client.

        Args:
            base_url: The shop's address, such as `https://shop.example.com`; without it the environment's `SPREE_URL`.
            token: A bearer token of the Platform API, or a function that gives one: it is called before the first
                request and once more when the server answers 401. Without it the environment's `SPREE_TOKEN`.
                Storefront calls never carry it, so a client for those alone needs none.
            timeout: Seconds to wait for each step (a connection, each piece of the answer), 30 by default; connecting
                gets 5. A Timeout sets each by itself.
            max_retries: How often a call is resent at most; 2 by default.
            event_hooks: Functions told of every attempt, answer and retry.
            headers: Headers to add to every request.
            http_client: An httpx client of your own, with its proxies, certificates and limits; you close it.

        Raises:
            ConfigurationError: A setting is missing or not usable; the text says which and what to pass.
        """
        url = environment("SPREE_URL") if base_url is None else base_url
        if url is None:
            raise ConfigurationError("no address of the Spree server: pass base_url= or set SPREE_URL")
        secret = environment("SPREE_TOKEN") if token is None else token
        if secret is not None and not callable(secret):
            check_secret(secret, "token")
        settings = Settings(
            SpreeSystem(),
            Credential(secret, "Check the token (token= or SPREE_TOKEN), its age and its scopes"),
            url,
            base_url_name="base_url" if base_url is not None else "SPREE_URL",
            timeout=timeout,
            max_retries=max_retries,
            hooks=event_hooks,
            headers=check_headers(headers),
        )
        self._open(settings, http_client)

    def _open(self, settings: Settings, http_client: H | None) -> None:
        raise NotImplementedError
