"""The sums of an audit: per currency, by age, month, category, campaign and memo, and the largest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from store_credit_jobs.audit.database import AMOUNTS, Database
from store_credit_jobs.audit.report import Figures, Holding, Line

__all__ = ["AGE_NAMES", "EXPIRES_SOON", "OUTSTANDING", "ages", "by_currency", "expiring", "largest", "months", "parts"]

OUTSTANDING: Final = "minor - used - expired"
"""What is owed of a credit, in minor units; it fits 64 bits, as an amount has at most 61."""

EXPIRES_SOON: Final = "expires > {at} and expires <= {until} and minor - used - authorized > 0"
"""The condition of a credit that will expire between two times, and of which something is left."""

_DAY: Final = 86_400
_AGES: Final = ((30, "up to 30 days"), (90, "31 to 90 days"), (180, "91 to 180 days"), (365, "181 to 365 days"))
_OLDER: Final = ((730, "1 to 2 years"), (None, "over 2 years"))
AGE_NAMES: Final[tuple[str, ...]] = tuple(name for _, name in (*_AGES, *_OLDER))


def by_currency(database: Database) -> tuple[Line, ...]:
    """Add up each currency, those with the most credits first."""
    query = f"select currency, count(*), {database.sums(*AMOUNTS)} from credit group by 1 order by 2 desc, 1"  # noqa: S608
    return tuple(Line(row[0], None, _figures(database, row[1:])) for row in database.rows(query))


def ages(database: Database, at: int) -> tuple[Line, ...]:
    """Add up each currency by the days since the credits were issued, until `at` (seconds since 1970)."""
    whens = " ".join(
        f"when created > {at - (days + 1) * _DAY} then {place}"
        for place, (days, _) in enumerate((*_AGES, *_OLDER))
        if days is not None
    )
    query = f"""
        select currency, case {whens} else {len(AGE_NAMES) - 1} end as age, count(*), {database.sums(*AMOUNTS)}
        from credit group by 1, 2 order by 1, 2"""  # noqa: S608
    return tuple(Line(row[0], AGE_NAMES[int(row[1])], _figures(database, row[2:])) for row in database.rows(query))


def months(database: Database) -> tuple[Line, ...]:
    """Add up each month in which credits were issued, such as `2026-11`, in UTC."""
    query = f"""
        select currency, {database.month("created")} as month, count(*), {database.sums(*AMOUNTS)}
        from credit group by 1, 2 order by 1, 2"""  # noqa: S608
    return tuple(Line(row[0], row[1], _figures(database, row[2:])) for row in database.rows(query))


def parts(database: Database, column: str, currencies: Iterable[Line], most: int) -> tuple[Line, ...]:
    """Add up by a column, in each currency the parts of which the most is owed, and the rest in a line of its own.

    Args:
        database: Where the credits are.
        column: `category`, `campaign` or `memo`.
        currencies: What `by_currency` gave.
        most: How many parts of a currency get a line.
    """
    query = f"""
        with part as (
            select currency, {column} as name, count(*) as credits, {database.sums(*AMOUNTS)},
                row_number() over (partition by currency order by {database.largest(OUTSTANDING)}, {column}) as place
            from credit group by 1, 2
        )
        select currency, name, credits, {database.names(*AMOUNTS)} from part where place <= {most} order by 1, place"""  # noqa: S608
    found: dict[str, list[Line]] = {line.currency: [] for line in currencies}
    for row in database.rows(query):
        found[row[0]].append(Line(row[0], row[1], _figures(database, row[2:])))
    lines: list[Line] = []
    for whole in currencies:
        mine = found[whole.currency]
        rest = whole.figures.less([line.figures for line in mine])
        lines.extend(mine)
        if rest.credits:
            lines.append(Line(whole.currency, None, rest, rest=True))
    return tuple(lines)


def largest(database: Database, most: int) -> tuple[tuple[Holding, ...], tuple[Holding, ...]]:
    """Give per currency the credits of which the most is owed, and the customers to whom the most is owed."""
    of_credits = f"""
        with ranked as (
            select currency, customer, id, minor, used, authorized, expired,
                row_number() over (partition by currency order by {OUTSTANDING} desc, id) as place
            from credit where {OUTSTANDING} > 0
        )
        select currency, customer, id, minor, used, authorized, expired from ranked
        where place <= {most} order by 1, place"""  # noqa: S608
    of_customers = f"""
        with holder as (
            select currency, customer, count(*) as credits, {database.sums(*AMOUNTS)},
                row_number() over (partition by currency order by {database.largest(OUTSTANDING)}, customer) as place
            from credit where customer is not null group by 1, 2 having {database.differs(OUTSTANDING)}
        )
        select currency, customer, credits, {database.names(*AMOUNTS)} from holder
        where place <= {most} order by 1, place"""  # noqa: S608
    one = tuple(Holding(row[0], row[1], row[2], Figures(1, *row[3:])) for row in database.rows(of_credits))
    all_of = (Holding(row[0], row[1], None, _figures(database, row[2:])) for row in database.rows(of_customers))
    return one, tuple(holding for holding in all_of if holding.figures.outstanding > 0)


def expiring(database: Database, at: int, until: int) -> tuple[Line, ...]:
    """Add up per currency what is left of the credits that expire after `at` and not after `until` (seconds)."""
    query = f"""
        select currency, count(*), {database.sums(*AMOUNTS)} from credit
        where {EXPIRES_SOON.format(at=at, until=until)} group by 1 order by 2 desc, 1"""  # noqa: S608
    return tuple(Line(row[0], None, _figures(database, row[1:])) for row in database.rows(query))


def _figures(database: Database, columns: Sequence[Any]) -> Figures:
    return Figures(columns[0], *database.combine(columns[1:]))
