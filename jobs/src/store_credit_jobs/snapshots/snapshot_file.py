"""A snapshot: a head, a line for each credit, and a seal over both. JSON lines, as a plan's.

The head says whose credits they are and what they add up to; the seal, the last line, holds the SHA-256 of every byte
before it. The head of the next snapshot holds that hash, so that the snapshots of an account are a chain: one that is
changed, or taken out, is noticed.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Final, Self, cast

import attrs

from store_credit_jobs.credit import Credit
from store_credit_jobs.errors import JobsError, Problem
from store_credit_jobs.snapshots.credit_line import credit_from_line, line_of_credit
from store_credit_jobs.snapshots.totals import Totals, add_credit, totals_from_json, totals_to_json

__all__ = ["VERSION", "Snapshot", "SnapshotDraft", "SnapshotHead", "remove_abandoned", "seconds_of", "time_text"]

VERSION: Final = 1
_CHUNK: Final = 1 << 20
_LONGEST_LINE: Final = 16 << 20
_compact: Final = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), allow_nan=False).encode


@attrs.frozen(slots=True)
class SnapshotHead:
    """The first line.

    Attributes:
        account: The account's name in the configuration.
        identity: The account's identity: system, host with the path, and name.
        system: `vinr`, `spree-v2` or `spree-v3`.
        host: The server's host, with its port and path where it has them.
        started: Before the first credit was read; ISO 8601 in UTC, by the server's clock where it tells the time.
        ended: After the last was read, likewise. Each credit is as it was at some moment between the two.
        ledger: Whether each credit holds its events.
        credits: How many there are.
        totals: Per currency what they add up to; what is expired is so at `started`.
        previous: The seal of the account's snapshot before this one, or None for its first.
        tool: The version of this package.
    """

    account: str
    identity: str
    system: str
    host: str
    started: str
    ended: str
    ledger: bool
    credits: int
    totals: Mapping[str, Totals]
    previous: str | None
    tool: str


@attrs.frozen(slots=True)
class Snapshot:
    """A snapshot that was read and found to be whole.

    Attributes:
        path: Where it is.
        head: Its first line.
        sha256: Its seal, in hexadecimal digits.
    """

    path: Path
    head: SnapshotHead
    sha256: str

    @classmethod
    def open(cls, path: Path) -> Self:
        """Read a snapshot's head and seal, and check the seal over every byte between them.

        Raises:
            JobsError: `snapshot_damaged`, `snapshot_version` or `snapshot_missing`, each with file and line.
        """
        digest = hashlib.sha256()
        last, count = b"", 0
        head: SnapshotHead | None = None
        with _reading(path) as file:
            while line := file.readline(_LONGEST_LINE):
                count += 1
                if head is None:
                    head = _head(line, path)
                else:
                    digest.update(last)
                last = line
        if head is None:
            raise _damaged(path, 1, "the file is empty")
        sealed = _seal(last, path, count)
        if count != head.credits + 2:
            text = f"the header says {head.credits} credits, but there are {count - 2}: lines were removed or added"
            raise _damaged(path, count, text)
        if digest.hexdigest() != sealed:
            raise _damaged(path, count, "the seal does not match the lines before it: the file was changed")
        return cls(path, head, sealed)

    @classmethod
    def peek(cls, path: Path) -> Self:
        """Read a snapshot's head and seal alone, without checking what is between them."""
        with _reading(path) as file:
            head = _head(file.readline(_LONGEST_LINE), path)
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - 4096))
            last = file.read().splitlines(keepends=True)[-1]
        return cls(path, head, _seal(last, path, None))

    def credits(self) -> Iterator[Credit]:
        """Go through its credits.

        Raises:
            JobsError: `snapshot_damaged`: a line is not a credit, or the file is not what it was when it was opened.
        """
        digest = hashlib.sha256()
        totals: dict[str, Totals] = {}
        at = int(seconds_of(self.head.started))
        number = 0
        with _reading(self.path) as file:
            for number, line in enumerate(file, start=1):
                if number == self.head.credits + 2:
                    break
                digest.update(line)
                if number == 1:
                    continue
                try:
                    credit = credit_from_line(line)
                except ValueError as error:
                    raise _damaged(self.path, number, str(error)) from None
                add_credit(totals, credit, at)
                yield credit
        if digest.hexdigest() != self.sha256:
            raise _damaged(self.path, number, "the file was changed while it was being read")
        if totals != self.head.totals:
            raise _damaged(self.path, 1, "the totals do not match the credits")


