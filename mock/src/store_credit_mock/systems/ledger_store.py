"""The ledger's entries on the storage: written and read, never changed.

Each is kept with a seal over what was written, so that one that was changed in its place is found, whatever changed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Final, Literal
from zlib import crc32

from store_credit_mock.ledger import Entry, InvariantViolation
from store_credit_mock.storage import Row, Storage, Table

__all__ = ["ENTRIES", "SHOWN", "LedgerEntry", "check_seals", "read_entries", "shown_entries", "write_entry"]

ENTRIES: Final = Table(
    "ledger_entry",
    {  # In the order of `Entry`.
        "number": "BIGINT NOT NULL",
        "account": "TEXT NOT NULL",
        "action": "TEXT NOT NULL",
        "source": "TEXT NOT NULL",
        "target": "TEXT NOT NULL",
        "amount": "BIGINT NOT NULL",
        "unit": "TEXT NOT NULL",
        "currency": "TEXT NOT NULL",
        "at": "BIGINT NOT NULL",
        "reference": "TEXT NOT NULL",
        "until": "BIGINT",
        "seal": "BIGINT NOT NULL",
    },
    key=("account", "number"),
)


@dataclass(frozen=True)
class LedgerEntry:
    """A movement in a credit's ledger."""

    number: Annotated[int, "The number of the movement within the account, from 1."]
    account: Annotated[str, "The store credit."]
    action: Annotated[str, "What happened."]
    source: Annotated[str, "Where the amount came from."]
    target: Annotated[str, "Where the amount went."]
    amount: Annotated[int, "In `unit`."]
    unit: Annotated[
        Literal["minor", "hundredth", "ten_thousandth"],
        "Minor units of the currency (VINR), hundredths (Spree) or ten-thousandths (Spree's API v3).",
    ]
    currency: Annotated[str, "ISO 4217."]
    at: Annotated[int, "Unix milliseconds."]
    reference: Annotated[str, "What caused the movement; may be empty."]
    until: Annotated[int | None, "The expiry at that time, in Unix milliseconds."]


SHOWN: Final = 1000
"""How many entries of one account are shown, the newest."""

_COLUMNS = ", ".join(name for name in ENTRIES.columns if name != "seal")
_INSERT = f"INSERT INTO ledger_entry (sandbox, {_COLUMNS}, seal) VALUES ({', '.join('?' * (len(ENTRIES.columns) + 1))})"  # noqa: S608
_ONE = f"SELECT {_COLUMNS} FROM ledger_entry WHERE sandbox = ? AND account = ? ORDER BY number"  # noqa: S608
_LAST = f"SELECT {_COLUMNS} FROM ledger_entry WHERE sandbox = ? AND account = ? ORDER BY number DESC LIMIT {SHOWN}"  # noqa: S608
_ALL = f"SELECT {_COLUMNS} FROM ledger_entry WHERE sandbox = ? ORDER BY account, number"  # noqa: S608
_SEALED = f"SELECT {_COLUMNS}, seal FROM ledger_entry WHERE sandbox = ? ORDER BY account, number"  # noqa: S608


def write_entry(db: Storage, sandbox: str, entry: Entry) -> None:
    """Keep an entry."""
    values = tuple(entry)
    db.run(_INSERT, (sandbox, *values, _seal(values)))


def read_entries(db: Storage, sandbox: str, account: str | None = None) -> Iterable[Entry]:
    """The entries of one account, or of all, each account's in order."""
    rows: list[Row] = db.all(_ALL, (sandbox,)) if account is None else db.all(_ONE, (sandbox, account))
    return (Entry(*row) for row in rows)


def shown_entries(db: Storage, sandbox: str, account: str) -> list[LedgerEntry]:
    """The last entries of one account, at most `SHOWN`, in order, as the control plane shows them."""
    return [LedgerEntry(*row) for row in reversed(db.all(_LAST, (sandbox, account)))]


def check_seals(db: Storage, sandbox: str) -> Iterable[InvariantViolation]:
    """Find the entries that are not what was written, as `entries_never_change`."""
    for row in db.all(_SEALED, (sandbox,)):
        if _seal(row[:-1]) != row[-1]:
            yield InvariantViolation("entries_never_change", row[1], f"entry {row[0]} is not what was written")


def _seal(values: Row) -> int:
    return crc32(repr(values).encode())
