"""The control plane's own routes; each system adds its own."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from store_credit_mock.control import exchange_routes, models, sandboxes_routes, snapshot_routes
from store_credit_mock.control.call import SandboxCall
from store_credit_mock.control.sessions import PAGE, cookie_name
from store_credit_mock.core.faults import Fault
from store_credit_mock.core.fixtures import milliseconds
from store_credit_mock.sandbox import as_iso
from store_credit_mock.systems.control_route import ControlError, ControlRoutes
from store_credit_mock.systems.json_types import read_json
from store_credit_mock.systems.ledger_store import check_seals

if TYPE_CHECKING:
    from store_credit_mock.coverage import Coverage

__all__ = ["routes"]

routes = ControlRoutes("/_mock")


@routes.add("GET", "/openapi.json", "mock.document", outside=True)
def document(control: SandboxCall) -> models.Document:
    """Return the OpenAPI document of the control plane."""
    document = control.plane.document
    schemes = document["components"]["securitySchemes"]
    # Mocks on several ports of one machine have a cookie each.
    inspector = {**schemes["inspector"], "name": cookie_name(control.call.request.header("host") or "")}
    return {
        **document,
        "components": {**document["components"], "securitySchemes": {**schemes, "inspector": inspector}},
    }


@routes.add("GET", "/health", "mock.health")
def health(control: SandboxCall) -> models.Health:
    """Check that the mock is ready.

    The response also describes the mock: its document, systems, options and storage.
    """
    engine = control.engine
    return models.Health(
        "ready",
        engine.contract.document.version,
        engine.contract.document.digest,
        "strict" if engine.options.strict else "observe",
        {
            option.name: str(engine.sandbox.of_systems[option.name])
            for system in engine.systems.values()
            for option in system.options
            if not option.secret and engine.sandbox.of_systems[option.name] is not None
        },
        engine.sandbox.seeded,
        list(engine.systems),
        engine.storage.dialect,
        len(engine.exchanges),
        engine.exchanges.violations,
    )


@routes.add("POST", "/reset", "mock.reset", outside=True)
def reset(control: SandboxCall) -> None:
    """Reset the sandbox.

    Empty it and load its fixtures again; also clear faults and exchanges.
    """
    control.engine.reset()


@routes.add("POST", "/seed", "mock.seed", large=True)
def seed(control: SandboxCall, fixtures: models.Fixtures) -> None:
    """Load fixtures.

    Add the fixtures' records to each system, schedule their faults, and set the clock.
    """
    control.engine.fill(control.call, fixtures)


routes.extend(snapshot_routes.routes)
routes.extend(sandboxes_routes.routes)


# A write transaction: it reads what another process did to the clock.
@routes.add("GET", "/clock", "clock.retrieve", writes=True)
def clock(control: SandboxCall) -> models.Clock:
    """Show the clock."""
    clock = control.engine.sandbox.clock
    now = clock.now()
    return models.Clock(now, as_iso(now), clock.mode)


@routes.add("POST", "/clock/freeze", "clock.freeze")
def freeze(control: SandboxCall, body: models.Freeze) -> models.Clock:
    """Freeze the clock.

    Freeze it at the given time or, without one, now.
    """
    control.engine.sandbox.clock.freeze(None if body.at is None else milliseconds(body.at))
    return _moved(control)


@routes.add("POST", "/clock/advance", "clock.advance")
def advance(control: SandboxCall, body: models.Advance) -> models.Clock:
    """Move the clock forward."""
    control.engine.sandbox.clock.advance(round(body.seconds * 1000))
    return _moved(control)


@routes.add("POST", "/clock/resume", "clock.resume")
def resume(control: SandboxCall) -> models.Clock:
    """Resume the clock.

    It continues from its current time.
    """
    control.engine.sandbox.clock.resume(seeded=control.engine.sandbox.seeded)
    return _moved(control)


def _moved(control: SandboxCall) -> models.Clock:
    sandbox = control.engine.sandbox
    sandbox.mark_dirty()
    control.call.now = sandbox.clock.now()
    for system in control.engine.systems.values():
        system.on_clock_changed(control.call)
    return clock(control)


@routes.add("GET", "/faults", "faults.list", outside=True)
def faults(control: SandboxCall) -> models.FaultList:
    """List the scheduled faults.

    Also return the number of requests that are still running although their responses were lost.
    """
    planned = [read_json(models.PlannedFault, fault) for fault in control.engine.faults.as_dicts()]
    return models.FaultList(planned, control.engine.unfinished)


@routes.add("POST", "/faults", "faults.create", status=201)
def add_fault(control: SandboxCall, fault: Fault) -> models.PlannedFault:
    """Schedule a fault."""
    return read_json(models.PlannedFault, asdict(control.engine.faults.add(fault)))


@routes.add("DELETE", "/faults", "faults.clear")
def clear_faults(control: SandboxCall) -> None:
    """Remove all faults."""
    control.engine.faults.clear()


@routes.add("DELETE", "/faults/{id}", "faults.delete")
def remove_fault(control: SandboxCall, id: str) -> None:
    """Remove a fault."""
    if not control.engine.faults.remove(id):
        raise ControlError(404, f"fault {id} does not exist")


@routes.add("GET", "/coverage", "coverage.retrieve")
def coverage(control: SandboxCall) -> models.CoverageReport:
    """Report the coverage.

    The report shows which parts of the document were used. 409 if coverage is not being measured.
    """
    return read_json(models.CoverageReport, _counted(control).to_json())


@routes.add("POST", "/coverage", "coverage.start", writes=False)
def count_coverage(control: SandboxCall) -> None:
    """Start measuring coverage.

    The count begins with the exchanges that are still stored.
    """
    plane, engine = control.plane, control.engine
    if plane.coverage is None:
        from store_credit_mock.coverage import Coverage

        counted = Coverage(engine.contract)
        for exchange in engine.exchanges:
            counted.add(exchange)
        plane.track_coverage(counted)


@routes.add("DELETE", "/coverage", "coverage.clear", writes=False)
def clear_coverage(control: SandboxCall) -> None:
    """Clear the coverage.

    Set the counts back to zero, and continue counting.
    """
    _counted(control).clear()


def _counted(control: SandboxCall) -> Coverage:
    counted = control.plane.coverage
    if counted is None:
        raise ControlError(
            409, "coverage is not being measured; send POST /_mock/coverage, or start the mock with --coverage FILE"
        )
    return counted


@routes.add("GET", "/invariants", "invariants.check")
def invariants(control: SandboxCall) -> models.Invariants:
    """Check the invariants.

    These are the rules that must always hold: entries add up to balances, nothing is spent twice or after its expiry.
    """
    found: list[tuple[str, Any]] = [
        (name, finding)
        for name, system in control.engine.systems.items()
        for finding in system.invariants(control.call)
    ]
    found += [("ledger", finding) for finding in check_seals(control.call.db, control.call.sandbox.name)]
    shown = [models.InvariantViolation(name, **asdict(finding)) for name, finding in found]
    broken = [finding for finding in shown if not finding.allowed]
    return models.Invariants(not broken, broken, [finding for finding in shown if finding.allowed])


@routes.add("POST", PAGE.removeprefix("/_mock") + "/tickets", "inspector.tickets.create", status=201, writes=False)
def open_inspector(control: SandboxCall) -> models.InspectorLink:
    """Create a link to the inspector.

    The link works once.
    """
    return models.InspectorLink(f"{PAGE}?ticket={control.plane.sessions.ticket()}")


routes.extend(exchange_routes.routes)
