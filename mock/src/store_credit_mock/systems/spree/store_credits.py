"""Store credit records: rows, checks, and every change of their amounts (spree.md sections 3 to 6)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any, Final, cast

import orjson

from store_credit_mock.storage import Row
from store_credit_mock.systems.call import Call
from store_credit_mock.systems.rails import postings
from store_credit_mock.systems.rails.datetimes import compact
from store_credit_mock.systems.spree import errors
from store_credit_mock.systems.spree.postings import account
from store_credit_mock.systems.spree.tables import next_id
from store_credit_mock.systems.spree.versions import over_postgresql

__all__ = [
    "COLUMNS",
    "Credit",
    "absent",
    "adjust",
    "authorization_code",
    "available",
    "default_currency",
    "destroy",
    "find",
    "gapless",
    "holdings",
    "insert",
    "live",
    "metadata",
    "of_user",
    "read",
    "record",
    "rewrite_allocation",
    "save",
    "user_total",
    "with_events",
]

_NAMES: Final = (
    "id", "user_id", "category_id", "type_id", "created_by_id", "amount", "used", "authorized", "currency", "memo",
    "originator_type", "originator_id", "public_metadata", "private_metadata", "deleted_at", "created_at", "updated_at",
)  # fmt: skip
_VALUES: Final = attrgetter(*_NAMES)
COLUMNS: Final = ", ".join(_NAMES)
_INSERT: Final = f"INSERT INTO spree_credit (sandbox, {COLUMNS}) VALUES ({', '.join('?' * (len(_NAMES) + 1))})"  # noqa: S608
_UPDATE: Final = f"UPDATE spree_credit SET {', '.join(f'{n} = ?' for n in _NAMES[1:])} WHERE sandbox = ? AND id = ?"  # noqa: S608
_FIND: Final = f"SELECT {COLUMNS} FROM spree_credit WHERE sandbox = ? AND id = ? AND deleted_at IS NULL"  # noqa: S608
_WITH_EVENTS: Final = (
    f"SELECT {', '.join('c.' + n for n in _NAMES)}, e.id FROM spree_credit c"  # noqa: S608
    " LEFT JOIN spree_event e ON e.sandbox = c.sandbox AND e.credit_id = c.id"
    " WHERE c.sandbox = ? AND c.id = ? AND c.deleted_at IS NULL ORDER BY e.id"
)
_OF_USER: Final = (
    f"SELECT {', '.join('c.' + n for n in _NAMES)} FROM spree_credit c"  # noqa: S608
    " LEFT JOIN spree_type t ON t.sandbox = c.sandbox AND t.id = c.type_id"
    " WHERE c.sandbox = ? AND c.user_id = ? AND c.deleted_at IS NULL"
    " ORDER BY CASE WHEN t.priority IS NULL THEN ? ELSE 1 END, t.priority, c.id"
)
_PRESENT: Final = (
    "SELECT EXISTS (SELECT 1 FROM spree_user WHERE sandbox = ? AND id = ?),"
    " EXISTS (SELECT 1 FROM spree_category WHERE sandbox = ? AND id = ?),"
    " EXISTS (SELECT 1 FROM spree_type WHERE sandbox = ? AND id = ?),"
    " EXISTS (SELECT 1 FROM spree_user WHERE sandbox = ? AND id = ?)"
)
_OVER: Final = 10**8
"""Hundredths that a column of eight digits has no room for."""
_EVENT: Final = (
    "INSERT INTO spree_event (sandbox, id, credit_id, action, amount, code, user_total, originator_type,"
    " originator_id, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_FIRST: Final = (
    "SELECT id FROM spree_credit WHERE sandbox = ? AND user_id = ? AND currency = ? AND deleted_at IS NULL"
    " ORDER BY id LIMIT 1"
)
_HOLD: Final = (
    "INSERT INTO spree_holding (sandbox, user_id, currency, credits, remaining) VALUES (?, ?, ?, ?, ?)"
    " ON CONFLICT (sandbox, user_id, currency) DO UPDATE SET credits = spree_holding.credits + excluded.credits,"
    " remaining = spree_holding.remaining + excluded.remaining"
)
_COUNT: Final = (
    "INSERT INTO spree_counter (sandbox, name, value) VALUES (?, 'live store credits', ?)"
    " ON CONFLICT (sandbox, name) DO UPDATE SET value = spree_counter.value + excluded.value"
)
_COUNT_NEW: Final = (
    "INSERT INTO spree_counter (sandbox, name, value)"
    " VALUES (?, 'store_credit', 1), (?, 'store_credit_event', 1), (?, 'live store credits', ?)"
    " ON CONFLICT (sandbox, name) DO UPDATE SET value = spree_counter.value + excluded.value"
)
_NEW_IDS: Final = (
    "SELECT (SELECT value FROM spree_counter WHERE sandbox = ? AND name = 'store_credit'),"
    " (SELECT value FROM spree_counter WHERE sandbox = ? AND name = 'store_credit_event')"
)


@dataclass(slots=True)
class Credit:
    """A row. Amounts are hundredths, times Unix milliseconds, metadata JSON text."""

    id: int
    user_id: int | None
    category_id: int | None
    type_id: int | None
    created_by_id: int | None
    amount: int
    used: int
    authorized: int
    currency: str | None
    memo: str | None
    originator_type: str | None
    originator_id: int | None
    public_metadata: str
    private_metadata: str
    deleted_at: int | None
    created_at: int
    updated_at: int

    @property
    def remaining(self) -> int:
        """What can still be spent: `amount - amount_used - amount_authorized` (spree.md section 6)."""
        return self.amount - self.used - self.authorized

    def row(self) -> tuple[Any, ...]:
        """In the order of `COLUMNS`."""
        return _VALUES(self)


def read(row: Any) -> Credit:
    """A record from a row in the order of `COLUMNS`."""
    return Credit(*row)


def find(call: Call, credit_id: int) -> Credit | None:
    """A live record."""
    row = call.db.one(_FIND, (call.sandbox.name, credit_id))
    return None if row is None else Credit(*row)


def with_events(call: Call, credit_id: int) -> list[Row]:
    """A live record as a row for each of its events, by id: in the order of `COLUMNS`, and the event's id."""
    return call.db.all(_WITH_EVENTS, (call.sandbox.name, credit_id))


