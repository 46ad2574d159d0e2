"""The operations on categories and types (spree.md section 5)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from store_credit_mock.systems.call import Abort, Call, Handler, SystemResponse
from store_credit_mock.systems.rails import ransack
from store_credit_mock.systems.rails.datetimes import parse
from store_credit_mock.systems.rails.parameters import to_integer, to_text
from store_credit_mock.systems.spree import errors, pagination
from store_credit_mock.systems.spree.jsonapi import IncludeError, Kind, View, response
from store_credit_mock.systems.spree.rails_params import permitted
from store_credit_mock.systems.spree.serializers import CATEGORY as CATEGORY_KIND
from store_credit_mock.systems.spree.serializers import TYPE as TYPE_KIND
from store_credit_mock.systems.spree.taxonomy import CATEGORY, TYPE, Named, NamedTable
from store_credit_mock.systems.spree.versions import over_postgresql

__all__ = ["CATEGORIES", "TYPES"]

_LARGEST: Final = 2**31 - 1
"""The highest priority that the column takes; SQLite takes more."""
_IN_USE: Final = "Cannot delete store credit categories once they are used in store credit."


@dataclass(frozen=True, slots=True)
class _Operations:
    table: NamedTable
    kind: Kind
    root: str

    @property
    def handlers(self) -> dict[str, Handler]:
        return {
            "list": self.list_,
            "create": self.create,
            "retrieve": self.retrieve,
            "update": self.update,
            "delete": self.delete,
        }

    @property
    def scalars(self) -> frozenset[str]:
        names = {"name", "created_at", "updated_at"}
        return frozenset(names | {"priority"} if self.table.prioritised else names)

    def list_(self, call: Call) -> SystemResponse:
        return pagination.answer(call, _LISTS[self.root])

    def retrieve(self, call: Call) -> SystemResponse:
        return self._shown(call, 200, self._found(call))

    def create(self, call: Call) -> SystemResponse:
        sent = permitted(call, self.root, self.scalars)
        made = self._changed(call, Named(0, "", None, call.now, call.now), sent)
        kept = self.table.insert(call, made.name, made.priority)
        if (made.created_at, made.updated_at) != (kept.created_at, kept.updated_at):
            kept = replace(made, id=kept.id)
            self.table.save(call, kept)
        return self._shown(call, 201, kept)

    def update(self, call: Call) -> SystemResponse:
        old = self._found(call)
        sent = permitted(call, self.root, self.scalars)
        new = self._changed(call, old, sent)
        if new != old:
            if new.updated_at == old.updated_at:
                new.updated_at = call.now
            self.table.save(call, new)
        return self._shown(call, 200, new)

    def delete(self, call: Call) -> SystemResponse:
        record = self._found(call)
        if self.table is CATEGORY:
            used = call.db.one(
                "SELECT id FROM spree_credit WHERE sandbox = ? AND category_id = ? AND deleted_at IS NULL LIMIT 1",
                (call.sandbox.name, record.id),
            )
            if used is not None:
                return errors.invalid([("base", _IN_USE)])
        self.table.delete(call, record.id)
        return SystemResponse(204)

    def _found(self, call: Call) -> Named:
        record = self.table.find(call, to_integer(call.path["id"]))
        if record is None:
            raise Abort(errors.not_found())
        return record

    def _changed(self, call: Call, old: Named, sent: dict[str, Any]) -> Named:
        new = replace(old)
        if "name" in sent:
            new.name = to_text(sent["name"]) or ""
        if "priority" in sent:
            new.priority = to_integer(sent["priority"])
        for name in ("created_at", "updated_at"):
            time = parse(sent.get(name))
            if time is not None:
                setattr(new, name, time)
        if not new.name.strip():
            raise Abort(errors.invalid([("name", "can't be blank")]))
        if new.priority is not None and abs(new.priority) > _LARGEST and over_postgresql(call):
            raise errors.crash("PostgreSQL's column holds no such priority")
        return new

    def _shown(self, call: Call, status: int, record: Named) -> SystemResponse:
        try:
            return response(View.of(call), status, self.kind, record)
        except IncludeError as refusal:
            return refusal.answer


_COLUMNS: Final = {
    "id": ransack.ID("r.id"),
    "name": ransack.TEXT("r.name"),
    "created_at": ransack.TIME("r.created_at"),
    "updated_at": ransack.TIME("r.updated_at"),
}
_READ: Final[Callable[[Any], Named]] = lambda row: Named(*row)  # noqa: E731
_SORTABLE: Final = frozenset({"id", "name", "created_at", "updated_at"})

CATEGORIES: Final = _Operations(CATEGORY, CATEGORY_KIND, "store_credit_category").handlers
TYPES: Final = _Operations(TYPE, TYPE_KIND, "store_credit_type").handlers
_LISTS: Final = {
    "store_credit_category": pagination.Listed(
        CATEGORY_KIND, "spree_category", CATEGORY.columns, "", _READ, _SORTABLE, _COLUMNS
    ),
    "store_credit_type": pagination.Listed(TYPE_KIND, "spree_type", TYPE.columns, "", _READ, _SORTABLE, _COLUMNS),
}
