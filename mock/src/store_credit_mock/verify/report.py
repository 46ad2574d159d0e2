"""A run told: to people on the terminal, to programs as JSON and JUnit. No credentials, no control characters."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, cast

import orjson

from store_credit_mock.verify.credentials import Credentials
from store_credit_mock.verify.results import CheckResult, Run

__all__ = ["item_lines", "sum_lines", "write_json", "write_junit"]

_UNSHOWN: Final = re.compile(r"[^\t\x20-\x7e\u00a0-\ud7ff\ue000-\ufffd]")
"""What neither a terminal nor XML is to be given."""
_WIDE: Final = 600


def _shown(text: str, credentials: Credentials) -> str:
    redacted = credentials.redacted(text)
    return _UNSHOWN.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), redacted)


def item_lines(item: CheckResult, credentials: Credentials) -> Iterator[str]:
    """The lines of one thing that was tried."""
    what = "" if item.kind == "scenario" else "generated: "
    count = f" ({item.requests} requests)" if item.kind == "generated" and item.requests else ""
    text = f": {item.text}" if item.text else ""
    yield _shown(f"{item.result:8}{what}{item.name}{count}{text}", credentials)
    for problem in item.problems:
        yield _shown(f"        {problem.text}", credentials)
        if problem.curl:
            # The variables stand in it already.
            yield f"        {_shown(problem.curl, credentials)}"


def sum_lines(run: Run, credentials: Credentials) -> Iterator[str]:
    """The lines at the end."""
    for note in run.notes:
        yield _shown(f"note    {note}", credentials)
    counts = {result: sum(item.result == result for item in run.items) for result in ("held", "broken", "skipped")}
    told = ", ".join(f"{number} {result}" for result, number in counts.items())
    yield f"{told}; {run.sent} of at most {run.limit} requests sent"
    if run.held_back:
        yield f"{run.held_back} requests held back that could have changed what was not made here"
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
    broken, skipped = len(run.broken), sum(item.result == "skipped" for item in run.items)
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
        if item.problems:
            first = _shown(item.problems[0].text, credentials)
            failure = ElementTree.SubElement(case, "failure", message=first)
            failure.text = "\n".join(list(item_lines(item, credentials))[1:])
        elif item.result == "skipped":
            ElementTree.SubElement(case, "skipped", message=_shown(item.text, credentials))
    if stopped:
        case = ElementTree.SubElement(suite, "testcase", classname="verify.run", name="the run came to its end")
        ElementTree.SubElement(case, "error", message=_shown(stopped, credentials))
    output = ElementTree.SubElement(suite, "system-out")
    output.text = "\n".join(sum_lines(run, credentials))
    root = ElementTree.Element("testsuites")
    root.append(suite)
    path.write_bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))
