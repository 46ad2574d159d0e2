"""What is checked of a call's arguments before it is sent, by rules of its system: ids, amounts, versions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from openapi_python_client.parser.properties.protocol import PropertyProtocol

from store_credit_tools.generate.inputs import Argument, Parameter
from store_credit_tools.generate.parsed import Node, Parsed, options

__all__ = ["Checked", "CheckedArguments", "read_checked"]


class Checked(NamedTuple):
    """One argument, as `IdArgument`, `AmountArgument` and `VersionedArgument` of `_core.operation` take it.

    `place` is where it is sent (bytes: a header), `more` the prefixes of an id, the member with the currency of an
    amount, or versions.
    """

    name: str
    place: tuple[str, ...] | int | str | bytes
    more: tuple[str, ...] | None


class CheckedArguments(NamedTuple):
    """Those of one operation.

    Attributes:
        ids: Its ids, with what they begin with (`x-id-prefixes`).
        amounts: Its amounts, with their currencies.
        versioned: Those that not all versions of the system take (`x-versions`).
    """

    ids: list[Checked]
    amounts: list[Checked]
    versioned: list[Checked]


def read_checked(
    parsed: Parsed, path: str, parameters: Sequence[Parameter], arguments: Sequence[Argument], body: Any
) -> CheckedArguments:
    """Read what is checked of the arguments of an operation. `body`: the object whose members are arguments."""
    found = CheckedArguments([], [], [])
    names = {(one.location, one.wire): one.name for one in reversed(arguments)}
    segments = path.split("/")
    for one in parameters:
        location, wire = one.key
        name = names.get((location, wire))
        if name is None:
            continue
        place: int | str | bytes = wire.encode() if location == "header" else wire
        if location == "path":
            place = segments.index(f"{{{wire}}}")
        said = {**parsed.schema(one.parsed), **one.node}
        if location in ("path", "header") and said.get("x-id-prefixes"):
            found.ids.append(Checked(name, place, _texts(said["x-id-prefixes"])))
        if location in ("query", "header") and said.get("x-versions"):
            found.versioned.append(Checked(name, place, _texts(said["x-versions"])))
        if location == "query":
            found.versioned.extend(_filters(parsed, one.parsed, name, wire))
    members = parsed.properties(body)
    for wire, one in members.items():
        name = names.get(("body", wire))
        if name is None:
            continue
        prefixes, versions = parsed.mark(body, wire, "x-id-prefixes"), parsed.mark(body, wire, "x-versions")
        if prefixes:
            found.ids.append(Checked(name, (wire,), _texts(prefixes)))
        if versions:
            found.versioned.append(Checked(name, (wire,), _texts(versions)))
        if _is_amount(parsed, one):
            found.amounts.append(Checked(name, (wire,), ("currency",) if "currency" in members else None))
    return found


def _filters(parsed: Parsed, one: PropertyProtocol, name: str, wire: str) -> Iterator[Checked]:
    """The filters that not all versions know."""
    for key in parsed.properties(one):
        versions = parsed.mark(one, key, "x-versions")
        if versions:
            yield Checked(f"{name}[{key!r}]", f"{wire}[{key}]", _texts(versions))


def _is_amount(parsed: Parsed, one: PropertyProtocol) -> bool:
    return any(parsed.format(each) == "decimal" for each in [one, *options(one)])


def _texts(said: Node | Sequence[Any]) -> tuple[str, ...]:
    return tuple(map(str, said))
