"""Everything that only some versions of a system have, in one place: tables made from the document's `x-versions`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, cast

from store_credit_mock.contract.document import fragment, join
from store_credit_mock.contract.version_cut import versions_of
from store_credit_tools.docs_site.document import Schema, Source
from store_credit_tools.docs_site.schema_text import words_of
from store_credit_tools.docs_site.version_ranges import range_of

__all__ = ["difference_tables"]

_HEADS = {
    "Operations": ("operation", "request"),
    "Parameters": ("parameter", "of"),
    "Attributes": ("object, body or filter", "attributes"),
    "Responses and headers": ("what", "kind"),
    "Error codes": ("code", "cause"),
}
"""The tables in their order, each with its first two columns; the third has the versions."""
_FEW = 3
"""So many operations are linked one by one."""


class _Difference(NamedTuple):
    """Something that only some versions have."""

    table: str
    """One of `_HEADS`."""
    first: str
    """Its first column, as Markdown. Neighbours that have it and the versions in common share a row."""
    second: str
    """Its second column, as Markdown."""
    versions: str


def difference_tables(source: Source, system: str) -> Mapping[str, str]:
    """The tables of one system as Markdown, by their headings.

    Examples are left out: they show what the other parts state.

    Raises:
        PagesError: Something has `x-versions` in a place that no table covers.
    """
    known = set(versions_of(source.document.data, system))
    rows: dict[str, dict[tuple[str, str], list[str]]] = {}
    for location, owner in _marked(source.document.data, "#"):
        if location.startswith("#/components/examples/") or not set(owner["x-versions"]) <= known:
            continue
        one = _difference(source, system, location, owner)
        rows.setdefault(one.table, {}).setdefault((one.first, one.versions), []).append(one.second)
    return {
        heading: _table(
            (*head, "versions"), [(first, ", ".join(second), versions) for first, versions, second in found]
        )
        for heading, head in _HEADS.items()
        if (found := [(*key, second) for key, second in rows.get(heading, {}).items()])
    }


def _marked(value: Any, location: str) -> Iterator[tuple[str, Schema]]:
    """Every part of the document with `x-versions`, with its place."""
    if isinstance(value, dict):
        members = cast("Schema", value)
        if "x-versions" in members:
            yield location, members
        for name, member in members.items():
            yield from _marked(member, join(location, name))
    elif isinstance(value, list):
        for number, member in enumerate(cast("list[Any]", value)):
            yield from _marked(member, join(location, str(number)))


def _difference(source: Source, system: str, location: str, owner: Schema) -> _Difference:
    found = range_of(source.document.data, owner)
    versions = "" if found is None else found.phrase
    names = location.split("/")[1:]
    match names:
        case ["paths", _, _]:
            operation = next(one for one in source.operations.values() if one.pointer == location)
            link = f"[{operation.definition['summary']}](operation:{operation.id})"
            return _Difference("Operations", link, f"`{operation.method} {operation.template}`", versions)
        case ["components", "parameters", _]:
            return _Difference("Parameters", f"`{owner['name']}`", _users(source, location), versions)
        case ["components", "schemas", schema, "properties", name]:
            return _Difference("Attributes", _object(schema), f"`{name}`", versions)
        case ["components", "schemas", schema, "anyOf" | "oneOf", _]:
            return _Difference("Attributes", _object(schema), f"as a JSON {owner['type']}", versions)
        case ["components", "schemas", _, "properties", "code", "x-error-codes", code]:
            link = f"[`{code}`](code:{source.code_name(system, code)})"
            return _Difference("Error codes", link, str(owner["cause"]), versions)
        case ["components", "responses", name]:
            words = words_of(name)
            link = f"[{words[:1].upper() + words[1:]}](refusal:{name})"
            return _Difference("Responses and headers", link, "response", versions)
        case ["components", "headers", name]:
            link = f"[{_header_name(source, name)}](header:{name})"
            return _Difference("Responses and headers", link, "header of a response", versions)
        case _:
            raise source.fault(location, "`x-versions` stands where the table of version differences has no row for it")


def _object(schema: str) -> str:
    return f"[{words_of(schema)}](schema:{schema})"


def _users(source: Source, location: str) -> str:
    """The operations with a parameter: links to a few, or how many there are."""
    found = [
        operation
        for operation in source.operations.values()
        if any(one.get("$ref") == location for one in operation.definition.get("parameters", ()))
    ]
    if len(found) > _FEW:
        return f"{len(found)} operations"
    return ", ".join(f"[{one.definition['summary']}](operation:{one.id})" for one in found)


def _header_name(source: Source, key: str) -> str:
    """What a header is called where a response has it."""
    target = fragment("components", "headers", key)
    for _, members in _headers(source.document.data):
        for name, header in members.items():
            if header.get("$ref") == target:
                return f"`{name}`"
    raise source.fault(target, "no response has this header")


def _headers(value: Any) -> Iterator[tuple[str, Mapping[str, Schema]]]:
    if isinstance(value, dict):
        for name, member in cast("Schema", value).items():
            if name == "headers" and isinstance(member, dict):
                yield name, cast("Mapping[str, Schema]", member)
            yield from _headers(member)
    elif isinstance(value, list):
        for member in cast("list[Any]", value):
            yield from _headers(member)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(" ".join(cell.split()) for cell in line) + " |" for line in lines)
