"""How a run ended, and the files that tell it: `JOB.result.json`, `JOB.rows.csv`, `JOB.repair.jsonl`."""

from __future__ import annotations

import csv
import json
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import IO, Any, Final

import attrs

from store_credit_jobs.engine.events import JobEnded
from store_credit_jobs.engine.limits import Reason
from store_credit_jobs.engine.proof import Proof, repair_lines
from store_credit_jobs.errors import JobsError
from store_credit_jobs.exit_codes import ExitCode
from store_credit_jobs.journal.journal import Journal, Row, Totals
from store_credit_jobs.journal.steps import State, Step

__all__ = ["Result", "amount", "ended", "files_of", "refusals", "write_files"]

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_TOLD: Final = 10
_WORST_FIRST: Final = (State.HELD, State.UNKNOWN, State.SENDING, State.REFUSED, State.PLANNED, State.DONE)


@attrs.frozen(slots=True)
class Result:
    """How a run ended.

    Attributes:
        job: The job's id.
        exit_code: How the command ends; the worst of what there is.
        reasons: What stopped the job before its end, or is wrong, for people.
        totals: Rows by state, and amounts, as the journal has them now.
        refusals: Refused rows by code.
        requests: Requests that this run has sent for steps.
        seconds: How long it took.
        proof: The closing scan; None where there was none.
        resumable: Whether running the same again goes on with the job.
    """

    job: str
    exit_code: ExitCode
    reasons: tuple[Reason, ...]
    totals: Totals
    refusals: Mapping[str, int]
    requests: int
    seconds: float
    proof: Proof | None
    resumable: bool

    @property
    def why(self) -> str | None:
        """What stopped the job or is wrong, in sentences; None where all is well."""
        told = [reason.text for reason in self.reasons[:_TOLD]]
        if len(self.reasons) > _TOLD:
            told.append(f"And {len(self.reasons) - _TOLD} more, which the result file lists.")
        return " ".join(told) or None

    @property
    def rows(self) -> int:
        """Rows of the plan, those that do nothing among them."""
        return self.totals.nothing + sum(self.totals.states.values())

    def as_json(self) -> dict[str, Any]:
        """Give it as it stands in the result file. Amounts are in minor units."""
        totals = self.totals
        unknown = (State.SENDING, State.UNKNOWN, State.HELD)
        return {
            "job": self.job,
            "exit_code": int(self.exit_code),
            "reasons": [{"code": reason.code, "text": reason.text} for reason in self.reasons],
            "resumable": self.resumable,
            "rows": self.rows,
            "nothing": totals.nothing,
            "states": {str(state): totals.states.get(state, 0) for state in State},
            "totals": {
                currency: {
                    "planned": minor,
                    "made": totals.done.get(currency, 0),
                    "refused": amount(totals, currency, State.REFUSED),
                    "unknown": amount(totals, currency, *unknown),
                    "left": amount(totals, currency, State.PLANNED),
                }
                for currency, minor in sorted(totals.planned.items())
            },
            "refusals": dict(self.refusals),
            "requests": self.requests,
            "seconds": round(self.seconds, 3),
            "proof": None if self.proof is None else self.proof.as_json(),
        }


def ended(result: Result, files: Iterable[Path] = ()) -> JobEnded:
    """Give the event that tells how a run ended, once its files are written."""
    return JobEnded(
        job=result.job,
        exit_code=int(result.exit_code),
        why=result.why,
        states=result.totals.states,
        nothing=result.totals.nothing,
        planned=result.totals.planned,
        done=result.totals.done,
        refusals=result.refusals,
        requests=result.requests,
        seconds=result.seconds,
        proof=None if result.proof is None else result.proof.as_json(),
        files=tuple(str(file) for file in files),
    )


def amount(totals: Totals, currency: str, *states: State) -> int:
    """Add up what the rows in some states are about, in minor units."""
    return sum(totals.amounts.get(state, {}).get(currency, 0) for state in states)


def refusals(journal: Journal, job: str) -> dict[str, int]:
    """Count the refused steps of a job by code, the most frequent first."""
    counts = Counter(step.code or "refused" for step in journal.open_steps(job, states=(State.REFUSED,)))
    return dict(counts.most_common())


def files_of(result: Result, folder: Path) -> tuple[Path, Path]:
    """Give where the files of a result are that there always are: what happened as a whole, and to each row."""
    return folder / f"{result.job}.result.json", folder / f"{result.job}.rows.csv"


def write_files(
    result: Result, journal: Journal, folder: Path, *, kept: Mapping[str, Any] | None = None
) -> tuple[Path, ...]:
    """Write the files of a result, each whole or not at all.

    Args:
        result: How the run ended.
        journal: Has the rows.
        folder: Where the files go: the workspace.
        kept: What the journal kept of the run that ended the job, in the place of `result`.

    Returns:
        Their paths; the list of credits to take back is there only where there are some.

    Raises:
        JobsError: `disk_full`, a file cannot be written.
    """
    told, rows = files = files_of(result, folder)
    _whole(told, lambda file: json.dump(result.as_json() if kept is None else kept, file, indent=2))
    _whole(rows, lambda file: _rows(file, journal.rows(result.job), journal.steps(result.job)))
    lines = [] if result.proof is None else repair_lines(result.proof)
    repair = folder / f"{result.job}.repair.jsonl"
    if lines:
        _whole(repair, lambda file: file.writelines(json.dumps(line) + "\n" for line in lines))
        return *files, repair
    if result.proof is not None:
        # What an earlier run found has been put right.
        repair.unlink(missing_ok=True)
    return files


def _rows(file: IO[str], rows: Iterable[Row], steps: Iterable[Step]) -> None:
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(("key", "state", "id", "code", "text"))
    writer.writerows(_lines(rows, steps))


def _lines(rows: Iterable[Row], steps: Iterable[Step]) -> Iterator[tuple[str, str, str, str, str]]:
    by_row = groupby(steps, key=lambda step: step.n)
    n, parts = next(by_row, (None, ()))
    for row in rows:
        if row.n != n:
            more = row.more
            yield _cell(row.key), "nothing", _cell(more.get("made")), _cell(more.get("why")), ""
            continue
        each = list(parts)
        step = min(each, key=lambda part: _WORST_FIRST.index(part.state))
        made = " ".join(part.made for part in each if part.made is not None)
        yield _cell(row.key), str(step.state), _cell(made), _cell(step.code), _cell(step.said)
        n, parts = next(by_row, (None, ()))


def _cell(text: str | None) -> str:
    """Give a text that no spreadsheet takes for a formula."""
    return "" if text is None else f"'{text}" if text.startswith(_FORMULA) else text


def _whole(path: Path, write: Callable[[IO[str]], object]) -> None:
    """Write a file beside its place and move it there once it is on the disk."""
    temporary: str | None = None
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            write(file)
            file.flush()
            os.fsync(handle)
        Path(temporary).replace(path)
        temporary = None
    except OSError as error:
        raise JobsError(
            "disk_full",
            f"{path}: the file cannot be written: {error.strerror}. The journal contains the whole result: free some"
            " disk space and run the command again.",
            exit_code=ExitCode.STOPPED,
        ) from error
    finally:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
