"""A plan: a head, a line for each row, and a seal over both. JSON lines, made by `store-credit issue plan`.

The seal's hash covers every byte before it, and the seal itself is the only way to write what those bytes say: one byte
changed anywhere in the file is noticed.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Generator, Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, Self, cast

from store_credit_jobs.config import Account
from store_credit_jobs.errors import JobsError
from store_credit_jobs.planning.plan_lines import VERSION, PlanHead, PlanRow, PlanSeal, PlanStep, Sums, line_of

__all__ = [
    "MAX_AGE",
    "PlanHead",
    "PlanRow",
    "PlanSeal",
    "PlanStep",
    "PlanWriter",
    "check_head",
    "check_seal",
    "line_of",
    "read_head",
    "read_lines",
    "read_rows",
    "write_plan",
]

MAX_AGE: Final = 86_400.0
"""Seconds after which a plan is too old to be carried out, unless `--max-age` says otherwise."""

_LONGEST: Final = 1 << 20
_CLOCKS: Final = 60.0
"""Seconds by which two clocks may differ."""


class PlanWriter:
    """Writes a plan beside its place, and puts it there when it is sealed; without a seal nothing is left behind.

    Args:
        path: Where to write the plan. A plan that stands there is replaced, any other file is not.
        head: Its first line.

    Raises:
        JobsError: `output`, it cannot be written there.
    """

    def __init__(self, path: Path, head: PlanHead) -> None:
        self.path = path
        self.head = head
        self.sums = Sums()
        _check_place(path)
        try:
            # Readable by its owner alone: it names customers.
            handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
        except OSError as error:
            raise JobsError(
                "output", f"{path} cannot be written: {error.strerror}; pass another path with -o"
            ) from None
        self._name = name
        self._file: IO[bytes] = os.fdopen(handle, "wb", buffering=1 << 18)
        self._hash = hashlib.sha256()
        self.lines(line_of(head))

    def lines(self, lines: bytes) -> None:
        """Write whole lines, as `line_of` makes them. Whoever writes rows so adds them up himself, see `add`."""
        self._hash.update(lines)
        self._file.write(lines)

    def add(self, do: str, currency: str, minor: int, rows: int = 1) -> None:
        """Count rows that were written by `lines`."""
        self.sums.add(do, currency, minor, rows)

    def row(self, row: PlanRow) -> None:
        """Write a row."""
        self.lines(line_of(row))
        self.sums.add(row.do, row.currency, row.minor)

    def seal(self) -> PlanSeal:
        """Write the last line, and put the plan in its place."""
        seal = self.sums.seal(self._hash.hexdigest())
        self._file.write(line_of(seal))
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        Path(self._name).replace(self.path)
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        self._name = ""
        return seal

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._name:
            with suppress(OSError):
                self._file.close()
            Path(self._name).unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise JobsError("output", f"{self.path} cannot be written: {error.strerror}") from None


def _check_place(path: Path) -> None:
    try:
        with path.open("rb") as found:
            if not path.is_file():
                raise JobsError("output", f"{path} is not a regular file; pass another path with -o")
            beginning = found.read(8)
    except FileNotFoundError:
        return
    except OSError as error:
        raise JobsError("output", f"{path} cannot be written: {error.strerror}; pass another path with -o") from None
    if beginning and beginning != b'{"plan":':
        raise JobsError("output", f"{path} already exists and is not a plan; pass another path with -o")


def write_plan(path: Path, head: PlanHead, rows: Iterable[PlanRow]) -> PlanSeal:
    """Write a plan, all of it or nothing.

    Raises:
        JobsError: `output`, it cannot be written there; or what going through the rows raises.
    """
    with PlanWriter(path, head) as writer:
        for row in rows:
            writer.row(row)
        return writer.seal()


def _changed(path: Path, what: str) -> JobsError:
    return JobsError(
        "plan_changed", f"{path}: {what}: the plan was changed after it was written. Plan again; nothing was sent"
    )


def _lines(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while line := file.readline(_LONGEST):
                yield line
    except OSError as error:
        raise JobsError("plan_missing", f"{path} cannot be read: {error.strerror}") from None


def _object(path: Path, line: bytes, number: int) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or not line.endswith(b"\n"):
        raise _changed(path, f"line {number} is not a valid line of a plan")
    return cast("dict[str, Any]", found)


def read_head(path: Path) -> PlanHead:
    """Read a plan's head, without checking its seal.

    Raises:
        JobsError: `plan_missing`, it cannot be read; `plan_version`, another version wrote it; `plan_changed`, it is
            not a plan.
    """
    found = _object(path, next(_lines(path), b""), 1)
    if "plan" not in found:
        raise _changed(path, "the file is not a plan")
    if found["plan"] != VERSION:
        raise JobsError("plan_version", f"{path} was created by another version of store-credit; plan again")
    try:
        return PlanHead(**found)
    except TypeError:
        raise _changed(path, "the header of the plan is incomplete") from None


def read_lines(path: Path, seal: PlanSeal | None = None) -> Generator[dict[str, Any], None, PlanSeal]:
    """Go through a plan's rows as the JSON that they are; at the end the seal is checked, and returned.

    Args:
        path: The plan.
        seal: What its seal was when it was looked at before: another plan may have taken its place since.

    Raises:
        JobsError: `plan_missing` or `plan_changed`; where the seal does not fit, after the last row.
    """
    sums, digest = Sums(), hashlib.sha256()
    before = b""
    for number, line in enumerate(_lines(path)):
        # The last line is the seal, and only the next one tells which is the last.
        if number > 0:
            digest.update(before)
        if number > 1:
            found = _object(path, before, number)
            try:
                sums.add(found["do"], found["currency"], found["minor"])
            except (KeyError, TypeError):
                raise _changed(path, f"line {number} is not a valid row") from None
            yield found
        before = line
    found_seal = sums.seal(digest.hexdigest())
    if before != line_of(found_seal):
        raise _changed(path, "the seal does not match the plan")
    if seal is not None and found_seal != seal:
        raise _changed(path, "another plan has just replaced this one")
    return found_seal


def read_rows(path: Path) -> Generator[PlanRow, None, PlanSeal]:
    """Go through a plan's rows; at the end the seal is checked, and returned.

    Raises:
        JobsError: As `read_lines`.
    """
    lines, number = read_lines(path), 1
    while True:
        try:
            found = next(lines)
        except StopIteration as end:
            return end.value
        number += 1
        try:
            found["steps"] = tuple(PlanStep(**step) for step in found.get("steps", ()))
            row = PlanRow(**found)
        except TypeError:
            raise _changed(path, f"line {number} is not a valid row") from None
        yield row


def check_seal(path: Path) -> PlanSeal:
    """Check that a plan is as it was planned, to the last byte; returns its seal.

    Raises:
        JobsError: `plan_missing`, `plan_version` or `plan_changed`.
    """
    read_head(path)
    lines = read_lines(path)
    while True:
        try:
            next(lines)
        except StopIteration as end:
            return end.value


def check_head(head: PlanHead, account: Account, *, now: float, max_age: float = MAX_AGE) -> None:
    """Check that a plan is for an account, and of today.

    Args:
        head: The plan's head.
        account: The account that it is to be carried out on.
        now: Seconds since 1970.
        max_age: How many seconds old it may be.

    Raises:
        JobsError: `other_host`, `plan_old`, or `clock_skew` where it was made in the future.
    """
    if (head.identity, head.system, head.host) != (account.identity, account.system, account.host):
        raise JobsError(
            "other_host",
            f"the plan is for the account {head.account} ({head.system}, {_address(head.identity)}), not for "
            f"{account.name} ({account.system}, {_address(account.identity)}); plan again for this account. Nothing was"
            " sent",
        )
    age = now - _seconds(head.made)
    if age < -_CLOCKS:
        raise JobsError("clock_skew", f"the plan's creation time, {head.made}, is in the future; correct the clock")
    if age > max_age:
        raise JobsError(
            "plan_old",
            f"the plan was created at {head.made}, more than {max_age / 3600:g} hours ago; plan again, or pass "
            "--max-age. Nothing was sent",
        )


def _address(identity: str) -> str:
    """Give host and path of an account's identity: two shops may share a host."""
    return identity.split("|")[1] if identity.count("|") > 1 else identity


def _seconds(made: str) -> float:
    try:
        moment = datetime.fromisoformat(made)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise JobsError("plan_changed", "the plan does not say when it was created; plan again")
    return moment.astimezone(UTC).timestamp()
