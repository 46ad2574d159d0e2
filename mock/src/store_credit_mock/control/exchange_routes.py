"""What the control plane tells of exchanges, and of the operations they belong to."""

from __future__ import annotations

from collections.abc import Generator

from store_credit_mock.control import models
from store_credit_mock.control.call import SandboxCall
from store_credit_mock.control.verification import UNMET, unknown_before, unmet, wait
from store_credit_mock.core.exchange_filter import ExchangeFilter
from store_credit_mock.core.exchange_log import Exchange
from store_credit_mock.operation_names import fitting, known_name
from store_credit_mock.systems.control_route import ControlError, ControlRoutes
from store_credit_mock.systems.json_types import Count, Limit, read_json

__all__ = ["routes"]

routes = ControlRoutes("/_mock")


@routes.add("GET", "/exchanges", "exchanges.list", outside=True)
def exchanges(
    control: SandboxCall,
    limit: Limit = 100,
    operation: str | None = None,
    violations: bool | None = None,
    system: str | None = None,
    after: Count = 0,
    method: str | None = None,
    path: str | None = None,
    status: str | None = None,
    body: str | None = None,
    value: str | None = None,
    wait_for: models.Wanted | None = None,
    timeout: models.Timeout = 5.0,
) -> Generator[float, None, models.ExchangeList]:
    """List the exchanges.

    Return the last exchanges, oldest first; with `wait_for`, as soon as that many have arrived.

    While the route waits, other requests continue. If too few exchanges arrive in time, it returns 417 with those that
    did arrive.

    Args:
        control: The call.
        limit: Maximum number of exchanges; the newest ones are shown.
        operation: operationId, or a pattern such as `vinr.*`; empty for exchanges without one. 400 if no operation
            matches.
        violations: True for exchanges that violate the OpenAPI document, false for all others.
        system: First part of the operation: `vinr`, `spree`. 400 if there is no such system.
        after: Only exchanges with a higher number.
        method: Not case-sensitive.
        path: A path, or a pattern such as `/v1/*`.
        status: `201`, or `4xx`.
        body: JSON pointer to a member of the request's body, JSON or a form: `/amount`.
        value: The value of this member: `1000`, or a pattern such as `cust_*`.
        wait_for: How many exchanges to wait for, including those that have already arrived.
        timeout: Maximum number of seconds to wait.
    """
    chosen = _filter(control, operation, system, violations, method, path, status, body, value, after)
    if wait_for is not None:
        yield from _come(control, chosen, operation or system or "", wait_for, None, timeout)
    found = list(filter(chosen.fits, control.engine.exchanges))
    shown = [read_json(models.Exchange, exchange.as_dict()) for exchange in found[-limit:]]
    return models.ExchangeList(shown, *_count(control, found))


@routes.add("GET", "/exchanges/brief", "exchanges.list_brief", outside=True)
def brief_exchanges(
    control: SandboxCall,
    limit: Limit = 100,
    operation: str | None = None,
    violations: bool | None = None,
    system: str | None = None,
    after: Count = 0,
    method: str | None = None,
    path: str | None = None,
    status: str | None = None,
    body: str | None = None,
    value: str | None = None,
) -> models.BriefExchangeList:
    """List the exchanges in brief.

    Return the last exchanges without headers and bodies, oldest first; violations are only counted.

    Args:
        control: The call.
        limit: Maximum number of exchanges; the newest ones are shown.
        operation: operationId, or a pattern such as `vinr.*`; empty for exchanges without one. 400 if no operation
            matches.
        violations: True for exchanges that violate the OpenAPI document, false for all others.
        system: First part of the operation: `vinr`, `spree`. 400 if there is no such system.
        after: Only exchanges with a higher number.
        method: Not case-sensitive.
        path: A path, or a pattern such as `/v1/*`.
        status: `201`, or `4xx`.
        body: JSON pointer to a member of the request's body, JSON or a form: `/amount`.
        value: The value of this member: `1000`, or a pattern such as `cust_*`.
    """
    chosen = _filter(control, operation, system, violations, method, path, status, body, value, after)
    found = list(filter(chosen.fits, control.engine.exchanges))
    shown = [read_json(models.BriefExchange, exchange.as_summary()) for exchange in found[-limit:]]
    return models.BriefExchangeList(shown, *_count(control, found))


