"""The HTTP libraries: httpx, and httpx2 where it is wanted. The only module of the mock that imports either.

The mock responds to a request in the library the request came from. What it sends itself (`verify`, the control
client) and the clients it makes use the library that `STORE_CREDIT_BACKEND` names, as the SDK's clients do, or else
httpx; only webhooks, which may be many at once, are sent without either. A library that is not used is never imported.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

__all__ = ["Backend", "chosen", "httpx", "library", "library_of"]

Backend: TypeAlias = Literal["httpx", "httpx2"]

_NAMES: Final[tuple[Backend, ...]] = ("httpx", "httpx2")
VARIABLE: Final = "STORE_CREDIT_BACKEND"

if TYPE_CHECKING:
    import httpx
else:
    # Modules of the mock import the chosen library from here under the name of the first.
    def __getattr__(name: str) -> Any:
        if name == "httpx":
            return library()
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def chosen(backend: str | None = None) -> Backend:
    """Name the HTTP library to use, without importing it.

    Args:
        backend: `httpx` or `httpx2`; None for the one `STORE_CREDIT_BACKEND` names, or else httpx.

    Raises:
        ImportError: It is not installed; the text says how to install it.
        ValueError: There is no such library.
    """
    name = backend or os.environ.get(VARIABLE) or "httpx"
    if name not in _NAMES:
        raise ValueError(f"{name!r} is not a valid backend; set backend or {VARIABLE} to 'httpx' or 'httpx2'")
    if sys.modules.get(name) is None and find_spec(name) is None:
        wanted = "store-credit-mock[httpx2]" if name == "httpx2" else "httpx"
        raise ImportError(f"{name} is not installed; run pip install '{wanted}'", name=name)
    return name


def library(backend: str | None = None) -> Any:
    """Import the HTTP library to use; arguments and errors are those of `chosen`."""
    return import_module(chosen(backend))


def library_of(request: object) -> Any:
    """Find the library whose request this is, among those the process has imported.

    Raises:
        TypeError: It is not a request of either.
    """
    for name in _NAMES:
        module = sys.modules.get(name)
        # A test may have put a stub there.
        if isinstance(request, getattr(module, "Request", ())):
            return module
    raise TypeError(f"{type(request).__module__}.{type(request).__qualname__} is not an httpx or httpx2 request")
