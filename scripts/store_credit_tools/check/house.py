"""The rules of this repository for its own document: where each thing comes from, who handles it, who shows it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from bootstrap import ROOT
from store_credit_tools.check.findings import Finding, meant
from store_credit_tools.check.operations import operations
from store_credit_tools.check.source import Location, Node, Source, items, mapping
from store_credit_tools.check.walk import Walk
from store_credit_tools.extensions import EXTENSIONS

__all__ = ["DECISIONS", "RECORDINGS", "check_house", "is_ours"]

DECISIONS: Final = ROOT / "docs" / "decisions.yaml"
_SAMPLES: Final = ROOT / "docs" / "samples"
RECORDINGS: Final = ROOT / "tests" / "recordings"
_IDS: Final = re.compile(r"\(((?:[VDRAT]\d+(?:, )?)+)\)")
_ID: Final = re.compile(r"\b[VDRAT]\d+\b")
_RANGE: Final = re.compile(r"`([VDRAT])(\d+)` to `\1(\d+)`")
_CITING: Final = ("mock/src", "sdk/src", "sdk/templates", "docs/guides", "tests", "scripts")
_PARTS: Final = ("question", "decision", "reason", "status")
_ROW: Final = re.compile(r"^\| `(x-[A-Za-z-]+)` \|", re.MULTILINE)


def is_ours(source: Source) -> bool:
    """Whether a document is that of this repository, or a copy: it names the decisions it cites."""
    return "x-decisions" in mapping(source.data)


def check_house(walk: Walk, decisions: Source) -> None:
    """Note what breaks the rules of this repository.

    Args:
        walk: The document.
        decisions: `docs/decisions.yaml`.
    """
    _sources(walk, decisions)
    _decisions(walk, decisions)
    for place, operation in operations(walk):
        _operation(walk, place, operation)
    _handlers_and_samples(walk)
    _table(walk)


def _owners(walk: Walk) -> Iterator[tuple[Location, Node, str]]:
    for place, operation in operations(walk):
        yield place, operation, f"the operation {operation.get('operationId', place[-1])}"
    for kind, section in (("schema", "schemas"), ("response", "responses")):
        for place, owner in walk.all(kind):
            if place[:2] == ("components", section) and len(place) == 3:
                yield place, owner, f"the {kind} {place[-1]}"


def _sources(walk: Walk, decisions: Source) -> None:
    recorded = {path.stem for path in RECORDINGS.rglob("*.json")}
    for place, owner, said in _owners(walk):
        if "x-source" not in owner:
            remedy = 'name its source, as in `x-source: ["decided: A1"]`'
            walk.source.add(place, f"{said} has no `x-source`", remedy)
        entries: Any = owner.get("x-source")
        for number, entry in enumerate(items(entries)):
            kind, _, name = str(entry).partition(": ")
            where = (*place, "x-source", str(number))
            if kind == "decided" and name not in decisions.data:
                walk.source.add(where, f"there is no decision {name}", _decision_meant(name, decisions))
            elif kind == "recorded" and name not in recorded:
                remedy = meant(name, recorded, "name a file of tests/recordings without `.json`")
                walk.source.add(where, f"there is no recording {name}", remedy)


def _decision_meant(name: str, decisions: Source) -> str:
    last = max((int(one[1:]) for one in decisions.data if one[:1] == name[:1] and one[1:].isdecimal()), default=0)
    ids = f"; there are {name[:1]}1 to {name[:1]}{last}" if last else ""
    return f"write it in docs/decisions.yaml, or cite another{ids}"


def _decisions(walk: Walk, decisions: Source) -> None:
    cited: set[str] = set()
    for source in (walk.source, decisions):
        own = ""
        for number, row in enumerate(source.text.splitlines(), 1):
            if source is decisions and (key := re.match(r"(\w+):", row)):
                own = key[1]
                continue
            cited |= {*_ID.findall(row)} - {own}
            for name in (name for group in _IDS.findall(row) for name in group.split(", ")):
                if name not in decisions.data:
                    source.findings.append(
                        Finding(source.name, number, f"there is no decision {name}", _decision_meant(name, decisions))
                    )
    elsewhere = (path for folder in _CITING for path in _texts(ROOT / folder))
    while (missing := decisions.data.keys() - cited) and (path := next(elsewhere, None)):
        cited |= {*_ID.findall(path.read_text("utf-8", "replace"))}
    for letter, low, high in _RANGE.findall(str(walk.source.at(("info", "description")))):
        last = max((int(name[1:]) for name in decisions.data if name[0] == letter and name[1:].isdecimal()), default=0)
        if int(high) != last:
            said = f"the description says `{letter}{low}` to `{letter}{high}`, but there are {last} of them"
            walk.source.add(("info", "description"), said, f"write `{letter}{low}` to `{letter}{last}`")
    for name, row in decisions.data.items():
        absent = [part for part in _PARTS if not isinstance(row, dict) or not str(mapping(row).get(part) or "").strip()]
        for part in absent:
            decisions.add((name,), f"the decision {name} has no `{part}`", "write one")
        status = mapping(row).get("status")
        if "status" not in absent and status not in {"holds", "refuted-by-recording"}:
            remedy = meant(str(status), ("holds", "refuted-by-recording"), "write holds or refuted-by-recording")
            decisions.add((name, "status"), f"{status} is not a status of a decision", remedy)
        if name in missing:
            decisions.add((name,), f"the decision {name} is not cited", "cite it where it is applied, or remove it")


def _texts(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        if path.suffix in {".py", ".md", ".jinja"} and path.is_file():
            yield path


def _operation(walk: Walk, place: Location, operation: Node) -> None:
    name = operation.get("operationId")
    if not isinstance(name, str):
        walk.source.add(place, "an operation without `operationId`", "give it one such as vinr.store_credit.create")
        return
    tags = items(operation.get("tags"))
    if place[0] == "paths" and tags:
        if len(tags) != 1:
            walk.source.add((*place, "tags"), f"{name} has {len(tags)} tags", "give it one, that of its resource")
        elif not re.fullmatch(re.escape(str(tags[0])) + r"\.[a-z_]+", name):
            said = f"the operationId {name} does not begin with its tag"
            walk.source.add(
                (*place, "operationId"), said, f"write {tags[0]}.{name.rpartition('.')[2]}, or correct the tag"
            )
    elif place[0] == "paths":
        walk.source.add(place, f"{name} has no tag", f"write `tags: [{name.rpartition('.')[0]}]`")
    for text in ("summary", "description"):
        if not str(operation.get(text) or "").strip():
            walk.source.add(place, f"{name} has no `{text}`, which its page and its docstring show", "write one")
    if place[0] == "paths" and "security" not in operation:
        walk.source.add(
            place, f"{name} has no `security`", "name its schemes, or write `[]` if it needs no credentials"
        )


def _handlers_and_samples(walk: Walk) -> None:
    from store_credit_mock.factory import default_systems

    handled = {name for system in default_systems() for name in system.operations}
    known = set[str]()
    for place, operation in operations(walk):
        name = operation.get("operationId")
        if place[0] != "paths" or not isinstance(name, str):
            continue
        known.add(name)
        system, _, rest = name.partition(".")
        resource, _, method = rest.replace(".", "/").rpartition("/")
        if name not in handled:
            remedy = f"write one in mock/src/store_credit_mock/systems/{system}/"
            walk.source.add((*place, "operationId"), f"the mock has no handler for {name}", remedy)
        missing = [
            path
            for path in (f"{resource}/{method}.py", f"{resource}/{method}_async.py")
            if not (_SAMPLES / system / path).is_file()
        ]
        if missing:
            remedy = f"write docs/samples/{system}/{' and '.join(missing)} like the samples next to them"
            walk.source.add((*place, "operationId"), f"{name} has no sample", remedy)
    ids = [operation.get("operationId") for _, operation in operations(walk)]
    # Where two have one id, the other's is not there for a reason that is told already.
    for name in sorted(handled - known) if len({*ids}) == len(ids) else ():
        walk.source.add(
            ("paths",), f"the mock handles {name}, which is not an operation", meant(name, known, "remove the handler")
        )


def _table(walk: Walk) -> None:
    """The table of extensions in the document's description, against the one here."""
    text = str(walk.source.at(("info", "description")) or "")
    rows = set(_ROW.findall(text))
    for name in sorted(rows - EXTENSIONS.keys()):
        remedy = meant(name, EXTENSIONS, "describe it in scripts/store_credit_tools/extensions.py as well")
        walk.source.add(("info", "description"), f"the table of extensions has {name}, which is not known", remedy)
    for name in sorted(EXTENSIONS.keys() - rows):
        said = f"the table of extensions does not have {name}"
        walk.source.add(("info", "description"), said, "add a row")
    used = {name for group in walk.found.values() for owner in group.values() for name in owner}
    for name in sorted(EXTENSIONS.keys() - used):
        said = f"nothing uses the extension {name}"
        walk.source.add(
            ("info", "description"), said, "remove it from the table and from scripts/store_credit_tools/extensions.py"
        )
