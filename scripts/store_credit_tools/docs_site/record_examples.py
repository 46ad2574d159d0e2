"""The examples of an object's own section: its record, and the same where the newest version returns another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from store_credit_mock.contract import OperationDefinition
from store_credit_mock.contract.document import join
from store_credit_mock.contract.verified import verified
from store_credit_mock.contract.version_cut import versions_of
from store_credit_tools.docs_site.document import Source
from store_credit_tools.docs_site.operations import indented
from store_credit_tools.docs_site.view_model import RecordExample

__all__ = ["included_examples", "record_examples"]

_LONGEST = 4000
"""Characters of an example that is shown; a longer one is taken from the response of an operation, below."""


def record_examples(source: Source, operations: Sequence[OperationDefinition]) -> tuple[RecordExample, ...]:
    """Read the records that a resource's own section shows.

    Args:
        source: The document.
        operations: Those of the resource, in the order of the page. One that retrieves a record is preferred.

    Returns:
        The first example of the operation's success. If it is of other versions than the newest of its system, the
        newest version's example comes second. In place of one that is too long: where the response stands. Empty
        without an example.
    """
    for operation in sorted(operations, key=lambda one: one.method != "GET" or "{" not in one.template):
        examples = list(_examples(source, operation))
        if not examples:
            continue
        first = examples[0]
        if len(_body(first)) > _LONGEST:
            return (RecordExample(source.text(operation.pointer, "summary"), "", operation.id),)
        newest = next(iter(versions_of(source.document.data, operation.id.partition(".")[0])[::-1]), "")
        found = [one for one in examples if newest in one.get("x-versions", ())]
        shown = RecordExample(str(first.get("summary", "")), _body(first))
        if not found or newest in first.get("x-versions", [newest]):
            return (shown,)
        how = next((f" ({one.how})" for one in verified(operation.definition) if one.version == newest), "")
        return shown, RecordExample(f"{found[0]['summary']}{how}", _body(found[0]))
    return ()


def included_examples(
    source: Source, operations: Sequence[OperationDefinition], schema: str
) -> tuple[RecordExample, ...]:
    """Read a record that the responses of a page include beside others, as JSON:API does.

    Args:
        source: The document.
        operations: Those of the page.
        schema: Name of the record's schema, which says in `type` how the record is marked.

    Returns:
        The first record of that type; empty if no example includes one.
    """
    kind = source.section("components", "schemas")[schema]["properties"]["type"]
    types = [kind["const"]] if "const" in kind else kind.get("enum", [])
    for operation in operations:
        for example in _examples(source, operation):
            value: Any = example["value"]
            records = cast("Mapping[str, Any]", value).get("included", ()) if isinstance(value, dict) else ()
            for record in records:
                if record["type"] in types:
                    return (RecordExample(str(example.get("summary", "")), indented(record)),)
    return ()


def _examples(source: Source, operation: OperationDefinition) -> Iterator[Mapping[str, Any]]:
    status = next((one for one in operation.definition["responses"] if one[0] == "2"), "")
    place, response = source.resolve(join(operation.pointer, "responses", status))
    for media_type, media in response.get("content", {}).items():
        for name in media.get("examples", {}):
            yield source.resolve(join(place, "content", media_type, "examples", name))[1]


def _body(example: Mapping[str, Any]) -> str:
    """The record of a response: out of its envelope, and the first of a list."""
    value: Any = example["value"]
    data = value.get("data")
    if isinstance(data, list) and data:
        return indented(cast("list[Any]", data)[0])
    return indented(cast("dict[str, Any]", data) if isinstance(data, dict) else value)
