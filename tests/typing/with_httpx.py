"""Clients of one HTTP library given to the SDK's, as a type checker sees them. Read by pyright and mypy; never run.

`with_httpx2.py` is the same text for the other library, and `tests/tooling/test_types.py` has each read where the other
library is not installed. A line with `type: ignore` must be refused: both checkers report an ignore that has nothing
to ignore.
"""
# pyright: reportUnnecessaryTypeIgnoreComment=true

import httpx as http
import requests

from store_credit import AsyncSpreeClient, AsyncVinrClient, SpreeClient, VinrClient
from store_credit_mock import Engine
from store_credit_mock.httpx_transport import EngineTransport


def accepted() -> None:
    """Sync clients for sync clients, async for async, also those that the mock responds to."""
    transport = EngineTransport(Engine())
    VinrClient(http_client=http.Client(timeout=5))
    SpreeClient(http_client=http.Client(transport=transport))
    AsyncVinrClient(http_client=http.AsyncClient(timeout=5))
    AsyncSpreeClient(http_client=http.AsyncClient(transport=transport))


def refused() -> None:
    """An async client for a sync one and back, a bare transport, and a client of another library."""
    VinrClient(http_client=http.AsyncClient())  # type: ignore[arg-type]
    AsyncVinrClient(http_client=http.Client())  # type: ignore[arg-type]
    SpreeClient(http_client=http.HTTPTransport())  # type: ignore[arg-type]
    AsyncSpreeClient(http_client=http.AsyncHTTPTransport())  # type: ignore[arg-type]
    VinrClient(http_client=requests.Session())  # type: ignore[arg-type]
    AsyncVinrClient(http_client=requests.Session())  # type: ignore[arg-type]
