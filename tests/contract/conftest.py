"""What the tests of the document share: the document, its closed copy, and what was recorded."""

from collections.abc import Mapping, Sequence

import pytest

from bootstrap import ROOT
from store_credit_tools.contract import Checker, Document, Exchange, close, read_folder
from store_credit_tools.contract.document import read_yaml

RECORDINGS = ROOT / "tests" / "recordings"


def pytest_addoption(parser: pytest.Parser) -> None:
    """What `test_breaking_changes.py` explains."""
    parser.addoption("--release-document", action="store_true", help="write down what openapi.yaml promises now")


@pytest.fixture(scope="session")
def document() -> Document:
    """`openapi.yaml`."""
    return Document.read()


@pytest.fixture(scope="session")
def decisions() -> Mapping[str, Mapping[str, str]]:
    """`docs/decisions.yaml`."""
    return read_yaml(ROOT / "docs" / "decisions.yaml")


@pytest.fixture(scope="session")
def checker(document: Document) -> Checker:
    """Checks against the document as it is: what a client may send, and what it has to bear."""
    return Checker(document)


@pytest.fixture(scope="session")
def closed_checker(document: Document) -> Checker:
    """Checks against the closed copy, so that an unknown member of a response is a violation."""
    return Checker(close(document))


@pytest.fixture(scope="session")
def exchanges() -> Sequence[Exchange]:
    """Every recorded exchange."""
    return list(read_folder(RECORDINGS))
