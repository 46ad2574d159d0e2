"""Going through a long list from its first page to its last, as a program that exports everything would."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from itertools import islice
from typing import Any

from store_credit_tools.bench.contenders.memory import peak, present
from store_credit_tools.bench.server import PAGES, PER_PAGE

__all__: list[str] = []

CUSTOMER = "cus_UkLWZg9DAJ"
WARM_UP = 5 * PER_PAGE
TOTAL = PAGES * PER_PAGE


def _check(seen: int) -> None:
    if seen != TOTAL:
        raise RuntimeError(f"the list had {seen} records, not {TOTAL}")


def _growth(records: Iterator[Any]) -> float:
    """MiB by which the process grew at its largest, from the end of the fifth page on."""
    seen = sum(1 for _ in islice(records, WARM_UP))
    before = present()
    seen += sum(1 for _ in records)
    _check(seen)
    # What is resident is counted a little late, so that nothing can look like less than nothing.
    return max(0.0, peak() - before)


async def _async_growth(records: AsyncIterator[Any]) -> float:
    seen = 0
    before = 0.0
    async for _ in records:
        seen += 1
        if seen == WARM_UP:
            before = present()
    _check(seen)
    # What is resident is counted a little late, so that nothing can look like less than nothing.
    return max(0.0, peak() - before)


def vinr(url: str) -> Callable[[], float]:
    """VINR, sync."""
    from store_credit import VinrClient

    client = VinrClient("sk_test_loopback", base_url=url)
    return lambda: _growth(iter(client.store_credit.list(limit=PER_PAGE)))


def spree(url: str) -> Callable[[], float]:
    """Spree, sync."""
    from store_credit import SpreeClient

    client = SpreeClient(url, "loopback")
    return lambda: _growth(iter(client.store_credits.list(per_page=PER_PAGE)))


def spree_v3(url: str) -> Callable[[], float]:
    """Spree's API v3, sync."""
    from store_credit import SpreeAdminClient

    client = SpreeAdminClient(url, "sk_loopback")
    return lambda: _growth(iter(client.customers.store_credits.list(CUSTOMER, limit=PER_PAGE)))


def vinr_async(url: str) -> Callable[[], float]:
    """VINR, async."""
    from store_credit import AsyncVinrClient

    async def run() -> float:
        client = AsyncVinrClient("sk_test_loopback", base_url=url)
        return await _async_growth(aiter(client.store_credit.list(limit=PER_PAGE)))

    return lambda: asyncio.run(run())


def spree_async(url: str) -> Callable[[], float]:
    """Spree, async."""
    from store_credit import AsyncSpreeClient

    async def run() -> float:
        client = AsyncSpreeClient(url, "loopback")
        return await _async_growth(aiter(client.store_credits.list(per_page=PER_PAGE)))

    return lambda: asyncio.run(run())


def spree_v3_async(url: str) -> Callable[[], float]:
    """Spree's API v3, async."""
    from store_credit import AsyncSpreeAdminClient

    async def run() -> float:
        client = AsyncSpreeAdminClient(url, "sk_loopback")
        return await _async_growth(aiter(client.customers.store_credits.list(CUSTOMER, limit=PER_PAGE)))

    return lambda: asyncio.run(run())
