"""The HTTP library underneath: httpx, or httpx2 where it is asked for. The one module that imports either.

A client uses httpx unless `backend="httpx2"`, the environment's `STORE_CREDIT_BACKEND` or an injected client says
otherwise. It never switches because another package brought httpx2 along: that would change which certificates are
trusted and which instrumentation sees the calls.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import FunctionType, ModuleType, TracebackType
from typing import Any, Final, Literal, Protocol, Self, TypeAlias, cast

from store_credit._core.errors import ConfigurationError

__all__ = ["Backend", "HTTPAsyncClient", "HTTPClient", "Library", "default", "library_of", "loaded"]

Backend: TypeAlias = Literal["httpx", "httpx2"]
_NAMES: Final = ("httpx", "httpx2")


class HTTPClient(Protocol):
    """An `httpx.Client` or an `httpx2.Client`."""

    @property
    def is_closed(self) -> bool: ...

    def send(self, request: Any, *, stream: bool = ..., auth: Any = ..., follow_redirects: Any = ...) -> Any: ...

    def close(self) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        exc_type: type[BaseException] | None = ...,
        exc_value: BaseException | None = ...,
        traceback: TracebackType | None = ...,
        /,
    ) -> None: ...


class HTTPAsyncClient(Protocol):
    """An `httpx.AsyncClient` or an `httpx2.AsyncClient`."""

    @property
    def is_closed(self) -> bool: ...

    async def send(self, request: Any, *, stream: bool = ..., auth: Any = ..., follow_redirects: Any = ...) -> Any: ...

    async def aclose(self) -> None: ...

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None = ...,
        exc_value: BaseException | None = ...,
        traceback: TracebackType | None = ...,
        /,
    ) -> None: ...


class Library:
    """One of the two libraries. They have the same classes under the same names.

    Attributes:
        name: `httpx` or `httpx2`.
        module: The module itself, for its classes: `library.module.Request`.
    """

    __slots__ = ("module", "name")

    def __init__(self, module: ModuleType) -> None:
        self.name = module.__name__
        self.module: Any = module

    def sends_itself(self, kind: type[Any]) -> bool:
        """Whether the `send` of a client class is the library's own, and not wrapped by instrumentation or a mock.

        Sentry, Datadog, New Relic and others replace `Client.send`, at any time. What stands there then is a function
        of another file, or no function at all.
        """
        send: Any = kind.send
        if type(send) is not FunctionType or hasattr(send, "__wrapped__"):
            return False
        # `get` is a neighbour that nobody has a reason to replace.
        return send.__code__.co_filename == cast("FunctionType", kind.get).__code__.co_filename

    def __repr__(self) -> str:
        return f"<Library {self.name}>"


def default(name: str | None = None) -> Library:
    """The library of a client that was given none.

    Args:
        name: What the caller or the environment asked for; None for httpx.

    Raises:
        ConfigurationError: There is no such library, or it is not installed.
    """
    wanted = name or _NAMES[0]
    if wanted not in _NAMES:
        raise ConfigurationError(f"backend is {wanted!r}; pass 'httpx' or 'httpx2' (backend= or STORE_CREDIT_BACKEND)")
    try:
        return Library(import_module(wanted))
    except ImportError as error:
        install = "pip install store-credit[httpx2]" if wanted == "httpx2" else "pip install httpx"
        raise ConfigurationError(f"{wanted} is not installed; {install}") from error


def loaded() -> list[Library]:
    """The libraries that this process has imported: an error may be of either, whichever the client uses."""
    modules = [sys.modules.get(name) for name in _NAMES]
    # A module may be half-imported, or a stub of somebody's tests.
    return [Library(module) for module in modules if module is not None and hasattr(module, "RequestError")]


def library_of(value: object, kind: str) -> Library | None:
    """The library whose class `kind` (such as `Client`) a value is an instance of, without importing either."""
    for library in loaded():
        if isinstance(value, getattr(library.module, kind, ())):
            return library
    return None
