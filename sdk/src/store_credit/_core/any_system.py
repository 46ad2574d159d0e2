"""A system that nothing is known of but its OpenAPI document: no hand-written rules stand behind its client."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, cast

from store_credit._core.credentials import Credential, Secret
from store_credit._core.errors import ConfigurationError
from store_credit._core.keyring import Credentials, Key, Keyring
from store_credit._core.options import (
    DEFAULT_MAX_CONNECTIONS,
    DEFAULT_MAX_RESPONSE_BYTES,
    DEFAULT_MAX_RETRIES,
    DEFAULT_RATE_LIMIT_WAIT,
    DEFAULT_TIMEOUT,
    Timeout,
    TimeoutLike,
)
from store_credit._core.settings import Settings, check_base_url
from store_credit._core.system import ErrorDetails, Identity, Rules

if TYPE_CHECKING:
    from store_credit._core.hooks import AsyncEventHook, EventHook
    from store_credit._core.httplib import Backend

__all__ = ["AnyConnection", "AnySystem"]

H = TypeVar("H")


class AnySystem(Rules):
    """The rules that hold for every API.

    Args:
        name: What it is called, for messages.
        package: The package of its client.
        security: How a raw request carries the client's credentials.
    """

    credential_name = "credentials"
    takes_keys = False

    def __init__(self, name: str, package: str, security: tuple[tuple[Key, ...], ...]) -> None:
        self.name = name
        self.package = package
        self.security = security

    def collect(self, options: dict[str, Any]) -> Any:
        """Take credentials out of options and hide them."""
        given = options.pop(self.credential_name, None)
        return None if given is None else Keyring(given)

    def credential_header(self, scheme: str, secret: str) -> tuple[bytes, bytes]:
        """Its credentials are placed by the security of each operation."""
        raise NotImplementedError

    def check_credential(self, secret: Secret) -> None:
        """Any will do: which are there was checked when they were kept."""

    def may_carry_credential(self, path: str) -> str | None:
        """Every path takes what the document's own security names."""
        del path
        return self.credential_name if self.security else None

    def error_details(self, body: Any) -> ErrorDetails:
        """Read what error bodies commonly hold: members of their own, or inside `error`."""
        said: Any = cast("dict[str, Any]", body) if isinstance(body, dict) else {}
        inner = said.get("error")
        if isinstance(inner, dict):
            said = cast("dict[str, Any]", inner)
        message, code = said.get("message", inner), said.get("code")
        if isinstance(code, int) and not isinstance(code, bool):
            code = str(code)
        return ErrorDetails(message if isinstance(message, str) else None, code if isinstance(code, str) else None)

    def saved_before_refusing(self, status: int, details: ErrorDetails) -> bool:
        """Nothing is known of it."""
        del status, details
        return False

    def refused_for_good(self, status: int, details: ErrorDetails) -> bool:
        """Nothing proves what became of an earlier attempt."""
        del status, details
        return False

    def still_running(self, status: int, details: ErrorDetails) -> bool:
        """Nothing is known of it."""
        del status, details
        return False


class AnyConnection(Generic[H]):
    """How a client is made of whose system nothing is known but its document."""

    _settings: Settings
    _title: ClassVar[str]
    _package: ClassVar[str]
    _server: ClassVar[str | None]
    _security: ClassVar[tuple[tuple[Key, ...], ...]] = ()
    _schemes: ClassVar[Mapping[str, str]] = {}

    def __init__(
        self,
        base_url: str | None = None,
        credentials: Credentials | None = None,
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
            base_url: The server's address; without it the first server of the document.
            credentials: By the name of each security scheme in the document the key or the token, or for HTTP basic
                the user name and the password.
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
                close it.
            backend: `httpx` or `httpx2`, if no http_client is passed; by default, the environment variable
                `STORE_CREDIT_BACKEND`, or else httpx.

        Raises:
            ConfigurationError: A setting is missing or not valid; the message says which one, and what to pass.
        """
        given = Keyring({} if credentials is None else credentials)
        credentials = None
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
        """Which system, credential and address belong to what was given."""
        url, name = base_url, "base_url"
        if url is None and hasattr(self, "_settings"):
            url = self._settings.origin + self._settings.path_prefix
        server = self._server
        if url is None and server is not None and "://" in server:
            url = server
        if url is None:
            path = "" if server is None else f", such as https://api.example.com{server}"
            raise ConfigurationError(f"the OpenAPI document has no server address; pass base_url={path}")
        check_base_url(url, name)
        ring: Keyring = secret.check(self._schemes)
        system = AnySystem(self._title, self._package, self._security)
        return Identity(system, Credential(ring, "Check the client's credentials="), url, name)

    def _open(self, settings: Settings, http_client: H | None, backend: Backend | None) -> None:
        raise NotImplementedError
