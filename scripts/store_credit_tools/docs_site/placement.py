"""Which page each schema is at home on.

A guide may claim a schema by naming it. Every other is at home with the resource it is nearest to: the one from whose
operations the fewest references lead to it; of several equally near, the first in the document.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from store_credit_mock.contract import OperationDefinition
from store_credit_mock.contract.document import fragment, join
from store_credit_tools.docs_site.document import PagesError, Source

__all__ = ["homes_of", "references_below"]

_NOT_SCHEMAS = frozenset({"example", "examples", "value", "default", "const", "enum"})


def references_below(value: Any) -> Iterator[str]:
    """Names of the schemas a part of the document refers to, by `$ref` or `x-resource`, in its order."""
    if isinstance(value, dict):
        for name, member in cast("dict[str, Any]", value).items():
            if name == "$ref" and str(member).startswith("#/components/schemas/"):
                yield str(member).rsplit("/", 1)[1]
            elif name == "x-resource":
                yield from [member] if isinstance(member, str) else member
            elif name not in _NOT_SCHEMAS:
                yield from references_below(member)
    elif isinstance(value, list):
        for member in cast("list[Any]", value):
            yield from references_below(member)


def homes_of(
    source: Source, resources: Mapping[str, Iterable[OperationDefinition]], claimed: Mapping[str, str]
) -> Mapping[str, str]:
    """Give the slug of its page for every schema.

    Args:
        source: The document.
        resources: The operations of each resource page, by its slug.
        claimed: Slugs of the guides that name a schema, by the schema.

    Raises:
        PagesError: A schema is reached from nowhere and no guide names it.
    """
    schemas = source.section("components", "schemas")
    for name, slug in claimed.items():
        if name not in schemas:
            raise PagesError(
                f"{slug}.md shows the schema {name}, which {source.document.source.name} does not have: the guides in"
                " docs/guides are about openapi.yaml"
            )
    homes = dict(claimed)
    roots = [
        (name, slug) for slug, operations in resources.items() for one in operations for name in _roots(source, one)
    ]
    _spread(schemas, roots, homes)
    _spread(schemas, list(claimed.items()), homes)
    for name in schemas:
        if name not in homes:
            place = fragment("components", "schemas", name)
            raise source.fault(place, "no operation leads to this schema and no guide names it, so it has no page")
    return homes


def _roots(source: Source, operation: OperationDefinition) -> Iterator[str]:
    for _, parameter in operation.parameters:
        yield from references_below(parameter)
    definition = operation.definition
    yield from references_below(definition.get("requestBody", {}))
    for status in definition["responses"]:
        _, response = source.resolve(join(operation.pointer, "responses", status))
        yield from references_below(response)


def _spread(schemas: Mapping[str, Any], roots: Iterable[tuple[str, str]], homes: dict[str, str]) -> None:
    claimed = set(homes)
    waiting = deque(roots)
    seen: set[str] = set()
    while waiting:
        name, slug = waiting.popleft()
        if name in seen or (name in claimed and homes[name] != slug):
            continue
        if name not in schemas:
            raise PagesError(f"there is no schema {name}")
        seen.add(name)
        homes.setdefault(name, slug)
        waiting.extend((target, slug) for target in references_below(schemas[name]) if target not in claimed)
