"""The control plane's own routes; each system adds its own."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Final

from store_credit_mock.control import exchange_routes
from store_credit_mock.control.call import SandboxCall
from store_credit_mock.control.sessions import PAGE
from store_credit_mock.core.engine import SNAPSHOT
from store_credit_mock.core.faults import Fault
from store_credit_mock.coverage import Coverage
from store_credit_mock.systems.control_route import ControlError, ControlRoute
from store_credit_mock.systems.fixtures import fill
from store_credit_mock.systems.ledger_store import check_seals

__all__ = ["ROUTES"]


def _health(control: SandboxCall) -> dict[str, Any]:
    engine = control.engine
    return {
        "status": "ready",
        "document": engine.contract.document.version,
        "digest": engine.contract.document.digest,
        "mode": "strict" if engine.options.strict else "observe",
        "profile": engine.sandbox.of_systems.get("profile"),
        "seeded": engine.sandbox.seeded,
        "systems": list(engine.systems),
        "storage": engine.storage.dialect,
        "exchanges": len(engine.exchanges),
        "violations": engine.exchanges.violations,
    }


def _reset(control: SandboxCall) -> None:
    control.engine.reset()


def _seed(control: SandboxCall) -> None:
    fill(control.engine.systems, control.call, control.body)


def _snapshot(control: SandboxCall) -> dict[str, Any]:
    return control.engine.snapshot()


def _restore(control: SandboxCall) -> None:
    control.engine.restore(control.body)


def _clock(control: SandboxCall) -> dict[str, Any]:
    clock = control.engine.sandbox.clock
    now = clock.now()
    at = datetime.fromtimestamp(now / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"now": now, "at": at, "mode": clock.mode}


def _milliseconds(at: str | float) -> int:
    if isinstance(at, str):
        try:
            moment = datetime.fromisoformat(at)
        except ValueError as error:
            raise ControlError(400, f"/at: {error}; write it as 2026-11-22T10:00:00Z") from error
        if moment.tzinfo is None:
            raise ControlError(400, "/at: needs a time zone, such as 2026-11-22T10:00:00Z")
        return round(moment.timestamp() * 1000)
    return round(max(-1.0, min(at, 1e15)) * 1000)


def _freeze(control: SandboxCall) -> dict[str, Any]:
    at = control.body.get("at")
    control.engine.sandbox.clock.freeze(None if at is None else _milliseconds(at))
    return _moved(control)


def _advance(control: SandboxCall) -> dict[str, Any]:
    control.engine.sandbox.clock.advance(round(control.body["seconds"] * 1000))
    return _moved(control)


def _resume(control: SandboxCall) -> dict[str, Any]:
    control.engine.sandbox.clock.resume(seeded=control.engine.sandbox.seeded)
    return _moved(control)


def _moved(control: SandboxCall) -> dict[str, Any]:
    sandbox = control.engine.sandbox
    sandbox.touch()
    control.call.now = sandbox.clock.now()
    for system in control.engine.systems.values():
        system.on_clock_changed(control.call)
    return _clock(control)


def _faults(control: SandboxCall) -> dict[str, Any]:
    return {"data": control.engine.faults.as_dicts(), "unfinished": control.engine.unfinished}


def _add_fault(control: SandboxCall) -> dict[str, Any]:
    return asdict(control.engine.faults.add(Fault(**control.body)))


def _remove_fault(control: SandboxCall) -> None:
    if not control.engine.faults.remove(control.path["id"]):
        raise ControlError(404, f"there is no fault {control.path['id']}")


def _clear_faults(control: SandboxCall) -> None:
    control.engine.faults.clear()


def _ticket(control: SandboxCall) -> dict[str, Any]:
    return {"path": f"{PAGE}?ticket={control.plane.sessions.ticket()}"}


def _counted(control: SandboxCall) -> Coverage:
    coverage = control.plane.coverage
    if coverage is None:
        raise ControlError(409, "coverage is not counted; POST /_mock/coverage, or start with --coverage FILE")
    return coverage


def _coverage(control: SandboxCall) -> dict[str, Any]:
    return _counted(control).to_json()


def _count_coverage(control: SandboxCall) -> None:
    plane, engine = control.plane, control.engine
    if plane.coverage is None:
        coverage = Coverage(engine.contract)
        for exchange in engine.exchanges:
            coverage.add(exchange)
        plane.track_coverage(coverage)


def _clear_coverage(control: SandboxCall) -> None:
    _counted(control).clear()


def _invariants(control: SandboxCall) -> dict[str, Any]:
    found = [
        {"system": name, **asdict(finding)}
        for name, system in control.engine.systems.items()
        for finding in system.invariants(control.call)
    ]
    seals = check_seals(control.call.db, control.call.sandbox.name)
    found.extend({"system": "ledger", **asdict(finding)} for finding in seals)
    broken = [finding for finding in found if not finding["allowed"]]
    allowed = [finding for finding in found if finding["allowed"]]
    return {"holds": not broken, "broken": broken, "allowed": allowed}


_CLOCK: Final = {
    "type": "object",
    "required": ["now", "at", "mode"],
    "properties": {
        "now": {"type": "integer", "description": "Unix milliseconds."},
        "at": {"type": "string", "format": "date-time"},
        "mode": {"enum": ["real", "frozen", "stepping"]},
    },
}
_FAULT: Final = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "operation": {"type": "string", "minLength": 1, "description": "operationId, or a pattern such as `vinr.*`."},
        "nth": {"type": ["integer", "null"], "minimum": 1},
        "times": {"type": ["integer", "null"], "minimum": 1},
        "probability": {"type": ["number", "null"], "minimum": 0, "maximum": 1},
        "status": {"type": ["integer", "null"], "minimum": 400, "maximum": 599},
        "delay": {"type": "number", "minimum": 0, "maximum": 3600, "description": "Seconds."},
        "drop": {"type": "boolean"},
        "truncate": {"type": ["integer", "null"], "minimum": 0, "description": "Bytes of the body that are sent."},
        "malformed": {"type": "boolean"},
        "breaks_document": {"type": "boolean"},
        "commit_after": {
            "type": ["number", "null"],
            "minimum": 0,
            "maximum": 86_400,
            "description": "Lose the response and commit so many seconds later, by the sandbox's clock.",
        },
        "when": {"enum": ["before", "after"]},
        "id": {"type": "string"},
    },
}
_NOTHING: Final = {"type": "null"}
_LIST: Final = {"type": "object", "required": ["data"], "properties": {"data": {"type": "array"}}}

ROUTES: Final = (
    ControlRoute("mock.health", "GET", "/_mock/health", "Say whether the mock is ready", _health, writes=False),
    ControlRoute(
        "mock.reset",
        "POST",
        "/_mock/reset",
        "Empty the sandbox and seed it again",
        _reset,
        result=_NOTHING,
        outside=True,
    ),
    ControlRoute(
        "mock.seed",
        "POST",
        "/_mock/seed",
        "Add what fixtures name, by system",
        _seed,
        body={"type": "object", "description": "By system; the plane knows which there are."},
        result=_NOTHING,
        large=True,
    ),
    ControlRoute(
        "mock.snapshot", "POST", "/_mock/snapshot", "Give everything the sandbox holds", _snapshot, outside=True
    ),
    ControlRoute(
        "mock.restore",
        "POST",
        "/_mock/restore",
        "Go back to a snapshot",
        _restore,
        body=SNAPSHOT,
        result=_NOTHING,
        outside=True,
        large=True,
    ),
    ControlRoute("clock.retrieve", "GET", "/_mock/clock", "Tell the time", _clock, result=_CLOCK),
    ControlRoute(
        "clock.freeze",
        "POST",
        "/_mock/clock/freeze",
        "Stop the clock, at a time or now",
        _freeze,
        result=_CLOCK,
        body={
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "at": {"type": ["string", "number", "null"], "description": "ISO 8601 with a zone, or Unix seconds."}
            },
        },
    ),
    ControlRoute(
        "clock.advance",
        "POST",
        "/_mock/clock/advance",
        "Move the clock ahead",
        _advance,
        result=_CLOCK,
        body={
            "type": "object",
            "additionalProperties": False,
            "required": ["seconds"],
            "properties": {"seconds": {"type": "number", "minimum": 0, "maximum": 1e10}},
        },
    ),
    ControlRoute(
        "clock.resume",
        "POST",
        "/_mock/clock/resume",
        "Let the clock run on",
        _resume,
        result=_CLOCK,
        body={
            "type": "object",
            "additionalProperties": False,
            "properties": {},
        },
    ),
    ControlRoute(
        "faults.list",
        "GET",
        "/_mock/faults",
        "List planned faults, and count the requests that still run behind a lost response",
        _faults,
        result={
            "type": "object",
            "required": ["data", "unfinished"],
            "properties": {"data": {"type": "array"}, "unfinished": {"type": "integer"}},
        },
        outside=True,
    ),
    ControlRoute(
        "faults.create", "POST", "/_mock/faults", "Plan a fault", _add_fault, body=_FAULT, result=_FAULT, status=201
    ),
    ControlRoute("faults.clear", "DELETE", "/_mock/faults", "Forget all faults", _clear_faults, result=_NOTHING),
    ControlRoute("faults.delete", "DELETE", "/_mock/faults/{id}", "Forget a fault", _remove_fault, result=_NOTHING),
    ControlRoute(
        "coverage.retrieve",
        "GET",
        "/_mock/coverage",
        "Say which parts of the document were exercised",
        _coverage,
        writes=False,
    ),
    ControlRoute(
        "coverage.start",
        "POST",
        "/_mock/coverage",
        "Count coverage from now on, beginning with the exchanges still kept",
        _count_coverage,
        result=_NOTHING,
        writes=False,
    ),
    ControlRoute(
        "coverage.clear",
        "DELETE",
        "/_mock/coverage",
        "Forget what was counted",
        _clear_coverage,
        result=_NOTHING,
        writes=False,
    ),
    ControlRoute(
        "invariants.check", "GET", "/_mock/invariants", "Check what must always hold", _invariants, writes=False
    ),
    ControlRoute(
        "inspector.tickets.create",
        "POST",
        PAGE + "/tickets",
        "Make a link that opens the inspector once",
        _ticket,
        result={
            "type": "object",
            "required": ["path"],
            "properties": {"path": {"type": "string", "description": "To be opened in a browser, at this address."}},
        },
        status=201,
        writes=False,
    ),
    *exchange_routes.ROUTES,
)
