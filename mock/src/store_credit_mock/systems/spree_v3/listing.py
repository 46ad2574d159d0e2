"""Lists: `q[...]`, `sort`, `page` and `limit`, and the `meta` they come with."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast

from store_credit_mock.storage import Row
from store_credit_mock.systems.call import Call, SystemResponse
from store_credit_mock.systems.rails import ransack
from store_credit_mock.systems.rails.ransack import Column
from store_credit_mock.systems.spree_v3 import errors, ids
from store_credit_mock.systems.spree_v3.state import state_of

__all__ = ["Clause", "Listed", "answer", "answer_rows", "any_contains"]

_PER_PAGE: Final = 25
_MOST: Final = 100
_DEEPEST: Final = 2**63
_ID_PREDICATES: Final = ("eq", "not_eq", "in", "not_in", "lt", "lteq", "gt", "gteq")
_ID_ENDS: Final = tuple(f"id{plural}_{predicate}" for plural in ("", "s") for predicate in _ID_PREDICATES)
_LEADING: Final = re.compile(r"\s*([+-]?\d+)", re.ASCII)
_DIGITS: Final = 100
_YES: Final = frozenset({"true", "1", "t"})
_NO: Final = frozenset({"false", "0", "f"})

Clause = tuple[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list is of.

    Attributes:
        table: The table, whose columns have the alias `r`.
        columns: SQL of the columns, as `read` wants them.
        read: Makes a record of a row.
        filters: Columns that `q` and `sort` know; every other name is passed over.
        scopes: Conditions that `q` knows by name, with true or false.
        searches: Conditions that `q` knows by name, made of a text.
        order: What orders it without a `sort`.
    """

    table: str
    columns: str
    read: Callable[[Row], Any]
    filters: Mapping[str, Column]
    scopes: Mapping[str, str] = field(default_factory=dict[str, str])
    searches: Mapping[str, Callable[[str], Clause]] = field(default_factory=dict[str, Callable[[str], Clause]])
    order: str = "r.id ASC"


def answer(
    call: Call,
    listed: Listed,
    where: Clause,
    show: Callable[[Any], dict[str, Any]],
) -> SystemResponse:
    """One page.

    Args:
        call: The request.
        listed: What the list is of.
        where: What limits it besides the sandbox and `q`, beginning with AND.
        show: Serializes a record.
    """

    def body(rows: Sequence[Row], envelope: dict[str, Any]) -> dict[str, Any]:
        return {**envelope, "data": [show(listed.read(row)) for row in rows]}

    return answer_rows(call, listed, where, body)


def answer_rows(
    call: Call,
    listed: Listed,
    where: Clause,
    body: Callable[[Sequence[Row], dict[str, Any]], Any],
    more: Callable[[Clause], Mapping[str, Any]] | None = None,
) -> SystemResponse:
    """One page, whose body is made from its rows and from the envelope, where `data` is empty.

    Args:
        call: The request.
        listed: What the list is of.
        where: What limits it besides the sandbox and `q`, beginning with AND.
        body: Makes the body.
        more: Makes further members of `meta` from the conditions of the whole list.
    """
    filters = _filters(call)
    order = _order(call, filters, listed)
    extra, values = _conditions(filters, listed)
    errors.no_null_byte(*values)
    limit, page = _limit(call), _page(call)
    clause = (f"{where[0]}{extra}", [*where[1], *values])
    source = f" FROM {listed.table} r WHERE r.sandbox = ?{clause[0]}"
    everything = [call.sandbox.name, *clause[1]]
    counted = call.db.one("SELECT COUNT(*)" + source, everything)
    total = 0 if counted is None else int(counted[0])
    before = (page - 1) * limit
    if before >= _DEEPEST:
        raise errors.crash("the page is further than the database can count")
    rows = call.db.all(
        f"SELECT {listed.columns}{source} ORDER BY {order} LIMIT ? OFFSET ?", [*everything, limit, before]
    )
    meta = {**_meta(page, limit, total, rows), **(more(clause) if more is not None else {})}
    return SystemResponse(200, body(rows, {"data": [], "meta": meta}))


