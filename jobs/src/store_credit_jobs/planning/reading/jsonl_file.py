"""Rows of JSON lines: an object on each, with the names that CSV has as columns."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, BinaryIO, Final, cast

from store_credit_jobs.errors import Problem
from store_credit_jobs.planning.reading.lines import text_lines
from store_credit_jobs.planning.reading.rows import BATCH, COLUMNS, Columns, Report, SourceRow, SourceRows, StoppedError
from store_credit_jobs.quoting import quoted, visible

__all__ = ["JsonLinesFile"]

_MONEY: Final = ("amount", "paid")


class _Number(str):
    """A number as it is written, so that none is ever a float."""

    __slots__ = ()


class _WrongError(Exception):
    """What is wrong with a line."""


class JsonLinesFile:
    """A file of JSON lines.

    Args:
        file: The file, at its beginning.
        name: What problems call it.
        columns: Which members there may be.
    """

    described = "JSON lines"

    def __init__(self, file: BinaryIO, name: str, columns: Columns) -> None:
        self.file = file
        self.name = name
        self.columns = columns

    def rows(self, report: Report) -> Iterator[SourceRows]:
        """Go through the rows, many at a time.

        Args:
            report: Takes what is wrong with a row that is not yielded therefore.
        """
        decoder = json.JSONDecoder(
            object_pairs_hook=_members, parse_float=_Number, parse_int=_Number, parse_constant=_Number
        )
        some: list[SourceRow] = []
        try:
            for line, text in enumerate(text_lines(self.file), 1):
                if text.strip() and (row := self._row(decoder, line, text, report)) is not None:
                    some.append(row)
                if len(some) == BATCH:
                    yield SourceRows.of(some)
                    some = []
        except StoppedError as error:
            report(Problem(error.code, error.text, self.name, error.line))
        yield SourceRows.of(some)

    def _row(self, decoder: json.JSONDecoder, line: int, text: str, report: Report) -> SourceRow | None:
        try:
            members = _object(decoder, text)
            mistakes = list(self.columns.unknown(list(members)))
            for code, said in mistakes:
                report(Problem(code, said, self.name, line))
            if not mistakes:
                return SourceRow(line, *(_text(column, members.get(column)) for column in COLUMNS))
        except _WrongError as wrong:
            report(Problem("json", str(wrong), self.name, line))
        return None


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        names = [name for name, _ in pairs]
        double = next(name for name in names if names.count(name) > 1)
        raise _WrongError(f"the member {quoted(double)} occurs twice")
    return members


def _object(decoder: json.JSONDecoder, text: str) -> dict[str, Any]:
    try:
        found = decoder.decode(text)
    except (ValueError, RecursionError) as error:
        said = (
            f"{error.msg} at character {error.colno}"
            if isinstance(error, json.JSONDecodeError)
            else "it is nested too deeply"
        )
        raise _WrongError(f"this line is not valid JSON: {said}") from None
    if isinstance(found, dict):
        return cast("dict[str, Any]", found)
    raise _WrongError(
        "write one object on each line, not an array of objects" if text.lstrip()[0] == "[" else "write an object"
    )


def _text(column: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, _Number):
        if column in _MONEY:
            raise _WrongError(
                f'{column} is the number {visible(value, 30)}; write a string such as "12.50", which is exact and is '
                "not mistaken for minor units"
            )
        if not value.isdecimal():
            raise _WrongError(f"{column} is a number with a decimal point; write it as a string")
        return str(value)
    if not isinstance(value, str):
        raise _WrongError(f"{column} is not a string")
    return value
