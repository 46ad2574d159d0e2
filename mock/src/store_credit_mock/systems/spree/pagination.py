"""Pages, orders and links of lists (spree.md section 8, D15 to D18, R22)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, cast
from urllib.parse import quote_plus

import orjson

from store_credit_mock.contract import Schema, SerializedPage, SerializedRecord
from store_credit_mock.storage import Row
from store_credit_mock.systems.call import Abort, Call, SystemResponse
from store_credit_mock.systems.rails import ransack
from store_credit_mock.systems.rails.parameters import mapping, to_integer
from store_credit_mock.systems.spree import errors, response_cache
from store_credit_mock.systems.spree.jsonapi import Kind, View, check_includes, document
from store_credit_mock.systems.spree.rails_params import tree
from store_credit_mock.systems.spree.versions import over_postgresql

__all__ = ["Listed", "answer"]

_KEPT: Final = ("per_page", "sort", "include", "fields", "filter")
_SORT_KEYS: Final = frozenset({"id", "name", "slug", "number", "position", "created_at", "updated_at", "deleted_at"})
_PER_PAGE: Final = 25
_MOST: Final = 500
_DEEPEST: Final = 10**15
_SHORT: Final = 100
FAR: Final = 1000
"""Records before a page from which on it is worth asking whether they need to be walked over."""


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list is of.

    Attributes:
        kind: The resource.
        table: SQL of FROM, with the record's own columns under the alias `r`.
        columns: SQL of the columns, as `read` wants them.
        where: A condition besides the sandbox, or nothing.
        read: Makes a record of a row.
        sortable: Columns of `sort` that work; others are ignored (D17).
        filters: Columns that may be filtered (D18).
        count: How many there are without a filter; None counts them.
        gapless: Whether their ids run from 1 without a gap, if there are so many of them.
        prepare: Reads what a page of records with these ids needs in one go.
        written: The records of some rows as JSON that was checked before, if they can be had so.
    """

    kind: Kind
    table: str
    columns: str
    where: str
    read: Callable[[Any], Any]
    sortable: frozenset[str]
    filters: Mapping[str, ransack.Column]
    count: Callable[[Call], int] | None = None
    gapless: Callable[[Call, int], bool] | None = None
    prepare: Callable[[View, Sequence[int]], object] | None = None
    written: Callable[[View, Sequence[Row], Schema | None], list[SerializedRecord] | None] | None = None


