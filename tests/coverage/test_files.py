"""Coverage as JSON: kept, merged, refused, and without anything that was sent."""

from __future__ import annotations

import copy
import json
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from store_credit_mock import Contract
from store_credit_mock.coverage import Coverage, CoverageError, read, write

from .small import exchange

FORM = "application/x-www-form-urlencoded"


def some(contract: Contract) -> Coverage:
    """Coverage of one exchange."""
    coverage = Coverage(contract)
    coverage.add(exchange(contract, "GET", "/things?limit=1", answer={"data": [{"kind": "odd"}]}))
    return coverage


def test_merging_is_commutative_associative_and_idempotent(small: Contract) -> None:
    """In whatever order and however often parts of a run are merged, the result is the same."""

    def merged(*parts: Coverage) -> Coverage:
        whole = Coverage(small)
        for part in parts:
            whole.merge(part)
        return whole

    pieces = [some(small), Coverage(small), Coverage(small)]
    pieces[1].add(exchange(small, "GET", "/things?order=up", answer={"data": [{"kind": "odd", "owner": "x"}]}))
    pieces[2].add(exchange(small, "PUT", "/things/1", {"kind": "odd"}, status=204))
    whole = merged(*pieces)

    assert whole.total()["seen"] > max(piece.total()["seen"] for piece in pieces)
    for a, b, c in permutations(pieces):
        assert merged(a, b, c).to_json() == merged(a, merged(b, c)).to_json() == whole.to_json()
        assert merged(whole, b, whole).to_json() == whole.to_json()


def test_a_file_is_read_as_it_was_written(small: Contract, tmp_path: Path) -> None:
    """The file is the report as well: totals, and for each operation and kind what was seen and what is missing."""
    coverage = some(small)
    write(coverage, tmp_path / "coverage.json")
    value = json.loads((tmp_path / "coverage.json").read_text())

    assert read(small, tmp_path / "coverage.json").to_json() == coverage.to_json() == value
    assert value["total"] == coverage.total()
    assert value["operations"]["t.things.list"]["statuses"] == {"seen": ["200"], "missing": ["default"]}
    assert [path.name for path in tmp_path.iterdir()] == ["coverage.json"]


def test_a_file_that_cannot_be_written_leaves_the_old_one(small: Contract, tmp_path: Path) -> None:
    """Whole or not at all; the error names the file."""
    (tmp_path / "taken").mkdir()

    with pytest.raises(CoverageError, match="taken: cannot be written"):
        write(some(small), tmp_path / "taken")
    with pytest.raises(CoverageError, match="cannot be written"):
        write(some(small), tmp_path / "none" / "coverage.json")
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def test_a_disk_that_fills_leaves_the_old_one(small: Contract, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file is replaced when the new one is complete, and nothing of the new one is left behind."""
    (tmp_path / "coverage.json").write_text("old")
    whole = Path.write_bytes

    def half(path: Path, data: bytes) -> int:
        whole(path, data[: len(data) // 2])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", half)
    with pytest.raises(CoverageError, match=r"coverage\.json: cannot be written: No space left"):
        write(some(small), tmp_path / "coverage.json")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("coverage.json", "old")]


def test_another_version_of_the_document_is_refused(small: Contract, later: Contract, tmp_path: Path) -> None:
    """Its points may mean something else; both versions are named."""
    write(some(small), tmp_path / "coverage.json")

    with pytest.raises(CoverageError, match=r"coverage\.json belongs to a different document \(1\.0\.0.*1\.1\.0"):
        read(later, tmp_path / "coverage.json")
    with pytest.raises(CoverageError, match="a different document"):
        some(later).merge(some(small))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda value: value.update(format=2), "has format 2"),
        (lambda value: value.pop("document"), "is not a coverage file"),
        (lambda value: value.update(operations=[1]), "is not a coverage file"),
        (lambda value: value["operations"].update(other={}), "has no operation other"),
        (lambda value: value["operations"]["t.things.list"].pop("fields"), "is not a coverage file"),
        (lambda value: value["operations"]["t.things.list"]["values"]["seen"].append("x"), "has no values 'x'"),
        (lambda value: value["operations"]["t.things.list"]["values"].update(seen=[[]]), "is not a coverage file"),
    ],
    ids=["form", "document", "operations", "operation", "kind", "point", "name"],
)
def test_what_is_no_coverage_is_refused(small: Contract, change: Any, said: str) -> None:
    """The error says which file and what is wrong with it."""
    value = copy.deepcopy(some(small).to_json())
    change(value)

    with pytest.raises(CoverageError, match=rf"^a\.json\b.*{said}"):
        Coverage.from_json(small, value, "a.json")
    for other in (None, [], "x", 1):
        with pytest.raises(CoverageError, match="is not a coverage file"):
            Coverage.from_json(small, other)


def test_nothing_that_was_sent_is_kept(small: Contract) -> None:
    """Names and enum values come from the document; credentials, values and unknown names are nowhere."""
    canary = "canary5731"
    coverage = Coverage(small)
    headers = {"Authorization": canary, "Trace-Id": canary, "Cookie": canary}
    target = f"/things?access_token={canary}&filter[{canary}]={canary}&order={canary}"
    thing = {"id": canary, "kind": canary, canary: canary, "notes": {canary: canary}, "owner": canary}
    coverage.add(exchange(small, "GET", target, headers=headers, answer={"data": [thing], canary: canary}))
    coverage.add(exchange(small, "PUT", f"/things/{canary}", thing, status=204, headers=headers))
    form = {"Content-Type": FORM}
    coverage.add(exchange(small, "PUT", "/things/1", f"size={canary}&{canary}=1".encode(), status=204, headers=form))

    assert coverage.total()["seen"] > 5
    assert canary not in json.dumps(coverage.to_json()) + repr(coverage)
    assert canary not in repr([vars(coverage), *(inventory.seen for inventory in coverage.operations.values())])
