"""The sandboxes of one server: each with an engine of its own, over one storage, made when a request first names it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

import orjson

from store_credit_mock.core.engine import BaseEngine
from store_credit_mock.core.faults import Fault
from store_credit_mock.core.snapshots import Snapshots
from store_credit_mock.http import Request, Response
from store_credit_mock.operation_names import known_name
from store_credit_mock.sandbox import TABLE, Sandbox
from store_credit_mock.systems.call import Call

__all__ = ["HEADER", "MAX_SANDBOXES", "SandboxError", "Sandboxes", "check_sandbox_name"]

HEADER: Final = b"x-mock-sandbox"
"""The header that names a sandbox."""
MAX_SANDBOXES: Final = 1000

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,254}")


class SandboxError(Exception):
    """A request names no sandbox that it can have; `status` and the text are the response."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status

    def response(self) -> Response:
        """The refusal as JSON."""
        body = orjson.dumps({"error": str(self)})
        return Response(self.status, [(b"content-type", b"application/json")], body)


def check_sandbox_name(name: str) -> str:
    """Return a name that is valid. Names in another case are other names.

    Raises:
        ValueError: It is not.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(
            f"{name[:300]!r} is not a valid sandbox name: use 1 to 255 characters from A-Z, a-z, 0-9 and ._-,"
            " beginning with a letter or digit"
        )
    return name


class Sandboxes:
    """All sandboxes of one server.

    Args:
        primary: The one of requests that name none.
        most: How many others there may be; what the storage holds of earlier runs counts.
        make: Makes the engine of another one.

    Attributes:
        touched: Those, but for the primary, that a request may have changed since a server last looked.
    """

    def __init__(self, primary: BaseEngine, most: int, make: Callable[[str], BaseEngine]) -> None:
        self.primary = primary
        self._systems = tuple(primary.systems.values())
        self._most = most
        self._make = make
        self._others: dict[str, BaseEngine] = {}
        self.touched: set[BaseEngine] = set()

    @property
    def engines(self) -> list[BaseEngine]:
        """The engines of this process, the primary first."""
        return [self.primary, *self._others.values()]

    @property
    def alone(self) -> bool:
        """Whether the primary is the only one of this process."""
        return not self._others

    # Which one a request is for

    def named(self, path: str, headers: Mapping[bytes, bytes]) -> str | None:
        """The sandbox that a request names, by header or by key; None for the primary.

        Raises:
            SandboxError: Header and key name different ones, or what is not a name.
        """
        by_key = None
        for system in self._systems:
            if system.serves(path):
                by_key = system.sandbox_of(headers)
                break
        sent = headers.get(HEADER)
        if sent is None and by_key is None:
            return None
        by_header = None if sent is None else sent.decode("latin-1").strip()
        if by_header is not None and by_key is not None and by_header != by_key:
            text = (
                f"the header X-Mock-Sandbox names {by_header[:300]!r}, but the key names {by_key[:300]!r}: use "
                "only one of them, or the same name in both"
            )
            raise SandboxError(400, text)
        name = by_key if by_header is None else by_header
        if name in self._others:
            return name
        if name is None or name == self.primary.sandbox.name:
            return None
        try:
            return check_sandbox_name(name)
        except ValueError as error:
            raise SandboxError(400, f"{'X-Mock-Sandbox' if by_header is not None else 'the key'}: {error}") from error

    def found(self, path: str, headers: Mapping[bytes, bytes]) -> BaseEngine | None:
        """The engine for a request; None where it has to be made first, or the request is refused."""
        try:
            name = self.named(path, headers)
        except SandboxError:
            return None
        return self.primary if name is None else self._others.get(name)

    def known(self, path: str, headers: Mapping[bytes, bytes]) -> BaseEngine:
        """The engine for a request as far as there is one; otherwise, and for one that is refused, the primary."""
        return self.found(path, headers) or self.primary

    def choose(self, path: str, headers: Mapping[bytes, bytes]) -> BaseEngine:
        """The engine for a request, made and seeded if this is the first one that names its sandbox.

        Raises:
            SandboxError: See `named`; or there are as many already as there may be.
            StorageError: The storage fails.
        """
        name = self.named(path, headers)
        if name is None:
            return self.primary
        engine = self._others.get(name)
        return self._open(name) if engine is None or engine.sandbox.gone else engine

    def _open(self, name: str) -> BaseEngine:
        with self.primary.lock:
            engine = self._others.get(name)
            if engine is None or engine.sandbox.gone:
                there = self.names()[1:]
                if name not in there and len(there) >= self._most:
                    raise SandboxError(
                        429,
                        f"there are already {len(there)} sandboxes besides {self.primary.sandbox.name}, and no more"
                        " are allowed; remove one with DELETE /_mock/sandboxes/NAME, or start the mock with a larger"
                        " --max-sandboxes",
                    )
                engine = self._others[name] = self._make(name)
        return engine

    # What can be done to them

    def names(self) -> list[str]:
        """The names of all there are, in this process or not, the primary first."""
        with self.primary.lock:
            rows = self.primary.storage.all(f"SELECT sandbox FROM {TABLE.name} ORDER BY sandbox")  # noqa: S608
        first = self.primary.sandbox.name
        return [first, *(row[0] for row in rows if row[0] != first)]

    def get(self, name: str) -> BaseEngine:
        """The engine of one that is there.

        Raises:
            UnknownNameError: There is none of this name.
        """
        if name == self.primary.sandbox.name:
            return self.primary
        return self._open(known_name(name, self.names(), "sandbox"))

    def remove(self, name: str) -> None:
        """Remove one with everything it holds. A request of it that still waits is answered 410.

        Raises:
            SandboxError: It is the primary one.
            UnknownNameError: There is none of this name.
        """
        with self.primary.lock:
            engine = self.get(name)
            if engine is self.primary:
                raise SandboxError(
                    409, f"{name} cannot be removed, because requests that name no sandbox use it; reset it instead"
                )

            def work(call: Call) -> None:
                for snapshot in Snapshots(engine).all():
                    Snapshots(engine).remove(snapshot.name)
                call.db.clear((*engine.tables, TABLE), engine.sandbox.name)

            engine.transaction(work)
            engine.end_unfinished()
            engine.exchanges.clear()
            engine.sandbox.gone = True
            engine.set_responder(_gone(name))
            del self._others[name]
            self.touched.add(engine)

    def with_endpoints(self) -> list[BaseEngine]:
        """Those, but for the primary, that may have webhooks to deliver, such as from before a restart."""
        primary, found = self.primary, list[BaseEngine]()
        outboxes = [system.outbox for system in primary.systems.values() if system.outbox is not None]
        with primary.lock:
            for name in self.names()[1:]:
                sandbox = Sandbox(name, primary.options)
                if sandbox.load(primary.storage, hold=False) and any(one.has_endpoints(sandbox) for one in outboxes):
                    found.append(self._open(name))
        return found


def _gone(name: str) -> Callable[[Request, Fault | None, int | None], Response]:
    def answer(request: Request, fault: Fault | None, at: int | None) -> Response:
        del request, fault, at
        return SandboxError(410, f"the sandbox {name} was removed while this request was running").response()

    return answer
