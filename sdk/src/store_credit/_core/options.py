"""Settings of a client and of one call."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple, TypedDict

from store_credit._core.errors import ConfigurationError, InvalidArgumentError
from store_credit._core.public import public

__all__ = ["CallOptions", "Timeout"]


@public
class Timeout(NamedTuple):
    """How long to wait, in seconds; None waits without end.

    A plain number in its place is the wait for reading, writing and a free connection, and connecting gets 5 seconds
    of it at most.
    """

    read: float | None = 30.0
    connect: float | None = 5.0
    write: float | None = 30.0
    pool: float | None = 30.0


@public
class CallOptions(TypedDict, total=False):
    """Keywords every method takes on top of its own.

    Attributes:
        timeout: Seconds to wait for each step of this call, in place of the client's.
        max_retries: How often to resend this call at most, in place of the client's.
        extra_headers: Headers to add; they replace the SDK's own of the same name.
        extra_query: Query parameters to add as they are.
    """

    timeout: float | Timeout | None
    max_retries: int
    extra_headers: Mapping[str, str]
    extra_query: Mapping[str, str]


DEFAULT_TIMEOUT: Final = Timeout()
DEFAULT_MAX_RETRIES: Final = 2


def check_timeout(value: Any) -> Timeout:
    """Read a timeout setting.

    Raises:
        ConfigurationError: It is not a positive number, a Timeout or None.
    """
    if isinstance(value, Timeout):
        parts: tuple[Any, ...] = tuple(value)
    elif value is None:
        return Timeout(None, None, None, None)
    else:
        parts = (value,)
    for part in parts:
        number = isinstance(part, int | float) and not isinstance(part, bool)
        if part is not None and not (number and 0 < part < math.inf):
            raise ConfigurationError(f"timeout is {value!r}; pass seconds above 0, a Timeout, or None to wait for ever")
    return value if isinstance(value, Timeout) else Timeout(value, min(5.0, value), value, value)


def check_retries(value: Any) -> int:
    """Read a retry setting.

    Raises:
        ConfigurationError: It is not a whole number from 0 on.
    """
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ConfigurationError(f"max_retries is {value!r}; pass 0 or a larger whole number")
    return value


def check_hooks(value: Any) -> tuple[Callable[[Any], None], ...]:
    """Read the event hooks.

    Raises:
        ConfigurationError: They are not a sequence of functions.
    """
    hooks: list[Any] = list(value) if isinstance(value, Sequence) and not isinstance(value, str) else [value]  # pyright: ignore[reportUnknownArgumentType]
    if not isinstance(value, Sequence) or not all(callable(hook) for hook in hooks):
        raise ConfigurationError(f"event_hooks is {value!r}; pass a list of functions, each taking one event")
    return tuple(hooks)


_FRAMING = frozenset({"content-length", "host", "transfer-encoding"})
_OWN = _FRAMING | {"accept", "authorization", "content-type", "idempotency-key", "vinr-version", "x-api-key"}


def check_headers(value: Any) -> list[tuple[bytes, bytes]]:
    """Read headers to add to every request.

    Raises:
        ConfigurationError: They are not a mapping of names to values that can stand in a header.
    """
    if value is None:
        return []
    if not isinstance(value, Mapping):
        raise ConfigurationError(f"headers is a {type(value).__name__}; pass a dict")
    for name in value:  # pyright: ignore[reportUnknownVariableType]
        if str(name).lower() in _OWN:  # pyright: ignore[reportUnknownArgumentType]
            raise ConfigurationError(f"headers: {name} is set by the client itself; leave it out")
    try:
        return [header(name, text) for name, text in value.items()]  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    except InvalidArgumentError as error:
        raise ConfigurationError(f"headers: {error.message}") from None


def header(name: Any, value: Any) -> tuple[bytes, bytes]:
    """A header, checked; the value is not shown in the error.

    Raises:
        InvalidArgumentError: The name or the value cannot stand in a header.
    """
    for text in (name, value):
        if not isinstance(text, str):
            raise InvalidArgumentError(f"the header {name!r} holds a {type(text).__name__}; pass a str")
    if (
        not name.isascii()
        or not name
        or any(character in '"(),/:;<=>?@[\\]{}' or character <= " " for character in name)
    ):
        shown = name.partition(":")[0]
        raise InvalidArgumentError(f"{shown!r} is not the name of a header")
    if name.lower() in _FRAMING:
        raise InvalidArgumentError(f"{name} says how the request is cut into bytes; the client writes it itself")
    if not value.isascii() or any(ord(character) < 32 or ord(character) == 127 for character in value):
        raise InvalidArgumentError(f"{name} holds a line break, a control character or one outside ASCII")
    return name.encode(), value.encode()
