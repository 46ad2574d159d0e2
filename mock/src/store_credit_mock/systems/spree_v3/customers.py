"""Customers: whom credit belongs to. They are the same in every store."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import Final

from store_credit_mock.storage import Row
from store_credit_mock.systems.call import Call
from store_credit_mock.systems.spree_v3.passwords import digest_of, fits
from store_credit_mock.systems.spree_v3.tables import next_id

__all__ = ["COLUMNS", "Customer", "add", "find", "find_by_email", "has_password", "read", "save"]

_NAMES: Final = (
    "id", "email", "first_name", "last_name", "phone", "accepts_email_marketing", "metadata", "failed_attempts",
    "created_at", "updated_at",
)  # fmt: skip
_VALUES: Final = attrgetter(*_NAMES)
COLUMNS: Final = ", ".join(_NAMES)
_SELECT: Final = f"SELECT {COLUMNS} FROM spree_v3_customer WHERE sandbox = ?"  # noqa: S608
_INSERT: Final = (
    f"INSERT INTO spree_v3_customer (sandbox, {COLUMNS}, password) VALUES ({', '.join('?' * (len(_NAMES) + 2))})"  # noqa: S608
)
_UPDATE: Final = (
    f"UPDATE spree_v3_customer SET {', '.join(f'{n} = ?' for n in _NAMES[1:])} WHERE sandbox = ? AND id = ?"  # noqa: S608
)


@dataclass(slots=True)
class Customer:
    """A row; times are Unix milliseconds, metadata JSON text."""

    id: int
    email: str
    first_name: str | None
    last_name: str | None
    phone: str | None
    accepts_email_marketing: int
    metadata: str
    failed_attempts: int
    created_at: int
    updated_at: int

    @property
    def full_name(self) -> str:
        """First and last name, or else the address."""
        return " ".join(name for name in (self.first_name, self.last_name) if name) or self.email


def read(row: Row) -> Customer:
    """A customer from a row in the order of `COLUMNS`."""
    return Customer(*row)


def find(call: Call, customer_id: int | None) -> Customer | None:
    """A customer by number."""
    row = None if customer_id is None else call.db.one(f"{_SELECT} AND id = ?", (call.sandbox.name, customer_id))
    return None if row is None else Customer(*row)


def find_by_email(call: Call, email: str) -> Customer | None:
    """A customer by address, whatever its case."""
    row = call.db.one(f"{_SELECT} AND email = ?", (call.sandbox.name, email.strip().lower()))
    return None if row is None else Customer(*row)


def has_password(call: Call, customer: Customer, password: str) -> bool:
    """Whether a password is the customer's."""
    sql = "SELECT password FROM spree_v3_customer WHERE sandbox = ? AND id = ?"
    row = call.db.one(sql, (call.sandbox.name, customer.id))
    return row is not None and fits(password, row[0])


def add(
    call: Call,
    email: str,
    first_name: str | None = None,
    last_name: str | None = None,
    *,
    password: str | None = None,
    phone: str | None = None,
) -> Customer:
    """Add a customer, whose address must be new."""
    identity = next_id(call, "customer")
    customer = Customer(identity, email.strip().lower(), first_name, last_name, phone, 0, "{}", 0, call.now, call.now)
    kept = None if password is None else digest_of(password)
    call.db.run(_INSERT, (call.sandbox.name, *_VALUES(customer), kept))
    return customer


def save(call: Call, customer: Customer) -> None:
    """Keep a changed customer."""
    customer.updated_at = call.now
    call.db.run(_UPDATE, (*_VALUES(customer)[1:], call.sandbox.name, customer.id))
