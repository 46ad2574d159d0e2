"""A row as it stands in a file, all of it text, and the columns that there may be."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple

from store_credit_jobs.errors import Problem
from store_credit_jobs.quoting import did_you_mean, quoted

__all__ = ["BATCH", "COLUMNS", "Columns", "Report", "SourceRow", "SourceRows", "StoppedError"]

BATCH: Final = 1024
"""How many rows are handed on at a time."""

Report = Callable[[Problem], None]
"""Takes what is wrong with a row; reading goes on."""


class SourceRow(NamedTuple):
    """A row of a file. What it does not say is an empty text.

    Attributes:
        line: The line it begins in, or its number in a Parquet file; from 1.
    """

    line: int
    key: str
    customer: str
    email: str
    amount: str
    currency: str
    expires_at: str
    memo: str
    mode: str
    order: str
    refund: str
    paid: str


COLUMNS: Final = SourceRow._fields[1:]


class SourceRows(NamedTuple):
    """Many rows, column by column, as they are checked fastest; each column is that of `SourceRow`."""

    line: Sequence[int]
    key: Sequence[str]
    customer: Sequence[str]
    email: Sequence[str]
    amount: Sequence[str]
    currency: Sequence[str]
    expires_at: Sequence[str]
    memo: Sequence[str]
    mode: Sequence[str]
    order: Sequence[str]
    refund: Sequence[str]
    paid: Sequence[str]

    @classmethod
    def of(cls, rows: Iterable[Sequence[Any]]) -> SourceRows:
        """Lay rows out by column."""
        columns = list(zip(*rows, strict=True))
        return cls(*columns) if columns else cls(*((),) * len(cls._fields))

    def rows(self) -> Iterator[SourceRow]:
        """Go through them row by row."""
        return map(SourceRow._make, zip(*self, strict=True))

    def between(self, start: int, end: int) -> SourceRows:
        """Give some of the rows."""
        return SourceRows._make(column[start:end] for column in self)


class StoppedError(Exception):
    """The rest of a file cannot be read.

    Attributes:
        code: As `Problem.code`.
        text: What is wrong and what to do.
        line: The line, or None.
    """

    def __init__(self, code: str, text: str, line: int | None = None) -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.line = line


class Columns(NamedTuple):
    """Which columns a file has to have and may have.

    Attributes:
        needed: It must have them.
        allowed: It may have them; `x_...` besides, which nobody reads.
        advice: What to do about a column that another plan takes, by its name.
    """

    needed: Collection[str]
    allowed: Collection[str]
    advice: dict[str, str]

    @classmethod
    def of(cls, mode: str, *, by_email: bool) -> Columns:
        """Give those of a mode.

        Args:
            mode: `add`, `set`, `reduce` or `refunds`.
            by_email: Customers are named by their address, and looked up in a table (`--map email=FILE`).
        """
        who, other = ("email", "customer") if by_email else ("customer", "email")
        advice = {
            other: "with --map email=FILE, the column email identifies the customer; to keep this column, rename it "
            "x_customer"
            if by_email
            else "to identify customers by email, pass --map email=FILE; to have it ignored, rename it x_email",
        }
        needed = [who, "amount", "currency"]
        optional = ["memo", "mode"]
        if mode in ("add", "set", "refunds"):
            optional.append("expires_at")
        else:
            advice["expires_at"] = "rows that reduce credit have no expiry; to have it ignored, rename it x_expires_at"
        if mode == "refunds":
            needed += ["order", "refund", "paid"]
            advice["key"] = "the key of a refund is its id in the column refund; to have it ignored, rename it x_key"
        else:
            optional.append("key")
            advice |= dict.fromkeys(("order", "refund", "paid"), "pass --mode refunds if these are refunds")
        return cls(needed, [*needed, *optional], advice)

    def unknown(self, names: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Say what is wrong with columns that should not be there, each as code and text."""
        for name in names:
            if name in self.allowed or name.startswith("x_"):
                continue
            if name in self.advice:
                yield "column_unknown", f"the column {name} cannot be used: {self.advice[name]}"
                continue
            near = did_you_mean(name, self.allowed)
            yield (
                "column_unknown",
                (
                    f"unknown column {quoted(name)}{near}; known columns: {', '.join(self.allowed)}, and x_... for "
                    "your own"
                ),
            )

    def wrong(self, names: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Say what is wrong with a header, each as code and text."""
        for name in dict.fromkeys(name for name in names if names.count(name) > 1):
            yield "column_double", f"the column {quoted(name)} occurs twice"
        yield from self.unknown(list(dict.fromkeys(names)))
        for name in self.needed:
            if name not in names:
                yield "column_missing", f"the column {name} is missing; {', '.join(self.needed)} are required"
