"""The lines of a plan, and how each is written."""

from __future__ import annotations

import json
from typing import Any, Final, Literal

import attrs

__all__ = ["VERSION", "PlanHead", "PlanRow", "PlanSeal", "PlanStep", "Sums", "line_of"]

VERSION: Final = 1


@attrs.frozen(slots=True)
class PlanHead:
    """The first line.

    Attributes:
        id: `pl_` and a time-ordered id.
        campaign: The campaign inside which keys are unique.
        account: The account's name in the configuration.
        identity: The account's identity (system, host with the path, and name), which wire keys depend on.
        system: `vinr`, `spree-v2` or `spree-v3`.
        host: The server's scheme, host and port.
        made: When, ISO 8601 in UTC.
        source: Name and sha256 of the file, `{"name": ..., "sha256": ...}`; or the job that is undone.
        mode: `add`, `set`, `reduce` or `refunds`; `undo` and `move` of the other kinds.
        kind: `issue`, `undo` or `move`.
        tool: The version of this package.
        undoes: The id of the job that is undone, or None.
        settings: What else was decided in the plan and must hold in its execution: category, created_by, limits, ...
    """

    id: str
    campaign: str
    account: str
    identity: str
    system: str
    host: str
    made: str
    source: dict[str, Any]
    mode: str
    kind: str
    tool: str
    undoes: str | None = None
    settings: dict[str, Any] = attrs.field(factory=dict[str, Any])
    plan: int = VERSION


@attrs.frozen(slots=True)
class PlanStep:
    """One request of a row that changes something; see `Step`."""

    action: Literal["create", "update", "delete"]
    wire: str
    minor: int
    target: str | None = None
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None


@attrs.frozen(slots=True)
class PlanRow:
    """A row's line.

    Attributes:
        n: The row's number, from 1.
        key: Its key.
        do: `create`, `reduce`, `expire`, `delete`, `restore` or `nothing`.
        customer: Whose credit.
        minor: What the row is about, in minor units: what is issued, or by how much it is reduced.
        currency: Three capitals.
        line: The line in the source file.
        expires: Seconds since 1970, UTC, or None.
        expires_in: Seconds after it is sent, by the server's clock, at which a credit that is taken back expires, or
            None: a plan is carried out later than it is made, and a time that has passed is refused.
        memo: For people, or None.
        category: The id of the credit's category where it is not that of the account: a credit that was deleted is made
            again as it was.
        order: The order that a refund belongs to, or None.
        steps: In their order; empty where nothing is done.
        was: Before: `{"outstanding": minor}`, where it was read.
        then: After, likewise.
        why: Why nothing is done (`already_done`, `already_so`), or None.
        job: The job that did it before, or None.
        made: The credit that it made, or None.
    """

    n: int
    key: str
    do: str
    customer: str
    minor: int
    currency: str
    line: int | None = None
    expires: int | None = None
    expires_in: int | None = None
    memo: str | None = None
    category: str | None = None
    order: str | None = None
    steps: tuple[PlanStep, ...] = ()
    was: dict[str, Any] | None = None
    then: dict[str, Any] | None = None
    why: str | None = None
    job: str | None = None
    made: str | None = None


@attrs.frozen(slots=True)
class PlanSeal:
    """The last line: how many rows, how many of them do nothing, totals per currency, and the hash of all before.

    Attributes:
        totals: Of the rows that do something, by currency: `{"USD": {"rows": 2, "minor": 2500}}`.
    """

    rows: int
    nothing: int
    totals: dict[str, dict[str, int]]
    sha256: str


def _said(_: object, value: object) -> bool:
    return value is not None and value != ()


_encode: Final = json.JSONEncoder(separators=(",", ":")).encode


def line_of(part: PlanHead | PlanRow | PlanSeal) -> bytes:
    """Write a line of a plan, its end with it. What is None or has no steps is left out."""
    if isinstance(part, PlanHead):
        # Its version leads, so that any file tells by its beginning whether it is a plan.
        return _encode({"plan": part.plan} | attrs.asdict(part, filter=_said)).encode() + b"\n"
    return _encode(attrs.asdict(part, filter=_said)).encode() + b"\n"


class Sums:
    """What a seal says of rows, and how much of each currency is done in which way."""

    def __init__(self) -> None:
        self.rows = 0
        self.nothing = 0
        self.does: dict[tuple[str, str], tuple[int, int]] = {}

    def add(self, do: str, currency: str, minor: int, rows: int = 1) -> None:
        """Count rows that do the same, of so many minor units together."""
        self.rows += rows
        if do == "nothing":
            self.nothing += rows
            return
        before = self.does.get((do, currency), (0, 0))
        self.does[do, currency] = before[0] + rows, before[1] + minor

    @property
    def totals(self) -> dict[str, dict[str, int]]:
        """Rows that do something and their minor units, by currency."""
        found: dict[str, dict[str, int]] = {}
        for (_, currency), (rows, minor) in sorted(self.does.items(), key=lambda item: item[0][1]):
            total = found.setdefault(currency, {"rows": 0, "minor": 0})
            total["rows"] += rows
            total["minor"] += minor
        return found

    def seal(self, sha256: str) -> PlanSeal:
        """Make the seal."""
        return PlanSeal(self.rows, self.nothing, self.totals, sha256)
