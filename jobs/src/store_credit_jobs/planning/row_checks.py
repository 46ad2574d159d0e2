"""From rows of text to rows that are valid by themselves: keys, customers, amounts, dates and memos."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, TypeVar

import attrs

from store_credit_jobs.errors import Problem
from store_credit_jobs.planning.amounts import SYSTEM_NAMES, AmountRules, CellError, CurrencyRule, expiry
from store_credit_jobs.planning.draft import Draft, DraftRow, DraftRows
from store_credit_jobs.planning.identifiers import (
    are_plain_ids,
    derived_key,
    identifier,
    is_formula,
    is_plain_memo,
    memo_text,
)
from store_credit_jobs.planning.problems import Problems, Warnings
from store_credit_jobs.planning.reading.rows import SourceRow, SourceRows
from store_credit_jobs.quoting import quoted, visible
from store_credit_jobs.systems.customer_form import are_customers, customer_form, is_customer
from store_credit_jobs.systems.system import Abilities

__all__ = ["RowChecks"]

T = TypeVar("T")

_FEW: Final = 8
_KEPT: Final = 10_000
"""How many dates and memos that were looked at are known again."""
_AMOUNTS_KEPT: Final = 50_000


class _Minors(dict[str, int]):
    """Amounts of one currency as minor units; the usual ones are read once."""

    def __init__(self, rule: CurrencyRule) -> None:
        super().__init__()
        self._rule = rule

    def __missing__(self, text: str) -> int:
        minor = self._rule.minor(text)
        if len(self) < _AMOUNTS_KEPT:
            self[text] = minor
        return minor


@attrs.define(slots=True, kw_only=True)
class RowChecks:
    """Checks rows one by one.

    Attributes:
        name: What problems call the file.
        mode: `add`, `set`, `reduce` or `refunds`.
        system: `vinr`, `spree-v2` or `spree-v3`.
        abilities: What it allows.
        rules: Its amounts.
        draft: Where addresses are known, and rows without a key are counted.
        problems: Takes what is wrong.
        warnings: Takes what is to be known.
        now: The server's time, seconds since 1970.
        by_email: Whether rows name their customer by address.
        expires: When credits expire of whose expiry the file says nothing, seconds since 1970, or None.
        most: The most minor units of a row, by currency.
        identical: Whether rows without a key may be equal.
        count: How many rows there were.
    """

    name: str
    mode: str
    system: str
    abilities: Abilities
    rules: AmountRules
    draft: Draft
    problems: Problems
    warnings: Warnings
    now: float
    by_email: bool = False
    expires: int | None = None
    most: Mapping[str, int] = attrs.field(factory=dict[str, int])
    identical: bool = False
    count: int = 0
    _memos: set[str] = attrs.field(factory=lambda: {""}, init=False)
    _keyed: bool | None = attrs.field(default=None, init=False)
    _readers: dict[str, _Minors] = attrs.field(factory=dict[str, "_Minors"], init=False)
    _dates: dict[str, int | None] = attrs.field(factory=dict[str, "int | None"], init=False)

    def rows(self, rows: Iterable[SourceRows]) -> Iterator[DraftRows]:
        """Go through the valid rows, many at a time; what is wrong with the others goes to the problems."""
        self._dates[""] = self.expires
        for some in rows:
            found = self._some(self.count + 1, some)
            self.count += len(some.line)
            if found.n:
                yield found

    def _some(self, number: int, rows: SourceRows) -> DraftRows:
        """Check rows together, which takes a tenth of the time; where one is unusual, fewer, and at last each."""
        plain = self._plain(number, rows)
        if plain is not None:
            return plain
        count = len(rows.line)
        if count > _FEW and not self._unusual:
            half = count // 2
            first = self._some(number, rows.between(0, half))
            return first.and_then(self._some(number + half, rows.between(half, count)))
        checked = (self._checked(n, row) for n, row in enumerate(rows.rows(), number))
        return DraftRows.of([row for row in checked if row is not None])

    @property
    def _unusual(self) -> bool:
        """Whether no row can be as simple as most are."""
        return self._keyed is False or self.by_email or self.mode in ("set", "refunds")

    def _plain(self, number: int, rows: SourceRows) -> DraftRows | None:
        """Take rows as simple as most are; None where one of them is not, and needs a look at each of its cells."""
        if not rows.line or not self._keyed or self._unusual:
            return None
        if not {*rows.mode} <= {"", self.mode} or not are_plain_ids("\x1f".join(rows.key)):
            return None
        if not are_customers[self.system]("\x1f".join(rows.customer)):
            return None
        # A memo that the system has no place for is told of once, where the first one is looked at.
        most = self.abilities.memo or sys.maxsize
        new = {*rows.memo} - self._memos
        if new and (len(self._memos) == 1 or not all(is_plain_memo(memo, most) for memo in new)):
            return None
        try:
            readers, dates = self._readers, self._dates
            amounts = zip(rows.currency, rows.amount, strict=True)
            minors = [readers[currency][amount] for currency, amount in amounts]
            expires = [dates[date] for date in rows.expires_at]
        except (KeyError, CellError):
            return None
        if min(minors) == 0 or (self.most and any(map(self._is_above, minors, rows.currency))):
            return None
        numbers, nothing = range(number, number + len(minors)), (None,) * len(minors)
        memos = [memo or None for memo in rows.memo]
        return DraftRows(
            numbers, rows.line, rows.key, rows.customer, minors, rows.currency, expires, memos, nothing, nothing
        )

    def _is_above(self, minor: int, currency: str) -> bool:
        return minor > self.most.get(currency, minor)

    def _checked(self, number: int, row: SourceRow) -> DraftRow | None:
        """Check a row cell by cell, and report all that is wrong with it."""
        wrong: list[CellError] = []

        def tried(check: Callable[[SourceRow], T]) -> T | None:
            try:
                return check(row)
            except CellError as error:
                wrong.append(error)
                return None

        key, customer, minor = tried(self._key), tried(self._customer), tried(self._amount)
        expires, memo, order, paid = tried(self._expires), tried(self._memo), tried(self._order), tried(self._paid)
        tried(self._mode)
        if not wrong:
            assert key is not None and customer is not None and minor is not None  # noqa: PT018 - for the type checker
            checked = DraftRow(number, row.line, key, customer, minor, row.currency, expires, memo, order, paid)
            if key:
                return checked
            return self._with_key(checked, row.line)
        shown = row.refund if self.mode == "refunds" else row.key
        for one in wrong:
            self.problems.report(Problem(one.code, one.text, self.name, row.line, visible(shown) or None))
        return None

    def _key(self, row: SourceRow) -> str:
        if self.mode == "refunds":
            return identifier(row.refund, "refund")
        if self._keyed is None:
            # The first row tells: keys are for all rows or for none.
            self._keyed = bool(row.key)
            if not self._keyed:
                self.warnings.add(
                    "rows have no keys, so keys are derived from their content: if you change a row and plan again, "
                    "it counts as a new row and is issued again",
                    row.line,
                )
        if self._keyed:
            return identifier(row.key, "key")
        if row.key:
            raise CellError(
                "key_missing", "this row has a key, but the first row has none; give a key to every row or to none"
            )
        return ""

    def _with_key(self, row: DraftRow, line: int) -> DraftRow:
        said = "\x1f".join((row.customer, str(row.minor), row.currency, str(row.expires or ""), row.memo or ""))
        occurrence, first = self.draft.occurrence(said, line)
        if occurrence > 1 and not self.identical:
            text = (
                f"the row is identical to line {first}; add keys or, if both rows are intended, pass --allow-identical"
            )
            self.problems.report(Problem("row_identical", text, self.name, line))
        return row._replace(key=derived_key(said, occurrence))

    def _customer(self, row: SourceRow) -> str:
        if not self.by_email:
            return self._customer_id(row.customer)
        email = identifier(row.email.strip(), "email")
        found = self.draft.customer_of(email.lower())
        if found is None:
            raise CellError("customer_unknown", f"email {quoted(email)} is not in the --map file")
        if found[1]:
            raise CellError(
                "customer_ambiguous", f"email {quoted(email)} belongs to more than one customer in the --map file"
            )
        return self._customer_id(found[0])

    def _customer_id(self, text: str) -> str:
        customer = identifier(text, "customer")
        if not is_customer(self.system, customer):
            name, form = SYSTEM_NAMES[self.system], customer_form(self.system)
            raise CellError(
                "customer_unknown", f"customer {quoted(customer)} is not a valid customer id for {name}; use {form}"
            )
        return customer

    def _amount(self, row: SourceRow) -> int:
        rule = self.rules.rule(row.currency)
        self._readers.setdefault(row.currency, _Minors(rule))
        minor = rule.minor(row.amount)
        if minor == 0 and self.mode != "set":
            raise CellError("amount_format", f"amount {quoted(row.amount)} is zero")
        most = self.most.get(row.currency)
        if most is not None and minor > most:
            raise CellError("row_limit", f"amount {quoted(row.amount)} exceeds the --max-row limit for {row.currency}")
        return minor

    def _expires(self, row: SourceRow) -> int | None:
        if not row.expires_at:
            return self.expires
        if not self.abilities.expiry:
            raise CellError(
                "mode_unsupported",
                f"expires_at {quoted(row.expires_at)}: credit on {SYSTEM_NAMES[self.system]} does not expire",
            )
        moment = expiry(row.expires_at, self.now)
        if len(self._dates) < _KEPT:
            self._dates[row.expires_at] = moment
        return moment

    def _memo(self, row: SourceRow) -> str | None:
        memo = memo_text(row.memo, self.abilities.memo)
        if memo is None:
            return None
        if self.abilities.memo == 0 and len(self._memos) == 1:
            self.warnings.add(
                f"{SYSTEM_NAMES[self.system]} has no memos: they are stored only in the plan and the journal"
            )
        if is_formula(memo):
            self.warnings.add("memos that begin like a formula are kept unchanged, but escaped in reports", row.line)
        elif len(self._memos) < _KEPT:
            self._memos.add(memo)
        return memo

    def _order(self, row: SourceRow) -> str | None:
        return identifier(row.order, "order") if self.mode == "refunds" else None

    def _paid(self, row: SourceRow) -> int | None:
        return self.rules.rule(row.currency).minor(row.paid, "paid") if self.mode == "refunds" else None

    def _mode(self, row: SourceRow) -> None:
        if row.mode and row.mode != self.mode:
            text = (
                f"the row has mode {quoted(row.mode)}, but the plan is made with --mode {self.mode}; a plan has "
                "only one mode"
            )
            raise CellError("mode_unsupported", text)
