"""`store-credit audit`: what is owed, and whether the chain of snapshots is whole. Sends nothing but GET."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from store_credit_jobs.cli.common_options import Common, common_options
from store_credit_jobs.errors import JobsError
from store_credit_jobs.exit_codes import ExitCode

if TYPE_CHECKING:
    from store_credit_jobs.audit.database import Database
    from store_credit_jobs.audit.notices import Window
    from store_credit_jobs.audit.report import Report
    from store_credit_jobs.audit.sources import Source
    from store_credit_jobs.config import Account
    from store_credit_jobs.snapshots.snapshot_file import Snapshot
    from store_credit_jobs.snapshots.store import SnapshotStore

__all__ = ["command"]

_MANY: Final = 32 << 20
"""Bytes of a snapshot from which on DuckDB is worth its start, where it is installed."""


@click.group(invoke_without_command=True)
@click.option(
    "--snapshot", metavar="FILE", type=click.Path(path_type=Path), help="Audit this snapshot, without sending requests."
)
@click.option("--stored", is_flag=True, help="Audit the newest snapshot in the workspace, without sending requests.")
@click.option("--as-of", metavar="TIME", help="Report what was owed at TIME, such as 2026-09-30T23:59:59Z.")
@click.option(
    "--against", metavar="CSV", type=click.Path(path_type=Path),
    help="Compare with your books: a CSV file with the columns customer, currency and amount.",
)  # fmt: skip
@click.option(
    "--expiring-within", metavar="TIME", help="Print a JSON line for each credit that expires within TIME, such as 30d."
)
@click.option("-o", "--output", metavar="FILE", type=click.Path(path_type=Path), help="Write the report as Markdown.")
@click.option(
    "--html", metavar="FILE", type=click.Path(path_type=Path), help="Write the report as one HTML page, with charts."
)
@click.option("--csv", metavar="FILE", type=click.Path(path_type=Path), help="Write the report's figures as CSV.")
@click.option(
    "--engine",
    type=click.Choice(["auto", "sqlite", "duckdb"]),
    default="auto",
    help="The database engine that adds up the amounts.",
)
@common_options
@click.pass_context
def command(ctx: click.Context, common: Common, **asked: Any) -> ExitCode | None:
    """Report what is owed, and prove it.

    Reads all credits of the account, stores them as a snapshot in the workspace, and adds them up for each currency by
    age, month, campaign, category and memo. Also lists the largest credits, and those that break a rule. Ends with 5 if
    a credit breaks a rule, or if the books differ.
    """
    if ctx.invoked_subcommand is not None:
        return None
    return _audit(common, **asked)


@command.command("chain")
@click.option("--expect", metavar="SEAL", help="A previously recorded seal that the chain must contain.")
@common_options
def chain(common: Common, expect: str | None) -> ExitCode:
    """Check every stored snapshot of the account, and check that none is missing or was replaced."""
    import json

    from store_credit_jobs.config import read_config
    from store_credit_jobs.journal.workspace import find_workspace
    from store_credit_jobs.snapshots.store import SnapshotStore

    account = read_config(common.config).account(common.account)
    store = SnapshotStore(find_workspace(common.workspace))
    found = store.chain(account, check=True)
    problems = [str(problem) for problem in found.problems]
    seals = [one.sha256 for one in found.snapshots]
    if expect is not None and expect.lower() not in seals:
        problems.append(f"no snapshot has the seal {expect}: the snapshot was removed, or the chain was rewritten")
    if common.json:
        told = [
            {"file": one.path.name, "ended": one.head.ended, "credits": one.head.credits, "sha256": one.sha256}
            for one in found.snapshots
        ]
        click.echo(json.dumps({"chain": 1, "account": account.name, "snapshots": told, "problems": problems}))
    else:
        for one in found.snapshots:
            click.echo(f"{one.head.ended}  {one.head.credits:>10,} credits  {one.sha256}  {one.path.name}")
        for problem in problems:
            click.echo(problem, err=True)
        if problems:
            click.echo(f"NOT COMPLETE: {len(problems)} problems", err=True)
        elif seals:
            click.echo("complete; to prove this later, record the last seal and pass it to --expect")
        else:
            click.echo(f"there is no snapshot of {account.name} yet")
    return ExitCode.BROKEN if problems else ExitCode.DONE


def _audit(
    common: Common,
    *,
    snapshot: Path | None,
    stored: bool,
    as_of: str | None,
    against: Path | None,
    expiring_within: str | None,
    output: Path | None,
    html: Path | None,
    csv: Path | None,
    engine: str,
) -> ExitCode:
    from store_credit_jobs.audit.notices import notices
    from store_credit_jobs.audit.run import Question, make_report
    from store_credit_jobs.snapshots.snapshot_file import seconds_of

    if snapshot is not None and stored:
        raise click.UsageError("--snapshot and --stored both select the snapshot to audit; pass only one of them")
    at = None if as_of is None else _time(as_of)
    window = None if expiring_within is None else _window(expiring_within)
    source = _source(common, snapshot, stored, at)
    database = _database(engine, source.snapshot.path)
    try:
        question = Question(at, against, window, source.history, source.earlier, source.notes)
        report = make_report(source.snapshot, database, question)
        for path, text in _outputs(report, output, html, csv):
            _write(path, text)
        if window is not None:
            for line in notices(database, int(seconds_of(report.at)), window):
                click.echo(line)
        else:
            _show(report, common)
    finally:
        database.close()
    return ExitCode.DONE if report.sound else ExitCode.BROKEN


def _time(text: str) -> float:
    import time

    from store_credit_jobs.snapshots.snapshot_file import seconds_of

    try:
        at = seconds_of(text)
    except (ValueError, OverflowError):
        text = f"--as-of {text}: this is not an ISO 8601 time with a time zone, such as 2026-09-30T23:59:59Z"
        raise JobsError("date_zone", text) from None
    if at > time.time():
        raise JobsError("date_future", f"--as-of {text} is in the future")
    return at


def _window(text: str) -> Window:
    from store_credit_jobs.audit.notices import Window

    try:
        return Window.read(text)
    except ValueError as error:
        raise JobsError("window_invalid", f"--expiring-within {error}") from None


def _database(engine: str, path: Path) -> Database:
    from importlib.util import find_spec

    from store_credit_jobs.audit.sqlite_database import SqliteDatabase

    many = engine == "auto" and path.stat().st_size >= _MANY and find_spec("duckdb") is not None
    if engine == "duckdb" or many:
        from store_credit_jobs.audit.duckdb_database import DuckDatabase

        return DuckDatabase()
    return SqliteDatabase()


def _source(common: Common, snapshot: Path | None, stored: bool, at: float | None) -> Source:
    from store_credit_jobs.audit.sources import source_from_file, source_from_workspace, tells_the_past
    from store_credit_jobs.config import read_config
    from store_credit_jobs.journal.workspace import find_workspace, make_workspace
    from store_credit_jobs.snapshots.store import SnapshotStore

    if snapshot is not None:
        return source_from_file(snapshot)
    account = read_config(common.config).account(common.account)
    workspace = find_workspace(common.workspace)
    store = SnapshotStore(workspace)
    if stored or (at is not None and not tells_the_past(account)):
        return source_from_workspace(store, account, at, None)
    make_workspace(workspace)
    return source_from_workspace(store, account, at, _reader(common, store, account, ledger=at is not None))


def _reader(common: Common, store: SnapshotStore, account: Account, *, ledger: bool) -> Callable[[], Snapshot]:
    from store_credit_jobs.cli.account_reading import reading

    def read() -> Snapshot:
        with reading(common, account, ledger=ledger) as (system, how):
            return store.add(system, account, how)

    return read


def _outputs(report: Report, output: Path | None, html: Path | None, csv: Path | None) -> list[tuple[Path, str]]:
    found: list[tuple[Path, str]] = []
    if output is not None:
        from store_credit_jobs.audit.texts import markdown

        found.append((output, markdown(report)))
    if html is not None:
        from store_credit_jobs.audit.page import page

        found.append((html, page(report)))
    if csv is not None:
        from store_credit_jobs.audit.machine_outputs import as_csv

        found.append((csv, as_csv(report)))
    return found


def _write(path: Path, text: str) -> None:
    import os

    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        # Customers and amounts are in it.
        with os.fdopen(
            os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8", newline=""
        ) as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        raise JobsError("not_written", f"{path} was not written: {error.strerror}") from None
    finally:
        draft.unlink(missing_ok=True)


def _show(report: Report, common: Common) -> None:
    if common.json:
        from store_credit_jobs.audit.machine_outputs import as_json

        click.echo(as_json(report), nl=False)
    elif sys.stdout.isatty():
        from rich.console import Console

        from store_credit_jobs.audit.texts import on_terminal

        on_terminal(report, Console())
    else:
        from store_credit_jobs.audit.texts import plain_text

        click.echo(plain_text(report), nl=False)
