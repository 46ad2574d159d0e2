"""Snapshots through the control plane: sent to the caller, or kept here under a name."""

from __future__ import annotations

from store_credit_mock.control import models
from store_credit_mock.control.call import SandboxCall
from store_credit_mock.core.snapshots import NamedSnapshot, Snapshots
from store_credit_mock.operation_names import UnknownNameError
from store_credit_mock.systems.control_route import ControlRoutes

__all__ = ["routes"]

routes = ControlRoutes("/_mock", errors={UnknownNameError: 404})


@routes.add("POST", "/snapshot", "mock.snapshot", outside=True)
def snapshot(control: SandboxCall) -> models.Snapshot:
    """Take a snapshot.

    Return everything that the sandbox contains, so that you can restore it later, here or elsewhere.
    """
    return control.engine.snapshot()


@routes.add("POST", "/restore", "mock.restore", outside=True, large=True, validated=False)
def restore(control: SandboxCall, snapshot: models.Snapshot) -> None:
    """Restore a snapshot.

    The body is a snapshot that was returned earlier.
    """
    control.engine.restore(snapshot)


@routes.add("GET", "/snapshots", "snapshots.list")
def snapshots(control: SandboxCall) -> list[NamedSnapshot]:
    """List the stored snapshots.

    They are sorted by name.
    """
    return Snapshots(control.engine).all()


@routes.add("POST", "/snapshots/{name}", "snapshots.save", status=201, outside=True)
def save_snapshot(control: SandboxCall, name: str) -> NamedSnapshot:
    """Store a snapshot.

    It contains everything in the sandbox, and replaces an earlier snapshot with the same name.
    """
    return Snapshots(control.engine).save(name)


@routes.add("POST", "/snapshots/{name}/restore", "snapshots.restore", outside=True)
def restore_snapshot(control: SandboxCall, name: str) -> None:
    """Restore a stored snapshot.

    Faults, exchanges and coverage stay as they are.
    """
    Snapshots(control.engine).restore(name)


@routes.add("DELETE", "/snapshots/{name}", "snapshots.delete")
def remove_snapshot(control: SandboxCall, name: str) -> None:
    """Remove a stored snapshot."""
    Snapshots(control.engine).remove(name)
