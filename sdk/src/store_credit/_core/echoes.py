"""Comparing a response with its request: what was sent must come back (`Operation.echoes`).

A create that gives a record of another customer, or of another amount, is not the success it looks like: a response of
another request was read, or the server did something else. What is compared is in the document (`x-echoes`), how is
here. Values are compared and not their spelling: `25` and `"25.00"`, `usd` and `USD`, Unix seconds and ISO 8601.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from store_credit._core.codec import ExactFloat, is_object
from store_credit._core.id_prefixes import bare
from store_credit._core.mismatch import MISSING, Mismatch
from store_credit._core.operation import Call, EchoKind, Operation
from store_credit._core.places import placed

__all__ = ["mismatches", "moment"]


def mismatches(operation: Operation, call: Call, record: Any) -> list[Mismatch]:
    """Return what the response to a call does not repeat as it was sent, in the order of the document.

    `record` is the record's JSON object as it was decoded; for a JSON:API document the object under `data`. A member
    that was not sent is not compared. One that is missing from the response is a mismatch, unless the call asked for
    less by `fields` or `fields[...]`; a null that was sent is also repeated by a member that is missing.
    """
    found: list[Mismatch] = []
    sparse = any(name == "fields" or name.startswith("fields[") for name, _ in call.query)
    for echo in operation.echoes:
        sent = placed(call, echo.request)
        if sent is MISSING:
            continue
        received, reached = _received(record, echo.response)
        if received is MISSING and (sparse or sent is None):
            continue
        prefixes = next((one.prefixes for one in operation.ids if one.place == echo.request), ())
        if prefixes and isinstance(sent, str) and isinstance(received, str):
            # Versions of a server may write the prefix otherwise than each other.
            sent, received = bare(sent, prefixes), bare(received, prefixes)
        same = received is sent if received is None or sent is None else _SAME[echo.kind](sent, received)
        if not (same and reached):
            found.append(Mismatch(echo.name, sent, received))
    return found


def _received(value: Any, path: tuple[str, ...]) -> tuple[Any, bool]:
    """Follow members into the record, and tell whether what was found stands at their end.

    Null ends the way as well: the owner that is null has no id, which is null then.
    """
    for name in path:
        if value is None:
            return None, True
        if not is_object(value):
            # Something else than promised stands in the way; it is what was received.
            return value, False
        if name not in value:
            return MISSING, True
        value = value[name]
    return value, True


_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,6})?")


def _exact(value: Any) -> Decimal | None:
    """Read a JSON number exactly; None is for what is not a finite number."""
    if isinstance(value, Decimal):
        return value if value.is_finite() else None
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, float):
        # Its shortest digits are those it came with, or else ExactFloat keeps them.
        text = value.text if isinstance(value, ExactFloat) else repr(value)
        return Decimal(text) if _NUMBER.fullmatch(text) else None
    return None


def _amount(value: Any) -> Decimal | None:
    if isinstance(value, str):
        return Decimal(value) if _NUMBER.fullmatch(value) else None
    return _exact(value)


def _same_decimal(sent: Any, received: Any) -> bool:
    one = _amount(sent)
    return one is not None and one == _amount(received)


def _same_integer(sent: Any, received: Any) -> bool:
    one = _exact(sent)
    return one is not None and one == _exact(received)


def _same_id(sent: Any, received: Any) -> bool:
    if is_object(received):
        # The record itself stands where its id would, as `expand` asked for.
        received = received.get("id")
    return isinstance(received, str | int) and not isinstance(received, bool) and str(received) == str(sent)


def _same_currency(sent: Any, received: Any) -> bool:
    return _text(sent) and _text(received) and received.isascii() and sent.lower() == received.lower()


def _same_time(sent: Any, received: Any) -> bool:
    one, other = moment(sent), moment(received)
    # Spree writes milliseconds and drops what is finer.
    return one is not None and other is not None and abs(one - other) < timedelta(milliseconds=1)


_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MOST_SECONDS: Final = 10**12


def moment(value: Any) -> timedelta | None:
    """Read Unix seconds or ISO 8601 text (in UTC where it names no zone) as the time since 1970."""
    if isinstance(value, str):
        try:
            read = datetime.fromisoformat(value)
        except ValueError:
            return None
        return (read if read.tzinfo is not None else read.replace(tzinfo=UTC)) - _EPOCH
    seconds = _exact(value)
    if seconds is None or abs(seconds) > _MOST_SECONDS:
        return None
    return timedelta(microseconds=int(seconds * 1_000_000))


def _same_text(sent: Any, received: Any) -> bool:
    if _text(sent):
        # A server that trims what it keeps keeps the same text.
        return _text(received) and sent.strip() == received.strip()
    # Metadata takes any JSON. A number is compared by value; Spree drops nulls inside lists, so those are not compared.
    return not isinstance(sent, bool | int | float | Decimal) or (
        received is sent if isinstance(sent, bool) else _same_integer(sent, received)
    )


def _text(value: Any) -> bool:
    return isinstance(value, str)


_SAME: Final[dict[EchoKind, Callable[[Any, Any], bool]]] = {
    "decimal": _same_decimal,
    "integer": _same_integer,
    "id": _same_id,
    "currency": _same_currency,
    "time": _same_time,
    "text": _same_text,
}
