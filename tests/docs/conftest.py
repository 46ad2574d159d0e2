"""The site, built once for all tests that look at it."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from pagetree import Tree

from store_credit_mock.contract import Document
from store_credit_tools.docs_site.build import build_site


@pytest.fixture(scope="session")
def files() -> Mapping[str, bytes]:
    """Every file of the site by its path."""
    return build_site()


@pytest.fixture(scope="session")
def trees(files: Mapping[str, bytes]) -> Mapping[str, Tree]:
    """Every HTML page by its path, read as a browser reads it."""
    return {path: Tree(content.decode()) for path, content in files.items() if path.endswith(".html")}


@pytest.fixture(scope="session")
def document() -> Document:
    """The document the site is made from."""
    return Document.read()
