"""Calls on a client of any kind, so that one test can try the same with each."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from inspect import isawaitable
from typing import Any

import trio

from store_credit import (
    AsyncSpreeClient,
    AsyncVinrClient,
    SpreeClient,
    StoreCreditError,
    VinrClient,
    default_http_client,
)

__all__ = ["KINDS", "outcomes", "sync_client"]

KINDS = ("sync", "injected", "asyncio", "trio")
"""A sync client, one with an HTTP client of its own, and an async client on each of the two event loops."""

Use = Callable[[Any], Any]


def outcomes(kind: str, url: str, *uses: Use, system: str = "vinr", **settings: Any) -> list[Any]:
    """Do one thing after another with one client; for each what it returned, or the SDK's error that it raised."""
    if kind in ("sync", "injected"):
        with sync_client(kind, url, system=system, **settings) as client:
            return [_tried(use, client) for use in uses]

    async def run() -> list[Any]:
        made = (
            AsyncVinrClient(**{"api_key": "sk_test_1", "base_url": url, **settings})
            if system == "vinr"
            else AsyncSpreeClient(**{"base_url": url, "token": "t", **settings})
        )
        async with made as client:
            return [await _tried_async(use, client) for use in uses]

    return asyncio.run(run()) if kind == "asyncio" else trio.run(run)


@contextmanager
def sync_client(kind: str, url: str, *, system: str = "vinr", **settings: Any) -> Generator[Any]:
    """A sync client of either kind."""
    if kind == "injected":
        backend: Any = os.environ.get("STORE_CREDIT_BACKEND") or "httpx"
        http_client: Any = default_http_client(backend=backend)
        settings = {**settings, "http_client": http_client}
    try:
        made: Any = (
            VinrClient(**{"api_key": "sk_test_1", "base_url": url, **settings})
            if system == "vinr"
            else SpreeClient(**{"base_url": url, "token": "t", **settings})
        )
        with made as client:
            yield client
    finally:
        if "http_client" in settings:
            settings["http_client"].close()


def _tried(use: Use, client: Any) -> Any:
    try:
        return use(client)
    except StoreCreditError as error:
        return error


async def _tried_async(use: Use, client: Any) -> Any:
    try:
        found: Awaitable[Any] | Any = use(client)
        return await found if isawaitable(found) else found
    except StoreCreditError as error:
        return error
