"""An audit beside the books: each difference is listed, and books that cannot be read are refused by their line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs_support.audit_reports import AMOUNTS, AT, reported, snapshot_of
from jobs_support.listed_account import credit
from store_credit_jobs.audit.amounts import plain
from store_credit_jobs.audit.books import read_books
from store_credit_jobs.audit.database import Database
from store_credit_jobs.errors import JobsError


def test_books_that_say_something_else_are_listed(tmp_path: Path, audit_engine: Callable[[], Database]) -> None:
    held = [
        credit(1, customer="a", minor=1000, used=100),
        credit(2, customer="a", minor=500),
        credit(3, customer="b", minor=700, currency="JPY"),
        credit(4, customer="c", minor=300, expires=AT),
        credit(5, customer=None, minor=50),
        credit(6, customer="e", minor=1),
    ]
    books = tmp_path / "books.csv"
    books.write_text(
        "\ufeffnote,customer,currency,amount\r\n"
        'x,a,USD,10.00\r\n,a,USD,4\r\n"two\nlines",b,JPY,699\r\n\r\n,c,USD,0.00\r\n,d,USD,-2.50\r\n,,USD,0.5\r\n',
        encoding="utf-8",
        newline="",
    )
    drift = reported(snapshot_of(tmp_path, held), audit_engine, books=books).drift
    assert drift is not None
    assert [(one.customer, one.currency, one.books, one.server) for one in drift.differences] == [
        ("b", "JPY", 699, 700),
        ("d", "USD", -250, 0),
        ("e", "USD", 0, 1),
    ]
    assert [(one.currency, one.books, one.server, one.difference) for one in drift.totals] == [
        ("JPY", 699, 700, 1),
        ("USD", 1200, 1451, 251),
    ]
    assert (drift.rows, drift.count) == (6, 3)


@settings(deadline=None, max_examples=50)
@given(
    ours=st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from(["USD", "JPY"]), st.integers(0, 5) | AMOUNTS), max_size=20
    ),
    theirs=st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from(["USD", "JPY"]), st.integers(-5, 5)), max_size=20
    ),
)
def test_differences_are_those_of_two_plain_sums(
    ours: list[tuple[str, str, int]], theirs: list[tuple[str, str, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("books")
    rows = "".join(f"{customer},{currency},{plain(minor, currency)}\n" for customer, currency, minor in theirs)
    (folder / "books.csv").write_text(f"customer,currency,amount\n{rows}")
    held = [
        credit(place, customer=who, currency=currency, minor=minor) for place, (who, currency, minor) in enumerate(ours)
    ]
    drift = reported(snapshot_of(folder, held), books=folder / "books.csv").drift
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for place, rows_of in enumerate((theirs, ours)):
        for customer, currency, minor in rows_of:
            sums[customer, currency][place] += minor
    assert drift is not None
    found = {(one.customer, one.currency): [one.books, one.server] for one in drift.differences}
    assert found == {key: both for key, both in sums.items() if both[0] != both[1]}


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("customer,amount\na,5\n", 1, "each once: see currency"),
        ("customer,currency,amount,amount\n", 1, "each once: see amount"),
        ("", 1, "each once"),
        ("customer,currency,amount\na,USD,5\na,USD,1.005\n", 3, "has 3 decimals, but USD has 2"),
        ("customer,currency,amount\na,JPY,10.50\n", 2, "has 2 decimals, but JPY has 0"),
        ("customer,currency,amount\na,usd,5\n", 2, "'usd' is not an uppercase ISO 4217 code"),
        ("customer,currency,amount\na,USD,1e3\n", 2, "'1e3' is not a valid amount"),
        ("customer,currency,amount\na,USD\n", 2, "2 cells"),
        ('customer,currency,amount\na,USD,"5\n', 2, "it is not valid CSV"),
        ("customer,currency,amount\na,USD,99999999999999999999\n", 2, "is not a valid amount"),
        ("customer,currency,amount\na,BHD,9999999999999999\n", 2, "is too large"),
    ],
)
def test_books_that_cannot_be_read_are_refused_with_file_and_line(
    tmp_path: Path, text: str, line: int, why: str
) -> None:
    books = tmp_path / "books.csv"
    books.write_text(text)
    with pytest.raises(JobsError) as caught:
        list(read_books(books))
    said = str(caught.value.problems[0]) if caught.value.problems else caught.value.message
    assert said.startswith(f"{books}:{line}")
    assert why in said
