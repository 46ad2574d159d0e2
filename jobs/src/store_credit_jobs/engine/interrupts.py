"""Ctrl-C and SIGTERM: the first ends a job in order, the second at once, which is safe, too."""

from __future__ import annotations

import signal
import threading
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType
from typing import Any

__all__ = ["Interrupts"]


class Interrupts:
    """Whether somebody asked a job to stop.

    A program that runs jobs in a thread has no signals there: it calls `ask` instead.

    Args:
        halt: Set when somebody asks: nothing more is sent.
    """

    def __init__(self, halt: threading.Event | None = None) -> None:
        self.halt = halt or threading.Event()
        self.signal: str | None = None
        self._asked = False

    @property
    def asked(self) -> bool:
        """Whether somebody asked."""
        return self._asked

    def ask(self, what: str | None = None) -> None:
        """Ask the job to stop in order: what is in flight is waited for and written.

        Args:
            what: The name of the signal, for people.
        """
        self._asked = True
        self.signal = self.signal or what
        self.halt.set()

    @contextmanager
    def caught(self) -> Generator[None]:
        """Take SIGINT and SIGTERM while the block runs; leave them alone where this is not the main thread.

        The second one raises KeyboardInterrupt. Handlers are put back as they were.
        """
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before: dict[int, Any] = {}
        try:
            for number in (signal.SIGINT, signal.SIGTERM):
                # What was told to ignore Ctrl-C, as a shell's background job or nohup is, goes on ignoring it.
                if signal.getsignal(number) is not signal.SIG_IGN:
                    before[number] = signal.signal(number, self._handle)
            yield
        finally:
            for number, handler in before.items():
                # None: it was not set from Python, and cannot be put back from here.
                signal.signal(number, signal.SIG_DFL if handler is None else handler)

    def _handle(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002 - as Python calls it
        if self._asked:
            raise KeyboardInterrupt
        self.ask(signal.Signals(number).name)
