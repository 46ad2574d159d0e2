"""Rows of CSV, with whichever delimiter its header is written."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import BinaryIO, Final

from store_credit_jobs.errors import Problem
from store_credit_jobs.planning.reading.lines import text_lines
from store_credit_jobs.planning.reading.rows import BATCH, COLUMNS, Columns, Report, SourceRows, StoppedError

__all__ = ["CsvFile"]

_END: Final = re.compile(r"\r\n|\r|\n")
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
        return f"CSV with {shown} as the delimiter"

    def _next(self) -> list[str] | None:
        try:
            return next(self._reader, None)
        except csv.Error as error:
            code = "cell_limit" if "field limit" in str(error) else "csv_quotes"
            raise StoppedError(code, f"the file is not valid CSV: {error}", self._reader.line_num) from None

    def rows(self, report: Report) -> Iterator[SourceRows]:
        """Go through the rows, many at a time.

        Args:
            report: Takes what is wrong with the header or a row that is not yielded, or why there are no more.
        """
        names = self._header
        mistakes = list(self.columns.wrong(names))
        for code, text in mistakes:
            report(Problem(code, text, self.name, 1))
        if mistakes:
            return
        width = len(names)
        places = {name: place for place, name in enumerate(names)}
        picked = [places.get(column) for column in COLUMNS]
        more = True
        while more:
            line = self._reader.line_num + 1
            some: list[list[str]] = []
            try:
                some.extend(islice(self._reader, BATCH))
                more = len(some) == BATCH
            except StoppedError as error:
                more = False
                report(Problem(error.code, error.text, self.name, error.line))
            except csv.Error as error:
                more = False
                code = "cell_limit" if "field limit" in str(error) else "csv_quotes"
                text = f"from this point on, the row is not valid CSV: {error}"
                report(Problem(code, text, self.name, line + sum(map(_lines, some))))
            if self._reader.line_num + 1 - line == len(some) and {*map(len, some)} == {width}:
                lines: Sequence[int] = range(line, line + len(some))
            else:
                whole = list(self._whole(some, line, width, report))
                lines, some = [line for line, _ in whole], [cells for _, cells in whole]
            if some:
                columns, nothing = list(zip(*some, strict=True)), ("",) * len(some)
                yield SourceRows(lines, *(nothing if place is None else columns[place] for place in picked))

    def _whole(
        self, some: Sequence[list[str]], line: int, width: int, report: Report
    ) -> Iterator[tuple[int, list[str]]]:
        """Go through rows with their lines, some of which are empty, ragged, or on several lines."""
        for cells in some:
            if len(cells) == width:
                yield line, cells
            elif cells:
                report(Problem("row_ragged", self._ragged(cells, width), self.name, line))
            line += _lines(cells)

    def _ragged(self, cells: list[str], width: int) -> str:
        said = f"the row has {len(cells)} cells, but the header has {width}"
        if len(cells) > width and self.delimiter == ",":
            return f"{said}; put a cell that contains a comma in quotation marks"
        return said


def _lines(cells: Sequence[str]) -> int:
    """Count the lines that a row is on."""
    return 1 + sum(len(_END.findall(cell)) for cell in cells)


def _sniffed(header: str, columns: Columns) -> str:
    """Find the delimiter with which most names of the header are known columns; the first of them in doubt."""
    known = frozenset((*columns.allowed, *columns.advice))

    def hits(delimiter: str) -> int:
        try:
            return sum(name in known for name in next(csv.reader([header], delimiter=delimiter), ()))
        except csv.Error:
            return 0

    return max(_DELIMITERS, key=hits)
