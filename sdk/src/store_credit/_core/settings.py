"""The settings of a client, checked once and shared by its copies."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import SplitResult, urlsplit

from store_credit._core.clock import Clock
from store_credit._core.credentials import Credential, Secret
from store_credit._core.errors import ConfigurationError, kind_of
from store_credit._core.options import (
    DEFAULT_MAX_CONNECTIONS,
    DEFAULT_MAX_RESPONSE_BYTES,
    DEFAULT_MAX_RETRIES,
    DEFAULT_RATE_LIMIT_WAIT,
    DEFAULT_TIMEOUT,
    Timeout,
    TimeoutLike,
    check_app_info,
    check_count,
    check_deadline,
    check_headers,
    check_hooks,
    check_seconds,
    check_timeout,
    replacing,
)
from store_credit._core.rate_gate import RateGates
from store_credit._core.server_time import ServerTime
from store_credit._core.turns import Turns
from store_credit._core.unsettled import Unsettled
from store_credit._core.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from store_credit._core.hooks import AsyncEventHook, EventHook
    from store_credit._core.system import System

__all__ = ["Settings"]


def environment(name: str) -> str | None:
    """A variable of the environment; one that is set and empty counts as unset."""
    return os.environ.get(name) or None


class Settings:
    """Everything a call needs to know about its client.

    Attributes:
        system: The rules of the system it talks to.
        credential: The client's own credential.
        base: The base URL, taken apart; `origin` is its scheme and host, `path_prefix` its path without a last slash.
        timeout: Seconds for each step; `timeout_given` tells whether the caller chose it.
        deadline: Seconds for a whole call, or None.
        max_retries: Maximum number of times that a call is resent.
        max_rate_limit_wait: Maximum number of seconds that a call waits for a rate limit.
        max_response_bytes: Most bytes of a response's body, decompressed.
        max_connections: Most connections, and attempts under way, at one time.
        hooks: Functions told of events.
        headers: Headers of every request.
        params: Query parameters of every request, in order, from an injected HTTP client.
        injected: Whether the HTTP client was injected.
        gates: The rate limits of the server, by credential.
        server_time: What the server's clock showed.
        turns: The turns of calls that must not overlap.
        unsettled: Keys under which a call may still be running.
        clock: Where time is read from.
    """

    __slots__ = (
        "base",
        "clock",
        "credential",
        "deadline",
        "gates",
        "headers",
        "hooks",
        "injected",
        "max_connections",
        "max_rate_limit_wait",
        "max_response_bytes",
        "max_retries",
        "origin",
        "params",
        "path_prefix",
        "server_time",
        "system",
        "timeout",
        "timeout_given",
        "turns",
        "unsettled",
    )

    def __init__(
        self,
        system: System,
        credential: Credential,
        base_url: str,
        *,
        base_url_name: str,
        timeout: float | Timeout | TimeoutLike | None = DEFAULT_TIMEOUT,
        deadline: float | None = None,
        max_retries: int = DEFAULT_MAX_RETRIES,
        max_rate_limit_wait: float = DEFAULT_RATE_LIMIT_WAIT,
        max_response_bytes: int = DEFAULT_MAX_RESPONSE_BYTES,
        max_connections: int = DEFAULT_MAX_CONNECTIONS,
        event_hooks: Sequence[EventHook | AsyncEventHook] = (),
        headers: Mapping[str, str] | None = None,
        own_headers: Sequence[tuple[bytes, bytes]] = (),
        app_info: str | None = None,
    ) -> None:
        self.system = system
        self.credential = credential
        self.timeout = check_timeout(timeout)
        self.timeout_given = timeout is not DEFAULT_TIMEOUT
        self.deadline = check_deadline(deadline)
        self.max_retries = check_count(max_retries, "max_retries")
        self.max_rate_limit_wait = check_seconds(max_rate_limit_wait, "max_rate_limit_wait")
        self.max_response_bytes = check_count(max_response_bytes, "max_response_bytes", 1)
        self.max_connections = check_count(max_connections, "max_connections", 1)
        self.hooks = check_hooks(event_hooks)
        self.params: tuple[tuple[str, str], ...] = ()
        self.injected = False
        self.clock = Clock()
        self.turns = Turns()
        self.unsettled = Unsettled()
        agent = f"store-credit-python/{VERSION}"
        info = check_app_info(app_info)
        own = [
            (b"User-Agent", (f"{agent} {info}" if info else agent).encode()),
            (b"Accept-Encoding", b"gzip, deflate"),
            *own_headers,
        ]
        self.headers = replacing(own, check_headers(headers))
        self._aim(base_url, base_url_name)

    def _aim(self, base_url: str, name: str) -> None:
        self.base = check_base_url(base_url, name)
        self.path_prefix = self.base.path.rstrip("/")
        self.origin = f"{self.base.scheme}://{self.base.netloc}"
        self.headers: list[tuple[bytes, bytes]] = replacing(self.headers, [(b"Host", self.base.netloc.encode())])
        # What was learned of another server says nothing of this one.
        self.gates = RateGates()
        self.server_time = ServerTime()

    def headers_for(self, accept: bytes, scheme: str | None, secret: Secret | None) -> list[tuple[bytes, bytes]]:
        """The headers that all calls of one kind share, in a list of its own."""
        found = [*self.headers, (b"Accept", accept)]
        if scheme is not None and secret is not None:
            found.append(self.system.credential_header(scheme, secret.reveal()))
        return found

    def changed(self, *, base_url: str | None = None, **changes: Any) -> Settings:
        """A copy with some settings replaced.

        Raises:
            ConfigurationError: `base_url` is not usable.
        """
        copy = Settings.__new__(Settings)
        for name in Settings.__slots__:
            setattr(copy, name, changes.get(name, getattr(self, name)))
        if base_url is not None:
            copy._aim(base_url, "base_url")
        return copy


_LOOPBACK: Final = re.compile(r"127(\.\d{1,3}){3}\Z", re.ASCII)


def is_loopback(host: str | None) -> bool:
    """Whether a host is this machine itself."""
    return host in ("localhost", "::1") or _LOOPBACK.match(host or "") is not None


def check_base_url(value: Any, name: str) -> SplitResult:
    """Check the address of a server.

    Raises:
        ConfigurationError: It is not an http or https address with a host, or carries a user name, query or fragment.
    """
    if not isinstance(value, str):
        raise ConfigurationError(f"{name} is {kind_of(value)}; pass a str such as https://shop.example.com")
    if "@" in value:
        # Not shown: what stands before the @ may be a password.
        raise ConfigurationError(f"{name} contains an '@'; leave out the user name and the password")
    if not value.isascii() or not value.isprintable() or " " in value:
        raise ConfigurationError(f"{name} contains a space or a character outside ASCII; write the host in punycode")
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError as error:
        raise ConfigurationError(f"{name} is not a valid address: {error}") from None
    # A value that is not an address may be a token in the wrong place, and is not shown.
    shown = f": {parts.scheme}://{parts.netloc}" if "://" in value else ""
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigurationError(
            f"{name} is not an http or https address{shown}; pass an address such as https://shop.example.com"
        )
    if parts.query or parts.fragment:
        raise ConfigurationError(f"{name} has a query or a fragment; leave out the '?' or '#' and everything after it")
    return parts
