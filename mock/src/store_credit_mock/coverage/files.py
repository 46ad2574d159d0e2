"""Coverage kept in a file."""

from __future__ import annotations

import os
from pathlib import Path

import orjson

from store_credit_mock.contract import Contract
from store_credit_mock.coverage.coverage import Coverage, CoverageError
from store_credit_mock.recording import SUFFIX, RecordingError, documents, read_exchanges

__all__ = ["read", "write", "write_text"]


def read(contract: Contract, path: Path) -> Coverage:
    """Read a file that `write` wrote, or count what the journal of a served mock (`.jsonl`) shows.

    Raises:
        CoverageError: It cannot be read, is not a coverage file, or was counted against another document.
    """
    if path.suffix.lower() == SUFFIX:
        return _counted(contract, path)
    try:
        value = orjson.loads(path.read_bytes())
    except OSError as error:
        raise CoverageError(f"{path}: cannot be read: {error.strerror}") from error
    except orjson.JSONDecodeError as error:
        raise CoverageError(f"{path} is not valid JSON: {error}") from error
    return Coverage.from_json(contract, value, str(path))


def _counted(contract: Contract, path: Path) -> Coverage:
    coverage = Coverage(contract)
    try:
        if others := documents(path) - {contract.document.version}:
            raise CoverageError(
                f"{path} was validated against version {', '.join(sorted(others))} of the document, but the current"
                f" version is {contract.document.version}; start a new journal"
            )
        for exchange in read_exchanges(path):
            coverage.add(exchange)
    except RecordingError as error:
        raise CoverageError(str(error)) from error
    return coverage


def write(coverage: Coverage, path: Path) -> None:
    """Write coverage as JSON, whole or not at all.

    Raises:
        CoverageError: The file cannot be written.
    """
    write_text(path, orjson.dumps(coverage.to_json(), option=orjson.OPT_INDENT_2) + b"\n")


def write_text(path: Path, text: bytes) -> None:
    """Write a file, whole or not at all: what stood there stays until the new one is complete.

    Raises:
        CoverageError: It cannot be written.
    """
    scratch = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        try:
            scratch.write_bytes(text)
            scratch.replace(path)
        finally:
            scratch.unlink(missing_ok=True)
    except OSError as error:
        raise CoverageError(f"{path}: cannot be written: {error.strerror}") from error
