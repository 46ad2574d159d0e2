"""`store-credit jobs`: what the journal knows, and letting go of what a runner left behind."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from store_credit_jobs.cli.accept_command import command as accept_restored
from store_credit_jobs.cli.common_options import Common, common_options
from store_credit_jobs.cli.opened_journal import hold, open_journal, postgres_option
from store_credit_jobs.exit_codes import ExitCode

if TYPE_CHECKING:
    from store_credit_jobs.journal.journal import Job, Journal, Totals
    from store_credit_jobs.journal.steps import Step

__all__ = ["command"]

_LEFT_OUT: Final = ("job", "n", "key", "customer", "currency", "payload", "credential")
_SHOWN: Final = 20
"""How many rows are shown of each kind; `jobs export` has all."""


@click.group("jobs")
def command() -> None:
    """Read the journal of this workspace, and release what a dead runner left behind."""


command.add_command(accept_restored)


@command.command("list")
@postgres_option
@common_options
def list_jobs(common: Common, postgres: str | None) -> ExitCode:
    """List all jobs, the newest first."""
    from store_credit_jobs.cli.wording import plain

    with closing(open_journal(common, postgres, write=False)) as journal:
        for job in journal.jobs():
            totals = journal.totals(job.id)
            if common.json:
                _tell("job", **_job(job, totals))
            else:
                rows = ", ".join(_counts(totals))
                what = f"{job.kind}  {plain(job.campaign)}  {plain(job.account)}"
                click.echo(f"{job.id}  {job.created[:19]}Z  {job.state:6}  {what}: {rows}")
    return ExitCode.DONE


@command.command("show")
@click.argument("job")
@postgres_option
@common_options
def show(common: Common, job: str, postgres: str | None) -> ExitCode:
    """Show the progress of JOB, and which rows need a decision. JOB is the job's id, or the beginning of the id."""
    with closing(open_journal(common, postgres, write=False)) as journal:
        found = journal.job(job)
        say = _say_json if common.json else _say_text
        say(journal, found, _holder(common, postgres, found, journal))
    return ExitCode.DONE


@command.command("export")
@click.argument("job")
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="Write to FILE, either completely or not at all; by default, write to stdout.",
)
@postgres_option
@common_options
def export(common: Common, job: str, output: str | None, postgres: str | None) -> ExitCode:
    """Write everything in the journal about JOB as JSON lines: the job, then each row with its steps and requests."""
    with closing(open_journal(common, postgres, write=False)) as journal:
        lines = _exported(journal, journal.job(job))
        if output is None:
            for line in lines:
                click.echo(json.dumps(line))
        else:
            _write(Path(output), lines)
    return ExitCode.DONE


@command.command("unlock")
@click.argument("job")
@postgres_option
@common_options
def unlock(common: Common, job: str, postgres: str | None) -> ExitCode:
    """Mark the rows of JOB that a dead runner was sending as unknown; refused while a runner is active.

    A runner's lock ends with its process, so there is no lock to break; `issue apply` does the same by itself.
    """
    with closing(open_journal(common, postgres, write=True)) as journal:
        found = journal.job(job)
        hold(journal, found)
        adopted = journal.adopt(found.id, owner=f"unlock-{os.getpid()}")
    if common.json:
        _tell("unlocked", job=found.id, adopted=adopted)
    elif adopted:
        click.echo(
            f"{adopted:,} requests of job {found.id} now have an unknown outcome; to look them up, run `store-credit "
            f"issue settle {found.id}`"
        )
    else:
        click.echo(f"No runner is using the journal, and no row of job {found.id} was being sent.")
    return ExitCode.DONE


def _holder(common: Common, dsn: str | None, job: Job, journal: Journal) -> str | None:
    """Say who has, or had last, what a runner needs."""
    if dsn is not None:
        from store_credit_jobs.journal.postgres_journal import PostgresJournal

        assert isinstance(journal, PostgresJournal)
        return journal.runner(job.account)
    from store_credit_jobs.journal.lock import holder
    from store_credit_jobs.journal.workspace import find_workspace

    who = holder(find_workspace(common.workspace))
    return None if who is None else f"process {who.get('pid')} on {who.get('host')}, since {who.get('since')}"


def _tell(event: str, **members: Any) -> None:
    click.echo(json.dumps({"event": event, **members}))


def _job(job: Job, totals: Totals) -> dict[str, Any]:
    return {
        "job": job.id,
        "account": job.account,
        "campaign": job.campaign,
        "kind": job.kind,
        "state": job.state,
        "created": job.created,
        "ended": job.ended,
        "undoes": job.undoes,
        "plan": job.head.get("id"),
        "plan_sha256": job.plan_sha,
        "source": job.head.get("source"),
        "rows": sum(totals.states.values()) + totals.nothing,
        "nothing": totals.nothing,
        "states": dict(totals.states),
        "planned": dict(totals.planned),
        "done": dict(totals.done),
    }


