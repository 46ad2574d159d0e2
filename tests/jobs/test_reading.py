"""Files as they come: CSV of every kind, JSON lines, Parquet, pipes; and hostile ones, refused with file and line."""

from __future__ import annotations

import gzip
import io
import json
import os
import sys
import threading
import tracemalloc
from pathlib import Path

import pytest

from jobs_support.planning import SPREE_V2, SPREE_V3, Desk, ReadSystem, csv, jsonl
from store_credit_jobs.errors import JobsError
from store_credit_jobs.planning.reading import csv_file, lines

HEADER = "key,customer,amount,currency"
ROW = "a,c1,12.50,USD"


# CSV as programs write it


@pytest.mark.parametrize(
    ("content", "delimiter"),
    [
        (f"{HEADER}\n{ROW}\n", "comma"),
        (f"\ufeff{HEADER}\r\n{ROW}\r\n", "comma"),
        (f"{HEADER}\n{ROW}", "comma"),
        (f"{HEADER}\r{ROW}\r", "comma"),
        (f"{HEADER}\n\n{ROW}\n\n\n", "comma"),
        (f"{HEADER}\n{ROW}\n".replace(",", ";"), "semicolon"),
        (f"{HEADER}\n{ROW}\n".replace(",", "\t"), "tab"),
        (f"{HEADER}\n{ROW}\n".replace(",", "|"), "bar"),
        ('"key","customer","amount","currency"\n"a","c1","12.50","USD"\n', "comma"),
        ("x_name,currency,amount,customer,key\nMüller,USD,12.50,c1,a\n", "comma"),
    ],
)
def test_csv_of_every_kind(content: str, delimiter: str, desk: Desk) -> None:
    planned = desk.plan(content)
    assert planned.told == [("a", "create", "c1", 1250, "USD", None, None)]
    assert planned.made.read == f"CSV with {delimiter} as the delimiter"


def test_a_cell_with_line_breaks_does_not_move_the_lines(desk: Desk) -> None:
    content = csv('a,1,1,USD,"one\r\ntwo\n\nthree"', "", 'b,2,1,USD,"x"', "c,3,no,USD,", header=f"{HEADER},memo")
    assert desk.problems(content, system="spree-v2") == [("amount_format", 8)]
    planned = desk.plan(content.replace("no", "1"), system="spree-v2")
    assert [(row.line, row.memo) for row in planned.rows] == [(2, "one\r\ntwo\n\nthree"), (7, "x"), (8, None)]


def test_a_delimiter_is_said_or_found_out(desk: Desk) -> None:
    semicolons = csv("a;c1;12.50;USD", header="key;customer;amount;currency")
    assert desk.plan(semicolons, delimiter=";").rows[0].minor == 1250
    assert ("column_missing", 1) in desk.problems(semicolons, delimiter=",")
    # An unquoted decimal comma makes a cell too many.
    assert desk.problems(csv("a,c1,12,50,USD")) == [("row_ragged", 2)]


@pytest.mark.parametrize(
    ("header", "problems", "said"),
    [
        ("key,customer,amount,currency,amount", ["column_double"], '"amount" occurs twice'),
        ("key,customer,amount,curency", ["column_unknown", "column_missing"], 'did you mean "currency"?'),
        ("Key,customer,amount,currency", ["column_unknown"], 'did you mean "key"?'),
        ("key,customer,currency", ["column_missing"], "column amount is missing"),
        ("key,email,amount,currency", ["column_unknown", "column_missing"], "--map email=FILE"),
        ("key,customer,amount,currency,refund", ["column_unknown"], "--mode refunds"),
        ("key,customer,amount,currency,note", ["column_unknown"], "x_... for your own"),
        ("key,customer,amount,currency,", ["column_unknown"], 'unknown column ""'),
    ],
)
def test_columns_are_checked_before_rows(header: str, problems: list[str], said: str, desk: Desk) -> None:
    found = desk.refused(csv("1,2,3,4", header=header))
    assert [problem.code for problem in found.problems] == problems
    assert {problem.line for problem in found.problems} == {1}
    assert said in found.problems[0].text


