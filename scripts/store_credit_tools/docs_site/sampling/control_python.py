"""A sample of the control plane in Python: a call of the typed client's method, which the route names (`x-method`)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

__all__ = ["python_sample"]

_WIDTH: Final = 80

Routes = Mapping[str, tuple[str, str, Mapping[str, Any]]]
Plans = Mapping[str, Mapping[str, Any]]


def python_sample(name: str, routes: Routes, plans: Plans) -> str:
    """Write the call of a route, below the calls whose results it takes values from.

    Args:
        name: operationId.
        routes: Method, path and definition by operationId.
        plans: What each route is sent; see `docs/samples/control.yaml`.
    """
    lines = [f"{_variable(one)} = {_call(one, routes, plans)}" for one in _sources(name, plans)]
    lines.append(_call(name, routes, plans))
    if any("Fault(" in line for line in lines):
        lines.insert(0, "from store_credit_mock import Fault\n")
    if "sandbox" in plans[name]:
        lines.insert(0, f"# control is Control.connect(..., sandbox={_literal(plans[name]['sandbox'])})")
    return "\n".join(lines)


def _sources(name: str, plans: Plans) -> Iterator[str]:
    """The earlier calls whose results a call takes values from, in their order."""
    plan = plans[name]
    values = [*plan.get("path", {}).values(), *plan.get("body", {}).values()]
    wanted = {str(value).removeprefix("=").partition("/")[0] for value in values if str(value).startswith("=")}
    if "load" in plan:
        wanted.add(plan["after"][-1])
    yield from (one for one in plan.get("after", ()) if one in wanted)


def _variable(name: str) -> str:
    """What the result of a route is called: `purchase` of `vinr.purchases.create`, `events` of `vinr.events.list`."""
    *_, resource, action = name.split(".")
    if resource == "mock":
        return action
    return resource if action.startswith("list") else resource.removesuffix("s")


def _call(name: str, routes: Routes, plans: Plans) -> str:
    _, path, route = routes[name]
    plan = plans[name]
    system, _, rest = name.partition(".")
    client = f"control.{system}" if "." in rest and path.startswith(f"/_mock/{system}/") else "control"
    arguments = [_value(value) for value in plan.get("path", {}).values()]
    named = [f"{key}={_value(value)}" for key, value in (*plan.get("query", {}).items(), *plan.get("body", {}).items())]
    body = route.get("x-codegen-request-body-name", "body")
    if "load" in plan:
        named = [_variable(plan["after"][-1])]
    elif body == "fault":
        named = [f"Fault({', '.join(named)})"]
    elif body != "body":
        named = [_literal(plan["body"])]
    return _wrapped(f"{client}.{route['x-method']}", [*arguments, *named])


def _wrapped(function: str, arguments: list[str]) -> str:
    line = f"{function}({', '.join(arguments)})"
    if len(line) <= _WIDTH or "\n" in line:
        return line
    return f"{function}(\n" + "".join(f"    {argument},\n" for argument in arguments) + ")"


def _value(value: Any) -> str:
    """A value, or the attribute that a reference such as `=vinr.purchases.create/id` leads to."""
    if not (isinstance(value, str) and value.startswith("=")):
        return _literal(value)
    earlier, *steps = value.removeprefix("=").split("/")
    return _variable(earlier) + "".join(f"[{step}]" if step.isdecimal() else f".{step}" for step in steps)


def _literal(value: Any, indent: int = 0) -> str:
    """A JSON value in Python: on one line if it fits."""
    if isinstance(value, dict):
        members = [f"{json.dumps(key)}: {_literal(inner, indent + 4)}" for key, inner in _items(value)]
        return _broken("{", members, "}", indent)
    if isinstance(value, list):
        return _broken("[", [_literal(inner, indent + 4) for inner in cast("list[Any]", value)], "]", indent)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def _items(value: Any) -> Iterator[tuple[str, Any]]:
    yield from cast("dict[str, Any]", value).items()


def _broken(start: str, parts: list[str], end: str, indent: int) -> str:
    line = f"{start}{', '.join(parts)}{end}"
    if len(line) + indent <= _WIDTH and "\n" not in line:
        return line
    blanks = " " * indent
    return f"{start}\n" + "".join(f"{blanks}    {part},\n" for part in parts) + blanks + end
