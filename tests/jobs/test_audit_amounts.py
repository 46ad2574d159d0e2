"""Amounts of an audit: integers of minor units and never floats, written and read as the SDK does."""

from __future__ import annotations

import ast
import re
import sqlite3
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import store_credit_jobs.audit
from store_credit import from_minor_units
from store_credit_jobs.audit.amounts import grouped, minor_of, plain
from store_credit_jobs.audit.sqlite_database import SqliteDatabase

# -- no floats ---------------------------------------------------------------------------------------------------------

SOURCES = sorted(Path(store_credit_jobs.audit.__path__[0]).glob("*.py"))


def floating(source: str) -> Iterator[str]:
    """Where a module could make a float: division, `float`, a module of mathematics, or a function of SQL."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div) and not path_like(node):
            yield f"line {node.lineno}: /"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("float", "round"):
            yield f"line {node.lineno}: {node.func.id}()"
        elif isinstance(node, ast.Import | ast.ImportFrom):
            module = node.module if isinstance(node, ast.ImportFrom) else node.names[0].name
            if str(module).partition(".")[0] in ("math", "statistics", "numpy", "pandas"):
                yield f"line {node.lineno}: {module}"
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            for match in re.finditer(
                r"\b(avg|total|round|stddev|median)\(|\b(real|numeric)\b| / |\bdouble\b", node.value, re.IGNORECASE
            ):
                if not is_prose(node.value) and "created" not in node.value:
                    yield f"line {node.lineno}: {match[0]}"


def path_like(node: ast.BinOp | ast.AugAssign) -> bool:
    """Whether what is divided is a path."""
    return isinstance(node, ast.BinOp) and isinstance(node.left, ast.Call) and "Path" in ast.dump(node.left.func)


def is_prose(text: str) -> bool:
    return not re.search(r"\b(select|sum|order by|from|cast)\b", text)


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_no_module_of_the_audit_can_make_a_float(source: Path) -> None:
    assert list(floating(source.read_text("utf-8"))) == []


def test_the_search_for_floats_finds_them() -> None:
    planted = [
        "x = 1 / 2",
        "x = float(1)",
        "import math",
        "q = 'select avg(minor) from credit'",
        "q = 'select minor / 100'",
    ]
    assert all(list(floating(line)) for line in planted)


def test_a_column_of_amounts_takes_integers_alone() -> None:
    database = SqliteDatabase()
    for value in (10.5, "ten"):
        with pytest.raises(sqlite3.IntegrityError):
            database.load_rows("gone", [("a", "USD", value)])
    database.close()


# -- amounts -----------------------------------------------------------------------------------------------------------


@given(st.integers(-(10**15), 10**15), st.sampled_from(["USD", "JPY", "BHD", "CLF"]))
def test_an_amount_is_written_as_the_sdk_writes_it_and_read_again(minor: int, currency: str) -> None:
    written = plain(minor, currency)
    assert Decimal(written) == from_minor_units(minor, currency)
    assert minor_of(written, currency) == minor
    assert grouped(minor, currency).replace(",", "") == written


def test_amounts_for_people() -> None:
    assert grouped(123456789, "USD") == "1,234,567.89"
    assert grouped(-50, "USD") == "-0.50"
    assert grouped(1234567, "JPY") == "1,234,567"
    assert grouped(1234567, "BHD") == "1,234.567"
    # Nobody knows how many decimals these have.
    assert (grouped(1234567, "XYZ"), grouped(1234567, "usd")) == ("1,234,567", "1,234,567")


@pytest.mark.parametrize(
    "text", ["1,234.50", "12,50", "1e3", "+5", "٣", "12.", ".5", " 5", "", "1.505", "0x10", "--5", "\uff15"]
)
def test_an_amount_in_another_spelling_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="amount"):
        minor_of(text, "USD")
