"""A mock, whole or with a defect, served in this process over HTTP, and the command run against it."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Generator, Iterator
from importlib import import_module
from typing import Any

import pytest

from http_library import httpx
from mutants import SPREE_TOKEN, VINR_KEY, Mutant
from served_mock import CONTROL_TOKEN
from store_credit_mock import Contract, Engine, Options
from store_credit_mock.cli import main
from store_credit_mock.contract import Document, ExchangeValidator
from store_credit_mock.httpx_transport import EngineTransport
from store_credit_mock.server.app import App
from store_credit_mock.server.gateway import Gateway
from store_credit_mock.server.run import Server
from store_credit_mock.systems.outbox import Delivery
from store_credit_mock.systems.vinr.webhook_deliveries import OUTBOX

Serve = Callable[..., str]
Verify = Callable[..., tuple[int, str]]
VARIABLES = (
    "VINR_SECRET_KEY",
    "SPREE_TOKEN",
    "SPREE_ORDER_TOKEN",
    "SPREE_CUSTOMER_TOKEN",
    "STORE_CREDIT_MOCK_CONTROL_TOKEN",
)


class InThread(Server):
    """A server that is not in the main thread, whose signals are not its business."""

    mutant: Any = None

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        yield

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        # What delivers webhooks has the whole engine by now.
        if self.mutant is not None:
            self._app.gateway = Gateway(self.mutant)


@pytest.fixture
def engine(store_credit_mock_contract: Contract) -> Iterator[Engine]:
    """A whole mock."""
    made = Engine(store_credit_mock_contract, None, Options(spree_token=SPREE_TOKEN, control_token=CONTROL_TOKEN))
    yield made
    made.close()


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serve an engine or a mutant; returns the address."""
    running: list[tuple[InThread, threading.Thread]] = []

    def start(mock: Engine | Mutant) -> str:
        listening, address = threading.Event(), []

        def ready(host: str, port: int) -> None:
            address.append(f"http://{host}:{port}")
            listening.set()

        whole = mock.engine if isinstance(mock, Mutant) else mock
        server = InThread(App(whole), "127.0.0.1", 0, ready)
        server.mutant = mock
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        running.append((server, thread))
        assert listening.wait(10)
        return address[0]

    yield start
    for server, thread in running:
        server.should_exit = True
        thread.join(10)


class Inside(EngineTransport):
    """Answers without a socket, and delivers webhooks as a server does."""

    def __init__(self, mock: Engine | Mutant) -> None:
        super().__init__(mock)  # pyright: ignore[reportArgumentType]
        self._whole: Any = getattr(mock, "engine", mock)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = super().handle_request(request)
        if self._whole.sandbox.setting("vinr.endpoints"):
            OUTBOX.deliver(self._whole, self._send)
        return answer

    def _send(self, delivery: Delivery) -> int:
        return httpx.post(delivery.url, content=delivery.body, headers=delivery.headers, trust_env=False).status_code


@pytest.fixture
def reach(monkeypatch: pytest.MonkeyPatch) -> Serve:
    """Let the command's requests be answered by an engine or a mutant of this process; returns an address."""

    def answer(mock: Engine | Mutant) -> str:
        # By the name of the module: after a test that imported it anew, the package may hold another copy of it than
        # the one that the command imports.
        runner = import_module("store_credit_mock.verify.runner")
        monkeypatch.setattr(runner, "DeadlineTransport", lambda seconds, ca: Inside(mock))
        return "http://127.0.0.1:9"

    return answer


@pytest.fixture(scope="session")
def validator() -> ExchangeValidator:
    """The document compiled, once for all runs: it takes most of a run's time."""
    return ExchangeValidator(Document.read())


@pytest.fixture
def verify(validator: ExchangeValidator, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Verify:
    """Run the command; returns its exit code and all it said."""
    monkeypatch.setattr("store_credit_mock.verify.command.ExchangeValidator", lambda document: validator)
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: str) -> tuple[int, str]:
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(["verify", *arguments])
        captured = capfd.readouterr()
        assert isinstance(ended.value.code, int)
        print(captured.out)
        return int(ended.value.code), captured.out + captured.err

    return run


def credentials(system: str) -> list[str]:
    """The options that open a mock of these tests."""
    return ["--system", system, *(["--key", VINR_KEY] if system == "vinr" else ["--token", SPREE_TOKEN])]
