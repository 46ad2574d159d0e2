"""The small document compiled, alone and beside another version of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from store_credit_mock import Contract, Document

from .small import SMALL


@pytest.fixture(scope="session")
def small_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small document as a file."""
    path = tmp_path_factory.mktemp("document") / "openapi.yaml"
    path.write_text(SMALL)
    return path


@pytest.fixture(scope="session")
def small(small_file: Path) -> Contract:
    """The small document, compiled."""
    return Contract(Document.read(small_file))


@pytest.fixture(scope="session")
def later(tmp_path_factory: pytest.TempPathFactory) -> Contract:
    """Its next version."""
    path = tmp_path_factory.mktemp("later") / "openapi.yaml"
    path.write_text(SMALL.replace("version: 1.0.0", "version: 1.1.0"))
    return Contract(Document.read(path))
