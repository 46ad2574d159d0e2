"""Ctrl-C and SIGTERM, sent to a real process."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from store_credit_jobs.engine.interrupts import Interrupts

_SUPPORT = Path(__file__).parent / "support"


@contextmanager
def program() -> Generator[subprocess.Popen[bytes]]:
    paths = os.pathsep.join([str(_SUPPORT), os.environ.get("PYTHONPATH", "")])
    child = subprocess.Popen(
        [sys.executable, "-m", "jobs_support.interrupted_program"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": paths},
    )
    try:
        yield child
    finally:
        child.kill()
        child.communicate()


def told(child: subprocess.Popen[bytes]) -> Any:
    assert child.stdout is not None
    line = child.stdout.readline().decode().strip()
    return json.loads(line) if line.startswith("{") else line


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_signal_waits_for_what_is_in_flight(number: signal.Signals) -> None:
    with program() as child:
        assert told(child) == "hangs"
        child.send_signal(number)
        assert told(child) == "asked"
        assert child.stdin is not None
        child.stdin.write(b"!")
        child.stdin.flush()
        result = told(child)
        assert child.wait(30) == 130
    assert result["states"].get("sending", 0) == 0
    assert result["states"]["done"] == result["requests"] < 100
    assert number.name in result["why"]
    assert "again to continue" in result["why"]


def test_the_second_signal_leaves_at_once() -> None:
    """What hangs is not waited for; it stays `sending`, and is looked up next time."""
    with program() as child:
        assert told(child) == "hangs"
        child.send_signal(signal.SIGINT)
        assert told(child) == "asked"
        child.send_signal(signal.SIGINT)
        result = told(child)
        assert child.wait(30) == 130
        assert child.stderr is not None
        assert child.stderr.read() == b""
    assert result["why"] == "left"
    assert result["states"]["sending"] >= 1


def test_handlers_are_put_back_as_they_were() -> None:
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    interrupts = Interrupts()
    with interrupts.caught():
        assert signal.getsignal(signal.SIGINT) != before[0]
        signal.raise_signal(signal.SIGTERM)
        assert interrupts.asked
        assert interrupts.signal == "SIGTERM"
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before


def test_who_ignores_a_signal_goes_on_ignoring_it() -> None:
    """A job that was started in the background of a script is not ended by the Ctrl-C of whoever is at the terminal."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        interrupts = Interrupts()
        with interrupts.caught():
            signal.raise_signal(signal.SIGINT)
            assert not interrupts.asked
    finally:
        signal.signal(signal.SIGINT, before)


def test_in_another_thread_signals_are_left_alone() -> None:
    before = signal.getsignal(signal.SIGINT)
    seen: list[object] = []

    def library() -> None:
        with Interrupts().caught():
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=library)
    thread.start()
    thread.join()
    assert seen == [before]
