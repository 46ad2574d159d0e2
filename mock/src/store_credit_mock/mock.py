"""The mock inside this process, with ready clients of every system."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from store_credit_mock.contract import Contract
from store_credit_mock.factory import Engine, systems_of
from store_credit_mock.in_process import InProcess
from store_credit_mock.sandbox import Options
from store_credit_mock.storage import Storage
from store_credit_mock.systems.outbox import Delivery
from store_credit_mock.systems.spree.clients import SPREE_TOKEN, SPREE_URL, SpreeClients
from store_credit_mock.systems.spree_v3.clients import SPREE_PUBLISHABLE_KEY, SPREE_SECRET_KEY, SpreeV3Clients
from store_credit_mock.systems.vinr.clients import VINR_KEY, VINR_URL, VinrClients

__all__ = [
    "SPREE_PUBLISHABLE_KEY",
    "SPREE_SECRET_KEY",
    "SPREE_TOKEN",
    "SPREE_URL",
    "VINR_KEY",
    "VINR_URL",
    "Mock",
    "options_of",
]


def options_of(options: Options | None, chosen: Mapping[str, Any], contract: Contract | None = None) -> Options:
    """Make the options of a mock from either form, with the tokens of the ready clients its document has a use for.

    Raises:
        TypeError: There are both.
        ValueError: One of them is not valid, or a fixtures file cannot be read.
    """
    if options is not None and chosen:
        raise TypeError(f"pass either options or {', '.join(chosen)}, but not both")
    if options is None:
        fixtures = chosen.get("fixtures")
        if isinstance(fixtures, str | Path):
            from store_credit_mock.control.client import read_fixtures

            chosen = {**chosen, "fixtures": read_fixtures(Path(fixtures))}
        options = Options(**chosen)
    has_spree = contract is None or any(system.name == "spree" for system in systems_of(contract))
    given = "spree_token" in options.of_systems or not has_spree
    return options if given else options.also(spree_token=SPREE_TOKEN)


class Mock(InProcess, VinrClients, SpreeClients, SpreeV3Clients):
    """One isolated sandbox with ready clients. No socket, no thread, no waiting.

    ```python
    def test_issue(store_credit_mock):
        credit = store_credit_mock.vinr.store_credit.create(customer="cust_8aZ2", amount=1000, currency="USD")
        store_credit_mock.control.vinr.buy("cust_8aZ2", 400, "USD")
        assert store_credit_mock.vinr.store_credit.retrieve(credit.id).balance_remaining == 600
    ```

    Args:
        contract: The compiled document; sharing one makes a new mock cost about a millisecond.
        storage: Where state is kept; in memory if None.
        options: How it behaves; `Options(seed=1)` makes it deterministic.
        fail_on_violations: Whether leaving the `with` block raises if an exchange broke the OpenAPI document.
        chosen: The same as options, by name: `Mock(seed=1, strict=False, profile="4.10")`. `fixtures` may name a file.

    Raises:
        StorageError: The storage cannot be used.
        TypeError: Options were given as a whole and by name.
        ValueError: An option is not valid.
    """

    def __init__(
        self,
        contract: Contract | None = None,
        storage: Storage | None = None,
        options: Options | None = None,
        *,
        fail_on_violations: bool = False,
        **chosen: Any,
    ) -> None:
        engine = Engine(contract, storage, options_of(options, chosen, contract))
        super().__init__(engine, fail_on_violations=fail_on_violations)

    @property
    def spree_token(self) -> str:
        """The admin bearer of Spree's Platform API."""
        return self.engine.sandbox.of_systems["spree_token"]

    @property
    def spree_secret_key(self) -> str:
        """The secret key of Spree's API v3 that opens everything."""
        return self.engine.sandbox.of_systems["spree_v3_secret_key"]

    @property
    def spree_publishable_key(self) -> str:
        """The publishable key of Spree's API v3."""
        return self.engine.sandbox.of_systems["spree_v3_publishable_key"]

    def receive(self, receiver: Callable[[bytes, Mapping[str, str]], Any], url: str = "https://receiver.test/") -> str:
        """Have events delivered to a function; returns the secret they are signed with.

        Args:
            receiver: Gets body and headers. A status, or any other value for 200; an exception counts as no response.
            url: Tells receivers apart.
        """

        def take(delivery: Delivery) -> int:
            status = receiver(delivery.body, delivery.headers)
            return status if isinstance(status, int) and not isinstance(status, bool) else 200

        self.receivers[url] = take
        return self.control.vinr.add_endpoint(url).secret