def any_contains(pairs: Sequence[tuple[str, str]]) -> Clause:
    """A condition that holds where one of some columns contains its text, whatever the case."""
    parts = " OR ".join(f"LOWER(r.{name}) LIKE ? ESCAPE '\\'" for name, _ in pairs)
    return f" AND ({parts})", [f"%{ransack.escaped(text.strip().lower())}%" for _, text in pairs]


def _meta(page: int, limit: int, total: int, rows: Sequence[Row]) -> dict[str, Any]:
    pages = max(-(-total // limit), 1)
    number = len(rows)
    return {
        "page": page,
        "limit": limit,
        "count": total,
        "pages": pages,
        "from": (page - 1) * limit + 1 if number else 0,
        "to": (page - 1) * limit + number if number else 0,
        "in": number,
        "previous": None if page == 1 else min(page - 1, pages),
        "next": page + 1 if page < pages else None,
    }


def _filters(call: Call) -> dict[str, Any]:
    sent = state_of(call).parameters(call).get("q")
    if sent is None:
        return {}
    if not isinstance(sent, dict):
        raise errors.crash("q is no object; send q[amount_eq]=50")
    return {
        name: _numbers(value) if name.endswith(_ID_ENDS) and _is_id(name) else value
        for name, value in cast("dict[str, Any]", sent).items()
    }


def _is_id(name: str) -> bool:
    """Whether a predicate is on `id` or on a name that ends in `_id`: `paid_eq` is not."""
    head = name.rpartition("id")[0]
    return head == "" or head.endswith("_")


def _numbers(value: Any) -> Any:
    if isinstance(value, list):
        return [ids.decoded(item) for item in cast("list[Any]", value)]
    return ids.decoded(value)


def _conditions(filters: Mapping[str, Any], listed: Listed) -> Clause:
    known = {*listed.scopes, *listed.searches}
    named = {name: value for name, value in filters.items() if name in known}
    text, values = ransack.conditions({n: v for n, v in filters.items() if n not in known and n != "s"}, listed.filters)
    for name, value in named.items():
        sent = str(value).lower()
        if name in listed.searches:
            # Ransack takes 1 for true and 0 for false, and leaves out what is false or blank.
            wanted = "true" if sent in _YES else sent
            if isinstance(value, str) and wanted.strip() and wanted not in _NO:
                condition, more = listed.searches[name](wanted)
                text += condition
                values += more
        elif sent in _YES | _NO:
            text += f" AND {'' if sent in _YES else 'NOT '}({listed.scopes[name]})"
    return text, values


def _order(call: Call, filters: Mapping[str, Any], listed: Listed) -> str:
    """The order that is asked for: `sort` before `q[s]`.

    Of several columns only the first one counts, upwards: the library reads the rest for a direction it does not know
    (recorded: v3.admin.store_credits.list_sort_two).
    """
    sort = state_of(call).parameters(call).get("sort")
    if isinstance(sort, list | dict):
        raise errors.crash("sort is a list; send one text")
    sent = filters.get("s")
    if isinstance(sort, str) and sort:
        sent = ",".join(f"{part[1:]} desc" if part.startswith("-") else f"{part} asc" for part in sort.split(","))
    found: list[str] = []
    for text in cast("list[Any]", sent) if isinstance(sent, list) else [sent]:
        name, _, direction = text.strip().partition(" ") if isinstance(text, str) else ("", "", "")
        column = listed.filters.get(name)
        if column is not None and "{}" not in column.sql:
            found.append(f"{column.sql} {'DESC' if direction.strip().lower() == 'desc' else 'ASC'}")
    return ", ".join([*found, "r.id ASC"]) if found else listed.order


def _page(call: Call) -> int:
    page = _whole(call, "page", 1)
    if page < 1:
        raise errors.bad_request(f"expected :page >= 1; got {page}")
    return page


def _limit(call: Call) -> int:
    limit = min(_whole(call, "limit", _PER_PAGE), _MOST)
    if limit < 1:
        raise errors.bad_request(f"expected :limit >= 1; got {limit}")
    return limit


def _whole(call: Call, name: str, default: int) -> int:
    value = state_of(call).parameters(call).get(name)
    if value is None:
        return default
    if isinstance(value, list | dict):
        raise errors.crash(f"{name} is a list; send one number")
    fit = _LEADING.match(str(value)[:_DIGITS])
    return int(fit[1]) if fit else 0
