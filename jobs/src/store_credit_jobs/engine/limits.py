"""What stops a job before its end: the person's limits, a refusal of everything, and the server's own wishes."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

import attrs

from store_credit_jobs import steady_time
from store_credit_jobs.engine.settings import Settings
from store_credit_jobs.exit_codes import ExitCode
from store_credit_jobs.journal.steps import Outcome, State, Step, Stop

__all__ = ["Limits", "Reason"]


@attrs.frozen(slots=True)
class Reason:
    """Why a job stopped before its end.

    Attributes:
        exit_code: How the command ends.
        code: For programs, such as `total_limit`.
        text: For people: what happened and what to do.
    """

    exit_code: ExitCode
    code: str
    text: str


class Limits:
    """Watches a job and stops it.

    Args:
        settings: Have the limits.
        halt: Set once nothing more is to be sent.
        done: What the job has issued already per currency, in minor units.
        open_steps: Steps that were sent and may have happened: they count against the total until they are known.
        wall: Seconds since 1970.

    Attributes:
        reasons: Why it stopped, in the order in which it was noticed.
    """

    def __init__(
        self,
        settings: Settings,
        halt: threading.Event,
        *,
        done: Mapping[str, int],
        open_steps: Iterable[Step] = (),
        wall: Callable[[], float] = steady_time.now,
    ) -> None:
        self._settings = settings
        self._halt = halt
        self._wall = wall
        self._spent: Counter[str] = Counter()
        self.recount(done, open_steps)
        self._same: str | None = None
        self._in_a_row = 0
        self.reasons: list[Reason] = []

    def recount(self, done: Mapping[str, int], open_steps: Iterable[Step]) -> None:
        """Count the total anew, while nothing is being sent: what was looked up has happened, or may be sent.

        Args:
            done: As of the class.
            open_steps: As of the class.
        """
        self._spent = Counter(done)
        for step in open_steps:
            self._count(step, 1)

    def because(self, exit_code: ExitCode, code: str, text: str) -> None:
        """Stop the job; a reason that is there already is not told again."""
        if all(reason.code != code for reason in self.reasons):
            self.reasons.append(Reason(exit_code, code, text))
        self._halt.set()

    def allow(self, steps: Sequence[Step], under_way: int) -> tuple[list[Step], list[Outcome]]:
        """Part claimed steps into those that may be sent, and those that are given back.

        Args:
            steps: What was claimed, in its order.
            under_way: How many steps that were allowed before have no outcome yet. The job only stops where there are
                none: what still fits into the total is issued.
        """
        if not self._settings.max_total:
            return list(steps), []
        sent: list[Step] = []
        for at, step in enumerate(steps):
            most = self._settings.max_total.get(step.currency)
            if step.action == "create" and most is not None and self._spent[step.currency] + step.minor > most:
                if not sent and not under_way:
                    self.because(
                        ExitCode.STOPPED,
                        "total_limit",
                        f"key {step.key}: {step.minor} {step.currency} more would exceed --max-total of {most} (minor"
                        f" units); {self._spent[step.currency]} have been issued or may have been. Increase"
                        " --max-total, and run the command again.",
                    )
                return sent, [Outcome(left, State.PLANNED) for left in steps[at:]]
            self._count(step, 1)
            sent.append(step)
        return sent, []

    def saw(self, outcomes: Iterable[Outcome]) -> None:
        """Learn from outcomes of requests."""
        for outcome in outcomes:
            if outcome.state in (State.REFUSED, State.PLANNED):
                self._count(outcome.step, -1)
            if outcome.stop is Stop.CREDENTIALS:
                self.because(
                    ExitCode.CREDENTIALS,
                    "credentials_refused",
                    f"The server refused the credentials: {outcome.said or 'no reason given'}. Correct them in the "
                    "place that store-credit.toml names, and run the command again.",
                )
            elif outcome.stop is Stop.TOO_LONG or (outcome.wait or 0.0) > self._settings.longest_wait:
                self.because(
                    ExitCode.STOPPED,
                    "wait_too_long",
                    f"The server asks you to wait {_duration(outcome.wait)}. Run the command again after that.",
                )
            self._refusals(outcome)

    def look(self, trouble: float) -> None:
        """Look at the clock.

        Args:
            trouble: Seconds since the server has failed at everything.
        """
        if self._settings.deadline is not None and self._wall() >= self._settings.deadline:
            self.because(ExitCode.STOPPED, "deadline", "The deadline has passed. To continue, run the command again.")
        if trouble > self._settings.patience:
            self.because(
                ExitCode.STOPPED,
                "server_down",
                f"The server has failed or could not be reached for {_duration(trouble)}. Run the command again later.",
            )

    def _count(self, step: Step, sign: int) -> None:
        if step.action == "create":
            self._spent[step.currency] += sign * step.minor

    def _refusals(self, outcome: Outcome) -> None:
        if outcome.state is not State.REFUSED:
            if outcome.state is State.DONE:
                self._same, self._in_a_row = None, 0
            return
        code = outcome.code or "refused"
        self._in_a_row = self._in_a_row + 1 if code == self._same else 1
        self._same = code
        if self._settings.stop_after and self._in_a_row >= self._settings.stop_after:
            said = f" ({outcome.said})" if outcome.said else ""
            self.because(
                ExitCode.STOPPED,
                "same_refusal",
                f"{self._in_a_row} rows in a row were refused as {code}{said}: they probably have the same cause. "
                "Correct it, and run the command again; to send the refused rows again, add --retry-refused.",
            )


def _duration(seconds: float | None) -> str:
    if seconds is None:
        return "hours"
    if seconds < 120:
        return f"{seconds:.0f} seconds"
    return f"{seconds / 60:.0f} minutes" if seconds < 7200 else f"{seconds / 3600:.1f} hours"
