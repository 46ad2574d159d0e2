"""`store-credit-mock coverage`: merges coverage files, reports on them, and checks gates."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from store_credit_mock.coverage.coverage import Coverage, CoverageError

__all__ = ["add_arguments", "run"]

FINE, UNDER, UNUSABLE = 0, 1, 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command."""
    parser.description = (
        "Merge and report which parts of the document were exercised. "
        "Exit codes: 0 fine, 1 a gate was not reached, 2 files or arguments that cannot be used."
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    merge = actions.add_parser("merge", help="make one file of several", description="Make one file of several.")
    merge.add_argument("files", nargs="+", type=Path, metavar="FILE", help="coverage as JSON")
    merge.add_argument("-o", "--output", required=True, type=Path, metavar="FILE", help="where to write")
    report = actions.add_parser(
        "report", help="show files as a table, a page or JSON, and check gates", description="Report on coverage files."
    )
    report.add_argument("files", nargs="+", type=Path, metavar="FILE", help="coverage as JSON; several are merged")
    report.add_argument("--html", type=Path, metavar="FILE", help="write a page")
    report.add_argument("--json", action="store_true", help="print JSON instead of the table")
    report.add_argument("--short", action="store_true", help="leave out what is missing")
    report.add_argument("--fail-under", type=float, metavar="PERCENT", help="end with 1 if less of all was seen")
    report.add_argument(
        "--require",
        action="append",
        default=[],
        metavar="OPERATION:STATUS",
        help="end with 1 if this response was not seen (may be repeated)",
    )
    report.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="OPERATION",
        help="report on and take the percentage of these alone: an operationId or a pattern such as 'vinr.*' (may be"
        " repeated)",
    )
    for action in (merge, report):
        action.add_argument("--document", type=Path, metavar="FILE", help="another openapi.yaml than the bundled one")


def run(arguments: argparse.Namespace) -> int:
    """Do it; returns the exit code."""
    from store_credit_mock.contract import Contract, Document, DocumentError
    from store_credit_mock.coverage.files import read, write, write_text
    from store_credit_mock.coverage.gates import Gates

    try:
        document = Document.read() if arguments.document is None else Document.read(arguments.document)
        contract = Contract(document)
        reports = arguments.action == "report"
        coverage = Coverage(contract)
        if reports:
            gates = Gates(contract, arguments.fail_under, arguments.require, arguments.only)
            shown = coverage.only(arguments.only)
        else:
            gates, shown = Gates(contract), coverage
        for path in arguments.files:
            coverage.merge(read(contract, path))
        if not reports:
            write(coverage, arguments.output)
            return FINE
        if arguments.html is not None:
            from store_credit_mock.coverage.html_report import page

            write_text(arguments.html, page(shown, contract).encode())
    except (CoverageError, DocumentError) as error:
        print(f"store-credit-mock: {error}", file=sys.stderr)
        return UNUSABLE
    _show(shown, arguments)
    failures = gates.failures(coverage)
    for failure in failures:
        print(f"store-credit-mock: {failure}", file=sys.stderr)
    return UNDER if failures else FINE


def _show(coverage: Coverage, arguments: argparse.Namespace) -> None:
    if arguments.json:
        import orjson

        sys.stdout.buffer.write(orjson.dumps(coverage.to_json(), option=orjson.OPT_INDENT_2) + b"\n")
        sys.stdout.flush()
    else:
        from store_credit_mock.coverage.text_report import table

        print(table(coverage, missing=not arguments.short))
