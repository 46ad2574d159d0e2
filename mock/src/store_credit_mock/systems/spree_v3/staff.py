"""The staff: who signs in on the admin side."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import orjson

from store_credit_mock.storage import Row
from store_credit_mock.systems.call import Call
from store_credit_mock.systems.spree_v3.caller import Staff
from store_credit_mock.systems.spree_v3.passwords import digest_of, fits
from store_credit_mock.systems.spree_v3.tables import next_id

__all__ = ["add", "find", "find_by_email", "has_password"]

_COLUMNS: Final = "id, email, first_name, last_name, stores, created_at, updated_at"


def find(call: Call, staff_id: int | None) -> Staff | None:
    """A member of the staff by number."""
    sql = f"SELECT {_COLUMNS} FROM spree_v3_staff WHERE sandbox = ? AND id = ?"  # noqa: S608
    row = None if staff_id is None else call.db.one(sql, (call.sandbox.name, staff_id))
    return None if row is None else _read(row)


def find_by_email(call: Call, email: str) -> Staff | None:
    """A member of the staff by address, whatever its case."""
    sql = f"SELECT {_COLUMNS} FROM spree_v3_staff WHERE sandbox = ? AND email = ?"  # noqa: S608
    row = call.db.one(sql, (call.sandbox.name, email.strip().lower()))
    return None if row is None else _read(row)


def has_password(call: Call, member: Staff, password: str) -> bool:
    """Whether a password is that of a member of the staff."""
    sql = "SELECT password FROM spree_v3_staff WHERE sandbox = ? AND id = ?"
    row = call.db.one(sql, (call.sandbox.name, member.id))
    return row is not None and fits(password, row[0])


def add(
    call: Call, email: str, first_name: str | None, last_name: str | None, password: str, stores: Iterable[int]
) -> Staff:
    """Add a member of the staff, with the role admin in some stores; the address must be new."""
    kept = tuple(stores)
    identity = next_id(call, "staff")
    call.db.run(
        f"INSERT INTO spree_v3_staff (sandbox, {_COLUMNS}, password) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
        (
            call.sandbox.name, identity, email.lower(), first_name, last_name, orjson.dumps(kept).decode(), call.now,
            call.now, digest_of(password),
        ),
    )  # fmt: skip
    return Staff(identity, email.lower(), first_name, last_name, kept, call.now, call.now)


def _read(row: Row) -> Staff:
    identity, email, first_name, last_name, kept, created_at, updated_at = row
    return Staff(identity, email, first_name, last_name, tuple(orjson.loads(kept)), created_at, updated_at)
