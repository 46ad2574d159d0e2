"""What the closing scan found: whether each credit of a job is there once, and whether sums agree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import attrs

from store_credit_jobs.credit import Credit

__all__ = ["Finding", "Proof", "Sums", "repair_lines"]

FindingCode = Literal[
    "double_found",
    "deleted",
    "amount_differs",
    "not_recorded",
    "look_alike",
    "amount_invalid",
    "changed_since",
    "sums_differ",
    "rows_differ",
]

_HARMLESS = frozenset({"look_alike", "amount_invalid", "changed_since"})


@attrs.frozen(slots=True)
class Finding:
    """One thing that the closing scan found.

    Attributes:
        code: `double_found`: another credit with the mark of a row that is done, or an unmarked twin of one a request
            of which had no response that counts. `deleted`: a credit of the job is not there any more.
            `amount_differs`: it is there with another amount or currency. `not_recorded`: a credit has the mark of a
            row that is not done. `sums_differ`, `rows_differ`: sums or counts that must be equal are not. Harmless are
            `look_alike`, a credit like one of the job's that cannot be its, `amount_invalid`, somebody else's credit
            of an amount that is not valid, and `changed_since`, one that was spent from or edited.
        text: For people: what was found and what to do.
        n: The row's number, or None.
        key: Its key, or None.
        credit: The credit's id, or None.
        customer: Whose it is, or None.
        minor: Its amount, in minor units, or None.
        currency: Three capitals, or None.
    """

    code: FindingCode
    text: str
    n: int | None = None
    key: str | None = None
    credit: str | None = None
    customer: str | None = None
    minor: int | None = None
    currency: str | None = None

    @property
    def breaks(self) -> bool:
        """Whether a guarantee is broken."""
        return self.code not in _HARMLESS

    @classmethod
    def about(
        cls, code: FindingCode, text: str, credit: Credit, n: int | None = None, key: str | None = None
    ) -> Finding:
        """Make a finding about a credit."""
        minor = None if credit.invalid is not None else credit.minor
        return cls(code, text, n, key, credit.id, credit.customer, minor, credit.currency)


@attrs.frozen(slots=True)
class Sums:
    """Sums of one currency, in minor units.

    Attributes:
        planned: What the plan issues or changes.
        done: What of that the journal knows to be done.
        refused: What the server refused.
        open: What is planned, sent, unknown or held.
        issued: What the job's creates have issued, by the journal.
        server: What their credits amount to on the server.
    """

    planned: int = 0
    done: int = 0
    refused: int = 0
    open: int = 0
    issued: int = 0
    server: int = 0


@attrs.frozen(slots=True)
class Proof:
    """The closing scan.

    Attributes:
        credits: How many credits of the job are there, each once.
        changes: How many changes of credits are there.
        read: How many credits were read.
        sums: By currency.
        findings: What was found, at most the first 1,000 of each kind.
        counts: How often each was found.
    """

    credits: int
    changes: int
    read: int
    sums: Mapping[str, Sums]
    findings: tuple[Finding, ...]
    counts: Mapping[str, int]

    @property
    def holds(self) -> bool:
        """Whether nothing doubled and nothing is lost."""
        return all(code in _HARMLESS for code in self.counts)

    def as_json(self) -> dict[str, Any]:
        """Give it as it stands in the result file."""
        return {
            "holds": self.holds,
            "credits": self.credits,
            "changes": self.changes,
            "read": self.read,
            "sums": {currency: attrs.asdict(sums) for currency, sums in self.sums.items()},
            "counts": dict(self.counts),
            "findings": [
                {name: value for name, value in attrs.asdict(finding).items() if value is not None}
                for finding in self.findings
            ],
        }


def repair_lines(proof: Proof) -> list[dict[str, Any]]:
    """List the credits to take back: on each line the credit, its customer, its amount, and the row's key."""
    return [
        {
            "take_back": finding.credit,
            "customer": finding.customer,
            "minor": finding.minor,
            "currency": finding.currency,
            "key": finding.key,
            "n": finding.n,
        }
        for finding in proof.findings
        if finding.code == "double_found"
    ]