def answer(call: Call, listed: Listed) -> SystemResponse:
    """One page."""
    view = View.of(call)
    check_includes(view, listed.kind)
    sent = tree(call)
    filters = mapping(sent.get("filter"))
    extra, values = ransack.conditions(filters, listed.filters) if filters else ("", [])
    unpaged = where = f" FROM {listed.table} r WHERE r.sandbox = ?{listed.where}{extra}"
    everything: list[Any] = [call.sandbox.name, *values]
    if not extra and listed.count is not None:
        total = listed.count(call)
    else:
        row = call.db.one("SELECT COUNT(*)" + where, everything)
        total = 0 if row is None else int(row[0])
    if view.profile.is_v5 and any(isinstance(sent.get(name), list) for name in ("per_page", "sort")):
        raise errors.crash("per_page or sort is a list; send one text")
    per_page = _number(sent.get("per_page"))
    if per_page is None or not 1 <= per_page <= _MOST:
        per_page = _PER_PAGE
    page = _page(view, sent.get("page"))
    strict = view.profile.is_v5 or over_postgresql(call)
    order = [
        *ransack.orders(filters, listed.filters),
        *_sorted(sent.get("sort"), listed.sortable, strict=strict),
        "r.id ASC",
    ]
    before = (page - 1) * per_page
    if before >= FAR and not extra and len(order) == 1 and listed.gapless is not None and listed.gapless(call, total):
        where += " AND r.id > ?"
        everything.append(before)
        before = 0
    rows = call.db.all(
        f"SELECT {listed.columns}{where} ORDER BY {', '.join(order)} LIMIT ? OFFSET ?",
        [*everything, per_page, before],
    )
    pages = -(-total // per_page) if total else view.profile.empty_pages
    around = {
        "meta": {"count": len(rows), "total_count": total, "total_pages": pages},
        "links": _links(view, page, pages),
    }
    if view.whole and listed.written is not None and call.operation is not None:
        schema = call.operation.schema(200, "application/vnd.api+json")
        items = None if schema is None else listed.written(view, rows, schema.items)
        if items is not None and schema is not None and schema.items is not None:
            return SystemResponse(200, SerializedPage({"data": [], **around}, items, schema.items))
    records = [listed.read(row) for row in rows]
    if listed.prepare is not None:
        listed.prepare(view, [record.id for record in records])

    def made() -> tuple[dict[str, Any], bool]:
        return document(view, listed.kind, records, **around), view.mixed

    row = call.db.one(f"SELECT MAX(r.updated_at){unpaged}", everything) if view.cached else None
    body, mixed = response_cache.kept_page(call, total, None if row is None else row[0], made)
    return SystemResponse(200, body, checked=not mixed)


def _page(view: View, value: Any) -> int:
    """The page that is asked for. From 5.3 on one below 1 is refused, and one that no database counts to fails."""
    if not view.profile.is_v5:
        return min(max(_number(value) or 1, 1), _DEEPEST)
    if value is None or (isinstance(value, str) and not value.strip()):
        return 1
    page = to_integer(value.split()[0]) if isinstance(value, str) else None
    if page is None or page < 1:
        got = page if isinstance(value, str) else orjson.dumps(value).decode()
        raise Abort(errors.error(400, f"expected :page >= 1; got {got}"))
    if page > _DEEPEST:
        raise errors.crash("the page is further than the database can count")
    return page


def _number(value: Any) -> int | None:
    return to_integer(value) if isinstance(value, str) else None


def _sorted(value: Any, sortable: frozenset[str], *, strict: bool) -> list[str]:
    """Columns to sort by. One of Spree's keys that the table lacks fails where the database is strict (13.5)."""
    found: list[str] = []
    for part in value.split(",") if isinstance(value, str) else ():
        name = part.removeprefix("-")
        if name in _SORT_KEYS - sortable and strict:
            raise errors.crash(f"PostgreSQL has no column {name} here to sort by")
        if name in sortable:
            found.append(f"r.{name} {'ASC' if name == part else 'DESC'}")
    return found


def _links(view: View, page: int, pages: int) -> dict[str, str]:
    """`self` is the address as sent; the others keep some parameters and always lead somewhere (D15).

    `locale` is kept from 4.10 on (api/app/helpers/spree/api/v2/collection_options_helpers.rb at v4.5.5 and v4.10.3).
    """
    call, request = view.call, view.call.request
    host = request.header("host") or "localhost"
    scheme = request.header("x-forwarded-proto") or ("http" if host.startswith(("localhost", "127.")) else "https")
    base = f"{scheme}://{host}"
    suffix = request.path.removesuffix("/").removesuffix(".json")
    sent, kept = tree(call), list[str]()
    for name in (*_KEPT, "locale") if view.profile.locale else _KEPT:
        value = sent.get(name)
        if value is not None and isinstance(value, dict) == (name in {"fields", "filter"}):
            kept.append(_part(value, name))
    kept.sort()
    # Whatever its number, the page has the same place among the others.
    place = bisect_left(kept, "page=")
    start = "".join([f"{base}{suffix}?", *(part + "&" for part in kept[:place])])
    end = "".join(["&" + part for part in kept[place:]])

    def link(number: int) -> str:
        return f"{start}page={number}{end}"

    before = max(page - 1, 1)
    if page > pages:
        before = pages if view.profile.is_v5 else 1
    return {
        "self": f"{base}{request.path}" + (f"?{request.query}" if request.query else ""),
        "next": link(pages if page >= pages else page + 1),
        "prev": link(before),
        "last": link(pages),
        "first": link(1),
    }


def _query(value: Mapping[str, Any], prefix: str = "") -> str:
    """Names in order, brackets percent-encoded."""
    return "&".join(sorted(_part(item, f"{prefix}[{name}]" if prefix else name) for name, item in value.items()))


def _part(value: Any, name: str) -> str:
    if isinstance(value, dict):
        return _query(cast("dict[str, Any]", value), name)
    if isinstance(value, list):
        return "&".join(_part(item, name + "[]") for item in cast("list[Any]", value))
    return f"{_quoted(name)}={_quoted(str(value))}"


def _quoted(text: str) -> str:
    return quote_plus(text) if len(text) > _SHORT else _quoted_short(text)


_quoted_short = lru_cache(maxsize=1024)(quote_plus)
