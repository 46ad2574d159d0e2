"""A client at a shop whose clock the test moves, and calls of it whose outcome is unknown."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import anyio
import pytest

from http_library import httpx
from sample_calls import SPREE_CREATE as ANY_CREATE
from shops import Fate, VinrShop
from store_credit import (
    AsyncSpreeClient,
    AsyncVinrClient,
    OutcomeUnknownError,
    SpreeClient,
    VinrClient,
)
from virtual import World

__all__ = ["BOTH", "KEY", "LOST", "SPREE_CREATE", "UNHEARD", "Desk", "begun", "fates"]


SPREE_CREATE = {**ANY_CREATE, "amount": Decimal("25.00")}
KEY = "sk_test_1"


class Desk:
    """A client of one kind at a shop, with the shop's clock; its calls are made blocking or awaited.

    Args:
        kind: `sync` or `async`.
        shop: The shop.
        world: The clock.
    """

    def __init__(self, kind: str, shop: Any, world: World) -> None:
        self.kind, self.shop, self.world = kind, shop, world
        self.waits: list[float] = []

    def _sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.world.passed += seconds + 1e-6

    async def _nap(self, seconds: float) -> None:
        self._sleep(seconds)

    def client(self, **settings: Any) -> Any:
        """A new client, as another process has one."""
        vinr = isinstance(self.shop, VinrShop)
        made: dict[str, Any] = {"api_key": KEY, "base_url": "http://vinr.test"} if vinr else {}
        made = made or {"token": "admin", "base_url": "http://spree.test"}
        if self.kind == "sync":
            http_client: Any = httpx.Client(transport=httpx.MockTransport(self.shop))
            sync = VinrClient if vinr else SpreeClient
            client: Any = sync(**{**made, "http_client": http_client, **settings})
            client._transport.sleep = self._sleep
        else:
            http_client = httpx.AsyncClient(transport=httpx.MockTransport(self.shop.awaited))
            asynchronous = AsyncVinrClient if vinr else AsyncSpreeClient
            client = asynchronous(**{**made, "http_client": http_client, **settings})
            client._transport.sleep = self._nap
        client._settings.clock = self.world
        return client

    def run(self, call: Callable[[], Any]) -> Any:
        """What a call gives."""
        if self.kind == "sync":
            return call()

        async def awaited() -> Any:
            return await call()

        return anyio.run(awaited)

    def lost(self, client: Any, **arguments: Any) -> OutcomeUnknownError:
        """The error of a create whose outcome is unknown."""
        if isinstance(self.shop, VinrShop):
            given = {"customer": "cust_1", "amount": 1000, "currency": "USD", **arguments}
            create = client.store_credit.create
        else:
            given = {**SPREE_CREATE, **arguments}
            create = client.store_credits.create
        with pytest.raises(OutcomeUnknownError) as raised:
            self.run(lambda: create(**given))
        return raised.value

    def settle(self, client: Any, error: Any, **options: Any) -> Any:
        """What settling gives."""
        return self.run(lambda: client.settle(error, **options))


def fates(*prepared: Fate) -> Callable[[Any], Fate]:
    """Fates of creates, one after another; those that follow are done."""
    left = list(prepared)
    return lambda request: left.pop(0) if left else ("done", 0.0)


BOTH = pytest.mark.parametrize("desk", ["sync", "async"], indirect=True)
"""Where the two drivers do something: they send, wait, ask for a key, and hand on an error."""


def begun(at: Desk, **arguments: Any) -> tuple[Desk, Any, OutcomeUnknownError]:
    """A desk, a client at it, and the error of its create whose outcome is unknown."""
    client = at.client()
    return at, client, at.lost(client, **arguments)


LOST: Fate = ("lost before", 0)
UNHEARD: Fate = ("lost after", 0)
