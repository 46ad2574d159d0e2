"""An engine inside this process with everything a test needs around it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Literal, Self, overload
from urllib.parse import urlsplit

from store_credit_mock.core.exchange_log import Exchange, ExchangeLog
from store_credit_mock.core.faults import Fault
from store_credit_mock.factory import Engine
from store_credit_mock.http_libraries import Backend, library
from store_credit_mock.httpx_transport import EngineTransport
from store_credit_mock.systems.outbox import Attempt, Delivery

if TYPE_CHECKING:
    import httpx
    import httpx2
    import respx

    from store_credit_mock.control import Control

__all__ = ["InProcess", "ViolationsFoundError", "report"]

_SHOWN: Final = 100
"""How many exchanges that broke the OpenAPI document are shown at most."""


class ViolationsFoundError(AssertionError):
    """Exchanges broke the OpenAPI document; the text lists them, redacted."""


class _Violations:
    """The exchanges that broke the document since they were last asked for, also those that a reset has cleared."""

    def __init__(self, log: ExchangeLog) -> None:
        self._count = 0
        self._kept: list[Exchange] = []
        log.everywhere.append(self._add)

    def _add(self, exchange: Exchange, sandbox: str) -> None:
        del sandbox
        if exchange.violations:
            self._count += 1
            if self._count <= _SHOWN:
                self._kept.append(exchange)

    def take(self) -> str:
        """List them, and begin anew; empty if there is none."""
        count, kept = self._count, self._kept
        self._count, self._kept = 0, []
        if not count:
            return ""
        more = f"\n(and {count - len(kept)} more)" if count > len(kept) else ""
        return (
            f"{count} exchange{'s' * (count > 1)} violated the OpenAPI document:\n" + "\n".join(map(str, kept)) + more
        )


class InProcess:
    """One sandbox without socket, thread or waiting, and HTTP clients that it responds to.

    Args:
        engine: What responds, playing whichever systems.
        fail_on_violations: Whether leaving the `with` block raises `ViolationsFoundError` if an exchange broke the
            document; worth most in observe mode, which lets such requests pass.
    """

    def __init__(self, engine: Engine, *, fail_on_violations: bool = False) -> None:
        self.fail_on_violations = fail_on_violations
        self._attach(engine)

    def _attach(self, engine: Engine) -> None:
        self.engine = engine
        self.transport = EngineTransport(engine)
        self.receivers: dict[str, Callable[[Delivery], int]] = {}
        """What gets the deliveries to an address, and returns the status of its response."""
        self._found = _Violations(engine.exchanges)

    # Clients

    @overload
    def http_client(self, backend: Literal["httpx"] | None = None) -> httpx.Client: ...

    @overload
    def http_client(self, backend: Literal["httpx2"]) -> httpx2.Client: ...

    def http_client(self, backend: Backend | None = None) -> httpx.Client | httpx2.Client:
        """Make an HTTP client whose every request the mock responds to.

        Args:
            backend: `httpx` or `httpx2`; without it the one that `STORE_CREDIT_BACKEND` names, or else httpx.

        Raises:
            ImportError: The library is not installed.
            ValueError: There is no such library.
        """
        return library(backend).Client(transport=self.transport)

    @overload
    def async_http_client(self, backend: Literal["httpx"] | None = None) -> httpx.AsyncClient: ...

    @overload
    def async_http_client(self, backend: Literal["httpx2"]) -> httpx2.AsyncClient: ...

    def async_http_client(self, backend: Backend | None = None) -> httpx.AsyncClient | httpx2.AsyncClient:
        """Make the same for async code."""
        return library(backend).AsyncClient(transport=self.transport)

    # What a test does to the sandbox

    @cached_property
    def control(self) -> Control:
        """The control plane: customers, purchases, carts, snapshots and the rest."""
        from store_credit_mock.control import Control

        return Control.inside(self.engine.control)

    def freeze(self, at: str | float | None = None) -> None:
        """Stop the clock: at ISO 8601 with a zone, at Unix seconds, or now."""
        self.control.freeze(at)

    def advance(self, seconds: float) -> None:
        """Move the clock ahead."""
        self.control.advance(seconds)

    def fault(self, operation: str = "*", **what: Any) -> Fault:
        """Schedule a fault, such as `fault("vinr.*.create", drop=True, when="after", nth=1)`; see `Fault`."""
        return self.engine.faults.add(Fault(operation, **what))

    @property
    def exchanges(self) -> ExchangeLog:
        """The last 1,000 exchanges, oldest first."""
        return self.engine.exchanges

    @property
    def violations(self) -> list[Exchange]:
        """Those of the exchanges that broke the OpenAPI document."""
        return [exchange for exchange in self.engine.exchanges if exchange.violations]

    def take_violations(self) -> str:
        """List the exchanges that broke the OpenAPI document since this was last called; empty if none did."""
        return self._found.take()

    def assert_no_violations(self) -> None:
        """Raise if an exchange broke the OpenAPI document since this was last asked.

        Raises:
            ViolationsFoundError: One did.
        """
        if text := self.take_violations():
            raise ViolationsFoundError(text)

    # Webhooks

    def deliver(self, limit: int = 100) -> list[Attempt]:
        """Send the deliveries that are due by the sandbox's clock; those of unknown endpoints get no response."""

        def send(delivery: Delivery) -> int:
            return self.receivers[delivery.url](delivery)

        return self._deliver(send, limit)

    def _deliver(self, send: Callable[[Delivery], int], limit: int) -> list[Attempt]:
        done: list[Attempt] = []
        for engine in self.engine.sandboxes.engines:
            for system in engine.systems.values():
                if (outbox := system.outbox) is not None:
                    done += outbox.deliver(engine, send, limit - len(done))
        return done

    # respx

    def respx(self, router: respx.Router) -> respx.Router:
        """Let a respx router send everything for the systems' hosts here. Returns the router."""
        hosts = [urlsplit(url).hostname for system in self.engine.systems.values() for url in system.base_urls]
        router.route(host__in=hosts).mock(side_effect=self.transport.handle_request)
        return router

    def close(self) -> None:
        """Let go of the storage."""
        self.engine.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.close()
        if kind is None and self.fail_on_violations:
            self.assert_no_violations()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.engine.exchanges!r}>"


def report(engine: Engine, last: int = 20) -> str:
    """What happened, for the report of a failed test: the last exchanges with what broke the OpenAPI document."""
    kept = list(engine.exchanges)
    lines = [f"{len(kept)} exchanges, {engine.exchanges.violations} with violations; the last {min(last, len(kept))}:"]
    for exchange in kept[-last:]:
        lines.append(str(exchange))
        if exchange.response.dropped:
            lines.append("    (the client got no response)")
    return "\n".join(lines)