def absent(call: Call, credit: Credit, *, complete: bool) -> errors.Errors:
    """What a credit lacks (spree.md section 5, check 1).

    Args:
        call: The request.
        credit: A credit, kept or not.
        complete: Whether user, category, type and creator must be there, as until 4.8.
    """
    blank = "can't be blank"
    found: errors.Errors = []
    if complete:
        name = call.sandbox.name
        present = call.db.one(
            _PRESENT,
            (name, credit.user_id, name, credit.category_id, name, credit.type_id, name, credit.created_by_id),
        )
        assert present is not None
        named = zip(("user", "category", "credit_type", "created_by"), present, strict=True)
        found = [(attribute, blank) for attribute, there in named if not there]
    if credit.currency is None or not credit.currency.strip():
        found.append(("currency", blank))
    return found


def of_user(call: Call, user_id: int) -> list[Credit]:
    """A user's live credits in the order they are spent: by type priority, then by id.

    Those without a priority come first over SQLite and last over PostgreSQL, whose orders of nulls they are (recorded
    on 4.5, 4.10 and 5.3.6, R21: D23 is refuted for SQLite).
    """
    without = 2 if over_postgresql(call) else 0
    return [Credit(*row) for row in call.db.all(_OF_USER, (call.sandbox.name, user_id, without))]


def insert(call: Call, credit: Credit) -> int:
    """Keep a new record under the next id, with its entry and its first event; returns the event's id."""
    amounts = (credit.amount, credit.used, credit.authorized)
    _check_columns(call, *amounts)
    name = call.sandbox.name
    live = credit.deleted_at is None
    # Nobody else counts meanwhile; one statement with RETURNING took 12 us over SQLite, these two take 6 us.
    call.db.run(_COUNT_NEW, (name, name, name, int(live)))
    ids = call.db.one(_NEW_IDS, (name, name))
    assert ids is not None
    credit.id, event_id = ids
    call.db.run(_INSERT, (name, *credit.row()))
    if live:
        _hold(call, credit, 1)
        postings.moved(call, account(credit.id), "allocation", ((0, 0, 0), credit.currency), (amounts, credit.currency))
    code = authorization_code(call, credit.id)
    return record(call, credit, "allocation", credit.amount, code, identity=event_id)


def save(call: Call, old: Credit, new: Credit, action: str = "edit", reference: str = "") -> None:
    """Keep a changed record: its entries, what its user holds, and its row."""
    _check_columns(call, new.amount, new.used, new.authorized)
    call.db.run(_UPDATE, (*new.row()[1:], call.sandbox.name, new.id))
    gone = new.deleted_at is not None
    if old.deleted_at is None:
        _count(call, -1)
        _hold(call, old, -1)
        zero = ((0, 0, 0), new.currency)
        before = ((old.amount, old.used, old.authorized), old.currency)
        after = zero if gone else ((new.amount, new.used, new.authorized), new.currency)
        if before != after:
            postings.moved(call, account(new.id), "delete" if gone else action, before, after, reference)
    if not gone:
        _count(call, 1)
        _hold(call, new, 1)


def destroy(call: Call, credit: Credit) -> None:
    """Delete a record and its events for good; the ledger's entries stay and end at 0."""
    if credit.deleted_at is None:
        save(call, credit, replace(credit, deleted_at=call.now))
    call.db.run("DELETE FROM spree_event WHERE sandbox = ? AND credit_id = ?", (call.sandbox.name, credit.id))
    call.db.run("DELETE FROM spree_credit WHERE sandbox = ? AND id = ?", (call.sandbox.name, credit.id))


def adjust(call: Call, credit: Credit, action: str, used: int, authorized: int, code: str) -> Credit:
    """Move between the pockets for a payment; the caller writes the event. Returns the new record."""
    new = replace(
        credit, used=credit.used + used, authorized=credit.authorized + authorized, updated_at=call.now
    )  # fmt: skip
    save(call, credit, new, action, code)
    return new


