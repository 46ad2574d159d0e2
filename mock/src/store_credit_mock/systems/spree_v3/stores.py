"""Stores: what they are called, and what they sell in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import orjson

from store_credit_mock.storage import Row
from store_credit_mock.systems.call import Call
from store_credit_mock.systems.spree_v3.tables import next_id

__all__ = ["COLUMNS", "DEFAULT_STORE", "Store", "add", "every", "find", "lookup", "read"]

DEFAULT_STORE: Final = 1
"""The first store is the default one."""

COLUMNS: Final = "id, code, name, currency, currencies, locales"
_FIND: Final = f"SELECT {COLUMNS} FROM spree_v3_store WHERE sandbox = ? AND id = ?"  # noqa: S608


@dataclass(frozen=True, slots=True)
class Store:
    """A row; the first locale is its own."""

    id: int
    code: str
    name: str
    currency: str
    currencies: tuple[str, ...]
    locales: tuple[str, ...]


def find(call: Call, store_id: int) -> Store:
    """A store that is known to be there."""
    found = lookup(call, store_id)
    assert found is not None
    return found


def lookup(call: Call, store_id: int | None) -> Store | None:
    """A store by number."""
    row = None if store_id is None else call.db.one(_FIND, (call.sandbox.name, store_id))
    return None if row is None else read(row)


def every(call: Call) -> list[Store]:
    """All stores, by id."""
    sql = f"SELECT {COLUMNS} FROM spree_v3_store WHERE sandbox = ? ORDER BY id"  # noqa: S608
    return [read(row) for row in call.db.all(sql, (call.sandbox.name,))]


def add(call: Call, code: str, name: str, currency: str, currencies: list[str], locales: list[str]) -> Store:
    """Add a store; its code must be new."""
    identity = next_id(call, "store")
    call.db.run(
        f"INSERT INTO spree_v3_store (sandbox, {COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
        (
            call.sandbox.name, identity, code, name, currency, orjson.dumps(currencies).decode(),
            orjson.dumps(locales).decode(),
        ),
    )  # fmt: skip
    return Store(identity, code, name, currency, tuple(currencies), tuple(locales))


def read(row: Row) -> Store:
    """A store from a row in the order of `COLUMNS`."""
    identity, code, name, currency, currencies, locales = row
    return Store(identity, code, name, currency, tuple(orjson.loads(currencies)), tuple(orjson.loads(locales)))
