"""The small files beside the one to plan: which customers there are, and whose address is whose."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from itertools import chain
from operator import itemgetter
from pathlib import Path
from typing import Any

from store_credit_jobs.errors import JobsError
from store_credit_jobs.planning.reading.lines import text_lines
from store_credit_jobs.planning.reading.rows import StoppedError

__all__ = ["addresses", "customers"]


def customers(path: Path) -> Iterator[str]:
    """Go through a list of customers: an id on each line, or the column `customer` of a CSV file.

    Raises:
        JobsError: `file_missing` or `file_format`.
    """
    return map(str.strip, _cells(path, ("customer",), headless=True))


def addresses(path: Path) -> Iterator[tuple[str, str]]:
    """Go through a table of addresses and customers: the columns `email` and `customer` of a CSV file.

    Yields:
        An address in small letters, and the id of its customer.

    Raises:
        JobsError: `file_missing` or `file_format`.
    """
    cells = _cells(path, ("email", "customer"), headless=False)
    return ((email.strip().lower(), customer.strip()) for email, customer in cells)


def _cells(path: Path, wanted: Sequence[str], *, headless: bool) -> Iterator[Any]:
    """Go through the cells of some columns, or of one; with `headless` a single column needs no header."""
    try:
        with path.open("rb") as file:
            lines = text_lines(file)
            first = next(lines, "")
            delimiter = next((sign for sign in ",;\t" if sign in first), ",")
            reader = csv.reader(chain((first,), lines), delimiter=delimiter, strict=True)
            header = [name.strip() for name in next(reader, ())]
            missing = [name for name in wanted if name not in header]
            if missing and not (headless and len(header) == 1):
                names = " and ".join(wanted)
                raise JobsError(
                    "file_format", f"{path}:1: column {missing[0]} not found; the header must contain {names}"
                )
            if missing:
                yield header[0]
            pick = itemgetter(*([0] if missing else [header.index(name) for name in wanted]))
            try:
                yield from map(pick, (cells for cells in reader if cells))
            except IndexError:
                raise JobsError("file_format", f"{path}:{reader.line_num}: the row has too few cells") from None
    except StoppedError as error:
        raise JobsError("file_format", f"{path}:{error.line}: {error.text}") from None
    except csv.Error as error:
        raise JobsError("file_format", f"{path} is not valid CSV: {error}") from None
    except OSError as error:
        raise JobsError("file_missing", f"{path} cannot be read: {error.strerror}") from None
