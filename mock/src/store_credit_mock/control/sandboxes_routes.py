"""Which sandboxes there are, and what is done to one as a whole."""

from __future__ import annotations

from store_credit_mock.control import models
from store_credit_mock.control.call import SandboxCall
from store_credit_mock.core.sandboxes import SandboxError, Sandboxes
from store_credit_mock.operation_names import UnknownNameError
from store_credit_mock.systems.control_route import ControlError, ControlRoutes

__all__ = ["routes"]

routes = ControlRoutes("/_mock", errors={UnknownNameError: 404})


def _all(control: SandboxCall) -> Sandboxes:
    if control.plane.sandboxes is None:
        raise ControlError(404, "this mock has only one sandbox")
    return control.plane.sandboxes


@routes.add("GET", "/sandboxes", "sandboxes.list", outside=True)
def sandboxes(control: SandboxCall) -> list[models.SandboxState]:
    """List the sandboxes.

    The first is the default sandbox; a request that names any other sandbox creates it.
    """
    known = {engine.sandbox.name: engine for engine in _all(control).engines}
    return [
        models.SandboxState(
            name,
            name == control.plane.engine.sandbox.name,
            len(known[name].exchanges) if name in known else 0,
            known[name].exchanges.violations if name in known else 0,
        )
        for name in _all(control).names()
    ]


@routes.add("POST", "/sandboxes/{name}/reset", "sandboxes.reset", outside=True)
def reset_sandbox(control: SandboxCall, name: str) -> None:
    """Reset a sandbox by name.

    Empty it and load its fixtures again.
    """
    _all(control).get(name).reset()


@routes.add("DELETE", "/sandboxes/{name}", "sandboxes.delete", outside=True)
def remove_sandbox(control: SandboxCall, name: str) -> None:
    """Remove a sandbox with its snapshots.

    A later request that names it creates it again.
    """
    try:
        _all(control).remove(name)
    except SandboxError as error:
        raise ControlError(error.status, str(error)) from error
