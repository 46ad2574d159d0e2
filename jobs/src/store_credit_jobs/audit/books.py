"""The books against the server: what a customer is owed by a CSV file, and by the credits."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from store_credit_jobs.audit.amounts import minor_of
from store_credit_jobs.audit.database import BooksRow, Database
from store_credit_jobs.audit.figures import OUTSTANDING
from store_credit_jobs.audit.report import Difference, Drift
from store_credit_jobs.errors import JobsError, Problem
from store_credit_jobs.snapshots.credit_line import LARGEST

__all__ = ["MOST_LISTED", "compare", "read_books"]

MOST_LISTED: Final = 100_000
"""How many differences are listed; all are counted."""

_COLUMNS: Final = ("customer", "currency", "amount")
_MOST_PROBLEMS: Final = 50


def read_books(path: Path) -> Iterator[BooksRow]:
    """Read a CSV file with the columns customer, currency and amount; other columns are left alone.

    A customer may have several rows of a currency, which are added up, and an empty customer stands for credits of
    nobody. Amounts are digits with a point, at most with the decimals of their currency, and may be negative.

    Yields:
        Customer, currency and minor units of each row.

    Raises:
        JobsError: `books_invalid`: names file and line of each mistake, after all rows have been read.
    """
    problems: list[Problem] = []
    try:
        file = path.open(encoding="utf-8-sig", newline="")
    except OSError as error:
        raise JobsError("books_invalid", f"{path}: the books cannot be read: {error.strerror}") from None
    with file:
        reader = csv.reader(file, strict=True)
        line = 1
        try:
            places = _places(next(reader, list[str]()), path)
            width = max(places) + 1
            line = reader.line_num + 1
            for row in reader:
                # Where the row begins: a cell may hold line breaks.
                first, line = line, reader.line_num + 1
                if not row:
                    continue
                try:
                    if len(row) < width:
                        raise ValueError(f"the row has {len(row)} cells, but the header requires {width}")
                    customer, currency, amount = (row[place] for place in places)
                    minor = minor_of(amount, currency)
                    if abs(minor) > LARGEST:
                        raise ValueError(f"amount {amount!r} is too large")
                except ValueError as error:
                    problems.append(Problem("books_invalid", str(error), str(path), first))
                    if len(problems) >= _MOST_PROBLEMS:
                        break
                else:
                    yield customer or None, currency, minor
        except (csv.Error, UnicodeDecodeError) as error:
            text = f"from this point on, it is not valid CSV in UTF-8: {error}"
            problems.append(Problem("books_invalid", text, str(path), line))
    if problems:
        raise JobsError("books_invalid", f"{path} is not valid, so nothing was compared", problems=problems)


def compare(database: Database, name: str) -> Drift:
    """Compare the tables `books` and `credit`, per customer and currency."""
    both = f"""(
        select customer, currency, minor as books, 0 as server from books
        union all
        select customer, currency, 0 as books, {OUTSTANDING} as server from credit
    )"""  # noqa: S608
    sums = database.sums("books", "server")
    (rows,) = next(database.rows("select count(*) from books"))
    totals = f"select currency, {sums} from {both} as it group by 1 order by 1"  # noqa: S608
    differing = f"""
        select customer, currency, {sums} from {both} as it group by 1, 2 having {database.differs("server - books")}"""  # noqa: S608
    (count,) = next(database.rows(f"select count(*) from ({differing}) as them"))  # noqa: S608
    listed = database.rows(f"{differing} order by {database.largest('server - books')}, customer limit {MOST_LISTED}")
    differences = [Difference(row[0], row[1], *database.combine(row[2:])) for row in listed]
    return Drift(
        books=name,
        rows=rows,
        totals=tuple(Difference(None, row[0], *database.combine(row[1:])) for row in database.rows(totals)),
        differences=tuple(sorted(differences, key=_largest_first)),
        count=count,
        listed=MOST_LISTED,
    )


def _largest_first(one: Difference) -> tuple[str, int, str]:
    return one.currency, -abs(one.difference), one.customer or ""


def _places(header: list[str], path: Path) -> list[int]:
    names = [name.strip() for name in header]
    wrong = [name for name in _COLUMNS if names.count(name) != 1]
    if wrong:
        text = f"the header must contain the columns customer, currency and amount, each once: see {', '.join(wrong)}"
        raise JobsError("books_invalid", str(Problem("books_invalid", text, str(path), 1)))
    return [names.index(name) for name in _COLUMNS]
