"""What the tests of scripts/replay share: the document, recordings to alter, and folders to put them in."""

import asyncio
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bootstrap import ROOT
from store_credit_mock.contract import Document
from store_credit_mock.recording import ExchangeFile, read_file
from store_credit_tools.replay.sdk.expectations import Promises

RECORDINGS = ROOT / "tests" / "recordings"


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clients see no credentials of the person who runs the tests."""
    for name in ("SPREE_TOKEN", "SPREE_URL", "VINR_BASE_URL", "VINR_SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def document() -> Document:
    """`openapi.yaml`."""
    return Document.read()


@pytest.fixture(scope="session")
def promises(document: Document) -> Promises:
    """What replaying asks the document for."""
    return Promises(document)


@pytest.fixture(scope="session")
def runner() -> Iterator[asyncio.Runner]:
    """The loop the async client runs on."""
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="session")
def recordings() -> Path:
    """The folder of this repository's own recordings."""
    return RECORDINGS


@pytest.fixture
def recorded() -> Callable[[str], dict[str, Any]]:
    """Reads a recorded exchange as plain data, to be altered."""
    return lambda name: json.loads((RECORDINGS / f"{name}.json").read_text("utf-8"))


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    """Writes exchanges into a folder, each under the name it is given by, and nothing beside them."""

    def write(**exchanges: object) -> Path:
        for name, exchange in exchanges.items():
            (tmp_path / f"{name}.json").write_text(json.dumps(exchange), "utf-8")
        return tmp_path

    return write


@pytest.fixture
def exchange(tmp_path: Path) -> Callable[[object], ExchangeFile]:
    """Turns plain data into an exchange, as reading its file does."""

    def read(data: object) -> ExchangeFile:
        path = tmp_path / "exchange.json"
        path.write_text(json.dumps(data), "utf-8")
        return read_file(path)

    return read
