"""Faults that a request asks for itself, by a header: for those who cannot reach the control plane.

`X-Mock-Fault` names a scheduled fault or is one: `status=429; headers.retry-after=30`, `drop; when=after`, or JSON.
`Prefer: code=429` asks for that status (RFC 7240). `X-Mock-Fault` wins over `Prefer`, and both over what is planned,
which then does not see the request.
"""

from __future__ import annotations

import re
from dataclasses import fields
from difflib import get_close_matches
from functools import cache
from typing import Any, Final, cast

import jsonschema_rs
import orjson

from store_credit_mock.core.faults import Fault, FaultPlan
from store_credit_mock.http import Request
from store_credit_mock.systems.json_types import read_json, schema_of

__all__ = ["ASKING", "requested"]

ASKING: Final = (b"x-mock-fault", b"prefer")
"""The headers that may ask for one."""

_HEADER: Final = "X-Mock-Fault"
_PREFERRED: Final = re.compile(r"(?:^|[,;\s])code\s*=\s*\"?([^\s,;\"]*)", re.IGNORECASE)
_PLANNED: Final = frozenset({"operation", "match", "nth", "times", "probability", "named", "id"})
"""What says which requests a scheduled fault strikes; here it is the one that asks."""


def requested(plan: FaultPlan, operation: str, system: str, request: Request) -> Fault | None:
    """The fault that a request asks for; None if it asks for none.

    One that cannot be understood is a 400 in the system's own shape, which says why.

    Args:
        plan: What is planned.
        operation: The request's operationId; empty if it has none.
        system: The name of the system it is for.
        request: The request.
    """
    asked = request.header("x-mock-fault")
    try:
        if asked is not None:
            return _asked(plan, operation, system, request, asked.strip())
        preferred = _PREFERRED.search(", ".join(_all(request, b"prefer")))
        return None if preferred is None else _preferred(preferred[1])
    except ValueError as error:
        header = "Prefer" if asked is None else _HEADER
        return Fault(status=400, message=f"{header}: {error}", id=header)


def _all(request: Request, name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in request.headers if key.lower() == name]


def _preferred(text: str) -> Fault | None:
    status = int(text) if re.fullmatch("[1-5][0-9]{2}", text) else 0
    if 200 <= status < 300:
        # What the mock does of itself.
        return None
    if not 400 <= status <= 599:
        raise ValueError(f"code={text[:50]} is not valid; use a status from 400 to 599, or the {_HEADER} header")
    return Fault(status=status, id="Prefer")


def _asked(plan: FaultPlan, operation: str, system: str, request: Request, text: str) -> Fault:
    if text in plan.ids:
        named = plan.named(text, operation, request)
        if named is None:
            raise ValueError(
                f"the fault {text} does not apply to this request: check its operation, match, nth and times"
            )
        return named
    value = _json(text) if text.startswith("{") else _pairs(text, plan)
    if planned := sorted(_PLANNED & value.keys()):
        raise ValueError(
            f"{planned[0]} is only for scheduled faults; a fault set in a header applies only to its own request"
        )
    for error in _validator().iter_errors(value):
        place = "/".join(map(str, error.instance_path))
        raise ValueError(f"{place + ': ' if place else ''}{error.message[:300]}")
    fault: Fault = read_json(Fault, {**value, "id": _HEADER})
    plan.check(fault, {system})
    return fault


def _json(text: str) -> dict[str, Any]:
    try:
        value: Any = orjson.loads(text.encode("latin-1"))
    except orjson.JSONDecodeError as error:
        raise ValueError(f"not valid JSON: {error}") from error
    members = cast("dict[str, Any]", value)
    for name in members:
        _known(name, [])
    return members


def _pairs(text: str, plan: FaultPlan) -> dict[str, Any]:
    """`name=value; name; name.member=value`."""
    made: dict[str, Any] = {}
    for part in filter(None, map(str.strip, text.split(";"))):
        name, sign, rest = (piece.strip() for piece in part.partition("="))
        name, _, member = name.partition(".")
        kind = _known(name, plan.ids if not sign else [])
        inner = made.setdefault(name, {}) if member else made
        if not isinstance(inner, dict) or (member or name) in inner:
            raise ValueError(f"{name} was given more than once")
        if member:
            inner[member] = rest
        elif not sign:
            made[name] = True
        else:
            made[name] = rest if kind == "string" else _value(rest)
    if not made:
        raise ValueError("the value is empty; use status=429, drop, or the id of a scheduled fault")
    return made


def _value(text: str) -> Any:
    try:
        return orjson.loads(text.encode("latin-1"))
    except orjson.JSONDecodeError:
        return text


def _known(name: str, ids: list[str]) -> str:
    """The type of a member of `Fault`; a text if it has several."""
    known = [field.name for field in fields(Fault)]
    if name not in known:
        near = get_close_matches(name, [*ids, *known], 1, 0.5)
        hint = f"did you mean {near[0]}? " if near else ""
        raise ValueError(
            f"{name[:50]!r} is neither a scheduled fault nor a fault effect; {hint}use an effect such as status=429"
        )
    kind: Any = _schema()["components"]["schemas"]["Fault"]["properties"][name].get("type")
    kinds = cast("list[str]", kind) if isinstance(kind, list) else [kind]
    return "string" if "string" in kinds else ""


@cache
def _schema() -> dict[str, Any]:
    components: dict[str, Any] = {}
    return {**schema_of(Fault, components), "components": {"schemas": components}}


@cache
def _validator() -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(_schema(), validate_formats=True)
