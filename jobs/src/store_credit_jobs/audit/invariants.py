"""Rules that every credit keeps, and the credits that break one."""

from __future__ import annotations

from typing import Any, Final

from store_credit_jobs.audit.amounts import exponent
from store_credit_jobs.audit.database import Database
from store_credit_jobs.audit.report import Violation

__all__ = ["MOST_LISTED", "violations"]

MOST_LISTED: Final = 100
"""How many credits are listed for each rule; all are counted."""

_COLUMNS: Final = "id, customer, currency, minor, used, authorized, invalid"
# A server's clock, and the one that wrote the snapshot, may differ by a few minutes.
_LATER: Final = 300


def violations(database: Database, at: int) -> tuple[tuple[Violation, ...], int]:
    """Look for credits that break a rule.

    Args:
        database: Where the credits are.
        at: What the figures are about, in seconds since 1970.

    Returns:
        Some of them for each rule, and how many there are.
    """
    unknown = [row[0] for row in database.rows("select distinct currency from credit") if exponent(row[0]) is None]
    twice = "in (select {0} from credit where {0} is not null group by {0} having count(*) > 1)"
    rules: list[tuple[str, str, str, tuple[object, ...]]] = [
        ("used_beyond_amount", "used + authorized > minor", "more has been used and authorized than was issued", ()),
        (
            "amount_invalid",
            "invalid is not null",
            "it is not included in any sum, because this is not a valid amount",
            (),
        ),
        ("negative", "minor < 0 or used < 0 or authorized < 0", "an amount is below 0", ()),
        ("listed_twice", f"id {twice.format('id')}", "the server listed it more than once", ()),
        ("mark_twice", f"mark {twice.format('mark')}", "another credit has the same mark: one row created both", ()),
        ("created_later", "created > ?", "it was issued after the time that the figures refer to", (at + _LATER,)),
    ]
    if unknown:
        places = ", ".join("?" * len(unknown))
        text = "its currency is not an uppercase ISO 4217 code: its amounts are shown in minor units"
        rules.append(("currency_unknown", f"currency in ({places})", text, tuple(unknown)))
    found: list[Violation] = []
    count = 0
    for rule, condition, text, arguments in rules:
        (here,) = next(database.rows(f"select count(*) from credit where {condition}", *arguments))  # noqa: S608
        count += here
        if here:
            query = f"select {_COLUMNS} from credit where {condition} order by {_order(rule)} limit {MOST_LISTED}"  # noqa: S608
            found.extend(_violation(rule, text, row) for row in database.rows(query, *arguments))
    return tuple(found), count


def _order(rule: str) -> str:
    return "mark, id" if rule == "mark_twice" else "id"


def _violation(rule: str, text: str, row: tuple[Any, ...]) -> Violation:
    credit, customer, currency, minor, used, authorized, invalid = row
    if rule == "amount_invalid":
        text = f"{invalid}: {text}"
    return Violation(rule, credit, customer, currency, minor, used, authorized, text)
