"""One call over a loopback socket: the same VINR create, or what comes nearest to it in somebody else's SDK.

Everybody sends the same three fields with an API key and a fresh idempotency key, and reads the answer into whatever
its users get.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

__all__: list[str] = []

Work = Callable[[int], None]

KEY = "sk_test_loopback"
PATH = "/v1/store-credit"
BODY: dict[str, Any] = {"customer": "cust_8aZ2", "amount": 1000, "currency": "USD"}


def _awaited(call: Callable[[], Awaitable[object]]) -> Work:
    loop = asyncio.new_event_loop()

    async def several(count: int) -> None:
        for _ in range(count):
            await call()

    return lambda count: loop.run_until_complete(several(count))


def ours(url: str) -> Work:
    """Our sync client."""
    from store_credit import VinrClient

    create = VinrClient(KEY, base_url=url).store_credit.create

    def work(count: int) -> None:
        for _ in range(count):
            create(customer="cust_8aZ2", amount=1000, currency="USD")

    return work


def ours_async(url: str) -> Work:
    """Our async client, one call after the other."""
    from store_credit import AsyncVinrClient

    create = AsyncVinrClient(KEY, base_url=url).store_credit.create
    return _awaited(lambda: create(customer="cust_8aZ2", amount=1000, currency="USD"))


def httpx_post(url: str) -> Work:
    """`httpx.Client.post(...).json()`."""
    import httpx

    client = httpx.Client(headers={"X-Api-Key": KEY})

    def work(count: int) -> None:
        for _ in range(count):
            client.post(url + PATH, json=BODY, headers={"Idempotency-Key": str(uuid4())}).json()

    return work


def httpx_post_async(url: str) -> Work:
    """`(await httpx.AsyncClient.post(...)).json()`."""
    import httpx

    client = httpx.AsyncClient(headers={"X-Api-Key": KEY})

    async def call() -> None:
        (await client.post(url + PATH, json=BODY, headers={"Idempotency-Key": str(uuid4())})).json()

    return _awaited(call)


def _bare_parts(url: str) -> tuple[list[tuple[bytes, bytes]], bytes]:
    content = json.dumps(BODY, separators=(",", ":")).encode()
    headers = [
        (b"Host", url.partition("//")[2].encode()),
        (b"User-Agent", b"store-credit-python"),
        (b"Accept", b"application/json"),
        (b"Accept-Encoding", b"gzip, deflate"),
        (b"X-Api-Key", KEY.encode()),
        (b"Content-Type", b"application/json"),
        (b"Content-Length", b"%d" % len(content)),
        (b"Idempotency-Key", str(uuid4()).encode()),
    ]
    return headers, content


def transport(url: str) -> Work:
    """Nothing but `httpx.HTTPTransport`: ready-made bytes out, bytes in."""
    import httpx

    headers, content = _bare_parts(url)
    target = httpx.URL(url + PATH)
    handle = httpx.HTTPTransport(verify=False).handle_request
    extensions = {"timeout": {"connect": 5.0, "read": 30.0, "write": 30.0, "pool": 30.0}}

    def work(count: int) -> None:
        for _ in range(count):
            stream = httpx.ByteStream(content)
            answer = handle(httpx.Request("POST", target, headers=headers, stream=stream, extensions=extensions))
            assert isinstance(answer.stream, httpx.SyncByteStream)
            b"".join(answer.stream)
            answer.close()

    return work


def transport_async(url: str) -> Work:
    """Nothing but `httpx.AsyncHTTPTransport`."""
    import httpx

    headers, content = _bare_parts(url)
    target = httpx.URL(url + PATH)
    handle = httpx.AsyncHTTPTransport(verify=False).handle_async_request
    extensions = {"timeout": {"connect": 5.0, "read": 30.0, "write": 30.0, "pool": 30.0}}

    async def call() -> None:
        stream = httpx.ByteStream(content)
        answer = await handle(httpx.Request("POST", target, headers=headers, stream=stream, extensions=extensions))
        assert isinstance(answer.stream, httpx.AsyncByteStream)
        b"".join([part async for part in answer.stream])
        await answer.aclose()

    return _awaited(call)


def requests_post(url: str) -> Work:
    """`requests.Session.post(...).json()`."""
    import requests

    session = requests.Session()
    session.headers["X-Api-Key"] = KEY

    def work(count: int) -> None:
        for _ in range(count):
            session.post(url + PATH, json=BODY, headers={"Idempotency-Key": str(uuid4())}).json()

    return work


def stripe_create(url: str) -> Work:
    """The stripe package, creating a customer with three parameters."""
    import stripe

    create = stripe.StripeClient(KEY, base_addresses={"api": url}).v1.customers.create

    def work(count: int) -> None:
        for _ in range(count):
            create({"name": "cust_8aZ2", "balance": 1000, "phone": "USD"}, {"idempotency_key": str(uuid4())})

    return work


def openai_post(url: str) -> Work:
    """The openai package's `client.post`, its answer as a dict."""
    import openai

    post = openai.OpenAI(api_key=KEY, base_url=url).post

    def work(count: int) -> None:
        for _ in range(count):
            post(PATH, body=BODY, cast_to=object, options={"headers": {"Idempotency-Key": str(uuid4())}})

    return work


def stock(url: str, package: str) -> Work:
    """The client that openapi-python-client generates from our document with its own templates."""
    from importlib import import_module

    root = import_module(package)
    module: Any = import_module(f"{package}.api.vinr_store_credit.vinr_store_credit_create")
    model: Any = import_module(f"{package}.models").VinrStoreCreditCreate
    client: Any = root.AuthenticatedClient(base_url=url, token=KEY, prefix="", auth_header_name="X-Api-Key")
    answer = module.sync(client=client, body=model(**BODY), idempotency_key="first")
    if type(answer).__name__ != "VinrStoreCredit":
        sys.exit(f"the generated client read {answer!r}")

    def work(count: int) -> None:
        for _ in range(count):
            module.sync(client=client, body=model(**BODY), idempotency_key=str(uuid4()))

    return work
