"""A run told: to people on the terminal, to programs as JSON and JUnit. No credentials, no control characters."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, cast

import orjson

from store_credit_mock.verify.credentials import Credentials
from store_credit_mock.verify.findings import SHAPE, Cause, causes
from store_credit_mock.verify.results import CheckResult, Run

__all__ = ["cause_lines", "item_lines", "sum_lines", "write_json", "write_junit"]

_UNSHOWN: Final = re.compile(r"[^\t\x20-\x7e\u00a0-\ud7ff\ue000-\ufffd]")
"""What neither a terminal nor XML is to be given."""
_WIDE: Final = 600
_PLACES: Final = 12
"""Operations and statuses of one cause that are named; the report in JSON has them all."""


def _shown(text: str, credentials: Credentials) -> str:
    redacted = credentials.redacted(text)
    return _UNSHOWN.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), redacted)


def item_lines(item: CheckResult, credentials: Credentials) -> Iterator[str]:
    """The lines of one thing that was tried; what was found is told by its cause at the end."""
    what = "" if item.kind == "scenario" else "generated: "
    count = f" ({item.requests} requests)" if item.kind == "generated" and item.requests else ""
    shape = f"; shape {item.shape}" if item.shape in {"violated", "accepted"} else ""
    text = f": {item.text}" if item.text else ""
    yield _shown(f"{item.behaviour:9}{what}{item.name}{count}{shape}{text}", credentials)
    for cause in causes(finding for finding in item.findings if finding.counts and finding.check != SHAPE):
        more = f" (and {cause.count - 1} more)" if cause.count > 1 else ""
        yield _shown(f"         {cause.first.text}{more}", credentials)


def cause_lines(number: int, cause: Cause, credentials: Credentials) -> Iterator[str]:
    """The lines of one cause: what it is, whose fault, how often and where, and what shows it."""
    first = cause.first
    if not first.counts:
        kind, why = ("note", first.known) if first.known else ("accepted", first.accepted)
        blamed = "verifier: " if first.blame == "verifier" else ""
        yield _shown(f"{kind:9}{blamed}{cause.count} x {first.check}: {first.rule}: {why}", credentials)
        return
    yield _shown(f"[{number}] {first.blame}: {first.check}: {first.text}", credentials)
    times = "once" if cause.count == 1 else f"{cause.count} times"
    where = list(cause.where())
    more = f" and {len(where) - _PLACES} more" if len(where) > _PLACES else ""
    yield _shown(f"        {times}: {', '.join(where[:_PLACES])}{more}", credentials)
    for line in first.script.splitlines():
        # The variables stand in it already.
        yield f"        {_shown(line, credentials)}"


def sum_lines(run: Run, credentials: Credentials) -> Iterator[str]:
    """The lines at the end."""
    for number, cause in enumerate(run.causes, 1):
        yield from cause_lines(number, cause, credentials)
    for note in run.notes:
        yield _shown(f"note     {note}", credentials)
    for entry in run.stale:
        yield _shown(f"stale    accepted, but not found this time: {entry}", credentials)
    verdicts = Counter(item.behaviour for item in run.items)
    shapes = Counter(item.shape for item in run.items)
    behaviour = ", ".join(f"{verdicts[one]} {one}" for one in ("held", "broken", "skipped"))
    accepted = f", {verdicts['accepted']} accepted" if verdicts["accepted"] else ""
    shape = f"{shapes['ok']} ok, {shapes['violated']} violated" + (
        f", {shapes['accepted']} accepted" if shapes["accepted"] else ""
    )
    yield f"behaviour: {behaviour}{accepted}; shape: {shape}; {run.sent} of at most {run.limit} requests sent"
    counted = [cause for cause in run.causes if cause.first.counts]
    if counted:
        blamed = Counter(cause.first.blame for cause in counted)
        told = ", ".join(f"{number} {name}" for name, number in sorted(blamed.items(), reverse=True))
        total = sum(cause.count for cause in counted)
        yield f"{total} findings with {len(counted)} cause{'' if len(counted) == 1 else 's'}, by origin: {told}"
    if run.untried:
        untried = len(run.untried)
        yield (
            f"all requests allowed by --max-requests {run.limit} were sent, and {untried} checks were not run; allow "
            "more requests, or select checks with --only"
        )
    unfinished = sum(item.spent for item in run.items) - len(run.untried)
    if unfinished:
        yield (
            f"{unfinished} checks used up their share of --max-requests {run.limit}; with more requests, they try more"
        )
    if run.unsendable:
        yield (
            f"{run.unsendable} generated requests were not sent, because verify's own HTTP client does not accept "
            "their headers"
        )
    if run.held_back:
        yield f"{run.held_back} requests were not sent, because they could have changed other people's records"
    yield f"made {run.made}, removed {run.removed}" + (", left:" if run.left else "")
    for line in run.left:
        short = line if len(line) <= _WIDE else f"{line[:_WIDE]}... (--json FILE has them all)"
        yield _shown(f"        {short}", credentials)
    if run.refused:
        yield _shown(f"could not run: {run.refused}", credentials)
    if run.interrupted:
        yield "interrupted"


def write_json(path: Path, run: Run, credentials: Credentials) -> None:
    """Write all of it as JSON.

    Raises:
        OSError: The file cannot be written.
    """
    path.write_bytes(orjson.dumps(_redacted(run.as_dict(), credentials), option=orjson.OPT_INDENT_2) + b"\n")


def _redacted(value: Any, credentials: Credentials) -> Any:
    if isinstance(value, str):
        return _shown(value, credentials)
    if isinstance(value, dict):
        return {key: _redacted(inner, credentials) for key, inner in cast("dict[str, Any]", value).items()}
    if isinstance(value, list):
        return [_redacted(inner, credentials) for inner in cast("list[Any]", value)]
    return value


def write_junit(path: Path, run: Run, credentials: Credentials) -> None:
    """Write a test case for each thing that was tried, as JUnit has it.

    Raises:
        OSError: The file cannot be written.
    """
    broken = len(run.broken)
    skipped = sum(item.behaviour == "skipped" and not item.failed for item in run.items)
    stopped = run.refused or ("interrupted" if run.interrupted else "")
    suite = ElementTree.Element(
        "testsuite",
        name=f"store-credit-mock verify {run.system}",
        tests=str(len(run.items) + bool(stopped)),
        failures=str(broken),
        errors=str(int(bool(stopped))),
        skipped=str(skipped),
    )
    for item in run.items:
        case = ElementTree.SubElement(suite, "testcase", classname=f"verify.{item.kind}", name=item.name)
        counted = causes(finding for finding in item.findings if finding.counts)
        if counted:
            first = counted[0].first
            told = _shown(f"{first.check}: {first.text}", credentials)
            failure = ElementTree.SubElement(case, "failure", message=told, type=first.check)
            lines = [
                line for number, cause in enumerate(counted, 1) for line in cause_lines(number, cause, credentials)
            ]
            failure.text = "\n".join(lines)
        elif item.behaviour == "skipped":
            ElementTree.SubElement(case, "skipped", message=_shown(item.text, credentials))
    if stopped:
        case = ElementTree.SubElement(suite, "testcase", classname="verify.run", name="the run was completed")
        ElementTree.SubElement(case, "error", message=_shown(stopped, credentials))
    output = ElementTree.SubElement(suite, "system-out")
    output.text = "\n".join(sum_lines(run, credentials))
    root = ElementTree.Element("testsuites")
    root.append(suite)
    path.write_bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))
