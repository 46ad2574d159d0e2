"""A credit as one line of JSON: the same credit always makes the same bytes."""

from __future__ import annotations

import json
from typing import Any, Final, cast

from store_credit_jobs.credit import Credit

__all__ = ["LARGEST", "credit_from_line", "line_of_credit"]

LARGEST: Final = 2**61 - 1
"""The largest amount in minor units that a line may hold: what is left of one still fits an integer of 64 bits."""

_FAR_OFF: Final = 2**46
_TEXTS: Final = ("customer", "memo", "category", "email", "mark", "status", "invalid")
_AMOUNTS: Final = ("minor", "used", "authorized")
_MEMBERS: Final = frozenset({"id", "currency", "expires", "created", "updated", "events", *_AMOUNTS, *_TEXTS})

# ASCII alone: what a server sent survives as it came, half a surrogate pair too, and no reader splits a line at U+2028.
_encode: Final = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), allow_nan=False).encode


def line_of_credit(credit: Credit) -> bytes:
    """Write a credit as a line with its line feed. Members that are None, and an empty ledger, are left out.

    Raises:
        ValueError: An amount is not an integer or too large, or a time is not a finite number.
    """
    for name in _AMOUNTS:
        _amount(name, getattr(credit, name))
    members: dict[str, Any] = {
        "id": credit.id,
        "customer": credit.customer,
        "minor": credit.minor,
        "used": credit.used,
        "authorized": credit.authorized,
        "currency": credit.currency,
        "expires": credit.expires,
        "created": credit.created,
        "updated": credit.updated,
        "memo": credit.memo,
        "category": credit.category,
        "email": credit.email,
        "mark": credit.mark,
        "status": credit.status,
        "invalid": credit.invalid,
        "events": credit.events or None,
    }
    return _encode({name: value for name, value in members.items() if value is not None}).encode("ascii") + b"\n"


def credit_from_line(line: bytes) -> Credit:
    """Read what `line_of_credit` wrote.

    Raises:
        ValueError: It is not such a line; the text says why.
    """
    try:
        read = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"the line is not valid JSON ({error})") from None
    if not isinstance(read, dict):
        raise ValueError("the line is not an object")
    members = cast("dict[str, Any]", read)
    if not _MEMBERS.issuperset(members):
        raise ValueError(f"the line contains a member that credits do not have: {min(set(members) - _MEMBERS)!r}")
    get = members.get
    for name in ("id", "currency"):
        if type(get(name)) is not str:
            raise ValueError(f"{name} is not text")
    for name in _TEXTS:
        if name in members and type(members[name]) is not str:
            raise ValueError(f"{name} is not text")
    expires, updated, events = get("expires"), get("updated"), get("events", [])
    if expires is not None:
        _amount("expires", expires)
    if not isinstance(events, list):
        raise ValueError("events is not a list")
    return Credit(
        id=members["id"],
        customer=get("customer"),
        minor=_amount("minor", get("minor")),
        used=_amount("used", get("used")),
        authorized=_amount("authorized", get("authorized")),
        currency=members["currency"],
        expires=expires,
        created=_time("created", get("created")),
        updated=None if updated is None else _time("updated", updated),
        memo=get("memo"),
        category=get("category"),
        email=get("email"),
        mark=get("mark"),
        status=get("status"),
        invalid=get("invalid"),
        events=tuple(cast("list[Any]", events)),
    )


def _amount(name: str, value: Any) -> int:
    # bool is an int to Python, and 5.0 equals 5: neither is an amount.
    if type(value) is not int:
        raise ValueError(f"{name} is not an integer")
    if not -LARGEST <= value <= LARGEST:
        raise ValueError(f"{name} is too large")
    return value


def _time(name: str, value: Any) -> float:
    # The comparison also refuses what is not a number, and what is beyond any calendar.
    if type(value) not in (int, float) or not -_FAR_OFF < value < _FAR_OFF:
        raise ValueError(f"{name} is not a time")
    return value
