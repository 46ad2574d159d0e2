"""What an audit found. All amounts are integers of minor units; nothing here is a float but times."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import attrs

__all__ = ["Difference", "Drift", "Expiring", "Figures", "Holding", "Line", "Note", "Report", "Violation"]

Basis = Literal["snapshot", "ledger"]


@attrs.frozen(slots=True)
class Figures:
    """Sums over some credits of one currency, all but `credits` in its minor units.

    `issued` is always `used`, `expired` and `outstanding` together.

    Attributes:
        credits: How many there are.
        issued: What they were issued for.
        used: What of that is spent.
        authorized: What is set aside for orders that are not captured yet; it is a part of what is outstanding.
        expired: What was left when they expired.
    """

    credits: int = 0
    issued: int = 0
    used: int = 0
    authorized: int = 0
    expired: int = 0

    @property
    def outstanding(self) -> int:
        """What is owed, in minor units."""
        return self.issued - self.used - self.expired

    def less(self, others: Sequence[Figures]) -> Figures:
        """Give what is left of these without others that are among them."""
        return Figures(
            self.credits - sum(one.credits for one in others),
            self.issued - sum(one.issued for one in others),
            self.used - sum(one.used for one in others),
            self.authorized - sum(one.authorized for one in others),
            self.expired - sum(one.expired for one in others),
        )


@attrs.frozen(slots=True)
class Line:
    """Figures of a part of a currency's credits.

    Attributes:
        currency: The currency.
        name: Which part: an age, a month, a category, a campaign or a memo; None for credits that have none.
        figures: Its figures.
        rest: Whether it is what is left beside the parts that have a line of their own.
    """

    currency: str
    name: str | None
    figures: Figures
    rest: bool = False


@attrs.frozen(slots=True)
class Holding:
    """One credit, or one customer's credits of one currency, among the largest."""

    currency: str
    customer: str | None
    credit: str | None
    figures: Figures


@attrs.frozen(slots=True)
class Violation:
    """A credit that breaks a rule every credit keeps.

    Attributes:
        rule: `used_beyond_amount`, `amount_invalid`, `negative`, `listed_twice`, `mark_twice`, `currency_unknown` or
            `created_later`.
        credit: Its id.
        customer: Whose it is.
        currency: Its currency.
        minor: Its amount, `used` what of it is spent, `authorized` what is set aside; in minor units.
        text: What is wrong, for people.
    """

    rule: str
    credit: str
    customer: str | None
    currency: str
    minor: int
    used: int
    authorized: int
    text: str


@attrs.frozen(slots=True)
class Difference:
    """A customer and currency for which the books say something else than the server, in minor units."""

    customer: str | None
    currency: str
    books: int
    server: int

    @property
    def difference(self) -> int:
        """What the server owes more than the books say."""
        return self.server - self.books


@attrs.frozen(slots=True)
class Drift:
    """The books against the server.

    Attributes:
        books: The file's name.
        rows: How many rows it has.
        totals: Per currency what both say, also where that is equal: `customer` is None.
        differences: For each customer and currency that differs, the largest first; at most `listed` of them.
        count: How many there are.
        listed: How many are listed at most.
    """

    books: str
    rows: int
    totals: tuple[Difference, ...]
    differences: tuple[Difference, ...]
    count: int
    listed: int


@attrs.frozen(slots=True)
class Expiring:
    """What expires soon: the window as it was asked for, such as `30d`, and what that is per currency."""

    window: str
    lines: tuple[Line, ...]


@attrs.frozen(slots=True)
class Note:
    """What a reader of the figures has to know: a code for programs and a sentence."""

    code: str
    text: str


@attrs.frozen(slots=True)
class Report:
    """What an audit found.

    Attributes:
        account: The account's name, with its `system` and `host`.
        at: The time that the figures are about, ISO 8601 in UTC.
        started: When the reading of the snapshot began, likewise, and when it `ended`.
        sha256: The snapshot's seal.
        basis: `snapshot`: as it was read; `ledger`: worked out from what happened to each credit until `at`.
        notes: What a reader has to know.
        currencies: Figures per currency, those with the most credits first.
        ages: By time since the credits were issued.
        months: By the month in which they were issued, in UTC.
        categories: By category, `campaigns` by campaign, `memos` by memo: those of which the most is owed.
        history: What was owed at the last snapshot of each month.
        largest_credits: Per currency the ten of which the most is owed.
        largest_customers: Per currency the ten to whom the most is owed.
        violations: Credits that break a rule; at most 100 for each rule.
        violation_count: How many there are.
        possibly_edited: Credits whose amount at `at` the ledger cannot tell; at most 100.
        possibly_edited_count: How many there are.
        drift: The books against the server, where they were given.
        expiring: What expires soon, where that was asked for.
        engine: What added up: `sqlite` or `duckdb`.
    """

    account: str
    system: str
    host: str
    at: str
    started: str
    ended: str
    sha256: str
    basis: Basis
    notes: tuple[Note, ...]
    currencies: tuple[Line, ...]
    ages: tuple[Line, ...]
    months: tuple[Line, ...]
    categories: tuple[Line, ...]
    campaigns: tuple[Line, ...]
    memos: tuple[Line, ...]
    history: tuple[Line, ...]
    largest_credits: tuple[Holding, ...]
    largest_customers: tuple[Holding, ...]
    violations: tuple[Violation, ...]
    violation_count: int
    possibly_edited: tuple[Violation, ...]
    possibly_edited_count: int
    drift: Drift | None
    expiring: Expiring | None
    engine: str

    @property
    def sound(self) -> bool:
        """Whether no credit breaks a rule, and the books, where they were given, say the same."""
        return self.violation_count == 0 and (self.drift is None or self.drift.count == 0)
