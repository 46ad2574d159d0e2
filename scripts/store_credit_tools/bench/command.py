"""The command line of `scripts/bench`."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from store_credit_tools.bench import calls, decoding, imports, paging, together
from store_credit_tools.bench.groups import FULL, QUICK, Effort, Group, selected
from store_credit_tools.bench.jobs import apply, planning, reconcile
from store_credit_tools.bench.mock import (
    engine_cpu,
    large_storage,
    option_cost,
    snapshots,
    startup_memory,
    throughput,
    webhook_delay,
)
from store_credit_tools.bench.processes import BenchmarkError
from store_credit_tools.bench.proxy import throughput as proxy_throughput
from store_credit_tools.bench.report import PAGES
from store_credit_tools.bench.results import Row, as_json, as_text, passed

__all__ = ["SUBJECTS", "main"]

SUBJECTS: Mapping[str, Sequence[Group]] = {
    "sdk": [*imports.GROUPS, *calls.GROUPS, *together.GROUPS, *decoding.GROUPS, *paging.GROUPS],
    "mock": [
        *startup_memory.GROUPS,
        *engine_cpu.GROUPS,
        *throughput.GROUPS,
        *option_cost.GROUPS,
        *webhook_delay.GROUPS,
        *snapshots.GROUPS,
        *large_storage.GROUPS,
    ],
    "proxy": proxy_throughput.GROUPS,
    "jobs": [*planning.GROUPS, *apply.GROUPS, *reconcile.GROUPS],
}
"""What can be measured, by the name of its command."""
LARGE: Mapping[str, Sequence[Group]] = {"jobs": reconcile.LARGE_GROUPS}
"""What `--full` adds."""


def main(arguments: Sequence[str], *, description: str, root: Path) -> int:
    """Measure and print.

    Args:
        arguments: The command line without the program's name.
        description: What `--help` says.
        root: The folder whose `docs/` the page goes to.

    Returns:
        The exit code: 0 passed, 1 a promise is broken, 2 something could not run.

    Raises:
        SystemExit: The command line is wrong, or asked for help.
    """
    parser = argparse.ArgumentParser(
        prog="scripts/bench", description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="subject", metavar="SUBJECT", required=True)
    for subject in SUBJECTS:
        command = commands.add_parser(subject, description=f"Measure the {subject}.")
        command.add_argument("--json", action="store_true", help="print JSON in place of the table")
        command.add_argument("--only", action="append", default=[], metavar="NAME", help="rows whose name holds this")
        command.add_argument("--quick", action="store_true", help="fewer and shorter samples")
        if subject in LARGE:
            command.add_argument("--full", action="store_true", help="also what takes many minutes")
        command.add_argument("--write", action="store_true", help=f"also write docs/{_page(root, subject).name}")
    chosen = parser.parse_args(arguments)
    every = [*SUBJECTS[chosen.subject], *(LARGE[chosen.subject] if getattr(chosen, "full", False) else ())]
    groups = selected(every, chosen.only)
    if not groups:
        names = "\n".join(f"    {row.name}" for group in every for row in group.comparisons)
        parser.error(f"no row's name holds {' or '.join(map(repr, chosen.only))}; there are\n{names}")
    if chosen.write and (chosen.quick or chosen.only):
        parser.error("--write is for a whole measurement: leave out --quick and --only")
    rows, failed = _measure(groups, QUICK if chosen.quick else FULL)
    print(json.dumps(as_json(rows), indent=2) if chosen.json else as_text(rows))
    if chosen.quick and not chosen.json:
        print("\nquick: for an impression only; where a name speaks of a hundred thousand or a million, it was less")
    if failed:
        told = "1 group failed; its rows are" if failed == 1 else f"{failed} groups failed; their rows are"
        print(f"scripts/bench: {told} missing", file=sys.stderr)
        return 2
    skipped = sum(len(group.comparisons) for group in groups) - len(rows)
    if chosen.write and skipped:
        print(f"scripts/bench: {skipped} rows were skipped, so that no page is written", file=sys.stderr)
        return 2
    if chosen.write:
        page = _page(root, chosen.subject)
        page.parent.mkdir(exist_ok=True)
        page.write_text(PAGES[chosen.subject](rows), "utf-8")
    return 0 if passed(rows) else 1


def _page(root: Path, subject: str) -> Path:
    return root / "docs" / f"benchmarks-{subject}.md"


def _measure(groups: Sequence[Group], effort: Effort) -> tuple[list[Row], int]:
    """Give the rows, and how many groups failed: that does not cost the minutes which the others took."""
    rows: list[Row] = []
    failed = 0
    for group in groups:
        started = time.perf_counter()
        print(f"{group.title} ...", end="", file=sys.stderr, flush=True)
        try:
            rows += group.rows(effort)
        except BenchmarkError as error:
            failed += 1
            print(f"\nscripts/bench: {error}", file=sys.stderr, flush=True)
        else:
            print(f" {time.perf_counter() - started:.0f} s", file=sys.stderr, flush=True)
    return rows, failed
