"""What the control plane tells of exchanges, and of the operations they belong to."""

from __future__ import annotations

from store_credit_mock.control import models
from store_credit_mock.control.call import SandboxCall
from store_credit_mock.core.exchange_log import Exchange
from store_credit_mock.operation_names import fitting, known_name
from store_credit_mock.systems.control_route import ControlError, ControlRoutes
from store_credit_mock.systems.json_types import Count, Limit, read_json

__all__ = ["routes"]

routes = ControlRoutes("/_mock")


@routes.add("GET", "/exchanges", "exchanges.list")
def exchanges(
    control: SandboxCall,
    limit: Limit = 100,
    operation: str | None = None,
    violations: bool | None = None,
    system: str | None = None,
    after: Count = 0,
) -> models.ExchangeList:
    """Show the last exchanges, oldest first.

    Args:
        control: The call.
        limit: How many at most, the newest.
        operation: operationId, or a pattern such as `vinr.*`; empty for exchanges without one. 400 if none fits.
        violations: True for those that broke the document, false for the others.
        system: First part of the operation: `vinr`, `spree`. 400 if there is no such system.
        after: Only those with a higher number.
    """
    found = _chosen(control, operation, violations, system, after)
    shown = [read_json(models.Exchange, exchange.as_dict()) for exchange in found[-limit:]]
    return models.ExchangeList(shown, *_count(control, found))


@routes.add("GET", "/exchanges/brief", "exchanges.list_brief")
def brief_exchanges(
    control: SandboxCall,
    limit: Limit = 100,
    operation: str | None = None,
    violations: bool | None = None,
    system: str | None = None,
    after: Count = 0,
) -> models.BriefExchangeList:
    """Show the last exchanges without headers and bodies, oldest first; violations are only counted.

    Args:
        control: The call.
        limit: How many at most, the newest.
        operation: operationId, or a pattern such as `vinr.*`; empty for exchanges without one. 400 if none fits.
        violations: True for those that broke the document, false for the others.
        system: First part of the operation: `vinr`, `spree`. 400 if there is no such system.
        after: Only those with a higher number.
    """
    found = _chosen(control, operation, violations, system, after)
    shown = [read_json(models.BriefExchange, exchange.as_summary()) for exchange in found[-limit:]]
    return models.BriefExchangeList(shown, *_count(control, found))


def _chosen(
    control: SandboxCall, operation: str | None, violations: bool | None, system: str | None, after: int
) -> list[Exchange]:
    names = _names(control, operation, system)
    return [
        exchange
        for exchange in control.engine.exchanges
        if exchange.number > after
        and (names is None or exchange.operation in names)
        and (violations is None or bool(exchange.violations) == violations)
    ]


def _count(control: SandboxCall, found: list[Exchange]) -> tuple[int, int, int, int]:
    log = control.engine.exchanges
    return len(found), log[-1].number if len(log) else 0, log.cleared, log.evicted


def _names(control: SandboxCall, operation: str | None, system: str | None) -> frozenset[str] | None:
    """The operations that are asked for; None for any, and for exchanges without one.

    Raises:
        UnknownNameError: There is no such operation or system: an empty list would say that it was never asked for.
    """
    if operation is None and system is None:
        return None
    engine = control.engine
    operations = engine.contract.operations
    names = frozenset(operations)
    if operation is not None:
        # Without a name: what the document has no operation for.
        names = fitting(operation, operations) if operation else frozenset({""})
    if system is not None:
        known_name(system, {*engine.systems, *(each.system for each in operations.values())}, "system")
        names = frozenset(name for name in names if name.partition(".")[0] == system)
    return names


@routes.add("GET", "/exchanges/{number}", "exchanges.retrieve")
def exchange(control: SandboxCall, number: int) -> models.Exchange:
    """Show one exchange that is still kept.

    Args:
        control: The call.
        number: The newest of this number: after a snapshot was restored they may come again.
    """
    for one in reversed(list(control.engine.exchanges)):
        if one.number == number:
            return read_json(models.Exchange, one.as_dict())
    raise ControlError(404, f"exchange {number} is not, or no longer, among those kept")


@routes.add("DELETE", "/exchanges", "exchanges.clear")
def clear_exchanges(control: SandboxCall) -> None:
    """Clear the exchanges."""
    control.engine.exchanges.clear()


@routes.add("GET", "/operations", "operations.list")
def operations(control: SandboxCall) -> list[models.Operation]:
    """List the operations of the document, each with its line."""
    contract = control.engine.contract
    return [
        models.Operation(
            operation.id, operation.system, operation.method, operation.template,
            contract.document.line(operation.pointer),
        )
        for operation in contract.operations.values()
    ]  # fmt: skip
