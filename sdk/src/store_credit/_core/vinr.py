"""VINR: keys, hosts, the error envelope.

Sources: VINR's pages "Authentication", "Errors", "Error codes", "Idempotency" and "Versioning", read 2026-11-22, with
the decisions of `openapi.yaml` on what they leave open.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar, cast
from urllib.parse import urlsplit

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
from store_credit._core.settings import Settings, check_base_url, environment, is_loopback
from store_credit._core.system import ErrorDetails, Identity, Rules

if TYPE_CHECKING:
    from datetime import date

    from store_credit._core.hooks import AsyncEventHook, EventHook
    from store_credit._core.httplib import Backend

__all__ = ["VinrConnection"]

H = TypeVar("H")

LIVE: Final = "https://api.vinr.com"
SANDBOX: Final = "https://sandbox.api.vinr.com"
_HOSTS: Final = {"sk_live_": LIVE, "rk_live_": LIVE, "sk_test_": SANDBOX, "rk_test_": SANDBOX}
_PUBLISHABLE: Final = "api_key is a publishable key (pk_...); store credit needs a secret one (sk_...)"


class VinrSystem(Rules):
    """The rules that hold for all of VINR's operations.

    Args:
        base_url: The server's address.
        derived: It follows from the key's prefix, so that a key of the other environment has another.
    """

    name = "VINR"
    package = "store_credit"
    credential_name = "api_key"
    takes_keys = True
    security: tuple[tuple[Key, ...], ...] = ()

    def __init__(self, base_url: str, *, derived: bool) -> None:
        self.base_url = base_url
        self.derived = derived

    def collect(self, options: dict[str, Any]) -> Any:
        """Take a credential out of options and hide it."""
        return seal(options.pop(self.credential_name, None))

    def check_credential(self, secret: Secret) -> None:
        """A secret key, of the environment that the server is of; a live one not over plain http to another machine."""
        problem = self._problem(secret)
        if problem is not None:
            raise ConfigurationError(problem)

    def _problem(self, secret: Secret) -> str | None:
        prefix = secret.reveal()[:8]
        if prefix.startswith("pk_"):
            return _PUBLISHABLE
        if self.derived and _HOSTS.get(prefix) != self.base_url:
            return f"api_key does not belong to the environment of {self.base_url}; use with_options(api_key=...)"
        parts = urlsplit(self.base_url)
        if "_live_" in prefix and parts.scheme == "http" and not is_loopback(parts.hostname):
            return "a live key is never sent over plain http; use an https address"
        return None

    def credential_header(self, scheme: str, secret: str) -> tuple[bytes, bytes]:
        """VINR takes its key in `X-Api-Key`, and as a bearer token just as well (decision 1)."""
        if scheme == "Bearer":
            return b"Authorization", b"Bearer " + secret.encode()
        return scheme.encode(), secret.encode()

    def may_carry_credential(self, path: str) -> str | None:
        """Every path of VINR's takes the key."""
        del path
        return "X-Api-Key"

    def error_details(self, body: Any) -> ErrorDetails:
        """Read `{"error": {"code", "message", "type", "param", ...}}`."""
        error: Any = cast("dict[str, Any]", body).get("error") if isinstance(body, dict) else None
        if not isinstance(error, Mapping):
            return ErrorDetails()
        said = cast("Mapping[str, Any]", error)

        def text(name: str) -> str | None:
            value = said.get(name)
            return value if isinstance(value, str) else None

        return ErrorDetails(text("message"), text("code"), text("type"), text("param"))

    def saved_before_refusing(self, status: int, details: ErrorDetails) -> bool:
        """VINR saves nothing it refuses."""
        del status, details
        return False

    def refused_for_good(self, status: int, details: ErrorDetails) -> bool:
        """The refusals VINR stores, and a key used with another body; in VINR's own words, not in a gateway's.

        A 400 is none of them: it is not stored, and may come from a check that runs before the key is looked up
        (decision 51).
        """
        if status == 409:
            return details.code == "idempotency_conflict"
        return status in (404, 422) and details.code is not None

    def still_running(self, status: int, details: ErrorDetails) -> bool:
        """409 with this code: the twin under the same key has not ended (decisions 47 and 51)."""
        return status == 409 and details.code == "idempotency_in_progress"


class VinrConnection(Generic[H]):
    """How a VINR client is made."""

    _settings: Settings

    def __init__(
        self,
        api_key: str | TokenProvider | None = None,
        *,
        base_url: str | None = None,
        api_version: str | date | None = None,
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
            api_key: A secret (`sk_`) or restricted (`rk_`) key, or a function that returns one: it is called before the
                first request, and again if the server responds with 401; with a function, `base_url` is required. By
                default, the environment variable `VINR_SECRET_KEY`.
            base_url: The server's address, instead of the one that the key's prefix selects (`_test_`: the sandbox); by
                default, the environment variable `VINR_BASE_URL`.
            api_version: A date, or text such as `2026-04-01`, to pin the API's version; by default, your account's
                version applies.
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
        given: Any = seal(environment("VINR_SECRET_KEY") if api_key is None else api_key)
        api_key = None
        if given is None:
            raise ConfigurationError("the VINR key is missing; pass api_key= or set VINR_SECRET_KEY")
        identity = self._identity(given, base_url)
        own: list[tuple[bytes, bytes]] = []
        if api_version is not None:
            if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(api_version), re.ASCII):
                raise ConfigurationError(f"api_version is {api_version!r}; pass a date such as 2026-04-01")
            own.append((b"Vinr-Version", str(api_version).encode()))
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
            own_headers=own,
            app_info=app_info,
        )
        self._open(settings, http_client, backend)

    def _identity(self, secret: Any, base_url: str | None) -> Identity:
        """Which system, credential and address belong to a key; without an address the one the key's prefix names."""
        given: Secret | TokenProvider = secret
        if not callable(secret):
            given = check_secret(secret, "api_key")
        url, name, derived = base_url, "base_url", False
        known = getattr(self, "_settings", None)
        if url is None and known is not None and not known.system.derived:
            url = self._settings.origin + self._settings.path_prefix
        if url is None and known is None:
            url, name = environment("VINR_BASE_URL"), "VINR_BASE_URL"
        if url is None and not isinstance(given, Secret):
            raise ConfigurationError(
                "api_key is a function, so the SDK cannot select a server by the key's prefix; pass base_url="
            )
        if isinstance(given, Secret) and given.reveal().startswith("pk_"):
            raise ConfigurationError(_PUBLISHABLE)
        if url is None and isinstance(given, Secret):
            url, derived = _HOSTS.get(given.reveal()[:8]), True
        if url is None:
            raise ConfigurationError(
                f"api_key does not start with {' or '.join(_HOSTS)}, so the SDK cannot select a server; pass base_url="
            )
        check_base_url(url, name)
        system = VinrSystem(url, derived=derived)
        advice = "Check the key (api_key= or VINR_SECRET_KEY) and that it belongs to this server"
        return Identity(system, Credential(given, advice, system.check_credential), url, name)

    def _open(self, settings: Settings, http_client: H | None, backend: Backend | None) -> None:
        raise NotImplementedError
