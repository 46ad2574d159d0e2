"""A mock served by its own command, in its own process."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import store_credit
from store_credit_mock.control import Control

__all__ = ["CONTROL_TOKEN", "SPREE_TOKEN", "Served", "given", "issued", "served", "start"]

CONTROL_TOKEN = "control-token-of-the-tests"
SPREE_TOKEN = "spree-token-of-the-tests"


class Served:
    """A running mock."""

    def __init__(self, process: subprocess.Popen[str], log: Any) -> None:
        self.process = process
        self._log = log
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, f"the mock did not start: {self.log()}"
        self.started: dict[str, Any] = json.loads(line)
        self.url: str = self.started["address"]
        self.control = Control.connect(self.url, self.started["control_token"])

    def log(self) -> str:
        """What it said on stderr so far."""
        return Path(self._log.name).read_text()

    def kill(self) -> None:
        """SIGKILL."""
        self.process.kill()
        self.end()

    def end(self) -> None:
        """See it end, and let go of its output."""
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(20)
        if self.process.stdout is not None:
            self.process.stdout.close()
        self._log.close()


def start(*options: str, environment: dict[str, str] | None = None) -> Served:
    """Start one on a free port, and wait until it says that it is ready."""
    command = [sys.executable, "-m", "store_credit_mock", "serve", "--json", *options]
    if "--uds" not in options and "--port" not in options:
        command += ["--port", "0"]
    for name, token in (("--control-token", CONTROL_TOKEN), ("--spree-token", SPREE_TOKEN)):
        variable = f"STORE_CREDIT_MOCK_SERVE_{name[2:].replace('-', '_').upper()}"
        if name not in options and variable not in (environment or {}):
            command += [name, token]
    log = tempfile.NamedTemporaryFile("a")  # noqa: SIM115 - closed with the process
    return Served(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, env=environment), log)


@contextlib.contextmanager
def served(*options: str, environment: dict[str, str] | None = None) -> Iterator[Served]:
    """Start one, and end it in the end."""
    running = start(*options, environment=environment)
    try:
        yield running
    finally:
        running.process.terminate()
        running.end()


def issued(mock: Served) -> list[str]:
    """The ids of VINR's credits."""
    with store_credit.VinrClient("sk_test_1", base_url=mock.url) as vinr:
        return [credit.id for credit in vinr.store_credit.list(limit=100)]


def given(mock: Served) -> list[str]:
    """The ids of Spree's credits."""
    with store_credit.SpreeClient(mock.url, SPREE_TOKEN) as spree:
        return [credit.id for credit in spree.store_credits.list(per_page=100)]
