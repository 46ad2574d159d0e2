"""The rows of a plan in the making, in a private SQLite file that ends with the process: memory stays flat."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby, islice
from operator import attrgetter
from types import TracebackType
from typing import Final, NamedTuple, Self

from store_credit_jobs.temporary import unnamed_database

__all__ = ["Draft", "DraftRow", "DraftRows", "Order"]

_TABLES: Final = """
create table row(n integer primary key, line integer, key text, customer text, minor integer, currency text,
  expires integer, memo text, ord text, paid integer);
create table known(customer text primary key) without rowid;
create table address(email text primary key, customer text, several integer) without rowid;
create table refunded(ord text, key text, currency text, minor integer);
create table same(told text primary key, count integer, line integer) without rowid;
"""


class DraftRow(NamedTuple):
    """A row that is valid by itself.

    Attributes:
        n: Its number, from 1.
        line: The line in the file.
        minor: Minor units.
        expires: Seconds since 1970, UTC, or None.
        order: The order that a refund belongs to, or None.
        paid: What was paid for that order, in minor units, or None.
    """

    n: int
    line: int
    key: str
    customer: str
    minor: int
    currency: str
    expires: int | None
    memo: str | None
    order: str | None
    paid: int | None


class DraftRows(NamedTuple):
    """Many rows, column by column; each column is that of `DraftRow`."""

    n: Sequence[int]
    line: Sequence[int]
    key: Sequence[str]
    customer: Sequence[str]
    minor: Sequence[int]
    currency: Sequence[str]
    expires: Sequence[int | None]
    memo: Sequence[str | None]
    order: Sequence[str | None]
    paid: Sequence[int | None]

    @classmethod
    def of(cls, rows: Sequence[DraftRow]) -> DraftRows:
        """Lay rows out by column."""
        return cls._make(zip(*rows, strict=True) if rows else ((),) * len(cls._fields))

    def rows(self) -> Iterator[DraftRow]:
        """Go through them row by row."""
        return map(DraftRow._make, zip(*self, strict=True))

    def and_then(self, others: DraftRows) -> DraftRows:
        """Give these and others behind them."""
        return DraftRows._make((*these, *those) for these, those in zip(self, others, strict=True))


class Order(NamedTuple):
    """The refunds of one order.

    Attributes:
        order: Its id.
        line: Where it is first.
        currencies: How many currencies they are in.
        customers: How many customers they are for.
        payments: How many different amounts are said to have been paid.
        paid: The least of these.
        minor: What is refunded altogether.
        earlier: What of that earlier jobs refunded.
    """

    order: str
    line: int
    currencies: int
    customers: int
    payments: int
    paid: int
    minor: int
    earlier: int


class Draft:
    """Rows by all that they are compared by. Closed, it is gone.

    Args:
        whole: Keep all of a row; else what tells that keys are there twice and customers are unknown.
    """

    def __init__(self, *, whole: bool = True) -> None:
        self._whole = whole
        # A file without a name: SQLite deletes it at once, and writes to it only what its cache does not hold.
        self._db = unnamed_database()
        self._db.executescript(
            "pragma journal_mode=off; pragma synchronous=off; pragma temp_store=file; pragma cache_size=-16000;"
            + _TABLES
        )
        self._db.execute("begin")

    def add(self, rows: DraftRows) -> None:
        """Add rows, in the order of their numbers."""
        if self._whole:
            self._insert("into row", 10, zip(*rows, strict=True))
        else:
            self._insert("into row(line, key, customer)", 3, zip(rows.line, rows.key, rows.customer, strict=True))

    def _insert(self, into: str, columns: int, rows: Iterable[tuple[object, ...]]) -> None:
        """Insert rows many at a time, which takes half as long as one by one."""
        # SQLite before 3.32 takes 999 values.
        at_once = 999 // columns
        row = f"({', '.join('?' * columns)})"
        many = f"insert or ignore {into} values {', '.join([row] * at_once)}"  # noqa: S608 - our own names
        left = iter(rows)
        while len(some := list(islice(left, at_once))) == at_once:
            self._db.execute(many, list(chain.from_iterable(some)))
        self._db.executemany(f"insert or ignore {into} values {row}", some)  # noqa: S608 - our own names

    def rows(self) -> Iterator[DraftRow]:
        """Go through the rows in the order of the file."""
        return map(DraftRow._make, self._db.execute("select * from row order by n"))

    def doubles(self) -> Iterator[tuple[str, int, int]]:
        """Give each key that is there more than once: the key, its first line and its last."""
        if not self._db.execute("select 1 from row group by key having count(*) > 1 limit 1").fetchone():
            return iter(())
        return self._db.execute("select key, min(line), max(line) from row group by key having count(*) > 1")

    def contradictions(self) -> Iterator[tuple[str, str, int, int]]:
        """Give customer and currency of what has several rows, with the first line and the last."""
        return self._db.execute(
            "select customer, currency, min(line), max(line) from row group by customer, currency having count(*) > 1"
        )

    def customers(self) -> Iterator[tuple[str, int]]:
        """Give each customer once, with the first line."""
        return self._db.execute("select customer, min(line) from row group by customer")

    def of_customer(self, customer: str) -> Iterator[DraftRow]:
        """Go through a customer's rows in the order of the file."""
        self._db.execute("create index if not exists row_customer on row(customer)")
        found = self._db.execute("select * from row where customer = ? order by n", (customer,))
        return map(DraftRow._make, found)

    def above(self, currency: str, most: int) -> Iterator[tuple[str, int, int]]:
        """Give customers whose rows of a currency add up to more: the customer, the sum, the first line."""
        return self._db.execute(
            "select customer, sum(minor), min(line) from row where currency = ? group by customer"
            " having sum(minor) > ?",
            (currency, most),
        )

    def orders(self) -> Iterator[Order]:
        """Go through the orders of refunds."""
        self._db.execute("create index if not exists row_key on row(key)")
        self._db.execute("create index if not exists refunded_ord on refunded(ord)")
        found = self._db.execute("select * from row order by ord, n")
        for order, same in groupby(map(DraftRow._make, found), key=attrgetter("order")):
            rows = list(same)
            # A row of the file that a job had before is in the sum once.
            before = self._db.execute(
                "select currency, minor from refunded r where ord = ?"
                " and not exists (select 1 from row where row.key = r.key)",
                (order,),
            ).fetchall()
            earlier = sum(minor for _, minor in before)
            yield Order(
                order,
                rows[0].line,
                len({row.currency for row in rows} | {currency for currency, _ in before}),
                len({row.customer for row in rows}),
                len({row.paid for row in rows}),
                min(row.paid or 0 for row in rows),
                # Not by SQLite, whose sums end at 2**63.
                sum(row.minor for row in rows) + earlier,
                earlier,
            )

    def take_refunded(self, rows: Iterable[tuple[str, str | None, str, int]]) -> None:
        """Take what earlier jobs refunded: order, key in this campaign or None, currency and minor units."""
        self._db.executemany("insert into refunded values(?, ?, ?, ?)", rows)

    def know(self, customers: Iterable[str]) -> None:
        """Take a list of the customers that there are."""
        self._insert("into known", 1, zip(customers, strict=True))

    def strangers(self) -> Iterator[tuple[str, int]]:
        """Give customers of rows that are not on the list, with the first line."""
        return self._db.execute(
            "select customer, min(line) from row where customer not in (select customer from known) group by customer"
        )

    def take_addresses(self, addresses: Iterable[tuple[str, str]]) -> None:
        """Take a table of addresses and their customers."""
        self._db.executemany(
            "insert into address values(?, ?, 0) on conflict(email)"
            " do update set several = customer <> excluded.customer or several",
            addresses,
        )

    def customer_of(self, email: str) -> tuple[str, bool] | None:
        """Give an address's customer, and whether it is another one's as well; None where it is nobody's."""
        found = self._db.execute("select customer, several from address where email = ?", (email,)).fetchone()
        return None if found is None else (found[0], bool(found[1]))

    def occurrence(self, told: str, line: int) -> tuple[int, int]:
        """Count a row without a key: how often the same was told by now, and in which line first."""
        count, first = self._db.execute(
            "insert into same values(?, 1, ?) on conflict(told) do update set count = count + 1 returning count, line",
            (told, line),
        ).fetchone()
        return count, first

    def close(self) -> None:
        """Drop the rows."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
