"""Handlers that wait: generators that yield seconds, in which others are answered."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import AbstractContextManager
from typing import Any, TypeAlias

from store_credit_mock.http import Response

__all__ = ["Steps", "locked"]

Steps: TypeAlias = Generator[float, None, Response]
"""Yields seconds to wait, returns the response."""


def locked(steps: Steps, lock: AbstractContextManager[Any], before: Callable[[], object]) -> Steps:
    """Take each step while holding a lock, and wait without it.

    Args:
        steps: What is done.
        lock: The lock.
        before: Called ahead of each step.
    """
    try:
        while True:
            with lock:
                before()
                try:
                    seconds = next(steps)
                except StopIteration as stop:
                    return stop.value
            yield seconds
    finally:
        # Whoever asked may be gone; what it listened to belongs to whoever holds the lock.
        with lock:
            steps.close()
