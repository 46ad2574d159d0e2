"""The guides about faults, proxies, coverage and the inspector: each command runs as printed, and prints what they say.

A page is followed from its top to its end, in one folder. `store-credit-mock serve` and `proxy` run until the page
starts the next proxy, or ends; only their ports are others than on the page.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bootstrap import ROOT
from served_mock import Served, served
from store_credit_mock import Mock
from store_credit_tools.readme_samples import samples

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="the commands were not run: curl is not installed")

GUIDES = ROOT / "docs" / "guides"
PAGES = ("testing-faults", "testing-inspector", "testing-validate", "testing-coverage")
MOCK, PROXY, REPLAY = (f"http://127.0.0.1:{port}" for port in (4010, 4011, 4012))
"""The addresses that the pages print."""
BLOCK = re.compile(r"^```(?P<language>\w+)[^\n]*\n(?P<code>.*?)^```$", re.DOTALL | re.MULTILINE)
COMMAND = re.compile(r"^\$ (?P<command>(?:[^\n]*\\\n)*[^\n]*)\n(?P<shown>(?:(?!\$ )[^\n]*\n)*)", re.MULTILINE)
SERVE, PROXIED = "store-credit-mock serve ", "store-credit-mock proxy "


@dataclass
class Folder:
    """Where the commands of a page run, and the addresses of what it has started."""

    path: Path
    addresses: dict[str, str]

    def pointed(self, text: str) -> str:
        """A text of the page with the addresses of this run."""
        for printed, own in self.addresses.items():
            text = text.replace(printed, own)
        return text

    def run(self, command: str) -> str:
        """Run a command of the page; gives what it prints, with the addresses of the page."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("STORE_CREDIT")}
        environment["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), environment["PATH"]])
        said = subprocess.run(
            ["bash", "-c", self.pointed(command)],
            cwd=self.path,
            env=environment | {"NO_PROXY": "127.0.0.1", "COLUMNS": "100"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        ).stdout
        for printed, own in self.addresses.items():
            said = said.replace(own, printed)
        return said


def page(slug: str) -> str:
    return (GUIDES / f"{slug}.md").read_text("utf-8")


def is_shown(said: str, shown: str) -> bool:
    """Whether a page shows what was printed; `...` stands for anything."""
    pattern = ".*?".join(map(re.escape, shown.strip().split("...")))
    return re.fullmatch(pattern, said.strip(), re.DOTALL) is not None


def commands(slug: str) -> Iterator[tuple[str, str]]:
    """The commands of a page, with what it says they print."""
    for block in BLOCK.finditer(page(slug)):
        if block["language"] == "console":
            yield from ((one["command"], one["shown"]) for one in COMMAND.finditer(block["code"]))
