"""`store-credit init` on a terminal: what is asked for, what may be wrong, and what is written then."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from store_credit_jobs.config import read_config
from store_credit_mock import Server
from store_credit_mock.mock import SPREE_TOKEN

PROGRAM = "from store_credit_jobs.cli.main import main; main()"


class Terminal:
    """A command whose stdin and stderr are a terminal; what it says is read as it comes.

    Args:
        folder: Where it runs.
        arguments: Its arguments.
    """

    def __init__(self, folder: Path, *arguments: str) -> None:
        self._ours, theirs = pty.openpty()
        environment = {"PATH": os.environ["PATH"], "SPREE_TOKEN": SPREE_TOKEN, "TERM": "dumb"}
        self._process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, *arguments], cwd=folder, env=environment,
            stdin=theirs, stdout=subprocess.PIPE, stderr=theirs,
            # Its own, or Ctrl-C would reach nobody.
            start_new_session=True, preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509
        )  # fmt: skip
        os.close(theirs)
        self.seen = ""

    def until(self, text: str) -> None:
        """Read until a text is there that was not before."""
        deadline = time.monotonic() + 60
        while text not in self.seen:
            assert time.monotonic() < deadline, self.seen
            if not select.select([self._ours], [], [], 0.2)[0]:
                continue
            try:
                more = os.read(self._ours, 4096)
            except OSError:
                more = b""
            assert more, self.seen
            self.seen += more.decode()
        self.seen = self.seen.partition(text)[2]

    def type(self, text: str) -> None:
        """Type something."""
        os.write(self._ours, text.encode())

    def end(self, again: str = "") -> int:
        """Wait until it has ended; gives its exit code.

        Args:
            again: Typed every five seconds: a signal that comes between a prompt and the wait for a key is only seen
                when the next key is there.
        """
        for _ in range(11 if again else 0):
            try:
                self._process.wait(5)
                break
            except subprocess.TimeoutExpired:
                self.type(again)
        code = self._process.wait(60)
        assert self._process.stdout is not None
        self._process.stdout.close()
        os.close(self._ours)
        return code


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server(environment=False) as running:
        yield running


@pytest.fixture
def terminal(tmp_path: Path) -> Callable[..., Terminal]:
    """Run `init` in an empty folder."""
    return lambda *arguments: Terminal(tmp_path, "init", *arguments)


def test_what_is_not_said_is_asked_for(terminal: Callable[..., Terminal], server: Server, tmp_path: Path) -> None:
    """An answer that is not valid is asked for again; where there is a usual one, Enter takes it."""
    init = terminal()
    init.until("System (vinr, spree-v2, spree-v3): ")
    init.type("shopify\n")
    init.until("is not one of")
    init.until("System (vinr, spree-v2, spree-v3): ")
    init.type("spree-v2\n")
    init.until("Address of the server: ")
    init.type(f"{server.url}\n")
    init.until("Environment variable with the credential [SPREE_TOKEN]: ")
    init.type("\n")
    init.until("staff user")
    init.type("1\n")
    init.until("category")
    init.type("1\n")
    init.until("[120]: ")
    init.type("90\n")
    init.until("store-credit.toml is written.")
    init.until("it does not move real money")
    assert init.end() == 0
    account = read_config(tmp_path / "store-credit.toml").account("shop")
    assert (account.system, account.url, account.credential) == ("spree-v2", server.url, {"env": "SPREE_TOKEN"})
    assert (account.created_by, account.category, account.grace) == ("1", "1", 90)
    assert SPREE_TOKEN not in (tmp_path / "store-credit.toml").read_text()


def test_options_are_not_asked_for(terminal: Callable[..., Terminal], server: Server, tmp_path: Path) -> None:
    """Only the rest is; what is written by then is never written over."""
    init = terminal("--system", "vinr", "--token-env", "NOT_THERE")
    init.until("Address of the server [https://sandbox.api.vinr.com]: ")
    init.type(f"{server.url}\n")
    init.until("It was not checked: ")
    assert init.end() in (0, 7)
    before = (tmp_path / "store-credit.toml").read_bytes()
    again = terminal()
    again.until("add the account by hand")
    assert again.end() == 2
    assert (tmp_path / "store-credit.toml").read_bytes() == before


@pytest.mark.parametrize("key", ["\x03", "\x04"], ids=["ctrl-c", "end-of-file"])
def test_who_leaves_at_a_question_leaves_nothing(key: str, terminal: Callable[..., Terminal], tmp_path: Path) -> None:
    init = terminal("--system", "spree-v3")
    init.until("Address of the server: ")
    init.type(key)
    assert init.end(again=key) == 130
    assert list(tmp_path.iterdir()) == []
