"""A file to plan from, whatever its format and wherever it comes from: what it is, its hash, and its rows."""

from __future__ import annotations

import hashlib
import os
import stat
import sys
import tempfile
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO, Final, Protocol

import attrs

from store_credit_jobs.errors import JobsError
from store_credit_jobs.planning.reading.rows import Columns, Report, SourceRows, StoppedError
from store_credit_jobs.temporary import room_needed

__all__ = ["Source", "SourceFile", "opened_source"]

_CHUNK: Final = 1 << 20
_MAGIC: Final = {
    b"\x1f\x8b": "it is compressed with gzip; decompress it first, for example: zcat FILE | store-credit issue plan -",
    b"PK\x03\x04": "it is an Excel workbook or a zip archive; save it as CSV UTF-8",
    b"\xd0\xcf\x11\xe0": "it is an old Excel workbook; save it as CSV UTF-8",
    b"\xff\xfe": "it is UTF-16; save it as UTF-8",
    b"\xfe\xff": "it is UTF-16; save it as UTF-8",
}
"""How files begin that are often given in the place of CSV."""


class SourceFile(Protocol):
    """A file of one format."""

    @property
    def described(self) -> str:
        """What was found out about it, for people."""
        ...

    def rows(self, report: Report) -> Iterator[SourceRows]:
        """Go through the rows, many at a time; what is wrong, or why the rest cannot be read, goes to `report`."""
        ...


@attrs.frozen(slots=True)
class Source:
    """A file that was opened.

    Attributes:
        name: As it was given; `standard input` for `-`.
        sha256: Of its bytes.
        file: Its rows.
    """

    name: str
    sha256: str
    file: SourceFile


@contextmanager
def opened_source(given: str, columns: Columns, *, delimiter: str | None = None) -> Generator[Source]:
    """Open a file, or standard input for `-`; what is not a regular file is copied to a temporary one first.

    Args:
        given: Its path.
        columns: Which columns there may be.
        delimiter: That of CSV, or None to find it out.

    Raises:
        JobsError: `file_missing`, it cannot be opened; `file_changed`, it was written to while it was read;
            `extra_missing`, a Parquet file without DuckDB.
        StoppedError: Its beginning cannot be read.
    """
    name = "standard input" if given == "-" else given
    try:
        with _regular(given) as (file, path):
            before = _stamp(file)
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            file.seek(0)
            beginning = file.read(4)
            file.seek(0)
            yield Source(name, sha256, _of_format(file, path, name, columns, beginning, delimiter))
            if _stamp(file) != before:
                raise JobsError(
                    "file_changed", f"{name} was changed while it was being read; plan it again. Nothing was sent"
                )
    except OSError as error:
        # Not what the caller met while it had the file.
        if error.filename is None or os.fsdecode(error.filename) != given:
            raise
        raise JobsError("file_missing", f"{name} cannot be read: {error.strerror}") from None


def _stamp(file: BinaryIO) -> tuple[int, int]:
    found = os.fstat(file.fileno())
    return found.st_size, found.st_mtime_ns


@contextmanager
def _regular(given: str) -> Generator[tuple[BufferedReader, Path]]:
    if given != "-":
        with Path(given).open("rb") as file:
            if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                yield file, Path(given)
                return
            with _copy(file) as (copy, path):
                yield copy, path
        return
    with _copy(sys.stdin.buffer) as (copy, path):
        yield copy, path


@contextmanager
def _copy(stream: BinaryIO) -> Generator[tuple[BufferedReader, Path]]:
    with ExitStack() as stack:
        with room_needed():
            copy = stack.enter_context(tempfile.NamedTemporaryFile(prefix="store-credit-"))
            while chunk := stream.read(_CHUNK):
                copy.write(chunk)
            copy.flush()
        with Path(copy.name).open("rb") as file:
            yield file, Path(copy.name)


def _of_format(
    file: BinaryIO, path: Path, name: str, columns: Columns, beginning: bytes, delimiter: str | None
) -> SourceFile:
    for magic, said in _MAGIC.items():
        if beginning.startswith(magic):
            raise StoppedError("file_format", said)
    if beginning == b"PAR1":
        from store_credit_jobs.planning.reading.parquet_file import ParquetFile

        return ParquetFile(path, name, columns)
    # No column is called like this: it is an object, or an array, which is told there what to be.
    if beginning.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"["):
        from store_credit_jobs.planning.reading.jsonl_file import JsonLinesFile

        return JsonLinesFile(file, name, columns)
    from store_credit_jobs.planning.reading.csv_file import CsvFile

    return CsvFile(file, name, columns, delimiter)