# Hostile files


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        (b"", "file_empty", None),
        (b"\xef\xbb\xbf", "file_empty", None),
        (f"{HEADER}\n".encode(), "file_empty", None),
        (f"{HEADER}\n{ROW}\nb,c\0,1,USD\n".encode(), "encoding", 3),
        (f"{HEADER}\n{ROW}\nb,M\xfcller,1,USD\n".encode("latin-1"), "encoding", 3),
        (f"{HEADER}\n{ROW}\n".encode("utf-16"), "file_format", None),
        (gzip.compress(f"{HEADER}\n{ROW}\n".encode(), mtime=0), "file_format", None),
        (b"PK\x03\x04 a workbook", "file_format", None),
        (f'{HEADER}\n{ROW}\nb,"c2,1,USD\n'.encode(), "csv_quotes", 3),
        (f'{HEADER}\n{ROW}\nb,"c"2,1,USD\n'.encode(), "csv_quotes", 3),
        (f'{HEADER}\n{ROW}\nb,"{"x" * 200_000}",1,USD\n'.encode(), "cell_limit", 3),
        (f"{HEADER}\n{ROW}\nb,c2,1\n".encode(), "row_ragged", 3),
        (f"{HEADER}\n{ROW}\n{'k' * 201},c2,1,USD\n".encode(), "key_missing", 3),
        (f'{HEADER}\n{ROW}\n"b\nc",c2,1,USD\n'.encode(), "key_missing", 3),
        (f"{HEADER}\n{ROW}\nb\u200b,c2,1,USD\n".encode(), "key_missing", 3),
        (f"{HEADER}\n{ROW}\nb,\u202ec2,1,USD\n".encode(), "customer_unknown", 3),
        (f"{HEADER}\n{ROW}\nb, c2,1,USD\n".encode(), "customer_unknown", 3),
        (f"{HEADER}\n{ROW}\n,c2,1,USD\n".encode(), "key_missing", 3),
        (f"{HEADER}\n{ROW}\nb,c2,12,50,USD\n".encode(), "row_ragged", 3),
        (f"{HEADER}\n{ROW}\nb,c2,1e3,USD\n".encode(), "amount_format", 3),
        (f"{HEADER}\n{ROW}\nb,c2,\uff11\uff12,USD\n".encode(), "amount_format", 3),
        (f"{HEADER}\n{ROW}\nb,c2,92233720368547758.08,USD\n".encode(), "amount_format", 3),
    ],
)
def test_a_hostile_file_is_refused_with_its_line(content: bytes, code: str, line: int | None, desk: Desk) -> None:
    found = desk.refused(content)
    assert [(problem.code, problem.line) for problem in found.problems] == [(code, line)]
    # Nothing in it can move a terminal's cursor or begin a line.
    assert all(str(problem).isprintable() for problem in found.problems)


def test_a_cell_of_a_hundred_megabytes_leaves_memory_flat(desk: Desk) -> None:
    path = desk.folder / "a.csv"
    with path.open("wb") as file:
        file.write(f"{HEADER}\n{ROW}\nb,".encode())
        for _ in range(100):
            file.write(b"x" * 1_000_000)
        file.write(b",1,USD\n")
    tracemalloc.start()
    try:
        assert desk.problems(path) == [("cell_limit", 3)]
        assert tracemalloc.get_traced_memory()[1] < 12_000_000
    finally:
        tracemalloc.stop()