def _counts(totals: Totals) -> Iterator[str]:
    from store_credit_jobs.cli.wording import rows
    from store_credit_jobs.journal.steps import State

    yield rows(sum(totals.states.values()) + totals.nothing)
    for state in (State.DONE, *(one for one in State if one is not State.DONE)):
        if totals.states.get(state):
            yield f"{totals.states[state]:,} {state}"
    if totals.nothing:
        yield f"{totals.nothing:,} with nothing to do"


def _needing(journal: Journal, job: Job) -> dict[str, Iterator[Step]]:
    """Go through the rows that somebody has to look at, by what is to be done about them."""
    from store_credit_jobs.journal.steps import State

    return {
        f"wait for a decision: run `store-credit issue decide {job.id} ROW done=ID` or `absent`": journal.open_steps(
            job.id, states=[State.HELD]
        ),
        f"have to be looked up: run `store-credit issue settle {job.id}`": journal.open_steps(job.id),
        "were refused": journal.open_steps(job.id, states=[State.REFUSED]),
    }


def _say_json(journal: Journal, job: Job, holder: str | None) -> None:
    _tell("job", **_job(job, journal.totals(job.id)), result=journal.result(job.id), runner=holder)
    for steps in _needing(journal, job).values():
        for step in steps:
            _tell("row", n=step.n, key=step.key, state=step.state, code=step.code, text=step.said, made=step.made)
    for n, credit in journal.doubles(job.id):
        _tell("double", n=n, credit=credit)
    for decision in journal.decisions(job.id):
        _tell("decision", n=decision.n, who=decision.who, at=decision.at, word=decision.word)


def _say_text(journal: Journal, job: Job, holder: str | None) -> None:
    from store_credit_jobs.cli.wording import amounts, money, plain

    totals = journal.totals(job.id)
    told: dict[str, str] = job.head.get("source") or {}
    source = told.get("name") or job.undoes or "-"
    click.echo(f"Job {job.id} is {job.state}: {job.kind}, campaign {plain(job.campaign)}, account {plain(job.account)}")
    click.echo(f"  begun {job.created}, ended {job.ended or '-'}; plan {job.head.get('id')} of {plain(source)}")
    click.echo(f"  {', '.join(_counts(totals))}")
    for line in amounts(totals.done, totals.planned):
        click.echo(f"  {line}")
    if holder is not None:
        click.echo(f"  the journal is, or was last, in use by {plain(holder)}")
    for what, steps in _needing(journal, job).items():
        shown = [
            f"  row {step.n} key {plain(step.key)} ({money(step.minor, step.currency)} for {plain(step.customer)}): "
            + (": ".join(plain(part) for part in (step.code, step.said) if part) or step.state)
            for step in islice(steps, _SHOWN + 1)
        ]
        _say_some(f"Rows that {what}", shown)
    _say_some(
        "Credits that exist in addition to the one that a row was to create",
        [f"  row {n}: {plain(credit)}" for n, credit in islice(journal.doubles(job.id), _SHOWN + 1)],
    )
    _say_some(
        "Decided by a person",
        [
            f"  row {one.n}: {plain(one.word)}, by {plain(one.who)} at {one.at}"
            for one in islice(journal.decisions(job.id), _SHOWN + 1)
        ],
    )


def _say_some(title: str, lines: list[str]) -> None:
    if lines:
        click.echo(f"{title}:")
    for line in lines[:_SHOWN]:
        click.echo(line)
    if len(lines) > _SHOWN:
        click.echo("  and more; for all of them, run `store-credit jobs export`")


def _exported(journal: Journal, job: Job) -> Iterator[dict[str, Any]]:
    import attrs

    yield {
        "event": "job",
        **_job(job, journal.totals(job.id)),
        "head": dict(job.head),
        "result": journal.result(job.id),
    }
    steps = journal.steps(job.id)
    step = next(steps, None)
    for row in journal.rows(job.id):
        own: list[dict[str, Any]] = []
        sent = False
        while step is not None and step.n == row.n:
            own.append(attrs.asdict(step, filter=_of_steps))
            sent = sent or step.attempt > 0
            step = next(steps, None)
        attempts = [attrs.asdict(one) for one in journal.attempts(job.id, row.n)] if sent else []
        yield {"event": "row", **attrs.asdict(row), "steps": own, "attempts": attempts}
    for n, credit in journal.doubles(job.id):
        yield {"event": "double", "n": n, "credit": credit}
    for decision in journal.decisions(job.id):
        yield {"event": "decision", **attrs.asdict(decision)}


def _of_steps(attribute: Any, value: object) -> bool:
    """Leave out of a step what its row says already, and the fingerprint of the credential."""
    return value is not None and attribute.name not in _LEFT_OUT


def _write(path: Path, lines: Iterator[dict[str, Any]]) -> None:
    draft = path.with_name(f"{path.name}.new")

    def opener(name: str, flags: int) -> int:
        return os.open(name, flags, 0o600)

    try:
        with open(draft, "w", encoding="ascii", newline="\n", opener=opener) as file:
            file.writelines(json.dumps(line) + "\n" for line in lines)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
