"""What the tests of the document share: the document, what validates against it, and what was recorded."""

import re
from collections.abc import Mapping, Sequence

import pytest

from bootstrap import ROOT
from store_credit_mock.contract import Document, ExchangeValidator
from store_credit_mock.contract.document import compile_yaml
from store_credit_mock.recording import ExchangeFile, read_files

RECORDINGS = ROOT / "tests" / "recordings"


def pytest_addoption(parser: pytest.Parser) -> None:
    """What `test_breaking_changes.py` explains."""
    parser.addoption("--release-document", action="store_true", help="write down what openapi.yaml promises now")


def step_of(name: str) -> str:
    """The name of the step that an exchange is of, whichever run it was recorded in."""
    return re.sub(r"\.(?:spree\d+|nocache|postgresql)\b", "", name)


@pytest.fixture(scope="session")
def document() -> Document:
    """`openapi.yaml`."""
    return Document.read()


@pytest.fixture(scope="session")
def decisions() -> Mapping[str, Mapping[str, str]]:
    """`docs/decisions.yaml`."""
    return compile_yaml((ROOT / "docs" / "decisions.yaml").read_bytes(), "decisions.yaml")["data"]


@pytest.fixture(scope="session")
def validator(document: Document) -> ExchangeValidator:
    """Validates exchanges: what breaks the OpenAPI document is a violation, what it does not mention a note."""
    return ExchangeValidator(document)


@pytest.fixture(scope="session")
def exchanges() -> Sequence[ExchangeFile]:
    """Every recorded exchange."""
    return read_files(RECORDINGS)