class SnapshotDraft:
    """A snapshot that is being written, beside the place where it will be. What is not sealed is removed.

    A file holds customers' addresses and what they are owed, so that only its owner may read it.

    Args:
        folder: Where it will be; exists.
        started: When the reading began, as in the head: credits that have expired then count as expired.

    Raises:
        JobsError: `snapshot_not_written`: from each method, where the disk is full or the folder cannot be written to.
    """

    def __init__(self, folder: Path, started: str) -> None:
        self._folder = folder
        self._at = int(seconds_of(started))
        self._totals: dict[str, Totals] = {}
        self._credits = 0
        self._unique = f"{os.getpid()}-{os.urandom(4).hex()}"
        self._body_path = folder / f".{self._unique}.body"
        self._whole_path = folder / f".{self._unique}.jsonl"
        self._body = _new_file(self._body_path)
        # Lets go by itself when the process dies: `remove_abandoned` knows by it what nobody is writing any more.
        fcntl.flock(self._body, fcntl.LOCK_EX)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._body.close()
        for path in (self._body_path, self._whole_path):
            with suppress(OSError):
                path.unlink()

    @property
    def totals(self) -> Mapping[str, Totals]:
        """Per currency what has been added so far."""
        return self._totals

    @property
    def credits(self) -> int:
        """How many credits have been added so far."""
        return self._credits

    def add(self, credit: Credit) -> None:
        """Add a credit.

        Raises:
            JobsError: `snapshot_credit`: where an amount is due it holds something else than an integer.
        """
        try:
            line = line_of_credit(credit)
        except ValueError as error:
            raise JobsError("snapshot_credit", f"credit {credit.id}: {error}; nothing was written") from None
        try:
            self._body.write(line)
        except OSError as error:
            raise _not_written(self._body_path, error) from None
        add_credit(self._totals, credit, self._at)
        self._credits += 1

    def seal(self, head: SnapshotHead, name: str | None = None) -> Snapshot:
        """Put head, credits and seal together in one file that is there wholly or not at all.

        Args:
            head: The first line.
            name: The file's name; by default made of its end and its seal.
        """
        digest = hashlib.sha256()
        try:
            self._body.flush()
            self._body.seek(0)
            with _new_file(self._whole_path) as file:
                first = _compact(_head_to_json(head)).encode("ascii") + b"\n"
                digest.update(first)
                file.write(first)
                while chunk := self._body.read(_CHUNK):
                    digest.update(chunk)
                    file.write(chunk)
                sha256 = digest.hexdigest()
                file.write(_compact({"credits": head.credits, "sha256": sha256}).encode("ascii") + b"\n")
                file.flush()
                os.fsync(file.fileno())
            when = head.ended.replace("-", "").replace(":", "").partition(".")[0].removesuffix("Z")
            path = self._folder / (name or f"{when}Z-{sha256[:12]}.jsonl")
            self._whole_path.replace(path)
            _sync_folder(self._folder)
        except OSError as error:
            raise _not_written(self._folder, error) from None
        return Snapshot(path, head, sha256)


def remove_abandoned(folder: Path) -> None:
    """Remove drafts in a folder whose process died."""
    for body in folder.glob(".*.body"):
        with suppress(OSError), body.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            body.with_suffix(".jsonl").unlink(missing_ok=True)
            body.unlink(missing_ok=True)


