"""`store-credit issue plan`: from a file to a plan. Reads only.

Exit codes: 0 planned, 2 something is wrong and no plan was written, 7 the server refused the credentials.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from store_credit_jobs.cli.common_options import Common, common_options
from store_credit_jobs.cli.opened_journal import open_journal, postgres_option
from store_credit_jobs.cli.wording import money, plain, requests
from store_credit_jobs.errors import JobsError
from store_credit_jobs.exit_codes import ExitCode

if TYPE_CHECKING:
    from store_credit_jobs.config import Account
    from store_credit_jobs.planning.plan_request import PlanMade

__all__ = ["command", "told"]

_MODES: Final = ("add", "set", "reduce", "refunds")
_SIGNS: Final = {"create": ("+", "to issue"), "reduce": ("-", "to take away")}
_EVERY: Final = 1.0
"""Seconds between two lines of progress."""


@click.command("plan")
@click.argument("file")
@click.option(
    "--campaign",
    required=True,
    metavar="NAME",
    help="The campaign's name; a campaign uses each key only once, whichever file contains the key.",
)
@click.option(
    "-o", "--output", default="plan.jsonl", show_default=True, metavar="PLAN", help="Where to write the plan."
)
@click.option("--mode", type=click.Choice(_MODES), default=None, help="What each row does (by default, add).")
@click.option("--refunds", is_flag=True, help="The same as --mode refunds.")
@click.option(
    "--max-row", multiple=True, metavar="AMOUNT:CUR", help="Reject rows above this amount, such as 100.00:USD."
)
@click.option(
    "--max-total",
    multiple=True,
    metavar="AMOUNT:CUR",
    help="Reject a file whose total in this currency is above this amount.",
)
@click.option(
    "--customers", metavar="FILE", help="A list of the existing customers; rows for other customers are rejected."
)
@click.option(
    "--map",
    "mapped",
    metavar="email=FILE",
    help="Identify customers by email; FILE has the columns email,customer.",
)
@click.option("--delimiter", metavar="SIGN", help="Delimiter of a CSV file, such as ';' or tab; detected by default.")
@click.option("--dates", type=click.Choice(["iso"]), default="iso", help="The date format: ISO 8601 with a time zone.")
@click.option(
    "--allow-identical", is_flag=True, help="Issue every row that has no key, even if it is identical to another."
)
@click.option("--expires", metavar="DATE", help="The expiry for credits that have none in the file.")
@click.option("--category", metavar="ID", help="Spree: the category of the credits, instead of the account's.")
@click.option(
    "--created-by", metavar="ID", help="Spree v2: the staff user who issues the credits, instead of the account's user."
)
@click.option("--rate", metavar="N/s", help="Estimate the time assuming at most N requests a second.")
@postgres_option
@common_options
def command(common: Common, file: str, **options: Any) -> ExitCode:
    """Read FILE (CSV, JSON Lines or Parquet; - for standard input), check it, and write a plan.

    Nothing is written to the server. If FILE contains mistakes, all of them are listed in one run, and no plan is
    written.
    """
    # `--help` does without all this.
    from store_credit_jobs.config import read_config
    from store_credit_jobs.credentials import read_credential
    from store_credit_jobs.planning.planner import make_plan
    from store_credit_jobs.systems import connect

    account = _account(read_config(common.config).account(common.account), options)
    system = connect(account, read_credential(account))
    try:
        journal = open_journal(common, options["postgres"], write=False)
        try:
            made = make_plan(_request(file, account, options), system, journal, progress=_progress(common))
        finally:
            journal.close()
    finally:
        system.close()
    if common.json:
        click.echo(json.dumps(_event(made), ensure_ascii=True))
    if not common.quiet:
        click.echo("\n".join(told(made)), err=True)
    return ExitCode.DONE


def _account(account: Account, options: dict[str, Any]) -> Account:
    import attrs

    from store_credit_jobs.quantities import rate

    changes: dict[str, Any] = {name: options[name] for name in ("category", "created_by") if options[name] is not None}
    if options["rate"] is not None:
        try:
            changes["rate"] = rate(options["rate"])
        except ValueError as error:
            raise click.BadParameter(str(error), param_hint="--rate") from None
    return attrs.evolve(account, **changes)


def _request(file: str, account: Account, options: dict[str, Any]) -> Any:
    from store_credit_jobs.planning.amounts import CellError, expiry
    from store_credit_jobs.planning.plan_request import PlanRequest

    expires: int | None = None
    if options["expires"] is not None:
        try:
            expires = expiry(options["expires"], time.time())
        except CellError as error:
            raise JobsError(error.code, f"--expires: {error.text}") from None
    mode = options["mode"] or ("refunds" if options["refunds"] else "add")
    if options["refunds"] and mode != "refunds":
        raise click.UsageError("--refunds means --mode refunds; pass only one of the two options")
    way, _, addresses = (options["mapped"] or "").partition("=")
    if options["mapped"] is not None and (way != "email" or not addresses):
        raise click.BadParameter("use --map email=FILE", param_hint="--map")
    delimiter = {"tab": "\t", "\\t": "\t"}.get(options["delimiter"], options["delimiter"])
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n'):
        raise click.BadParameter("must be a single character, or tab", param_hint="--delimiter")
    settings = {name: options[name] for name in ("category", "created_by") if options[name] is not None}
    return PlanRequest(
        file=file,
        campaign=options["campaign"],
        account=account,
        output=Path(options["output"]),
        mode=mode,
        delimiter=delimiter,
        max_row=_limits(options["max_row"], "--max-row"),
        max_total=_limits(options["max_total"], "--max-total"),
        customers=None if options["customers"] is None else Path(options["customers"]),
        addresses=Path(addresses) if addresses else None,
        allow_identical=options["allow_identical"],
        expires=expires,
        settings=settings,
    )


def _limits(given: tuple[str, ...], option: str) -> dict[str, str]:
    limits: dict[str, str] = {}
    for one in given:
        amount, colon, currency = one.partition(":")
        if not colon or currency in limits:
            raise click.BadParameter(
                "use the form AMOUNT:CUR, such as 100.00:USD, at most once for each currency", param_hint=option
            )
        limits[currency] = amount
    return limits


class _Progress:
    """Tells how far a plan is, in a line of its own that is written over on a terminal."""

    def __init__(self, common: Common) -> None:
        self._json = common.json
        self._terminal = sys.stderr.isatty() and not common.quiet
        self._last = time.monotonic()

    def __call__(self, what: str, done: int) -> None:
        now = time.monotonic()
        if now - self._last < _EVERY:
            return
        self._last = now
        if self._json:
            click.echo(json.dumps({"event": "progress", "phase": what, "rows": done}))
        if self._terminal:
            # The next line begins where this one does, and is longer or clears the rest.
            click.echo(f"\r{what}: {done:,} rows\x1b[K\r", err=True, nl=False)


_progress: Final = _Progress


def _event(made: PlanMade) -> dict[str, Any]:
    return {
        "event": "plan.made",
        "plan": str(made.path),
        "id": made.head.id,
        "campaign": made.head.campaign,
        "account": made.head.account,
        "live": made.live,
        "mode": made.head.mode,
        "rows": made.seal.rows,
        "nothing": made.seal.nothing,
        "totals": made.seal.totals,
        "requests": made.requests,
        "minutes": None if made.minutes is None else round(made.minutes, 1),
        "warnings": list(made.warnings),
        "sha256": made.seal.sha256,
    }


def told(made: PlanMade) -> Iterator[str]:
    """Say a plan in lines for people."""
    yield f"{plain(made.head.source['name'])}: {made.read}, {made.seal.rows:,} rows"
    yield ""
    for (do, currency), (rows, minor) in sorted(made.does.items()):
        sign, what = _SIGNS.get(do, ("~", do))
        yield f"  {sign} {rows:,} {'row' if rows == 1 else 'rows'} {what}: {money(minor, currency)}"
    if made.seal.nothing:
        yield f"    {made.seal.nothing:,} {'row needs' if made.seal.nothing == 1 else 'rows need'} nothing"
    yield ""
    counts = [
        f"{sum(rows for (do, _), (rows, _) in made.does.items() if do == one):,} {_SIGNS[one][1]}" for one in _SIGNS
    ]
    yield f"Plan: {', '.join(counts)}, {made.seal.nothing:,} with nothing to do."
    where = "LIVE" if made.live else "test"
    yield f"Account {made.head.account} ({made.head.system}, {made.head.host}, {where}), campaign {made.head.campaign}."
    if made.minutes is None:
        yield f"It takes {requests(made.requests)}; the server does not announce a limit."
    else:
        yield (
            f"It takes {requests(made.requests)}, about {made.minutes:,.1f} minutes at {made.limit:,.0f} requests a "
            "minute."
        )
    for warning in made.warnings:
        yield f"Warning: {plain(warning)}."
    yield f"Written to {plain(str(made.path))}, sha256 {made.seal.sha256[:16]}. Nothing was sent."
