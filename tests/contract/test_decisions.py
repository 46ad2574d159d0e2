"""`docs/decisions.yaml`: what the vendors leave open. The document cites each decision by its id."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bootstrap import ROOT
from store_credit_mock.contract import Document

Decisions = Mapping[str, Mapping[str, str]]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for member in value.values():
            yield from _texts(member)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def test_the_document_names_the_file(document: Document) -> None:
    """Whoever has the document alone finds out where the decisions are."""
    assert document.data["x-decisions"] == "docs/decisions.yaml"


def test_every_cited_decision_exists(document: Document, decisions: Decisions) -> None:
    """In `x-source`, and in brackets in any text, those of the decisions included."""
    texts = [*_texts(document.data), *_texts(decisions)]
    by_source = {text.removeprefix("decided: ") for text in texts if text.startswith("decided: ")}
    in_brackets = {
        name
        for text in texts
        for group in re.findall(r"\(((?:[VDRAT]\d+(?:, )?)+)\)", text)
        for name in group.split(", ")
    }

    assert len(by_source) > 80
    assert by_source <= set(decisions)
    assert in_brackets
    assert in_brackets <= set(decisions)


def test_the_decision_table_is_whole(decisions: Decisions) -> None:
    """Every row of the three tables, each with its question, decision, reason and status; what refutes it is named."""
    letters = {letter: [name for name in decisions if name.startswith(letter)] for letter in "VDRAT"}

    assert list(decisions) == [name for names in letters.values() for name in names]
    for letter, names in letters.items():
        assert names == [f"{letter}{number}" for number in range(1, len(names) + 1)]
    for name, row in decisions.items():
        assert {"question", "decision", "reason", "status"} <= set(row), name
        assert row["question"].endswith("?"), name
        assert all(isinstance(text, str) and text.strip() for text in row.values()), name
        if row["status"] == "refuted-by-recording":
            recorded = (ROOT / "tests" / "recordings" / f"{row['by']}.json").is_file()
            assert recorded or row["by"] in decisions, name
        else:
            assert row["status"] == "holds", name
            assert "by" not in row, name
    refuted = {name for name, row in decisions.items() if row["status"] != "holds"}
    assert refuted == {"D6", "D12", "D14", "D19", "D20", "D21", "D22", "D24", "D25"}
