"""Run what the npm packages that are pinned in this repository bring, installing them on first use.

The packages (Prism in `mock/prism/`, linters in `scripts/linters/`, Spree's own client in `tests/interop/`, other
people's tools for OpenAPI documents in `tests/interop/document/`, what drives a browser and validates pages in
`tests/docs/browser/`, what rates them in `tests/docs/lighthouse/`, and the origin of what `docs/vendor/` holds) are
for development only. Without Node everything else works: callers catch
`NodeUnavailableError` and say aloud what they skip.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from bootstrap import ROOT, alone

__all__ = [
    "BROWSER",
    "DOCUMENT_TOOLS",
    "JAVASCRIPT",
    "LIGHTHOUSE",
    "LINTERS",
    "PRISM",
    "NodeUnavailableError",
    "command",
    "install",
    "node",
    "program",
]

BROWSER = ROOT / "tests" / "docs" / "browser"
DOCUMENT_TOOLS = ROOT / "tests" / "interop" / "document"
JAVASCRIPT = ROOT / "tests" / "interop"
LIGHTHOUSE = ROOT / "tests" / "docs" / "lighthouse"
LINTERS = ROOT / "scripts" / "linters"
PRISM = ROOT / "mock" / "prism"

# The oldest major version of Node that the pinned packages run on.
OLDEST_NODE = 20


class NodeUnavailableError(Exception):
    """No usable Node or npm, or the packages could not be installed; the text is the reason to print."""


def command(folder: Path, name: str) -> list[str]:
    """Give the start of a command line for one of a folder's commands, as `npx` in that folder would run it.

    Args:
        folder: One of the folders above.
        name: The command, for example `"prism"`.

    Raises:
        NodeUnavailableError: Node is missing or too old, or `npm ci` failed.
    """
    runs = node()
    _fetch(folder)
    script = folder / "node_modules" / ".bin" / name
    if not script.exists():
        raise NodeUnavailableError(f"{folder.relative_to(ROOT)} has no command {name}")
    # Started through node itself, so that the process we start is the one that does the work and can be ended.
    return [runs, str(script.resolve())] if os.name == "posix" else [str(script.with_suffix(".cmd"))]


def program(folder: Path, name: str) -> list[str]:
    """Give the start of a command line for a program of our own that uses the packages of its folder.

    Args:
        folder: One of the folders above.
        name: The file, for example `"calls.cjs"`.

    Raises:
        NodeUnavailableError: Node is missing or too old, or `npm ci` failed.
    """
    runs = node()
    _fetch(folder)
    return [runs, str(folder / name)]


def install(folder: Path) -> None:
    """Install a folder's packages as its lock pins them, hashes checked, into `node_modules/` of the folder.

    Args:
        folder: One with a `package-lock.json`.

    Raises:
        NodeUnavailableError: Node is missing or too old, or `npm ci` failed.
    """
    node()
    _fetch(folder)


def node() -> str:
    """Find Node.

    Raises:
        NodeUnavailableError: Node or npm is missing or too old.
    """
    found = shutil.which("node")
    if found is None or shutil.which("npm") is None:
        raise NodeUnavailableError(f"node or npm is not installed (Node {OLDEST_NODE} or newer is needed)")
    answer = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout
    major = re.match(r"v(\d+)\.", answer)
    if major is None or int(major[1]) < OLDEST_NODE:
        raise NodeUnavailableError(f"Node {OLDEST_NODE} or newer is needed, {found} is {answer.strip() or 'unusable'}")
    return found


def _fetch(folder: Path) -> None:
    lock = folder / "package-lock.json"
    stamp = folder / "node_modules" / ".installed-lock"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text("ascii") == wanted:
        return
    with alone(folder / "node_modules.lock"):
        if stamp.exists() and stamp.read_text("ascii") == wanted:
            return
        print(f"{folder.relative_to(ROOT)}: npm ci ...", file=sys.stderr, flush=True)
        npm = shutil.which("npm") or "npm"
        done = subprocess.run(
            # No package here needs its install script, and none gets to run one.
            [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            last = "\n".join(f"    {line}" for line in done.stdout.splitlines()[-15:])
            raise NodeUnavailableError(f"npm ci failed in {folder.relative_to(ROOT)}:\n{last}")
        stamp.write_text(wanted, "ascii")
