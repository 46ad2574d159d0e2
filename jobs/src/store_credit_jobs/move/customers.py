"""Which customer of the target is which of the source: by a table of ids, or by e-mail address. Nothing is guessed."""

from __future__ import annotations

import csv
import os
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from store_credit_jobs.errors import JobsError, Problem

__all__ = ["Matched", "Unmatched", "by_address", "by_ids", "read_columns", "read_map", "write_csv"]


class Unmatched(NamedTuple):
    """A customer of the source that has none in the target: `missing` or `ambiguous`, and why."""

    customer: str
    email: str
    reason: str
    text: str


class Matched(NamedTuple):
    """Customers of the source, each with its customer in the target and its address, and those without."""

    rows: list[tuple[str, str, str]]
    left: list[Unmatched]


def by_ids(customers: Iterable[str], table: Mapping[str, str]) -> Matched:
    """Match customers by a table of ids."""
    rows: list[tuple[str, str, str]] = []
    left: list[Unmatched] = []
    for customer in sorted(customers):
        if customer in table:
            rows.append((customer, table[customer], ""))
        else:
            left.append(Unmatched(customer, "", "missing", "the table of ids does not contain it"))
    return Matched(rows, left)


def by_address(source: Mapping[str, str | None], target: Iterable[tuple[str, str | None]]) -> Matched:
    """Match customers by address, without regard to case.

    Args:
        source: Addresses by customer.
        target: Customers and addresses of the target.
    """
    there: defaultdict[str, set[str]] = defaultdict(set)
    for customer, email in target:
        if email and email.strip():
            there[_plain(email)].add(customer)
    here: defaultdict[str, list[str]] = defaultdict(list)
    for customer, email in source.items():
        here[_plain(email or "")].append(customer)
    rows: list[tuple[str, str, str]] = []
    left: list[Unmatched] = []
    for customer, email in sorted(source.items()):
        address = _plain(email or "")
        found = there.get(address, set())
        if not address:
            text = "its email address is not known; to read addresses from Spree v3, pass --from NAME"
            left.append(Unmatched(customer, "", "missing", text))
        elif len(here[address]) > 1:
            same = ", ".join(sorted(here[address]))
            left.append(
                Unmatched(customer, address, "ambiguous", f"several customers of the source have this address: {same}")
            )
        elif len(found) > 1:
            same = ", ".join(sorted(found))
            left.append(
                Unmatched(customer, address, "ambiguous", f"several customers of the target have this address: {same}")
            )
        elif not found:
            left.append(Unmatched(customer, address, "missing", "no customer of the target has this address"))
        else:
            rows.append((customer, min(found), address))
    return Matched(rows, left)


def _plain(email: str) -> str:
    return email.strip().casefold()


def read_columns(path: Path, *names: str) -> list[tuple[str, ...]]:
    """Read some columns of a CSV file with a header; every cell must be filled.

    Raises:
        JobsError: `file_unreadable`, or `map_format` with file and line.
    """
    problems: list[Problem] = []
    rows: list[tuple[str, ...]] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            header = [cell.strip() for cell in next(reader, list[str]())]
            if any(header.count(name) != 1 for name in names):
                text = f"its first line must contain the columns {', '.join(names)}, each once"
                raise JobsError("map_format", str(Problem("map_format", text, str(path), 1)))
            places = [header.index(name) for name in names]
            for cells in reader:
                if not any(cell.strip() for cell in cells):
                    continue
                row = tuple(cells[place].strip() if place < len(cells) else "" for place in places)
                if not all(row):
                    empty = names[row.index("")]
                    problems.append(Problem("map_format", f"{empty} is empty", str(path), reader.line_num))
                rows.append(row)
    except OSError as error:
        raise JobsError("file_unreadable", f"{path} cannot be read: {error.strerror}") from None
    except (csv.Error, UnicodeDecodeError) as error:
        raise JobsError("map_format", f"{path} is not a valid UTF-8 CSV file: {error}") from None
    if problems:
        raise JobsError("map_format", f"{path} has {len(problems)} mistakes", problems=problems)
    return rows


def read_map(path: Path) -> dict[str, str]:
    """Read which customer of the target each customer of the source is.

    Raises:
        JobsError: As `read_columns`; or it names a customer of the source twice.
    """
    table: dict[str, str] = {}
    for source, target in read_columns(path, "source", "target"):
        if table.setdefault(source, target) != target:
            raise JobsError("map_format", f"{path} maps {source} twice, to {table[source]} and to {target}")
    return table


def write_csv(path: Path, names: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a CSV file, all of it or nothing; readable by its owner alone, since it names customers.

    Raises:
        JobsError: `output`, it cannot be written there.
    """
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.absolute().parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file, lineterminator="\n")
                writer.writerow(names)
                writer.writerows(rows)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise JobsError("output", f"{path} cannot be written: {error.strerror}; pass another path with -o") from None