@routes.add("GET", "/exchanges/count", "exchanges.count", outside=True)
def count_exchanges(
    control: SandboxCall,
    operation: str | None = None,
    violations: bool | None = None,
    system: str | None = None,
    after: Count = 0,
    method: str | None = None,
    path: str | None = None,
    status: str | None = None,
    body: str | None = None,
    value: str | None = None,
) -> models.ExchangeCount:
    """Count the exchanges.

    `total` counts those that are stored.

    Args:
        control: The call.
        operation: operationId, or a pattern such as `vinr.*`; empty for exchanges without one. 400 if no operation
            matches.
        violations: True for exchanges that violate the OpenAPI document, false for all others.
        system: First part of the operation: `vinr`, `spree`. 400 if there is no such system.
        after: Only exchanges with a higher number.
        method: Not case-sensitive.
        path: A path, or a pattern such as `/v1/*`.
        status: `201`, or `4xx`.
        body: JSON pointer to a member of the request's body, JSON or a form: `/amount`.
        value: The value of this member: `1000`, or a pattern such as `cust_*`.
    """
    chosen = _filter(control, operation, system, violations, method, path, status, body, value, after)
    return models.ExchangeCount(*_count(control, list(filter(chosen.fits, control.engine.exchanges))))


@routes.add("POST", "/exchanges/verify", "exchanges.verify", outside=True)
def verify(control: SandboxCall, body: models.Expectation) -> Generator[float, None, models.ExchangeCount]:
    """Verify the number of exchanges.

    The number must be the expected one; if none is given, at least one exchange must have arrived. Otherwise, the
    route returns 417 and lists what arrived instead, and the closest matches. With a timeout, the route waits until
    enough exchanges have arrived or, if none is expected, checks that none arrives in this time.
    """
    if body.times is not None and (body.at_least is not None or body.at_most is not None):
        raise ControlError(400, "/times: times cannot be combined with at_least or at_most")
    status = None if body.status is None else str(body.status)
    chosen = _filter(
        control, body.operation, body.system, body.violations, body.method, body.path, status, body.body, body.value,
        body.after,
    )  # fmt: skip
    least, most = body.times, body.times
    if least is None:
        least, most = (1 if body.at_most is None else 0) if body.at_least is None else body.at_least, body.at_most
        if most is not None and most < least:
            raise ControlError(400, f"/at_most: {most} is less than at_least ({least})")
    yield from _come(control, chosen, body.operation or body.system or "", least, most, body.timeout)
    return models.ExchangeCount(*_count(control, list(filter(chosen.fits, control.engine.exchanges))))


def _come(
    control: SandboxCall, chosen: ExchangeFilter, subject: str, least: int, most: int | None, timeout: float
) -> Generator[float, None, None]:
    """Wait until enough have come; refuse if they do not, or if more come than may."""
    log = control.engine.exchanges
    count = yield from wait(log, chosen, least or (most or 0) + 1, timeout)
    unknown = unknown_before(log, chosen.after)
    if count >= least and (most is None or (count <= most and not unknown)):
        return
    if most is None:
        expected = f"at least {least}"
    elif least == most:
        expected = f"exactly {least}" if least else "none"
    else:
        expected = f"{least} to {most}" if least else f"at most {most}"
    waited = f" within {timeout:g} s" if timeout and count < least else ""
    text = unmet(log, chosen, subject, expected, count, waited)
    if unknown:
        text += (
            f"\n{unknown} older exchanges are no longer stored and may also match: clear the exchanges first, or set "
            "after"
        )
    raise ControlError(UNMET, text)


def _filter(
    control: SandboxCall,
    operation: str | None,
    system: str | None,
    violations: bool | None,
    method: str | None,
    path: str | None,
    status: str | None,
    body: str | None,
    value: str | float | bool | None,
    after: int,
) -> ExchangeFilter:
    names = _names(control, operation, system)
    return ExchangeFilter(names, violations, method, path, status, body, value, after)


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
        # Without a name: what the OpenAPI document has no operation for.
        names = fitting(operation, operations) if operation else frozenset({""})
    if system is not None:
        known_name(system, {*engine.systems, *(each.system for each in operations.values())}, "system")
        names = frozenset(name for name in names if name.partition(".")[0] == system)
    return names


@routes.add("GET", "/exchanges/{number}", "exchanges.retrieve")
def exchange(control: SandboxCall, number: int) -> models.Exchange:
    """Show an exchange.

    Args:
        control: The call.
        number: The exchange's number. Numbers may repeat after a snapshot is restored; the newest exchange is shown.
    """
    for one in reversed(list(control.engine.exchanges)):
        if one.number == number:
            return read_json(models.Exchange, one.as_dict())
    raise ControlError(404, f"exchange {number} does not exist, or is no longer stored")


@routes.add("DELETE", "/exchanges", "exchanges.clear")
def clear_exchanges(control: SandboxCall) -> None:
    """Clear the exchanges."""
    control.engine.exchanges.clear()


@routes.add("GET", "/operations", "operations.list")
def operations(control: SandboxCall) -> list[models.Operation]:
    """List the operations.

    Return the operations of the OpenAPI document, each with its line.
    """
    contract = control.engine.contract
    return [
        models.Operation(
            operation.id, operation.system, operation.method, operation.template,
            contract.document.line(operation.pointer),
        )
        for operation in contract.operations.values()
    ]  # fmt: skip
