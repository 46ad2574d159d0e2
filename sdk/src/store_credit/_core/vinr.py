"""VINR: keys, hosts, the error envelope.

Sources: VINR's pages "Authentication", "Errors", "Error codes", "Idempotency" and "Versioning", read 2026-11-22, with
the decisions of `openapi.yaml` on what they leave open.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar, cast

from store_credit._core.errors import ConfigurationError
from store_credit._core.options import DEFAULT_MAX_RETRIES, DEFAULT_TIMEOUT, Timeout, check_headers
from store_credit._core.settings import Credential, Settings, check_secret, environment, is_loopback
from store_credit._core.system import ErrorDetails

if TYPE_CHECKING:
    from datetime import date

    from store_credit._core.hooks import EventHook

__all__ = ["VinrConnection"]

H = TypeVar("H")

LIVE: Final = "https://api.vinr.com"
SANDBOX: Final = "https://sandbox.api.vinr.com"
_HOSTS: Final = {"sk_live_": LIVE, "rk_live_": LIVE, "sk_test_": SANDBOX, "rk_test_": SANDBOX}


class VinrSystem:
    """The rules that hold for all of VINR's operations."""

    name = "VINR"
    takes_keys = True

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

    def __init__(
        self,
        api_key: str | None = None,
        *,
        base_url: str | None = None,
        api_version: str | date | None = None,
        timeout: float | Timeout | None = DEFAULT_TIMEOUT,
        max_retries: int = DEFAULT_MAX_RETRIES,
        event_hooks: Sequence[EventHook] = (),
        headers: Mapping[str, str] | None = None,
        http_client: H | None = None,
    ) -> None:
        """Make a client.

        Args:
            api_key: A secret (`sk_`) or restricted (`rk_`) key; without it the environment's `VINR_SECRET_KEY`.
            base_url: The server's address, in place of the one the key's prefix stands for (`_test_`: the sandbox);
                without it the environment's `VINR_BASE_URL`.
            api_version: A date, or text such as `2026-04-01`, to pin the API's version; without it your account's
                default applies.
            timeout: Seconds to wait for each step (a connection, each piece of the answer), 30 by default; connecting
                gets 5. A Timeout sets each by itself.
            max_retries: How often a call is resent at most; 2 by default.
            event_hooks: Functions told of every attempt, answer and retry.
            headers: Headers to add to every request.
            http_client: An httpx client of your own, with its proxies, certificates and limits; you close it.

        Raises:
            ConfigurationError: A setting is missing or not usable; the text says which and what to pass.
        """
        key = environment("VINR_SECRET_KEY") if api_key is None else api_key
        if key is None:
            raise ConfigurationError("no VINR key: pass api_key= or set VINR_SECRET_KEY")
        check_secret(key, "api_key")
        if key.startswith("pk_"):
            raise ConfigurationError("api_key is a publishable key (pk_...); store credit needs a secret one (sk_...)")
        url = base_url if base_url is not None else environment("VINR_BASE_URL") or _HOSTS.get(key[:8])
        if url is None:
            raise ConfigurationError(
                f"api_key starts with none of {', '.join(_HOSTS)}, so its server is not known; pass base_url="
            )
        extra = check_headers(headers)
        if api_version is not None:
            if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(api_version), re.ASCII):
                raise ConfigurationError(f"api_version is {api_version!r}; pass a date such as 2026-04-01")
            extra.insert(0, (b"Vinr-Version", str(api_version).encode()))
        settings = Settings(
            VinrSystem(),
            Credential(key, "Check the key (api_key= or VINR_SECRET_KEY) and that it belongs to this server"),
            url,
            base_url_name="base_url" if base_url is not None else "VINR_BASE_URL",
            timeout=timeout,
            max_retries=max_retries,
            hooks=event_hooks,
            headers=extra,
        )
        if "_live_" in key[:8] and settings.base.scheme == "http" and not is_loopback(settings.base.hostname):
            raise ConfigurationError("a live key does not go over plain http; use an https address")
        self._open(settings, http_client)

    def _open(self, settings: Settings, http_client: H | None) -> None:
        raise NotImplementedError
