"""A mock, whole or with a defect, served in this process over HTTP, and the command run against it."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Generator, Iterator
from typing import Any

import pytest

from mutants import SPREE_TOKEN, VINR_KEY, Mutant
from served import CONTROL_TOKEN
from store_credit_mock import Contract, Engine, Options
from store_credit_mock.cli import main
from store_credit_mock.server import App, Server

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
            self._app.engine = self.mutant


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


@pytest.fixture
def verify(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Verify:
    """Run the command; returns its exit code and all it said."""
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
