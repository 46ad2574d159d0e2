"""Prism as a process of its own."""

import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

__all__ = ["Prism", "running"]

START_SECONDS = 120
STOP_SECONDS = 10


class Prism:
    """A running Prism.

    Attributes:
        url: Where it listens.
    """

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self._process = process
        self._log = log
        self.url = self._listening()

    @property
    def ended(self) -> int | None:
        """Its exit code, or None while it runs."""
        return self._process.poll()

    def wait(self) -> int:
        """Its exit code, once it has ended by itself."""
        return self._process.wait(STOP_SECONDS)

    def log(self, lines: int = 60) -> str:
        """The end of what it printed."""
        return "\n".join(self._log.read_text("utf-8", "replace").splitlines()[-lines:])

    def stop(self) -> None:
        """End it, if it still runs."""
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
        self._process.wait(STOP_SECONDS)

    def _listening(self) -> str:
        """Wait until it takes connections. The port is its own choice (port 0), so its log has to be asked for it."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            printed = re.search(r"listening on (http://127\.0\.0\.1:(\d+))", self.log())
            if printed:
                try:
                    socket.create_connection(("127.0.0.1", int(printed[2])), 1).close()
                except OSError:
                    pass
                else:
                    return printed[1]
            try:
                # Not a sleep: it returns at once if the process ends.
                code = self._process.wait(0.05)
            except subprocess.TimeoutExpired:
                continue
            raise RuntimeError(f"Prism ended with exit code {code} before it listened:\n{self.log()}")
        raise RuntimeError(f"Prism did not listen within {START_SECONDS} s:\n{self.log()}")


@contextmanager
def running(
    command: list[str], mode: Literal["mock", "proxy"], document: Path, folder: Path, upstream: str | None = None
) -> Iterator[Prism]:
    """Run Prism on a document for as long as the block runs.

    Args:
        command: How Prism is started, from `node.command`.
        mode: What it does: answer itself, or stand in front of `upstream`.
        document: The document it checks against.
        folder: Where its log goes.
        upstream: Address of the server behind it.
    """
    log = folder / "prism.log"
    arguments = ["--errors", "--host", "127.0.0.1", "--port", "0", "--verboseLevel", "info", str(document)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, mode, *arguments, *([upstream] if upstream else [])],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, "NO_COLOR": "1"},
        )
    prism = None
    try:
        prism = Prism(process, log)
        yield prism
    finally:
        if prism is not None:
            prism.stop()
        elif process.poll() is None:
            process.kill()
            process.wait(STOP_SECONDS)
