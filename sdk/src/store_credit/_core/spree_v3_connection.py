"""How clients of Spree's API v3 are made: their keys and tokens, and where these may go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, TypeVar
from urllib.parse import unquote

from store_credit._core.credentials import Secret, TokenProvider
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
from store_credit._core.settings import Settings, check_base_url, environment
from store_credit._core.spree_v3 import SpreeV3System
from store_credit._core.spree_v3_credentials import KeyringCredential, SpreeKeyring, sealed
from store_credit._core.system import Identity

if TYPE_CHECKING:
    from store_credit._core.hooks import AsyncEventHook, EventHook
    from store_credit._core.httplib import Backend

__all__ = ["SpreeAdminConnection", "SpreeStoreConnection"]

H = TypeVar("H")

_ADMIN_VARIABLES: Final = {"secret_key": "SPREE_ADMIN_KEY", "staff_token": "SPREE_STAFF_TOKEN"}

_PUBLISHABLE: Final = Key("publishable_key", "header", "X-Spree-Api-Key")
_CUSTOMER: Final = Key("customer_token", "bearer")
_CART: Final = Key("cart_token", "header", "X-Spree-Token")
_ADMIN: Final = ((Key("secret_key", "header", "X-Spree-Api-Key"),), (Key("staff_token", "bearer"),))
_STORE: Final = ((_PUBLISHABLE, _CUSTOMER), (_PUBLISHABLE, _CART), (_PUBLISHABLE,))
"""How raw requests carry the credentials; those of an operation are in the document."""


class SpreeV3Api(SpreeV3System):
    """One of the two APIs of a Spree server.

    Args:
        server: The version of the server, where its caller knows it.
        root: Where the paths of the API begin.
        security: How raw requests carry the credentials.
    """

    package = "store_credit"

    def __init__(self, server: str | None, root: str, security: tuple[tuple[Key, ...], ...]) -> None:
        super().__init__(server)
        self.root = root
        self.security = security
        self.arguments = tuple(dict.fromkeys(key.scheme for each in security for key in each))
        self.credential_name = self.arguments[0]

    def check_credential(self, secret: Secret) -> None:
        """Each was checked when it was given."""

    def collect(self, options: dict[str, Any]) -> Any:
        """Take credentials out of options and hide them."""
        found = sealed({name: options.pop(name, None) for name in self.arguments})
        return found if found.names else None

    def credential_header(self, scheme: str, secret: str) -> tuple[bytes, bytes]:
        """Its credentials are placed by the security of each operation."""
        raise NotImplementedError

    def may_carry_credential(self, path: str) -> str | None:
        """The credentials go to their own API and nowhere else."""
        plain = unquote(path)
        return self.credential_name if plain.startswith(self.root) and ".." not in plain else None


class _Connection(Generic[H]):
    """What the connections of both APIs share."""

    _settings: Settings
    _root: ClassVar[str]
    _security: ClassVar[tuple[tuple[Key, ...], ...]]
    _advice: ClassVar[str]

    def _identity(self, secret: Any, base_url: str | None) -> Identity:
        """Which system, credentials and address belong to what was given, over what the client has."""
        return self._identity_of(secret, base_url, None)

    def _identity_of(self, secret: Any, base_url: str | None, server: str | None) -> Identity:
        url, name = base_url, "base_url"
        ring: SpreeKeyring = secret
        system: Any = None
        known = getattr(self, "_settings", None)
        if known is not None:
            here = known.origin + known.path_prefix
            url = url or here
            # What responses have shown of a server's version holds for a copy of its client.
            system = known.system if url.rstrip("/") == here else None
            server = known.system.server
            ring = self._changed(known.credential.given, ring)
        if url is None:
            url, name = environment("SPREE_URL"), "SPREE_URL"
        if url is None:
            raise ConfigurationError("the address of the Spree server is missing; pass base_url= or set SPREE_URL")
        check_base_url(url, name)
        system = system or SpreeV3Api(server, self._root, self._security)
        return Identity(system, KeyringCredential(ring, self._advice), url, name)

    def _changed(self, held: SpreeKeyring, given: SpreeKeyring) -> SpreeKeyring:
        return held.merged(given)

    def _open(self, settings: Settings, http_client: H | None, backend: Backend | None) -> None:
        raise NotImplementedError


class SpreeAdminConnection(_Connection[H]):
    """How a client of Spree's Admin API is made."""

    _root = "/api/v3/admin/"
    _security = _ADMIN
    _advice = (
        "Check that the key (secret_key= or SPREE_ADMIN_KEY) belongs to this shop and has not been revoked, or "
        "check the staff member's token (staff_token= or SPREE_STAFF_TOKEN), which expires after five minutes"
    )

    def __init__(
        self,
        base_url: str | None = None,
        secret_key: str | TokenProvider | None = None,
        *,
        staff_token: str | TokenProvider | None = None,
        server: str | None = None,
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

        Pass a secret key or a staff member's token, not both: a server that gets both checks both, so that each can
        only take away from what the other may do. What a key creates has no `created_by`.

        Args:
            base_url: The shop's address, such as `https://shop.example.com`; by default, the environment variable
                `SPREE_URL`.
            secret_key: A secret key (`sk_...`) of the shop, with the scopes that the calls need, or a function that
                returns one. If neither a key nor a token is passed, the environment variable `SPREE_ADMIN_KEY` is used.
            staff_token: A staff member's token (a JWT), which expires after five minutes, or a function that returns
                one: it is called before the first request, and again if the server responds with 401. If neither a key
                nor a token is passed and `SPREE_ADMIN_KEY` is not set, the environment variable `SPREE_STAFF_TOKEN` is
                used.
            server: The version of Spree that the server runs, such as `6.0`, if you know it; without it, the SDK infers
                what it can from responses, and rejects nothing on the server's behalf.
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
        given = sealed({"secret_key": secret_key, "staff_token": staff_token})
        secret_key = staff_token = None
        if not given.names:
            given = sealed({name: environment(variable) for name, variable in _ADMIN_VARIABLES.items()})
        if len(given.names) > 1:
            raise ConfigurationError(
                "both a secret key and a staff member's token were given: pass only one of secret_key= and "
                "staff_token=, or set only one of " + " and ".join(_ADMIN_VARIABLES.values())
            )
        identity = self._identity_of(given, base_url, server)
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

    def _changed(self, held: SpreeKeyring, given: SpreeKeyring) -> SpreeKeyring:
        # One takes the place of the other.
        return given if given.names else held


class SpreeStoreConnection(_Connection[H]):
    """How a client of Spree's Store API is made."""

    _root = "/api/v3/store/"
    _security = _STORE
    _advice = (
        "Check the publishable key (publishable_key= or SPREE_PUBLISHABLE_KEY) and the customer's token "
        "(customer_token=), which expires after an hour"
    )

    def __init__(
        self,
        base_url: str | None = None,
        publishable_key: str | TokenProvider | None = None,
        *,
        customer_token: str | TokenProvider | None = None,
        cart_token: str | TokenProvider | None = None,
        server: str | None = None,
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

        One client can serve many shoppers: the methods take `customer_token` and `cart_token` as well, for one call.
        Where both would do, the customer's goes out, unless the cart's was passed with the call.

        Args:
            base_url: The shop's address, such as `https://shop.example.com`; by default, the environment variable
                `SPREE_URL`.
            publishable_key: A publishable key (`pk_...`) of the shop, which is sent with every request. By default, the
                environment variable `SPREE_PUBLISHABLE_KEY`.
            customer_token: A signed-in customer's token (a JWT), which expires after an hour, or a function that
                returns one: it is called before the first request that needs it, and again if the server responds with
                401.
            cart_token: The token of a guest's cart.
            server: The version of Spree that the server runs, such as `6.0`, if you know it; without it, the SDK infers
                what it can from responses, and rejects nothing on the server's behalf.
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
        key = environment("SPREE_PUBLISHABLE_KEY") if publishable_key is None else publishable_key
        given = sealed({"publishable_key": key, "customer_token": customer_token, "cart_token": cart_token})
        publishable_key = customer_token = cart_token = key = None
        identity = self._identity_of(given, base_url, server)
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