def record(
    call: Call,
    credit: Credit,
    action: str,
    amount: int,
    code: str,
    originator: tuple[str, int] | None = None,
    identity: int | None = None,
) -> int:
    """Write an event, under the next id unless it has one already, and return its id."""
    if identity is None:
        identity = next_id(call, "store_credit_event")
    kind, number = originator or (None, None)
    total = user_total(call, credit.user_id)
    _check_columns(call, amount, total)
    values = (
        call.sandbox.name, identity, credit.id, action, amount, code, total, kind, number, call.now, call.now,
    )  # fmt: skip
    call.db.run(_EVENT, values)
    return identity


def rewrite_allocation(call: Call, credit: Credit) -> None:
    """Rewrite the allocation event after a save that changed an amount without an action (spree.md section 6)."""
    total = user_total(call, credit.user_id)
    _check_columns(call, total)
    row = call.db.one(
        "SELECT id, amount, user_total FROM spree_event WHERE sandbox = ? AND credit_id = ? AND action = 'allocation'"
        " ORDER BY id",
        (call.sandbox.name, credit.id),
    )
    if row is None:
        record(call, credit, "allocation", credit.amount, authorization_code(call, credit.id))
    elif row[1:] != (credit.amount, total):
        call.db.run(
            "UPDATE spree_event SET amount = ?, user_total = ?, updated_at = ? WHERE sandbox = ? AND id = ?",
            (credit.amount, total, call.now, call.sandbox.name, row[0]),
        )


def authorization_code(call: Call, credit_id: int) -> str:
    """A code no other payment has: id, `SC`, UTC time with six digits below the second (spree.md section 6)."""
    last = cast("list[int]", call.sandbox.setting("spree.code", [0, 0]))
    number = last[1] + 1 if last[0] == call.now else 0
    # A thousand codes fit into a millisecond; a request that needs more borrows from the next ones.
    call.sandbox.set_setting("spree.code", [call.now, number])
    millisecond, rest = divmod(number, 1000)
    return f"{credit_id}-SC-{compact(call.now + millisecond)}{rest:03d}"


def holdings(call: Call, user_id: int) -> list[tuple[str, int]]:
    """What a user holds: currency and what remains in it, in the order of the first live credit of each currency.

    Spree reads the currencies off the credits as they come (core/app/models/concerns/spree/user_methods.rb).
    """
    rows = call.db.all(
        "SELECT currency, remaining FROM spree_holding WHERE sandbox = ? AND user_id = ? AND credits > 0",
        (call.sandbox.name, user_id),
    )
    if len(rows) < 2:
        return [(row[0], row[1]) for row in rows]
    first = {row[0]: call.db.one(_FIRST, (call.sandbox.name, user_id, row[0])) for row in rows}
    return sorted(((row[0], row[1]) for row in rows), key=lambda held: (first[held[0]] or (0,))[0])


def available(call: Call, user_id: int | None, currency: str) -> tuple[int, int]:
    """How many live credits a user has in a currency, and what remains of them in hundredths."""
    row = call.db.one(
        "SELECT credits, remaining FROM spree_holding WHERE sandbox = ? AND user_id = ? AND currency = ?",
        (call.sandbox.name, user_id, currency),
    )
    return (0, 0) if row is None else (row[0], row[1])


def user_total(call: Call, user_id: int | None) -> int:
    """What remains to a user in the default store's currency (spree.md section 6); 0 without a user."""
    if user_id is None:
        return 0
    return available(call, user_id, default_currency(call))[1]


def default_currency(call: Call) -> str:
    """Of the default store."""
    return cast("str", call.sandbox.setting("spree.currency", "USD"))


def metadata(text: str) -> Any:
    """Metadata as JSON."""
    return {} if text == "{}" else orjson.loads(text)


def _check_columns(call: Call, *amounts: int) -> None:
    """Fail as PostgreSQL does where an amount is above 999999.99; SQLite keeps it (spree.md 13.5)."""
    if (max(amounts) >= _OVER or min(amounts) <= -_OVER) and over_postgresql(call):
        raise errors.crash("PostgreSQL's column holds no amount above 999999.99")


def _count(call: Call, change: int) -> None:
    call.db.run(_COUNT, (call.sandbox.name, change))


def _hold(call: Call, credit: Credit, sign: int) -> None:
    if credit.user_id is not None:
        values = (credit.user_id, credit.currency or "", sign, sign * credit.remaining)
        call.db.run(_HOLD, (call.sandbox.name, *values))


def live(call: Call) -> int:
    """How many live records there are."""
    return _counted(call, "live store credits")


def gapless(call: Call, live: int) -> bool:
    """Whether every id that was ever given is that of a live record, if there are so many of those."""
    return _counted(call, "store_credit") == live


def _counted(call: Call, name: str) -> int:
    row = call.db.one("SELECT value FROM spree_counter WHERE sandbox = ? AND name = ?", (call.sandbox.name, name))
    return 0 if row is None else row[0]
