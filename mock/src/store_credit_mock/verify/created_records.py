"""What a run has made on the server, known from the responses, so that it and nothing else is removed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol, cast

from store_credit_mock.contract import Match, Operation
from store_credit_mock.verify.roles import Role

__all__ = ["CreatedRecord", "CreatedRecords", "RecordRules"]

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class RecordRules(Protocol):
    """What of a system decides which records a run may touch; see `VerifiedSystem`."""

    def role(self, operation: Operation) -> Role:
        """Say what an operation does to which kind of record."""
        ...

    def removable(self) -> tuple[str, ...]:
        """Name the resources whose records can be removed, in order."""
        ...

    def is_plausible(self, resource: str, identity: str) -> bool:
        """Whether an id may be that of a record of somebody else."""
        ...

    def writes_anywhere(self, operation: Operation) -> bool:
        """Whether an operation may change records that its path does not name."""
        ...

    def is_elsewhere(self, match: Match, allowed: Mapping[str, set[str]]) -> bool:
        """Whether a path leads to records below one that was not named, such as another customer's."""
        ...

    def record_in(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Find the record in the body of a response."""
        ...

    def is_used(self, resource: str, record: Mapping[str, Any]) -> bool:
        """Whether some of a record may be used."""
        ...


@dataclass
class CreatedRecord:
    """One record that was made.

    Attributes:
        resource: Such as `spree.store_credits`.
        id: Its id.
        created: VINR: the server's time when it was made, in Unix seconds; else None.
        removed: Whether it is gone.
        used: Whether some of it may be used, so that it is not deleted as it is.
        note: What became of it, if it is not gone.
    """

    resource: str
    id: str
    created: int | None = None
    removed: bool = False
    used: bool = False
    note: str = ""


def _object(value: object) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, dict) else {}


class CreatedRecords:
    """The records of a run, in the order they were made.

    Args:
        rules: Of the system they belong to.

    Attributes:
        allowed: Ids, by resource, that were not made here and may be changed all the same: those the user named.
        undo: What else is to be undone at the end: what it leaves if it is not, and how.
        uncertain: How many requests to make a record, by resource, had no response that tells whether it was made.
    """

    def __init__(self, rules: RecordRules) -> None:
        self._rules = rules
        self._things: dict[tuple[str, str], CreatedRecord] = {}
        self.undo: list[tuple[str, Callable[[], object]]] = []
        self.allowed: dict[str, set[str]] = {}
        self.uncertain: Counter[str] = Counter()

    def __iter__(self) -> Iterator[CreatedRecord]:
        return iter(self._things.values())

    def __len__(self) -> int:
        return len(self._things)

    @property
    def cleanup_cost(self) -> int:
        """How many requests it takes to clear up."""
        removable = self._rules.removable()
        things = [thing for thing in self._things.values() if not thing.removed and thing.resource in removable]
        return len(things) + 2 * sum(thing.used for thing in things) + 2 * len(self.undo)

    @property
    def left(self) -> list[CreatedRecord]:
        """What is still there."""
        return [thing for thing in self._things.values() if not thing.removed]

    def ids(self, resource: str) -> list[str]:
        """The ids of what is still there of a resource."""
        return [thing.id for thing in self._things.values() if thing.resource == resource and not thing.removed]

    def add(self, thing: CreatedRecord) -> None:
        """Keep what was made in another way than by an operation of the document."""
        self._things[thing.resource, thing.id] = thing

    def note(self, match: Match | None, status: int, value: object, *, records: bool = True) -> None:
        """Learn from a response.

        Args:
            match: Its operation.
            status: Its status.
            value: Its body.
            records: Whether a record may have been made although the status is a 5xx.
        """
        if match is None:
            return
        role = self._rules.role(match.operation)
        resource, action = role.resource, role.action
        if status >= 500 and records:
            self.doubt(match)
        if not 200 <= status < 300:
            return
        if action in {"create", "update"}:
            body = _object(value)
            inner = self._rules.record_in(body)
            identity: Any = inner.get("id", inner.get(role.identity))
            if action == "create" and isinstance(identity, str | int) and str(identity):
                created: Any = body.get("created")
                known = created if isinstance(created, int) else None
                self._things.setdefault((resource, str(identity)), CreatedRecord(resource, str(identity), known))
            else:
                self.doubt(match)
            thing = self._things.get((resource, str(identity)))
            if thing is not None:
                thing.used = self._rules.is_used(resource, inner)
        elif action == "delete":
            thing = self._things.get((resource, match.path.get(role.identity, "")))
            if thing is not None:
                thing.removed = True

    def doubt(self, match: Match | None) -> None:
        """Remember a request whose response does not tell what it has made, if it was to make something."""
        if match is not None and self.makes(match.operation):
            self.uncertain[self._rules.role(match.operation).resource] += 1

    def makes(self, operation: Operation) -> bool:
        """Whether an operation makes a record."""
        return self._rules.role(operation).action == "create"

    def would_touch_foreign(self, method: str, match: Match | None) -> bool:
        """Whether a request could change or remove a record that was not made here."""
        if method in _SAFE:
            return False
        if match is None:
            # A method or a path the document does not have: what a server would make of it is not known.
            return True
        if self._rules.writes_anywhere(match.operation) or self._rules.is_elsewhere(match, self.allowed):
            return True
        role = self._rules.role(match.operation)
        identity = match.path.get(role.identity)
        return identity is not None and self.may_be_foreign(role.resource, identity)

    def may_be_foreign(self, resource: str, identity: str) -> bool:
        """Whether an id may be that of a record that was not made here."""
        if (resource, identity) in self._things or identity in self.allowed.get(resource, set()):
            return False
        return self._rules.is_plausible(resource, identity)
