"""The scripts of the search: which engine it is, what a page loads, and what the box does with text."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Mapping

import pytest

from bootstrap import ROOT
from store_credit_tools.node import NodeUnavailableError
from store_credit_tools.vendor import VENDOR, banner, packaged, read_checksums

Files = Mapping[str, bytes]

SCRIPTS = ("minisearch.js", "search.js", "search-index.js")


def test_no_text_of_a_result_becomes_html(files: Files) -> None:
    """The box is made of nodes."""
    scripts = b"".join(files[f"assets/{name}.js"] for name in ("search-box", "search"))
    assert not [
        word for word in (b"innerHTML", b"outerHTML", b"insertAdjacentHTML", b"document.write") if word in scripts
    ]
    assert files["assets/site.js"].count(b"innerHTML") == 1, "samples that were highlighted when the site was built"
    assert b'make("mark"' in files["assets/search-box.js"]


def test_the_search_opens_by_three_shortcuts(files: Files) -> None:
    """As assistive technology is told; tests/docs/browser/checks.mjs presses them."""
    assert b'"aria-keyshortcuts","/ Control+K Meta+K"' in files["assets/site.js"]


# The engine


def test_the_engine_is_the_file_of_its_package(files: Files) -> None:
    """Unchanged since it was copied, and with its license where readers get it."""
    digests = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in VENDOR.glob("minisearch.*")}

    assert digests == read_checksums()
    assert files["assets/minisearch.js"].decode().startswith(banner("minisearch"))
    assert "Permission is hereby granted" in banner("minisearch")


def test_the_engine_is_of_the_version_that_is_locked() -> None:
    lock = json.loads((VENDOR / "package-lock.json").read_text("utf-8"))["packages"]["node_modules/minisearch"]

    assert banner("minisearch").startswith(f"/*! minisearch {lock['version']}\n")
    assert lock["integrity"].startswith("sha512-")


@pytest.mark.toolchain
def test_the_engine_can_be_copied_again() -> None:
    """From the package, whose hash npm compares with the lock's."""
    try:
        files = packaged()
    except NodeUnavailableError as reason:
        pytest.skip(str(reason))
    assert {name: (VENDOR / name).read_bytes() for name in files} == files


# The budget


def test_a_page_loads_nothing_of_the_search_before_it_is_used(files: Files) -> None:
    """And what it then loads is printed: compressed, as a server sends it."""

    pages = [content for path, content in files.items() if path.endswith(".html")]
    loaded = ("search-box.js", *SCRIPTS)
    assert not [name for name in loaded for page in pages if name.encode() in page]
    assert b"searchBox=" in files["assets/search-box.js"]
    for name in loaded:
        whole = files[f"assets/{name}"]
        print(f"assets/{name}: {len(whole):,} bytes, {len(gzip.compress(whole, 9)):,} compressed")
    assert len(gzip.compress(files["assets/search-index.js"], 9)) <= 172_000
    assert sum(len(files[f"assets/{name}"]) for name in SCRIPTS[:2]) <= 40_000
    assert (ROOT / "docs" / "templates" / "assets" / "search.js").is_file()
