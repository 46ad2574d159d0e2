"""Rows of a Parquet file, read by DuckDB (`pip install 'store-credit-jobs[parquet]'`)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from store_credit_jobs.errors import JobsError, Problem
from store_credit_jobs.planning.reading.rows import COLUMNS, Columns, Report, SourceRows, StoppedError
from store_credit_jobs.quoting import quoted

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["ParquetFile"]

_BATCH: Final = 4096
_WHOLE: Final = frozenset(
    sign + kind for sign in ("", "U") for kind in ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT")
)
_MONEY: Final = ("amount", "paid")


class ParquetFile:
    """A Parquet file.

    Args:
        path: Where it is.
        name: What problems call it.
        columns: Which there may be.

    Raises:
        JobsError: `extra_missing`, DuckDB is not installed.
        StoppedError: It is not a valid Parquet file.
    """

    described = "Parquet"

    def __init__(self, path: Path, name: str, columns: Columns) -> None:
        self.name = name
        self.columns = columns
        self._duckdb = _duckdb()
        self._connection: DuckDBPyConnection = self._duckdb.connect(
            config={
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
                "memory_limit": "200MB",
                "threads": "1",
                "temp_directory": "",
            }
        )
        # In a shell of Python, or under `python -c`, DuckDB would draw one on standard output, where results go.
        self._connection.execute("set enable_progress_bar = false")
        # DuckDB takes a name for a pattern: a bracket around each of its signs makes it that name alone.
        self._path = "".join(f"[{sign}]" if sign in "*?[" else sign for sign in str(path.absolute()))
        self._types = {
            name: kind for name, kind, *_ in self._fetch("describe select * from read_parquet(?)", [self._path])
        }

    def _fetch(self, query: str, values: list[Any]) -> list[tuple[Any, ...]]:
        try:
            return self._connection.execute(query, values).fetchall()
        except self._duckdb.Error as error:
            said = str(error).partition("\n")[0]
            raise StoppedError("parquet", f"the file is not a readable Parquet file: {quoted(said, 200)}") from None

    def rows(self, report: Report) -> Iterator[SourceRows]:
        """Go through the rows, many at a time.

        Args:
            report: Takes what is wrong with a column; then there are no rows.
        """
        mistakes = [*self.columns.wrong(list(self._types)), *self._wrong_types()]
        for code, text in mistakes:
            report(Problem(code, text, self.name))
        if mistakes:
            return
        wanted = ", ".join(self._expression(column) for column in COLUMNS)
        query = (
            f"select file_row_number + 1, {wanted} from read_parquet(?, file_row_number = true) "  # noqa: S608 - our own names
            "where file_row_number >= ? and file_row_number < ? order by file_row_number"
        )
        try:
            ((count,),) = self._fetch("select count(*) from read_parquet(?)", [self._path])
            for start in range(0, count, _BATCH):
                yield SourceRows.of(self._fetch(query, [self._path, start, start + _BATCH]))
        except StoppedError as error:
            report(Problem(error.code, error.text, self.name))

    def _wrong_types(self) -> Iterator[tuple[str, str]]:
        for name, kind in self._types.items():
            if name not in COLUMNS or kind == "VARCHAR":
                continue
            if kind in ("FLOAT", "DOUBLE"):
                yield (
                    "amount_format",
                    f"the column {name} is of type {kind}, which is not exact; make it DECIMAL or text",
                )
            elif name in _MONEY and kind in _WHOLE:
                text = f"the column {name} is of type {kind}, which may be minor units; make it DECIMAL or text"
                yield "amount_format", text
            elif name in _MONEY and not kind.startswith("DECIMAL"):
                yield "amount_format", f"the column {name} is of type {kind}; make it DECIMAL or text"
            elif name == "expires_at" and kind.startswith("TIMESTAMP") and "ZONE" not in kind:
                yield (
                    "date_zone",
                    f"the column {name} has times without a zone; make it TIMESTAMP WITH TIME ZONE or text",
                )
            elif name == "expires_at" and kind != "TIMESTAMP WITH TIME ZONE":
                yield "date_zone", f"the column {name} is of type {kind}; make it TIMESTAMP WITH TIME ZONE or text"
            elif name not in (*_MONEY, "expires_at") and kind not in _WHOLE:
                yield "column_type", f"the column {name} is of type {kind}; make it text"

    def _expression(self, column: str) -> str:
        kind = self._types.get(column)
        if kind is None:
            return "''"
        text = f'"{column}"::varchar'
        if kind.startswith("DECIMAL") and ",0)" not in kind:
            # The zeros of its type say nothing of the row: 12.500 of DECIMAL(12,3) is 12.5.
            text = f"rtrim(rtrim({text}, '0'), '.')"
        elif kind == "TIMESTAMP WITH TIME ZONE":
            text = f"strftime(make_timestamp(epoch_us(\"{column}\")), '%Y-%m-%dT%H:%M:%S.%fZ')"
        return f"coalesce({text}, '')"


def _duckdb() -> Any:
    try:
        import duckdb
    except ImportError:
        raise JobsError(
            "extra_missing", "Parquet files need DuckDB: run pip install 'store-credit-jobs[parquet]', or use CSV"
        ) from None
    return duckdb
