"""A typed client of the control plane, over HTTP or inside the process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypedDict, cast
from urllib.parse import urlencode

import orjson

from store_credit_mock.control.call import ControlState
from store_credit_mock.core.faults import Fault
from store_credit_mock.http import Request
from store_credit_mock.systems.control_route import ControlError
from store_credit_mock.systems.ledger_store import LedgerEntry

if TYPE_CHECKING:
    import httpx
    import httpx2

    from store_credit_mock.systems.spree.control_client import SpreeControl
    from store_credit_mock.systems.vinr.control_client import VinrControl

__all__ = [
    "BriefExchange",
    "ClockState",
    "Control",
    "Invariants",
    "LedgerEntry",
    "fixtures_line",
    "read_fixtures",
]

_PATIENCE: Final = 600.0
"""Seconds that a call without a client of its own waits for its response."""

Send = Callable[[str, str, bytes], tuple[int, bytes]]


class ClockState(TypedDict):
    """The sandbox's time: `now` in Unix milliseconds, `at` as ISO 8601, and how the clock runs."""

    now: int
    at: str
    mode: str


class Invariants(TypedDict):
    """What must always hold: whether it does, what is broken, and what the real server allows to be broken."""

    holds: bool
    broken: list[dict[str, Any]]
    allowed: list[dict[str, Any]]


class BriefExchange(TypedDict):
    """One line of the list of exchanges; `at` is the sandbox's time in Unix milliseconds."""

    number: int
    at: int
    operation: str | None
    method: str
    path: str
    query: str
    status: int
    dropped: bool
    violations: int
    fault: str | None


