"""Where `$ref` leads, and which components nothing leads to."""

from __future__ import annotations

from collections import Counter
from typing import Any, cast

from store_credit_tools.check.findings import meant
from store_credit_tools.check.grammar import REFERABLE
from store_credit_tools.check.source import Location, Node, items, mapping, pointer
from store_credit_tools.check.walk import Walk, steps

__all__ = ["check_references"]


def check_references(walk: Walk, *, unused: bool = True) -> None:
    """Note references that lead nowhere, in a circle, or to something else, and components that are not used."""
    used: Counter[Location] = Counter()
    for place, kind in walk.references.items():
        target = str(mapping(walk.source.at(place))["$ref"])
        where = (*place, "$ref")
        if not target.startswith("#"):
            _external(walk, where, target)
            continue
        leads = steps(target)
        used[leads[:3]] += place[:3] != leads[:3]
        found = walk.source.at(leads)
        if found is None:
            remedy = _nearest(walk, leads, kind)
            walk.source.add(where, f"$ref leads nowhere: {target}", remedy)
            walk.wrong.add(where)
            # What was meant is used.
            used[steps(remedy.removeprefix("did you mean ").rstrip("?"))] += remedy.startswith("did")
        elif walk.resolve(place)[1] is None and not _broken_further(walk, leads):
            walk.source.add(where, f"$ref leads in a circle: {target}", "write the value out in one place")
            walk.wrong.add(where)
        elif leads[:1] == ("components",) and len(leads) == 3 and leads[1] != REFERABLE[kind]:
            said = f"$ref leads to one of the {leads[1]}, but must lead to one of the {REFERABLE[kind]}: {target}"
            walk.source.add(where, said, _nearest(walk, leads, kind))
            walk.wrong.add(where)
    for _, discriminator in walk.all("discriminator"):
        used.update(steps(str(one))[:3] for one in mapping(discriminator.get("mapping")).values())
    _mappings(walk)
    if unused:
        _unused(walk, used)


def _mappings(walk: Walk) -> None:
    names = mapping(walk.source.at(("components", "schemas")))
    for place, schema in walk.all("schema"):
        discriminator: Any = schema.get("discriminator")
        given: Any = mapping(discriminator).get("mapping")
        for value, target in mapping(given).items():
            text = str(target)
            if not text.startswith("#") and text in names:
                continue
            if not text.startswith("#") or walk.source.at(steps(text)) is None:
                remedy = meant(text.rpartition("/")[2], names, "write `#/components/schemas/Name`")
                walk.source.add(
                    (*place, "discriminator", "mapping", value), f"the mapping leads nowhere: {text}", remedy
                )


def _broken_further(walk: Walk, place: Location) -> bool:
    """Whether a chain of references ends at one that leads nowhere, which is said there."""
    seen: set[Location] = set()
    while place not in seen:
        seen.add(place)
        value = walk.source.at(place)
        if not isinstance(value, dict):
            return True
        target = str(mapping(value).get("$ref", "#"))
        if not target.startswith("#"):
            return True
        place = steps(target)
    return False


def _nearest(walk: Walk, leads: Location, kind: str) -> str:
    section = REFERABLE[kind]
    group: Any = walk.source.at(("components", section)) or {}
    near = meant(leads[-1] if leads else "", mapping(group), "")
    if near:
        return f"did you mean #/components/{section}/{near.removeprefix('did you mean ')}"
    return f"add it there, or change the reference to one of #/components/{section}/"


def _external(walk: Walk, where: Location, target: str) -> None:
    file = target.partition("#")[0]
    if "://" in file:
        walk.source.add(where, f"$ref leads to another host: {target}", "copy its content into this document")
    elif not (walk.source.path.parent / file).is_file():
        kind = walk.references[where[:-1]]
        near = meant(target.rpartition("/")[2], mapping(walk.source.at(("components", REFERABLE[kind]))), "")
        remedy = (
            near.replace("did you mean ", f"did you mean #/components/{REFERABLE[kind]}/")
            or "correct the path of the file"
        )
        walk.source.add(where, f"$ref leads to a file that does not exist: {target}", remedy)


def _unused(walk: Walk, used: Counter[Location]) -> None:
    components: Any = walk.source.data.get("components")
    secured: list[Node] = [walk.source.data, *(one for _, one in walk.all("operation"))]
    named = {name for one in secured for choice in items(one.get("security")) for name in mapping(choice)}
    # One that is not declared is told where it stands, with the one that was meant.
    declared = walk.source.at(("components", "securitySchemes"))
    named |= {meant(name, mapping(declared), "").removeprefix("did you mean ").rstrip("?") for name in {*named}}
    extended = {str(name) for _, schema in walk.all("schema") for name in _names(schema.get("x-resource"))}
    # What a receiver keeps an event of an unknown type in: `VinrEvent` for `vinr.webhooks.store_credit_created`.
    for place, operation in walk.all("operation"):
        if place[0] == "webhooks":
            system = str(operation.get("operationId")).partition(".")[0]
            extended.add("".join(part.capitalize() for part in system.split("_")) + "Event")
    sections = {*REFERABLE.values()}
    for section, group in mapping(components).items():
        for name in mapping(group) if section in sections else ():
            place = ("components", section, name)
            by_name = (section == "securitySchemes" and name in named) or (section == "schemas" and name in extended)
            if not used[place] and not by_name:
                said = f"nothing uses {pointer(place)}"
                walk.source.add(place, said, "remove it, or refer to it")


def _names(value: Any) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else [value]
