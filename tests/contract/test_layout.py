"""How `openapi.yaml` is written: short enough to be read, and in YAML that every tool reads the same."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from ruamel.yaml import YAML

from store_credit_mock.contract import Document
from store_credit_mock.contract.document import BUNDLED

LINES = 6_500
"""What the 25 operations of today may take. Others may take their share on top of it."""


@pytest.fixture(scope="module")
def pairs() -> list[tuple[Any, Any]]:
    """Every key and value of the document, as nodes that know how they are written."""
    return list(_pairs(YAML(typ="safe", pure=True).compose(BUNDLED.read_text("utf-8"))))


def _pairs(node: Any) -> Iterator[tuple[Any, Any]]:
    if node.id == "mapping":
        for key, value in node.value:
            yield key, value
            yield from _pairs(value)
    elif node.id == "sequence":
        for item in node.value:
            yield from _pairs(item)


def _line(node: Any) -> int:
    return node.start_mark.line + 1


def test_the_document_is_short_enough_to_read(document: Document) -> None:
    """Sources and small examples on one line, shared blocks written once, decisions in a file of their own."""
    lines = BUNDLED.read_text("utf-8").count("\n")

    assert lines <= LINES * max(1, len(document.operations) / 23)


def test_one_search_shows_all_of_a_resource(document: Document) -> None:
    """Its tag heads its paths, its schemas and its examples."""
    text = BUNDLED.read_text("utf-8")
    headings = {tag["name"]: len(re.findall(rf"# ==== {tag['name']}[ :]", text)) for tag in document.data["tags"]}

    # The events stand beside the paths; what they are about stands with its resource.
    assert headings.pop("vinr.webhooks") == 1
    assert {tag: count for tag, count in headings.items() if count < 3} == {}


def test_sources_are_flow_lists(pairs: list[tuple[Any, Any]]) -> None:
    """`x-source: ["documented: ...", "decided: V4"]`, wrapped where it is long, rather than a line for each entry."""
    sources = [(key, value) for key, value in pairs if key.value == "x-source"]

    assert len(sources) > 100
    assert [_line(key) for key, value in sources if value.id != "sequence" or not value.flow_style] == []


def test_there_are_no_merge_keys(pairs: list[tuple[Any, Any]]) -> None:
    """YAML 1.2 has aliases but no `<<`, and the tools do not agree on it."""
    assert [_line(key) for key, _ in pairs if key.value == "<<"] == []


def test_anchors_are_set_in_one_place(pairs: list[tuple[Any, Any]]) -> None:
    """In `x-shared`, so that an operation can be copied whole: the same anchor twice is an error to some tools."""
    (shared,) = [value for key, value in pairs if key.value == "x-shared"]
    blocks = [value for _, value in shared.value]

    assert blocks
    assert all(block.anchor for block in blocks)
    assert [_line(key) for key, value in pairs if value.anchor and value not in blocks] == []


def test_shared_blocks_are_shared(pairs: list[tuple[Any, Any]]) -> None:
    """Each is used by two places at least; one that is not belongs where it is used."""
    (shared,) = [value for key, value in pairs if key.value == "x-shared"]
    for name, block in shared.value:
        assert sum(value is block for _, value in pairs) >= 3, name.value
