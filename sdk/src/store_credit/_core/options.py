"""Settings of a client and of one call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple, TypedDict

from store_credit._core.errors import ConfigurationError

__all__ = ["CallOptions", "Timeout"]


class Timeout(NamedTuple):
    """How long to wait, in seconds; None waits without end.

    A plain number in its place is the wait for reading, writing and a free connection, and connecting gets 5 seconds
    of it at most.
    """

    read: float | None = 30.0
    connect: float | None = 5.0
    write: float | None = 30.0
    pool: float | None = 30.0


class CallOptions(TypedDict, total=False):
    """Keywords every method takes on top of its own.

    Attributes:
        timeout: Seconds to wait for this call, in place of the client's.
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
        if part is not None and (not isinstance(part, int | float) or isinstance(part, bool) or not part > 0):
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
