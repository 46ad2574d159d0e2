"""The HTTP library this run is about: the one `scripts/test --http` names, or else httpx.

Tests take it from here and name none, unless a fact is one of both libraries, each a case of its own.
"""

import os
from importlib import import_module
from typing import TYPE_CHECKING

__all__ = ["httpx"]

if TYPE_CHECKING:
    import httpx
else:
    httpx = import_module(os.environ.get("STORE_CREDIT_BACKEND") or "httpx")
