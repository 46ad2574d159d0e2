"""Rows of CSV, with whichever delimiter its header is written."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import chain
from operator import itemgetter
from typing import BinaryIO, Final

from store_credit_jobs.errors import Problem
from store_credit_jobs.planning.reading.lines import text_lines
from store_credit_jobs.planning.reading.rows import COLUMNS, Columns, Report, SourceRow, StoppedError

__all__ = ["CsvFile"]

_DELIMITERS: Final = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}


class CsvFile:
    """A CSV file whose header was read.

    Args:
        file: The file, at its beginning.
        name: What problems call it.
        columns: Which there may be.
        delimiter: None to find it out from the header.

    Attributes:
        delimiter: The one that is used.

    Raises:
        StoppedError: It cannot be read, or there is nothing.
    """

    def __init__(self, file: BinaryIO, name: str, columns: Columns, delimiter: str | None = None) -> None:
        lines = text_lines(file)
        first = next(lines, None)
        if first is None:
            raise StoppedError("file_empty", "the file is empty")
        self.name = name
        self.columns = columns
        self.delimiter = _sniffed(first, columns) if delimiter is None else delimiter
        # Its own limit, 131,072 characters a cell, keeps memory flat where a quotation mark is missing.
        self._reader = csv.reader(chain((first,), lines), delimiter=self.delimiter, strict=True)
        self._header = self._next() or []

    @property
    def described(self) -> str:
        """What was found out about it, for people."""
        shown = _DELIMITERS.get(self.delimiter, repr(self.delimiter))
        return f"CSV with {shown} as delimiter"

    def _next(self) -> list[str] | None:
        try:
            return next(self._reader, None)
        except csv.Error as error:
            code = "cell_limit" if "field limit" in str(error) else "csv_quotes"
            raise StoppedError(code, f"this is not valid CSV: {error}", self._reader.line_num) from None

    def rows(self, report: Report) -> Iterator[SourceRow]:
        """Go through the rows.

        Args:
            report: Takes what is wrong with the header or a row that is not yielded therefore.

        Raises:
            StoppedError: The rest cannot be read.
        """
        names = self._header
        mistakes = list(self.columns.wrong(names))
        for code, text in mistakes:
            report(Problem(code, text, self.name, 1))
        if mistakes:
            return
        width = len(names)
        places = {name: place for place, name in enumerate(names)}
        # A column that is not there is read from an empty cell behind the last one, and its line from behind that.
        pick = itemgetter(width + 1, *(places.get(column, width) for column in COLUMNS))
        make = SourceRow._make
        reader = self._reader
        line = reader.line_num + 1
        try:
            for cells in reader:
                if len(cells) == width:
                    yield make(pick([*cells, "", line]))
                elif cells:
                    report(Problem("row_ragged", self._ragged(cells, width), self.name, line))
                line = reader.line_num + 1
        except csv.Error as error:
            code = "cell_limit" if "field limit" in str(error) else "csv_quotes"
            raise StoppedError(code, f"the row from here on is not valid CSV: {error}", line) from None

    def _ragged(self, cells: list[str], width: int) -> str:
        said = f"the row has {len(cells)} cells, the header has {width}"
        if len(cells) > width and self.delimiter == ",":
            return f"{said}; a cell with a comma in it stands in quotation marks"
        return said


def _sniffed(header: str, columns: Columns) -> str:
    """Find the delimiter with which most names of the header are known columns; the first of them in doubt."""
    known = frozenset((*columns.allowed, *columns.advice))

    def hits(delimiter: str) -> int:
        try:
            return sum(name in known for name in next(csv.reader([header], delimiter=delimiter), ()))
        except csv.Error:
            return 0

    return max(_DELIMITERS, key=hits)
