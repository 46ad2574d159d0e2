"""The settings of a client, checked once and shared by its copies."""

from __future__ import annotations

import os
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import SplitResult, urlsplit

from store_credit._core.errors import ConfigurationError
from store_credit._core.options import (
    DEFAULT_MAX_RETRIES,
    DEFAULT_TIMEOUT,
    Timeout,
    check_hooks,
    check_retries,
    check_timeout,
)
from store_credit._core.version import VERSION

if TYPE_CHECKING:
    from store_credit._core.hooks import EventHook
    from store_credit._core.system import System

__all__ = ["Credential", "Secret", "Settings", "TokenProvider"]

TokenProvider: TypeAlias = Callable[[], str] | Callable[[], Awaitable[str]]


class Secret:
    """A credential that shows itself nowhere: not in a repr, a traceback's locals or a pickle."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The credential itself, for the header it goes into."""
        return self._value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __repr__(self) -> str:
        return "***"

    def __reduce__(self) -> tuple[Any, ...]:
        raise TypeError("a credential is not pickled; make a client in each process")


class Credential:
    """The client's secret, or the function that gives it. It is in no repr, and a pickle of it is refused.

    Attributes:
        current: The secret in use; None until a function has been asked.
        renewable: Whether there is a function to ask again after a 401.
        advice: What to check when the server refuses it.
    """

    __slots__ = ("advice", "current", "provider")

    def __init__(self, secret: str | TokenProvider | None, advice: str) -> None:
        self.provider: TokenProvider | None = secret if callable(secret) else None
        self.current: Secret | None = None if secret is None or callable(secret) else Secret(secret)
        self.advice = advice

    @property
    def present(self) -> bool:
        """Whether there is a secret or a function that gives one."""
        return self.current is not None or self.provider is not None

    @property
    def renewable(self) -> bool:
        """Whether the secret comes from a function, which can be asked again."""
        return self.provider is not None

    def ask(self) -> Any:
        """Ask the function; the result of an async one has to be awaited.

        Raises:
            ConfigurationError: There is neither a secret nor a function.
        """
        if self.provider is None:
            raise ConfigurationError(f"this call needs a credential the client does not have. {self.advice}")
        return self.provider()

    def accept(self, secret: Any) -> Secret:
        """Keep what the function gave.

        Raises:
            ConfigurationError: It gave something that cannot be a header's value.
        """
        if hasattr(secret, "__await__"):
            # Closed, so that Python has no reason to say it was never awaited.
            getattr(secret, "close", bool)()
            raise ConfigurationError("the token function is async; use an Async client, or a function that is not")
        self.current = Secret(check_secret(secret, "the token function's result"))
        return self.current

    def __repr__(self) -> str:
        return "<Credential ***>"

    def __reduce__(self) -> tuple[Any, ...]:
        raise TypeError("a client holds a credential and is not pickled; make one in each process")


def check_secret(value: Any, name: str) -> str:
    """Check that a credential can go into a header; its value is not shown in the error.

    Raises:
        ConfigurationError: It is not a str, is empty, or has characters no header may have.
    """
    if not isinstance(value, str):
        raise ConfigurationError(f"{name} is a {type(value).__name__}; pass a str")
    if not value.strip():
        raise ConfigurationError(f"{name} is empty")
    if not value.isascii() or not value.isprintable() or " " in value:
        raise ConfigurationError(f"{name} holds a space, a line break or a character outside ASCII; copy it again")
    return value


def environment(name: str) -> str | None:
    """A variable of the environment; one that is set and empty counts as unset."""
    return os.environ.get(name) or None


class Settings:
    """Everything a call needs to know about its client."""

    __slots__ = (
        "base",
        "credential",
        "headers",
        "hooks",
        "max_retries",
        "origin",
        "path_prefix",
        "prepared",
        "system",
        "timeout",
    )

    def __init__(
        self,
        system: System,
        credential: Credential,
        base_url: str,
        *,
        base_url_name: str,
        timeout: float | Timeout | None = DEFAULT_TIMEOUT,
        max_retries: int = DEFAULT_MAX_RETRIES,
        hooks: Sequence[EventHook] = (),
        headers: Sequence[tuple[bytes, bytes]] = (),
    ) -> None:
        self.system = system
        self.credential = credential
        self.base = check_base_url(base_url, base_url_name)
        self.path_prefix = self.base.path.rstrip("/")
        self.origin = f"{self.base.scheme}://{self.base.netloc}"
        self.timeout = check_timeout(timeout)
        self.max_retries = check_retries(max_retries)
        self.hooks = check_hooks(hooks)
        self.headers: list[tuple[bytes, bytes]] = [
            (b"Host", self.base.netloc.encode()),
            (b"User-Agent", f"store-credit-python/{VERSION}".encode()),
            (b"Accept-Encoding", b"gzip, deflate"),
            *headers,
        ]
        self.prepared: dict[tuple[bytes, str | None, Secret | None], list[tuple[bytes, bytes]]] = {}

    def headers_for(self, accept: bytes, scheme: str | None, secret: Secret | None) -> list[tuple[bytes, bytes]]:
        """The headers that all calls of one kind share, in a list of its own. They are put together once."""
        key = (accept, scheme, secret)
        found = self.prepared.get(key)
        if found is None:
            found = [*self.headers, (b"Accept", accept)]
            if scheme is not None and secret is not None:
                found.append(self.system.credential_header(scheme, secret.reveal()))
            if len(self.prepared) > 32:
                # Tokens come and go; those long gone are not kept.
                self.prepared.clear()
            self.prepared[key] = found
        return found.copy()

    def changed(self, **changes: Any) -> Settings:
        """A copy with some settings replaced."""
        copy = Settings.__new__(Settings)
        for name in Settings.__slots__:
            setattr(copy, name, changes.get(name, getattr(self, name)))
        copy.prepared = {}
        return copy


def is_loopback(host: str | None) -> bool:
    """Whether a host is this machine itself."""
    return host in ("localhost", "::1") or re.fullmatch(r"127(\.\d{1,3}){3}", host or "", re.ASCII) is not None


def check_base_url(value: Any, name: str) -> SplitResult:
    """Check the address of a server.

    Raises:
        ConfigurationError: It is not an http or https address with a host, or carries a user name, query or fragment.
    """
    if not isinstance(value, str):
        raise ConfigurationError(f"{name} is a {type(value).__name__}; pass a str such as https://shop.example.com")
    if "@" in value:
        # Not shown: what stands before the @ may be a password.
        raise ConfigurationError(f"{name} holds an '@'; leave user name and password out of the address")
    if not value.isascii() or not value.isprintable() or " " in value:
        raise ConfigurationError(f"{name} holds a space or a character outside ASCII; write the host in punycode")
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError as error:
        raise ConfigurationError(f"{name} is not an address: {error}") from None
    # A value that is no address may be a token in the wrong place, and is not shown.
    shown = f": {parts.scheme}://{parts.netloc}" if "://" in value else ""
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigurationError(
            f"{name} is not an http or https address{shown}; pass one such as https://shop.example.com"
        )
    if parts.query or parts.fragment:
        raise ConfigurationError(f"{name} goes on after the path; leave out the part from '?' or '#' on")
    return parts
