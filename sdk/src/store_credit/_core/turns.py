"""Calls of one client that must not overlap, one after another: those that change the same cart or order.

What a call changes is named by its request (`Operation.serialize_by`), often by a credential, of which only a keyed
hash is kept. A call takes its turn before its first attempt and keeps it through every resend. The turns of one name
are a queue, whose first is under way; the queue is gone when nobody is in it.
"""

from __future__ import annotations

import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial

from store_credit._core.call_options import FreshKey
from store_credit._core.errors import ConfigurationError
from store_credit._core.faults import DeadlineError, Fault
from store_credit._core.forking import renew_after_fork
from store_credit._core.limiter import running_loop
from store_credit._core.operation import Call

__all__ = ["Turn", "Turns"]


class Turn:
    """One call's place in the queue of those that change the same.

    Attributes:
        key: What the call changes, as a keyed hash.
        longest: Seconds that the call can wait; None for no bound.
        caller: A number of the thread or task that makes the call, once it has asked. Not the task itself: held here,
            one of a lost event loop would never be collected, and its turn would never end.
        wake: Tells it that its turn has come.
    """

    __slots__ = ("_queues", "_said", "caller", "key", "longest", "wake")

    def __init__(self, queues: Turns, key: bytes, said: str, longest: float | None) -> None:
        self._queues = queues
        self._said = said
        self.key = key
        self.longest = longest
        self.caller: int | None = None
        self.wake: Callable[[], object] = lambda: None

    def wait(self) -> Fault | None:
        """Block until it is this call's turn, or give the fault of one that waited in vain.

        Raises:
            ConfigurationError: The turn is this thread's own already, and would be waited for without end.
        """
        self.caller = threading.get_ident()
        if self._queues.enter(self):
            return None
        called = threading.Event()
        if self._came_before(called.set) or called.wait(self._patience()):
            return None
        return self._late()

    async def wait_async(self) -> Fault | None:
        """Wait as `wait` does, on asyncio or trio; the calls of several event loops wait for one another as well.

        Raises:
            ConfigurationError: The turn is this task's own already, and would be waited for without end.
        """
        self.caller, call_back = _here()
        if self._queues.enter(self):
            return None
        from anyio import Event, move_on_after

        called = Event()
        if self._came_before(partial(call_back, called.set)):
            return None
        with move_on_after(self._patience()):
            await called.wait()
            return None
        return self._late()

    def leave(self) -> None:
        """Let the next call go; from any thread, whether this one's turn had come or not, and again without effect."""
        self._queues.leave(self)

    def _came_before(self, wake: Callable[[], object]) -> bool:
        """Set what wakes the call; whether its turn came already, before there was anything to wake it."""
        self.wake = wake
        return self._queues.is_first(self)

    def by_itself(self) -> ConfigurationError:
        """Make the error of a call that would wait for the call it is a part of."""
        return ConfigurationError(
            f"an event hook or token function makes a call while another {self._said}, of which it is a part, is "
            "still running, so the two would wait for each other: make the call after the other has ended, or use "
            "another client"
        )

    def _patience(self) -> float | None:
        return None if self.longest is None else max(0.0, self.longest)

    def _late(self) -> Fault:
        why = f"the call's deadline passed while it waited for another {self._said} to end"
        return Fault("connect", DeadlineError(why), final=True)


class Turns:
    """The turns of one client and of its copies."""

    __slots__ = ("__weakref__", "_guard", "_queues", "_salt")

    def __init__(self) -> None:
        # Of this client alone: what is kept of a credential cannot be looked up elsewhere.
        self._salt = os.urandom(16)
        self.after_fork()
        renew_after_fork(self)

    def after_fork(self) -> None:
        """Start anew: the parent's calls are not the child's, and its lock may be held."""
        # Reentrant: a signal handler may make a call, and Python may close a forgotten coroutine, at any time.
        self._guard = threading.RLock()
        self._queues: dict[bytes, deque[Turn]] = {}

    def turn(self, call: Call, server: str, params: Sequence[tuple[str, str]], longest: float | None) -> Turn | None:
        """Make the turn of a call; None where its request names nothing that it changes.

        Args:
            call: The call.
            server: The address of the server.
            params: Query parameters of every request.
            longest: Seconds that it can wait, or None.
        """
        from hashlib import blake2b

        names = [_named(call, params, place, name) for place, name in call.operation.serialize_by]
        if call.operation.unlocked and call.key is not None and not isinstance(call.key, FreshKey):
            # Twins of one key would both be executed; one after another the second is answered as the first was.
            names.append((call.key.encode(), "call with the same idempotency_key"))
        for named, said in names:
            if named is not None:
                key = blake2b(b"\0".join((server.encode(), said.encode(), named)), digest_size=16, key=self._salt)
                return Turn(self, key.digest(), said, longest)
        return None

    def enter(self, turn: Turn) -> bool:
        """Put a turn at the end of its queue; whether it is the first.

        Raises:
            ConfigurationError: The first is of the same thread or task, and would be waited for without end.
        """
        with self._guard:
            queue = self._queues.setdefault(turn.key, deque())
            if queue and queue[0].caller == turn.caller:
                raise turn.by_itself()
            queue.append(turn)
            return queue[0] is turn

    def is_first(self, turn: Turn) -> bool:
        """Whether a turn has come."""
        with self._guard:
            queue = self._queues.get(turn.key)
            return bool(queue) and queue[0] is turn

    def leave(self, turn: Turn) -> None:
        """Take a turn out of its queue, and wake the next one if it was the first."""
        with self._guard:
            queue = self._queues.get(turn.key)
            if queue is None or turn not in queue:
                return
            first = queue[0] is turn
            queue.remove(turn)
            while first and queue:
                try:
                    queue[0].wake()
                    break
                except RuntimeError:
                    # Its event loop has been closed: nobody is there any more.
                    queue.popleft()
            if not queue:
                self._queues.pop(turn.key, None)

    def __len__(self) -> int:
        return len(self._queues)


def _here() -> tuple[int, Callable[[Callable[[], object]], object]]:
    """A number of the task that runs, and a function that has its event loop call another, from any thread."""
    loop = running_loop()
    if loop is not None:
        return id(sys.modules["asyncio"].current_task()), loop.call_soon_threadsafe
    # anyio has no public name for this on the versions that httpx takes.
    from trio.lowlevel import current_task, current_trio_token

    return id(current_task()), current_trio_token().run_sync_soon


def _named(call: Call, params: Sequence[tuple[str, str]], place: str, name: str | int) -> tuple[bytes | None, str]:
    """What stands in a place of the request, None for nothing, and words for a call that has the same there."""
    if isinstance(name, int):
        path = "/".join(call.path.split("/")[: name + 1])
        return b"", f"call for {path}"
    if place == "header":
        sent = [value for header, value in call.headers if header.lower() == name.encode()]
    else:
        sent = [value.encode() for parameter, value in (*params, *call.query) if parameter == name]
    # Of a parameter that is repeated the last counts, as for Rack.
    return sent[-1] or None if sent else None, f"call with the same {place} {name}"
