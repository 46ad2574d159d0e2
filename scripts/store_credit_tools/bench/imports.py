"""What a program pays before its first call: importing the package, and getting the first response in a new process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from store_credit_tools.bench.groups import Effort, Group
from store_credit_tools.bench.interleave import interleave
from store_credit_tools.bench.processes import Server, fresh
from store_credit_tools.bench.results import Comparison
from store_credit_tools.bench.stock_client import PACKAGE, stock_client

__all__ = ["GROUPS"]

WITHOUT_FAST = "import sys; sys.modules['msgspec'] = None"

_SYNC = "from store_credit import VinrClient, SpreeClient"
_ASYNC = "from store_credit import AsyncVinrClient, AsyncSpreeClient"
_READY = """
VinrClient("sk_test_loopback").store_credit
SpreeClient("https://shop.example.com", "loopback").store_credits"""

IMPORTS: Mapping[str, tuple[str, str]] = {
    "httpx": ("import httpx", ""),
    "sync": (_SYNC, WITHOUT_FAST),
    "sync-fast": (_SYNC, ""),
    "async": (_ASYNC, WITHOUT_FAST),
    "async-fast": (_ASYNC, ""),
    "ready": (_SYNC + _READY, WITHOUT_FAST),
    "httpx-ready": ("import httpx\nhttpx.Client()\nhttpx.Client()", ""),
}
"""By name: what is measured, and what is run before it."""

SDKS: Mapping[str, tuple[str, str]] = {
    "sync": (_SYNC, WITHOUT_FAST),
    "stock": (
        f"""from {PACKAGE} import AuthenticatedClient
from {PACKAGE}.api.vinr_store_credit import vinr_store_credit_create""",
        "import sys; sys.path.insert(0, {folder!r})",
    ),
    "stripe": ("from stripe import StripeClient", ""),
    "openai": ("from openai import OpenAI", ""),
}

_HTTPX_GET = """import httpx
with httpx.Client({options}) as client:
    client.get("{url}/v1/store-credit/sc_4Bk9mQ", headers={{"X-Api-Key": "sk_test_loopback"}}).json()["id"]"""
_VINR_GET = """from store_credit import VinrClient
with VinrClient("sk_test_loopback", base_url="{url}") as client:
    client.store_credit.retrieve("sc_4Bk9mQ").id"""
_SPREE_GET = """from store_credit import SpreeClient
with SpreeClient("{url}", "loopback") as client:
    client.store_credits.retrieve("1").id"""
_HTTPX_ASYNC_GET = """import asyncio, httpx
async def main():
    async with httpx.AsyncClient() as client:
        (await client.get("{url}/v1/store-credit/sc_4Bk9mQ", headers={{"X-Api-Key": "sk_test_loopback"}})).json()["id"]
asyncio.run(main())"""
_VINR_ASYNC_GET = """import asyncio
from store_credit import AsyncVinrClient
async def main():
    async with AsyncVinrClient("sk_test_loopback", base_url="{url}") as client:
        (await client.store_credit.retrieve("sc_4Bk9mQ")).id
asyncio.run(main())"""

# Over http nobody needs certificates: httpx.Client() loads them all the same, ours does not. The row against
# verify=False shows what is left of the difference; the one about clients made for https is the other side of it.
STARTS: Mapping[str, tuple[str, str]] = {
    "httpx": (_HTTPX_GET.replace("{options}", ""), ""),
    "httpx-unverified": (_HTTPX_GET.replace("{options}", "verify=False"), ""),
    "httpx-async": (_HTTPX_ASYNC_GET, ""),
    "vinr": (_VINR_GET, WITHOUT_FAST),
    "vinr-fast": (_VINR_GET, ""),
    "vinr-async": (_VINR_ASYNC_GET, WITHOUT_FAST),
    "spree": (_SPREE_GET, WITHOUT_FAST),
    "spree-fast": (_SPREE_GET, ""),
}


def _imports(names: Sequence[str], effort: Effort) -> dict[str, list[float]]:
    return interleave({name: fresh(*IMPORTS[name]) for name in names}, effort.times(15))


def _sdks(names: Sequence[str], effort: Effort) -> dict[str, list[float]]:
    with stock_client() as folder:
        samplers = {name: fresh(code, before.format(folder=folder)) for name, (code, before) in _chosen(SDKS, names)}
        return interleave(samplers, effort.times(7))


def _starts(names: Sequence[str], effort: Effort) -> dict[str, list[float]]:
    with Server() as server:
        samplers = {name: fresh(code.format(url=server.url), before) for name, (code, before) in _chosen(STARTS, names)}
        return interleave(samplers, effort.times(11))


def _chosen(programs: Mapping[str, tuple[str, str]], names: Sequence[str]) -> list[tuple[str, tuple[str, str]]]:
    return [(name, programs[name]) for name in names]


GROUPS = [
    Group(
        "importing",
        [
            Comparison("import both sync clients, against import httpx", "ms", "sync", "httpx", 0.6),
            Comparison("import both async clients, against import httpx", "ms", "async", "httpx", 0.6),
            Comparison("import both sync clients, with fast, against import httpx", "ms", "sync-fast", "httpx", 0.6),
            Comparison("import both async clients, with fast, against import httpx", "ms", "async-fast", "httpx", 0.6),
            Comparison(
                "import and make both sync clients for https, against import httpx and two httpx.Client()",
                "ms",
                "ready",
                "httpx-ready",
            ),
        ],
        _imports,
    ),
    Group(
        "importing other SDKs",
        [
            Comparison("import both sync clients, against the stock generated client", "ms", "sync", "stock"),
            Comparison("import both sync clients, against stripe", "ms", "sync", "stripe"),
            Comparison("import both sync clients, against openai", "ms", "sync", "openai"),
        ],
        _sdks,
    ),
    Group(
        "starting cold",
        [
            Comparison("first answered call, VINR, against httpx.Client", "ms", "vinr", "httpx", 1.2),
            Comparison("first answered call, VINR with fast, against httpx.Client", "ms", "vinr-fast", "httpx", 1.2),
            Comparison("first answered call, Spree, against httpx.Client", "ms", "spree", "httpx", 1.2),
            Comparison("first answered call, Spree with fast, against httpx.Client", "ms", "spree-fast", "httpx", 1.2),
            Comparison(
                "first answered call, VINR async, against httpx.AsyncClient", "ms", "vinr-async", "httpx-async", 1.2
            ),
            Comparison(
                "first answered call, VINR, against httpx.Client(verify=False)",
                "ms",
                "vinr",
                "httpx-unverified",
            ),
        ],
        _starts,
    ),
]
