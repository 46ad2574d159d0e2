"""Generated cases with ids of records that exist, so that they reach the rules behind a 404."""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast

from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.meta import TestPhase

from store_credit_mock.verify.roles import Role

__all__ = ["KnownRecords", "give_key", "number_of", "use_existing_ids"]

_VERSION: Final = "Vinr-Version"
_KEY: Final = "Idempotency-Key"
_PROBE: Final = "probe"
_MONEY: Final[dict[str, tuple[str, ...]]] = {
    # Texts are right in a query and in a body; together they keep amount_used + amount_authorized <= amount.
    "amount": ("25.00", "30", "999.99"),
    "amount_used": ("0", "1.5"),
    "amount_authorized": ("0", "2.25"),
}


@dataclass(frozen=True)
class KnownRecords:
    """The ids that exist on the server and the credentials that open it.

    Attributes:
        ids: Ids of existing records by the name of what takes them, looked up for every case: an operation's resource
            for a path id (`spree.orders`), a parameter (`starting_after`) or a member of a body (`user_id`). Lists of
            records and of what they belong to are of equal length and in the same order.
        credentials: Names and values of the headers that open an operation, for a case by its number.
        role: What an operation does to which kind of record, by its operationId.
    """

    ids: Mapping[str, Sequence[str]]
    credentials: Callable[[str, int], Sequence[tuple[str, str]]] = field(repr=False)
    role: Callable[[str], Role] = lambda operation: Role(*operation.rpartition(".")[::2])


def use_existing_ids(world: KnownRecords) -> Callable[[Any, Any], Any]:
    """Put what exists into most cases; a part the case breaks on purpose stays as it is."""

    def map_case(context: Any, case: Any) -> Any:
        meta = case.meta
        if meta is None:
            return case
        if case.query and not meta.is_negative_at(ParameterLocation.QUERY):
            case.query = _spelled(case.query)
        # For a pattern with a maxLength the coverage phase of schemathesis 4.32 finds no valid value: it fills in "0",
        # example or not, which would spoil every other case of VINR.
        if meta.phase.name is TestPhase.COVERAGE and _VERSION in case.headers and not _tries_header(meta, _VERSION):
            case.headers[_VERSION] = "2026-04-01"
        draw = random.Random(number_of(case))  # noqa: S311 - a choice that follows from the case
        # One case in eight keeps what was generated, so that unknown ids and amounts at the limits are tried too.
        if draw.random() < 1 / 8:
            return case
        # One key for every body would be a conflict every time (V51).
        if _KEY in (case.headers or {}) and not _tries_header(meta, _KEY):
            case.headers[_KEY] = _PROBE
        role = world.role(case.operation.definition.raw["operationId"])
        resource, identity = role.resource, role.identity
        spree = resource.startswith(("spree.", "spree_v3."))
        # A body of v3 names no record that has to be there.
        ids: Mapping[str, Sequence[str]] = {} if resource.startswith("spree_v3.") else world.ids
        # In a walk the id is the one an earlier response gave.
        walking = meta.phase.name is TestPhase.STATEFUL
        named = identity in (case.path_parameters or {}) and (not resource.startswith("/") or resource in world.ids)
        if case.path_parameters and not walking and not meta.is_negative_at(ParameterLocation.PATH):
            # One place in all lists, so that a record is asked for below the parent it belongs to.
            place = draw.randrange(1 << 30)
            if named:
                case.path_parameters[identity] = _at(place, world.ids[resource])
            for name in case.path_parameters.keys() - {identity}:
                if name in world.ids:
                    case.path_parameters[name] = _at(place, world.ids[name])
        if case.query and not meta.is_negative_at(ParameterLocation.QUERY):
            _replace(case.query, ids, draw, spree=spree)
            if {"starting_after", "ending_before"} <= set(case.query):
                del case.query[draw.choice(("starting_after", "ending_before"))]
        sent: Any = case.body
        if isinstance(sent, dict):
            body = cast("dict[str, Any]", sent)
            inner: Any = body.get("store_credit")
            members = cast("dict[str, Any]", inner) if isinstance(inner, dict) else body
            _replace(members, ids, draw, spree=spree, least=meta.is_negative_at(ParameterLocation.BODY))
        return case

    return map_case


def _at(place: int, ids: Sequence[str]) -> str:
    return ids[place % len(ids)]


def give_key(case: Any) -> None:
    """Give a case whose key is not what it tries a key that follows from all else of it, its path included."""
    headers: dict[str, Any] = case.headers or {}
    if headers.get(_KEY) == _PROBE:
        case.headers[_KEY] = f"{_PROBE}-{number_of(case):08x}"


def _tries_header(meta: Any, name: str) -> bool:
    """Whether a header is what a case is about."""
    if meta.phase.name is TestPhase.COVERAGE:
        return meta.phase.data.parameter == name
    return meta.is_negative_at(ParameterLocation.HEADER)


def _spelled(query: Mapping[str, Any]) -> dict[str, Any]:
    """A valid query as the document spells it: lists of a filter with brackets, no empty list, no empty member name."""
    spelled: dict[str, Any] = {}
    for name, value in query.items():
        if isinstance(value, list) and name.startswith("filter["):
            spelled[f"{name}[]"] = cast("list[Any]", value)
        elif name.startswith(("filter[", "fields[")) and (name.count("[") > 1 or name.endswith("[]")):
            continue
        elif not (name == "include" and value in ("", [])):
            spelled[name] = value
    return spelled


def _replace(
    members: MutableMapping[str, Any],
    ids: Mapping[str, Sequence[str]],
    draw: random.Random,
    *,
    spree: bool,
    least: bool = False,
) -> None:
    """Put existing ids and amounts that go together into a query or a body.

    With `least` only where the smallest valid value stands, which can never be what breaks the body.
    """
    for name, value in members.items():
        # Null is a value of its own where it is allowed, and so is an amount at a limit.
        keep = draw.random() < 1 / 4
        if name in ids:
            unwanted = repr(value) in {"0", "'0'"} if least else not (keep and value is None)
            members[name] = draw.choice(ids[name]) if unwanted else value
        elif name in _MONEY and spree:
            unwanted = value == "0" if least else not keep
            members[name] = draw.choice(_MONEY[name]) if unwanted else value


def number_of(case: Any) -> int:
    """A number that follows from the case alone, so that a run can be repeated."""
    parts = (case.operation.label, case.path_parameters, case.query, case.body, dict(case.headers or {}))
    return zlib.crc32(repr(parts).encode("utf-8", "surrogatepass"))
