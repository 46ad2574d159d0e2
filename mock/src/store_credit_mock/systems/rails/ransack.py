"""The part of ransack's filters that a client of store credit can use (spree.md section 8, 13.11, D18)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from store_credit_mock.systems.rails.datetimes import parse
from store_credit_mock.systems.rails.parameters import to_decimal, to_integer

__all__ = ["ID", "MONEY", "TEXT", "TIME", "Column", "conditions", "escaped", "orders"]

Clause = tuple[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Column:
    """A column that may be filtered.

    Attributes:
        sql: What it is called in the statement; `{}` stands where the comparison goes for a column of another table.
        cast: What a text sent stands for.
        text: Whether it holds text.
        lowered: The same in lower case, where it is not `LOWER(sql)`.
    """

    sql: str
    cast: Callable[[Any], Any]
    text: bool = False
    lowered: str = ""


def _parts(value: Any, scale: int) -> Any:
    number, _ = to_decimal(value)
    if number is None:
        return None
    scaled = number * scale
    return int(scaled) if scaled == scaled.to_integral_value() and abs(scaled) < 2**62 else float(scaled)


def _text(value: Any) -> Any:
    return None if value is None else str(value)


def ID(sql: str) -> Column:  # noqa: N802 - reads as a type where columns are listed
    """A column of whole numbers."""
    return Column(sql, to_integer)


def MONEY(sql: str, scale: int = 100) -> Column:  # noqa: N802
    """A column of hundredths, or of other parts of a unit, compared with decimals."""
    return Column(sql, lambda value: _parts(value, scale))


def TEXT(sql: str, lowered: str = "") -> Column:  # noqa: N802
    """A column of text."""
    return Column(sql, _text, text=True, lowered=lowered or f"LOWER({sql})")


def TIME(sql: str) -> Column:  # noqa: N802
    """A column of times, compared with ISO 8601."""
    return Column(sql, parse)


_COMPARE: Final = {"eq": "=", "not_eq": "<>", "lt": "<", "lteq": "<=", "gt": ">", "gteq": ">="}
_LIKE: Final = {
    "cont": "%{}%", "i_cont": "%{}%", "not_cont": "%{}%", "start": "{}%", "not_start": "{}%", "end": "%{}",
    "not_end": "%{}", "matches": "{}", "does_not_match": "{}",
}  # fmt: skip
_TRUTH: Final = frozenset({"null", "not_null", "blank", "present", "true", "false"})
_YES: Final = frozenset({"1", "true", "t"})
_NO: Final = frozenset({"0", "false", "f"})
_PREDICATES: Final = sorted(
    [
        *(name + tail for name in (*_COMPARE, *_LIKE) for tail in ("", "_any", "_all")),
        *_TRUTH,
        "in",
        "not_in",
    ],
    key=len,
    reverse=True,
)
_SORT: Final = re.compile(r"\s*(\w+)(?:\s+(asc|desc))?\s*", re.IGNORECASE | re.ASCII)


def conditions(filters: Mapping[str, Any], columns: Mapping[str, Column]) -> Clause:
    """What the filters add to WHERE, each beginning with AND. Unknown names and blank values are left out."""
    parts: list[str] = []
    values: list[Any] = []
    for name, value in filters.items():
        predicate = next((known for known in _PREDICATES if name.endswith("_" + known)), None)
        if predicate is None:
            continue
        clause = _named(name[: -len(predicate) - 1], predicate, value, columns)
        if clause is not None:
            parts.append(f" AND ({clause[0]})")
            values.extend(clause[1])
    return "".join(parts), values


def orders(filters: Mapping[str, Any], columns: Mapping[str, Column]) -> list[str]:
    """What `filter[s]` orders by: `amount desc`, several parted by commas or sent as an array."""
    sent = filters.get("s")
    texts: Iterable[Any] = cast("list[Any]", sent) if isinstance(sent, list) else [sent]
    found: list[str] = []
    for text in texts:
        for part in text.split(",") if isinstance(text, str) else ():
            fit = _SORT.fullmatch(part)
            column = columns.get(fit[1]) if fit else None
            if fit is not None and column is not None and "{}" not in column.sql:
                found.append(f"{column.sql} {(fit[2] or 'asc').upper()}")
    return found


def _named(attributes: str, predicate: str, value: Any, columns: Mapping[str, Column]) -> Clause | None:
    word = " OR " if "_or_" in attributes else " AND "
    names = attributes.split("_or_" if "_or_" in attributes else "_and_")
    if any(name not in columns for name in names):
        return None
    clauses = [_clause(columns[name], predicate, value) for name in names]
    found = [clause for clause in clauses if clause is not None]
    if len(found) != len(clauses):
        return None
    return word.join(f"({clause[0]})" for clause in found), [item for clause in found for item in clause[1]]


def _clause(column: Column, predicate: str, value: Any) -> Clause | None:
    if predicate in _TRUTH:
        return _truth(column, predicate, value)
    if predicate in {"in", "not_in"}:
        sent = _present(cast("list[Any]", value) if isinstance(value, list) else [value])
        if not sent:
            return None
        comparison = f"{'NOT ' if predicate == 'not_in' else ''}IN ({', '.join('?' * len(sent))})"
        return _place(column, comparison), [column.cast(item) for item in sent]
    for tail, word in (("_any", " OR "), ("_all", " AND ")):
        if predicate.endswith(tail):
            sent = _present(cast("list[Any]", value) if isinstance(value, list) else [value])
            clauses = [_single(column, predicate[: -len(tail)], item) for item in sent]
            found = [clause for clause in clauses if clause is not None]
            if not found:
                return None
            return word.join(f"({clause[0]})" for clause in found), [item for clause in found for item in clause[1]]
    single = _last(value)
    return _single(column, predicate, single) if _present([single]) else None


def _single(column: Column, predicate: str, value: Any) -> Clause | None:
    if predicate in _COMPARE:
        sent = column.cast(value)
        return None if sent is None else (_place(column, f"{_COMPARE[predicate]} ?"), [sent])
    if not column.text:
        return None
    # SQLite compares LIKE without regard to case, PostgreSQL is asked to.
    text = str(value)
    pattern = _LIKE[predicate].format(text if predicate in {"matches", "does_not_match"} else escaped(text))
    comparison = "NOT LIKE" if predicate.startswith(("not_", "does_not")) else "LIKE"
    lowered = Column(column.lowered, column.cast, text=True)
    return _place(lowered, comparison + " ? ESCAPE '\\'"), [pattern.lower()]


def _truth(column: Column, predicate: str, value: Any) -> Clause | None:
    sent = str(_last(value)).lower()
    if sent not in _YES | _NO:
        return None
    if predicate in {"true", "false"}:
        return None
    positive = (predicate in {"null", "blank"}) == (sent in _YES)
    clause = _place(column, "IS NULL" if positive else "IS NOT NULL")
    if predicate in {"blank", "present"} and column.text:
        clause += f" {'OR' if positive else 'AND'} " + _place(column, "= ''" if positive else "<> ''")
    return clause, []


def _last(value: Any) -> Any:
    listed = cast("list[Any]", value) if isinstance(value, list) else [value]
    return listed[-1] if listed else None


def _place(column: Column, comparison: str) -> str:
    return column.sql.format(comparison) if "{}" in column.sql else f"{column.sql} {comparison}"


def escaped(text: str) -> str:
    """A text that stands for itself in a pattern of LIKE."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _present(values: Sequence[Any]) -> list[Any]:
    return [value for value in values if isinstance(value, str | int | float) and str(value).strip()]
