"""The closing scan: reads the server once more and proves that nothing doubled and nothing was lost. Reads only."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping

import attrs

from store_credit_jobs.credit import Credit
from store_credit_jobs.engine.expected import Expected, Known
from store_credit_jobs.engine.proof import Finding, Proof, Sums
from store_credit_jobs.journal.journal import Journal
from store_credit_jobs.journal.steps import State, Step
from store_credit_jobs.systems.system import System

__all__ = ["Amounts", "Closing"]

_MARGIN = 300.0
"""Seconds before the first request from which on credits are read: clocks differ."""
_MOST = 1000
"""Findings of one kind that are told one by one."""
_MAYBE = frozenset({State.SENDING, State.UNKNOWN, State.HELD})


@attrs.frozen(slots=True)
class Amounts:
    """What the journal knows of one currency, in minor units: see `Sums`."""

    planned: int = 0
    done: int = 0
    refused: int = 0
    open: int = 0


class Closing:
    """One closing scan.

    Args:
        account: The account's identity.
        journal: Has the steps.
        system: Is read.
        skew: Seconds by which the server's clock is ahead of this machine's.
        halt: Ends the scan.
        met: Called for each credit that is read.
    """

    def __init__(
        self,
        account: str,
        journal: Journal,
        system: System,
        *,
        skew: float = 0.0,
        halt: threading.Event | None = None,
        met: Callable[[], None] = lambda: None,
    ) -> None:
        self._account = account
        self._journal = journal
        self._system = system
        self._skew = skew
        self._halt = halt or threading.Event()
        self._met = met
        self._findings: list[Finding] = []
        self._counts: Counter[str] = Counter()
        self._suspected: Counter[tuple[int, int]] = Counter()
        self._read = 0

    def scan(
        self,
        job: str,
        amounts: Mapping[str, Amounts],
        *,
        rows: int,
        plan_rows: int | None = None,
        plan_totals: Mapping[str, int] | None = None,
    ) -> Proof | None:
        """Read the server and compare it with the journal.

        Args:
            job: The job's id.
            amounts: What the journal knows, by currency.
            rows: How many rows the journal has.
            plan_rows: How many the plan has.
            plan_totals: What the plan adds up to per currency, in minor units.

        Returns:
            The proof; None where it was halted.

        Raises:
            StoreCreditError: The server did not answer as it should. The scan may be repeated.
        """
        self._findings.clear()
        self._counts.clear()
        self._suspected.clear()
        self._read = 0
        expected = Expected()
        try:
            changes: dict[str, Step] = {}
            since = self._fill(expected, job, changes)
            changed = 0
            if since is not None:
                self._credits(expected, job, since)
                for known in expected.not_seen():
                    if self._halt.is_set():
                        break
                    self._missing(expected, known)
            for step in changes.values():
                if self._halt.is_set():
                    break
                changed += self._change(step)
            if self._halt.is_set():
                return None
            sums = self._sums(expected, amounts, plan_totals)
            if plan_rows is not None and plan_rows != rows:
                self._found(Finding("rows_differ", f"The plan has {plan_rows} rows, the journal has {rows}."))
            return Proof(expected.count(), changed, self._read, sums, tuple(self._findings), dict(self._counts))
        finally:
            expected.close()

    def _fill(self, expected: Expected, job: str, changes: dict[str, Step]) -> float | None:
        """Take the job's steps; when the first create was sent, by this machine's clock."""
        first: float | None = None

        def creates() -> list[Step]:
            nonlocal first
            taken: list[Step] = []
            for step in steps:
                if step.action != "create":
                    if step.state is State.DONE and step.target is not None:
                        # Of several changes of one credit the last is what is there now.
                        changes[step.target] = step
                    continue
                if step.first_sent is not None:
                    first = step.first_sent if first is None else min(first, step.first_sent)
                taken.append(step)
                if len(taken) >= _MOST:
                    break
            return taken

        steps = iter(self._journal.steps(job))
        while batch := creates():
            expected.fill(batch)
        return first

    def _credits(self, expected: Expected, job: str, since: float) -> None:
        since += min(self._skew, 0.0) - _MARGIN
        for credit in self._system.credits(since=since, mine=True, customers=expected.customers()):
            if self._halt.is_set():
                return
            self._read += 1
            self._met()
            known = expected.by_credit(credit.id)
            if known is not None:
                self._there(expected, known, credit)
                continue
            marked = None if credit.mark is None else expected.by_mark(credit.mark)
            if marked is not None:
                self._second(marked, credit)
            elif credit.invalid is not None:
                text = f"Credit {credit.id} has the amount {_told(credit)}. It does not belong to the job."
                self._found(Finding.about("amount_invalid", text, credit))
            elif credit.mark is None:
                self._unmarked(expected, job, credit)

    def _there(self, expected: Expected, known: Known, credit: Credit) -> None:
        if known.state is not State.DONE:
            text = f"Credit {credit.id} belongs to row {known.key}, which is {known.state}."
            self._found(Finding.about("not_recorded", text, credit, known.n, known.key))
            return
        expected.saw(known, credit.minor)
        if (credit.minor, credit.currency) != (known.minor, known.currency):
            text = (
                f"Credit {credit.id} of row {known.key} was issued for {known.minor} {known.currency} (minor units) "
                f"and is now {_told(credit)}. Find out who changed it."
            )
            self._found(Finding.about("amount_differs", text, credit, known.n, known.key))

    def _second(self, known: Known, credit: Credit) -> None:
        """Look at a credit that has a row's mark and is not the one that the row is known to have made."""
        if known.state in _MAYBE:
            return
        if known.state is State.DONE:
            text = (
                f"Row {known.key} was done by credit {known.made}, but credit {credit.id} also has its mark. Take "
                "back the second credit."
            )
            self._found(Finding.about("double_found", text, credit, known.n, known.key))
            return
        text = (
            f"Row {known.key} is {known.state}, but credit {credit.id} has its mark. Another runner with a journal "
            "of its own created it: do not send the row again."
        )
        self._found(Finding.about("not_recorded", text, credit, known.n, known.key))

    def _unmarked(self, expected: Expected, job: str, credit: Credit) -> None:
        """Look at a credit without a mark: where rows carry none, or where somebody has taken it off."""
        like = expected.like(credit)
        if like is None or self._journal.explained(self._account, credit.id):
            return
        if like.state in _MAYBE:
            # It may be that row's own, which is looked up or decided first; the scan after that tells.
            return
        if like.state is State.DONE and self._unknown_requests(job, like) > self._suspected[like.n, like.s]:
            self._suspected[like.n, like.s] += 1
            text = (
                f"Row {like.key} was done by credit {like.made}, but one of its requests had no reliable response, "
                f"and credit {credit.id} looks the same. Check whether someone else issued that credit; if not, take "
                "it back."
            )
            self._found(Finding.about("double_found", text, credit, like.n, like.key))
            return
        text = (
            f"Credit {credit.id} looks like that of row {like.key}, which cannot have created it: someone else "
            "issued it."
        )
        self._found(Finding.about("look_alike", text, credit, like.n, like.key))

    def _unknown_requests(self, job: str, known: Known) -> int:
        """How many requests of a row may have made a credit that nobody has seen."""
        if known.attempt < 2:
            return 0
        attempts = self._journal.attempts(job, known.n)
        return sum(one.s == known.s and one.outcome == State.UNKNOWN for one in attempts)

    def _missing(self, expected: Expected, known: Known) -> None:
        """Ask for a credit that the scan did not meet, by its id."""
        credit = None if known.made is None else self._system.credit(known.made, known.customer)
        self._read += 1
        self._met()
        if credit is not None:
            self._there(expected, known, credit)
            return
        self._found(
            Finding(
                "deleted",
                f"Credit {known.made} of row {known.key} is no longer on the server: it was deleted.",
                known.n,
                known.key,
                known.made,
                known.customer,
                known.minor,
                known.currency,
            )
        )

    def _change(self, step: Step) -> int:
        """Look whether a change is there; how many are, 0 or 1."""
        assert step.target is not None
        credit = self._system.credit(step.target, step.customer)
        self._read += 1
        self._met()
        if step.action == "delete":
            if credit is None:
                return 1
            text = f"Credit {credit.id} of row {step.key} was deleted, but still exists."
            self._found(Finding.about("amount_differs", text, credit, step.n, step.key))
            return 0
        if credit is None:
            text = f"Credit {step.target} of row {step.key} is no longer on the server: it was deleted."
            self._found(Finding("deleted", text, step.n, step.key, step.target, step.customer, None, step.currency))
            return 0
        after = step.after or {}
        now = {"minor": credit.minor, "expires": credit.expires, "used": credit.used, "authorized": credit.authorized}
        differs = [name for name in ("minor", "expires") if name in after and after[name] != now[name]]
        if differs or credit.invalid is not None:
            told = ", ".join(f"{name} {after[name]} became {now[name]}" for name in differs)
            if credit.invalid is not None:
                told = f"its amount is {_told(credit)}"
            text = f"Credit {credit.id} of row {step.key} has been changed: {told}. Find out who changed it."
            self._found(Finding.about("amount_differs", text, credit, step.n, step.key))
            return 0
        spent = [name for name in ("used", "authorized") if name in after and after[name] != now[name]]
        if spent:
            told = ", ".join(f"{name} {after[name]} became {now[name]}" for name in spent)
            text = f"Credit {credit.id} of row {step.key} has been spent from in the meantime: {told} (minor units)."
            self._found(Finding.about("changed_since", text, credit, step.n, step.key))
        return 1

    def _sums(
        self, expected: Expected, amounts: Mapping[str, Amounts], plan_totals: Mapping[str, int] | None
    ) -> dict[str, Sums]:
        issued = expected.sums()
        plan_totals = plan_totals or {}
        sums: dict[str, Sums] = {}
        for currency in sorted({*amounts, *issued, *plan_totals}):
            known = amounts.get(currency, Amounts())
            made, server = issued.get(currency, (0, 0))
            sums[currency] = Sums(known.planned, known.done, known.refused, known.open, made, server)
            told = [
                ("the plan has", plan_totals.get(currency, known.planned)),
                ("the journal has", known.planned),
                ("done, refused and open are", known.done + known.refused + known.open),
            ]
            self._equal(currency, told)
            self._equal(currency, [("the journal issued", made), ("the server has", server)])
        return sums

    def _equal(self, currency: str, told: list[tuple[str, int]]) -> None:
        if len({value for _, value in told}) > 1:
            text = ", ".join(f"{what} {value}" for what, value in told)
            self._found(Finding("sums_differ", f"{currency}: {text} (minor units).", currency=currency))

    def _found(self, finding: Finding) -> None:
        self._counts[finding.code] += 1
        if self._counts[finding.code] <= _MOST:
            self._findings.append(finding)


def _told(credit: Credit) -> str:
    if credit.invalid is not None:
        return f"{credit.invalid} (not a valid amount)"
    return f"{credit.minor} {credit.currency}"
