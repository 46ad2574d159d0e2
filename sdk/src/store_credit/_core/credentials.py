"""Credentials: kept out of every repr, traceback local and pickle, and renewed where a function gives them."""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from store_credit._core.errors import ConfigurationError, kind_of
from store_credit._core.forking import renew_after_fork

__all__ = ["Credential", "Secret", "TokenProvider", "check_secret", "seal"]

TokenProvider: TypeAlias = Callable[[], str] | Callable[[], Awaitable[str]]
"""A function that returns a credential: it is called before the first request, and again after a 401."""


class Secret:
    """A credential that shows itself nowhere: not in a repr, a traceback's locals or a pickle."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The credential itself, for the header it goes into."""
        return self._value

    @property
    def parts(self) -> list[str]:
        """Every text that must not be shown."""
        return [self._value]

    @property
    def limited_as(self) -> Secret:
        """What the server counts requests by."""
        return self

    def sent_with(self, security: tuple[Any, ...]) -> Secret:
        """What of it is sent, where an operation takes one of several alternatives."""
        del security
        return self

    def alternatives(self, security: tuple[Any, ...]) -> list[Secret]:
        """What else of it an operation could be sent with, each as what a call was given."""
        del security
        return []

    @property
    def fingerprint(self) -> str:
        """What tells two credentials apart without showing either."""
        from hashlib import sha256

        return sha256(self._value.encode()).hexdigest()[:16]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __repr__(self) -> str:
        return "***"

    def __reduce__(self) -> tuple[Any, ...]:
        raise TypeError("a credential cannot be pickled; create a client in each process")


class Credential:
    """The client's secret, or the function that gives it. It is in no repr, and a pickle of it is refused.

    Attributes:
        current: The secret in use; None until a function has been asked.
        provider: The function that gives one, or None.
        advice: What to check when the server refuses it.
        lock: Held by the thread that asks the function.
        async_lock: The event loop and the lock held by the task that asks the function there.
    """

    __slots__ = ("__weakref__", "_check", "advice", "async_lock", "current", "lock", "provider")

    def __init__(
        self,
        secret: Secret | TokenProvider | None,
        advice: str,
        check: Callable[[Secret], None] | None = None,
    ) -> None:
        self.provider: TokenProvider | None = secret if callable(secret) else None
        self.current: Secret | None = secret if isinstance(secret, Secret) else None
        self.advice = advice
        self._check = check
        self.lock = threading.Lock()
        self.async_lock: tuple[Any, Any] | None = None
        renew_after_fork(self)
        if self.current is not None and check is not None:
            check(self.current)

    def after_fork(self) -> None:
        """Take new locks: a thread of the parent may have held the old ones."""
        self.lock = threading.Lock()
        self.async_lock = None

    @property
    def given(self) -> Secret | TokenProvider | None:
        """What the client was made with: the function where there is one, else the secret."""
        return self.provider or self.current

    @property
    def present(self) -> bool:
        """Whether there is a secret or a function that returns one."""
        return self.current is not None or self.provider is not None

    @property
    def renewable(self) -> bool:
        """Whether the secret comes from a function, which can be asked again."""
        return self.provider is not None

    def known_for(self, secret: Secret | None, security: tuple[Any, ...]) -> Secret | None:
        """What an attempt is sent with that needs not be asked for: what was passed with the call, if that is enough.

        Args:
            secret: What was passed with the call, or None.
            security: The operation's alternatives of credentials, where its client holds several.
        """
        del security
        return secret

    def whole(self, secret: Secret) -> Secret:
        """What is kept of what the function gave."""
        return secret

    def ask(self) -> Any:
        """Ask the function; the result of an async one has to be awaited.

        Raises:
            ConfigurationError: There is neither a secret nor a function.
        """
        if self.provider is None:
            raise ConfigurationError(f"this call needs a credential that the client does not have. {self.advice}")
        try:
            return self.provider()
        except StopIteration as error:
            # To whoever drives the call it would say that the call has ended, with no result and no error (PEP 479).
            raise RuntimeError("the token function raised StopIteration") from error

    def accept(self, given: Any) -> Secret:
        """Keep what the function gave.

        Raises:
            ConfigurationError: It gave something that cannot be a header's value.
        """
        if hasattr(given, "__await__"):
            # Closed, so that Python has no reason to say it was never awaited.
            getattr(given, "close", bool)()
            raise ConfigurationError(
                "the token function is async; use an async client, or a function that is not async"
            )
        secret = given if isinstance(given, Secret) else seal(given)
        given = None
        secret = self.whole(check_secret(secret, "the token function's result"))
        if self._check is not None:
            self._check(secret)
        self.current = secret
        return secret

    def __repr__(self) -> str:
        return "<Credential ***>"

    def __reduce__(self) -> tuple[Any, ...]:
        raise TypeError("a client contains a credential and cannot be pickled; create one in each process")


def seal(value: Any) -> Any:
    """Wrap a str, so that the frames that go on with it do not show it; anything else is returned as it is."""
    return Secret(value) if isinstance(value, str) else value


def check_secret(secret: Any, name: str) -> Secret:
    """Check that a credential can go into a header; its value is not shown in the error, nor in this frame.

    Raises:
        ConfigurationError: It is not a str, is empty, or has characters no header may have.
    """
    if not isinstance(secret, Secret):
        raise ConfigurationError(f"{name} is {kind_of(secret)}; pass a str")
    problem = _problem(secret)
    if problem is not None:
        raise ConfigurationError(f"{name} {problem}")
    return secret


def _problem(secret: Secret) -> str | None:
    value = secret.reveal()
    if not value.strip():
        return "is empty"
    if not value.isascii() or not value.isprintable() or " " in value:
        return "contains a space, a line break or a character outside ASCII; copy it again"
    return None
