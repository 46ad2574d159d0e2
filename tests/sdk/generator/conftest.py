"""Generating into a temporary folder: the document with additions, and the package made of it."""

import copy
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from bootstrap import ROOT

PACKAGE = ROOT / "sdk" / "src" / "store_credit"
BY_HAND = ("_core", "spree_webhooks.py", "webhooks.py", "py.typed")


def write(document: dict[str, Any], path: Path) -> Path:
    """Write a document; JSON is YAML, and much faster to write."""
    path.write_text(json.dumps(document, default=str), "utf-8")
    return path


def merge(document: dict[str, Any], addition: dict[str, Any]) -> dict[str, Any]:
    """Put an addition into a document, which is changed."""
    for key, value in addition.items():
        if isinstance(value, dict) and isinstance(document.get(key), dict):
            merge(document[key], value)
        else:
            document[key] = value
    return document


@pytest.fixture(scope="session")
def document() -> dict[str, Any]:
    """The document of the repository."""
    return YAML(typ="safe").load(ROOT / "openapi.yaml")


@pytest.fixture(scope="session")
def addition() -> dict[str, Any]:
    """An operation of a resource that is there, and new resources."""
    return YAML(typ="safe").load(Path(__file__).with_name("addition.yaml"))


@pytest.fixture(scope="session")
def extended(document: dict[str, Any], addition: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package as it is generated from the document with the addition."""
    from store_credit_tools.generate.sdk import generate_sdk

    folder = tmp_path_factory.mktemp("extended")
    written = write(merge(copy.deepcopy(document), addition), folder / "openapi.yaml")
    package = folder / "store_credit"
    generate_sdk(written, package)
    for name in BY_HAND:
        source = PACKAGE / name
        if source.is_dir():
            shutil.copytree(source, package / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(source, package / name)
    return folder


@pytest.fixture(scope="session")
def refusal(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Any], str]:
    """Says why a document is refused."""
    from store_credit_tools.generate.parsed import GenerationError
    from store_credit_tools.generate.sdk import generate_sdk

    def reason(given: Any) -> str:
        folder = tmp_path_factory.mktemp("refused")
        path = given if isinstance(given, Path) else write(given, folder / "openapi.yaml")
        with pytest.raises(GenerationError) as raised:
            generate_sdk(path, folder / "store_credit")
        return str(raised.value)

    return reason


@pytest.fixture(scope="session")
def run() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs Python with arguments and variables."""

    def python(*arguments: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *arguments], env={**os.environ, **variables}, capture_output=True, text=True, check=False
        )

    return python
