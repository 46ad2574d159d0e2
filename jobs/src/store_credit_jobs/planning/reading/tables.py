"""The small files beside the one to plan: which customers there are, and whose address is whose."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from itertools import chain
from operator import itemgetter
from pathlib import Path

from store_credit_jobs.errors import JobsError
from store_credit_jobs.planning.reading.lines import text_lines
from store_credit_jobs.planning.reading.rows import StoppedError

__all__ = ["addresses", "customers"]


def customers(path: Path) -> Iterator[str]:
    """Go through a list of customers: an id on each line, or the column `customer` of a CSV file.

    Raises:
        JobsError: `file_missing` or `file_format`.
    """
    return map(itemgetter(0), _cells(path, ("customer",), headless=True))


def addresses(path: Path) -> Iterator[tuple[str, str]]:
    """Go through a table of addresses and customers: the columns `email` and `customer` of a CSV file.

    Yields:
        An address in small letters, and the id of its customer.

    Raises:
        JobsError: `file_missing` or `file_format`.
    """
    return ((email.lower(), customer) for email, customer in _cells(path, ("email", "customer"), headless=False))


def _cells(path: Path, wanted: Sequence[str], *, headless: bool) -> Iterator[list[str]]:
    """Go through the cells of some columns; with `headless` a single column needs no header."""
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
                raise JobsError("file_format", f"{path}:1: there is no column {missing[0]}; its header names {names}")
            if missing:
                yield header
            places = [0] if missing else [header.index(name) for name in wanted]
            for cells in reader:
                if not cells:
                    continue
                found = [cells[place].strip() for place in places if place < len(cells)]
                if len(found) < len(places) or "" in found:
                    raise JobsError("file_format", f"{path}:{reader.line_num}: {' or '.join(wanted)} is empty")
                yield found
    except StoppedError as error:
        raise JobsError("file_format", f"{path}:{error.line}: {error.text}") from None
    except csv.Error as error:
        raise JobsError("file_format", f"{path} is not valid CSV: {error}") from None
    except OSError as error:
        raise JobsError("file_missing", f"{path} cannot be read: {error.strerror}") from None
