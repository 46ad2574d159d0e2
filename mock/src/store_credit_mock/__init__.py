"""A stateful mock of store credit on VINR and on Spree Commerce that checks both sides of every exchange.

Ways to use it: the fixtures `store_credit_mock` and `store_credit_server` in pytest, `Mock` and `Server` in other
tests, `store-credit-mock serve`, and the engine itself:

```python
engine = Engine(options=Options(seed=1))
answer = engine.handle(Request.build("GET", "/v1/store-credit", {"X-Api-Key": "sk_test_any"}))
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from store_credit_mock.contract import Contract, Document, DocumentError, Violation
from store_credit_mock.core.engine import EngineError
from store_credit_mock.core.exchange_log import Exchange
from store_credit_mock.core.faults import Fault
from store_credit_mock.factory import Engine
from store_credit_mock.http import Request, Response
from store_credit_mock.sandbox import Clock, Options
from store_credit_mock.storage import Storage, StorageError, open_storage

if TYPE_CHECKING:
    from store_credit_mock.local_server import Server
    from store_credit_mock.mock import Mock

__all__ = [
    "Clock",
    "Contract",
    "Document",
    "DocumentError",
    "Engine",
    "EngineError",
    "Exchange",
    "Fault",
    "Mock",
    "Options",
    "Request",
    "Response",
    "Server",
    "Storage",
    "StorageError",
    "Violation",
    "open_storage",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("store-credit-mock")
    # What brings clients and a server along is imported only where it is used.
    if name == "Mock":
        from store_credit_mock.mock import Mock

        return Mock
    if name == "Server":
        from store_credit_mock.local_server import Server

        return Server
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