class Control:
    """The control plane of one mock.

    Args:
        send: Takes method, target and body, returns status and body. Use `inside` or `connect`.

    Every method raises `ControlError` where the mock refuses.
    """

    def __init__(self, send: Send) -> None:
        self._send = send

    @classmethod
    def inside(cls, plane: ControlState) -> Control:
        """Control an engine of this process."""
        token = [(b"authorization", b"Bearer " + plane.token.encode("latin-1"))]

        def send(method: str, target: str, body: bytes) -> tuple[int, bytes]:
            path, _, query = target.partition("?")
            response = plane.engine.handle(Request(method, path, query, token, body))
            return response.status, response.body

        return cls(send)

    @classmethod
    def connect(cls, base_url: str, token: str, client: httpx.Client | httpx2.Client | None = None) -> Control:
        """Control a mock that is served somewhere else.

        Args:
            base_url: Such as `http://127.0.0.1:4010`.
            token: Its control token.
            client: To send with; without it each call has a connection of its own.
        """
        from store_credit_mock.http_libraries import library

        http = library()
        # A large snapshot takes the mock a while; whether it is there at all is known at once.
        patience = http.Timeout(_PATIENCE, connect=5.0)
        headers = {"Authorization": f"Bearer {token}"}

        def send(method: str, target: str, body: bytes) -> tuple[int, bytes]:
            url = base_url.rstrip("/") + target
            if client is not None:
                answer = client.request(method, url, content=body, headers=headers)
            else:
                answer = http.request(method, url, content=body, headers=headers, trust_env=False, timeout=patience)
            return answer.status_code, answer.content

        return cls(send)

    def call(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, query: Mapping[str, Any] | None = None
    ) -> Any:
        """Call a route.

        Raises:
            ControlError: The mock refused.
        """
        target = path
        chosen = {name: value for name, value in (query or {}).items() if value is not None}
        if chosen:
            target += "?" + urlencode(chosen)
        status, content = self._send(method, target, b"" if body is None else orjson.dumps(body))
        value = orjson.loads(content) if content else None
        if status >= 400:
            text = cast("dict[str, Any]", value).get("error", "") if isinstance(value, dict) else ""
            raise ControlError(status, str(text) or f"the control plane answered {status}")
        return value

    # The sandbox

    def health(self) -> dict[str, Any]:
        """Whether the mock is ready, with its document's version, mode and storage."""
        return self.call("GET", "/_mock/health")

    def reset(self) -> None:
        """Empty the sandbox and seed it again. Faults and exchanges are forgotten too."""
        self.call("POST", "/_mock/reset")

    def seed(self, fixtures: Mapping[str, Any] | str | Path) -> None:
        """Add what fixtures name: a mapping by system, or a JSON or YAML file."""
        self.call("POST", "/_mock/seed", fixtures if isinstance(fixtures, Mapping) else read_fixtures(Path(fixtures)))

    def snapshot(self) -> dict[str, Any]:
        """Everything the sandbox holds, for `restore`."""
        return self.call("POST", "/_mock/snapshot")

    def restore(self, snapshot: Mapping[str, Any]) -> None:
        """Go back to a snapshot."""
        self.call("POST", "/_mock/restore", snapshot)

    # The clock

    def clock(self) -> ClockState:
        """The sandbox's time."""
        return self.call("GET", "/_mock/clock")

    def freeze(self, at: str | float | None = None) -> ClockState:
        """Stop the clock: at ISO 8601 with a zone, at Unix seconds, or now."""
        return self.call("POST", "/_mock/clock/freeze", {"at": at})

    def advance(self, seconds: float) -> ClockState:
        """Move the clock ahead."""
        return self.call("POST", "/_mock/clock/advance", {"seconds": seconds})

    def resume(self) -> ClockState:
        """Let the clock run on from where it is."""
        return self.call("POST", "/_mock/clock/resume", {})

    # Trouble

    def add_fault(self, fault: Fault) -> Fault:
        """Plan a fault; returns it with its id."""
        return Fault(**self.call("POST", "/_mock/faults", asdict(fault)))

    def faults(self) -> list[dict[str, Any]]:
        """The faults planned, with how many requests each has seen and struck."""
        return self.call("GET", "/_mock/faults")["data"]

    def unfinished(self) -> int:
        """How many requests still run although their responses are lost, see `Fault.commit_after`."""
        return self.call("GET", "/_mock/faults")["unfinished"]

    def remove_fault(self, identity: str) -> None:
        """Forget a fault."""
        self.call("DELETE", f"/_mock/faults/{identity}")

    def clear_faults(self) -> None:
        """Forget all faults."""
        self.call("DELETE", "/_mock/faults")

    # What happened

    def exchanges(
        self,
        limit: int = 100,
        operation: str | None = None,
        violations: bool | None = None,
        *,
        system: str | None = None,
        after: int | None = None,
    ) -> list[dict[str, Any]]:
        """The last exchanges, oldest first.

        Args:
            limit: How many at most, 1 to 1,000.
            operation: Those of one operation, or of all that a pattern such as `vinr.*` fits.
            violations: True for those that broke the document, False for the others.
            system: Those of `vinr` or `spree`.
            after: Those with a higher number.

        Raises:
            ControlError: No operation or system has that name (400); a list would be empty whatever happened.
        """
        return self._exchanges(limit, operation, violations, system, after, brief=False)

    def brief_exchanges(
        self,
        limit: int = 100,
        operation: str | None = None,
        violations: bool | None = None,
        *,
        system: str | None = None,
        after: int | None = None,
    ) -> list[BriefExchange]:
        """The same as `exchanges` without headers and bodies; violations are only counted."""
        return self._exchanges(limit, operation, violations, system, after, brief=True)

    def _exchanges(
        self,
        limit: int,
        operation: str | None,
        violations: bool | None,
        system: str | None,
        after: int | None,
        *,
        brief: bool,
    ) -> Any:
        query = {
            "limit": limit,
            "operation": operation,
            "violations": None if violations is None else str(violations).lower(),
            "system": system,
            "after": after,
            "brief": "true" if brief else None,
        }
        return self.call("GET", "/_mock/exchanges", query=query)["data"]

    def exchange(self, number: int) -> dict[str, Any]:
        """One exchange that is still kept."""
        return self.call("GET", f"/_mock/exchanges/{number}")

    def operations(self) -> list[dict[str, Any]]:
        """The operations of the document: `id`, `system`, `method`, `path`, and their `line` in openapi.yaml."""
        return self.call("GET", "/_mock/operations")["data"]

    def inspector_path(self) -> str:
        """A path that opens the inspector in a browser, once: put it behind the mock's address."""
        return self.call("POST", "/_mock/ui/tickets")["path"]

    def clear_exchanges(self) -> None:
        """Forget the exchanges."""
        self.call("DELETE", "/_mock/exchanges")

    def count_coverage(self) -> None:
        """Count from now on which parts of the document are exercised, beginning with the exchanges still kept."""
        self.call("POST", "/_mock/coverage")

    def coverage(self) -> dict[str, Any]:
        """What was exercised so far, as `Coverage.to_json` gives it; refused with 409 while nothing counts."""
        return self.call("GET", "/_mock/coverage")

    def clear_coverage(self) -> None:
        """Forget what was counted, and go on counting."""
        self.call("DELETE", "/_mock/coverage")

    def invariants(self) -> Invariants:
        """Check what must always hold."""
        return self.call("GET", "/_mock/invariants")

    # The systems

    @cached_property
    def vinr(self) -> VinrControl:
        """What can be done to VINR."""
        from store_credit_mock.systems.vinr.control_client import VinrControl

        return VinrControl(self.call)

    @cached_property
    def spree(self) -> SpreeControl:
        """What can be done to Spree."""
        from store_credit_mock.systems.spree.control_client import SpreeControl

        return SpreeControl(self.call)


def read_fixtures(path: Path) -> dict[str, Any]:
    """Read a fixtures file, JSON or YAML: a mapping with a part for each system.

    Raises:
        ValueError: It cannot be read or is not a mapping.
    """
    from store_credit_mock.contract.document import DocumentError, compile_yaml

    try:
        text = path.read_bytes()
        value = orjson.loads(text) if path.suffix == ".json" else compile_yaml(text, str(path))["data"]
    except OSError as error:
        raise ValueError(f"{path}: cannot be read: {error.strerror}") from error
    except orjson.JSONDecodeError as error:
        raise ValueError(f"{path}: {error}") from error
    except DocumentError as error:
        raise ValueError(str(error)) from error
    if not isinstance(value, dict):
        raise ValueError(f"{path}: is not a mapping of systems")
    return cast("dict[str, Any]", value)


def fixtures_line(path: Path, pointer: str) -> int:
    """The line of a fixtures file a JSON pointer leads to, or the nearest one above it; from 1."""
    from store_credit_mock.contract.document import compile_yaml

    # Every JSON text is YAML too.
    lines: Mapping[str, int] = compile_yaml(path.read_bytes(), str(path))["lines"]
    names = pointer.strip("/").split("/")
    while names:
        if found := lines.get("/".join(names)):
            return found
        names.pop()
    return 1
