"""One call over a loopback socket: the same VINR create, or what comes nearest to it in somebody else's SDK.

Everybody sends three fields, other values in each call, with an API key and a fresh idempotency key, and reads the
response into whatever its users get.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from importlib import import_module
from itertools import count
from typing import Any, Literal, TypeAlias
from uuid import uuid4

__all__: list[str] = []

Work = Callable[[int], None]
Backend: TypeAlias = Literal["httpx", "httpx2"]

KEY = "sk_test_loopback"
PATH = "/v1/store-credit"
_numbers = count()


def body() -> dict[str, Any]:
    """Three fields that no call has had before."""
    number = next(_numbers)
    return {"customer": f"cust_{number}", "amount": 1000 + number % 90_000, "currency": "USD"}


def _awaited(call: Callable[[], Awaitable[object]]) -> Work:
    loop = asyncio.new_event_loop()

    async def several(times: int) -> None:
        for _ in range(times):
            await call()

    return lambda times: loop.run_until_complete(several(times))


def ours(url: str, backend: Backend = "httpx") -> Work:
    """Our sync client."""
    from store_credit import VinrClient

    create = VinrClient(KEY, base_url=url, backend=backend).store_credit.create

    def work(times: int) -> None:
        for _ in range(times):
            create(**body())

    return work


def ours_async(url: str, backend: Backend = "httpx") -> Work:
    """Our async client, one call after the other."""
    from store_credit import AsyncVinrClient

    create = AsyncVinrClient(KEY, base_url=url, backend=backend).store_credit.create
    return _awaited(lambda: create(**body()))


def httpx_post(url: str, backend: Backend = "httpx") -> Work:
    """`httpx.Client.post(...).json()`, or the same of httpx2."""
    client: Any = import_module(backend).Client(headers={"X-Api-Key": KEY})

    def work(times: int) -> None:
        for _ in range(times):
            client.post(url + PATH, json=body(), headers={"Idempotency-Key": str(uuid4())}).json()

    return work


def httpx_post_async(url: str, backend: Backend = "httpx") -> Work:
    """`(await httpx.AsyncClient.post(...)).json()`, or the same of httpx2."""
    client: Any = import_module(backend).AsyncClient(headers={"X-Api-Key": KEY})

    async def call() -> None:
        (await client.post(url + PATH, json=body(), headers={"Idempotency-Key": str(uuid4())})).json()

    return _awaited(call)


def _bare_parts(url: str) -> tuple[list[tuple[bytes, bytes]], bytes]:
    content = json.dumps(body(), separators=(",", ":")).encode()
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

    def work(times: int) -> None:
        for _ in range(times):
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


def ours_wrapped(url: str) -> Work:
    """Our sync client where monitoring has wrapped `httpx.Client.send`."""
    _wrap()
    return ours(url)


def httpx_post_wrapped(url: str) -> Work:
    """`httpx.Client.post(...).json()` with the same wrapper."""
    _wrap()
    return httpx_post(url)


def _wrap() -> None:
    """Do what monitoring does: put a function around `httpx.Client.send`, here one that does nothing itself."""
    import httpx

    send = httpx.Client.send

    def wrapped(self: httpx.Client, request: httpx.Request, **options: Any) -> httpx.Response:
        return send(self, request, **options)

    httpx.Client.send = wrapped  # type: ignore[method-assign]


def ours_deadline(url: str) -> Work:
    """Our sync client with a deadline, which costs a thread for each attempt."""
    from store_credit import VinrClient

    create = VinrClient(KEY, base_url=url, deadline=30).store_credit.create

    def work(times: int) -> None:
        for _ in range(times):
            create(**body())

    return work


def ours_async_deadline(url: str) -> Work:
    """Our async client with a deadline."""
    from store_credit import AsyncVinrClient

    create = AsyncVinrClient(KEY, base_url=url, deadline=30).store_credit.create
    return _awaited(lambda: create(**body()))


def ours_limited(url: str) -> Work:
    """Our sync client after a first 429, at a rate that nobody has to wait for."""
    from store_credit import VinrClient

    client = VinrClient(KEY, base_url=url)
    settings = client._settings  # pyright: ignore[reportPrivateUsage]
    settings.gates.gate(settings.credential.current, writes=True).rate = 1e9
    create = client.store_credit.create

    def work(times: int) -> None:
        for _ in range(times):
            create(**body())

    return work


def requests_post(url: str) -> Work:
    """`requests.Session.post(...).json()`."""
    import requests

    session = requests.Session()
    session.headers["X-Api-Key"] = KEY

    def work(times: int) -> None:
        for _ in range(times):
            session.post(url + PATH, json=body(), headers={"Idempotency-Key": str(uuid4())}).json()

    return work


def stripe_create(url: str) -> Work:
    """The stripe package, creating a customer with three parameters."""
    import stripe

    create = stripe.StripeClient(KEY, base_addresses={"api": url}).v1.customers.create

    def work(times: int) -> None:
        for _ in range(times):
            sent = body()
            fields = {"name": sent["customer"], "balance": sent["amount"], "phone": sent["currency"]}
            create(fields, {"idempotency_key": str(uuid4())})  # pyright: ignore[reportArgumentType]

    return work


def openai_post(url: str) -> Work:
    """The openai package's `client.post`, its response as a dict."""
    import openai

    post = openai.OpenAI(api_key=KEY, base_url=url).post

    def work(times: int) -> None:
        for _ in range(times):
            post(PATH, body=body(), cast_to=object, options={"headers": {"Idempotency-Key": str(uuid4())}})

    return work


def stock(url: str, package: str) -> Work:
    """The client that openapi-python-client generates from our document with its own templates."""
    root = import_module(package)
    module: Any = import_module(f"{package}.api.vinr_store_credit.vinr_store_credit_create")
    model: Any = import_module(f"{package}.models").VinrStoreCreditCreate
    client: Any = root.AuthenticatedClient(base_url=url, token=KEY, prefix="", auth_header_name="X-Api-Key")
    answer = module.sync(client=client, body=model(**body()), idempotency_key="first")
    if type(answer).__name__ != "VinrStoreCredit":
        sys.exit(f"the generated client read {answer!r}")

    def work(times: int) -> None:
        for _ in range(times):
            module.sync(client=client, body=model(**body()), idempotency_key=str(uuid4()))

    return work
