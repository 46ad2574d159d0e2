"""Scripts of others that the reference pages carry, copied from the packages that are pinned in `docs/vendor/`.

`npm ci` checks each package by the hash in `docs/vendor/package-lock.json`. Nothing is edited on the way: a file of
`docs/vendor/` is, byte for byte, that of the package, and `CHECKSUMS` holds its SHA-256, so that a change by hand is
noticed without Node too. `scripts/lock` copies them again; `scripts/lock --vendor` does nothing else.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from bootstrap import ROOT
from store_credit_tools.node import install

__all__ = ["CHECKSUMS", "VENDOR", "banner", "packaged", "read_checksums", "vendor"]

VENDOR: Final = ROOT / "docs" / "vendor"
CHECKSUMS: Final = VENDOR / "SHA256SUMS"

_FILES: Final[Mapping[str, str]] = {
    "minisearch.js": "minisearch/dist/umd/index.js",
    "minisearch.LICENSE.txt": "minisearch/LICENSE.txt",
}
"""What is copied, by its name in `docs/vendor/`."""


def vendor() -> None:
    """Copy every file again, and write down what it is.

    Raises:
        NodeUnavailableError: Node is missing or too old, or a package is not the one that the lock pins.
    """
    files = packaged()
    for name, content in files.items():
        (VENDOR / name).write_bytes(content)
    lines = [f"{hashlib.sha256(content).hexdigest()}  {name}" for name, content in sorted(files.items())]
    CHECKSUMS.write_text("\n".join(lines) + "\n", "ascii")


def packaged() -> Mapping[str, bytes]:
    """Read the files as the packages have them, by their names in `docs/vendor/`.

    Raises:
        NodeUnavailableError: Node is missing or too old, or a package is not the one that the lock pins.
    """
    install(VENDOR)
    return {name: (VENDOR / "node_modules" / path).read_bytes() for name, path in _FILES.items()}


def read_checksums(path: Path = CHECKSUMS) -> Mapping[str, str]:
    """The SHA-256 of each file, as `scripts/lock` wrote them down."""
    pairs = (line.split("  ", 1) for line in path.read_text("ascii").splitlines())
    return {name: digest for digest, name in pairs}


def banner(package: str) -> str:
    """The comment above a package's code on the pages: its name, its version and its license in full."""
    version = json.loads((VENDOR / "package.json").read_text("utf-8"))["dependencies"][package]
    license_ = (VENDOR / f"{package}.LICENSE.txt").read_text("utf-8").strip()
    return f"/*! {package} {version}\n{license_}\n*/\n"
