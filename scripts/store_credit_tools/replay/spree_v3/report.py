"""What a play of a v3 script found, as data and as text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from store_credit_tools.replay.known_differences import Known

__all__ = ["Outcome", "ScriptReport"]

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one published file.

    Attributes:
        name: The file's, without `.json`.
        profile: What the mock played.
        step: Which step it is of.
        operation: The operationId; None if the OpenAPI document has none for the request.
        inherited: Whether the file is of the server that this one inherits from.
        webhooks: How many webhooks it holds.
        found: What differs.
        reason: Why that is expected, or None.
    """

    name: str
    profile: str
    step: str
    operation: str | None
    inherited: bool = False
    webhooks: int = 0
    found: tuple[str, ...] = ()
    reason: str | None = None

    @property
    def differs(self) -> bool:
        """Whether it differs without a reason on the list."""
        return bool(self.found) and self.reason is None


@dataclass(slots=True)
class ScriptReport:
    """The play of one server's scripts.

    Attributes:
        profile: What the mock played.
        server: The suffix of the server.
        steps: How many steps there are, by script.
        outcomes: Of each published file.
        statuses: How many steps without a file were answered with the status the script has.
        wrong_statuses: What the others were answered with.
        passed_over: Names of the files that were not compared, each with the reason.
        stale: Expected differences that did not happen, though their file was compared.
    """

    profile: str
    server: str
    steps: Counter[str] = field(default_factory=Counter[str])
    outcomes: list[Outcome] = field(default_factory=list[Outcome])
    statuses: int = 0
    wrong_statuses: list[str] = field(default_factory=list[str])
    passed_over: Mapping[str, str] = field(default_factory=dict[str, str])
    stale: list[Known] = field(default_factory=list[Known])

    @property
    def ok(self) -> bool:
        """Whether nothing differs without a reason on the list."""
        return not self.wrong_statuses and not self.stale and not any(one.differs for one in self.outcomes)

    @property
    def own(self) -> list[Outcome]:
        """The server's own files."""
        return [one for one in self.outcomes if not one.inherited]

    @property
    def inherited(self) -> list[Outcome]:
        """The files of the server it inherits from."""
        return [one for one in self.outcomes if one.inherited]

    @property
    def equal(self) -> list[str]:
        """Names of the files that came out the same."""
        return [one.name for one in self.outcomes if not one.found]

    @property
    def different(self) -> dict[str, tuple[str, ...]]:
        """What differs without a reason, by name of the file."""
        return {one.name: one.found for one in self.outcomes if one.differs}

    @property
    def excepted(self) -> dict[str, str]:
        """The reason by name of each file that is known to differ."""
        return {one.name: one.reason for one in self.outcomes if one.reason is not None}

    def as_dict(self) -> dict[str, Any]:
        """Give it as JSON."""
        return {
            "profile": self.profile,
            "server": self.server,
            "steps": dict(self.steps),
            "own": len(self.own),
            "own_equal": sum(not one.found for one in self.own),
            "inherited": len(self.inherited),
            "inherited_equal": sum(not one.found for one in self.inherited),
            "webhooks": sum(one.webhooks for one in self.outcomes),
            "different": {
                one.name: {"step": one.step, "operation": one.operation, "found": list(one.found)}
                for one in self.outcomes
                if one.differs
            },
            "excepted": self.excepted,
            "preparing_statuses_right": self.statuses,
            "preparing_statuses_wrong": self.wrong_statuses,
            "passed_over": dict(self.passed_over),
            "stale": [{"exchange": one.exchange, "where": one.where, "reason": one.reason} for one in self.stale],
            "ok": self.ok,
        }

    def lines(self, *, verbose: bool = False) -> Iterator[str]:
        """Write it for a reader."""
        steps = ", ".join(f"{count} {name}" for name, count in self.steps.items())
        yield f"Spree API v3 {self.profile} ({self.server}): {steps}; observe mode, in process"
        for label, of in (("own files", self.own), ("inherited files", self.inherited)):
            if of:
                outside = [one for one in of if one.operation is None]
                yield (
                    f"  {label}: {sum(not one.found for one in of)} of {len(of)} are equal"
                    f" ({len(outside)} of them of requests outside the document)"
                )
            for profile in dict.fromkeys(one.profile for one in of if one.profile != self.profile):
                theirs = [one for one in of if one.profile == profile]
                yield f"    of {profile}: {sum(not one.found for one in theirs)} of {len(theirs)}"
        webhooks = sum(one.webhooks for one in self.own)
        if webhooks:
            yield f"  webhooks in them: {webhooks}"
        yield f"  only prepared: {self.statuses} statuses as recorded, {len(self.wrong_statuses)} not"
        for reason in dict.fromkeys(self.passed_over.values()):
            names = [name for name, other in self.passed_over.items() if other == reason]
            yield f"  not compared, {reason}: {', '.join(names)}"
        for name, reason in self.excepted.items():
            yield f"  exception {name}: {reason}"
        for one in self.stale:
            yield f"  STALE {one.exchange}: {one.where} no longer differs; remove it from known_differences.py"
        for problem in self.wrong_statuses if verbose else self.wrong_statuses[:20]:
            yield f"  wrong {problem}"
        yield from self._differences(verbose=verbose)
        if verbose:
            for name in self.equal:
                yield f"  equal {name}"

    def _differences(self, *, verbose: bool) -> Iterator[str]:
        by_operation: dict[str, list[Outcome]] = {}
        for one in self.outcomes:
            if one.differs:
                by_operation.setdefault(one.operation or "outside the document", []).append(one)
        total = Counter(one.operation or "outside the document" for one in self.outcomes)
        for operation, differing in sorted(by_operation.items()):
            yield f"  different, {operation}: {len(differing)} of {total[operation]}"
            for one in differing:
                yield f"    {one.step}{' (inherited)' if one.inherited else ''}:"
                for difference in one.found if verbose else one.found[:_SHOWN]:
                    yield f"      {difference}"
                if len(one.found) > _SHOWN and not verbose:
                    yield f"      and {len(one.found) - _SHOWN} more"
