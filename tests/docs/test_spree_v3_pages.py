"""The pages about Spree v3 name recordings: each is there, and has the status and the code that the page says."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from bootstrap import ROOT

GUIDES = ROOT / "docs" / "guides"
PUBLISHED = GUIDES / "spree-v3-published-document.md"
RECORDINGS = {path.name: path for path in (ROOT / "tests" / "recordings").rglob("v[23].*.spree*.json")}
NAMED = re.compile(r"`(v[23]\.[a-z0-9_]+(?:\.[a-z0-9_]+)+)`")
ROW = re.compile(r"^\| (?P<status>\d{3}) `(?P<code>\w+)` \|.*\| `(?P<name>v3\.[\w.]+)` \|$", re.MULTILINE)


def recorded(name: str) -> list[dict[str, Any]]:
    """What each version answered."""
    return [json.loads(path.read_bytes()) for file, path in RECORDINGS.items() if file.startswith(f"{name}.spree")]


@pytest.mark.parametrize("guide", sorted(GUIDES.glob("spree-v*.md")), ids=lambda guide: guide.stem)
def test_every_recording_that_a_page_names_is_there(guide: Path) -> None:
    """Under the name without the suffix of the version."""
    named = set(NAMED.findall(guide.read_text("utf-8")))

    assert {name for name in named if not recorded(name)} == set()
    assert named or guide.stem == "spree-v2-to-v3"


def test_every_status_and_code_of_the_page_was_recorded() -> None:
    """By one of the versions at least; what was only read says so and is not among the rows."""
    rows = [found.groups() for found in ROW.finditer(PUBLISHED.read_text("utf-8"))]

    def codes(name: str) -> set[tuple[str, str]]:
        answers = [exchange["response"] for exchange in recorded(name)]
        return {(str(one["status"]), one["body"]["error"]["code"]) for one in answers if one["status"] >= 400}

    assert len(rows) > 15
    assert [row for row in rows if row[:2] not in codes(row[2])] == []
