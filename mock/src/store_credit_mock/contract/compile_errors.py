"""Find the innermost schema that fails to compile, so that the error points at the right line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, cast

from store_credit_mock.contract.document import Document, DocumentError
from store_credit_mock.contract.schema_variants import inner_schemas

__all__ = ["innermost_failing_schema"]


def innermost_failing_schema(document: Document, pointer: str, compiles: Callable[[str], bool]) -> str:
    """The innermost schema that cannot be compiled, from one that cannot.

    Args:
        document: Where the schemas stand.
        pointer: Where the search begins; what stands there need not be a schema itself.
        compiles: Whether the schema at a pointer can be compiled.
    """
    seen: set[str] = set()
    while pointer not in seen:
        seen.add(pointer)
        pointer = next((inner for inner in _inner(document, pointer) if not compiles(inner)), pointer)
    return pointer


def _inner(document: Document, pointer: str) -> Iterator[str]:
    found = document.at(pointer)
    if not isinstance(found, dict):
        return
    members = cast("dict[str, Any]", found)
    target = members.get("$ref")
    if isinstance(target, str) and target.startswith("#/"):
        yield document.resolve(pointer)[0]
    for number in range(len(members.get("parameters", []))):
        place, parameter = document.resolve(f"{pointer}/parameters/{number}")
        if "schema" in parameter:
            yield f"{place}/schema"
    for name in members.get("headers", {}):
        try:
            yield document.resolve(f"{pointer}/headers/{name}")[0] + "/schema"
        except DocumentError:
            continue
    yield from (f"{pointer}/{step}" for step in inner_schemas(members))
