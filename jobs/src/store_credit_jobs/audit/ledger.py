"""What happened to a credit, and what it was like at an earlier time.

Spree writes an event when a credit is allocated, authorized, captured, voided or credited, and none when somebody
edits its amounts: that rewrites the one event of the allocation instead, whose time of change tells. So the state at a
time is worked out from the events; where an edit after that time hides what was before it, the credit is possibly
edited.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, cast

import attrs

from store_credit import MoneyError, to_minor_units
from store_credit_jobs.credit import Credit

__all__ = ["Movement", "Past", "movements", "past"]

# Of each action the change of what is authorized, and of what is used, in parts of its amount.
_EFFECTS: Final = {
    "allocation": (0, 0),
    "eligible": (0, 0),
    "authorize": (1, 0),
    "capture": (-1, 1),
    "void": (-1, 0),
    "credit": (0, -1),
}
# A server saves a credit and its event one after the other.
_SAME_MOMENT: Final = 5.0


@attrs.frozen(slots=True)
class Movement:
    """One event: when, in seconds since 1970, what, how much in minor units, and when it was last changed."""

    at: float
    action: str
    minor: int
    changed: float


@attrs.frozen(slots=True)
class Past:
    """A credit as it was at a time.

    Attributes:
        credit: As it was, None where it was not issued yet.
        doubt: Why that is not certain, or None.
    """

    credit: Credit | None
    doubt: str | None = None


def movements(credit: Credit) -> tuple[Movement, ...]:
    """Read a credit's events, oldest first.

    An event is an object, or one of JSON:API, with `action`, `created_at` (ISO 8601, or seconds since 1970), optionally
    `updated_at`, and its amount: `minor` in minor units or `amount` as a decimal.

    Raises:
        ValueError: An event is something else.
    """
    found = [_movement(event, credit.currency) for event in credit.events]
    return tuple(sorted(found, key=lambda one: one.at))


def past(credit: Credit, at: float) -> Past:
    """Work out what a credit was like at a time, in seconds since 1970, from its ledger."""
    if credit.created > at:
        return Past(None)
    if credit.invalid is not None:
        # What cannot be counted now cannot be counted back either.
        return Past(credit)
    try:
        all_of = movements(credit)
    except ValueError as error:
        return Past(credit, f"its ledger cannot be read: {error}")
    if not all_of:
        return Past(credit, "it has no ledger")
    last = max(one.at for one in all_of)
    edited = max((one.changed for one in all_of if one.action == "allocation"), default=credit.created)
    if credit.updated is not None and credit.updated > max(last, edited) + _SAME_MOMENT:
        # Its memo may have been edited, or its amounts in a way that left no trace.
        edited = max(edited, credit.updated)
    later = [one for one in all_of if one.at > at]
    before = attrs.evolve(
        credit,
        used=credit.used - sum(_EFFECTS[one.action][1] * one.minor for one in later),
        authorized=credit.authorized - sum(_EFFECTS[one.action][0] * one.minor for one in later),
        events=(),
    )
    if edited > at and edited > credit.created + _SAME_MOMENT:
        return Past(before, "it was changed after that time, and the ledger does not show its earlier state")
    if before.used < 0 or before.authorized < 0:
        return Past(before, "its ledger does not add up to its current amounts")
    return Past(before)


def _movement(event: Any, currency: str) -> Movement:
    if not isinstance(event, Mapping):
        raise ValueError("an event is not an object")
    members = cast("Mapping[str, Any]", event)
    if isinstance(attributes := members.get("attributes"), Mapping):
        members = cast("Mapping[str, Any]", attributes)
    action = members.get("action")
    if action not in _EFFECTS:
        raise ValueError(f"{action!r} is not a known ledger action")
    at = _seconds(members.get("created_at"))
    changed = members.get("updated_at")
    return Movement(at, action, _minor(members, currency), at if changed is None else max(at, _seconds(changed)))


def _minor(members: Mapping[str, Any], currency: str) -> int:
    minor, amount = members.get("minor"), members.get("amount")
    if type(minor) is int:
        return minor
    if not isinstance(amount, int | str) or isinstance(amount, bool):
        raise ValueError("an event has no amount")
    try:
        return to_minor_units(amount, currency)
    except (MoneyError, ArithmeticError) as error:
        raise ValueError(str(error)) from None


def _seconds(value: object) -> float:
    if isinstance(value, str):
        read = datetime.fromisoformat(value)
        return (read if read.tzinfo is not None else read.replace(tzinfo=UTC)).timestamp()
    if type(value) in (int, float):
        return cast("float", value)
    raise ValueError("an event has no time")
