"""What the proxy says of each exchange: lines for people, JSON lines for programs, and a summary at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from store_credit_mock.contract import Violation
from store_credit_mock.redaction import Redactor

__all__ = ["Outcome", "Reporter"]


@dataclass(slots=True)
class Outcome:
    """What became of one exchange.

    Attributes:
        number: From 1.
        at: When the request came, in Unix milliseconds.
        elapsed: Milliseconds until all of the response was passed on.
        method: In capitals.
        path: Percent-encoded, without the query.
        query: Percent-encoded.
        operation: operationId; empty if the OpenAPI document has none for it.
        status: What the client was answered; None if it was not.
        violations: What broke the OpenAPI document, and what was not as its header said.
        notes: What the document does not know.
        unchecked: Each side that was not checked, with the reason.
        refused: Whether the request was kept from the upstream.
        trouble: What kept a response from being passed on, as a sentence; empty if nothing did.
        passed: Whether the upstream was asked and answered.
    """

    number: int
    at: int
    elapsed: float
    method: str
    path: str
    query: str
    operation: str
    status: int | None
    violations: Sequence[Violation] = ()
    notes: Sequence[Violation] = ()
    unchecked: Sequence[str] = field(default=())
    refused: bool = False
    trouble: str = ""
    passed: bool = True


class Reporter:
    """Tells and counts.

    Args:
        secrets: Takes out of every line what must not be in a log.
        people: Takes lines for people.
        programs: Takes JSON lines; None if nobody asked for them.
        verbose: Whether people are told of exchanges without anything to say.

    Attributes:
        tells_all: Whether somebody is told of every exchange.
    """

    def __init__(
        self,
        secrets: Redactor,
        people: Callable[[str], None],
        programs: Callable[[bytes], None] | None = None,
        *,
        verbose: bool = False,
    ) -> None:
        self._secrets = secrets
        self._people = people
        self._programs = programs
        self._verbose = verbose
        self.tells_all = verbose or programs is not None
        self.exchanges = 0
        self.passed = 0
        self.broken = 0
        self.noted = 0
        self.unchecked = 0
        self.troubled = 0
        self.refused = 0
        self.lost_recording = False
        self._rules: Counter[tuple[str, str, str, str]] = Counter()
        self._operations: Counter[str] = Counter()

    def tell(self, outcome: Outcome) -> None:
        """Say and count one exchange. Its texts hold no secret any more."""
        self.exchanges += 1
        self.passed += outcome.passed
        self._operations[outcome.operation] += 1
        telling = bool(outcome.violations or outcome.notes or outcome.unchecked or outcome.trouble)
        if telling:
            self._count(outcome)
        if telling or self._verbose:
            self._people("\n".join(self._lines(outcome)))
        if self._programs is not None:
            self._programs(orjson.dumps(self._exchange(outcome)) + b"\n")

    def _count(self, outcome: Outcome) -> None:
        self.broken += bool(outcome.violations)
        self.noted += bool(outcome.notes)
        self.unchecked += bool(outcome.unchecked)
        self.troubled += bool(outcome.trouble)
        self.refused += outcome.refused
        for one in outcome.violations:
            self._rules[one.side, one.operation, one.pointer, one.keyword] += 1

    def unreadable(self, text: str) -> None:
        """Say and count a request that is not HTTP, so that nothing can be passed on of it."""
        self.exchanges += 1
        self.troubled += 1
        self.say(f"x {text}")
        if self._programs is not None:
            self._programs(orjson.dumps({"version": 1, "kind": "unreadable", "trouble": _printable(text)}) + b"\n")

    def say(self, text: str) -> None:
        """Say something to people that belongs to no exchange."""
        self._people(_printable(text))

    def _lines(self, outcome: Outcome) -> list[str]:
        query = f"?{self._secrets.query(outcome.query)}" if outcome.query else ""
        status = "no response" if outcome.status is None else str(outcome.status)
        operation = f"  {outcome.operation}" if outcome.operation else ""
        refused = ", refused by the proxy" if outcome.refused else ""
        path = self._secrets.text(outcome.path)
        lines = [f"#{outcome.number} {outcome.method} {path}{query} -> {status}{refused}{operation}"]
        if outcome.trouble:
            lines.append(f"    x {outcome.trouble}")
        lines.extend(f"    ! {one}; expected {one.expected}, got {one.got}" for one in outcome.violations)
        lines.extend(f"    ~ note: {one}" for one in outcome.notes)
        lines.extend(f"    - not checked: {one}" for one in outcome.unchecked)
        return [_printable(line) for line in lines]

    def _exchange(self, outcome: Outcome) -> dict[str, Any]:
        return {
            "version": 1,
            "kind": "exchange",
            "number": outcome.number,
            "at": outcome.at,
            "ms": round(outcome.elapsed, 1),
            "method": outcome.method,
            "path": self._secrets.text(outcome.path),
            "query": self._secrets.query(outcome.query),
            "operation": outcome.operation or None,
            "status": outcome.status,
            "refused": outcome.refused,
            "trouble": outcome.trouble or None,
            "violations": [one.as_dict() for one in outcome.violations],
            "notes": [one.as_dict() for one in outcome.notes],
            "unchecked": list(outcome.unchecked),
        }

    def summary(self) -> dict[str, Any]:
        """What was counted, as the last JSON line has it."""
        return {
            "version": 1,
            "kind": "summary",
            "exchanges": self.exchanges,
            "broken": self.broken,
            "noted": self.noted,
            "unchecked": self.unchecked,
            "troubled": self.troubled,
            "refused": self.refused,
            "operations": {name or "unknown": times for name, times in sorted(self._operations.items())},
            "rules": [
                {"side": side, "operation": operation, "pointer": pointer, "keyword": keyword, "times": times}
                for (side, operation, pointer, keyword), times in self._rules.most_common(100)
            ],
        }

    @property
    def code(self) -> int:
        """The exit code: 1 if anything broke the document, 2 if nothing could be passed on or recorded, else 0."""
        if self.broken:
            return 1
        nothing = self.exchanges > 0 and not self.passed
        return 2 if nothing or self.lost_recording else 0

    def end(self) -> None:
        """Say what came of it all."""
        parts = [f"{self.exchanges} exchanges", f"{self.broken} violated the OpenAPI document"]
        for count, words in (
            (self.refused, "refused"),
            (self.noted, "with notes"),
            (self.unchecked, "not completely checked"),
            (self.troubled, "in trouble"),
        ):
            if count:
                parts.append(f"{count} {words}")
        lines = [", ".join(parts)]
        lines.extend(
            f"    {times} x {side} {operation or 'unknown operation'} {pointer}: {keyword}"
            for (side, operation, pointer, keyword), times in self._rules.most_common(20)
        )
        self._people("\n".join(map(_printable, lines)))
        if self._programs is not None:
            self._programs(orjson.dumps(self.summary()) + b"\n")


def _printable(text: str) -> str:
    """Without anything that would steer a terminal."""
    return text if text.isprintable() else "".join(letter if letter.isprintable() else "?" for letter in text)
