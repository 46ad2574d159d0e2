"""Settings of a client and of one call: their types, and the checks of what a caller passed."""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple, Protocol, TypedDict

from store_credit._core.errors import ConfigurationError, InvalidArgumentError, kind_of
from store_credit._core.public import public

__all__ = ["CallOptions", "Timeout", "TimeoutLike"]


@public
class Timeout(NamedTuple):
    """How long to wait, in seconds; None means no limit.

    A plain number instead applies to reading and writing and, with a maximum of 5 seconds, to connecting. `pool` is the
    time to wait until one of the client's connections is free. By default, it has no limit, because such a wait is
    caused by your own queue of calls, not by the server.
    """

    read: float | None = 30.0
    connect: float | None = 5.0
    write: float | None = 30.0
    pool: float | None = None


class TimeoutLike(Protocol):
    """What httpx's own `Timeout` looks like, which is taken in the place of ours."""

    @property
    def connect(self) -> float | None: ...
    @property
    def read(self) -> float | None: ...
    @property
    def write(self) -> float | None: ...
    @property
    def pool(self) -> float | None: ...


@public
class CallOptions(TypedDict, total=False):
    """Keyword arguments that every method accepts in addition to its own.

    Attributes:
        timeout: Seconds to wait for each step of this call (a connection, each piece of the response), instead of the
            client's.
        deadline: Seconds that this call may take in total, including all attempts and waits, instead of the client's.
        max_retries: Maximum number of times that this call is resent, instead of the client's.
        extra_headers: Headers to add; they replace the SDK's own headers of the same names. Pass credentials with
            `api_key=` or `token=`.
        extra_query: Query parameters to add as they are.
        extra_body: Members to add to the JSON body, in addition to the method's arguments.
        api_key: A VINR key for this call alone.
        token: A Spree Platform token for this call alone.
        secret_key: A secret key of Spree's Admin API for this call alone.
        staff_token: A staff member's token for the Admin API, instead of the key.
        publishable_key: A publishable key of Spree's Store API for this call alone.
    """

    timeout: float | Timeout | TimeoutLike | None
    deadline: float | None
    max_retries: int
    extra_headers: Mapping[str, str]
    extra_query: Mapping[str, str]
    extra_body: Mapping[str, Any]
    api_key: str
    token: str
    secret_key: str
    staff_token: str
    publishable_key: str


DEFAULT_TIMEOUT: Final = Timeout()
DEFAULT_MAX_RETRIES: Final = 2
DEFAULT_RATE_LIMIT_WAIT: Final = 60.0
"""Seconds that a call waits for a server's rate limit at most."""
DEFAULT_MAX_RESPONSE_BYTES: Final = 64 * 1024 * 1024
DEFAULT_MAX_CONNECTIONS: Final = 100


def check_timeout(value: Any) -> Timeout:
    """Read a timeout setting.

    Raises:
        ConfigurationError: It is not a positive number, a Timeout (ours or httpx's) or None.
    """
    if value is None:
        return Timeout(None, None, None, None)
    if _positive(value):
        return Timeout(value, min(5.0, value), value, None)
    given: Any = value
    if not isinstance(value, Timeout) and all(hasattr(value, name) for name in Timeout._fields):
        given = Timeout(value.read, value.connect, value.write, value.pool)
    if not isinstance(given, Timeout) or not all(part is None or _positive(part) for part in given):
        raise ConfigurationError(
            f"timeout is {value!r}; pass a positive number of seconds, a Timeout, or None to set no limit"
        )
    return given


def check_deadline(value: Any) -> float | None:
    """Read a deadline: seconds above 0 for a whole call, or None for no bound.

    Raises:
        ConfigurationError: It is neither.
    """
    if value is not None and not _positive(value):
        raise ConfigurationError(
            f"deadline is {value!r}; pass a positive number of seconds for the whole call, or None"
        )
    return value


def check_seconds(value: Any, name: str) -> float:
    """Read a number of seconds from 0 on.

    Raises:
        ConfigurationError: It is not one.
    """
    if not _positive(value) and (isinstance(value, bool) or value != 0):
        raise ConfigurationError(f"{name} is {value!r}; pass 0 or more seconds")
    return float(value)


def check_count(value: Any, name: str, least: int = 0) -> int:
    """Read a whole number, such as `max_retries`.

    Raises:
        ConfigurationError: It is not a whole number from `least` on.
    """
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise ConfigurationError(f"{name} is {value!r}; pass a whole number of at least {least}")
    return value


def check_hooks(value: Any) -> tuple[Callable[[Any], Any], ...]:
    """Read the event hooks.

    Raises:
        ConfigurationError: They are not a sequence of functions.
    """
    hooks: list[Any] = list(value) if isinstance(value, Sequence) and not isinstance(value, str) else [value]  # pyright: ignore[reportUnknownArgumentType]
    if not isinstance(value, Sequence) or not all(callable(hook) for hook in hooks):
        raise ConfigurationError(f"event_hooks is {value!r}; pass a list of functions that each take one event")
    return tuple(hooks)


