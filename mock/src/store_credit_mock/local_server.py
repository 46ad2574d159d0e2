"""The mock on a socket of this machine, for code that sends requests with whatever it likes."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, Self

from store_credit_mock.contract import Contract
from store_credit_mock.environment import Variables
from store_credit_mock.factory import Engine
from store_credit_mock.http_libraries import Backend, library
from store_credit_mock.mock import Mock, options_of
from store_credit_mock.sandbox import Options
from store_credit_mock.storage import open_storage
from store_credit_mock.systems.outbox import Attempt, Delivery

if TYPE_CHECKING:
    import httpx

    from store_credit_mock.control import Control
    from store_credit_mock.server.background import BackgroundServer
    from store_credit_mock.server.webhook_receiver import WebhookReceiver

__all__ = ["Server"]

_PROXIES: Final = ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")


class Server(Mock):
    """The mock over HTTP in a thread of this process, from `start` to `stop`.

    ```python
    with Server(seed=7) as server:
        requests.get(f"{server.url}/v1/store-credit", headers={"X-Api-Key": "sk_test_any"})
        store_credit.VinrClient().store_credit.list()  # finds it by VINR_BASE_URL and VINR_SECRET_KEY
    ```

    It can be started in any thread, and in a program of asyncio, whose loop it does not use; requests that such a
    program makes without awaiting block that program, not the server. Everything a `Mock` offers is there too.

    Args:
        contract: The compiled document; sharing one saves making it.
        options: How it behaves.
        db: Where state is kept, as `serve --db` takes it. In memory each start begins anew.
        host: An address of this machine.
        port: 0 takes any free one.
        environment: Whether the variables by which clients find the mock are set while it runs, and put back
            afterwards: `VINR_BASE_URL`, `VINR_SECRET_KEY`, `SPREE_URL`, `SPREE_TOKEN`,
            `STORE_CREDIT_MOCK_CONTROL_TOKEN`. Where the environment names a proxy, `NO_PROXY` is set, too.
        fail_on_violations: Whether leaving the `with` block raises if an exchange broke the OpenAPI document.
        chosen: The same as options, by name: `Server(seed=1, strict=False)`.

    Raises:
        TypeError: Options were given as a whole and by name.
        ValueError: An option is not valid.
    """

    def __init__(
        self,
        contract: Contract | None = None,
        options: Options | None = None,
        *,
        db: str = ":memory:",
        host: str = "127.0.0.1",
        port: int = 0,
        environment: bool = True,
        fail_on_violations: bool = False,
        **chosen: Any,
    ) -> None:
        # Not what a `Mock` does: it has an engine from the start, a server from each start to the next stop.
        self._contract = contract
        self._options = options_of(options, chosen, contract)
        self._where = (db, host, port)
        self._environment = environment
        self._variables = Variables({})
        self._lock = Lock()
        self._running: BackgroundServer | None = None
        self._listening: list[WebhookReceiver] = []
        self._made: list[httpx.Client] = []
        self.fail_on_violations = fail_on_violations

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            if name in {"engine", "transport", "receivers", "_found"}:
                raise RuntimeError("the server was never started: call start(), or use the server in a `with` block")
            raise AttributeError(f"{type(self).__name__} has no attribute {name!r}")

    # From start to stop

    def start(self) -> Self:
        """Start it, and return once it takes requests.

        Raises:
            ImportError: The extra `server` is not installed.
            OSError: It cannot listen at that address.
            RuntimeError: It runs already.
            StorageError: The storage cannot be used.
            ValueError: An option is not valid.
        """
        from store_credit_mock.server.background import BackgroundServer

        with self._lock:
            if self._running is not None:
                raise RuntimeError(f"the server is already running, at {self._running.url}; stop it first")
            db, host, port = self._where
            engine = Engine(self._contract, open_storage(db), self._options)
            self._contract = engine.contract
            try:
                running = BackgroundServer(engine, host, port)
                running.start()
            except BaseException:
                engine.close()
                raise
            self._attach(engine)
            self._running = running
            if self._environment:
                self._variables = Variables(self._wanted(running.url))
                self._variables.set()
        return self

    def stop(self) -> None:
        """Answer what is under way, for up to two seconds, and stop; does nothing where it does not run.

        What was recorded can still be looked at; the sandbox is gone unless it is kept in a file or PostgreSQL.
        """
        with self._lock:
            running, self._running = self._running, None
            if running is None:
                return
            self._variables.put_back()
            running.stop()
            for receiver in self._listening:
                receiver.close()
            self._listening.clear()
            for client in self._made:
                client.close()
            self._made.clear()
            self.engine.close()
            # The next start is another mock, for which none of these may stand.
            for name in [*vars(self)]:
                if isinstance(getattr(type(self), name, None), cached_property):
                    delattr(self, name)

    def close(self) -> None:
        """Stop it."""
        self.stop()

    def __enter__(self) -> Self:
        return self.start()

    @property
    def url(self) -> str:
        """Where it listens, such as `http://127.0.0.1:40123`.

        Raises:
            RuntimeError: It does not run.
        """
        if self._running is None:
            raise RuntimeError("the server is not running: call start(), or use the server in a `with` block")
        return self._running.url

    def set_environment(self) -> None:
        """Set the variables once more: those of the server that was asked last count, and a test may change them."""
        if self._running is not None:
            self._variables.set()

    def _wanted(self, url: str) -> dict[str, str]:
        wanted = {"STORE_CREDIT_MOCK_CONTROL_TOKEN": self.engine.control.token}
        for system in self.engine.systems.values():
            wanted.update(system.environment(url, self.engine.sandbox))
        if any(os.environ.get(name) for name in _PROXIES):
            for name in ("NO_PROXY", "no_proxy"):
                wanted[name] = ",".join(filter(None, (os.environ.get(name), self._where[1])))
        return wanted

    # Clients

    def address(self, usual: str) -> str:  # noqa: ARG002 - every system is here
        """Return where clients send to: here."""
        return self.url

    def http_client(self, backend: Backend | None = None) -> Any:
        """Make an HTTP client that no setting of the environment leads elsewhere, closed with the server."""
        made = library(backend).Client(trust_env=False)
        self._made.append(made)
        return made

    def async_http_client(self, backend: Backend | None = None) -> Any:
        """Make the same for async code; whoever asked for it closes it."""
        return library(backend).AsyncClient(trust_env=False)

    @cached_property
    def _http(self) -> httpx.Client:
        return self.http_client()

    @cached_property
    def control(self) -> Control:
        """The control plane: customers, purchases, carts, snapshots and the rest."""
        from store_credit_mock.control import Control

        assert self._running is not None, self.url
        return Control.inside(self.engine.control, after=self._running.wake)

    # Webhooks

    def receive(self, receiver: Callable[[bytes, Mapping[str, str]], Any], url: str | None = None) -> str:
        """Have events delivered to a function as they come, in a thread; returns the secret they are signed with.

        Args:
            receiver: Gets body and headers. A status, or any other value for 200; an exception counts as no response.
            url: Not used: the function has an address of its own on this machine.
        """
        from store_credit_mock.server.webhook_receiver import WebhookReceiver

        del url

        def take(body: bytes, headers: Mapping[str, str]) -> int:
            status = receiver(body, headers)
            return status if isinstance(status, int) and not isinstance(status, bool) else 200

        listening = WebhookReceiver(take)
        self._listening.append(listening)
        return self.control.vinr.add_endpoint(listening.url).secret

    def deliver(self, limit: int = 100) -> list[Attempt]:
        """Send the deliveries that are due now and that the server, which sends them by itself, has not taken yet."""

        def send(delivery: Delivery) -> int:
            return self._http.post(delivery.url, content=delivery.body, headers=delivery.headers).status_code

        return self._deliver(send, limit)

    def __repr__(self) -> str:
        return f"<Server {'stopped' if self._running is None else self._running.url}>"
