"""What a running job tells, as lines for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from store_credit_jobs.cli.wording import amounts, duration, money, plain, requests, rows
from store_credit_jobs.engine.events import JobEnded, JobStarted, Progress, RowHeld, RowRefused, Waiting
from store_credit_jobs.journal.steps import State

__all__ = ["counts", "ended_lines", "progress_line", "row_line", "started_line", "waiting_text"]

_WAITING: Final[Mapping[Waiting, str]] = {
    "limit": "waiting for the server's limit",
    "retry_after": "waiting as long as the server asked",
    "circuit": "waiting for the server to recover",
    "grace": "waiting until no request can still be running",
}
_FINDINGS: Final = 20
"""How many findings of the closing scan are told one by one."""
_PHASES: Final = {"settling": "looking up what was sent", "sending": "sending", "checking": "checking"}


def counts(states: Mapping[State, int], nothing: int) -> tuple[int, dict[str, int]]:
    """Give how many rows need nothing more, and how many are of the kinds that people have to know of."""
    told = {
        "refused": states.get(State.REFUSED, 0),
        "unknown": states.get(State.UNKNOWN, 0),
        "held": states.get(State.HELD, 0),
    }
    return nothing + states.get(State.DONE, 0), {kind: number for kind, number in told.items() if number}


def waiting_text(waiting: Waiting, left: float | None) -> str:
    """Say what a job waits for, and how long still."""
    return _WAITING[waiting] + (f", {duration(left)}" if left is not None else "")


def started_line(event: JobStarted) -> str:
    """Say which job a runner took up."""
    done, _ = counts(event.states, event.nothing)
    goes_on = f"continues at {done:,} of" if event.resumed else "begins:"
    totals = ", ".join(money(minor, currency) for currency, minor in sorted(event.planned.items()))
    return f"Job {event.job} (campaign {plain(event.campaign)}) {goes_on} {rows(event.rows)}" + (
        f", {totals}" if totals else ""
    )


def progress_line(event: Progress) -> str:
    """Say in one line how far a job is."""
    done, told = counts(event.states, event.nothing)
    parts = [f"{_PHASES[event.phase]}: {done:,} of {event.rows:,} rows"]
    if event.phase == "checking":
        parts.append(f"{event.checked:,} credits read")
    else:
        parts.append(f"{event.rate:,.1f} rows/s")
    parts += amounts(event.done, event.planned)
    parts += [f"{number:,} {kind}" for kind, number in told.items()]
    if event.waiting is not None:
        parts.append(waiting_text(event.waiting, event.waiting_left))
    if event.left is not None:
        parts.append(f"{duration(event.left)} left")
    return ", ".join(parts)


def row_line(event: RowRefused | RowHeld) -> str:
    """Say what became of a row that was refused or is held."""
    what = "refused" if isinstance(event, RowRefused) else "held"
    why = ": ".join(plain(part) for part in (event.code, event.text) if part)
    row = f"row {event.n} key {plain(event.key)} ({money(event.minor, event.currency)} for {plain(event.customer)})"
    return f"{row}: {what}" + (f", {why}" if why else "")


def ended_lines(event: JobEnded) -> Iterator[str]:
    """Say how a run ended, and what proves it."""
    done, told = counts(event.states, event.nothing)
    others = {
        "planned": event.states.get(State.PLANNED, 0),
        "being sent": event.states.get(State.SENDING, 0),
        **told,
    }
    parts = [f"{done - event.nothing:,} done", *([f"{event.nothing:,} with nothing to do"] if event.nothing else [])]
    parts += [f"{number:,} {kind}" for kind, number in others.items() if number]
    yield f"Job {event.job}: {', '.join(parts)}; {requests(event.requests)} in {duration(event.seconds)}"
    for line in amounts(event.done, event.planned):
        yield f"  {line}"
    for code, number in sorted(event.refusals.items()):
        yield f"  refused as {plain(code)}: {number:,}"
    if event.proof is not None:
        yield from _proof_lines(event.proof)
    for file in event.files:
        yield f"  written: {file}"
    if event.why is not None:
        yield event.why


def _credits(number: int) -> str:
    return f"{number:,} credit{'' if number == 1 else 's'}"


def _proof_lines(proof: Mapping[str, Any]) -> Iterator[str]:
    """Say what the closing scan found; see `store_credit_jobs.engine.proof.Proof`."""
    there: list[str] = []
    number = proof["credits"]
    if number:
        many = f"{number:,} credits are on the server, each"
        there.append(f"{'1 credit is on the server,' if number == 1 else many} exactly once")
    elif not proof["changes"]:
        there.append("no credit is on the server")
    if proof["changes"]:
        there.append(f"{proof['changes']:,} change{'s are' if proof['changes'] > 1 else ' is'} still in place")
    yield f"Proof, by reading the server again ({_credits(proof['read'])}): {', '.join(there)}"
    for currency, sums in proof["sums"].items():
        told = [f"{name} {money(sums[name], currency)}" for name in ("done", "refused", "open") if sums[name]]
        line = f"  planned {money(sums['planned'], currency)}: {', '.join(told) or 'nothing done'}"
        if sums["issued"] or sums["server"]:
            line += f"; issued {money(sums['issued'], currency)}, on the server {money(sums['server'], currency)}"
        yield line
    findings: list[Mapping[str, Any]] = proof["findings"]
    for finding in findings[:_FINDINGS]:
        yield f"  {finding['code']}: {plain(finding['text'])}"
    if (more := sum(proof["counts"].values()) - len(findings[:_FINDINGS])) > 0:
        yield f"  and {more:,} more, which the result file lists"
    if not proof["holds"]:
        yield "  THE PROOF FAILED"
