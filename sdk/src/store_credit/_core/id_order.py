"""Lists that go by id: `sort=id`, then for each page what comes after the last id of the page before.

A list that goes by page number skips records when others are deleted meanwhile, since those that are left move onto
pages that were read before. After an id nothing moves. Which lists can be read so, and with which parameters, is
`Operation.walk`, which comes from the document.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from store_credit._core.operation import Call

__all__ = ["by_id", "id_walk", "next_after"]

_LONGEST = 40
"""Digits of an id that is read as a number."""


def by_id(call: Call) -> Call:
    """Ask for a list in the order of ids, unless its caller asked for an order."""
    walk = call.operation.walk
    if walk is not None and not _orders(call):
        call.query.insert(0, ("sort", walk[0]))
        call.by_id = True
    return call


def id_walk(call: Call) -> tuple[str, str] | None:
    """Return the operation's `walk` if this call goes by id, else None. `extra_query` may have changed the order."""
    walk = call.operation.walk
    return walk if walk is not None and call.by_id and _orders(call) == [("sort", walk[0])] else None


def next_after(call: Call, walk: tuple[str, str], records: Sequence[Any]) -> str:
    """Find the id after which the next page begins.

    Args:
        call: The call that gave the records.
        walk: How it goes by id.
        records: The records of the page, at least one.

    Raises:
        ValueError: The ids are not whole numbers, not in order, or not above the one asked for. The server does not
            sort or filter as it was asked to, so that going on would skip records or never end.
    """
    field, parameter = walk
    asked = _number(next((value for name, value in reversed(call.query) if name == parameter), None))
    last = -1 if asked is None else asked
    for record in records:
        number = _number(getattr(record, "id", None))
        if number is None:
            raise ValueError("an id is not a whole number")
        if number == asked or number < last:
            raise ValueError(
                f"the id {number} comes after {last}, so the server does not apply {field} and {parameter}"
            )
        last = number
    return str(last)


def _orders(call: Call) -> list[tuple[str, str]]:
    # A filter named `s` orders too, and before `sort`.
    return [pair for pair in call.query if pair[0] == "sort" or pair[0].startswith("filter[s]")]


def _number(value: Any) -> int | None:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST else None
