"""What a run of schemathesis did and found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from store_credit_mock.verify.fuzz.known_deviations import KnownDeviation

__all__ = ["Finding", "Report"]


@dataclass(frozen=True)
class Finding:
    """One failure: which check, on which operation, with the request and the response.

    Attributes:
        check: Name of the check.
        operation: operationId.
        request: The request as schemathesis shows it, credentials left out.
        status: Status of the response; 0 if there was none.
        text: What is wrong, and the beginning of the response.
        sent: The request as it was prepared to be sent, by `requests`; None if it was not.
    """

    check: str
    operation: str
    request: str
    status: int
    text: str
    sent: Any = field(default=None, repr=False, compare=False)

    def __str__(self) -> str:
        return f"{self.check} x {self.operation}: {self.text}\n    {self.request}\n    answered {self.status}"


@dataclass
class Report:
    """What a run did and found.

    Attributes:
        cases: Requests by operation.
        statuses: Answers by operation and status.
        checks: Times each check was applied.
        findings: Failures without an deviation.
        excused: How often each deviation was taken.
        misjudged: Cases whose bytes are not what schemathesis takes them for, by the second opinion, by operation.
        errors: What schemathesis itself could not do.
        phases: Cases by phase.
        transitions: Links between operations that the stateful phase could walk.
    """

    cases: Counter[str] = field(default_factory=Counter[str])
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter[tuple[str, int]])
    checks: Counter[str] = field(default_factory=Counter[str])
    findings: list[Finding] = field(default_factory=list[Finding])
    excused: Counter[KnownDeviation] = field(default_factory=Counter[KnownDeviation])
    misjudged: Counter[str] = field(default_factory=Counter[str])
    errors: list[str] = field(default_factory=list[str])
    phases: Counter[str] = field(default_factory=Counter[str])
    transitions: int = 0

    @property
    def caught(self) -> set[str]:
        """The names of the checks that failed."""
        return {finding.check for finding in self.findings}

    def lines(self) -> Iterable[str]:
        """The counts, for whoever reads the test's output."""
        yield f"{sum(self.cases.values())} cases on {len(self.cases)} operations"
        yield "phases: " + ", ".join(f"{name} {number}" for name, number in self.phases.items())
        yield f"links walked from: {self.transitions}"
        for operation, number in sorted(self.cases.items()):
            statuses = {status: seen for (name, status), seen in sorted(self.statuses.items()) if name == operation}
            yield f"  {operation:44} {number:5}  " + " ".join(f"{key}:{value}" for key, value in statuses.items())
        yield "checks: " + ", ".join(f"{name} {number}" for name, number in sorted(self.checks.items()))
        yield f"cases that are, as bytes, not what schemathesis takes them for: {sum(self.misjudged.values())}"
        for deviation, number in self.excused.items():
            yield f"  excused {number:4} times {deviation}"
