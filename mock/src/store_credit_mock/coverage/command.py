"""`store-credit-mock coverage`: merges coverage files, reports on them, and checks gates.

Exit codes: 0 done, 1 a gate was not reached, 2 the files or arguments cannot be used.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import click

from store_credit_mock.contract import Contract, Document, DocumentError
from store_credit_mock.contract.document import BUNDLED
from store_credit_mock.coverage.coverage import Coverage, CoverageError
from store_credit_mock.coverage.files import read, write, write_text
from store_credit_mock.coverage.gates import Gates

__all__ = ["command", "gates"]

FINE, UNDER, UNUSABLE = 0, 1, 2

_files = click.argument("files", nargs=-1, required=True, type=Path, metavar="FILE...")
_document = click.option(
    "--document", type=Path, metavar="FILE", help="use this OpenAPI document instead of the bundled one"
)


def gates(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that name what must be reached."""
    for option in (
        click.option(
            "--only",
            multiple=True,
            metavar="OPERATION",
            help="report only on these operations, and calculate the percentage from them; "
            "takes an operationId or a pattern such as 'vinr.*' (may be repeated)",
        ),
        click.option(
            "--require",
            multiple=True,
            metavar="OPERATION:STATUS",
            help="exit with code 1 if this response was not seen (may be repeated)",
        ),
        click.option(
            "--fail-under",
            type=float,
            metavar="PERCENT",
            help="exit with code 1 if the coverage is lower than this percentage",
        ),
    ):
        function = option(function)
    return function


@click.group("coverage")
def command() -> None:
    """Merge and report which parts of the document were exercised."""


@command.command()
@_files
@click.option("-o", "--output", required=True, type=Path, metavar="FILE", help="where to write")
@_document
def merge(files: tuple[Path, ...], output: Path, document: Path | None) -> int:
    """Merge several files into one."""
    try:
        contract = _contract(document)
        coverage = Coverage(contract)
        for path in files:
            coverage.merge(read(contract, path))
        write(coverage, output)
    except (CoverageError, DocumentError) as error:
        return _fail(error)
    return FINE


@command.command()
@_files
@click.option("--html", type=Path, metavar="FILE", help="write a page")
@click.option("--json", is_flag=True, help="print JSON instead of the table")
@click.option("--short", is_flag=True, help="do not list the missing parts")
@gates
@_document
def report(
    files: tuple[Path, ...],
    html: Path | None,
    json: bool,
    short: bool,
    fail_under: float | None,
    require: tuple[str, ...],
    only: tuple[str, ...],
    document: Path | None,
) -> int:
    """Report on coverage files as a table, a page or JSON, and check gates. Several files are merged."""
    try:
        contract = _contract(document)
        coverage = Coverage(contract)
        wanted = Gates(contract, fail_under, require, only)
        shown = coverage.only(only)
        for path in files:
            coverage.merge(read(contract, path))
        if html is not None:
            from store_credit_mock.coverage.html_report import page

            write_text(html, page(shown, contract).encode())
    except (CoverageError, DocumentError) as error:
        return _fail(error)
    if json:
        import orjson

        sys.stdout.buffer.write(orjson.dumps(shown.to_json(), option=orjson.OPT_INDENT_2) + b"\n")
        sys.stdout.flush()
    else:
        from store_credit_mock.coverage.text_report import table

        print(table(shown, missing=not short))
    failures = wanted.failures(coverage)
    for failure in failures:
        print(f"store-credit-mock: {failure}", file=sys.stderr)
    return UNDER if failures else FINE


def _contract(document: Path | None) -> Contract:
    return Contract(Document.read(document or BUNDLED, partial(print, file=sys.stderr)))


def _fail(error: Exception) -> int:
    print(f"store-credit-mock: {error}", file=sys.stderr)
    return UNUSABLE
