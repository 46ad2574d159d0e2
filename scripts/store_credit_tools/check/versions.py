"""Whether `x-versions` names versions that there are, and only where not all have a thing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from store_credit_tools.check.findings import meant
from store_credit_tools.check.operations import operations
from store_credit_tools.check.source import Location, Node, items, mapping
from store_credit_tools.check.walk import Walk

__all__ = ["check_versions"]

_MARK: Final = "x-versions"
_KINDS: Final = ("operation", "parameter", "header", "response", "schema", "example")


def check_versions(walk: Walk) -> None:
    """Note versions that no system has, that the owner does not have, or that go without saying."""
    told: Any = walk.source.data.get("x-systems")
    systems = {
        name: [str(one) for one in items(mapping(system).get("versions"))] for name, system in mapping(told).items()
    }
    for place, owner in _marked(walk):
        _names(walk, place, owner, [one for one in systems.values() if one])
    for place, operation in operations(walk):
        if place[0] == "paths":
            known = systems.get(str(operation.get("operationId")).partition(".")[0], [])
            if known:
                _operation(walk, place, operation, known)


def _marked(walk: Walk) -> Iterator[tuple[Location, Node]]:
    for kind in _KINDS:
        for place, owner in walk.all(kind):
            if isinstance(owner.get(_MARK), list):
                yield place, owner
    for place, schema in walk.all("schema"):
        codes: Any = schema.get("x-error-codes")
        for code, said in mapping(codes).items():
            if isinstance(said, dict) and isinstance(mapping(said).get(_MARK), list):
                yield (*place, "x-error-codes", code), mapping(said)


def _names(walk: Walk, place: Location, owner: Node, systems: list[list[str]]) -> None:
    where = (*place, _MARK)
    given = [str(one) for one in items(owner[_MARK])]
    every = [one for known in systems for one in known]
    if not every:
        walk.source.add(where, "no system has versions", "list them under `x-systems`, or remove this")
        return
    unknown = [(number, one) for number, one in enumerate(given) if one not in every]
    for number, one in unknown:
        remedy = meant(one, every, f"there are {', '.join(every)}")
        walk.source.add((*where, str(number)), f"{one} is not a version of a system", remedy)
    if unknown:
        return
    known = next((one for one in systems if set(given) <= set(one)), None)
    if known is None:
        walk.source.add(where, "versions of two systems", "write those of one")
        return
    ordered = [one for one in known if one in given]
    if given != ordered:
        walk.source.add(where, "the versions are not in order", f"write {', '.join(ordered)}")
    elif given == known:
        walk.source.add(where, "this lists every version", "remove it: by default, all versions are included")
    outer = _outer(walk, place)
    for number, one in enumerate(given):
        if outer is not None and one in known and one not in outer:
            said = f"the object that contains it is not in version {one}"
            walk.source.add((*where, str(number)), said, "remove it here, or add it there")


def _outer(walk: Walk, place: Location) -> list[str] | None:
    """The versions of the nearest marked thing around a place."""
    for end in range(len(place) - 1, 0, -1):
        holder = walk.source.at(place[:end])
        mark: Any = mapping(holder).get(_MARK)
        if isinstance(mark, list):
            return [str(one) for one in items(mark)]
    return None


def _operation(walk: Walk, place: Location, operation: Node, known: list[str]) -> None:
    name = operation.get("operationId")
    given: Any = operation.get(_MARK)
    own = [str(one) for one in items(given)] if isinstance(given, list) else known
    if "x-verified" in operation:
        entries: Any = operation["x-verified"]
        verified = [str(mapping(one).get("version")) for one in items(entries)]
        if verified != own:
            said = f"{name} is verified for {', '.join(verified)}"
            walk.source.add((*place, "x-verified"), said, f"write an entry for each of {', '.join(own)}")
    parts = [(*place, "parameters", str(number)) for number in range(len(items(operation.get("parameters"))))]
    responses: Any = operation.get("responses")
    parts += [(*place, "responses", status) for status in mapping(responses)]
    for part in parts:
        _, target = walk.resolve(part)
        mark: Any = mapping(target).get(_MARK)
        if isinstance(mark, list) and not {str(one) for one in items(mark)} & set(own):
            said = f"{name} is not in any version that has this"
            walk.source.add(part, said, "remove it, or correct the versions of one of them")
