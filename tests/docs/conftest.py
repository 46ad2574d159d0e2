"""The site, built once for all tests that look at it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from pagetree import Tree

from bootstrap import ROOT
from store_credit_mock.contract import Document
from store_credit_tools.docs_site.build import build_site

QUIET = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def files() -> Mapping[str, bytes]:
    """Every file of the site by its path."""
    return build_site()


@pytest.fixture(scope="session")
def trees(files: Mapping[str, bytes]) -> Mapping[str, Tree]:
    """Every HTML page by its path, read as a browser reads it; 404.html, which is no page of the site, is left out."""
    paths = [path for path in files if path.endswith(".html") and path != "404.html"]
    return {path: Tree(files[path].decode()) for path in paths}


@pytest.fixture(scope="session")
def document() -> Document:
    """The document the site is made from."""
    return Document.read()


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser of this machine; nothing is downloaded."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name)
        if found is not None:
            return found
    pytest.skip("chromium is not installed, so that nobody looked at the pages in a browser")


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The site beside a mock, as `scripts/docs --serve` shows it: its address, and its folder."""
    folder = tmp_path_factory.mktemp("browser") / "site"
    command = [sys.executable, str(ROOT / "scripts" / "docs"), "--serve", "--port", "0", "--out", str(folder)]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        said = [process.stdout.readline(), process.stdout.readline()]
        found = re.match(r"(http://127\.0\.0\.1:\d+/) ", said[1])
        assert found, said
        yield found[1], folder
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()


@pytest.fixture(scope="session")
def browser_arguments() -> list[str]:
    """What Chromium is started with: no background traffic, and as root no sandbox, for which it has no namespace."""
    alone = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    return QUIET + alone