def time_text(at: float) -> str:
    """Write a time in seconds since 1970 as ISO 8601 in UTC, to the millisecond."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def seconds_of(text: str) -> float:
    """Read a time in ISO 8601 that names its zone, as seconds since 1970.

    Raises:
        ValueError: It is not such a time.
    """
    read = datetime.fromisoformat(text)
    if read.tzinfo is None:
        raise ValueError(f"{text!r} has no time zone")
    return read.timestamp()


def _head_to_json(head: SnapshotHead) -> dict[str, Any]:
    plain = attrs.asdict(head, recurse=False)
    return {"snapshot": VERSION, **plain, "totals": totals_to_json(head.totals)}


def _head(line: bytes, path: Path) -> SnapshotHead:
    if line.endswith(b"\r\n"):
        raise _damaged(path, 1, "the line endings were changed to CR LF, so the seal cannot be checked")
    read = _object(line, path, 1, "the header")
    version = read.pop("snapshot", None)
    if type(version) is not int:
        raise _damaged(path, 1, "the file is not a snapshot: its first line does not identify it as one")
    if version != VERSION:
        text = (
            f"the snapshot has version {version}, but this program supports only version {VERSION}: use the version "
            "that created it"
        )
        raise JobsError("snapshot_version", str(Problem("snapshot_version", text, str(path), 1)))
    fields = attrs.fields_dict(SnapshotHead)
    if read.keys() != fields.keys():
        odd = min(read.keys() ^ fields.keys())
        raise _damaged(path, 1, f"the header has {'an unknown' if odd in read else 'no'} member {odd!r}")
    try:
        totals = totals_from_json(read.pop("totals"))
        for name in ("started", "ended"):
            seconds_of(read[name])
        if type(read["credits"]) is not int or type(read["ledger"]) is not bool:
            raise ValueError("credits must be an integer, and ledger must be true or false")
        for name in ("account", "identity", "system", "host", "tool"):
            if type(read[name]) is not str:
                raise ValueError(f"{name} is not text")
        if read["previous"] is not None and not _is_sha(read["previous"]):
            raise ValueError("previous is not a SHA-256 hash")
    except (TypeError, ValueError) as error:
        raise _damaged(path, 1, f"the header cannot be read: {error}") from None
    return SnapshotHead(totals=totals, **read)


def _seal(line: bytes, path: Path, number: int | None) -> str:
    if not line.endswith(b"\n"):
        raise _damaged(path, number, "the file ends in the middle of a line: it was cut off")
    read = _object(line, path, number, "the last line")
    if read.keys() != {"credits", "sha256"} or not _is_sha(read["sha256"]):
        raise _damaged(path, number, "the last line is not a seal: the file was cut off")
    return cast("str", read["sha256"])


def _object(line: bytes, path: Path, number: int | None, what: str) -> dict[str, Any]:
    try:
        read = json.loads(line)
    except (ValueError, RecursionError):
        raise _damaged(path, number, f"{what} is not valid JSON") from None
    if not isinstance(read, dict):
        raise _damaged(path, number, f"{what} is not an object")
    return cast("dict[str, Any]", read)


def _is_sha(value: object) -> bool:
    return isinstance(value, str) and len(value) == 64 and not value.strip("0123456789abcdef")


def _reading(path: Path) -> IO[bytes]:
    try:
        return path.open("rb")
    except OSError as error:
        text = f"{path}: {error.strerror}: the file is not a readable snapshot"
        raise JobsError("snapshot_missing", text) from None


def _new_file(path: Path) -> IO[bytes]:
    try:
        return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "w+b")
    except OSError as error:
        raise _not_written(path, error) from None


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _not_written(path: Path, error: OSError) -> JobsError:
    code = "disk_full" if error.errno == 28 else "snapshot_not_written"
    return JobsError(
        code, f"{path}: {error.strerror}: no snapshot was created; free some disk space, or use another folder"
    )


def _damaged(path: Path, line: int | None, text: str) -> JobsError:
    advice = f"{text}. Its figures are not reliable: restore it from a backup, or create a new one"
    return JobsError("snapshot_damaged", str(Problem("snapshot_damaged", advice, str(path), line)))
