"""The table of a mutation run, for a terminal and for `docs/mutation.md`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from store_credit_tools.mutate.trials import Outcome, Trial

__all__ = ["line", "page"]

_WIDTH: Final = 60

_PAGE: Final = """# Mutation run

Whether the tests notice when our own code does something else. A mutant is the code with one small change. It is
*killed* when a test fails, and has *survived* when none does: either a test is missing, or the change makes no
difference. The mutants are drawn by a seed from all there are. Each gets the tests that run its lines, as
`scripts/test --coverage` saw them, or those of its folder that are not slow where the lines run on import or in a
thread; no number of tests is given then.

    {command}

Commit {commit}, at most {limit:g} s for a mutant.

{areas}

## Not killed

{others}

## Killed

{killed}
"""


def line(trial: Trial) -> str:
    """One mutant, for a terminal."""
    place = f"{trial.mutant.path}:{trial.mutant.line}"
    return f"{trial.outcome.value:16} {place}  {_change(trial)}  ({trial.tests} tests, {trial.seconds:.0f} s)"


def page(
    command: str, commit: str, limit: float, possible: Mapping[str, int], done: Mapping[str, Sequence[Trial]]
) -> str:
    """Write the page.

    Args:
        command: What was typed.
        commit: The commit whose code was changed.
        limit: Seconds that a mutant had.
        possible: How many mutants each area has.
        done: The trials of each area.
    """
    rows = [
        [f"`{area}`", str(possible[area]), str(len(trials)), *(_count(trials, outcome) for outcome in Outcome)]
        for area, trials in done.items()
    ]
    heads = ["area", "mutants", "tried", *(outcome.value for outcome in Outcome)]
    trials = [trial for trials in done.values() for trial in trials]
    return _PAGE.format(
        command=command,
        commit=commit,
        limit=limit,
        areas=_table(heads, rows),
        others=_trials(trial for trial in trials if trial.outcome is not Outcome.KILLED),
        killed=_trials(trial for trial in trials if trial.outcome is Outcome.KILLED),
    )


def _trials(trials: Iterable[Trial]) -> str:
    rows = [
        [
            f"`{trial.mutant.path}:{trial.mutant.line}`",
            _change(trial).replace("|", "\\|"),
            trial.outcome.value,
            str(trial.tests or ""),
        ]
        for trial in trials
    ]
    return _table(["where", "change", "outcome", "tests"], rows) if rows else "None."


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in (heads, ["---"] * len(heads), *rows))


def _count(trials: Sequence[Trial], outcome: Outcome) -> str:
    return str(sum(trial.outcome is outcome for trial in trials))


def _change(trial: Trial) -> str:
    return f"`{_short(trial.mutant.before)}` to `{_short(trial.mutant.after)}`"


def _short(text: str) -> str:
    """On one line, without the sign that would end a code span, cut where it is long."""
    text = " ".join(text.split()).replace("`", "'")
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 3]}..."
