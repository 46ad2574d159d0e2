"""What the control plane tells of exchanges, and of the operations they belong to."""

from __future__ import annotations

from typing import Any, Final

from store_credit_mock.control.call import SandboxCall
from store_credit_mock.operation_names import fitting, known_name
from store_credit_mock.systems.control_route import ControlError, ControlRoute

__all__ = ["ROUTES"]


def _list(control: SandboxCall) -> dict[str, Any]:
    query, record = control.query, control.engine.exchanges
    limit, after, brief = query.get("limit", 100), query.get("after", 0), query.get("brief", False)
    violations = query.get("violations")
    names = _chosen(control)
    chosen = [
        exchange
        for exchange in record
        if exchange.number > after
        and (names is None or exchange.operation in names)
        and (violations is None or bool(exchange.violations) == violations)
    ]
    shown = chosen[-limit:]
    return {
        "data": [exchange.as_summary() if brief else exchange.as_dict() for exchange in shown],
        "total": len(chosen),
        "last": record[-1].number if len(record) else 0,
        "cleared": record.cleared,
        "evicted": record.evicted,
    }


def _chosen(control: SandboxCall) -> frozenset[str] | None:
    """The operations that are asked for; None for any, and for exchanges without one.

    Raises:
        UnknownNameError: There is no such operation or system: an empty list would say that it was never asked for.
    """
    operation, system = control.query.get("operation"), control.query.get("system")
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


def _retrieve(control: SandboxCall) -> dict[str, Any]:
    number = control.path["number"]
    # After a snapshot was restored numbers may come again; the newest is meant.
    for exchange in reversed(list(control.engine.exchanges)):
        if str(exchange.number) == number:
            return exchange.as_dict()
    raise ControlError(404, f"exchange {number[:50]} is not, or no longer, among those kept")


def _clear(control: SandboxCall) -> None:
    control.engine.exchanges.clear()


def _operations(control: SandboxCall) -> dict[str, Any]:
    contract = control.engine.contract
    return {
        "data": [
            {
                "id": operation.id,
                "system": operation.system,
                "method": operation.method,
                "path": operation.template,
                "line": contract.document.line(operation.pointer),
            }
            for operation in contract.operations.values()
        ]
    }


_LIST: Final = {"type": "object", "required": ["data"], "properties": {"data": {"type": "array"}}}

ROUTES: Final = (
    ControlRoute(
        "exchanges.list",
        "GET",
        "/_mock/exchanges",
        "Show the last exchanges, oldest first",
        _list,
        result={
            "type": "object",
            "required": ["data", "total", "last", "cleared", "evicted"],
            "properties": {
                "data": {"type": "array"},
                "total": {"type": "integer", "description": "How many there are that were asked for."},
                "last": {"type": "integer", "description": "Number of the newest exchange of all; 0 if there is none."},
                "cleared": {"type": "integer", "description": "How often the record was emptied."},
                "evicted": {
                    "type": "integer",
                    "description": "How many have given way to newer ones since then; only while it is 0 is a count of"
                    " those shown one of all there were.",
                },
            },
        },
        query={
            "limit": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100},
            "after": {"type": "integer", "minimum": 0, "description": "Only those with a higher number."},
            "operation": {
                "type": "string",
                "description": "operationId, or a pattern such as `vinr.*`; empty for exchanges without one. 400 if no"
                " operation fits.",
            },
            "system": {
                "type": "string",
                "description": "First part of the operation: `vinr`, `spree`. 400 if there is no such system.",
            },
            "violations": {"type": "boolean"},
            "brief": {"type": "boolean", "description": "Without headers and bodies, violations only counted."},
        },
        writes=False,
    ),
    ControlRoute(
        "exchanges.retrieve", "GET", "/_mock/exchanges/{number}", "Show one exchange", _retrieve, writes=False
    ),
    ControlRoute(
        "exchanges.clear", "DELETE", "/_mock/exchanges", "Forget the exchanges", _clear, result={"type": "null"}
    ),
    ControlRoute(
        "operations.list",
        "GET",
        "/_mock/operations",
        "List the operations of the document, each with its line",
        _operations,
        result=_LIST,
        writes=False,
    ),
)