def test_memory_stays_flat_over_rows(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Six thousand rows take hardly more than one: what is compared is in a file."""
    monkeypatch.setattr(lines, "_CHUNK", 4096)
    monkeypatch.setattr(csv_file, "BATCH", 50)
    peaks: list[int] = []
    for rows in (1_000, 1_000, 6_000):
        path = desk.file(csv(*(f"ord-{n},cust-{n},1.00,USD" for n in range(rows))))
        tracemalloc.start()
        try:
            desk.make(path)
            peaks.append(tracemalloc.get_traced_memory()[1])
        finally:
            tracemalloc.stop()
    assert peaks[2] < 1.3 * peaks[1]


def test_the_first_hundred_of_a_thousand_problems(desk: Desk) -> None:
    found = desk.refused(csv(*(f"k{n},c,1e3,USD" for n in range(1234))))
    assert "1,234 problems; these are the first 100" in found.message
    assert found.code == "amount_format"
    assert [problem.line for problem in found.problems] == list(range(2, 102))


def test_all_that_is_wrong_with_a_row_is_told(desk: Desk) -> None:
    found = desk.problems(csv(",,x,usd,2020-01-01,set", header=f"{HEADER},expires_at,mode"))
    assert [code for code, _ in found] == [
        "customer_unknown", "currency_unknown", "date_zone", "mode_unsupported",
    ]  # fmt: skip


def test_a_memo_may_be_a_formula_and_is_warned_of(desk: Desk) -> None:
    content = csv("a,1,1,USD,=1+1", "b,2,1,USD,@x", "c,3,1,USD,fine", header=f"{HEADER},memo")
    planned = desk.plan(content, system="spree-v2")
    assert [row.memo for row in planned.rows] == ["=1+1", "@x", "fine"]
    assert any("formula" in one and "(2 rows, first in line 2)" in one for one in planned.made.warnings)


@pytest.mark.parametrize(
    ("memo", "code"),
    [("x" * 5001, "memo_limit"), ("a\x1b[2Jb", "memo_format"), ("see [sc1.nov.aaaa.1]", "memo_format")],
)
def test_what_a_memo_may_not_be(memo: str, code: str, desk: Desk) -> None:
    assert desk.problems(csv(f"a,1,1,USD,{memo}", header=f"{HEADER},memo"), system="spree-v2") == [(code, 2)]


# JSON lines


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            '{"key": "b", "customer": "17", "amount": 12.5, "currency": "USD"}',
            'amount is the number 12.5; write a string such as "12.50"',
        ),
        ('{"key": "b", "customer": "17", "amount": 1250, "currency": "USD"}', "minor units"),
        ('{"key": "b", "customer": "17", "amount": 1e400, "currency": "USD"}', "amount is the number 1e400"),
        ('{"key": "b", "customer": "17", "amount": NaN, "currency": "USD"}', "amount is the number NaN"),
        (
            '{"key": "b", "customer": 1.5, "amount": "1", "currency": "USD"}',
            "customer is a number with a decimal point",
        ),
        ('{"key": "b", "customer": ["c"], "amount": "1", "currency": "USD"}', "customer is not a string"),
        ('{"key": "b", "key": "c"}', 'the member "key" occurs twice'),
        ('{"key": "b", "custmer": "c", "amount": "1", "currency": "USD"}', 'did you mean "customer"?'),
        ('{"key": "b", "customer": "17", "amount": "1"', "not valid JSON"),
        ("[" * 100_000, "not valid JSON"),
        ('["b"]', "not an array of objects"),
        ("7", "write an object"),
        ('{"key": "b", "customer": "\\ud800", "amount": "1", "currency": "USD"}', "invisible character"),
        ('{"key": "b", "customer": "17", "currency": "USD"}', 'amount "" is empty'),
        ('{"key": "b", "customer": "17", "amount": "1", "currency": "USD", "memo": "\\ud800"}', "control character"),
        (f'{{"key": "b", "customer": "17", "amount": {"9" * 5000}}}', "amount is the number"),
    ],
)
def test_json_lines_that_are_refused(line: str, said: str, desk: Desk) -> None:
    first = '{"key": "a", "customer": "17", "amount": "1", "currency": "USD", "x_more": {"y": [1.5]}, "memo": null}'
    found = desk.refused(f"{first}\n\n{line}\n", system="spree-v2")
    assert [problem.line for problem in found.problems] == [3]
    assert said in found.problems[0].text
    assert str(found.problems[0]).isprintable()


def test_json_lines_with_numbers_as_ids(desk: Desk) -> None:
    """Spree v2 numbers its customers, and programs write these as numbers."""
    content = "\ufeff" + jsonl({"key": 7, "customer": 17, "amount": "1.00", "currency": "USD"})
    assert desk.plan(content).told == [("7", "create", "17", 100, "USD", None, None)]


def test_an_array_of_json_is_told_what_to_be(desk: Desk) -> None:
    found = desk.refused(json.dumps([{"key": "a"}]))
    assert "one object on each line" in found.problems[0].text


# Parquet


def parquet(desk: Desk, select: str, name: str = "a.parquet") -> Path:
    duckdb = pytest.importorskip("duckdb")
    path = desk.folder / name
    duckdb.execute(f"copy ({select}) to '{path}' (format parquet)")
    return path


COLUMNS = "'a' as key, 'c1' as customer, 'USD' as currency"


@pytest.mark.parametrize(
    "amount",
    ["'12.50'", "12.50::decimal(9,2)", "12.5::decimal(12,4)", "12.5::decimal(38,1)"],
)
def test_exact_amounts_of_parquet(amount: str, desk: Desk) -> None:
    planned = desk.plan(parquet(desk, f"select {COLUMNS}, {amount} as amount"))
    assert planned.told == [("a", "create", "c1", 1250, "USD", None, None)]
    assert planned.made.read == "Parquet"


@pytest.mark.parametrize(
    ("select", "code", "said"),
    [
        ("12.5::double as amount", "amount_format", "DOUBLE, which is not exact"),
        ("12.5::float as amount", "amount_format", "FLOAT, which is not exact"),
        ("1250::bigint as amount", "amount_format", "may be minor units"),
        ("true as amount", "amount_format", "BOOLEAN"),
        ("'1' as amount, 1.5::double as x_rate, 1.0::double as memo", "amount_format", "column memo"),
        ("'1' as amount, timestamp '2027-01-01' as expires_at", "date_zone", "without a zone"),
        ("'1' as amount, date '2027-01-01' as expires_at", "date_zone", "DATE"),
        ("'1' as amount, 'x' as note", "column_unknown", "unknown column"),
    ],
)
def test_columns_of_parquet_that_are_refused(select: str, code: str, said: str, desk: Desk) -> None:
    found = desk.refused(parquet(desk, f"select {COLUMNS}, {select}"), name="a.parquet")
    assert [problem.code for problem in found.problems] == [code]
    assert said in found.problems[0].text


def test_parquet_of_many_rows_keeps_their_order(desk: Desk) -> None:
    select = (
        "select 'k' || i as key, i::bigint as customer, (i / 100)::decimal(12,2) as amount, 'USD' as currency, "
        "case when i % 2 = 0 then timestamptz '2027-12-31 23:59:59+00' end as expires_at from range(1, 9001) t(i)"
    )
    planned = desk.plan(parquet(desk, select, "we[i]rd*.parquet"))
    assert [row.key for row in planned.rows] == [f"k{i}" for i in range(1, 9001)]
    assert [row.minor for row in planned.rows] == list(range(1, 9001))
    assert planned.rows[1].expires == 1_830_297_599
    assert planned.rows[0].expires is None
    assert (planned.rows[8000].line, planned.rows[8000].customer) == (8001, "8001")


def test_parquet_that_is_broken_or_cannot_be_read(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("duckdb")
    assert desk.problems(b"PAR1 and nothing more", name="a.parquet") == [("parquet", None)]
    whole = parquet(desk, f"select {COLUMNS}, '1' as amount")
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(JobsError, match=r"pip install 'store-credit-jobs\[parquet\]'") as caught:
        desk.plan(whole)
    assert caught.value.code == "extra_missing"


# Where files come from


def test_standard_input_and_pipes(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(csv(ROW).encode())))
    planned = desk.plan("", file="-")
    assert planned.made.head.source["name"] == "standard input"
    pipe = desk.folder / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_text(csv(ROW)))
    writer.start()
    again = desk.plan(pipe)
    writer.join()
    assert again.told == planned.told
    assert again.made.head.source["sha256"] == planned.made.head.source["sha256"]
    for path in (desk.folder, desk.folder / "absent.csv"):
        with pytest.raises(JobsError) as caught:
            desk.plan(path)
        assert caught.value.code == "file_missing"


def test_a_file_that_grows_while_it_is_read_is_refused(desk: Desk) -> None:
    path = desk.file(csv(ROW))

    def appending(what: str, rows: int) -> None:
        with path.open("a") as file:
            file.write("b,c2,1,USD\n")

    with pytest.raises(JobsError) as caught:
        desk.plan(path, progress=appending)
    assert caught.value.code == "file_changed"
    assert not desk.output.exists()


# The tables beside it


def test_customers_are_compared_with_a_list(desk: Desk) -> None:
    listed = desk.file('c1\n"c2"\n\nc3\n', "customers.txt")
    content = csv("a,c1,1,USD", "b,c2,1,USD", "c,c4,1,USD", "d,c4,1,USD")
    assert desk.problems(content, customers=listed) == [("customer_unknown", 4)]
    table = desk.file("id;customer\n1;c1\n2;c2\n4;c4\n", "table.csv")
    assert len(desk.plan(content, customers=table).rows) == 4
    for text, said in (
        ("id;name\n1;c1\n", "column customer not found"),
        ("customer\n\x00\n", "NUL"),
        ('"c1\n', "not valid CSV"),
    ):
        with pytest.raises(JobsError, match=said):
            desk.plan(content, customers=desk.file(text, "bad.csv"))


def test_customers_by_address(desk: Desk) -> None:
    table = desk.file(
        "customer,email\nc1,Ann@Example.com\nc2,bob@example.com\nc3,BOB@example.com\nc1,ann@example.com\n", "map.csv"
    )
    header = "key,email,amount,currency"
    found = desk.refused(
        csv("a,ann@example.com,1,USD", "b,bob@example.com,1,USD", "c,eve@example.com,1,USD", "d,,1,USD", header=header),
        addresses=table,
    )
    assert [(problem.code, problem.line) for problem in found.problems] == [
        ("customer_ambiguous", 3), ("customer_unknown", 4), ("customer_unknown", 5),
    ]  # fmt: skip
    planned = desk.plan(csv("a, ANN@example.com ,1,USD", header=header), addresses=table)
    assert planned.rows[0].customer == "c1"
    assert desk.problems(csv(ROW), addresses=table) == [("column_unknown", 1), ("column_missing", 1)]
    with pytest.raises(JobsError, match="column email not found"):
        desk.plan(csv("a,x@y.z,1,USD", header=header), addresses=desk.file("c1\n", "bad.csv"))


def test_customers_are_asked_for_where_the_server_tells(desk: Desk) -> None:
    content = csv("a,c1,1,USD", "b,c2,1,USD", "c,c1,1,USD", "d,c9,1,USD")
    system = ReadSystem(SPREE_V3, missing=["c9"])
    found = desk.refused(content, system=system)
    assert [(problem.code, problem.line) for problem in found.problems] == [("customer_unknown", 5)]
    assert sorted(system.asked) == ["c1", "c2", "c9"]
    assert not ReadSystem(SPREE_V2).asked
    # Where it does not, that is said.
    assert any("--customers" in one for one in desk.plan(content).made.warnings)
    assert not any("--customers" in one for one in desk.plan(content, system=ReadSystem(SPREE_V3)).made.warnings)