def refuse_async_hooks(hooks: Sequence[Callable[[Any], Any]]) -> None:
    """Refuse hooks that a sync client could not await.

    Raises:
        ConfigurationError: One of them is an async function.
    """
    for hook in hooks:
        if inspect.iscoroutinefunction(hook) or inspect.iscoroutinefunction(getattr(hook, "__call__", None)):  # noqa: B004
            raise ConfigurationError(
                f"event_hooks: {hook!r} is async; use an async client, or a function that is not async"
            )


def check_app_info(value: Any) -> str | None:
    """Read what to add to the User-Agent, such as `my-shop/1.4`.

    Raises:
        ConfigurationError: It is not text that can stand in a header.
    """
    if value is None:
        return None
    try:
        header("User-Agent", value)
    except InvalidArgumentError as error:
        raise ConfigurationError(f"app_info: {error.message}") from None
    if not value.strip():
        raise ConfigurationError("app_info is empty; pass a name such as my-shop/1.4, or leave it out")
    return value.strip()


# The token of RFC 9110, 5.6.2, and what a value may hold without obs-text.
_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_VALUE = re.compile(r"[ -~]*")
_FRAMING = frozenset({"content-length", "host", "transfer-encoding"})
_FIXED = _FRAMING | {"accept", "content-type", "idempotency-key", "vinr-version"}
_CREDENTIALS = {
    "authorization": "api_key= (VINR), token= or staff_token= (Spree); on storefront calls customer_token=",
    "x-api-key": "api_key=",
    "x-spree-order-token": "order_token=",
    "x-spree-api-key": "secret_key= or publishable_key=",
    "x-spree-token": "cart_token= (on Spree's API v3)",
}


def check_headers(value: Any) -> list[tuple[bytes, bytes]]:
    """Read headers to add to every request.

    Raises:
        ConfigurationError: They are not a mapping of names to values that can stand in a header, or one is set by the
            client itself or holds a credential.
    """
    if value is None:
        return []
    if not isinstance(value, Mapping):
        raise ConfigurationError(f"headers is {kind_of(value)}; pass a dict")
    for name in value:  # pyright: ignore[reportUnknownVariableType]
        if as_read(str(name)) in _FIXED:  # pyright: ignore[reportUnknownArgumentType]
            raise ConfigurationError(f"headers: {name} is set by the client itself; leave it out")
    try:
        return [plain_header(name, text) for name, text in value.items()]  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    except InvalidArgumentError as error:
        raise ConfigurationError(f"headers: {error.message}") from None


def plain_header(name: Any, value: Any) -> tuple[bytes, bytes]:
    """A header that carries no credential, checked; the value is not shown in the error.

    Raises:
        InvalidArgumentError: The name or the value cannot stand in a header, or the header carries a credential: a
            request goes out with one credential, always.
    """
    place = _CREDENTIALS.get(as_read(str(name)))
    if place is not None:
        raise InvalidArgumentError(f"{name} contains a credential, but a request can have only one; pass it as {place}")
    return header(name, value)


def header(name: Any, value: Any) -> tuple[bytes, bytes]:
    """A header, checked; the value is not shown in the error.

    Raises:
        InvalidArgumentError: The name or the value cannot stand in a header.
    """
    for text in (name, value):
        if not isinstance(text, str):
            raise InvalidArgumentError(f"the header {name!r} contains a {type(text).__name__}; pass a str")
    if _NAME.fullmatch(name) is None:
        shown = name.partition(":")[0]
        raise InvalidArgumentError(f"{shown!r} is not a valid header name")
    if as_read(name) in _FRAMING:
        raise InvalidArgumentError(f"{name} describes how the request is sent; the client sets it itself")
    if _VALUE.fullmatch(value) is None:
        raise InvalidArgumentError(f"{name} contains a line break, a control character or a character outside ASCII")
    return name.encode(), value.encode()


def is_credential_header(name: str) -> bool:
    """Whether a header carries a credential that the client has an argument for."""
    return as_read(name) in _CREDENTIALS


def as_read(name: str) -> str:
    """A header's name as servers read it: to CGI, and so to Rack, `X_Spree_Token` is X-Spree-Token."""
    return name.lower().replace("_", "-")


def replacing(
    headers: Sequence[tuple[bytes, bytes]], added: Sequence[tuple[bytes, bytes]]
) -> list[tuple[bytes, bytes]]:
    """Headers with others added, which replace those of the same name."""
    replaced = {name.lower() for name, _ in added}
    return [pair for pair in headers if pair[0].lower() not in replaced] + list(added)


def _positive(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < math.inf
