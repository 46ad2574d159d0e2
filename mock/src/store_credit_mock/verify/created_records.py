"""What a run has made on the server, known from the responses, so that it and nothing else is removed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from store_credit_mock.contract import Match, Operation

__all__ = ["REMOVABLE", "CreatedRecord", "CreatedRecords", "absent_id", "writes_anywhere"]

REMOVABLE: Final = (
    "spree.store_credits",
    "spree.store_credit_categories",
    "spree.store_credit_types",
    "vinr.store_credit",
)
"""What can be deleted or let run out, in the order that their references allow."""

_PLAUSIBLE: Final = {
    # The server reads an id up to its first character that is not a digit; no table has come as far as 13 of them.
    "spree": re.compile(r"\s*\+?0*\d{1,12}(\D|$)"),
    "spree.orders": re.compile(r"\s*\+?\w+"),
    "vinr": re.compile(r"\s*\w+"),
}
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_OWN_CART: Final = "spree.checkout"
"""What acts on the cart of its token, which is the user's or the run's own."""
_ABSENT_VINR: Final = re.compile(r"sc_absent[0-9a-f]{16,}")


def absent_id(system: str, number: int) -> str:
    """An id that no record has."""
    return f"sc_absent{number:016x}" if system == "vinr" else f"9{number % 10**16:017d}"


def writes_anywhere(operation: Operation) -> bool:
    """Whether an operation may change records that its path does not name, as one may that only this document has."""
    resource, _, action = operation.id.rpartition(".")
    named = "{id}" in operation.template or action == "create" or resource.startswith(_OWN_CART)
    return operation.method not in _SAFE and not named


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

    Attributes:
        allowed: Ids, by resource, that were not made here and may be changed all the same: those the user named.
        undo: What else is to be undone at the end: what it leaves if it is not, and how.
        doubtful: How many requests to make a record, by resource, had no response that tells whether it was made.
    """

    def __init__(self) -> None:
        self._things: dict[tuple[str, str], CreatedRecord] = {}
        self.undo: list[tuple[str, Callable[[], object]]] = []
        self.allowed: dict[str, set[str]] = {}
        self.doubtful: Counter[str] = Counter()

    def __iter__(self) -> Iterator[CreatedRecord]:
        return iter(self._things.values())

    def __len__(self) -> int:
        return len(self._things)

    @property
    def owed(self) -> int:
        """How many requests it takes to clear up."""
        things = [thing for thing in self._things.values() if not thing.removed and thing.resource in REMOVABLE]
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

    def note(self, match: Match | None, status: int, value: object) -> None:
        """Learn from a response."""
        if match is None:
            return
        resource, _, action = match.operation.id.rpartition(".")
        if status >= 500:
            self.doubt(match)
        if not 200 <= status < 300:
            return
        if action in {"create", "update"}:
            body = _object(value)
            inner = _object(body.get("data")) if match.operation.system == "spree" else body
            identity: Any = inner.get("id")
            if action == "create" and isinstance(identity, str | int) and str(identity):
                created: Any = body.get("created")
                known = created if isinstance(created, int) else None
                self._things.setdefault((resource, str(identity)), CreatedRecord(resource, str(identity), known))
            else:
                self.doubt(match)
            thing = self._things.get((resource, str(identity)))
            if thing is not None and resource == "spree.store_credits":
                # A response that was asked for fewer fields does not say.
                thing.used = str(_object(inner.get("attributes")).get("amount_used")).strip("0.") != ""
        elif action == "delete":
            thing = self._things.get((resource, match.path.get("id", "")))
            if thing is not None:
                thing.removed = True

    def doubt(self, match: Match | None) -> None:
        """Remember a request whose response does not tell what it has made, if it was to make something."""
        if match is not None and match.operation.id.endswith(".create"):
            self.doubtful[match.operation.id.rpartition(".")[0]] += 1

    def forbids(self, method: str, match: Match | None) -> bool:
        """Whether a request could change or remove a record that was not made here."""
        if method in _SAFE:
            return False
        if match is None:
            # A method or a path the document does not have: what a server would make of it is not known.
            return True
        if writes_anywhere(match.operation):
            return True
        identity = match.path.get("id")
        return identity is not None and self.holds_back(match.operation.id.rpartition(".")[0], identity)

    def holds_back(self, resource: str, identity: str) -> bool:
        """Whether an id may be that of a record that was not made here."""
        if (resource, identity) in self._things or identity in self.allowed.get(resource, set()):
            return False
        if _ABSENT_VINR.fullmatch(identity):
            return False
        pattern = _PLAUSIBLE.get(resource) or _PLAUSIBLE.get(resource.partition(".")[0])
        return pattern is None or pattern.match(identity) is not None
