"""A stateful mock of store credit on VINR and on Spree Commerce that checks both sides of every exchange.

Three ways to use it: the fixture `store_credit_mock` in pytest, `store-credit-mock serve`, and the engine itself:

```python
engine = Engine(options=Options(seed=1))
answer = engine.handle(Request.build("GET", "/v1/store-credit", {"X-Api-Key": "sk_test_any"}))
```
"""

from __future__ import annotations

from typing import Any

from store_credit_mock.contract import Contract, Document, DocumentError, Violation
from store_credit_mock.core.engine import EngineError
from store_credit_mock.core.exchange_log import Exchange
from store_credit_mock.core.faults import Fault
from store_credit_mock.factory import Engine
from store_credit_mock.http import Request, Response
from store_credit_mock.sandbox import Clock, Options
from store_credit_mock.storage import Storage, StorageError, open_storage

__all__ = [
    "Clock",
    "Contract",
    "Document",
    "DocumentError",
    "Engine",
    "EngineError",
    "Exchange",
    "Fault",
    "Options",
    "Request",
    "Response",
    "Storage",
    "StorageError",
    "Violation",
    "open_storage",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("store-credit-mock")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
